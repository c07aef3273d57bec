"""The kelurahan of a region: their names, how many people each has and how well each keeps its register."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from data.places import reference
from data.sample.regions import Region

Array = npt.NDArray[Any]

LEAST_COVERAGE: Final = 0.09
MOST_COVERAGE: Final = 0.84
TOWN_WEIGHT: Final = 2.6
"""How many times the people of a desa live in a kelurahan, where nothing is declared."""


@dataclass(frozen=True)
class Villages:
    """The kelurahan of a region (V): `weight` adds up to 1, `coverage` is the share updated aimed at (0…1)."""

    codes: list[str]
    names: list[str]
    kecamatan: list[str]
    kabkota: list[str]
    province: list[str]
    weight: Array
    coverage: Array

    @property
    def area(self) -> Array:
        """The six-digit code (int64) of each village's kecamatan, as it begins a NIK."""
        return np.array([int(code[:8].replace(".", "")) for code in self.codes], dtype=np.int64)

    @property
    def kabkota_area(self) -> Array:
        """The four-digit code (int64) of each village's kab/kota."""
        return self.area // 100


def villages(region: Region, rng: np.random.Generator) -> Villages:
    """All kelurahan of the region, heavier and lighter, better and worse than what is declared around them."""
    codes = list(reference.codes(region.place, "kelurahan"))
    table = reference.table()
    rows = table.slice(table["kelurahan_code"].to_pylist().index(codes[0]), len(codes))
    weight = rng.lognormal(0.0, 0.42, len(codes)) * np.where([code[9] == "1" for code in codes], TOWN_WEIGHT, 1.0)
    if region.weights:
        weight = _as_declared(codes, weight, region.weights)
    aimed = [region.coverage.get(_area(code, region.coverage), region.editions[-1].updated) for code in codes]
    coverage = np.array(aimed) + rng.normal(0, 0.09 if region.coverage else 0.13, len(codes))

    def upper(column: str) -> list[str]:
        return [name.upper() for name in rows[column].to_pylist()]

    return Villages(
        codes=codes,
        names=upper("kelurahan"),
        kecamatan=upper("kecamatan"),
        kabkota=upper("kabkota"),
        province=upper("province"),
        weight=weight / weight.sum(),
        coverage=coverage.clip(LEAST_COVERAGE, MOST_COVERAGE),
    )


def _as_declared(codes: list[str], weight: Array, declared: Mapping[str, float]) -> Array:
    """Weights within each declared area as they are, areas among each other as declared, others as their average."""
    average = sum(declared.values()) / len(declared)
    areas = [_area(code, declared) or code[:8] for code in codes]
    whole = dict.fromkeys(areas, 0.0)
    for area, own in zip(areas, weight, strict=True):
        whole[area] += own
    return np.array([own / whole[area] * declared.get(area, average) for area, own in zip(areas, weight, strict=True)])


def _area(code: str, declared: Mapping[str, float]) -> str:
    return next((code[:width] for width in (8, 5) if code[:width] in declared), "")
