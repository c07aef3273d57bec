"""Broken and hostile files, each made by a function: no file of the kind lies in the repository."""

import base64
import gzip
import io
import json
import os
import struct
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from pathlib import Path
from typing import Any, Final

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import xlwt

from tests.builders import DATED, people, person, table, text

Make = Callable[[Path], Path]

STORED: Final = "stored"
REFUSED: Final = "refused"


@dataclass(frozen=True)
class Hostile:
    """A file and what has to become of it: STORED, REFUSED, or the code of the problem that refuses it; any of
    several where readers may differ.
    """

    make: Make
    becomes: tuple[str, ...]


CORPUS: Final[dict[str, Hostile]] = {}


def file(sentence: str, *becomes: str) -> Callable[[Make], Make]:
    def declared(make: Make) -> Make:
        assert sentence not in CORPUS
        CORPUS[sentence] = Hostile(make, becomes)
        return make

    return declared


def content(sentence: str, name: str, made: Callable[[], bytes], *becomes: str) -> None:
    def make(folder: Path) -> Path:
        return put(folder / name, made())

    file(sentence, *becomes)(make)


def put(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


SHORT: Final = {
    key: DATED[key]
    for key in (
        "kabkota", "kecamatan", "kelurahan", "address", "rt", "kk", "nik", "name", "birth_date", "sex", "updated_on"
    )
}  # fmt: skip
LINES: Final = table(people(12), SHORT)


def everyone(**fields: str) -> list[list[str]]:
    """A register of twelve persons who all have these fields."""
    return table(people(12, **fields), SHORT)


def rows(**fields: str) -> list[list[str]]:
    """A register of twelve persons, of whom the second has these fields."""
    return table([person(1), person(2, **fields), *(person(number) for number in range(3, 13))], SHORT)


def csv(lines: Iterable[Sequence[str]] = LINES, delimiter: str = "|") -> bytes:
    return text(lines, delimiter).encode()


def headed(*headings: str) -> bytes:
    """A register with further columns under these headings."""
    return csv([[*LINES[0], *headings], *([*cells, *("x" for _ in headings)] for cells in LINES[1:])])


# Archives


def zipped(*files: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def spoilt(data: bytes, start: int) -> bytes:
    return data[:start] + bytes(byte ^ 0xFF for byte in data[start : start + 40]) + data[start + 40 :]


def encrypted(data: bytes) -> bytes:
    marked = bytearray(data)
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        marked[marked.find(signature) + flags] |= 1
    return bytes(marked)


def lying_about_its_size(data: bytes) -> bytes:
    place = data.find(b"PK\x01\x02")
    return data[: place + 24] + struct.pack("<I", 10) + data[place + 28 :]


def link(name: str, target: str) -> tuple[zipfile.ZipInfo, bytes]:
    entry = zipfile.ZipInfo(name)
    entry.external_attr = 0o120777 << 16
    return entry, target.encode()


NOUGHTS: Final = b"0" * 40_000_000

content("a zip cut off in the middle", "a.zip", lambda: zipped(("a.csv", csv()))[:-60], "file_unreadable")
content("a zip with spoilt data", "a.zip", lambda: spoilt(zipped(("a.csv", csv())), 200), "file_unreadable")
content("a zip that needs a password", "a.zip", lambda: encrypted(zipped(("a.csv", csv()))), "file_unreadable")
content("a zip bomb", "a.zip", lambda: zipped(("a.csv", NOUGHTS)), "limit_ratio")
content(
    "a zip that lies about its size", "a.zip", lambda: lying_about_its_size(zipped(("a.csv", csv()))), REFUSED, STORED
)
content("a zip whose file climbs out of the folder", "a.zip", lambda: zipped(("../../../climbed.csv", csv())), STORED)
content("a zip whose file has an absolute path", "a.zip", lambda: zipped(("/tmp/padan-climbed.csv", csv())), STORED)
content("a zip with a symbolic link", "a.zip", lambda: zipped(link("a.csv", "/etc/passwd")), REFUSED)
content("a zip in a zip", "a.zip", lambda: zipped(("b.zip", zipped(("a.csv", csv())))), REFUSED)
content("a zip of two registers", "a.zip", lambda: zipped(("a.csv", csv()), ("b.csv", csv())), "file_unreadable")
content("a zip of nothing but folders", "a.zip", lambda: zipped(("a/", b""), ("b/", b"")), "file_unreadable")
content("an empty zip", "a.zip", lambda: zipped(), REFUSED)
content("a gzip cut off in the middle", "a.csv.gz", lambda: gzip.compress(csv())[:-30], "file_unreadable")
content("a gzip with spoilt data", "a.csv.gz", lambda: spoilt(gzip.compress(csv()), 100), "file_unreadable")
content("a gzip bomb", "a.csv.gz", lambda: gzip.compress(NOUGHTS), "limit_ratio")
content("a gzip in a gzip", "a.csv.gz", lambda: gzip.compress(gzip.compress(csv())), "file_unreadable")
content("a gzip with rubbish behind it", "a.csv.gz", lambda: gzip.compress(csv()) + b"\0rubbish" * 9, REFUSED, STORED)


# Workbooks


def xlsx(
    lines: Iterable[Sequence[Any]] = LINES, change: Callable[[Any, Any], object] = lambda book, sheet: None
) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for cells in lines:
        sheet.append(list(cells))
    change(book, sheet)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def replaced(book: bytes, *changes: tuple[str, str, str], more: Sequence[tuple[str, str]] = ()) -> bytes:
    """The workbook with texts in its parts replaced (part, old, new), and with more parts."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            for of, before, after in changes:
                if of == name:
                    assert before.encode() in part, (name, before)
                    part = part.replace(before.encode(), after.encode(), 1)
            new.writestr(name, part)
        for name, said in more:
            new.writestr(name, said)
    return written.getvalue()


SHEET: Final = "xl/worksheets/sheet1.xml"
STRINGS: Final = "xl/sharedStrings.xml"
MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
RELATION: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HEAD: Final = "<?xml version='1.0'?>"
LAUGHS: Final = (
    "<!DOCTYPE sst [<!ENTITY a 'ha'>"
    + "".join(f"<!ENTITY {b} '{10 * f'&{a};'}'>" for a, b in zip("abcdefghi", "bcdefghij", strict=True))
    + "]>"
)


def strings(change: Callable[[str], str]) -> bytes:
    """A register whose texts stand in a part of their own, as Excel writes them, after a change to that part."""
    texts = list(dict.fromkeys(cell for cells in LINES for cell in cells))
    place = {text: str(number) for number, text in enumerate(texts)}
    said = f"{HEAD}<sst xmlns='{MAIN}'>{''.join(f'<si><t>{text}</t></si>' for text in texts)}</sst>"
    rows = "".join(
        f"<row r='{down}'>" + "".join(f"<c t='s'><v>{place[cell]}</v></c>" for cell in cells) + "</row>"
        for down, cells in enumerate(LINES, start=1)
    )
    part = f"<Override PartName='/{STRINGS}' ContentType='{TYPE}.sharedStrings+xml'/></Types>"
    relation = f"<Relationship Id='t' Type='{RELATION}/sharedStrings' Target='sharedStrings.xml'/></Relationships>"
    return replaced(
        xlsx([]),
        (SHEET, "<sheetData></sheetData>", f"<sheetData>{rows}</sheetData>"),
        ("[Content_Types].xml", "</Types>", part),
        ("xl/_rels/workbook.xml.rels", "</Relationships>", relation),
        more=[(STRINGS, change(said))],
    )


def in_cell(sheet_xml: str) -> bytes:
    """A register whose sheet has this besides."""
    return replaced(xlsx(), (SHEET, "</sheetData>", sheet_xml + "</sheetData>"))


def with_sheets(*names: str) -> bytes:
    def change(book: Any, sheet: Any) -> None:
        sheet.title = "s"
        for name in names:
            book.create_sheet(name)

    return xlsx(change=change)


def merged(_book: Any, sheet: Any) -> None:
    sheet.insert_rows(1)
    sheet["A1"] = "DATA"
    sheet.merge_cells("A1:K1")
    for number in range(3, 14):
        sheet.merge_cells(f"D{number}:F{number}")


def hidden(book: Any, sheet: Any) -> None:
    sheet.sheet_state = "hidden"
    book.create_sheet("kosong")
    book.create_sheet("x").sheet_state = "veryHidden"


def since_1904(book: Any, _sheet: Any) -> None:
    book.epoch = datetime(1904, 1, 1)


def formulas() -> bytes:
    return xlsx(everyone(name='=HYPERLINK("http://x.y";"x")'))


def dated() -> list[list[Any]]:
    """A register with real dates of birth."""
    at = list(SHORT).index("birth_date")
    return [LINES[0], *([*cells[:at], date(1980, 5, 17), *cells[at + 1 :]] for cells in LINES[1:])]  # type: ignore[list-item]


def bombed() -> bytes:
    """One long text that thousands of cells refer to."""
    book = strings(lambda said: said.replace("<t>WARGA AAB</t>", f"<t>{'A' * 400_000}</t>", 1))
    place = str(list(dict.fromkeys(cell for cells in LINES for cell in cells)).index("WARGA AAB"))
    cells = "".join(f"<row r='{n}'><c t='s'><v>{place}</v></c></row>" for n in range(100, 9_100))
    return replaced(book, (SHEET, "</sheetData>", cells + "</sheetData>"))


content(
    "a workbook with an external link",
    "a.xlsx",
    lambda: replaced(
        xlsx(),
        (SHEET, "<sheetData>", "<sheetData><row r='1'><c r='L1'><f>[1]Sheet1!A1</f><v>9</v></c></row>"),
        more=[
            ("xl/externalLinks/externalLink1.xml", "<externalLink/>"),
            (
                "xl/externalLinks/_rels/externalLink1.xml.rels",
                '<Relationships><Relationship Id="r" Target="file:///etc/passwd" TargetMode="External"/>'
                "</Relationships>",
            ),
        ],
    ),
    STORED,
    REFUSED,
)
content(
    "a workbook with a billion laughs",
    "a.xlsx",
    lambda: strings(lambda said: LAUGHS + said.replace("<t>NAMA</t>", "<t>&j;</t>")),
    STORED,
    REFUSED,
)
content(
    "a workbook with an entity of a file",
    "a.xlsx",
    lambda: strings(
        lambda said: (
            '<!DOCTYPE sst [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + said.replace("<t>KENDARI</t>", "<t>&x;</t>")
        )
    ),
    STORED,
    REFUSED,
)
content(
    "a workbook with a document type from the network",
    "a.xlsx",
    lambda: strings(lambda said: '<!DOCTYPE sst SYSTEM "http://127.0.0.1:9/x.dtd">' + said),
    STORED,
    REFUSED,
)
content(
    "a workbook with a text that does not exist",
    "a.xlsx",
    lambda: in_cell('<row r="20"><c r="A20" t="s"><v>99999999</v></c></row>'),
    STORED,
    REFUSED,
)
content(
    "a workbook with a negative text number",
    "a.xlsx",
    lambda: in_cell('<row r="20"><c r="A20" t="s"><v>-1</v></c></row>'),
    STORED,
    REFUSED,
)
content(
    "a workbook with a cell in the last corner",
    "a.xlsx",
    lambda: in_cell('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
    "limit_workbook_mb",
    "limit_columns",
)
content(
    "a workbook with a corner cell written another way",
    "a.xlsx",
    lambda: in_cell("<row r = '1048576'><c  r='XFD1048576' ><v>1</v></c></row>"),
    "limit_workbook_mb",
    "limit_columns",
)
content(
    "a workbook with a cell beyond any sheet",
    "a.xlsx",
    lambda: in_cell('<row r="4294967295"><c r="ZZZZZZ4294967295"><v>1</v></c></row>'),
    REFUSED,
)
content(
    "a workbook with a row far below",
    "a.xlsx",
    lambda: in_cell('<row r="300000"><c r="C300000"><v>1</v></c></row>'),
    STORED,
)
content(
    "a workbook of 2,000 columns",
    "a.xlsx",
    lambda: xlsx([[f"k{n}" for n in range(2_000)], ["1"] * 2_000]),
    "limit_columns",
)
content("a workbook of 150 sheets", "a.xlsx", lambda: with_sheets(*(f"s{n}" for n in range(150))), "limit_sheets")
content("a workbook with one long text in 9,000 cells", "a.xlsx", bombed, "limit_workbook_mb")
content("a workbook with formulas for names", "a.xlsx", formulas, STORED, REFUSED)
content("a workbook whose register is hidden", "a.xlsx", lambda: xlsx(change=hidden), STORED)
content(
    "a workbook with macros",
    "a.xlsm",
    lambda: replaced(xlsx(), more=[("xl/vbaProject.bin", "\xd0\xcf\x11\xe0" + "x" * 900)]),
    STORED,
)
content("a workbook with everything merged", "a.xlsx", lambda: xlsx(change=merged), STORED)
content("a workbook that counts from 1904", "a.xlsx", lambda: xlsx(dated(), since_1904), STORED)
content(
    "a workbook with error cells", "a.xlsx", lambda: xlsx(everyone(address="#REF!", rt="#N/A", kk="#VALUE!")), STORED
)
content(
    "a workbook with texts in pieces",
    "a.xlsx",
    lambda: in_cell(
        '<row r="20"><c r="G20" t="inlineStr"><is><t>7471080205809099</t></is></c>'
        '<c r="H20" t="inlineStr"><is><r><t>WAR</t></r><r><t>GA</t></r></is></c></row>'
    ),
    STORED,
)
content(
    "a workbook whose sheet is called like a path and a tag",
    "a.xlsx",
    lambda: replaced(xlsx(), ("xl/workbook.xml", 'name="Sheet"', 'name="../../&lt;script&gt;alert(1)&lt;/script&gt;"')),
    STORED,
)
content(
    "a workbook with dates in the year 60,000",
    "a.xlsx",
    lambda: replaced(xlsx(dated()), (SHEET, "<v>29358</v>", "<v>21300000</v>")),
    STORED,
)
content(
    "a workbook with a number of 400 digits",
    "a.xlsx",
    lambda: in_cell(f'<row r="20"><c r="G20"><v>{"9" * 400}</v></c><c r="H20"><v>1e400</v></c></row>'),
    STORED,
    REFUSED,
)
content(
    "a workbook whose sheet ends in the middle",
    "a.xlsx",
    lambda: replaced(xlsx(), (SHEET, "</sheetData>", "<row><c")),
    REFUSED,
)
content(
    "a workbook without its sheet",
    "a.xlsx",
    lambda: replaced(xlsx(), ("xl/_rels/workbook.xml.rels", "worksheets/sheet1.xml", "worksheets/none.xml")),
    REFUSED,
)
content(
    "a workbook whose sheet is a path out of it",
    "a.xlsx",
    lambda: replaced(xlsx(), ("xl/_rels/workbook.xml.rels", "worksheets/sheet1.xml", "../../../../etc/passwd")),
    REFUSED,
)
content("a workbook cut off in the middle", "a.xlsx", lambda: xlsx()[:3000], REFUSED)
content("a workbook of nothing", "a.xlsx", lambda: xlsx([]), REFUSED)
content("a workbook with spoilt data", "a.xlsx", lambda: spoilt(xlsx(), 2000), REFUSED, STORED)
content("a workbook with a wrong name", "a.ods", lambda: xlsx(), STORED)


def xls() -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("DTKS")
    for down, cells in enumerate(LINES):
        for right, cell in enumerate(cells):
            sheet.write(down, right, cell)
    sheet.write(60_000, 0, "=cmd|' /C calc'!A0")
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


content("an old workbook with a cell far below", "a.xls", xls, STORED)
content("an old workbook cut off in the middle", "a.xls", lambda: xls()[:4000], REFUSED)
content("an old workbook with spoilt records", "a.xls", lambda: spoilt(xls(), 700), REFUSED, STORED)
content(
    "an old workbook whose sectors go round in a circle",
    "a.xls",
    lambda: xls()[:512] + struct.pack("<128I", *range(128)) * 20,
    REFUSED,
)
content(
    "an old workbook of version 2",
    "a.xls",
    lambda: bytes.fromhex("0900040002001000") + b"\x04\0\x0b\0" + b"\0" * 40,
    REFUSED,
)


def page(body: str) -> bytes:
    return f"<html><head><meta charset='utf-8'></head><body>{body}</body></html>".encode()


def cells(lines: Iterable[Sequence[str]] = LINES, tag: str = "td") -> str:
    return "".join("<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in one) + "</tr>" for one in lines)


content(
    "a page with scripts, odd spans and letters that are none",
    "a.xls",
    lambda: page(
        f"<table>{cells()}<tr><td><script>alert(1)</script><img src=x onerror=alert(1)>"
        "<![if x]><![x[&#0;&#xD800;&#x110000;&nosuch;</td></tr>"
        "<tr><td rowspan=-1 colspan=1e9>x</td><td colspan='²'>y</td></tr></table>"
    ),
    STORED,
)
content(
    "a page with tables in tables",
    "a.xls",
    lambda: page("<table><tr><td>" * 3_000 + f"<table>{cells()}</table>"),
    STORED,
    REFUSED,
)
content(
    "a page with rowspans for ever",
    "a.xls",
    lambda: page(f"<table>{cells()}{'<tr><td rowspan=99999999 colspan=99999999>x</td></tr>' * 300}</table>"),
    "limit_columns",
)
content(
    "a page with a tag without an end",
    "a.xls",
    lambda: page(f"<table>{cells()}<tr><td title='" + "x" * 3_000_000),
    "limit_line",
    STORED,
)
content(
    "a page with a comment without an end",
    "a.xls",
    lambda: page(f"<table>{cells()}<!--" + "x-" * 2_000_000),
    "limit_line",
    STORED,
)
content(
    "a page with a cell of two million letters",
    "a.xls",
    lambda: page(f"<table>{cells()}<tr><td>{'x' * 2_000_000}"),
    "limit_line",
)
content(
    "a page with 400,000 angle brackets",
    "a.xls",
    lambda: page(f"<table>{cells()}<tr><td>{'<' * 400_000}</td></tr></table>"),
    STORED,
    "limit_line",
)


def ods(rows: str) -> bytes:
    urn = "urn:oasis:names:tc:opendocument:xmlns"
    names = f"xmlns:office='{urn}:office:1.0' xmlns:table='{urn}:table:1.0' xmlns:text='{urn}:text:1.0'"
    table = f"<table:table table:name='S'>{rows}</table:table>"
    body = f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
    return zipped(
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        (
            "META-INF/manifest.xml",
            b"<manifest:manifest xmlns:manifest='urn:oasis:names:tc:opendocument:xmlns:manifest:1.0'/>",
        ),
        ("content.xml", f"{HEAD}<office:document-content {names}>{body}</office:document-content>".encode()),
    )


def ods_cell(cell: str, more: str = "") -> str:
    return f"<table:table-cell office:value-type='string' {more}><text:p>{cell}</text:p></table:table-cell>"


def ods_rows() -> str:
    return "".join(f"<table:table-row>{''.join(map(ods_cell, one))}</table:table-row>" for one in LINES)


FAR: Final = 2**20

content(
    "an ODS as LibreOffice ends it",
    "a.ods",
    lambda: ods(
        ods_rows() + f"<table:table-row table:number-rows-repeated='{FAR}'>"
        "<table:table-cell table:number-columns-repeated='16384'/></table:table-row>"
    ),
    STORED,
)
content(
    "an ODS with a cell that is repeated a million times",
    "a.ods",
    lambda: ods(
        ods_rows()
        + "<table:table-row>"
        + ods_cell("x", f"table:number-columns-repeated='{FAR}'")
        + "</table:table-row>"
    ),
    "limit_columns",
    "limit_workbook_mb",
)
content(
    "an ODS with a row that is repeated a million times",
    "a.ods",
    lambda: ods(
        ods_rows()
        + f"<table:table-row table:number-rows-repeated='{FAR}'>"
        + ods_cell("x", f"table:number-columns-repeated='{FAR}'")
        + "</table:table-row>"
    ),
    "limit_columns",
    "limit_workbook_mb",
    "file_unreadable",
)
content(
    "an ODS with a negative repetition",
    "a.ods",
    lambda: ods(
        ods_rows()
        + "<table:table-row table:number-rows-repeated='-5'>"
        + ods_cell("x", "table:number-columns-repeated='-1'")
        + "</table:table-row>"
    ),
    STORED,
    REFUSED,
)
content("an ODS that is cut off", "a.ods", lambda: ods(ods_rows())[:900], REFUSED)


# Text


def utf_16(mark: bytes) -> bytes:
    return mark + csv().decode().encode("utf-16-le")


TOTALS: Final = [LINES[0], ["", "", "", "", "", "JUMLAH", "12", "", "", "", ""]]
DAYS: Final = (
    "0000-00-00", "0000-01-01", "99999-12-31", "31/12/99999", "-1", "2020-02-30", "٠٤/٠٣/٢٠٢٠", "9" * 5_000,
    "1/" * 5_000,
)  # fmt: skip
OWN: Final = (
    "file_row", "rid", "c0", "k0", "number", "before", "counted", "problem_bits", "file_row_number", "FILENAME", "raw",
    "beyond", "+c0", "family_no", "unit_no", "state_6", "number_6",
)  # fmt: skip
FORMULA: Final = '=cmd|" /C calc"!A0'
SCRIPT: Final = "<script>alert(document.cookie)</script>"

content("a text with NUL in every line", "a.csv", lambda: csv().replace(b"WARGA", b"WAR\0GA"), STORED)
content("a text of NUL", "a.csv", lambda: b"\0" * 5_000_000 + b"x", REFUSED)
content("a text with lone quotation marks", "a.csv", lambda: csv().replace(b"|WARGA", b'|"WARGA'), STORED)
content("a text with a quotation mark before everything", "a.csv", lambda: b'"' + csv(), STORED, REFUSED)
content("a line of 50 MB", "a.csv", lambda: csv() + b"x" * 50_000_000, "limit_line")
content("a line of 50 MB of delimiters", "a.csv", lambda: b"|" * 50_000_000, REFUSED)
content("30,000 line breaks in quotes", "a.csv", lambda: csv() + b'"' + b"x\n" * 30_000, STORED, REFUSED)
content(
    "a text with 10,000 columns",
    "a.csv",
    lambda: csv([[f"kolom {n}" for n in range(10_000)], ["1"] * 10_000]),
    "limit_columns",
)
content("a text with 200 columns", "a.csv", lambda: headed(*(f"kolom {n}" for n in range(190))), STORED)
content("a text with a row of 100,000 cells", "a.csv", lambda: csv([*LINES, ["x"] * 100_000]), STORED, "limit_columns")
content(
    "a text with three delimiters at once",
    "a.csv",
    lambda: csv()[:900] + csv(LINES[3:7], ";") + csv(LINES[7:], ","),
    STORED,
    REFUSED,
)
content("UTF-16 without its mark", "a.csv", lambda: utf_16(b""), STORED)
content("UTF-16 with half a letter at the end", "a.csv", lambda: utf_16(b"\xff\xfe")[:-1], STORED)
content("UTF-32", "a.csv", lambda: csv().decode().encode("utf-32"), REFUSED)
content("UTF-7", "a.csv", lambda: csv(rows(name="+ADw-script+AD4-")), STORED)
content(
    "two encodings in one text",
    "a.csv",
    lambda: csv(rows(name="ANDRÉ")) + "|".join(table([person(13, name="ANDRÉ")], SHORT)[1]).encode("cp1252"),
    STORED,
)
content("carriage returns only", "a.csv", lambda: csv().replace(b"\n", b"\r"), STORED)
content("a mark of order in the middle", "a.csv", lambda: csv() + b"\xef\xbb\xbf" + csv(), STORED)
content(
    "headings that are formulas, tags, SQL and blank",
    "a.csv",
    lambda: headed(
        FORMULA,
        SCRIPT,
        '"; DROP TABLE raw; --',
        "{rows}",
        "{0.__class__}",
        "%s%n",
        "$path",
        "'",
        "",
        " ",
        "\u00a0",
        "\u200b",
        "x" * 10_000,
    ),
    STORED,
)
content(
    "headings called like our own columns, and alike",
    "a.csv",
    lambda: headed(*OWN, "Catatan", "CATATAN", "catatan ", " catatan", "CATATAN", "CATATAN'", "nik", "Nik"),
    STORED,
)
content("headings without rows", "a.csv", lambda: csv(LINES[:1]), "file_empty")
content("headings and totals", "a.csv", lambda: csv(TOTALS), REFUSED)
content("headings on every other row", "a.csv", lambda: csv(chain(*([LINES[0], one] for one in LINES[1:]))), STORED)
content(
    "numbers beyond all numbers, and areas that are SQL",
    "a.csv",
    lambda: csv(
        rows(
            nik="1e400",
            kk="-1e400",
            rt="99999999999999999999",
            birth_date="1e309",
            kelurahan="'; DROP TABLE x; --",
            kecamatan='" OR 1=1',
            kabkota="{place}",
        )
    ),
    STORED,
)
content(
    "a NIK of emoji and of foreign digits",
    "a.csv",
    lambda: csv(rows(nik="7️⃣4️⃣7️⃣1️⃣", kk="٧٤٧١٠٨٠٢٠٥٨٠٩٠٠٢", rt="\uff17\uff14", name="٧٤٧")),
    STORED,
)
content(
    "cells that turn text round, hide, ring and compute",
    "a.csv",
    lambda: csv(
        rows(
            name="\u202eABC\u202c\u2066X\u2069\u200b\u00ad\u2060",
            kelurahan="BENDE\u200b",
            address="".join(map(chr, [*range(1, 10), *range(14, 32), 127])) + "\x1b[2J\x1b]0;x\x07",
            rt=FORMULA,
            sex=SCRIPT,
        )
    ),
    STORED,
)
content(
    "dates that cannot be",
    "a.csv",
    lambda: csv(table((person(n, birth_date=day, updated_on=day) for n, day in enumerate(DAYS, start=1)), SHORT)),
    STORED,
)
content("a cell of 900,000 letters", "a.csv", lambda: csv(rows(address="x" * 900_000)), STORED)
content("a title of 100,000 letters", "a.csv", lambda: csv([["Data per 31 " * 8_000], *LINES]), STORED)
content("100,000 blank lines", "a.csv", lambda: b"\n" * 100_000 + csv(), REFUSED)
content("30,000 blank lines below", "a.csv", lambda: csv() + b"|\n" * 30_000, STORED)
content(
    "8,000 different answers",
    "a.csv",
    lambda: csv(
        [LINES[0], *table((person(n % 900, sex=f"x{n}", birth_date=f"y{n}") for n in range(8_000)), SHORT)[1:]]
    ),
    STORED,
)
content("noise", "a.csv", lambda: bytes((n * n * 31 + n // 7) % 256 for n in range(200_000)), REFUSED)
content(
    "a picture called a register",
    "a.csv",
    lambda: base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    ),
    "file_unreadable",
)


# Parquet


def parquet(columns: dict[str, Any], more: pa.Table | None = None) -> bytes:
    written = io.BytesIO()
    pq.write_table(more if more is not None else pa.table(columns), written)
    return written.getvalue()


def columns() -> dict[str, list[str]]:
    return {heading: [line[at] for line in LINES[1:]] for at, heading in enumerate(LINES[0])}


def twice_named() -> bytes:
    known = columns()
    arrays = [pa.array(known["NIK"]), *map(pa.array, known.values())]
    return parquet({}, pa.Table.from_arrays(arrays, names=["nik", *known]))


content("a Parquet file cut off in the middle", "a.parquet", lambda: parquet(columns())[:-40], "file_unreadable")
content("a Parquet file with spoilt pages", "a.parquet", lambda: spoilt(parquet(columns()), 30), REFUSED, STORED)
content(
    "a Parquet file with a spoilt end",
    "a.parquet",
    lambda: spoilt(data := parquet(columns()), len(data) - 200),
    REFUSED,
)
content(
    "a Parquet file that says its end is 4 GB long",
    "a.parquet",
    lambda: parquet(columns())[:-8] + b"\xff\xff\xff\xffPAR1",
    REFUSED,
)
content(
    "a Parquet file of lists and records, called like our columns and like SQL",
    "a.parquet",
    lambda: parquet(
        columns()
        | {name: ["x"] * 12 for name in OWN}
        | {
            "x": [[{"a": [1, 2]}]] * 12,
            "y": [{"b": {"c": "d"}}] * 12,
            '"; DROP TABLE x; --': ["x"] * 12,
            "'": ["y"] * 12,
            "": ["z"] * 12,
        }
    ),
    STORED,
)
content(
    "a Parquet file of 5,000 columns",
    "a.parquet",
    lambda: parquet({f"k{n}": ["1"] for n in range(5_000)}),
    "limit_columns",
)
content("a Parquet file with one name twice", "a.parquet", twice_named, STORED)
content(
    "a Parquet file with days that no calendar has",
    "a.parquet",
    lambda: parquet(
        columns()
        | {
            "LastUpdateData": pa.array([2**62] * 12, pa.timestamp("us")),
            "TANGGAL LAHIR": pa.array([2**31 - 1] * 12, pa.date32()),
        }
    ),
    STORED,
    REFUSED,
)
content(
    "a Parquet file with text that is none",
    "a.parquet",
    lambda: parquet(
        columns() | {"NAMA": pa.Array.from_buffers(pa.string(), 12, pa.array([b"\xff\xfe"] * 12).buffers())}
    ),
    STORED,
    REFUSED,
)
content(
    "a Parquet file with NUL and half letters",
    "a.parquet",
    lambda: parquet(columns() | {"NAMA": ["A\0B"] * 12, "ALAMAT": pa.array([b"\0\xff"] * 12)}),
    STORED,
    REFUSED,
)
content(
    "a Parquet file without rows",
    "a.parquet",
    lambda: parquet({heading: pa.array([], pa.string()) for heading in LINES[0]}),
    REFUSED,
)
content("a Parquet file without columns", "a.parquet", lambda: parquet({}), REFUSED)
content(
    "a Parquet file of 51 million blank rows",
    "a.parquet",
    lambda: parquet({"NIK": pa.nulls(51_000_000, pa.int8())}),
    "limit_rows",
)


# Maps


def geojson(geometry: Any, **properties: Any) -> bytes:
    told = {"kode": "74.71.08.1002", "nama": "BENDE"} | properties
    feature = {"type": "Feature", "properties": told, "geometry": geometry}
    return json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()


def polygon(*rings: Sequence[Sequence[float]]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": rings}


SQUARE: Final = ((122.5, -4), (122.51, -4), (122.51, -3.99), (122.5, -3.99), (122.5, -4))
BOW: Final = ((122.5, -4), (122.51, -3.99), (122.51, -4), (122.5, -3.99), (122.5, -4))


def big_ring(count: int) -> list[tuple[float, float]]:
    up = [(122.5 + n / count / 50, -4 + (n % 7) / 1e4) for n in range(count)]
    return [*up, (122.52, -3.9), (122.5, -3.9), up[0]]


content("a map that is cut off", "a.geojson", lambda: geojson(polygon(SQUARE))[:-30], "boundary_refused")
content(
    "a map that is nested 100,000 deep",
    "a.geojson",
    lambda: b'{"type":"FeatureCollection","features":' + b"[" * 100_000,
    "boundary_refused",
)
content(
    "a map with coordinates that are no numbers",
    "a.geojson",
    lambda: geojson(polygon([(float("nan"), -4), (122.5, float("inf")), (122.6, -3.9), (float("nan"), -4)])),
    REFUSED,
    STORED,
)
content("a map whose ring crosses itself", "a.geojson", lambda: geojson(polygon(BOW)), REFUSED, STORED)
content("a map in three dimensions", "a.geojson", lambda: geojson(polygon([(*point, 9.0) for point in SQUARE])), STORED)
content(
    "a map with a ring of 200,000 points", "a.geojson", lambda: geojson(polygon(big_ring(200_000))), REFUSED, STORED
)
content("a map with a ring of one point", "a.geojson", lambda: geojson(polygon([(122.5, -4)])), REFUSED)
content("a map without shapes", "a.geojson", lambda: geojson(None), "boundary_refused")
content(
    "a map of points", "a.geojson", lambda: geojson({"type": "Point", "coordinates": [122.5, -4]}), "boundary_refused"
)
content(
    "a map on the other side of the earth",
    "a.geojson",
    lambda: geojson(polygon([(1e300, 1e300), (1e308, 1), (-1e308, 5), (1e300, 1e300)])),
    REFUSED,
)
content(
    "a map whose names are tags and SQL",
    "a.geojson",
    lambda: geojson(polygon(SQUARE), kode="", nama=SCRIPT, kecamatan="'; DROP TABLE x; --"),
    REFUSED,
)
content("a map that is a number", "a.geojson", lambda: b"{}", "boundary_refused")
content(
    "a GeoPackage cut off in the middle",
    "a.gpkg",
    lambda: b"SQLite format 3\0" + b"\x10\0\x01\x01\0" * 300,
    "boundary_refused",
)
content(
    "a shapefile without its parts",
    "a.zip",
    lambda: zipped(("a.shp", struct.pack(">i", 9994) + b"\0" * 96)),
    "boundary_refused",
)
content(
    "a shapefile that climbs out of the folder",
    "a.zip",
    lambda: zipped(("../a.shp", struct.pack(">i", 9994) + b"\0" * 96)),
    "boundary_refused",
)
content(
    "a map that names other files",
    "a.shp",
    lambda: (
        b"<OGRVRTDataSource><OGRVRTLayer name='x'><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer>"
        b"</OGRVRTDataSource>"
    ),
    "boundary_refused",
)
content(
    "a spoilt archive of a map",
    "a.zip",
    lambda: spoilt(zipped(("a.geojson", geojson(polygon(SQUARE)))), 60),
    "boundary_refused",
)


# What is no file


@file("a folder", "file_missing")
def _folder(folder: Path) -> Path:
    (folder / "a.csv").mkdir()
    return folder / "a.csv"


@file("a name without a file", "file_missing")
def _nothing(folder: Path) -> Path:
    return folder / "a.csv"


@file("a link that leads nowhere", "file_missing")
def _dangling(folder: Path) -> Path:
    (folder / "a.csv").symlink_to(folder / "b.csv")
    return folder / "a.csv"


@file("a link that leads to itself", REFUSED)
def _loop(folder: Path) -> Path:
    (folder / "a.csv").symlink_to(folder / "a.csv")
    return folder / "a.csv"


@file("a link to a device without an end", "file_missing")
def _device(folder: Path) -> Path:
    (folder / "a.csv").symlink_to("/dev/zero")
    return folder / "a.csv"


@file("a pipe that nobody fills", "file_missing")
def _pipe(folder: Path) -> Path:
    os.mkfifo(folder / "a.csv")
    return folder / "a.csv"


@file("a file from before the clocks", STORED)
def _ancient(folder: Path) -> Path:
    path = put(folder / "a.csv", csv())
    os.utime(path, (-10_000_000_000, -10_000_000_000))
    return path


@file("a file with a name that is a tag, a quotation mark and an order", STORED)
def _named(folder: Path) -> Path:
    return put(folder / "'; DROP <b>{place} %s\x1b[2J.csv", csv())
