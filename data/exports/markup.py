"""The XML of a workbook (ECMA-376): its cells as SQL expressions, everything else as text."""

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from data.exports.table import Column, Cover, Kind, Table, quoted, words
from data.wording import Language

LONGEST: Final = 32_767
"""Excel's limit for a cell, in UTF-16 units. Texts are measured in bytes, which are never fewer."""
PART: Final = 8_000
"""Characters of a too long text that stand in one cell; they are at most 32,000 bytes."""
_CONTROLS: Final = r"[\x00-\x08\x0B\x0C\x0E-\x1F\x{FFFE}\x{FFFF}]"
_SPECIAL: Final = r"[&<>\x00-\x1F\x{FFFE}\x{FFFF}]|_x|^ | $"
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_WIDTHS: Final[dict[Kind, int]] = {
    "text": 26,
    "identifier": 19,
    "integer": 10,
    "number": 12,
    "date": 12,
    "share": 10,
    "boolean": 10,
}

_DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_CONTENT: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"

_HEADING, _TEXT, _DATE, _SHARE, _TITLE, _LABEL, _VALUE, _MARK = range(1, 9)
# Texts have the format "@" (49), so that what looks like a formula stays a text even when its cell is edited.
_FORMATS: Final = (
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>',
    '<xf numFmtId="49" fontId="1" fillId="2" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1"/>',
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>',
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>',
    '<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>',
    '<xf numFmtId="49" fontId="2" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>',
    '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"'
    ' applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>',
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1">'
    '<alignment vertical="top" wrapText="1"/></xf>',
    '<xf numFmtId="49" fontId="3" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>',
)
STYLES: Final = (
    f'{_DECLARATION}<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
    '<numFmt numFmtId="165" formatCode="0.0%"/></numFmts>'
    '<fonts count="4"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="14"/><name val="Calibri"/></font>'
    '<font><b/><sz val="14"/><color rgb="FFB4530A"/><name val="Calibri"/></font></fonts>'
    '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFE3E8EF"/></patternFill></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    f'<cellXfs count="{len(_FORMATS)}">{"".join(_FORMATS)}</cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
PACKAGE: Final = (
    f'{_DECLARATION}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)


@dataclass(frozen=True)
class Tab:
    """A sheet as the workbook lists it; `area` is the list in it, as `("T", 100)` for A1:T100, None for a cover."""

    name: str
    number: int
    area: tuple[str, int] | None = None

    @property
    def entry(self) -> str:
        return f"xl/worksheets/sheet{self.number}.xml"


def row(table: Table, language: Language) -> str:
    """SQL: a row of the list as XML. Cells carry no addresses, which the format leaves open and which cost a fifth."""
    return f"concat('<row>', {', '.join(_cell(name, column, language) for name, column in table.named())}, '</row>')"


def too_long(table: Table) -> str:
    """SQL: how many texts of a row are longer than a cell."""
    counts = (f"CAST(coalesce({_long(name)}, false) AS INTEGER)" for name, column in table.named() if column.textual)
    return " + ".join(("0", *counts))


def heading(columns: Iterable[Column]) -> str:
    return f"<row>{''.join(_inline(column.label, _HEADING) for column in columns)}</row>"


def cover_rows(cover: Cover, mark: str, remarks: Iterable[tuple[str, str]]) -> str:
    first = [f"<row>{_inline(mark, _MARK)}</row>"] if mark else []
    lines = (
        f"<row>{_inline(label, _LABEL)}{_inline(value, _VALUE)}</row>" for label, value in (*cover.lines, *remarks)
    )
    return "".join((*first, f"<row>{_inline(cover.title, _TITLE)}</row>", "<row/>", *lines))


def widths(columns: Iterable[Column]) -> list[int]:
    """Room for the kind of value, and for the heading with its filter button."""
    return [max(_WIDTHS[column.kind], min(len(column.label) + 4, 40)) for column in columns]


def sheet_start(column_widths: Sequence[int], frozen: bool, first: bool) -> str:
    selected = ' tabSelected="1"' if first else ""
    pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>' if frozen else ""
    cols = "".join(
        f'<col min="{place}" max="{place}" width="{width}" customWidth="1"/>'
        for place, width in enumerate(column_widths, start=1)
    )
    return (
        f'{_DECLARATION}<worksheet xmlns="{_MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<sheetViews><sheetView{selected} workbookViewId="0">{pane}</sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="15"/><cols>{cols}</cols><sheetData>'
    )


def sheet_end(tab: Tab, mark: str) -> str:
    """Filter buttons, landscape paper, the mark on every page, and no warnings about numbers kept as text."""
    area = f"A1:{tab.area[0]}{tab.area[1]}" if tab.area else ""
    filtered = f'<autoFilter ref="{area}"/>' if area else ""
    ignored = f'<ignoredErrors><ignoredError sqref="{area}" numberStoredAsText="1"/></ignoredErrors>' if area else ""
    header = f"<oddHeader>{escape('&C' + mark)}</oddHeader>" if mark else ""
    return (
        f'</sheetData>{filtered}<pageMargins left="0.4" right="0.4" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>'
        f'<pageSetup paperSize="9" fitToHeight="0" orientation="{"landscape" if area else "portrait"}"/>'
        f"<headerFooter>{header}<oddFooter>&amp;C&amp;P / &amp;N</oddFooter></headerFooter>{ignored}</worksheet>"
    )


def workbook(tabs: Sequence[Tab]) -> str:
    sheets = "".join(
        f'<sheet name={quoteattr(tab.name)} sheetId="{tab.number}" r:id="rId{tab.number}"/>' for tab in tabs
    )
    names = "".join(
        f'<definedName name="_xlnm._FilterDatabase" localSheetId="{place}" hidden="1">{_reference(tab)}$A$1:'
        f"${tab.area[0]}${tab.area[1]}</definedName>"
        f'<definedName name="_xlnm.Print_Titles" localSheetId="{place}">{_reference(tab)}$1:$1</definedName>'
        for place, tab in enumerate(tabs)
        if tab.area
    )
    return (
        f'{_DECLARATION}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><bookViews><workbookView/></bookViews>'
        f"<sheets>{sheets}</sheets>{f'<definedNames>{names}</definedNames>' if names else ''}</workbook>"
    )


def relations(tabs: Sequence[Tab]) -> str:
    sheets = "".join(
        f'<Relationship Id="rId{tab.number}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{tab.number}.xml"/>'
        for tab in tabs
    )
    styles = f'<Relationship Id="rId{len(tabs) + 1}" Type="{_OFFICE}/styles" Target="styles.xml"/>'
    return f'{_DECLARATION}<Relationships xmlns="{_PACKAGE}/relationships">{sheets}{styles}</Relationships>'


def content_types(tabs: Sequence[Tab]) -> str:
    sheets = "".join(f'<Override PartName="/{tab.entry}" ContentType="{_CONTENT}.worksheet+xml"/>' for tab in tabs)
    return (
        f'{_DECLARATION}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_CONTENT}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_CONTENT}.styles+xml"/>{sheets}</Types>'
    )


def letters(column: int) -> str:
    """The letters of a column, counted from 1.

    >>> letters(1), letters(26), letters(27), letters(703)
    ('A', 'Z', 'AA', 'AAA')
    """
    rest, place = divmod(column - 1, 26)
    return (letters(rest) if rest else "") + chr(ord("A") + place)


def tab_name(title: str, taken: Iterable[str]) -> str:
    """A title as a tab may have it: at most 31 UTF-16 units, without `[]:*?/\\`, numbered where it is taken.

    >>> tab_name("Daftar: 2021/01", []), tab_name("Daftar", ["daftar", "Daftar (2)"])
    ('Daftar  2021 01', 'Daftar (3)')
    """
    used = {name.casefold() for name in taken}
    clean = _ILLEGAL.sub(" ", re.sub(r"[\[\]:*?/\\]", " ", title)).strip(" '") or "1"
    for count in itertools.count(1):
        ending = f" ({count})" if count > 1 else ""
        room = 2 * (31 - len(ending))
        name = clean.encode("utf-16-le")[:room].decode("utf-16-le", "ignore").strip(" '") + ending
        if name.casefold() not in used:
            break
    return name


def _reference(tab: Tab) -> str:
    return escape("'" + tab.name.replace("'", "''") + "'!")


def _inline(text: str, style: int) -> str:
    legible = re.sub("_(x[0-9A-Fa-f]{4}_)", r"_x005F_\1", _ILLEGAL.sub("\ufffd", text)).replace("\r\n", "\n")
    cut = legible if len(legible) <= PART else legible[:PART] + "…"
    return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{escape(cut)}</t></is></c>'


def _cell(name: str, column: Column, language: Language) -> str:
    match column.kind:
        case "integer":
            # Excel keeps 15 digits.
            exact = f"{name} BETWEEN -999999999999999 AND 999999999999999"
            value = f"CASE WHEN {exact} THEN {_number(name)} ELSE {_text(f'CAST({name} AS VARCHAR)')} END"
        case "number":
            value = f"CASE WHEN isfinite({name}) THEN {_number(name)} ELSE '<c/>' END"
        case "share":
            value = f"CASE WHEN isfinite({name}) THEN {_number(name, _SHARE)} ELSE '<c/>' END"
        case "date":
            # Excel takes 1900 for a leap year and knows no day before it.
            known = f"{name} BETWEEN DATE '1900-03-01' AND DATE '9999-12-31'"
            serial = _number(f"{name} - DATE '1899-12-30'", _DATE)
            value = f"CASE WHEN {known} THEN {serial} ELSE {_text(f'CAST({name} AS VARCHAR)')} END"
        case "boolean":
            value = _text(words(name, language))
        case _:
            legible = f"CASE WHEN {_long(name)} THEN left({name}, {PART}) || '…' ELSE {name} END"
            special = f"{_long(name)} OR regexp_matches({name}, {quoted(_SPECIAL)})"
            value = f"CASE WHEN {special} THEN {_careful(legible)} ELSE {_text(name)} END"
    return f"CASE WHEN {name} IS NULL THEN '<c/>' ELSE {value} END"


def _number(value: str, style: int = 0) -> str:
    return f"""concat('<c s="{style}"><v>', {value}, '</v></c>')"""


def _text(text: str, attributes: str = "") -> str:
    return f"""concat('<c s="{_TEXT}" t="inlineStr"><is><t{attributes}>', {text}, '</t></is></c>')"""


def _careful(text: str) -> str:
    lines = f"replace(replace({text}, chr(13) || chr(10), chr(10)), chr(13), chr(10))"
    legible = f"regexp_replace({lines}, {quoted(_CONTROLS)}, chr(65533), 'g')"
    # Excel reads _x0041_ as the letter A.
    unread = f"regexp_replace({legible}, '_(x[0-9A-Fa-f]{{4}}_)', '_x005F_\\1', 'g')"
    escaped = f"replace(replace(replace({unread}, '&', '&amp;'), '<', '&lt;'), '>', '&gt;')"
    return _text(escaped, ' xml:space="preserve"')


def _long(name: str) -> str:
    return f"strlen({name}) > {LONGEST}"
