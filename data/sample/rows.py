"""What a register shows of its persons at one edition, in the words of a layout: a table of texts, row by row."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

import numpy as np
import pyarrow as pa

from data.sample import vocabulary
from data.sample.layouts import Layout
from data.sample.people import YEAR, Array, Families, Kind, Persons, Population, Slot
from data.sample.regions import Edition
from data.sample.updates import Updates

PPKM_BEGAN: Final = date(2021, 7, 1)
CALENDAR: Final = np.arange("1915-01-01", "2040-01-01", dtype="datetime64[D]")
"""All days that are written; texts of dates are positions in it, and those after its end are `NO_DATE`."""

NO_DATE: Final = ("", "-", "0000-00-00")
REMATCHED: Final = 0.01
"""Share of persons whose Dukcapil mark moves on from one edition to the next."""

FORMATS: Final[dict[str, Callable[[str, str, str], str]]] = {
    "": lambda y, m, d: f"{y}-{m}-{d}",
    "%Y-%m-%d": lambda y, m, d: f"{y}-{m}-{d}",
    "%d/%m/%Y": lambda y, m, d: f"{d}/{m}/{y}",
    "%m/%d/%Y": lambda y, m, d: f"{m}/{d}/{y}",
    "%d-%m-%Y": lambda y, m, d: f"{d}-{m}-{y}",
    "%d/%m/%Y %H:%M": lambda y, m, d: f"{d}/{m}/{y} 1{d[-1]}:{m}",
    "%Y-%m-%d %H:%M:%S": lambda y, m, d: f"{y}-{m}-{d} 1{m[-1]}:{d}:{y[-2:]}",
}
"""How a day (year, month, day of the month) is written in each format of a layout; the time of day is invented."""

NIK_AS_NUMBER, NIK_AS_FLOAT, NIK_QUOTED, NIK_BLANK, NIK_DASH = range(5)


@dataclass(frozen=True)
class _View:
    """The rows of one edition: positions of persons (R), their families, and what has changed for them so far."""

    population: Population
    edition: Edition
    number: int
    rows: Array
    updated: Array
    day: Array

    def by_person(self, column: str) -> Array:
        values: Array = getattr(self.population.persons, column)[self.rows]
        return values

    def by_family(self, column: str) -> Array:
        values: Array = getattr(self.population.families, column)[self.by_person("family")]
        return values

    @property
    def steps(self) -> Array:
        """How often central states (Dukcapil mark, programmes) were renewed; without dates only by an update."""
        return np.full(len(self.rows), self.number) if self.population.region.dated else self.updated.astype(int)


def table(population: Population, updates: Updates, number: int, layout: Layout, unplaced: int) -> pa.Table:
    """The rows of edition `number` (sorted by kelurahan and family; repeated rows at the end).

    Columns as `layouts.FIELDS`, texts as dictionary arrays, except: `id` (int64, without the marker), `kk` and `nik`
    (int64), and `nik_form`, `kk_quoted`, `spaced`, which say how they are to be spoilt; `person` and `family` see
    `sheets.Sheet`.
    `unplaced` rows get a kelurahan that cannot be read.
    """
    persons, families = population.persons, population.families
    there = np.flatnonzero((persons.enters <= number) & (persons.leaves > number))
    village = _village(families, persons, there, number)
    order = np.argsort(village, kind="stable")
    rows, village = there[order], village[order]
    # Never a head, so that the smallest sample, too, has a readable row for every kelurahan.
    lost = _lowest(persons.slip_rank[rows] + (persons.slot[rows] == Slot.HEAD), unplaced)
    twice = _lowest(persons.quirk_rank[rows] + lost, round(layout.twice * len(rows)))
    again = np.r_[np.arange(len(rows)), np.flatnonzero(twice)]
    rows, village, lost = rows[again], village[again], lost[again]
    on = int(population.periods[number])
    edition = population.region.editions[number]
    view = _View(population, edition, number, rows, updates.done(on)[rows], updates.last(on)[rows])
    padan = _padan(view, village)
    columns = {
        "id": population.villages.kabkota_area[view.by_family("village")] * 10**8 + view.by_person("family"),
        **_areas(view, layout, village, lost),
        **_address(view, layout),
        **_numbers(view, layout, padan),
        **_person(view, layout),
        "padan": _texts(padan, (*layout.marks, "", "-")),
        **_programmes(view, layout),
        **_dates(view, layout, padan, on),
        "spaced": _between(view.by_person("slip_rank"), 0.3, layout.double_spaces),
        "person": view.by_person("nik"),
        "family": view.by_family("card"),
    }
    return pa.table(columns)


def _village(families: Families, persons: Persons, rows: Array, number: int) -> Array:
    family = persons.family[rows]
    return np.where(families.moves[family] <= number, families.new_village[family], families.village[family])


def _lowest(ranks: Array, count: int) -> Array:
    """True (bool) for the `count` lowest ranks, so that a smaller count is a part of a larger one."""
    chosen = np.zeros(len(ranks), dtype=bool)
    chosen[np.argpartition(ranks, min(count, len(ranks) - 1))[:count]] = True
    return chosen


def _between(ranks: Array, start: float, share: float) -> Array:
    """The `share` of ranks from `start` on (bool): each defect has a stretch of its own."""
    return (ranks > start) & (ranks < start + share)


def _texts(index: Array, values: Sequence[str] | pa.StringArray) -> pa.DictionaryArray:
    words = values if isinstance(values, pa.StringArray) else pa.array(values, type=pa.string())
    return pa.DictionaryArray.from_arrays(pa.array(index.astype(np.int32)), words)


def _areas(view: _View, layout: Layout, village: Array, lost: Array) -> dict[str, pa.DictionaryArray]:
    around = view.population.villages
    size, slip = len(around.names), view.by_person("slip_rank")
    spellings = [vocabulary.misspelt(name) for name in around.names]
    words = [*around.names, *(first for first, _ in spellings), *(second for _, second in spellings)]
    wrong = _between(slip, 0.5, layout.misspelt)
    index = village + np.where(wrong, np.where(slip < 0.5 + layout.misspelt * 0.6, size, 2 * size), 0)
    unreadable = len(words) + np.arange(len(index)) % len(vocabulary.UNREADABLE_KELURAHAN)
    return {
        "province": _texts(village, [name.replace("DAERAH KHUSUS IBUKOTA", "DKI") for name in around.province]),
        "kabkota": _texts(village, [_kabkota(name, layout) for name in around.kabkota]),
        "kecamatan": _texts(village, around.kecamatan),
        "kelurahan": _texts(np.where(lost, unreadable, index), [*words, *vocabulary.UNREADABLE_KELURAHAN]),
    }


def _kabkota(name: str, layout: Layout) -> str:
    if layout.areas == "bare":
        return re.sub(r"^(KABUPATEN|KOTA)( ADMINISTRASI)? ", "", name)
    if layout.areas == "short" or "ADMINISTRASI" in name:
        short = name.replace("ADMINISTRASI", "ADM.").replace("KABUPATEN", "KAB.")
        return short.replace("KEPULAUAN", "KEP.")
    return name


def _address(view: _View, layout: Layout) -> dict[str, pa.DictionaryArray]:
    """An update always brings a new house number: where there is no date, this is what shows it."""
    streets, forms = view.population.region.streets, vocabulary.HOUSE_FORMS
    house = np.where(view.updated, view.by_family("new_house"), view.by_family("house"))
    words = [street + form for street in streets for form in forms]
    rank = view.by_family("odd_address")
    odd = rank < 0.004
    strange = len(words) + (rank / 0.004 * len(vocabulary.ODD_ADDRESSES)).astype(np.int32)
    normal = view.by_family("street") * len(forms) + house
    # An odd address is corrected by the update, so that updated records differ here too.
    index = np.where(odd & ~view.updated, strange, normal)
    numbers = [str(n) if layout.plain_rt else f"{n:03}" for n in range(13)]
    desa = np.array([code[9] == "2" for code in view.population.villages.codes])[view.by_family("village")]
    return {
        "address": _texts(index, [*words, *vocabulary.ODD_ADDRESSES]),
        "dusun": _texts(np.where(desa, view.by_family("rw"), 0), ["", *(f"DUSUN {n}" for n in range(1, 7))]),
        "rt": _texts(view.by_family("rt"), numbers),
        "rw": _texts(view.by_family("rw"), numbers),
    }


def _padan(view: _View, village: Array) -> Array:
    """The Dukcapil mark: 0 matched, 1 not matched, 2 blank, 3 a dash (blank in another hand).

    Ranks lie on a circle (matched, unknown, not matched) and move on slowly: new rows become known, unmatched ones
    are mended, and some that were matched are put forward again.
    """
    weight = view.population.villages.weight
    local = np.sin(np.arange(len(weight)) * 2.39996) * 0.055
    matched = (view.edition.padan + local - (local * weight).sum())[village]
    rank = (view.by_person("civil_rank") + REMATCHED * view.steps) % 1
    unknown = (rank >= matched) & (rank < matched + view.edition.unknown)
    blank = np.where(view.by_person("quirk_rank") < 0.2, 3, 2)
    return np.where(rank < matched, 0, np.where(unknown, blank, 1)).astype(np.int32)


def _numbers(view: _View, layout: Layout, padan: Array) -> dict[str, Array]:
    """NIK and KK with what befalls them; a rank keeps its fate, so that rows without a change stay the same."""
    quirk, slip = view.by_person("quirk_rank"), view.by_person("slip_rank")
    wrong = (padan == 1) & (quirk < 0.45)
    # The head's NIK stands with another member: the commonest way in which one NIK comes to several rows.
    heads = np.flatnonzero(view.population.persons.slot == Slot.HEAD)[view.by_person("family")]
    borrowed = (padan == 1) & (quirk > 0.97)
    nik = np.where(wrong, view.by_person("wrong_nik"), view.by_person("nik"))
    nik = np.where(borrowed, view.population.persons.nik[heads], nik)
    form = np.full(len(nik), NIK_AS_NUMBER, dtype=np.int8)
    form[slip > 1 - layout.apostrophes] = NIK_QUOTED
    form[_between(slip, 0.7, layout.float_nik)] = NIK_AS_FLOAT
    form[(padan >= 2) & (quirk < 0.33)] = NIK_BLANK
    form[(padan >= 2) & (quirk < 0.09)] = NIK_DASH
    return {
        "kk": view.by_family("card"),
        "kk_quoted": slip > 1 - layout.apostrophes,
        "nik": nik,
        "nik_form": form,
    }


def _person(view: _View, layout: Layout) -> dict[str, pa.DictionaryArray]:
    region = view.population.region
    groups = (
        vocabulary.INFANT_JOBS,
        vocabulary.PUPIL_JOBS,
        region.men_jobs,
        vocabulary.WOMEN_JOBS,
        vocabulary.ELDER_JOBS,
    )
    words = [job for group in groups for job in group]
    sizes = np.array([len(group) for group in groups])
    # Without an update the occupation stays what it was, also when the child has left school.
    on = np.where(view.updated, view.population.periods[-1], view.population.periods[0])
    age = (on - view.by_person("born")) / YEAR
    group = np.select([age < 6, age < 19, age >= 66], [0, 1, 4], np.where(view.by_person("male"), 2, 3))
    rank = (view.by_person("job_rank") + np.where(view.updated, 0.13, 0)) % 1
    husband = view.by_person("male") & (view.by_person("slot") == Slot.SPOUSE)
    relation = np.where(husband, len(vocabulary.RELATIONS) - 1, view.by_person("slot"))
    job = (np.cumsum(sizes) - sizes)[group] + (rank * sizes[group]).astype(np.int32)
    return {
        "name": _texts(view.by_person("name"), view.population.names),
        "birth_place": _texts(view.by_person("birthplace"), region.birthplaces),
        "sex": _texts(np.where(view.by_person("male"), 0, 1), layout.sexes),
        "job": _texts(job, words),
        "mother": _texts(view.by_person("mother"), view.population.names),
        "relation": _texts(relation, vocabulary.RELATIONS),
    }


def _programmes(view: _View, layout: Layout) -> dict[str, pa.DictionaryArray]:
    """Poorer families have more: PKH lies mostly within BPNT and goes to families with children or old people."""
    # A family's flags must agree, so they move on by edition or, without dates, not at all.
    moved = 0.012 * view.number if view.population.region.dated else 0.0
    welfare = (view.by_family("welfare") + moved) % 1
    deprived, kind = view.by_family("deprived"), view.by_family("kind")
    bpnt = welfare < 0.44
    entitled = view.by_family("with_children") | np.isin(kind, (Kind.OLD_COUPLE, Kind.OLD_AND_ALONE))
    pkh = entitled & (deprived < np.where(bpnt, 0.52, 0.04))
    ppkm = ~bpnt & ~pkh & (deprived > 0.87) & (view.edition.period >= PPKM_BEGAN)
    pbi = view.by_person("health_rank") * 0.35 + deprived * 0.65 < np.where(bpnt | pkh, 0.8, 0.52)
    return {
        name: _texts(np.where(has, 0, 1), layout.yes_no)
        for name, has in (("bpnt", bpnt), ("pkh", pkh), ("ppkm", ppkm), ("pbi", pbi))
    }


def _dates(view: _View, layout: Layout, padan: Array, on: int) -> dict[str, pa.DictionaryArray]:
    first, none = int(CALENDAR[0].astype(int)), len(CALENDAR)
    quirk, slip = view.by_person("quirk_rank"), view.by_person("slip_rank")
    undated = ~view.updated & (quirk > 0.97)
    update = np.where(undated, none + np.select([quirk < 0.99, quirk < 0.997], [0, 1], 2), view.day - first)
    forgotten = _between(slip, 0.9, 0.0004)
    birth = np.where(forgotten, none + np.where(quirk < 0.5, 0, 1), view.by_person("born") - first)
    batch = (view.by_person("job_rank") * 5).astype(np.int32) * 61 + 9
    match = np.where(padan >= 2, none, on - batch - first)
    return {
        "birth_date": _texts(birth, _calendar(layout.birth_format)),
        "updated": _texts(update, _calendar(layout.update_format)),
        "matched": _texts(match, _calendar(layout.match_format)),
    }


@lru_cache
def _calendar(form: str) -> pa.StringArray:
    written = FORMATS[form]
    days: list[str] = np.datetime_as_string(CALENDAR).tolist()
    return pa.array([*(written(iso[:4], iso[5:7], iso[8:]) for iso in days), *NO_DATE])
