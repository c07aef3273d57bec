"""From the raw table to a snapshot's rows: who is a person, of which family, where, with which complaints."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from data import engine
from data.access import LONG_NUMBER, SHOWN_DIGITS
from data.definitions.fields import FIELDS
from data.definitions.problems import PROBLEMS, Severity
from data.intake import check
from data.intake.areas import AREA_FIELDS, Areas, described
from data.intake.clean import Cleaned, Complaint
from data.intake.recognise import Recognition
from data.places import reference
from data.snapshots import Counts
from data.wording import Value

FIRST_ROWS: Final = 5
EXAMPLES: Final = 3


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
    """The table that becomes the snapshot's rows: cleaned, placed, grouped by family, with the complaints as bits."""

    def __init__(
        self, backend: Backend, raw: ir.Table, recognition: Recognition, cleaned: Cleaned, areas: Areas, period: date
    ) -> None:
        self._backend, self._raw, self._recognition = backend, raw, recognition
        self._cleaned, self._areas, self._period = cleaned, areas, period
        self._people = self._kept("people", self._known())
        self._out = self._kept("left_out", check.left_out(raw, self._people, recognition))
        alike = self._kept("alike", check.alike(self._people))
        repeated = check.repeated(raw.semi_join(alike, "rid"), recognition).anti_join(self._out, "file_row")
        self._repeated = self._kept("repeated", repeated)
        (total,) = self._numbers(raw.aggregate(rows=ibis._.count()))
        out = self._out
        blanks, self.furniture, self.rejected = self._numbers(
            out.aggregate(a=out.blank.sum(), b=(out.furniture & ~out.blank).sum(), c=(~out.furniture).sum())
        )
        self.read = total - blanks - self.furniture
        self.accepted = self.read - self.rejected
        self.extras = self._extra_columns()
        self._later = self._complaints_of_the_whole()
        self.complaints: list[Complaint] = [*cleaned.complaints, *self._later]

    def heading(self, complaint: Complaint) -> str:
        return check.heading_of(self._recognition, complaint.column)

    def write(self, path: Path) -> None:
        """Writes the accepted rows, sorted by kelurahan, then the family head's name, then the place in the family."""
        table = self._with_families(self._view("placed", self._placed()))
        if "nik" in table.columns:
            twice = self._kept("twice", self._duplicates())
            table = table.left_join(twice, table.nik == twice.twice)
            table = table.mutate(nik_twice=table.twice.notnull() & table.counted)
        bits = _bits(enumerate((c.condition.resolve(table) for c in self._later), start=len(self._cleaned.complaints)))
        order = [table.kelurahan_code.asc(nulls_first=False), table.family_no, table.place_in_family, table.file_row]
        table = table.mutate(problem_bits=table.own_bits | bits).order_by(order)
        table = table.drop(
            "own_bits", "unplaced", "outside", "corrected", *({"nik_twice", "twice"} & set(table.columns))
        )
        self._backend.con.execute(
            f"COPY ({self._backend.compile(table)}) TO '{engine.quoted(path)}'"
            f" (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)"
        )

    def reported(self, rows: Path) -> list[Reported]:
        """What the rows' bits say, with the first rows of each complaint and what its message names."""
        found = self._backend.con.execute(
            f"SELECT problem_bits, count(*), min(file_row, {FIRST_ROWS}) FROM read_parquet($path) GROUP BY ALL",
            {"path": str(rows)},
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
        columns = "file_row, kelurahan_code, problem_bits"
        flagged = f"(SELECT {columns} FROM read_parquet('{engine.quoted(rows)}') WHERE problem_bits <> 0)"
        selects = [
            f"SELECT f.file_row, f.kelurahan_code, '{c.code}' AS code, {_text(self.heading(c))} AS heading,"
            f" {self._shown(c.column)} AS value FROM flagged f JOIN raw USING (file_row)"
            f" WHERE f.problem_bits & {1 << bit} <> 0"
            for bit, c in enumerate(self.complaints)
        ]
        reason = "if(furniture, 'rows_left_out', 'no_name_no_identifier')"
        selects.append(f"SELECT file_row, NULL, {reason}, '', NULL FROM left_out WHERE NOT blank")
        self._backend.con.execute(
            f"COPY (WITH flagged AS MATERIALIZED {flagged} {' UNION ALL '.join(selects)} ORDER BY file_row, code)"
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
            {"path": str(rows)},
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
            *([Complaint("nik_duplicated", nik, ibis._.nik_twice)] if nik is not None else []),
            Complaint("kelurahan_unknown", kelurahan, ibis._.unplaced & ~ibis._.outside),
            Complaint("outside_place", kabkota, ibis._.outside),
            Complaint("kelurahan_corrected", kelurahan, ibis._.corrected),
            Complaint("row_repeated", None, ~ibis._.counted),
        ]

    def _known(self) -> ir.Table:
        """What every later step asks of a row, looked at once: values but for plain text, complaints, family key."""
        table, values, relation = self._cleaned.table, self._cleaned.values, self._index("relation")
        marked = (("k", "kk"), ("f", "family_register_id"))
        keys = [ibis.literal(mark) + values[key] for mark, key in marked if key in values]
        return table.select(
            "rid",
            "file_row",
            **values,
            family=ibis.coalesce(*keys, ibis.literal("r") + table.file_row.cast("string")),
            place_in_family=_place_in_family(table[f"c{relation}"] if relation is not None else ibis.literal("")),
            own_bits=_bits(enumerate(complaint.condition for complaint in self._cleaned.complaints)),
            print=check.likeness(table, self._recognition),
        )

    def _placed(self) -> ir.Table:
        """Every accepted row with its values and its area."""
        raw, people = self._raw, self._people.drop("file_row", "print")
        written = {f"a{position}": raw[f"c{index}"].fill_null("") for position, index in enumerate(self._areas.columns)}
        plain = {key: text for key, text in self._cleaned.plain.items() if key not in AREA_FIELDS}
        table = raw.select("rid", "file_row", **plain, **written, **self.extras).inner_join(people, "rid")
        table = table.anti_join(self._out, "file_row")
        self._backend.con.register("areas", self._areas.table())
        areas = self._backend.table("areas")
        table = table.inner_join(areas, list(written)) if written else table.cross_join(areas)
        return self._with_counted(table).drop("rid", *written)

    def _with_counted(self, table: ir.Table) -> ir.Table:
        """Adds `counted`: false for a row that repeats another one."""
        repeated = self._repeated.select(repeated_row="file_row")
        table = table.left_join(repeated, table.file_row == repeated.repeated_row)
        return table.mutate(counted=table.repeated_row.isnull()).drop("repeated_row")

    def _with_families(self, placed: ir.Table) -> ir.Table:
        """Adds the family's number in the order of names, its head, size and newest update up to the data's date."""
        people = self._with_counted(self._people.anti_join(self._out, "file_row"))
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

    def _duplicates(self) -> ir.Table:
        """NIK that stand in several rows which do not repeat each other."""
        people = self._people.anti_join(self._out, "file_row").anti_join(self._repeated, "file_row")
        numbered = people.filter(people.nik.notnull()).group_by(twice=people.nik)
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
                extras[name] = self._raw[key].nullif("")
        return extras

    def _index(self, field: str) -> int | None:
        column = self._recognition.column(field)
        return column.index if column else None

    def _kept(self, name: str, table: ir.Table) -> ir.Table:
        self._backend.con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {self._backend.compile(table)}")
        return self._backend.table(name)

    def _view(self, name: str, table: ir.Table) -> ir.Table:
        """The same table by a name, so that what builds on it need not be compiled with it again."""
        self._backend.con.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {self._backend.compile(table)}")
        return self._backend.table(name)

    def _numbers(self, table: ir.Table) -> list[int]:
        (row,) = table.to_pyarrow().to_pylist()
        return [int(value or 0) for value in row.values()]


def _bits(conditions: Iterable[tuple[int, ir.BooleanValue]]) -> ir.IntegerValue:
    """One number with a bit for every condition that holds."""
    bits: ir.IntegerValue = ibis.literal(0, "int64")
    for bit, condition in conditions:
        bits = bits + ibis.ifelse(condition, ibis.literal(1 << bit, "int64"), ibis.literal(0, "int64"))
    return bits


def _place_in_family(relation: ir.StringValue) -> ir.IntegerValue:
    """0 head, 1 spouse, 2 child, 3 anybody else: the order in which a family is listed."""
    word = relation.fill_null("").strip().upper()
    return ibis.cases(
        (word.contains("KEPALA") | word.isin(["KK", "KRT", "1"]), 0),
        (word.contains("ISTRI") | word.contains("SUAMI") | (word == "2"), 1),
        (word.contains("ANAK") | (word == "3"), 2),
        else_=3,
    ).cast("int8")


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
