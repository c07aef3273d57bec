"""From the raw table to a snapshot's rows: who is a person, of which family, where, with which complaints."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from operator import add
from pathlib import Path
from typing import Final

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from data import engine
from data.access import LONG_NUMBER, SHOWN_DIGITS
from data.definitions.catalogue import FIELDS, PROBLEMS, REGISTERS
from data.definitions.problems import Severity
from data.intake import check
from data.intake.areas import AREA_FIELDS, Areas, described
from data.intake.clean import Cleaned, Complaint, named, number_of, seen, view
from data.intake.read import Loaded
from data.intake.recognise import Recognition
from data.places import reference
from data.places.reference import LEVELS
from data.snapshots import Counts
from data.wording import Value

FIRST_ROWS: Final = 5
EXAMPLES: Final = 3
MOST_PICKED: Final = 50_000
ABOVE_CARDS: Final = 10**17


@dataclass(frozen=True)
class Reported:
    """One line of the report: a complaint, how many rows it concerns, the first of them, what its message names."""

    code: str
    severity: Severity
    rows: int
    column: str = ""
    first_rows: tuple[int, ...] = ()
    values: Mapping[str, Value] = field(default_factory=dict)


class Rows:
    """The table that becomes the snapshot's rows: cleaned, placed, grouped by family, with the complaints as bits.

    `total` is the number of rows of `raw`, blank ones included.
    """

    def __init__(
        self,
        backend: Backend,
        raw: ir.Table,
        total: int,
        recognition: Recognition,
        cleaned: Cleaned,
        areas: Areas,
        period: date,
        loaded: Loaded,
    ) -> None:
        self._backend, self._raw, self._recognition = backend, raw, recognition
        self._cleaned, self._areas, self._period, self._pick = cleaned, areas, period, loaded.pick
        self._register = REGISTERS[recognition.register]
        self.extras = self._extra_columns()
        self._people = view(self._backend, "people", self._everything())
        self._persons = view(self._backend, "persons", self._narrow())
        suspects = self._kept("suspects", check.suspects(cleaned.cells, recognition))
        self._shared = self._kept("shared", check.shared(raw, recognition))
        alike = self._kept("alike", check.alike(raw, recognition, self._shared))
        # All cells of these rows are looked at, and of the others none.
        few = self._picked("few", suspects.union(alike))
        told = check.told(seen(few.semi_join(suspects, "rid"), cleaned.hidden), recognition)
        self._out = self._kept("left_out", check.left_out(self._kept("told", told)))
        repeated = check.repeated(few.semi_join(alike, "rid"), recognition).anti_join(self._out, "file_row")
        self._repeated = self._kept("repeated", repeated)
        out = self._out
        blanks, self.furniture, self.rejected = self._numbers(
            out.aggregate(a=out.blank.sum(), b=(out.furniture & ~out.blank).sum(), c=(~out.furniture).sum())
        )
        self.read = total - blanks - self.furniture
        self.accepted = self.read - self.rejected
        self._later = self._complaints_of_the_whole()
        self.complaints: list[Complaint] = [*cleaned.complaints, *self._later]

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that the stored rows have: those of the file, and what follows from them."""
        known = [column.field for column in self._recognition.known]
        derived = [key for key in self._cleaned.values if key in FIELDS and key not in known]
        return (*known, *derived)

    def heading(self, complaint: Complaint) -> str:
        return check.heading_of(self._recognition, complaint.column)

    def write(self, path: Path) -> None:
        """Writes the accepted rows, sorted by kelurahan, then the family head's name, then the place in the family."""
        table = self._with_units(self._with_families(view(self._backend, "placed", self._placed())))
        if self._one_row_each and "nik" in table.columns:
            twice = self._kept("twice", self._duplicates())
            table = table.left_join(twice, table.nik_number == twice.twice)
            table = table.mutate(nik_twice=table.twice.notnull() & table.counted)
        bits = _bits(enumerate((c.condition.resolve(table) for c in self._later), start=len(self._cleaned.complaints)))
        order = [table.kelurahan_code.asc(nulls_first=False), table.family_no, table.place_in_family, table.file_row]
        table = table.mutate(problem_bits=table.own_bits | bits).order_by(order)
        table = table.drop(
            "own_bits", "unplaced", "outside", "corrected", *({"nik_twice", "twice", "nik_number"} & set(table.columns))
        )
        # What is an ENUM here is text in the file: it is sorted and written in a fraction of the time.
        with engine.storing():
            self._backend.con.execute(
                f"COPY ({self._backend.compile(table)}) TO '{engine.quoted(path)}'"
                f" (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)"
            )

    def reported(self, rows: Path) -> list[Reported]:
        """What the rows' bits say, with the first rows of each complaint and what its message names."""
        found = self._backend.con.execute(
            f"SELECT problem_bits, count(*), min(file_row, {FIRST_ROWS}) FROM read_parquet($path) GROUP BY ALL",
            {"path": engine.at(rows)},
        ).fetchall()
        lines = []
        for bit, complaint in enumerate(self.complaints):
            concerned = [(count, first) for bits, count, first in found if bits >> bit & 1]
            if concerned:
                first_rows = sorted(number for _, numbers in concerned for number in numbers)[:FIRST_ROWS]
                count = sum(count for count, _ in concerned)
                lines.append(self._line(complaint.code, count, self.heading(complaint), first_rows))
        for code, count, which in (
            ("no_name_no_identifier", self.rejected, "NOT furniture"),
            ("rows_left_out", self.furniture, "furniture AND NOT blank"),
        ):
            if count:
                (numbers,) = self._backend.con.execute(
                    f"SELECT min(file_row, {FIRST_ROWS}) FROM left_out WHERE {which}"
                ).fetchall()[0]
                lines.append(self._line(code, count, "", numbers))
        return sorted(lines, key=lambda line: (line.severity != "rejected", -line.rows))

    def _line(self, code: str, rows: int, column: str, first_rows: Sequence[int]) -> Reported:
        values: dict[str, Value] = {}
        if code == "nik_duplicated":
            (values["niks"],) = self._numbers(self._backend.table("twice").aggregate(rows=ibis._.count()))
        elif code == "update_after_period":
            values["period"] = self._period
        elif code == "outside_place":
            values["place"] = f"{reference.place(self._areas.place).name} ({self._areas.place})"
        elif code == "kelurahan_corrected":
            spelt = [area for area in self._areas.found if area.corrected]
            common = sorted(spelt, key=lambda area: -area.rows)[:EXAMPLES]
            values["examples"] = "; ".join(described(area) for area in common)
        return Reported(code, PROBLEMS[code].severity, rows, column, tuple(first_rows), values)

    def write_problems(self, rows: Path, path: Path) -> None:
        """A row for every complaint about a row: file_row, kelurahan_code, code, heading, value (identifiers
        masked).
        """
        cells = {f"c{c.column}" for c in self.complaints if c.column is not None}
        told = ", ".join(["f.file_row", "f.kelurahan_code", "f.problem_bits", *sorted(cells)])
        flagged = (
            f"SELECT {told} FROM read_parquet('{engine.quoted(rows)}') f JOIN raw USING (file_row)"
            f" WHERE f.problem_bits <> 0"
        )
        selects = [
            f"SELECT file_row, kelurahan_code, '{c.code}' AS code, {_text(self.heading(c))} AS heading,"
            f" {self._shown(c.column)} AS value FROM flagged WHERE problem_bits & {1 << bit} <> 0"
            for bit, c in enumerate(self.complaints)
        ]
        reason = "if(furniture, 'rows_left_out', 'no_name_no_identifier')"
        selects.append(f"SELECT file_row, NULL, {reason}, '', NULL FROM left_out WHERE NOT blank")
        with engine.storing():
            self._backend.con.execute(
                f"COPY (WITH flagged AS MATERIALIZED ({flagged}) {' UNION ALL '.join(selects)} ORDER BY file_row, code)"
                f" TO '{engine.quoted(path)}' (FORMAT parquet, COMPRESSION zstd)"
            )

    def _shown(self, index: int | None) -> str:
        """The value as the file has it; of an identifier only the first digits."""
        if index is None:
            return "NULL"
        field = next((column.field for column in self._recognition.columns if column.index == index), "")
        masked = f"left(c{index}, {SHOWN_DIGITS}) || repeat('*', greatest(length(c{index}) - {SHOWN_DIGITS}, 0))"
        # Columns slip: a NIK may stand under any heading.
        text = "regexp_replace(c{}, '{}', '{}', 'g')".format(index, *LONG_NUMBER)
        return masked if not field or FIELDS[field].sensitivity == "identifier" else text

    def counts(self, rows: Path) -> Counts:
        """What the manifest says of the rows."""
        dated = "updated_on" in self._cleaned.values
        unplaced, persons, families, undated = self._backend.con.execute(
            f"""SELECT count(*) FILTER (counted AND kelurahan_code IS NULL), count(*) FILTER (counted),
                count(DISTINCT family_no) FILTER (counted),
                {"count(*) FILTER (counted AND updated_on IS NULL)" if dated else "0"} FROM read_parquet($path)""",
            {"path": engine.at(rows)},
        ).fetchall()[0]
        (repeated,) = self._numbers(self._repeated.aggregate(rows=ibis._.count()))
        return Counts(
            self.read, self.accepted, self.rejected, unplaced, repeated, self.furniture, persons, families, undated
        )

    # How the table is put together

    def _complaints_of_the_whole(self) -> list[Complaint]:
        """Complaints that need more than the row itself; their conditions speak of the finished table."""
        nik, kelurahan, kabkota = (self._index(field) for field in ("nik", "kelurahan", "kabkota"))
        return [
            *([Complaint("nik_duplicated", nik, ibis._.nik_twice)] if nik is not None and self._one_row_each else []),
            Complaint("kelurahan_unknown", kelurahan, ibis._.unplaced & ~ibis._.outside),
            Complaint("outside_place", kabkota, ibis._.outside),
            Complaint("kelurahan_corrected", kelurahan, ibis._.corrected),
            Complaint("row_repeated", None, ~ibis._.counted),
        ]

    def _narrow(self) -> ir.Table:
        """What families and repeated NIK are found by, as a view: a step has only those columns cleaned it asks for."""
        values = self._cleaned.values
        table = self._cleaned.table if "updated_on" in values else self._cleaned.cells
        asked = {key: values[key] for key in ("name", "updated_on") if key in values}
        return table.select("file_row", **asked, **self._nik_number(table), **self._family(table))

    def _nik_number(self, table: ir.Table) -> dict[str, ir.Value]:
        column = self._recognition.column("nik")
        return {"nik_number": number_of(table, column)} if column else {}

    def _everything(self) -> ir.Table:
        """Every row with its values, its complaints, what its area is called and the key of its family, as a view."""
        table, elsewhere = self._cleaned.table, {*AREA_FIELDS, "place_in_family"}
        return table.select(
            "file_row",
            **{key: value for key, value in self._cleaned.values.items() if key not in elsewhere},
            **{f"a{position}": table[f"c{index}"].fill_null("") for position, index in enumerate(self._areas.columns)},
            **self.extras,
            **self._nik_number(table),
            **self._family(table),
            own_bits=_bits(enumerate(complaint.condition for complaint in self._cleaned.complaints)),
        )

    def _family(self, table: ir.Table) -> dict[str, ir.Value]:
        """The family's key, a number: its card's, else one made of its number in the register, else the row's."""
        values, card = self._cleaned.values, self._recognition.column("kk")
        keys: list[ir.Value] = [number_of(table, card)] if card else []
        if "family_register_id" in values:
            own = values["family_register_id"]
            # A hash is negative here and a card's number is not; a row's number is above all cards'.
            keys.append(ibis.ifelse(own.notnull(), -own.hash().abs() - 1, ibis.null("int64")))
        return {
            "family": ibis.coalesce(*keys, table.file_row + ABOVE_CARDS),
            "place_in_family": values.get("place_in_family", ibis.literal(3, "int8")),
        }

    def _placed(self) -> ir.Table:
        """Every accepted row with its values and its area."""
        table = self._people.anti_join(self._out, "file_row")
        areas = self._places()
        written = [f"a{position}" for position in range(len(self._areas.columns))]
        table = table.inner_join(areas, written) if written else table.cross_join(areas)
        return self._with_counted(table).drop(*written)

    def _places(self) -> ir.Table:
        """The areas by their spellings. Codes are an ENUM in their own order, which sorts faster than text."""
        con, codes = self._backend.con, [f"{level}_code" for level in LEVELS]
        con.register("spellings", self._areas.table())
        every = " UNION ".join(f"SELECT {code} AS code FROM spellings" for code in codes)
        con.execute(f"CREATE TYPE place_code AS ENUM (SELECT code FROM ({every}) WHERE code IS NOT NULL ORDER BY code)")
        typed = ", ".join(f"{code}::place_code AS {code}" for code in codes)
        con.execute(f"CREATE OR REPLACE TEMP TABLE areas AS SELECT * REPLACE ({typed}) FROM spellings")
        return self._backend.table("areas")

    def _with_counted(self, table: ir.Table) -> ir.Table:
        """Adds `counted`: false for a row that repeats another one. Every event counts, even two that read the same."""
        if self._register.grain == "event":
            return table.mutate(counted=ibis.literal(True))
        repeated = self._repeated.select(repeated_row="file_row")
        table = table.left_join(repeated, table.file_row == repeated.repeated_row)
        return table.mutate(counted=table.repeated_row.isnull()).drop("repeated_row")

    def _with_families(self, placed: ir.Table) -> ir.Table:
        """Adds the family's number in the order of names, its head, size and newest update up to the data's date."""
        people = self._with_counted(self._persons.anti_join(self._out, "file_row"))
        first = people.place_in_family.cast("int64") * 10**10 + people.file_row
        dated, named = "updated_on" in people.columns, "name" in people.columns
        families = people.group_by("family").aggregate(
            family_size=people.counted.sum().cast("int32"),
            family_head=people.name.argmin(first) if named else ibis.null("string"),
            **({"family_updated_on": people.updated_on.max(where=people.updated_on <= self._period)} if dated else {}),
        )
        by_name = ibis.row_number().over(order_by=[families.family_head.asc(nulls_first=False), families.family])
        numbered = self._kept("families", families.mutate(family_no=by_name))
        return placed.inner_join(numbered, "family").drop("family")

    @property
    def _one_row_each(self) -> bool:
        """Whether a NIK should stand in one row only: not where a child is measured, or somebody helped, repeatedly."""
        return self._recognition.grain in ("person", "family") and not self._register.category

    def _with_units(self, table: ir.Table) -> ir.Table:
        """Adds the number of what the register counts, and whether the row speaks for it (see `Register`)."""
        register, values = self._register, self._cleaned.values
        if not register.measures:
            return table
        families = self._recognition.grain == "family" and register.grain != "family"
        keys = (("kk",), ("family_register_id",)) if families else register.identity
        known = [[key for key in fields if key in values] for fields in keys]
        found = [
            reduce(add, (table[key].cast("string").upper() + "\x1f" for key in fields), ibis.literal(f"{number}\x1f"))
            for number, fields in enumerate(known)
            if fields
        ]
        own = ibis.literal("row\x1f") + table.file_row.cast("string")
        # Half of the hash's range fits a BIGINT; two of a million units share a number once in ten million files.
        table = table.mutate(unit_no=ibis.coalesce(*found, own).hash().abs())
        if not register.newest_by:
            return table
        said = table[register.speaks].notnull() if register.speaks in values else ibis.literal(False)
        day = table[register.newest_by] if register.newest_by in values else ibis.null("date")
        order = [table.counted.desc(), said.desc(), day.desc(nulls_first=False), table.file_row.desc()]
        first = ibis.row_number().over(group_by=table.unit_no, order_by=order) == 0
        return table.mutate(newest=first & said & table.counted)

    def _duplicates(self) -> ir.Table:
        """NIK that stand in several rows which do not repeat each other."""
        people = self._persons.semi_join(self._shared, self._persons.nik_number == self._shared.number)
        people = people.anti_join(self._out, "file_row").anti_join(self._repeated, "file_row")
        numbered = people.group_by(twice=people.nik_number)
        return numbered.aggregate(rows=ibis._.count()).filter(ibis._.rows > 1).select("twice")

    def _extra_columns(self) -> dict[str, ir.StringValue]:
        """Columns without a field under the name they are stored by; nameless ones only where something stands in
        them.
        """
        unknown = {f"c{c.index}": c.heading for c in self._recognition.unknown} | {"beyond": ""}
        nameless = {key: (self._raw[key].strip() != "").any() for key, heading in unknown.items() if not heading}
        (filled,) = self._raw.aggregate(**nameless).to_pyarrow().to_pylist()
        extras: dict[str, ir.StringValue] = {}
        for position, (key, heading) in enumerate(unknown.items(), start=1):
            if heading or filled[key]:
                name = f"+{heading or f'Kolom {position}'}"
                while name.lower() in {taken.lower() for taken in extras}:
                    name += "'"
                extras[name] = self._cleaned.cells[key].nullif("")
        return extras

    def _index(self, field: str) -> int | None:
        column = self._recognition.column(field)
        return column.index if column else None

    def _picked(self, name: str, wanted: ir.Table) -> ir.Table:
        """The raw table's rows with some `rid`, all their cells at hand."""
        if self._pick:
            numbers = wanted.to_pyarrow()["rid"]
            if len(numbers) <= MOST_PICKED:  # More are for the engine, which may lay them aside on disk.
                self._pick(name, numbers.to_numpy())
                return named(self._backend, name, self._raw)
        return self._kept(name, self._raw.semi_join(wanted, "rid"))

    def _kept(self, name: str, table: ir.Table) -> ir.Table:
        self._backend.con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {self._backend.compile(table)}")
        return named(self._backend, name, table)

    def _numbers(self, table: ir.Table) -> list[int]:
        (row,) = table.to_pyarrow().to_pylist()
        return [int(value or 0) for value in row.values()]


def _bits(conditions: Iterable[tuple[int, ir.BooleanValue]]) -> ir.IntegerValue:
    """One number with a bit for every condition that holds."""
    bits: ir.IntegerValue = ibis.literal(0, "int64")
    for bit, condition in conditions:
        bits = bits + ibis.ifelse(condition, ibis.literal(1 << bit, "int64"), ibis.literal(0, "int64"))
    return bits


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
