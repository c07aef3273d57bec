"""Which demonstration registers there are, and what must come out of them: declared, nothing computed.

Figures follow what was published about the real registers (Kendari, January 2021: about 113 thousand persons in 29
thousand families, almost half of them updated); everything below a whole region is invented.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from data.places import reference
from data.sample import vocabulary


@dataclass(frozen=True)
class Edition:
    """One snapshot of a register: when, in which layout (key of `layouts.LAYOUTS`), and its figures.

    `updated`: share of persons updated, in the 24 months before the date; in a register without an update date, the
    share of persons whose row differs from the edition before. `padan`, `unknown`: shares of persons by Dukcapil mark.
    `unplaced`: rows with an unreadable kelurahan at scale 1.
    """

    period: date
    layout: str
    updated: float
    padan: float = 0.81
    unknown: float = 0.06
    unplaced: int = 10


@dataclass(frozen=True)
class Region:
    """A place and its register. `persons` and `families` stand in the last edition, at scale 1.

    `weights`: persons by kecamatan or kab/kota code relative to each other (villages of other places share evenly);
    `coverage`: the share updated by kecamatan or kab/kota code relative to each other.
    `peoples`: share of families by naming (key of `names.NAMINGS`).
    `dated`: whether the layouts carry the date of the last update.
    """

    place: str
    persons: int
    families: int
    editions: tuple[Edition, ...]
    peoples: Mapping[str, float]
    streets: tuple[str, ...]
    men_jobs: tuple[str, ...]
    birthplaces: tuple[str, ...]
    weights: Mapping[str, float] = field(default_factory=dict)
    coverage: Mapping[str, float] = field(default_factory=dict)
    dated: bool = True


KENDARI: Final = Region(
    place="74.71",
    persons=113_000,
    families=29_000,
    editions=(
        Edition(date(2019, 9, 30), "bom_semicolon", 0.21, 0.823, 0.048, 88),
        Edition(date(2020, 1, 31), "cp1252_comma", 0.27, 0.825, 0.050, 74),
        Edition(date(2020, 5, 31), "gzip_pipe", 0.33, 0.821, 0.053, 61),
        Edition(date(2020, 9, 30), "spreadsheet", 0.382, 0.819, 0.056, 52),
        Edition(date(2020, 11, 30), "zip_pipe", 0.44, 0.816, 0.059, 39),
        Edition(date(2021, 1, 31), "pipe", 0.496, 0.813, 0.062, 25),
    ),
    peoples={"tolaki": 0.34, "muna": 0.27, "bugis": 0.24, "java": 0.11, "bali": 0.02, "tionghoa": 0.02},
    streets=vocabulary.KENDARI_STREETS,
    men_jobs=vocabulary.COAST_JOBS,
    birthplaces=("KENDARI", "KENDARI", "KENDARI", "RAHA", "BAUBAU", "UNAAHA", "KOLAKA", "BONE", "MAKASSAR", "LAMBUYA"),
    weights={
        "74.71.01": 13.0, "74.71.02": 11.0, "74.71.03": 9.8, "74.71.04": 11.2, "74.71.05": 16.1, "74.71.06": 8.2,
        "74.71.07": 8.0, "74.71.08": 8.5, "74.71.09": 12.5, "74.71.10": 8.4, "74.71.11": 6.3,
    },
    coverage={
        "74.71.01": 0.51, "74.71.02": 0.67, "74.71.03": 0.20, "74.71.04": 0.38, "74.71.05": 0.66, "74.71.06": 0.64,
        "74.71.07": 0.31, "74.71.08": 0.58, "74.71.09": 0.22, "74.71.10": 0.43, "74.71.11": 0.56,
    },
)  # fmt: skip

JAKARTA: Final = Region(
    place="31",
    persons=1_060_000,
    families=286_000,
    editions=(
        Edition(date(2021, 8, 31), "pipe", 0.47, 0.87, 0.05, 260),
        Edition(date(2022, 2, 28), "pipe", 0.61, 0.88, 0.045, 180),
    ),
    peoples={"java": 0.37, "betawi": 0.29, "sunda": 0.2, "batak": 0.05, "tionghoa": 0.04, "melayu": 0.05},
    streets=vocabulary.JAKARTA_STREETS,
    men_jobs=vocabulary.METROPOLITAN_JOBS,
    birthplaces=("JAKARTA", "JAKARTA", "JAKARTA", "BOGOR", "TEGAL", "BREBES", "INDRAMAYU", "SERANG", "MEDAN"),
    weights={
        "31.01": 30_334, "31.71": 1_057_270, "31.72": 1_832_032,
        "31.73": 2_556_752, "31.74": 2_331_411, "31.75": 3_230_417,
    },
    coverage={"31.01": 0.78, "31.71": 0.66, "31.72": 0.52, "31.73": 0.55, "31.74": 0.69, "31.75": 0.62},
)  # fmt: skip

KUTAI_TIMUR: Final = Region(
    place="64.08",
    persons=60_000,
    families=16_400,
    editions=(
        Edition(date(2023, 6, 30), "classic_semicolon", 0.0, 0.84, 0.07, 40),
        Edition(date(2024, 1, 31), "classic_pipe", 0.35, 0.84, 0.07, 31),
    ),
    peoples={"java": 0.32, "kutai": 0.22, "bugis": 0.2, "dayak": 0.14, "banjar": 0.12},
    streets=vocabulary.KUTAI_TIMUR_STREETS,
    men_jobs=vocabulary.PLANTATION_JOBS,
    birthplaces=(
        "SANGATTA",
        "SANGATTA",
        "KUTAI",
        "SAMARINDA",
        "MUARA WAHAU",
        "BONE",
        "BANJARMASIN",
        "TULUNGAGUNG",
        "WAJO",
    ),
    weights={"64.08.04": 3.6, "64.08.12": 1.6, "64.08.09": 1.8, "64.08.02": 1.2, "64.08.06": 0.5, "64.08.11": 0.6},
    coverage={
        "64.08.04": 0.52,
        "64.08.12": 0.47,
        "64.08.06": 0.16,
        "64.08.11": 0.2,
        "64.08.07": 0.24,
        "64.08.01": 0.27,
    },
    dated=False,
)

REGIONS: Final = {region.place: region for region in (KENDARI, JAKARTA, KUTAI_TIMUR)}

LARGEST_DEFAULT: Final = 400_000
"""Persons of a register for a place that is not declared here: a whole province stays a trial, not a burden."""

PEOPLES_BY_ISLANDS: Final[dict[str, dict[str, float]]] = {
    "1": {"melayu": 0.6, "java": 0.2, "batak": 0.2},
    "2": {"melayu": 0.7, "java": 0.2, "tionghoa": 0.1},
    "3": {"java": 0.65, "sunda": 0.33, "tionghoa": 0.02},
    "5": {"bali": 0.25, "timur": 0.4, "melayu": 0.35},
    "6": {"banjar": 0.35, "dayak": 0.3, "java": 0.25, "bugis": 0.1},
    "7": {"bugis": 0.6, "muna": 0.15, "tolaki": 0.15, "java": 0.1},
    "8": {"timur": 0.6, "bugis": 0.2, "muna": 0.2},
    "9": {"timur": 0.75, "bugis": 0.15, "java": 0.1},
}


def region(place: str) -> Region:
    """The register to build for a place: declared above, or with default figures.

    Raises KeyError for a code that is not in the reference of places.
    """
    if place in REGIONS:
        return REGIONS[place]
    reference.place(place)
    villages = reference.codes(place, "kelurahan")
    persons = min(LARGEST_DEFAULT, sum(1_600 if code[9] == "1" else 420 for code in villages))
    return Region(
        place=place,
        persons=persons,
        families=round(persons / 3.7),
        editions=(
            Edition(date(2023, 12, 31), "bom_semicolon", 0.38),
            Edition(date(2024, 6, 30), "pipe", 0.47),
        ),
        peoples=PEOPLES_BY_ISLANDS[place[0]],
        streets=vocabulary.COMMON_STREETS,
        men_jobs=vocabulary.VILLAGE_JOBS,
        birthplaces=_birthplaces(place),
    )


def _birthplaces(place: str) -> tuple[str, ...]:
    """The own kab/kota most of all, then the others of the province."""
    names = {
        code: re.sub(r"^(KABUPATEN|KOTA)( ADMINISTRASI)? ", "", reference.place(code).name.upper())
        for code in reference.codes(place[:2], "kabkota")
    }
    own = [name for code, name in names.items() if place.startswith(code)]
    return (*own * (2 * len(names)), *names.values())
