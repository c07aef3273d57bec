"""Files that are read while they are being written, piece by piece."""

from collections.abc import Generator, Iterable
from typing import NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pyarrow as pa
import pyarrow.compute as pc


class Piece(NamedTuple):
    """The next bytes of a file and the number of list rows that they complete."""

    data: bytes
    rows: int = 0


Pieces = Generator[Piece, None, None]


class Outlet:
    """Takes what a writer of files writes and hands it on. It cannot go back: there is no seeking."""

    closed = False

    def __init__(self) -> None:
        self._waiting = bytearray()
        self._position = 0

    def write(self, data: bytes, /) -> int:
        self._waiting += data
        self._position += len(data)
        return len(data)

    def tell(self) -> int:
        return self._position

    def flush(self) -> None:
        """Nothing waits for anything."""

    def close(self) -> None:
        """What was written can still be taken."""

    def take(self) -> bytes:
        """What was written since the last call."""
        taken = bytes(self._waiting)
        self._waiting.clear()
        return taken


class Archive:
    """A ZIP whose entries are streamed into it. Entries carry no time, so that equal content is an equal file."""

    def __init__(self) -> None:
        self._outlet = Outlet()
        self._zip = ZipFile(self._outlet, "w")

    def add(self, name: str, pieces: Iterable[Piece], huge: bool = False) -> Pieces:
        """Adds an entry. One that may reach 2 GiB must be announced as `huge`; Excel does not open such entries."""
        entry = ZipInfo(name)
        entry.compress_type = ZIP_DEFLATED
        with self._zip.open(entry, "w", force_zip64=huge) as file:
            for piece in pieces:
                file.write(piece.data)
                yield Piece(self._outlet.take(), piece.rows)

    def end(self) -> Pieces:
        self._zip.close()
        yield Piece(self._outlet.take())


def joined(texts: pa.Array) -> bytes:
    """A column of texts as one."""
    whole = pa.ListArray.from_arrays(pa.array([0, len(texts)], pa.int32()), texts)
    data: bytes = pc.binary_join(whole, "")[0].as_buffer().to_pybytes()
    return data
