"""CSV: one heading row and a clean table. DuckDB itself puts the lines together, about as fast as its COPY."""

import codecs
from dataclasses import dataclass
from typing import Final

from data.exports.pieces import Archive, Piece, Pieces, joined
from data.exports.table import Column, Cover, Table, batches, quoted, words
from data.wording import Language, translate

ROWS_AT_ONCE: Final = 10_000
_EXECUTED: Final = r"""^([\t\r\n]|[\s\p{Z}\p{Cf}"'`]*[=+\-@＝＋－＠﹦﹢﹣﹫])"""  # noqa: RUF001
_HARMLESS: Final = r"^\s*(-+|-\d+([.,]\d+)*)\s*$"


@dataclass(frozen=True)
class Dialect:
    """How a CSV is written.

    For readers: labels as headings, words for booleans, a mark by which Excel knows UTF-8, lines end with CRLF.
    For a `machine`: keys, true/false, no mark, LF. `for_excel` puts an apostrophe before all-digit identifiers.
    Raises ValueError where a decimal sign would separate columns.
    """

    # A NIK in a CSV that Excel opens by double click becomes 7.47E+15. A leading tab would prevent it, but is not
    # seen and spoils every later match; ="…" is itself a formula. The apostrophe is seen, is usual in registers, and
    # the intake takes it away again; but it is still not the data, so it has to be asked for. Excel does not touch
    # masked identifiers, and workbooks keep whole ones as text.
    delimiter: str = ","
    decimal: str = "."
    machine: bool = False
    for_excel: bool = False

    def __post_init__(self) -> None:
        if self.delimiter == self.decimal:
            raise ValueError("a CSV needs different signs between columns and before decimals")


# An Excel with Indonesian settings splits at semicolons, and reads 1.467 as 1467 but 1,467 as a fraction. pandas takes
# sep=";", decimal=","; QGIS and DuckDB see it by themselves. A first line "sep=;" would spoil the heading for them.
READERS: Final[dict[Language, Dialect]] = {"id": Dialect(";", ","), "en": Dialect(",", ".")}
MACHINE: Final = Dialect(machine=True)


def neutral(text: str) -> str:
    """SQL: the text with an apostrophe before anything that a spreadsheet would execute.

    A lone dash and a plain negative number stay as they are.
    """
    # Nearly every text begins with a letter or a digit, and comparing is much cheaper than matching.
    plain = " OR ".join(f"({text} >= '{first}' AND {text} < '{after}')" for first, after in ("0:", "A[", "a{"))
    executed = f"regexp_matches({text}, {quoted(_EXECUTED)}) AND NOT regexp_matches({text}, {quoted(_HARMLESS)})"
    return f"CASE WHEN {plain} THEN {text} WHEN {executed} THEN '''' || {text} ELSE {text} END"


def write(table: Table, dialect: Dialect, language: Language) -> Pieces:
    """The table as CSV."""
    headings = [column.key if dialect.machine else column.label for column in table.columns]
    texts = tuple(Column(column.key, column.label, "text") for column in table.columns)
    heading = Table(table.connection, f"SELECT {', '.join(map(quoted, headings))}", texts)
    first = b"".join(piece.data for piece in _lines(heading, dialect, language))
    yield Piece(first if dialect.machine else codecs.BOM_UTF8 + first)
    yield from _lines(table, dialect, language)


def write_with_cover(table: Table, cover: Cover, dialect: Dialect, language: Language) -> Pieces:
    """The same CSV and its explanation in one ZIP, because a download can be one file only."""
    archive = Archive()
    about = f"{translate('Notes', language).lower()}.txt"
    name = f"{translate('List', language).lower()}.csv"
    yield from archive.add(about, [Piece(explained(cover, dialect, language))])
    yield from archive.add(name, write(table, dialect, language), huge=True)
    yield from archive.end()


def explained(cover: Cover, dialect: Dialect, language: Language) -> bytes:
    """The cover as a text file."""
    form = translate(
        "UTF-8, “{delimiter}” between columns, “{decimal}” before decimals. Texts that a spreadsheet would execute "
        "begin with an apostrophe. In Excel, import NIK and No. KK as text, or take the XLSX file.",
        language,
        delimiter=dialect.delimiter,
        decimal=dialect.decimal,
    )
    mark = (translate("SAMPLE DATA", language), "") if cover.sample else ()
    lines = (f"{label}: {value}" for label, value in (*cover.lines, (translate("File form", language), form)))
    return codecs.BOM_UTF8 + "\r\n".join((*mark, cover.title, "", *lines, "")).encode(errors="replace")


def _lines(table: Table, dialect: Dialect, language: Language) -> Pieces:
    safe = (f"{neutral(name)} AS {name}" if column.textual else name for name, column in table.named())
    cells = (_cell(name, column, dialect, language) for name, column in table.named())
    line = f", {quoted(dialect.delimiter)}, ".join(cells)
    end = "chr(10)" if dialect.machine else "chr(13) || chr(10)"
    query = f"SELECT concat({line}, {end}) FROM ({table.select(*safe)})"
    for batch in batches(table.reader(query, ROWS_AT_ONCE)):
        yield Piece(joined(batch.column(0)), batch.num_rows)


def _cell(name: str, column: Column, dialect: Dialect, language: Language) -> str:
    if column.kind in ("number", "share"):
        text = f"replace(CAST({name} AS VARCHAR), '.', {quoted(dialect.decimal)})"
        return f"CASE WHEN isfinite({name}) THEN {text} END"
    if column.kind == "boolean" and not dialect.machine:
        return words(name, language)
    if column.kind == "identifier" and dialect.for_excel:
        return f"CASE WHEN regexp_full_match({name}, '[0-9]+') THEN '''' || {name} ELSE {_field(name, dialect)} END"
    return _field(name, dialect) if column.textual else name


def _field(text: str, dialect: Dialect) -> str:
    signs = (quoted('"'), quoted(dialect.delimiter), "chr(10)", "chr(13)", "chr(0)")
    special = " OR ".join(f"contains({text}, {sign})" for sign in signs)
    # Many programs stop reading at a NUL.
    legible = f"replace({text}, chr(0), chr(65533))"
    return f"""CASE WHEN {special} THEN '"' || replace({legible}, '"', '""') || '"' ELSE {text} END"""
