"""DTKS, the register of which every person of a region's `Population` is a part; see `layouts` and `rows`."""

from typing import Final

from data.places import reference
from data.sample.layouts import FIELDS, LAYOUTS, Layout
from data.sample.regions import Edition
from data.sample.rows import NIK_AS_FLOAT, NIK_BLANK, NIK_DASH, NIK_QUOTED, table
from data.sample.sheets import MARKER, NOTICE, Form, Sheet
from data.sample.society import Society

_SPOILT: Final = {
    "id": f"'{MARKER}' || lpad(id::VARCHAR, 12, '0')",
    "kk": "CASE WHEN kk_quoted THEN '''' || kk::VARCHAR ELSE kk::VARCHAR END",
    "nik": f"""CASE nik_form WHEN {NIK_BLANK} THEN NULL WHEN {NIK_DASH} THEN '-'
               WHEN {NIK_QUOTED} THEN '''' || nik::VARCHAR WHEN {NIK_AS_FLOAT} THEN format('{{:.6e}}', nik::DOUBLE)
               ELSE nik::VARCHAR END""",
    "name": "CASE WHEN spaced THEN replace(name, ' ', '  ') ELSE name END",
}
_MAY_BE_BLANK: Final = ("kelurahan", "address", "dusun", "birth_date", "padan", "updated", "matched")


def sheets(society: Society) -> list[Sheet]:
    return [_sheet(society, number, edition) for number, edition in enumerate(society.region.editions)]


def _sheet(society: Society, number: int, edition: Edition) -> Sheet:
    layout = LAYOUTS[edition.layout]
    unplaced = max(1, round(edition.unplaced * society.scale))
    return Sheet(
        register="dtks",
        place=society.place,
        period=edition.period,
        form=_form(layout, reference.place(society.place).name.upper(), edition),
        columns={
            heading: _column(field, layout) for field, heading in zip(FIELDS, layout.headings, strict=False)
        },
        rows=lambda: table(society.population, society.updates, number, layout, unplaced),
    )  # fmt: skip


def _form(layout: Layout, name: str, edition: Edition) -> Form:
    titles = (NOTICE, f"DATA TERPADU KESEJAHTERAAN SOSIAL {name}", f"Keadaan per {edition.period:%d/%m/%Y}")
    persons = "replace(format('{:,}', count(*)), ',', '.') || ' JIWA'"
    total = {layout.headings[0]: "'TOTAL'", layout.headings[FIELDS.index("name")]: persons}
    return Form(
        kind=layout.kind,
        delimiter=layout.delimiter,
        encoding=layout.encoding,
        newline=layout.newline,
        titles=titles[: layout.titles],
        total=total if layout.total else {},
        tab="DTKS",
    )


def _column(field: str, layout: Layout) -> str:
    if (field, "") in (("birth_date", layout.birth_format), ("updated", layout.update_format)):
        return f"TRY_CAST({field} AS DATE)"
    if field in _MAY_BE_BLANK:
        return f"nullif({field}, '')"
    return _SPOILT.get(field, field)
