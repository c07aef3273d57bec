"""KRS, families at risk of stunting (BKKBN), by name under four rows of merged headings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pyarrow as pa

from data.places import reference
from data.sample.defects import cases, nik, respelled
from data.sample.sheets import NOTICE, Form, Sheet
from data.sample.society import Society
from data.sample.villages import Array


@dataclass(frozen=True)
class Edition:
    """`families`: how many different cards there are (scale 1)."""

    period: date
    families: int


EDITIONS: Final[Mapping[str, Edition]] = {
    "74.71": Edition(date(2022, 12, 31), 4_120),
    "31": Edition(date(2022, 12, 31), 9_480),
    "64.08": Edition(date(2024, 6, 30), 11_973),
}
FROM_DTKS: Final = 0.6
REPEATED: Final = 0.0008
YES, NO, NOT_APPLICABLE = 1, 2, 3
"""The codes of the form: Ya, Tidak, tidak berlaku."""


def _code(column: str, rank: str) -> str:
    """A code as it is filled in: mostly the number, now and then a tick, a dash, or with a leading zero."""
    yes = cases(rank, "'1'", [(0.03, "'V'"), (0.01, "'01'")])
    not_applicable = cases(rank, "'3'", [(0.3, "'-'")])
    return f"CASE {column} WHEN {YES} THEN {yes} WHEN {NO} THEN '2' ELSE {not_applicable} END"


FOUR_TOO: Final = "Penapisan > PUS > PUS 4 Terlalu"
UNHEALTHY: Final = "Penapisan > Fasilitas Lingkungan Tidak Sehat"
COLUMNS: Final[Mapping[str, str]] = {
    "No": "no::VARCHAR",
    # Every card can be read, for the families are counted by it.
    "No. Kartu Keluarga": cases("own_a", "card::VARCHAR", [(0.01, "'''' || card"), (0.01, "' ' || card")]),
    "NIK Kepala Keluarga": nik("own_b", wrong=0.03, blank=0.03, dash=0.02, float_form=0.004),
    "Nama Kepala Keluarga": respelled("name", "own_c"),
    "NIK Istri": nik("own_d", "wife_nik", wrong=0, blank=0.05, dash=0.02, float_form=0.003),
    "Nama Istri": f"coalesce({respelled('wife', 'own_d')}, '-')",
    "Desa": cases("own_a", "kelurahan", [(0.006, "replace(kelurahan, ' ', '')"), (0.004, "kelurahan || '.'"),
                                         (0.001, "NULL")]),
    "Kecamatan": "kecamatan",
    "Sasaran > Punya Anak > 0-23 Bulan": _code("baby", "own_a"),
    "Sasaran > Punya Anak > 24-59 Bulan": _code("toddler", "own_b"),
    "Sasaran > PUS": _code("couple", "own_c"),
    "Sasaran > PUS Hamil": _code("pregnant", "own_d"),
    f"{UNHEALTHY} > Keluarga Tidak Mempunyai Sumber Air Minum Utama yang Layak": _code("water", "own_a"),
    f"{UNHEALTHY} > Keluarga Tidak Mempunyai Jamban yang Layak": _code("latrine", "own_b"),
    f"{FOUR_TOO} > Terlalu Muda (Umur Istri < 20 Tahun)": _code("too_young", "own_c"),
    f"{FOUR_TOO} > Terlalu Tua (Umur Istri 35 sd 40 Tahun)": _code("too_old", "own_d"),
    f"{FOUR_TOO} > Terlalu Dekat (< 2 Tahun)": _code("too_close", "own_a"),
    f"{FOUR_TOO} > Terlalu Banyak (≥ 3 Anak)": _code("too_many", "own_b"),
    f"{FOUR_TOO} > PUS 4 Terlalu": _code("four_too", "own_c"),
    "Penapisan > PUS > Bukan Peserta KB Modern": _code("no_modern_method", "own_d"),
    "Jenis Pendampingan yang Diterima": cases("own_e", "'8'", [(0.2, "'3'"), (0.15, "'2'"), (0.1, "'1,3'"),
                                              (0.08, "'2,3,7'"), (0.04, "'01,05'"), (0.04, "'6; 7'"), (0.02, "'-'")]),
}  # fmt: skip


def sheets(society: Society) -> list[Sheet]:
    edition = EDITIONS.get(society.place)
    if edition is None:
        return []
    place = reference.place(society.place)
    around = "".join(f" PROVINSI {above.name}" for above in reference.ancestors(society.place))
    titles = (
        NOTICE,
        "DATA KELUARGA BERISIKO STUNTING (KRS) BY NAME BY ADDRESS",
        f"{place.name}{around} TAHUN {edition.period.year}".upper(),
    )
    form = Form(kind="xlsx", titles=titles, levels=4, numbered=True, tab="KRS BNBA")
    return [Sheet("krs", society.place, edition.period, form, COLUMNS, lambda: _rows(society, edition))]


def _rows(society: Society, edition: Edition) -> pa.Table:
    people, homes = society.people, society.households
    rng = society.random("krs")
    age = society.ages(edition.period)
    count = len(homes.card)

    def children(least: float, most: float) -> Array:
        young = (people.slot >= 2) & (age >= least) & (age < most)
        found: Array = np.bincount(people.family[young], minlength=count)
        return found

    wife_age = np.where(homes.woman >= 0, age[homes.woman], 0)
    babies, toddlers, all_children = children(0, 2), children(2, 5), children(0, 21)
    couple = (homes.woman >= 0) & (homes.man >= 0) & (wife_age >= 15) & (wife_age < 50)
    pregnant = couple & (wife_age < 42) & (rng.random(count) < 0.06)
    target = couple | (babies + toddlers > 0)
    # Poorer families and those with small children come first, without leaving the others out.
    rank = rng.random(count) * (0.4 + homes.means) * np.where(babies + toddlers > 0, 0.7, 1)
    chosen = []
    for inside in (homes.registered, ~homes.registered):
        there = np.flatnonzero(target & inside & (homes.head >= 0))
        chosen.append(there[np.argsort(rank[there], kind="stable")])
    first = chosen[0][: round(edition.families * FROM_DTKS * society.scale)]
    family = np.r_[first, chosen[1]][: max(1, round(edition.families * society.scale))]
    family = family[np.lexsort((homes.card[family], homes.village[family]))]
    table = _described(society, family, rng, {
        "baby": np.where(babies > 0, YES, NO),
        "toddler": np.where(toddlers > 0, YES, NO),
        "couple": np.where(couple, YES, NO),
        "pregnant": np.where(couple, np.where(pregnant, YES, NO), NOT_APPLICABLE),
        **_risks(couple, wife_age, babies, all_children, homes.means, rng),
    })  # fmt: skip
    return table.take(np.r_[np.arange(len(table)), np.flatnonzero(rng.random(len(table)) < REPEATED)])


def _risks(
    couple: Array, wife_age: Array, babies: Array, children: Array, means: Array, rng: np.random.Generator
) -> dict[str, Array]:
    """The answers on risks (codes by family): at least one is yes, for that is why a family is listed."""
    count = len(couple)
    water = rng.random(count) < 0.35 * (1 - means)
    latrine = rng.random(count) < 0.3 * (1 - means)
    four = {
        "too_young": couple & (wife_age < 20),
        "too_old": couple & (wife_age >= 35) & (wife_age <= 40),
        "too_close": couple & ((babies > 1) | (rng.random(count) < 0.05)),
        "too_many": couple & (children >= 3),
    }
    any_of_four = np.logical_or.reduce(list(four.values()))
    no_method = couple & (rng.random(count) < 0.42)
    none = ~(water | latrine | any_of_four | no_method)
    no_method |= none & couple
    water |= none & ~couple
    asked_of_couples = four | {"four_too": any_of_four, "no_modern_method": no_method}
    return {
        "water": np.where(water, YES, NO),
        "latrine": np.where(latrine, YES, NO),
        **{
            name: np.where(couple, np.where(risk, YES, NO), NOT_APPLICABLE)
            for name, risk in asked_of_couples.items()
        },
    }  # fmt: skip


def _described(society: Society, family: Array, rng: np.random.Generator, codes: Mapping[str, Array]) -> pa.Table:
    people, homes = society.people, society.households
    woman = homes.woman[family]
    has_wife = (woman >= 0) & (woman != homes.head[family])
    own = rng.random((5, len(family)), dtype=np.float32)
    return pa.table(
        {
            **society.columns(homes.head[family]),
            "wife": society.named(np.where(has_wife, people.name[woman], -1)),
            "wife_nik": pa.array(people.nik[woman], mask=~has_wife),
            **{f"own_{letter}": own[at] for at, letter in enumerate("abcde")},
            **{name: code[family].astype(np.int8) for name, code in codes.items()},
        }
    )
