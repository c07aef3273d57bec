"""Layouts that a user has confirmed once, kept in the store, so that the next file of the kind asks nothing."""

import hashlib
import json
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from data.home import scratch
from data.intake.headings import normal, timeless

FOLDER: Final = "layouts"
LEAST_ALIKE: Final = 0.9

Position = tuple[str, int]
"""A column's place in a layout: its heading without year, and how many columns before it bear the same."""


@dataclass(frozen=True)
class KeptLayout:
    """What a user said about the columns of a file: `fields` goes with `headings`, one by one; "" keeps a column as it
    is, None leaves it to be recognised.
    """

    name: str
    register: str
    headings: tuple[str, ...]
    fields: tuple[str | None, ...]

    @property
    def mapping(self) -> dict[str, str]:
        """Heading → field of the columns that were spoken of."""
        return {heading: said for heading, said in zip(self.headings, self.fields, strict=True) if said is not None}

    def likeness(self, headings: Sequence[str]) -> float:
        """How much of the longer list of headings is in both, 0–1; order, case and years do not matter."""
        mine, theirs = (Counter(map(timeless, filter(normal, found))) for found in (self.headings, headings))
        return (mine & theirs).total() / max(mine.total(), theirs.total(), 1)

    def applied(self, headings: Sequence[str]) -> dict[int, str]:
        """The field of every column of another file that was spoken of, by the column's place in it."""
        said = dict(zip(positions(self.headings), self.fields, strict=True))
        found = ((index, said.get(position)) for index, position in enumerate(positions(headings)))
        return {index: field for index, field in found if field is not None and headings[index]}


def positions(headings: Sequence[str]) -> list[Position]:
    seen: Counter[str] = Counter()
    found = []
    for heading in map(timeless, headings):
        found.append((heading, seen[heading]))
        seen[heading] += 1
    return found


def asked(mapping: Mapping[str, str], headings: Sequence[str]) -> tuple[dict[int, str], tuple[str, ...]]:
    """The columns that a mapping speaks of with the field each is given, and the headings in it that no column has.

    A heading is matched by meaning; of merged headings the last part will do where only one column has it. `#3` is the
    third column of the sheet, whatever its heading.

    >>> asked({"nomor": "nik", "#2": "name", "x": "kk"}, ("NOMOR", "", "Data > Alamat"))
    ({0: 'nik', 1: 'name'}, ('x',))
    """
    whole, last = (
        [normal(heading) for heading in found]
        for found in (headings, [heading.rpartition(">")[2] for heading in headings])
    )
    columns: dict[int, str] = {}
    strange = []
    for heading, field in mapping.items():
        key = normal(heading)
        named = key in whole or last.count(key) == 1
        number = heading.strip().removeprefix("#")
        if key and named:
            columns[whole.index(key) if key in whole else last.index(key)] = field
        elif heading.strip().startswith("#") and number.isdecimal() and 0 < int(number) <= len(headings):
            columns[int(number) - 1] = field
        else:
            strange.append(heading)
    return columns, tuple(strange)


class Layouts:
    """The kept layouts of a store, one small JSON file each."""

    def __init__(self, store: Path) -> None:
        self._store = store
        self._folder = store / FOLDER

    def kept(self) -> tuple[KeptLayout, ...]:
        """Every readable layout, by name."""
        found = (_read(path) for path in self._folder.glob("*.json")) if self._folder.is_dir() else ()
        return tuple(sorted((layout for layout in found if layout), key=lambda layout: layout.name))

    def keep(self, name: str, register: str, mapping: Mapping[str, str], headings: Sequence[str]) -> KeptLayout:
        """Keeps what `mapping` (heading or `#3` → field, "" = as it is) says of a file with these headings; an older
        layout of the same name is replaced. Raises ValueError where the name says nothing.
        """
        if not normal(name):
            raise ValueError("a layout needs a name")
        said, _ = asked(mapping, headings)
        fields = tuple(said.get(index) for index in range(len(headings)))
        layout = KeptLayout(" ".join(name.split()), register, tuple(headings), fields)
        self._folder.mkdir(parents=True, exist_ok=True)
        with scratch(self._store) as folder:
            written = folder / "layout.json"
            with written.open("w", encoding="utf-8") as file:
                json.dump(asdict(layout), file, ensure_ascii=False, indent=1)
                file.flush()
                os.fsync(file.fileno())
            written.replace(self._path(name))
        return layout

    def forget(self, name: str) -> None:
        """Takes a layout away; nothing happens where there is none of the name."""
        self._path(name).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        # What a user calls a layout is no file name.
        return self._folder / f"{hashlib.sha256(normal(name).encode()).hexdigest()[:16]}.json"


def _read(path: Path) -> KeptLayout | None:
    """None for a file that is damaged or not of this version."""
    with suppress(OSError, ValueError, TypeError, KeyError):
        found = json.loads(path.read_text(encoding="utf-8"))
        headings, fields = tuple(map(str, found["headings"])), tuple(found["fields"])
        if len(headings) == len(fields) and all(field is None or isinstance(field, str) for field in fields):
            return KeptLayout(str(found["name"]), str(found["register"]), headings, fields)
    return None


def nearest(kept: Sequence[KeptLayout], headings: Sequence[str]) -> KeptLayout | None:
    """The layout that a file with these headings is most like, if it is like one."""
    best = max(kept, key=lambda layout: layout.likeness(headings), default=None)
    return best if best and best.likeness(headings) >= LEAST_ALIKE else None
