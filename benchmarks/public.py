"""Publishing, place by place: the mask, whether it is proven to be the cheapest, and the attack."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from data.places import reference
from data.public import building, suppression, writing
from data.public.attack import attack
from data.public.cells import Rules
from data.public.collecting import collect
from data.public.reading import Edition
from data.snapshots import Store

SECONDS: Final = {"74.71": 60.0, "64.08": 120.0, "31": 240.0}
"""What publishing a place may take on one core."""


def lines(store: Path) -> Iterator[tuple[str, str, str, bool]]:
    """What, measured, promised, kept; nothing is published."""
    rules = Rules()
    for code, promised in SECONDS.items():
        begun = time.process_time()
        found = collect(Store(store), code, rules)
        if not found.tables:
            continue
        mask = suppression.solve(found.counts, rules)
        solved = time.process_time()
        about = {"edition": "", "threshold": rules.threshold, "rounding": rules.rounding, "places": []}
        edition = Edition("", about, {code: writing.place(found, mask.withheld, rules)})
        tried = [attack(edition, (), knowing) for knowing in (None, building.inside([found], rules))]
        done = time.process_time()
        cells = len(found.values) - len(found.counts.exact)
        yield (
            f"{reference.place(code).name}: {cells:,} counts, {len(mask.withheld):,} withheld"
            f" ({len(mask.withheld) - len(mask.primary):,} to protect others), gap {mask.gap:.1%},"
            f" {tried[0].tried:,} attacked",
            f"{solved - begun:.1f} s + {done - solved:.1f} s",
            f"{promised:.0f} s, none found",
            done - begun <= promised and all(one.withstood for one in tried),
        )
