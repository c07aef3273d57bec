"""Parquet: typed columns, ZSTD, the cover as key-value metadata of the file."""

import json
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from data.exports.pieces import Outlet, Piece, Pieces
from data.exports.table import Cover, Table, batches

ROWS_IN_A_GROUP: Final = 122_880


def write(table: Table, cover: Cover) -> Pieces:
    """The table with its keys as column names.

    Metadata: `title`, `sample` (true/false), and as JSON `cover` (pairs of label and value) and `labels` (key → label).
    """
    keys = [column.key for column in table.columns]
    metadata = {
        "title": cover.title,
        "sample": "true" if cover.sample else "false",
        "cover": json.dumps(cover.lines),
        "labels": json.dumps({column.key: column.label for column in table.columns}),
    }
    outlet = Outlet()
    reader = table.reader(table.select("*"), ROWS_IN_A_GROUP)
    schema = pa.schema((field.with_name(key) for field, key in zip(reader.schema, keys, strict=True)), metadata)
    with pq.ParquetWriter(outlet, schema, compression="zstd") as writer:
        yield Piece(outlet.take())
        for batch in batches(reader):
            writer.write_batch(pa.RecordBatch.from_arrays(batch.columns, schema=schema))
            yield Piece(outlet.take(), batch.num_rows)
    yield Piece(outlet.take())
