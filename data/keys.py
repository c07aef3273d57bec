"""The office's keys and what is sealed with them: `python -m data keys`."""

import os
import stat
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data import audit, encryption
from data.access import Refused, Viewer, answers, everywhere
from data.definitions.roles import Right
from data.encryption import Keyring, Locked
from data.snapshots import Store
from data.wording import N_, Language, translate

PLAIN = ""
"""Stands for the key of a file that is not sealed."""
NO_KEY = N_("There is no key to encrypt with. Make one with `keys new` and name its file in PADAN_KEY_FILE.")
KEY_IN_STORE = N_("A key must not lie inside the store: whoever copies the store would have the key too.")


@dataclass(frozen=True)
class Status:
    """How a store's by-name files are kept: how many are sealed with which key (its id; PLAIN for none)."""

    ring: Keyring
    files: Mapping[str, int]

    @property
    def sealed(self) -> bool:
        """Whether every file is sealed with the key that seals now."""
        return self.ring.current is not None and self.files.keys() <= {self.ring.current.id}

    @property
    def lost(self) -> tuple[str, ...]:
        """Keys without which some files cannot be read, and which are not at hand."""
        at_hand = {PLAIN, *(key.id for key in self.ring.keys)}
        return tuple(sorted(self.files.keys() - at_hand))

    @property
    def needless(self) -> tuple[str, ...]:
        """Older keys at hand that no file is sealed with any more."""
        return tuple(key.id for key in self.ring.keys[1:] if key.id not in self.files)

    @property
    def open_to_others(self) -> bool:
        """Whether others than its owner may read the key file."""
        path = os.environ.get(encryption.KEY_FILE, "")
        return self.ring.source == "file" and os.name != "nt" and bool(stat.S_IMODE(os.stat(path).st_mode) & 0o077)

    def in_store(self, store: Store) -> bool:
        """Whether the key file lies inside the store."""
        path = os.environ.get(encryption.KEY_FILE, "")
        return self.ring.source == "file" and _inside(store, Path(path))


@dataclass(frozen=True)
class Turned:
    """What a turning of the keys did: files written anew, those that had the key already, and bytes."""

    files: int
    kept: int
    bytes: int


def status(store: Store) -> Status:
    """Raises Locked where the keys cannot be read."""
    return Status(encryption.keyring(), Counter(encryption.key_of(path) for path in encryption.files(store.path)))


def new(store: Store, path: Path | None) -> str:
    """A new key: put first into the key file, whose text is then "", else the text for whoever keeps it.

    Raises Refused where the file lies inside the store, Locked where what stands in it is not a list of keys.
    """
    path = path or (Path(told) if (told := os.environ.get(encryption.KEY_FILE)) else None)
    if path is None:
        return encryption.new_key()
    if _inside(store, path):
        raise Refused(KEY_IN_STORE)
    encryption.add_key(path)
    return ""


@answers(Right.SETTINGS, everywhere)
def rotate(store: Store, viewer: Viewer, plain: bool = False, progress: Callable[[int, int], None] = print) -> Turned:
    """Writes every by-name file anew under the key that seals now, or without any. It may be stopped at any moment and
    called again: each file is replaced by one rename, and is read under its old key until then.

    `progress` is told how many of how many files are done. Raises Refused, and Locked before anything is written where
    an old key is not at hand.
    """
    before = status(store)
    key = None if plain else before.ring.current
    if key is None and not plain:
        raise Refused(NO_KEY)
    if before.lost:
        raise Locked(encryption.LOCKED)
    name = key.id if key else "-"
    audit.record(store, viewer, "keys", about=f"{', '.join(map(_named, before.files))} → {name}")
    done, size, found = 0, 0, list(encryption.files(store.path))
    for number, path in enumerate(found, start=1):
        if encryption.seal(store.path, path, key):
            done += 1
            size += path.stat().st_size if path.exists() else 0
        progress(number, len(found))
    return Turned(done, len(found) - done, size)


def text(store: Store, found: Status, language: Language) -> Iterator[str]:
    """What `keys status` says, a line each."""

    def say(message: str, **values: str | int) -> str:
        return translate(message, language, **values)

    current = found.ring.current
    if current:
        whence = {
            "file": N_("the key file"),
            "environment": N_("the environment variable PADAN_KEY"),
            "credential": N_("the systemd credential padan-key"),
        }[found.ring.source]
        yield say(N_("Stored files are encrypted with key {key}, from {whence}."), key=current.id, whence=say(whence))
    else:
        yield say(N_("Encryption is off: stored files are as readable as the disk that they lie on."))
    for key_id, files in sorted(found.files.items()):
        words = N_("{files} files with key {key}") if key_id else N_("{files} files without encryption")
        yield "  " + say(words, files=files, key=key_id)
    if found.lost:
        yield say(N_("Not at hand: {keys}. These files cannot be read."), keys=", ".join(found.lost))
    elif current and not found.sealed:
        yield say(N_("`keys rotate` encrypts all of them with key {key}."), key=current.id)
    if found.needless:
        yield say(N_("No file needs these keys any more, except in backups: {keys}."), keys=", ".join(found.needless))
    if found.open_to_others:
        yield say(N_("Others than its owner may read the key file: chmod 600."))
    if found.in_store(store):
        yield say(KEY_IN_STORE)


def as_json(store: Store, found: Status) -> dict[str, Any]:
    """The same for a program."""
    return {
        "encrypted": found.ring.current is not None,
        "key": found.ring.current.id if found.ring.current else None,
        "source": found.ring.source,
        "files": {key_id or "plain": files for key_id, files in found.files.items()},
        "complete": found.sealed,
        "not_at_hand": list(found.lost),
        "needless": list(found.needless),
        "open_to_others": found.open_to_others,
        "key_in_store": found.in_store(store),
    }


def _named(key_id: str) -> str:
    return key_id or "-"


def _inside(store: Store, path: Path) -> bool:
    return path.resolve().is_relative_to(store.path.resolve())
