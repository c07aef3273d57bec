"""Tables of figures by area: any order of columns, tidy or wide, becomes one row a figure.

Few-valued columns (areas, dates, categories) are looked at value by value, the rows themselves stay in the engine.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis.backends.duckdb import Backend

from data.area import within
from data.definitions.catalogue import REGISTERS
from data.definitions.fields import SEVERAL
from data.definitions.registers import Check, Register
from data.intake.areas import CodeReader, at_level, code_reader, covered, home_of
from data.intake.clean import FileComplaint
from data.intake.figure_columns import MOSTLY, NO_NUMBER, TOTAL, WHOLE_COUNTRY, Column, Look, look_at, roles_of
from data.intake.figure_measures import (
    Figured,
    by_word,
    feeds,
    naming_column,
    register_of,
    sources_of,
    unit_in,
    word_of,
)
from data.intake.figure_titles import About, period_in, period_text
from data.intake.figures import (
    ADDED_UP,
    COUNTED,
    ColumnFound,
    Figures,
    Heading,
    MeasureFound,
    NotFigures,
    Role,
)
from data.intake.values import Notation, number, whole
from data.places.codes import NO_PAIRS, Pairs, digits, dotted
from data.places.reference import LEVELS, Level, codes, find, level_of, searchable
from data.places.resolver import Resolution, Resolver
from data.snapshots import Counts
from data.wording import N_

MOST_SPELLINGS: Final = 100_000
SAVED_DAY: Final = N_("the day the file was saved")


def read_figures(
    backend: Backend,
    raw: ir.Table,
    columns: Sequence[Heading],
    title: str,
    file_name: str,
    told_register: str = "",
    told_place: str = "",
    told_period: date | None = None,
    *,
    saved_on: date | None = None,
    pairs: Pairs = NO_PAIRS,
) -> Figures | NotFigures:
    """Reads the table `raw` (see `read.Sheet.load`) as figures by area.

    `title` is the text above the headings. What the user told comes before what title and file name say, never before
    what stands in the rows or headings. `saved_on` is the day to assume where nothing says a date.
    """
    looks = look_at(raw, columns)
    roles = roles_of(raw, columns, looks)
    if not any(one.role in ("area", "code") for one in roles.values()):
        return NotFigures("figures_without_areas")
    about = About(title, re.sub(r"(\.[A-Za-z]{2,7})+$", "", file_name), told_place)
    key = told_register or register_of((one.heading for one in roles.values() if one.role == "figure"), about.text)
    register = REGISTERS[key]
    sources = sources_of(register, roles, looks, about)
    naming = naming_column(roles, looks, sources) if key == "rekap" else None
    if naming is not None:
        sources = by_word(sources[0], looks[naming].samples, about.subject)
    table_ = _Table(backend, raw, register, roles, looks, sources, about, pairs, naming)
    if not sources:
        return NotFigures("figures_without_numbers", learned=table_.taught())
    when = told_period or about.period
    if not when and not table_.dated and any(source.period is None for source in sources):
        headed = [source.period for source in sources if source.period]
        if not headed and not saved_on:
            return NotFigures("figures_without_period")
        assumed = max(headed) if headed or not saved_on else saved_on
        evidence = N_("the newest date in the headings") if headed else SAVED_DAY
        table_.notes.append(FileComplaint("period_assumed", {"period": assumed, "evidence": evidence}))
        when = assumed
    return table_.read(when)


@dataclass(frozen=True)
class _Spot:
    """What the texts of a row's areas mean. `level` is that of the area the figure is of, "" where it is none."""

    code: str
    level: str
    whole_file: bool = False

    @property
    def placed(self) -> bool:
        return bool(self.level)


class _Table:
    """Makes the table `figures` of the engine, step by step."""

    def __init__(
        self, backend: Backend, raw: ir.Table, register: Register, roles: Mapping[int, Column],
        looks: Mapping[int, Look], sources: tuple[Figured, ...], about: About, pairs: Pairs,
        naming: int | None = None,
    ) -> None:  # fmt: skip
        self._backend, self._raw, self._register = backend, raw, register
        self._roles, self._looks, self._sources, self._about, self._pairs = roles, looks, sources, about, pairs
        order = {level: depth for depth, level in enumerate(LEVELS)}
        self._areas = sorted(self._of("area"), key=lambda one: order[one.level or "kelurahan"])
        self._codes = self._of("code")
        self._periods, self._words, self._units = self._of("period"), self._of("category"), self._of("unit")[:1]
        self._naming = next((n for n, one in enumerate(self._words) if one.index == naming), None)
        self.notes: list[FileComplaint] = []
        self._learned: Mapping[str, str] = {}
        self._unplaced: list[str] = []

    @property
    def dated(self) -> bool:
        return bool(self._periods)

    def taught(self) -> Mapping[str, str]:
        """The BPS codes whose meaning the table tells."""
        self._body()
        self._spots()
        return self._learned

    def read(self, when: date | None) -> Figures | NotFigures:
        self._body()
        home = self._spots()
        if home is None:
            lost = [note for note in self.notes if note.code == "bps_codes_unknown"]
            return NotFigures("bps_codes_only", {"rows": lost[0].rows}) if lost else NotFigures("place_unknown")
        self._cells(when)
        self._numbers()
        covers = self._covers(home)
        self._judged(covers)
        periods = tuple(
            day for (day,) in self._ask("SELECT DISTINCT period FROM figures WHERE counted ORDER BY period DESC")
        )
        if not periods:
            return NotFigures("file_empty")
        measures = self._measures()
        return Figures(
            self._backend, self._register, home, covers, periods[0], periods, measures, self._columns(),
            feeds(measures, self._about.subject) if self._register.key == "rekap" else {},
            tuple(self.notes), self._learned, self._counts(), tuple(self._unplaced),
        )  # fmt: skip

    def _of(self, role: Role) -> list[Column]:
        return [one for one in self._roles.values() if one.role == role]

    def _ask(self, query: str) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = self._backend.con.execute(query).fetchall()
        return rows

    def _make(self, name: str, query: str) -> None:
        self._backend.con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {query}")

    def _body(self) -> None:
        """`figure_body`: rows with figures, merged cells filled from above, without headings and notes inside."""
        names = [f"c{one.index}" for one in self._areas]
        others = [f"c{i}" for i, one in self._roles.items() if one.role != "figure"]
        figures = [f"c{source.index}" for source in self._sources]
        total = TOTAL.pattern.removeprefix("(?i)")
        is_total = {name: f"coalesce(regexp_matches({name}, '(?i)^{total}'), false)" for name in others}
        anywhere = " OR ".join(is_total.values()) or "false"
        nameless = " AND ".join(f"nullif(trim({name}), '') IS NULL" for name in names) or "true"
        picked = ["rid", "file_row"]
        for depth, name in enumerate(names):
            below = [f"nullif(trim({deeper}), '') IS NOT NULL" for deeper in names[depth + 1 :]]
            above = f"last_value(CASE WHEN NOT {is_total[name]} THEN nullif(trim({name}), '') END IGNORE NULLS) OVER w"
            filled = f"CASE WHEN {' OR '.join(below)} THEN {above} END" if below else "NULL"
            picked.append(f"coalesce(nullif(trim({name}), ''), {filled}, '') AS a{depth}")
        for n, one in enumerate(self._codes):
            picked.append(f"coalesce(trim(c{one.index}), '') AS k{n}")
        for n, one in enumerate(self._periods):
            cell = f"nullif(trim(c{one.index}), '')"
            picked.append(f"coalesce({cell}, last_value({cell} IGNORE NULLS) OVER w, '') AS p{n}")
        for n, one in enumerate((*self._words, *self._units)):
            picked.append(f"coalesce(trim(c{one.index}), '') AS w{n}")
        picked.append(f"({nameless}) AND ({anywhere}) AS nameless_total")
        picked += dict.fromkeys(figures)
        some = " OR ".join(f"nullif(trim({name}), '') IS NOT NULL" for name in figures) or "true"
        numbered = " OR ".join(rf"regexp_full_match({name}, '\s*\(?[0-9]{{1,2}}\)?\s*')" for name in names) or "false"
        said_above = {f"c{one.index}": one.heading.split(" > ")[-1].strip().lower() for one in self._areas}
        headed = " OR ".join(f"lower(trim({name})) = {_quoted(text)}" for name, text in said_above.items()) or "false"
        self._make(
            "figure_wide",
            f"SELECT {', '.join(picked)}, ({some}) AS said, coalesce(({numbered}) OR ({headed}), false) AS furniture"
            f" FROM {self._raw.get_name()} WINDOW w AS (ORDER BY rid ROWS UNBOUNDED PRECEDING)",
        )
        self._make("figure_body", "SELECT * FROM figure_wide WHERE said AND NOT furniture")

    # Areas

    def _spots(self) -> str | None:
        """Reads every different writing of an area, and keeps what it means as the table `figure_spots`.

        Whose figures they are ("" = the country); None where no area could be read.
        """
        keys = [*(f"a{n}" for n in range(len(self._areas))), *(f"k{n}" for n in range(len(self._codes)))]
        found = self._ask(f"SELECT {', '.join([*keys, 'nameless_total'])}, count(*) FROM figure_body GROUP BY ALL")
        rows = [(tuple(row[:-2]), bool(row[-2]), int(row[-1])) for row in found]
        start = self._about.place
        if not start and not any(one.level in ("province", "kabkota") for one in self._areas) and not self._codes:
            start = self._elected(rows)
        spots, reader = self._resolved(rows, start)
        if start and not self._told_by_user and not any(spot.placed for spot in spots.values()):
            spots, reader = self._resolved(rows, "")
            start = ""
        pieces: dict[str, list[Any]] = {
            key: [] for key in [*keys, "nameless_total", "area_code", "level", "whole_file"]
        }
        for writing, bare, _ in rows:
            spot = spots[writing, bare]
            values = (*writing, bare, spot.code, spot.level, spot.whole_file)
            for key, value in zip(pieces, values, strict=True):
                pieces[key].append(value)
        codes_at = {f"{level}_code": [at_level(code, level) for code in pieces["area_code"]] for level in LEVELS}
        arrow = {key: pa.array(column, pa.bool_() if key in ("nameless_total", "whole_file") else pa.string())
                 for key, column in (pieces | codes_at).items()}  # fmt: skip
        self._backend.con.register("figure_spots_given", pa.table(arrow))
        self._make("figure_spots", "SELECT * FROM figure_spots_given")
        self._backend.con.unregister("figure_spots_given")
        lost = [(writing, spots[writing, bare], count) for writing, bare, count in rows]
        unplaced = [(writing, count) for writing, spot, count in lost if not spot.placed and not spot.whole_file]
        self._unplaced = [
            " / ".join(filter(None, writing)) or "–" for writing, _ in sorted(unplaced, key=lambda w: -w[1])
        ]
        texts = [self._texts(writing) for writing, _, _ in rows]
        unknown = sum(
            count for (writing, bare, count), text in zip(rows, texts, strict=True)
            if not spots[writing, bare].placed and reader.bps(text)
        )  # fmt: skip
        self.notes += reader.notes(unknown)
        self._learned = reader.told(
            (text, Resolution(spots[writing, bare].code, None, "exact", 100.0))
            for (writing, bare, _), text in zip(rows, texts, strict=True)
            if spots[writing, bare].placed and (any(writing[: len(self._areas)]) or len(self._codes) > 1)
        )
        weights = [(spots[writing, bare].code, count) for writing, bare, count in rows if spots[writing, bare].level]
        if not weights:
            return None
        home = start if self._told_by_user else home_of(_deepest(weights)) or (start if start else "")
        return home

    @property
    def _told_by_user(self) -> bool:
        return bool(self._about.told_place)

    def _texts(self, writing: Sequence[str]) -> dict[int, str]:
        given = writing[len(self._areas) :]
        return {one.index: text for one, text in zip(self._codes, given, strict=True)}

    def _elected(self, rows: Sequence[tuple[tuple[str, ...], bool, int]]) -> str:
        """The kab/kota in which nearly all the names of kecamatan or kelurahan are found, where one stands out."""
        anywhere, votes, asked = Resolver(), Counter[str](), 0
        for writing in {tuple(writing[: len(self._areas)]) for writing, bare, _ in rows if not bare}:
            texts = _named(self._areas, writing)
            if not texts:
                continue
            asked += 1
            votes.update({code[:5] for code in anywhere.resolve(**texts).candidates if len(code) >= 5})
        (best, most), (_, next_most) = (*votes.most_common(2), ("", 0), ("", 0))[:2]
        return best if asked and most >= MOSTLY * asked and most > 1.5 * next_most else ""

    def _resolved(
        self, rows: Sequence[tuple[tuple[str, ...], bool, int]], start: str
    ) -> tuple[dict[tuple[tuple[str, ...], bool], _Spot], CodeReader]:
        resolver = Resolver(start)
        apart = any(text.lower().startswith("kota ") for w, _, _ in rows for text in w[: len(self._areas)])
        named: dict[tuple[tuple[str, ...], bool], _Spot] = {}
        for writing, bare, _ in rows:
            spot = _spot(resolver, self._areas, writing[: len(self._areas)], "", start, apart)
            named[writing, bare] = _Spot("", "", whole_file=True) if bare else spot
        code_columns = [one.code for one in self._codes if one.code]
        if not code_columns:
            return named, code_reader((), (), self._pairs)
        beside = [(self._texts(writing), named[writing, bare].code) for writing, bare, _ in rows]
        reader = code_reader(code_columns, beside, self._pairs)
        spots: dict[tuple[tuple[str, ...], bool], _Spot] = {}
        for writing, bare, _ in rows:
            texts = self._texts(writing)
            code, level, names = reader.code(texts, exact=True), reader.level(texts), writing[: len(self._areas)]
            if bare and not code:
                spots[writing, bare] = _Spot("", "", whole_file=True)
            else:
                spots[writing, bare] = _spot(resolver, self._areas, names, code, start, apart, level)
        return spots, reader

    # Figures

    def _cells(self, when: date | None) -> None:
        """`figure_cells`: a row for every figure that is written, with its area, date and category."""
        spelled = self._mapped(
            "period", [f"p{n}" for n in range(len(self._periods))], lambda texts: _day(self._periods, texts)
        )
        categories = [
            self._mapped(f"word{n}", [f"w{n}"], lambda texts: word_of(texts[0]))
            for n in range(len(self._words))
            if n != self._naming
        ]
        unit = f"w{len(self._words)}" if self._units else "''"
        rows = {
            "source": range(len(self._sources)),
            "index": [f"c{source.index}" for source in self._sources],
            "heading": [source.heading for source in self._sources],
            "own_period": pa.array([source.period for source in self._sources], pa.date32()),
            "measure": [source.key for source in self._sources],
            "own_category": [source.category for source in self._sources],
            "own_unit": [source.unit for source in self._sources],
            "own_factor": pa.array([source.factor for source in self._sources], pa.float64()),
            "named": pa.array([source.named for source in self._sources], pa.string()),
        }
        self._backend.con.register("figure_sources_given", pa.table(rows))
        self._make("figure_sources", "SELECT * FROM figure_sources_given")
        self._backend.con.unregister("figure_sources_given")
        figures = list(dict.fromkeys(f"c{source.index}" for source in self._sources))
        keys = [
            *(f"a{n}" for n in range(len(self._areas))),
            *(f"k{n}" for n in range(len(self._codes))),
            "nameless_total",
        ]
        same = " AND ".join(f"b.{key} = s.{key}" for key in keys)
        joins = "".join(f" LEFT JOIN {name} ON {condition}" for name, condition in (spelled, *categories) if name)
        words = ", ".join(f"nullif({name}.meant, '')" for name, _ in categories)
        fallback = f"DATE '{when}'" if when else "NULL::DATE"
        day = f"coalesce(f.own_period, {'period.meant' if spelled[0] else fallback})"
        at = ", ".join(f"s.{level}_code" for level in LEVELS)
        named = f" AND f.named = trim(b.w{self._naming})" if self._naming is not None else ""
        self._make(
            "figure_cells",
            f"""WITH long AS (SELECT * FROM figure_body UNPIVOT (written FOR name IN ({", ".join(figures)})))
            SELECT b.rid, b.file_row, f.source, f.heading, b.written, {at}, s.area_code, s.level, s.whole_file,
                {day}::DATE AS period, f.measure, {unit} AS written_unit, f.own_unit, f.own_factor,
                concat_ws('{SEVERAL}', nullif(f.own_category, ''){", " + words if words else ""}) AS category
            FROM long b JOIN figure_sources f ON f.index = b.name{named}
                JOIN figure_spots s ON {same}{joins}
            WHERE NOT regexp_full_match(b.written, '{NO_NUMBER}')""",
        )

    def _mapped(self, name: str, columns: Sequence[str], meant: Any) -> tuple[str, str]:
        """Keeps what the different texts of few-valued columns mean as the table `name`; how to join it."""
        if not columns:
            return "", ""
        found = self._ask(f"SELECT DISTINCT {', '.join(columns)} FROM figure_body LIMIT {MOST_SPELLINGS}")
        kind = pa.date32() if name == "period" else pa.string()
        given = {f"t{n}": [row[n] for row in found] for n in range(len(columns))}
        table_ = pa.table({**given, "meant": pa.array([meant(row) for row in found], kind)})
        self._backend.con.register(f"{name}_given", table_)
        self._make(name, f"SELECT * FROM {name}_given")
        self._backend.con.unregister(f"{name}_given")
        return name, " AND ".join(f"b.{column} = {name}.t{n}" for n, column in enumerate(columns))

    def _numbers(self) -> None:
        """`figure_values`: the numbers, in their unit, with what is wrong with them."""
        cells = self._backend.table("figure_cells")
        units = [unit for (unit,) in self._ask("SELECT DISTINCT written_unit FROM figure_cells")]
        kept = {unit: unit_in("", unit) for unit in units if unit}
        told = {unit: found for unit, found in kept.items() if found[0] != "number" or found[1] != 1.0}
        unit = (
            ibis.cases(*((cells.written_unit == text, found[0]) for text, found in told.items()), else_=cells.own_unit)
            if told
            else cells.own_unit
        )
        factor = (
            ibis.cases(
                *((cells.written_unit == text, found[1]) for text, found in told.items()), else_=cells.own_factor
            )
            if told
            else cells.own_factor
        )
        # A rate stays what it is, whatever unit stands beside it.
        unit = ibis.ifelse(cells.own_unit == "rate", ibis.literal("rate"), unit)
        # A percentage names itself in every cell, or the heading does.
        readers: dict[Notation, list[int]] = {}
        for position, source in enumerate(self._sources):
            readers.setdefault(source.reading, []).append(position)
        counted = unit.isin(list(COUNTED)) & (factor == 1.0)
        branches: list[tuple[ir.BooleanValue, ir.FloatingValue]] = []
        for reading, sources in readers.items():
            mine = cells.source.isin(sources)
            branches += [
                (mine & counted, whole(cells.written, reading)[0].cast("double")),
                (mine, number(cells.written, reading)[0]),
            ]
        written = ibis.cases(*branches, else_=ibis.null("double"))
        value = ibis.ifelse(unit == "share", (written / 100).round(10), (written * factor).round(6))
        values = cells.mutate(value=value, unit=unit, factor=factor, unreadable=value.isnull())
        self._make("figure_values", self._backend.compile(values))

    def _covers(self, home: str) -> str:
        found = self._ask("SELECT area_code, count(DISTINCT rid) FROM figure_values WHERE level <> '' GROUP BY ALL")
        return self._about.told_place or covered(_deepest([(code, int(rows)) for code, rows in found]), home)

    def _judged(self, covers: str) -> None:
        """`figures`: every figure with what its register's rules say of it, and whether it counts."""
        added = ", ".join(map(_quoted, ADDED_UP))
        several = f"unit IN ({added})" if self._of("below") else "false"
        whole_code = _quoted(covers)
        whole_level = _quoted(level_of(covers)) if covers else "''"
        at = ", ".join(
            f"CASE WHEN whole_file THEN {_sql(at_level(covers, level))} ELSE {level}_code END AS {level}_code"
            for level in LEVELS
        )
        self._make(
            "figure_placed",
            f"""SELECT * REPLACE ({at}, CASE WHEN whole_file THEN {whole_code} ELSE area_code END AS area_code,
                CASE WHEN whole_file THEN {whole_level} ELSE level END AS level),
                level = '' AND NOT whole_file AS unplaced, period IS NULL AS undated,
            FROM figure_values""",
        )
        key = "PARTITION BY area_code, period, measure, category, usable"
        self._make(
            "figure_keyed",
            f"""SELECT *,
                usable AND NOT ({several}) AND min(value) OVER k IS DISTINCT FROM max(value) OVER k AS contradicted,
                usable AND NOT ({several}) AND min(value) OVER k = max(value) OVER k
                    AND row_number() OVER (k ORDER BY file_row, source) > 1 AS repeated
            FROM (SELECT *, value IS NOT NULL AND level <> '' AND period IS NOT NULL AS usable FROM figure_placed)
            WINDOW k AS ({key})""",
        )
        self._totals()
        figures = self._backend.table("figure_judged")
        bits: ir.IntegerValue = ibis.literal(0, "int64")
        out: ir.BooleanValue = ibis.literal(False)
        for bit, check in enumerate(self._register.checks):
            wrong = _asked(check, figures)
            bits = bits + ibis.ifelse(wrong, ibis.literal(1 << bit, "int64"), ibis.literal(0, "int64"))
            if check.problem.severity == "rejected":
                out = out | wrong
        # A total without a name counts for the whole only where the whole is in the file.
        counted = figures.usable & ~out & ~(figures.whole_file & ~figures.complete)
        self._make("figures", self._backend.compile(figures.mutate(problem_bits=bits, counted=counted)))

    def _totals(self) -> None:
        """`figure_judged`: adds `complete` (all parts of the area are there) and `differs` (is not their sum)."""
        inside = [
            (code, level)
            for code, level in self._ask("SELECT DISTINCT area_code, level FROM figure_keyed WHERE usable")
        ]
        parts = [
            (code, below, len(codes(code, below)))
            for code, level in inside
            for below in LEVELS[LEVELS.index(level) + 1 :]
        ]
        given = {"whole": [p[0] for p in parts], "below": [p[1] for p in parts], "parts": [p[2] for p in parts]}
        kinds = {"whole": pa.string(), "below": pa.string(), "parts": pa.int64()}
        self._backend.con.register("figure_parts_given", pa.table({k: pa.array(v, kinds[k]) for k, v in given.items()}))
        self._make("figure_parts", "SELECT * FROM figure_parts_given")
        self._backend.con.unregister("figure_parts_given")
        levels = " UNION ALL ".join(
            f"SELECT {upper}_code AS whole, level AS below, period, measure, category, value, unit, area_code FROM good"
            f" WHERE {upper}_code IS NOT NULL AND level IN ({', '.join(map(_quoted, LEVELS[n + 1 :]))})"
            for n, upper in enumerate(LEVELS[:-1])
        )
        added = ", ".join(map(_quoted, ADDED_UP))
        self._make(
            "figure_judged",
            f"""WITH good AS (SELECT * FROM figure_keyed
                WHERE usable AND NOT contradicted AND NOT repeated AND NOT whole_file),
            below AS (SELECT whole, below, period, measure, category, sum(value) AS total,
                    count(DISTINCT area_code) AS areas FROM ({levels}) GROUP BY ALL),
            sums AS (SELECT b.*, p.parts, b.areas >= p.parts AS complete FROM below b
                JOIN figure_parts p ON p.whole = b.whole AND p.below = b.below),
            judged AS (SELECT whole, period, measure, category, bool_or(complete) AS complete,
                    list({{'total': total, 'complete': complete}}) AS sums FROM sums GROUP BY ALL),
            kinds AS (SELECT area_code, period,
                    CASE WHEN measure IN ('male', 'female') AND '{self._register.key}' = 'population' THEN 'population'
                        ELSE measure END AS measure,
                    CASE WHEN measure IN ('male', 'female') AND '{self._register.key}' = 'population' THEN measure
                        ELSE category END AS category, value FROM good),
            cut AS (SELECT area_code, period, measure, sum(value) AS total, count(*) AS kinds FROM kinds
                WHERE category <> '' AND len(string_split(category, '{SEVERAL}')) = 1 GROUP BY ALL)
            SELECT k.*, coalesce(j.complete, false) AS complete,
                k.usable AND NOT k.contradicted AND k.unit IN ({added}) AND (
                    coalesce(list_bool_or(list_transform(j.sums, lambda s:
                        ((s.complete OR k.whole_file) AND abs(s.total - k.value) > {_SLACK})
                        OR s.total - k.value > {_SLACK})), false)
                    OR coalesce(k.category = '' AND c.kinds > 1 AND abs(c.total - k.value) > {_SLACK}, false)
                ) AS differs
            FROM figure_keyed k
            LEFT JOIN judged j ON j.whole = k.area_code AND j.period = k.period AND j.measure = k.measure
                AND j.category = k.category
            LEFT JOIN cut c ON c.area_code = k.area_code AND c.period = k.period AND c.measure = k.measure""",
        )

    # What is said of the whole

    def _measures(self) -> tuple[MeasureFound, ...]:
        found = self._ask(
            "SELECT measure, mode(unit), list(DISTINCT category ORDER BY category) FROM figures"
            " WHERE counted GROUP BY measure"
        )
        labels = {source.key: source.label for source in reversed(self._sources)}
        order = list(dict.fromkeys(source.key for source in self._sources))
        measures = [MeasureFound(key, labels[key], unit, _parts(words)) for key, unit, words in found]
        return tuple(sorted(measures, key=lambda measure: order.index(measure.key)))

    def _columns(self) -> tuple[ColumnFound, ...]:
        keys = {source.index: source.key for source in self._sources}
        return tuple(
            ColumnFound(one.index, one.heading, "" if one.role == "figure" and one.index not in keys else one.role,
                        keys.get(one.index, one.level or ""))
            for one in self._roles.values()
        )  # fmt: skip

    def _counts(self) -> Counts:
        ((said, left_out),) = self._ask(
            "SELECT count(*) FILTER (said AND NOT furniture), count(*) FILTER (NOT said OR furniture) FROM figure_wide"
        )
        ((accepted, unplaced, repeated, totals),) = self._ask(
            """SELECT count(*) FILTER (counted), count(*) FILTER (unplaced), count(*) FILTER (repeated AND NOT counted),
                count(*) FILTER (total AND NOT counted)
            FROM (SELECT file_row, bool_or(counted) AS counted, bool_or(unplaced) AS unplaced,
                bool_or(repeated) AS repeated, bool_or(whole_file) AS total FROM figures GROUP BY file_row)"""
        )
        read = said - totals  # A total without a name that stands for no area is no row of data.
        return Counts(read, accepted, read - accepted, unplaced, repeated, left_out + totals, 0, 0, 0)


_SLACK: Final = "if(k.factor > 1, 0.001 * abs(k.value), 0.5)"
"""How far a total may be from the sum of its parts: figures in thousands are rounded."""


def _asked(check: Check, figures: ir.Table) -> ir.BooleanValue:
    wrong: ir.BooleanValue = check.wrong(*(figures[name] for name in check.fields)).fill_null(False)
    return wrong


def _named(areas: Sequence[Column], writing: Sequence[str]) -> dict[Level, str]:
    """The names of a row by level, without words such as `Jumlah` and what the levels below say beside them."""
    texts: dict[Level, str] = {}
    for one, text in zip(areas, writing, strict=True):
        rest = TOTAL.sub("", text, count=1) if TOTAL.match(text) else text
        if rest != text and not rest.strip():
            break
        if rest.strip() and one.level:
            texts[one.level] = rest.strip()
    return texts


def _spot(
    resolver: Resolver,
    areas: Sequence[Column],
    writing: Sequence[str],
    code: str,
    start: str,
    apart: bool,
    of_code: Level | None = None,
) -> _Spot:
    """The area of a figure: exactly the one that is named, at its level, or none. A figure of a kelurahan that cannot
    be read is none of its kecamatan. `of_code` is the level of the code that is written, known or not.
    """
    texts = _named(areas, writing)
    if not texts and not code and not of_code:
        return _Spot("", "", whole_file=any(TOTAL.match(text) for text in writing))
    deepest = max(texts, key=LEVELS.index, default=None)
    if deepest and searchable(texts[deepest]) in WHOLE_COUNTRY:
        return _Spot("", "", whole_file=True)
    plain = dotted(digits(code)) if digits(code) else code
    coded = level_of(plain) if find(plain) else None
    target = max(filter(None, (deepest, coded, of_code)), key=LEVELS.index, default=None)
    found = resolver.resolve(**texts, code=code)
    if target and found.level == target and found.how != "none":
        return _Spot(found.code, str(target))
    if coded and coded == target and (not start or within(plain, start)) and not deepest:
        return _Spot(plain, coded)
    if deepest is None or deepest != target:
        return _Spot(found.code, "")
    if apart and deepest == "kabkota":
        found = resolver.resolve(**{**texts, "kabkota": f"Kabupaten {texts['kabkota']}"})
        if found.level == "kabkota" and found.how != "none":
            return _Spot(found.code, "kabkota")
    # The name of a larger place stands among its parts: `Kota Kendari` under Kecamatan.
    for upper in reversed(LEVELS[: LEVELS.index(deepest)]):
        above = {level: text for level, text in texts.items() if LEVELS.index(level) < LEVELS.index(upper)}
        larger = resolver.resolve(**{**above, upper: texts[deepest]})
        if larger.level == upper and larger.how != "none":
            return _Spot(larger.code, upper)
    return _Spot(found.code, "")


def _deepest(weights: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """The rows of the lowest level: totals above them belong to the same place."""
    longest = max((len(code) for code, _ in weights), default=0)
    return [(code, rows) for code, rows in weights if len(code) == longest]


def _day(columns: Sequence[Column], texts: Sequence[str]) -> date | None:
    return period_in(" ".join(period_text(one.heading, text) for one, text in zip(columns, texts, strict=True)))


def _parts(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({part for word in words for part in word.split(SEVERAL) if part}))


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _sql(text: str | None) -> str:
    return "NULL" if text is None else _quoted(text)
