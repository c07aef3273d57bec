"""Any table of a screen as a file of its own: read from what the screen has just shown, so that both say the same."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any, Final, cast

import pandas as pd
import pyarrow as pa

from components.documents import press
from components.documents.briefing import dates, remarks
from components.documents.drawings import FIGURES, MEDIA, PICTURE
from components.documents.parts import Part
from components.tickets import File
from data import exports
from data.engine import connect
from data.exports import Column, Cover, Kind, file_name
from data.places.reference import place as known_place
from data.queries import Context
from data.wording import N_, Language, translate

CHOICES: Final[Mapping[str, str]] = {**FIGURES, **PICTURE}
UNKNOWN: Final = ("", "–")
TYPES: Final[Mapping[Kind, Any]] = {"text": "string", "integer": "Int64", "number": "Float64", "share": "Float64"}
EMPTY: Final = ("br", "img", "input", "hr")
"""Elements that are never closed."""
_NUMBER: Final = re.compile(r"([▲▼+\-−±]?)\s*(\d[\d.,\s]*?)\s*(%|poin|points?)?", re.IGNORECASE)
_POINT: Final[Mapping[Language, str]] = {"id": ",", "en": "."}


@dataclass(frozen=True)
class Tabled:
    """A table as it stands on a screen: headings, and the texts of its cells. `values` are the numbers behind them
    where the screen knows them, of which a text shows only so many decimals.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    values: tuple[tuple[object, ...], ...] = ()


def of_rows(data: Mapping[str, Any]) -> Tabled:
    """The table that a component draws: `columns`, and `rows` of `cells` (texts, or dictionaries with a `text`), with
    what they are ordered by where they have it.
    """
    rows = tuple(tuple(_text(cell) for cell in row["cells"]) for row in data["rows"])
    values = tuple(tuple(row.get("order", ())) for row in data["rows"])
    return Tabled(tuple(str(name) for name in data["columns"]), rows, values)


def _text(cell: object) -> str:
    return str(cell["text"] if isinstance(cell, Mapping) else cell)


def of_html(html: str) -> Tabled | None:
    """The longest table of some HTML of ours; None where there is none.

    >>> of_html("<table><tr><th>A</th><th>B</th></tr><tr><th>x &amp; y</th><td>1 <small>of 2</small></td></tr></table>")
    Tabled(columns=('A', 'B'), rows=(('x & y', '1 of 2'),), values=())
    """
    read = _Tables()
    read.feed(html)
    found = [table for table in read.tables if len(table) > 1]
    if not found:
        return None
    head, *rows = max(found, key=len)
    wide = max(map(len, (head, *rows)))
    padded = [(*row, *[""] * (wide - len(row))) for row in (head, *rows)]
    # A column of bars says nothing in words.
    told = [at for at in range(wide) if not at or any(row[at] for row in padded[1:])]
    picked = [tuple(row[at] for at in told) for row in padded]
    return Tabled(picked[0], tuple(picked[1:]))


class _Tables(HTMLParser):
    """Rows of texts by table, without what is only for those who cannot see the signs beside it."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self._cell: list[str] | None = None
        self._open: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in EMPTY:
            self._open.append("spoken" in (dict(attrs).get("class") or "").split())
        if tag == "table":
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self._cell = []
        elif self._cell is not None and tag in ("small", "br", "span", "a", "p"):
            self._cell.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if self._open:
            self._open.pop()
        if tag in ("td", "th") and self._cell is not None and self.tables and self.tables[-1]:
            self.tables[-1][-1].append(" ".join("".join(self._cell).split()))
            self._cell = None

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not any(self._open):
            self._cell.append(data)


@dataclass(frozen=True)
class Order:
    """A table that somebody may fetch; `title` stands above it and names the file."""

    table: Tabled | None
    title: str
    place: str
    context: Context
    format: str
    language: Language

    def file(self) -> File | None:
        if self.table is None or not self.table.rows:
            return None
        base = "-".join(filter(None, (_slug(self.title), self.place or "indonesia", str(self.context.period or ""))))
        name = file_name(base, self.format, self.context.sample, self.language)
        return File(name, MEDIA[self.format], [self.made(self.table)])

    def made(self, table: Tabled) -> bytes:
        if self.format in ("png", "svg"):
            return press.typeset("drawing.typ", self.content(table), cast(press.Drawn, self.format))
        frame, columns = typed(table, self.language)
        cover = Cover(self.title, self._about(), self.context.sample)
        connection = connect().con
        connection.register("shown", pa.Table.from_pandas(frame, preserve_index=False))
        made = exports.stream(
            connection, "SELECT * FROM shown", columns, cover, cast(exports.Format, self.format), self.language
        )
        return b"".join(made)

    def content(self, table: Tabled) -> Part:
        """The content of the template `drawing.typ`; the first column of shares or counts has bars."""
        reader, (frame, columns) = self.language, typed(table, self.language)
        kinds = [column.kind for column in columns]
        barred = next((at for kind in ("share", "number", "integer") for at, own in enumerate(kinds) if own == kind), 0)
        lengths = frame.iloc[:, barred].astype("Float64").fillna(0).clip(lower=0) if barred else pd.Series(dtype=float)
        most = 1.0 if kinds[barred] == "share" else float(max(lengths, default=0) or 1)
        files = ", ".join(dict.fromkeys(source.file for source in self.context.sources))
        return {
            "language": reader,
            "part": "table",
            "title": self.title,
            "place": " · ".join(filter(None, (self._where, dates(self.context, reader)))),
            "sample": translate(N_("SAMPLE DATA"), reader) if self.context.sample else "",
            "source": translate(N_("Source: {files}"), reader, files=files) if files else "",
            "shown": {
                "columns": table.columns,
                "barred": barred,
                "rows": [
                    {"cells": row, "tones": [""] * len(row), "chosen": False, "length": length}
                    for row, length in zip(
                        table.rows,
                        [min(float(one) / most, 1.0) for one in lengths] or [0.0] * len(table.rows),
                        strict=True,
                    )
                ],
            },
        }

    @property
    def _where(self) -> str:
        return known_place(self.place).name if self.place else translate(N_("All areas"), self.language)

    def _about(self) -> tuple[tuple[str, str], ...]:
        reader, context = self.language, self.context
        return (
            (translate(N_("Area"), reader), f"{self._where} ({self.place})" if self.place else self._where),
            (translate(N_("Date of the data"), reader), dates(context, reader)),
            *((translate(N_("Source file"), reader), f"{one.file} · SHA-256 {one.sha256}") for one in context.sources),
            *((translate(N_("Note"), reader), words) for words in remarks(context, reader)),
        )


def typed(table: Tabled, reader: Language) -> tuple[pd.DataFrame, tuple[Column, ...]]:
    """The table with its numbers as numbers: a column of which every known cell is one. Shares are fractions.

    >>> table = Tabled(("A", "B", "C"), (("x", "12,5%", "1.204"), ("y", "–", "3 / 4")))
    >>> [column.kind for column in typed(table, "id")[1]]
    ['text', 'share', 'text']
    """
    frame, columns = pd.DataFrame(), []
    for at, heading in enumerate(table.columns):
        texts = [row[at] for row in table.rows]
        own = [row[at] if at < len(row) else None for row in table.values] or [None] * len(texts)
        # What stands first names the row, even where it looks like a number.
        kind, cells = _column(texts, own, reader) if at else _texts(texts)
        frame[f"c{at}"] = pd.Series(cells, dtype=TYPES[kind])
        columns.append(Column(f"c{at}", heading or str(at + 1), kind))
    return frame, tuple(columns)


def _column(texts: Sequence[str], own: Sequence[object], reader: Language) -> tuple[Kind, list[Any]]:
    read = [_read(text, reader) for text in texts]
    known = [(one, value) for one, value in zip(read, own, strict=True) if one is not None]
    if not known or any(one is None and text not in UNKNOWN for one, text in zip(read, texts, strict=True)):
        return _texts(texts)
    share = any("%" in text for text in texts) or any(
        isinstance(value, float) and one and abs(value - one) > abs(value - one / 100) for one, value in known
    )
    whole = 100 if share else 1
    values: list[float | None] = [
        None if one is None else float(value) if isinstance(value, int | float) else round(one / whole, 6)
        for one, value in zip(read, own, strict=True)
    ]
    if share:
        return "share", values
    if all(value is None or value == int(value) for value in values):
        return "integer", [None if value is None else int(value) for value in values]
    return "number", values


def _slug(title: str) -> str:
    """
    >>> _slug("Stunting × DTKS")
    'stunting-dtks'
    """
    return "-".join(re.findall(r"\w+", title.lower()))


def _texts(texts: Sequence[str]) -> tuple[Kind, list[Any]]:
    return "text", list(texts)


def _read(text: str, reader: Language) -> float | None:
    """The number that a text is, in the form of a language; percent and points as they are written.

    >>> _read("▼ 1.204,5 poin", "id"), _read("3 / 4", "id"), _read("12.5%", "en")
    (-1204.5, None, 12.5)
    """
    found = _NUMBER.fullmatch(text.strip())
    if found is None:
        return None
    point = _POINT[reader]
    digits = re.sub(rf"[^\d{re.escape(point)}]", "", found[2]).replace(point, ".")
    try:
        value = float(digits)
    except ValueError:
        return None
    return -value if found[1] in ("▼", "-", "−") else value
