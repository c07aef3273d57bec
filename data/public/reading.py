"""Published editions, read back from their folders: all that anybody outside has. Knows nothing of the store.

<store>/<edition>/edition.json        threshold, rounding, places
<store>/<edition>/data/<code>.json    every figure of a place, masked
<store>/<edition>/map/<code>.json     its shapes
<store>/current                       the name of the edition that is shown
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

FORMAT: Final = 1
ABOUT: Final = "edition.json"
TABLES: Final = "data"
MAPS: Final = "map"
CURRENT: Final = "current"
WITHHELD: Final = "*"


@dataclass(frozen=True)
class Edition:
    """What was published at once: `about` is edition.json, `places` the masked figures of each place by its code."""

    name: str
    about: dict[str, Any]
    places: dict[str, dict[str, Any]]

    @property
    def threshold(self) -> int:
        return int(self.about["threshold"])

    @property
    def rounding(self) -> int:
        return int(self.about["rounding"])


def read(folder: Path) -> Edition:
    """Raises FileNotFoundError where nothing is published in the folder, ValueError for another format."""
    about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    if about.get("format") != FORMAT:
        raise ValueError(about.get("format"))
    places = {
        one["code"]: json.loads((folder / TABLES / f"{one['code']}.json").read_text(encoding="utf-8"))
        for one in about["places"]
    }
    return Edition(about["edition"], about, places)


def current(published: Path) -> Path | None:
    """The folder of the edition that is shown, of a store of editions; None where nothing is published."""
    try:
        name = (published / CURRENT).read_text(encoding="utf-8").strip()
    except OSError:
        return None
    folder = published / name
    return folder if name and folder.parent == published and (folder / ABOUT).is_file() else None


def editions(published: Path) -> list[Edition]:
    """Everything that was ever published from a store, in the order of the names."""
    if not published.is_dir():
        return []
    return [read(folder) for folder in sorted(published.iterdir()) if (folder / ABOUT).is_file()]


@dataclass(frozen=True)
class Told:
    """An area's figure at a date: numbers, `WITHHELD`, or None where it is not known."""

    code: str
    numerator: float | str | None
    denominator: float | str | None
    value: float | str | None


def figures(edition: Edition, code: str, key: str, level: str, day: date | None = None) -> Iterator[Told]:
    """An indicator of the areas of a level in a place, at its newest date that is not after `day`.

    Raises KeyError where nothing is published about the place, or not this figure.
    """
    around = next((place for place in edition.places.values() if _has(place, code)), None)
    if around is None:
        raise KeyError(code)
    one = next((one for one in around["indicators"] if one["key"] == key and one["category"] is None), None)
    if one is None:
        raise KeyError(key)
    days = [at for at, text in enumerate(one["periods"]) if day is None or text <= day.isoformat()]
    for area in around["areas"]:
        if area["level"] == level and (area["code"] == code or area["code"].startswith(f"{code}.")):
            cell = one["cells"].get(area["code"], [])[days[-1]] if days and area["code"] in one["cells"] else None
            yield Told(area["code"], *(cell or (None, None, None)))


def names(edition: Edition) -> dict[str, str]:
    """The name of every area of an edition by its code."""
    return {area["code"]: area["name"] for place in edition.places.values() for area in place["areas"]}


def keys(edition: Edition) -> Sequence[str]:
    """The figures that are published, in their order."""
    return tuple(dict.fromkeys(one["key"] for place in edition.places.values() for one in place["indicators"]))


def _has(place: dict[str, Any], code: str) -> bool:
    return any(area["code"] == code for area in place["areas"])
