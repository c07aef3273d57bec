"""What is exported: an ordered SELECT, what its columns are, and the sheet that explains it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

import duckdb
import pyarrow as pa

from data.wording import Language, translate

Kind = Literal["text", "identifier", "integer", "number", "date", "share", "boolean"]

_TYPES: Final[dict[Kind, str]] = {
    "text": "VARCHAR",
    "identifier": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "date": "DATE",
    "share": "DOUBLE",
    "boolean": "BOOLEAN",
}


class ListError(RuntimeError):
    """The query failed while it ran."""


@dataclass(frozen=True)
class Column:
    """A column of the list: `key` for programs, `label` in the reader's language. A share is a fraction 0 to 1."""

    key: str
    label: str
    kind: Kind

    @property
    def textual(self) -> bool:
        return self.kind in ("text", "identifier")


@dataclass(frozen=True)
class Cover:
    """What goes with every list: (label, value) pairs in the reader's language.

    `sample` marks demonstration data, which then also say so on every row.
    """

    title: str
    lines: tuple[tuple[str, str], ...]
    sample: bool


@dataclass(frozen=True)
class Table:
    """A complete, ordered SELECT whose output columns are `columns`. Raises ValueError where their number differs."""

    connection: duckdb.DuckDBPyConnection
    sql: str
    columns: tuple[Column, ...]

    def __post_init__(self) -> None:
        found = len(self.connection.sql(self.sql).columns)
        if found != len(self.columns):
            raise ValueError(f"the query has {found} columns, but {len(self.columns)} are described")

    def named(self) -> Iterator[tuple[str, Column]]:
        """The columns with the names that they have in `select`: c0, c1, …"""
        return ((f"c{place}", column) for place, column in enumerate(self.columns))

    def select(self, *expressions: str) -> str:
        """A SELECT of expressions over c0, c1, …, which have the types of their kinds."""
        names = ", ".join(name for name, _ in self.named())
        typed = ", ".join(f"CAST({name} AS {_TYPES[column.kind]}) AS {name}" for name, column in self.named())
        return f"SELECT {', '.join(expressions)} FROM (SELECT {typed} FROM {nested(self.sql)} AS given({names}))"

    def reader(self, query: str, rows: int) -> pa.RecordBatchReader:
        """The answer to a query, about `rows` at a time; see `batches`. Raises ListError."""
        try:
            return self.connection.sql(query).to_arrow_reader(rows)
        except duckdb.Error as error:
            raise _failed(type(error).__name__) from None


def batches(reader: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
    """The rows of an answer as they come, so that memory stays flat. Raises ListError."""
    with reader:
        while True:
            try:
                batch = reader.read_next_batch()
            except StopIteration:
                return
            except (pa.ArrowException, OSError) as error:
                raise _failed(str(error).partition(":")[0]) from None
            yield batch


def marked(table: Table, cover: Cover, language: Language) -> Table:
    """Sample data say so on every row, because rows are copied into other files."""
    if not cover.sample:
        return table
    mark = translate("SAMPLE DATA", language)
    sql = f"SELECT *, {quoted(mark)} FROM {nested(table.sql)}"
    return Table(table.connection, sql, (*table.columns, Column("sample", mark, "text")))


def _failed(kind: str) -> ListError:
    # DuckDB's own words may quote a cell, and so a NIK: only its kind of error is passed on.
    return ListError(f"The list could not be read to its end: {kind}.")


def nested(sql: str) -> str:
    """A statement as a subquery, also where it ends with a comment."""
    return f"({sql}\n)"


def quoted(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def words(boolean: str, language: Language) -> str:
    """SQL: a boolean in the reader's words."""
    yes, no = (quoted(translate(word, language)) for word in ("Yes", "No"))
    return f"CASE WHEN {boolean} THEN {yes} WHEN NOT {boolean} THEN {no} END"
