"""Tries to work out what is withheld, from nothing but published files: what publishing has to withstand.

Written apart from `suppression`, from the files back and in absolute counts instead of deviations, so that a mistake
there does not hide itself here. Every published count lies within its rounding; what is known of the relations
between figures, areas, categories and editions becomes a linear inequality; and every withheld count is driven as low
and as high as all of that allows.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import highspy
import numpy as np
import numpy.typing as npt

from data.definitions.catalogue import INDICATORS
from data.definitions.public import CONTAINS
from data.public.reading import WITHHELD, Edition

_SLACK: Final = 1e-4
"""How far a solver may miss a bound by rounding of its own."""

PRIMAL: Final = 4
"""HiGHS: from one question to the next only the aim changes, so that the last answer is a point to start from."""
AROUND: Final = 4
"""Times the threshold: as far as counts without an upper bound are driven together."""
OPEN: Final = "population"
"""Published by others anyway: nobody withholds it, and nobody has to find it out."""
Floats = npt.NDArray[np.float64]
Key = tuple[str, str, str]
"""Area, measure, category."""
Known = tuple[float, float]
At = tuple[str, Key]
"""A date and a count."""
EVERY: Final = "*"
"""Stands for the category in what is said of all categories together."""


@dataclass(frozen=True)
class Found:
    """A count that is not withheld well: `low` and `high` are between what it must lie. `left`: those not counted;
    `few`: an insider knows that they are few.
    """

    day: str
    code: str
    measure: str
    category: str
    low: float
    high: float
    left: bool = False
    few: bool = False


@dataclass(frozen=True)
class Insider:
    """What only somebody in the office knows: by how much a whole exceeds its parts (rows without a kelurahan, people
    in two categories), counts that are published elsewhere to the last person, of which wholes few are in none of the
    parts, so that not even a wide guess at them may be one of less than the threshold, and which counts are of somebody
    (most readers can guess that of a withheld one, for nobody is told openly).
    """

    rests: Mapping[At, int]
    exact: Mapping[At, int]
    few: Collection[tuple[str, Key, tuple[Key, ...]]] = ()
    some: Collection[At] = ()


@dataclass(frozen=True)
class Attack:
    """What was tried, and what was found out. `tried` counts withheld numbers, and groups that subtracting tells."""

    tried: int
    found: tuple[Found, ...]

    @property
    def withstood(self) -> bool:
        return not self.found


def attack(
    edition: Edition,
    earlier: Sequence[Edition] = (),
    insider: Insider | None = None,
    outdated: Collection[tuple[str, Key, Known]] = (),
) -> Attack:
    """Attacks an edition with everything that the earlier ones say too, and with what an insider knows.

    `outdated` is what earlier ones said and data that were corrected since do not: whoever believes it is misled.
    """
    now, before = _told(edition), [_told(one) for one in earlier]
    found: list[Found] = []
    tried = 0
    for day in now.counts:
        done = _World(now, day, before, insider, outdated).attack()
        tried += done.tried
        found += done.found
    return Attack(tried, tuple(sorted(found, key=lambda one: (one.day, one.measure, one.category, one.code))))


# What the files say


@dataclass
class _Told:
    """By date and count: what is published of it (None: withheld); and pairs of part and whole."""

    counts: dict[str, dict[Key, float | None]] = field(default_factory=dict)
    shares: dict[tuple[str, Key], Key] = field(default_factory=dict)
    differ: dict[tuple[str, str], float] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    threshold: int = 0
    rounding: int = 1

    def behind(self, number: float) -> Known:
        """Between what a published count lies."""
        half = self.rounding // 2
        return (0.0, 0.0) if number == 0 else (max(float(self.threshold), number - half), number + half)

    def note(self, day: str, key: Key, number: Any) -> None:
        if number is not None:
            self.counts.setdefault(day, {})[key] = None if number == WITHHELD else float(number)


def _told(edition: Edition) -> _Told:
    told = _Told(threshold=edition.threshold, rounding=edition.rounding)
    for place in edition.places.values():
        told.parents |= {area["code"]: area["parent"] for area in place["areas"]}
        for measure, category, widest in place["differ"]:
            told.differ[measure, category] = max(told.differ.get((measure, category), 0.0), float(widest))
        for one in place["indicators"]:
            indicator, category = INDICATORS[one["key"]], one["category"]["key"] if one["category"] else ""
            if one["source_published"] and indicator.unit == "share":
                continue
            for code, cells in one["cells"].items():
                for day, (top, bottom, value) in zip(one["periods"], cells, strict=True):
                    part = (code, indicator.numerator, category)
                    told.note(day, part, top if indicator.is_ratio else value)
                    if indicator.is_ratio:
                        whole = (code, str(indicator.denominator), "")
                        told.note(day, whole, bottom)
                        told.shares[(day, part)] = whole
    return told


class _World:
    """All counts of one date, and every relation that is known among them."""

    def __init__(
        self,
        told: _Told,
        day: str,
        before: Sequence[_Told],
        insider: Insider | None,
        outdated: Collection[tuple[str, Key, Known]],
    ) -> None:
        self._told, self._day, self._insider = told, day, insider
        self._threshold, self._rounding = told.threshold, told.rounding
        self._shown = {key: number for key, number in told.counts[day].items() if number is not None}
        past = [(one, one.counts.get(day, {})) for one in before]
        self._keys = sorted({*told.counts[day], *(key for _, counts in past for key in counts)})
        self._at = {key: index for index, key in enumerate(self._keys)}
        self._past, self._now = self._nothing(), self._nothing()
        self._before: set[Key] = set()
        for one, counts in past:
            self._told.parents = one.parents | self._told.parents
            self._told.shares = one.shares | self._told.shares
            for key, number in counts.items():
                known = one.behind(number) if number is not None else None
                if known and (day, key, known) not in outdated and self._narrow(self._past, key, known):
                    self._before.add(key)
        for key, number in self._shown.items():
            self._narrow(self._now, key, told.behind(number))
        for (when, key), count in insider.exact.items() if insider else ():
            if when == day and key in self._at:
                self._narrow(self._now, key, (float(count), float(count)))
        self._both = (self._now[0].copy(), self._now[1].copy())
        for key in self._before:
            self._narrow(self._both, key, (self._past[0][self._at[key]], self._past[1][self._at[key]]))
        self._pairs: dict[tuple[Key, tuple[Key, ...]], None] = {}
        self._rows: list[tuple[dict[int, float], float, float]] = []
        self._relate()

    def _nothing(self) -> tuple[Floats, Floats]:
        some = self._insider.some if self._insider else ()
        low = np.array([float((self._day, key) in some) for key in self._keys])
        return low, np.full(len(self._keys), np.inf)

    def _narrow(self, bounds: tuple[Floats, Floats], key: Key, known: Known) -> bool:
        """Whether what is known fits to what was known before; data may have been corrected since."""
        at = self._at[key]
        low, high = max(bounds[0][at], known[0]), min(bounds[1][at], known[1])
        if low <= high:
            bounds[0][at], bounds[1][at] = low, high
        return bool(low <= high)

    def _relate(self) -> None:
        inside: dict[Key, list[Key]] = {}
        alike: dict[Key, list[Key]] = {}
        for code, measure, category in self._keys:
            parent = (self._told.parents.get(code, ""), measure, category)
            if parent in self._at and measure != OPEN:
                inside.setdefault(parent, []).append((code, measure, category))
            if category and (code, measure, "") in self._at:
                alike.setdefault((code, measure, ""), []).append((code, measure, category))
                self._contains((code, measure, ""), ((code, measure, category),), True)
        for whole, areas in inside.items():
            self._adds_up(whole, areas, (whole[1], whole[2]), whole)
        for whole, categories in alike.items():
            self._adds_up(whole, categories, (whole[1], EVERY), (whole[0], whole[1], EVERY))
        for (day, part), whole in self._told.shares.items():
            if day == self._day and part in self._at and whole in self._at:
                self._contains(whole, (part,), True)
        for declared in CONTAINS:
            for code, measure, category in self._keys:
                if measure == declared.whole and not category:
                    parts = tuple((code, part, "") for part in declared.parts if (code, part, "") in self._at)
                    self._contained((code, measure, ""), parts, len(declared.parts), declared)

    def _contained(self, whole: Key, parts: tuple[Key, ...], declared: int, about: Any) -> None:
        if not parts:
            return
        if about.complete and len(parts) == declared:
            self._row({whole: 1.0, **dict.fromkeys(parts, -1.0)}, 0.0, 0.0)
            for part in parts:
                self._contains(whole, (part,), True)
        elif not about.complete:
            self._contains(whole, parts, about.counted, declared == 1)

    def _contains(self, whole: Key, parts: tuple[Key, ...], counted: bool, alone: bool = True) -> None:
        """The parts are some of the whole. Who is shown an only part, and not that it is nobody, knows that those left
        are not few.
        """
        left = 0.0
        if counted:
            self._pairs[whole, parts] = None
            left = float(self._threshold) if alone and self._shown.get(parts[0]) else 0.0
        self._row({whole: 1.0, **dict.fromkeys(parts, -1.0)}, left, np.inf)

    def _adds_up(self, whole: Key, parts: Sequence[Key], about: tuple[str, str], named: Key) -> None:
        if self._insider and (self._day, named) in self._insider.rests:
            low = high = float(self._insider.rests[self._day, named])
        else:
            high = self._told.differ.get(about, 0.0)
            low = -high
        self._row({whole: 1.0, **dict.fromkeys(parts, -1.0)}, low, high)

    def _row(self, weights: Mapping[Key, float], low: float, high: float) -> None:
        self._rows.append(({self._at[key]: weight for key, weight in weights.items()}, low, high))

    # The attack

    def attack(self) -> Attack:
        broken = tuple(self._openly())
        tried, found = 0, list(broken)
        for columns, rows in self._connected():
            aims = self._aims(set(columns))
            tried += len(aims)
            if aims:
                found += self._solve(columns, rows, aims)
        return Attack(tried, tuple(found))

    def _openly(self) -> Iterable[Found]:
        """What needs no arithmetic: small numbers in the files, and small rests of two of them."""
        step, half = self._rounding, self._rounding // 2
        least = step * ((self._threshold + half) // step)
        for key, number in self._shown.items():
            if 0 < number < least and key[1] != OPEN:
                yield Found(self._day, *key, number - half, number + half)
        for whole, parts in self._pairs:
            if len(parts) == 1 and whole in self._shown and self._shown.get(parts[0]):
                left = self._shown[whole] - self._shown[parts[0]]
                if left < step * (self._threshold // step):
                    yield Found(self._day, *parts[0], left - 2 * half, left + 2 * half, left=True)

    def _aims(self, columns: set[int]) -> list[tuple[dict[int, float], Found]]:
        """What is to be found out: withheld counts, and the rests of wholes."""
        aims: list[tuple[dict[int, float], Found]] = []
        for at in sorted(columns):
            key = self._keys[at]
            if key not in self._shown and key not in self._before and key[1] != OPEN:
                aims.append(({at: 1.0}, Found(self._day, *key, 0.0, 0.0)))
        for whole, parts in self._pairs:
            told = self._shown.get(whole) == 0 or (len(parts) == 1 and parts[0] in self._shown)
            if self._at[parts[0]] in columns and not told:
                weights = {self._at[whole]: 1.0, **{self._at[part]: -1.0 for part in parts}}
                few = self._insider is not None and (self._day, whole, parts) in self._insider.few
                aims.append((weights, Found(self._day, *parts[0], 0.0, 0.0, left=True, few=few)))
        return aims

    def _connected(self) -> list[tuple[list[int], list[int]]]:
        """Counts that relations tie together, and these relations. Published counts tie together too."""
        above = list(range(len(self._keys)))

        def top(at: int) -> int:
            while above[at] != at:
                above[at] = above[above[at]]
                at = above[at]
            return at

        for weights, _, _ in self._rows:
            first, *others = weights
            for other in others:
                above[top(other)] = top(first)
        columns: dict[int, list[int]] = {}
        for at in range(len(self._keys)):
            columns.setdefault(top(at), []).append(at)
        rows: dict[int, list[int]] = {}
        for index, (weights, _, _) in enumerate(self._rows):
            rows.setdefault(top(next(iter(weights))), []).append(index)
        return [(found, rows.get(first, [])) for first, found in columns.items()]

    def _solve(
        self, columns: Sequence[int], rows: Sequence[int], aims: Sequence[tuple[dict[int, float], Found]]
    ) -> list[Found]:
        chosen = [self._rows[row] for row in rows]
        programme = _Programme(columns, chosen, self._both)
        if not programme.possible:  # Data were corrected since: what was said before is no longer true.
            programme = _Programme(columns, chosen, self._now)
        if not programme.possible:
            return [about for _, about in aims[:1]]
        programme.look_around([weights for weights, _ in aims], self._threshold)
        past = _Programme(columns, chosen, self._past) if self._before else None
        found = []
        for weights, about in aims:
            known = programme.between(weights, self._threshold)
            if not self._told_too_well(known, about):
                continue
            if (
                past is None
                or not past.possible
                or not self._told_too_well(past.between(weights, self._threshold), about)
            ):
                found.append(replace(about, low=known[0], high=known[1]))
        return found

    def _told_too_well(self, known: Known, about: Found) -> bool:
        """Narrower than the threshold; of a rest, which nobody withheld, where it must be a small one."""
        low, high = known
        sensitive = not about.left or about.few or high < self._threshold - _SLACK
        return sensitive and high - low < self._threshold - _SLACK


class _Programme:
    """The linear programme of connected counts. Points that were seen spare many a question."""

    def __init__(
        self,
        columns: Sequence[int],
        rows: Sequence[tuple[dict[int, float], float, float]],
        bounds: tuple[Floats, Floats],
    ) -> None:
        self._place = {at: index for index, at in enumerate(columns)}
        self._low, self._high = bounds[0][columns], bounds[1][columns]
        self._solver = highspy.Highs()  # type: ignore[no-untyped-call]
        self._solver.setOptionValue("output_flag", False)
        self._solver.setOptionValue("threads", 1)
        self._solver.setOptionValue("simplex_strategy", PRIMAL)
        self._solver.addVars(len(columns), self._low, self._high)
        for weights, low, high in rows:
            inside = np.array([self._place[at] for at in weights], dtype=np.int32)
            self._solver.addRow(low, high, len(inside), inside, np.array(list(weights.values())))
        self._seen: list[Floats] = []
        self.possible = self._extreme({}) is not None

    def look_around(self, aims: Sequence[Mapping[int, float]], enough: int) -> None:
        """Drives many counts at once, to spare the questions about those that are free enough."""
        vectors = np.array([self._vector(weights) for weights in aims]).reshape(len(aims), len(self._place))
        everything = np.arange(len(self._place), dtype=np.int32)
        near = np.minimum(self._high, self._low + AROUND * enough)
        self._solver.changeColsBounds(
            len(near), everything, self._low, np.where(np.isinf(self._high), near, self._high)
        )
        free = len(vectors) + 1
        while len(vectors) and len(vectors) < free:
            free = len(vectors)
            together = vectors.sum(axis=0)
            for sign in (1.0, -1.0):
                self._extreme({at: sign * together[index] for at, index in self._place.items() if together[index]})
            reached = np.array(self._seen) @ vectors.T
            vectors = vectors[reached.max(axis=0) - reached.min(axis=0) < enough]
        self._solver.changeColsBounds(len(near), everything, self._low, self._high)

    def _vector(self, weights: Mapping[int, float]) -> Floats:
        vector = np.zeros(len(self._place))
        for at, weight in weights.items():
            vector[self._place[at]] = weight
        return vector

    def _sum(self, point: Floats, weights: Mapping[int, float]) -> float:
        return sum(weight * float(point[self._place[at]]) for at, weight in weights.items())

    def between(self, weights: Mapping[int, float], enough: int) -> Known:
        """Between what a sum of counts must lie; not looked for further once it is `enough` apart."""
        reached = [self._sum(point, weights) for point in self._seen]
        if reached and max(reached) - min(reached) >= enough:
            return min(reached), max(reached)
        low = self._extreme(weights)
        high = self._extreme({at: -weight for at, weight in weights.items()})
        return (-np.inf if low is None else low), (np.inf if high is None else -high)

    def _extreme(self, weights: Mapping[int, float]) -> float | None:
        """The least of a sum of counts; None where the counts contradict each other."""
        for at, weight in weights.items():
            self._solver.changeColCost(self._place[at], weight)
        self._solver.run()
        status = self._solver.getModelStatus()
        for at in weights:
            self._solver.changeColCost(self._place[at], 0.0)
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        if status in (highspy.HighsModelStatus.kUnbounded, highspy.HighsModelStatus.kUnboundedOrInfeasible):
            return -np.inf
        if status != highspy.HighsModelStatus.kOptimal:
            raise ArithmeticError(str(status))
        point = np.array(self._solver.getSolution().col_value)
        self._seen.append(point)
        return self._sum(point, weights)
