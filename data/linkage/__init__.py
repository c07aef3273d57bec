"""Which records of two registers speak of the same people: found by rules and by probability, settled by people."""

from typing import Final

VERSION: Final = 1
"""Goes up whenever the same records would be matched otherwise, so that older runs are made again."""
