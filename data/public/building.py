"""Publishes the figures that everybody may see: masked, attacked, and written only where the attack failed.

    PADAN_HOME/public/<edition>   one folder a published edition, never changed afterwards
    PADAN_HOME/public/current     the name of the one that is shown

Older editions stay: whoever read them knows them, so that a later mask has to reckon with them. What one edition
withholds, no later one tells.
"""

import hashlib
import os
import shutil
import time
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any, Final

from data import __version__, audit, database
from data.access import Refused, Viewer, answers, narrowed
from data.area import within
from data.definitions.catalogue import INDICATORS
from data.definitions.roles import Right
from data.home import scratch, staged
from data.places.reference import level_of
from data.public import reading, site, suppression, writing
from data.public.attack import EVERY, Attack, Found, Insider, attack
from data.public.cells import SMALLEST_THRESHOLD, USUAL_THRESHOLD, Cell, Counts, Interval, Rules
from data.public.collecting import Collected, collect
from data.public.reading import WITHHELD, Edition
from data.public.shapes import shapes
from data.public.suppression import Mask
from data.snapshots import Store
from data.wording import N_

FOLDER: Final = "public"
THRESHOLD: Final = "PADAN_PUBLIC_THRESHOLD"
SECONDS: Final = 12
FASTEST, SLOWEST = 3, 120
ACTION: Final = "publish"

NOT_SAFE: Final = N_(
    "Nothing was published: the check could work out numbers that have to be withheld. Please report this as a defect."
)
NOTHING: Final = N_("There are no figures to publish.")
BUSY: Final = N_("Somebody is publishing at this moment. Try again when that is done.")
TOO_LOW: Final = N_("The threshold must be a whole number of at least {least}.")
NOT_EMPTY: Final = N_("The folder holds something else than published figures; it was left as it is.")


@dataclass(frozen=True)
class Loss:
    """What is withheld of a figure at a level: cells in all, withheld, of them because they are small themselves, and
    which share of the people (or families, children …) counted there stands behind them.
    """

    indicator: str
    by_category: bool
    level: str
    cells: int
    withheld: int
    small: int
    people: float


@dataclass(frozen=True)
class PlaceReport:
    """How a place came out: `tried` numbers and groups were attacked. `gap` is how much dearer than the cheapest mask
    the chosen one may be (0: it is the cheapest).
    """

    code: str
    name: str
    cells: int
    withheld: int
    small: int
    gap: float
    rounds: int
    seconds: float
    losses: tuple[Loss, ...]


@dataclass(frozen=True)
class Report:
    """What was published. `tried` numbers and groups were attacked, in `seconds` altogether."""

    edition: str
    folder: Path
    threshold: int
    sample: bool
    tried: int
    attack_seconds: float
    seconds: float
    places: tuple[PlaceReport, ...]

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"folder": str(self.folder)}


class TooLow(Refused):
    """The threshold that was asked for protects nobody."""

    def __init__(self) -> None:
        super().__init__(TOO_LOW)
        self.values = {"least": SMALLEST_THRESHOLD}


class NotSafe(Refused):
    """The attack succeeded: `found` says where (never what)."""

    def __init__(self, found: Sequence[Found]) -> None:
        super().__init__(NOT_SAFE)
        self.found = tuple(found)


def rules(threshold: int | None = None) -> Rules:
    """The threshold as asked for, else of the environment, else the usual one. Raises Refused where it is too low."""
    told = os.environ.get(THRESHOLD, "") if threshold is None else str(threshold)
    if not told:
        return Rules(USUAL_THRESHOLD)
    if not told.isascii() or not told.isdigit() or int(told) < SMALLEST_THRESHOLD:
        raise TooLow
    return Rules(int(told))


@answers(Right.SETTINGS, narrowed)
def publish(
    store: Store,
    viewer: Viewer,
    place: str = "",
    threshold: int | None = None,
    folder: Path | None = None,
    seconds: int = SECONDS,
    patience: float = suppression.SECONDS,
) -> Report:
    """Publishes a place (`""`: all of which the store has figures) into the store, and to `folder` as well.

    `seconds` is how long a message stands on the screen, `patience` how long the cheapest mask is looked for. Raises
    Refused, NotSafe where the attack succeeded; nothing is written then.
    """
    begun = time.monotonic()
    allowed = rules(threshold)
    if folder is not None:
        _require_replaceable(folder)
    codes = [place] if place else [code for code in places(store) if viewer.may(Right.SETTINGS, code)]
    for code in codes:
        viewer.require(Right.SETTINGS, code)
    published = store.path / FOLDER
    # What another run tells meanwhile would be known to nobody here.
    with database.alone(store.path / f"{FOLDER}.lock") as free:
        if not free:
            raise Refused(BUSY)
        earlier = [*reading.editions(published), *_edition_of(folder)]
        found = [one for code in codes if (one := collect(store, code, allowed)).tables]
        if not found:
            raise Refused(NOTHING)
        made = [_mask(one, allowed, earlier, patience) for one in found]
        contents = {
            one.place.code: writing.place(one, mask.withheld, allowed)
            for one, (mask, _) in zip(found, made, strict=True)
        }
        maps = {one.place.code: shapes(store.path, one.place) for one in found}
        about = _about(contents, maps, allowed, seconds)
        with scratch(store.path) as aside:
            _write(aside, about, contents, maps)
            attacked = time.monotonic()
            tried = _attack(aside, earlier, found)
            attack_seconds = time.monotonic() - attacked
            final = published / about["edition"]
            if not final.exists():
                with staged(store.path, final) as staging:
                    shutil.copytree(aside, staging, dirs_exist_ok=True)
        audit.record(store, viewer, ACTION, place=place, about=about["edition"])
        if folder is not None:
            _replace(folder, final)
        _point(published, about["edition"])
        return Report(
            about["edition"], final, allowed.threshold, about["sample"], tried, round(attack_seconds, 1),
            round(time.monotonic() - begun, 1),
            tuple(_reported(one, mask, spent) for one, (mask, spent) in zip(found, made, strict=True)),
        )  # fmt: skip


def places(store: Store) -> tuple[str, ...]:
    """Of what the store has figures: the largest areas."""
    known = {snapshot.place for snapshot in store.snapshots() if snapshot.place}
    return tuple(sorted(one for one in known if not any(one != other and within(one, other) for other in known)))


def _mask(found: Collected, allowed: Rules, earlier: Sequence[Edition], patience: float) -> tuple[Mask, float]:
    begun = time.monotonic()
    counts = found.counts
    kept, known = remembered(earlier, counts)
    mask = suppression.solve(counts, allowed, kept, known, patience)
    return mask, round(time.monotonic() - begun, 1)


def remembered(earlier: Iterable[Edition], counts: Counts) -> tuple[frozenset[Cell], dict[tuple[Cell, date], Interval]]:
    """What was withheld before, and what was told: between what those counts lie, as far as that is still true."""
    kept: set[Cell] = set()
    known: dict[tuple[Cell, date], Interval] = {}
    for edition in earlier:
        told = Rules(edition.threshold, edition.rounding)
        for cell, day, number in _numbers(edition):
            count = counts.at(cell, day)
            if number == WITHHELD:
                kept.add(cell)
            elif count is not None and cell not in counts.exact:
                low, high = told.known(int(number))
                before = known.get((cell, day), (low, high))
                if low <= count <= high:
                    known[cell, day] = max(low, before[0]), min(high, before[1])
    return frozenset(kept), known


def _numbers(edition: Edition) -> Iterable[tuple[Cell, date, Any]]:
    """Every published number of an edition, and every withheld one, by what it counts."""
    for place in edition.places.values():
        for one in place["indicators"]:
            indicator = INDICATORS.get(one["key"])
            if indicator is None or (one["source_published"] and indicator.is_share):
                continue
            category = one["category"]["key"] if one["category"] else ""
            for code, cells in one["cells"].items():
                for text, (part, whole, value) in zip(one["periods"], cells, strict=True):
                    told = [(Cell(code, indicator.numerator, category), part if indicator.is_ratio else value)]
                    if indicator.is_ratio:
                        told.append((Cell(code, str(indicator.denominator)), whole))
                    for cell, number in told:
                        if number is not None:
                            yield cell, date.fromisoformat(text), number


# What is written


def _about(
    contents: Mapping[str, dict[str, Any]], maps: Mapping[str, dict[str, Any]], allowed: Rules, seconds: int
) -> dict[str, Any]:
    """edition.json; its name is a mark of everything in the edition, and put into every file."""
    said = [__version__, _version_of_site(), str(seconds)]
    said += [writing.text(one) for code in contents for one in (contents[code], maps[code])]
    name = hashlib.sha256("\n".join(said).encode()).hexdigest()[:12]
    for content in contents.values():
        content["edition"] = name
    return {
        "format": reading.FORMAT,
        "edition": name,
        "published_on": date.today().isoformat(),
        "sample": any(content["sample"] for content in contents.values()),
        "threshold": allowed.threshold,
        "rounding": allowed.rounding,
        "smallest_denominator": allowed.smallest_denominator,
        "seconds": seconds,
        "places": [
            {**content["place"], "sample": content["sample"], "as_of": content["as_of"],
             "messages": len(content["messages"])}
            for content in contents.values()
        ],
    }  # fmt: skip


def _version_of_site() -> str:
    parts = sorted(path for path in site.ASSETS.rglob("*") if path.is_file())
    return hashlib.sha256(b"".join(path.read_bytes() for path in parts)).hexdigest()


def _write(
    folder: Path,
    about: dict[str, Any],
    contents: Mapping[str, dict[str, Any]],
    maps: Mapping[str, dict[str, Any]],
) -> None:
    (folder / reading.TABLES).mkdir()
    (folder / reading.MAPS).mkdir()
    (folder / reading.ABOUT).write_text(writing.text(about), encoding="utf-8")
    for code in contents:
        (folder / reading.TABLES / f"{code}.json").write_text(writing.text(contents[code]), encoding="utf-8")
        (folder / reading.MAPS / f"{code}.json").write_text(writing.text(maps[code]), encoding="utf-8")
    site.copy(folder, about, contents, maps)


def _require_replaceable(folder: Path) -> None:
    if folder.exists() and not (folder / reading.ABOUT).is_file() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(NOT_EMPTY)


def _edition_of(folder: Path | None) -> list[Edition]:
    return [reading.read(folder)] if folder is not None and (folder / reading.ABOUT).is_file() else []


def _replace(folder: Path, edition: Path) -> None:
    """Puts an edition in the place of the one that is there: whole, by renaming."""
    folder = folder.absolute()
    folder.parent.mkdir(parents=True, exist_ok=True)
    new, old = (folder.with_name(f".{folder.name}-{uuid.uuid4().hex}") for _ in range(2))
    shutil.copytree(edition, new)
    if folder.exists():
        folder.rename(old)
    new.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def _point(published: Path, name: str) -> None:
    aside = published / f".{reading.CURRENT}-{uuid.uuid4().hex}"
    aside.write_text(name + "\n", encoding="utf-8")
    aside.replace(published / reading.CURRENT)


# Whether it is safe


def _attack(folder: Path, earlier: Sequence[Edition], found: Sequence[Collected]) -> int:
    """Attacks what was written as anybody could, and as somebody could who knows what lies beside the tables. Returns
    how many numbers and groups were tried. Raises NotSafe.
    """
    edition = reading.read(folder)
    insider = inside(found, Rules(edition.threshold, edition.rounding))
    old = frozenset(chain.from_iterable(outdated(earlier, one.counts) for one in found))
    tried: list[Attack] = []
    for knowing in (None, insider):
        tried.append(attack(edition, earlier, knowing, old))
        if not tried[-1].withstood:
            raise NotSafe(tried[-1].found)
    return tried[0].tried


def outdated(earlier: Iterable[Edition], counts: Counts) -> Iterable[tuple[str, tuple[str, str, str], Interval]]:
    """What was told before and is no longer true, because data were corrected."""
    for edition in earlier:
        told = Rules(edition.threshold, edition.rounding)
        for cell, day, number in _numbers(edition):
            count = counts.at(cell, day)
            if count is not None and number != WITHHELD and cell not in counts.exact:
                low, high = told.known(int(number))
                if not low <= count <= high:
                    yield day.isoformat(), _key(cell), (low, high)


def inside(found: Sequence[Collected], allowed: Rules) -> Insider:
    """What the office itself knows beside the published tables."""
    return Insider(_rests(found), _exact(found), frozenset(_few(found, allowed)), _some(found))


def _few(
    found: Sequence[Collected], allowed: Rules
) -> Iterable[tuple[str, tuple[str, str, str], tuple[tuple[str, str, str], ...]]]:
    """Wholes of which few are in none of the parts."""
    for one in found:
        for relation in one.relations:
            if relation.kind != "rest" or not relation.counted:
                continue
            for day, count in one.values[relation.whole].items():
                parts = [one.values[part][day] for part in relation.parts if day in one.values[part]]
                if parts and count - sum(parts) < allowed.threshold:
                    told = tuple(_key(part) for part in relation.parts if day in one.values[part])
                    yield day.isoformat(), _key(relation.whole), told


def _key(cell: Cell) -> tuple[str, str, str]:
    return cell.code, cell.measure, cell.category


def _rests(found: Sequence[Collected]) -> dict[tuple[str, tuple[str, str, str]], int]:
    """By how much wholes exceed the sums of their areas, and of their categories."""
    rests = {}
    for one in found:
        for relation in one.relations:
            if relation.kind != "equal" or relation.parts[0].measure != relation.whole.measure:
                continue
            categories = relation.parts[0].code == relation.whole.code
            named = (*relation.whole[:2], EVERY if categories else relation.whole.category)
            for day, count in one.values[relation.whole].items():
                parts = [one.values[part][day] for part in relation.parts if day in one.values[part]]
                if parts:
                    rests[day.isoformat(), named] = count - sum(parts)
    return rests


def _some(found: Sequence[Collected]) -> frozenset[tuple[str, tuple[str, str, str]]]:
    """The counts that are not nobody."""
    return frozenset(
        (day.isoformat(), _key(cell))
        for one in found
        for cell, by_day in one.values.items()
        for day, count in by_day.items()
        if count
    )


def _exact(found: Sequence[Collected]) -> dict[tuple[str, tuple[str, str, str]], int]:
    return {
        (day.isoformat(), _key(cell)): count
        for one in found
        for cell in one.counts.exact
        for day, count in one.values[cell].items()
    }


# What was lost


def _reported(found: Collected, mask: Mask, seconds: float) -> PlaceReport:
    free = [cell for cell in found.values if cell not in found.counts.exact]
    return PlaceReport(
        found.place.code, found.place.name, len(free), len(mask.withheld), len(mask.primary), round(mask.gap, 9),
        mask.rounds, seconds, tuple(_losses(found, mask)),
    )  # fmt: skip


def _losses(found: Collected, mask: Mask) -> Iterable[Loss]:
    groups: dict[tuple[str, bool, str], set[Cell]] = {}
    for table in found.tables:
        for area in table.areas:
            cell = table.cell(area.code)
            if cell in found.values and not table.published.as_is:
                about = (table.indicator.key, bool(table.category), str(level_of(area.code)))
                groups.setdefault(about, set()).add(cell)
    for (indicator, by_category, level), cells in groups.items():
        newest = {cell: found.values[cell][max(found.values[cell])] for cell in cells}
        hidden = cells & mask.withheld
        people = sum(newest[cell] for cell in hidden) / max(1, sum(newest.values()))
        yield Loss(indicator, by_category, level, len(cells), len(hidden), len(cells & mask.primary), round(people, 4))
