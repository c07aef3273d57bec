"""Stored files that only somebody with the key can read.

A sealed file is cut into pieces of 64 KiB, each encrypted with AES-256-GCM by a key of the file's own, which is derived
from the office's key (HKDF-SHA256). A piece is bound to its place and the last one is marked, so that no piece can be
changed, moved or cut off unnoticed. Readers decrypt the pieces that they ask for; nothing plain is written to the disk.

  magic (8 bytes) · id of the key (4) · salt (32) · pieces, each with its tag (16)

The office's keys stand in the file PADAN_KEY_FILE, else in PADAN_KEY, else in the systemd credential `padan-key`, one
after another, each 32 bytes in base64. The first seals what is written, the others only read. Without any key, files
are stored as they are.
"""

import base64
import binascii
import io
import os
import secrets
import shutil
import struct
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO, Final, Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from fsspec import AbstractFileSystem  # type: ignore[import-untyped]

from data.access import Refused
from data.home import scratch
from data.wording import N_

SCHEME: Final = "sealed"
KEY_FILE, KEY, CREDENTIAL = "PADAN_KEY_FILE", "PADAN_KEY", "padan-key"
PIECE: Final = 64 * 1024
TAG: Final = 16
MAGIC: Final = b"\x93PADAN\x01\n"
ID_BYTES, SALT_BYTES, KEY_BYTES, START_BYTES = 4, 32, 32, 7
HEAD: Final = len(MAGIC) + ID_BYTES + SALT_BYTES
SEALED_FOLDERS: Final = ("snapshots", "cubes", "links")
"""Folders below PADAN_HOME whose Parquet files speak of single persons, or are made of such."""

LOCKED: Final = N_(
    "The stored data are encrypted and the key for them is not at hand. Whoever runs the server knows where it is kept."
)
DAMAGED: Final = N_("A stored file was changed after it was stored. The command `verify` names it.")
NO_KEY_FILE: Final = N_("The file that PADAN_KEY_FILE names cannot be read.")
NOT_A_KEY: Final = N_("What PADAN_KEY_FILE, PADAN_KEY or the credential padan-key holds is not a list of keys.")

Whence = Literal["file", "environment", "credential", ""]


class Locked(Refused):
    """A stored file is encrypted with a key that is not at hand, or the keys cannot be read."""


class Damaged(Refused):
    """A sealed file is not what was written."""


@dataclass(frozen=True)
class Key:
    """One of the office's keys. `id` tells it from others and nothing about it."""

    id: str
    secret: bytes = field(repr=False)

    @classmethod
    def of(cls, text: str) -> "Key":
        """Raises Locked where the text is not 32 bytes in base64."""
        try:
            secret = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            secret = b""
        if len(secret) != KEY_BYTES:
            raise Locked(NOT_A_KEY) from None
        return cls(_derived(secret, b"", b"padan key id", ID_BYTES).hex(), secret)

    def pieces(self, salt: bytes) -> tuple[AESGCM, bytes]:
        """The cipher of one file and the start of its nonces."""
        made = _derived(self.secret, salt, b"padan file", KEY_BYTES + START_BYTES)
        return AESGCM(made[:KEY_BYTES]), made[KEY_BYTES:]


@dataclass(frozen=True)
class Keyring:
    """The office's keys, the one that seals first; none where nothing is encrypted."""

    keys: tuple[Key, ...] = ()
    source: Whence = ""

    @property
    def current(self) -> Key | None:
        return self.keys[0] if self.keys else None

    def key(self, key_id: str) -> Key:
        """Raises Locked."""
        for key in self.keys:
            if key.id == key_id:
                return key
        raise Locked(LOCKED)


def _derived(secret: bytes, salt: bytes, purpose: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, purpose).derive(secret)


def keyring() -> Keyring:
    """The keys as they are now: a key file that changes is read again. Raises Locked."""
    if path := os.environ.get(KEY_FILE):
        return _in_file(path, "file")
    if text := os.environ.get(KEY):
        return Keyring(_listed(text), "environment")
    if folder := os.environ.get("CREDENTIALS_DIRECTORY"):
        path = os.path.join(folder, CREDENTIAL)
        if os.path.exists(path):
            return _in_file(path, "credential")
    return Keyring()


def _in_file(path: str, source: Whence) -> Keyring:
    try:
        known = os.stat(path)
        return _read(path, source, known.st_mtime_ns, known.st_ino)
    except (OSError, UnicodeDecodeError):
        raise Locked(NO_KEY_FILE) from None


@lru_cache(maxsize=4)
def _read(path: str, source: Whence, _written: int, _inode: int) -> Keyring:
    return Keyring(_listed(Path(path).read_text(encoding="ascii")), source)


@lru_cache(maxsize=4)
def _listed(text: str) -> tuple[Key, ...]:
    lines = (line.partition("#")[0] for line in text.splitlines())
    keys = tuple(Key.of(word) for line in lines for word in line.split())
    if not keys:
        raise Locked(NOT_A_KEY)
    return keys


def new_key() -> str:
    """A new key as it stands in a key file."""
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode("ascii")


def add_key(path: Path) -> Key:
    """Puts a new key first into a key file, which is made where there is none, readable for its owner only."""
    text, before = new_key(), path.read_text(encoding="ascii") if path.exists() else ""
    if before.strip():
        _listed(before)
    aside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(f"{text}\n{before}")
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
    return Key.of(text)


# Reading and writing


def key_of(path: Path | str) -> str:
    """The id of the key that a file is sealed with; "" where it is not sealed, or not there."""
    with suppress(FileNotFoundError), open(path, "rb", buffering=0) as file:
        return _id_in(file.read(HEAD))
    return ""


def _id_in(head: bytes) -> str:
    return head[len(MAGIC) :][:ID_BYTES].hex() if len(head) == HEAD and head.startswith(MAGIC) else ""


def address(path: Path | str) -> str:
    """What DuckDB is told instead of a stored file's path, for reading and for writing.

    Raises Locked where the file is sealed with a key that is not at hand.
    """
    ring, sealed_with = keyring(), key_of(path)
    if sealed_with:
        ring.key(sealed_with)
    return f"{SCHEME}://{path}" if ring.keys else str(path)


def reading(path: Path | str) -> io.RawIOBase:
    """A stored file's content, sealed or not. Raises Locked, and Damaged while it is read."""
    file = open(path, "rb", buffering=0)  # noqa: SIM115 - the reader closes it
    try:
        head = file.read(HEAD)
        key_id = _id_in(head)
        reader: io.RawIOBase = _Unsealing(file, keyring().key(key_id), head) if key_id else _Reading(file)
    except BaseException:
        file.close()
        raise
    return reader


def writing(path: Path | str, key: Key | None = None) -> BinaryIO | io.RawIOBase:
    """A new file that is sealed with a key, by default the office's; as it is where there is none."""
    key = key or keyring().current
    return _Sealing(path, key) if key else open(path, "wb")


class _Reading(io.RawIOBase):
    """A stored file as it is. DuckDB's threads share one reader: each has a position of its own."""

    def __init__(self, file: io.FileIO) -> None:
        self._file, self._lock = file, threading.Lock()
        self._at: dict[int, int] = {}
        self.size = os.fstat(file.fileno()).st_size

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at.get(threading.get_ident(), 0)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self.tell(), os.SEEK_END: self.size}[whence]
        self._at[threading.get_ident()] = max(start + offset, 0)
        return self.tell()

    def read(self, size: int | None = -1) -> bytes:
        at = self.tell()
        rest = max(self.size - at, 0)
        size = rest if size is None or size < 0 else min(size, rest)
        self._at[threading.get_ident()] = at + size
        return self._content(at, size)

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer).cast("B")
        found = self.read(len(view))
        view[: len(found)] = found
        return len(found)

    def close(self) -> None:
        self._file.close()
        super().close()

    def _content(self, at: int, size: int) -> bytes:
        return self._stored(at, size)

    def _stored(self, at: int, size: int) -> bytes:
        # Windows has no reading at a place.
        with self._lock:
            self._file.seek(at)
            found = b""
            while len(found) < size and (more := self._file.read(size - len(found))):
                found += more
            return found


class _Unsealing(_Reading):
    """Decrypts the pieces that are asked for."""

    def __init__(self, file: io.FileIO, key: Key, head: bytes) -> None:
        super().__init__(file)
        self._cipher, self._start = key.pieces(head[-SALT_BYTES:])
        stored = self.size - HEAD
        self._pieces = max(-(-stored // (PIECE + TAG)), 1)
        self.size = stored - self._pieces * TAG
        last = stored - (self._pieces - 1) * (PIECE + TAG)
        # Nothing is written as an empty piece but an empty file, and nobody would read it: was something cut off?
        if last <= TAG:
            self._opened(self._pieces - 1, b"" if self._pieces > 1 else self._stored(HEAD, TAG))

    def _content(self, at: int, size: int) -> bytes:
        if not size:
            return b""
        first, last = at // PIECE, (at + size - 1) // PIECE
        stored = memoryview(self._stored(HEAD + first * (PIECE + TAG), (last - first + 1) * (PIECE + TAG)))
        pieces = (stored[place : place + PIECE + TAG] for place in range(0, len(stored), PIECE + TAG))
        plain = b"".join(self._opened(number, piece) for number, piece in enumerate(pieces, start=first))
        return plain[at - first * PIECE :][:size]

    def _opened(self, number: int, piece: bytes | memoryview) -> bytes:
        try:
            return self._cipher.decrypt(_nonce(self._start, number, number == self._pieces - 1), piece, None)
        except (InvalidTag, ValueError):
            raise Damaged(DAMAGED) from None


class _Sealing(io.RawIOBase):
    """Encrypts piece by piece; the last one is written when the file is closed."""

    def __init__(self, path: Path | str, key: Key) -> None:
        salt = secrets.token_bytes(SALT_BYTES)
        self._cipher, self._start = key.pieces(salt)
        self._number, self._length, self._rest = 0, 0, bytearray()
        self._file = open(path, "wb")  # noqa: SIM115 - `close` closes it
        self._file.write(MAGIC + bytes.fromhex(key.id) + salt)

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._length

    def write(self, data: Any) -> int:
        plain = memoryview(data).cast("B")
        self._rest += plain
        self._length += len(plain)
        # The last piece is only known at the end.
        while len(self._rest) > PIECE:
            self._seal(bytes(self._rest[:PIECE]), last=False)
            del self._rest[:PIECE]
        return len(plain)

    def _seal(self, plain: bytes, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._start, self._number, last), plain, None))
        self._number += 1

    def close(self) -> None:
        if not self.closed:
            try:
                self._seal(bytes(self._rest), last=True)
            finally:
                self._file.close()
                super().close()


def _nonce(start: bytes, number: int, last: bool) -> bytes:
    return start + struct.pack(">IB", number, last)


class SealedFiles(AbstractFileSystem):  # type: ignore[misc] # fsspec has no types
    """The stored files for DuckDB, as `sealed://<path>`; those that are not sealed are handed on as they are."""

    protocol = SCHEME
    cachable = False

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        return str(path).removeprefix(f"{SCHEME}://")

    def open(self, path: str, mode: str = "rb", **_: Any) -> BinaryIO | io.RawIOBase:
        return writing(self._strip_protocol(path)) if "w" in mode else reading(self._strip_protocol(path))

    def info(self, path: str, **_: Any) -> dict[str, Any]:
        with reading(self._strip_protocol(path)) as file:
            return {"name": path, "size": file.seek(0, os.SEEK_END), "type": "file"}

    def modified(self, path: str) -> datetime:
        return datetime.fromtimestamp(os.stat(self._strip_protocol(path)).st_mtime, UTC)

    def exists(self, path: str, **_: Any) -> bool:
        return os.path.exists(self._strip_protocol(path))

    def glob(self, path: str, **_: Any) -> list[str]:
        return [self._strip_protocol(path)] if self.exists(path) else []

    def mv(self, path1: str, path2: str, **_: Any) -> None:
        os.replace(self._strip_protocol(path1), self._strip_protocol(path2))

    def rm_file(self, path: str) -> None:
        os.remove(self._strip_protocol(path))


# All files of a store


def files(store: Path) -> Iterator[Path]:
    """The stored files that are sealed where there is a key."""
    for folder in SEALED_FOLDERS:
        yield from sorted((store / folder).rglob("*.parquet"))


def require_key(store: Path) -> None:
    """Raises Locked where a store holds snapshots whose key is not at hand: nothing goes in beside them."""
    at_hand = {"", *(key.id for key in keyring().keys)}
    if any(key_of(path) not in at_hand for path in (store / SEALED_FOLDERS[0]).glob("*/*.parquet")):
        raise Locked(LOCKED)


def seal(store: Path, path: Path, key: Key | None) -> bool:
    """Writes a stored file anew under a key, plain without one; its content stays, and its age. One rename, so that it
    can always be read under the old key or the new one. False where the file has gone meanwhile, or has that key.
    """
    if key_of(path) == (key.id if key else ""):
        return False
    with suppress(FileNotFoundError), scratch(store) as aside:
        target = aside / path.name
        with reading(path) as content, writing(target, key) if key else target.open("wb") as sealed:
            shutil.copyfileobj(content, sealed, 1 << 20)
        shutil.copystat(path, target)
        with target.open("rb+") as written:
            os.fsync(written.fileno())
        target.replace(path)
        return True
    return False
