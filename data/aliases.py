"""Numbers of families for those who do not see names: the register numbers its families in the order of their heads'
names, so that a number would tell of a name.
"""

import hashlib
from functools import lru_cache
from typing import Final

from data.linkage import decisions
from data.snapshots import Store

HALF: Final = 20
"""Bits of each half of a number that is exchanged."""
FIRST: Final = 1 << (2 * HALF)
"""The first alias; numbers of families are smaller."""
ROUNDS: Final = 4


def alias(store: Store, number: int) -> int:
    """Another number for a family's, the same in every answer of this store."""
    left, right = divmod(int(number), 1 << HALF)
    for turn in range(ROUNDS):
        left, right = right, left ^ _mixed(_key(store), turn, right)
    return FIRST + (left << HALF) + right


def number_of(store: Store, alias: int) -> int:
    """The family's number behind an alias; −1, which no family has, where it is none."""
    if not FIRST <= alias < 2 * FIRST:
        return -1
    left, right = divmod(alias - FIRST, 1 << HALF)
    for turn in reversed(range(ROUNDS)):
        left, right = right ^ _mixed(_key(store), turn, left), left
    return (left << HALF) + right


def _mixed(key: bytes, turn: int, half: int) -> int:
    told = hashlib.blake2b(half.to_bytes(4, "big") + bytes([turn]), key=key, digest_size=4).digest()
    return int.from_bytes(told, "big") % (1 << HALF)


@lru_cache(maxsize=16)
def _key(store: Store) -> bytes:
    return hashlib.blake2b(decisions.secret(store).encode(), person=b"families", digest_size=32).digest()
