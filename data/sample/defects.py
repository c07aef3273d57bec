"""What goes wrong with a cell on its way into a register, as SQL over the columns of `Society.columns`.

Every rate is a share of the rows unless said otherwise. `rank` is a column with a number in 0…1 that decides: each
slip has a stretch of its own, so that a rank keeps its fate. Use another rank for another cell.
"""

from collections.abc import Sequence
from typing import Final

Slip = tuple[float, str]
"""A share and what is then written (SQL)."""

MUHAMMAD: Final = "^(MUHAMMAD|MUHAMAD|MUH\\.|M\\.) "
SITI: Final = "^(SITI|ST\\.) "
ABDUL: Final = "^(ABDUL) "
ODE: Final = "^(LA|WA) ODE "

OTHER_PREFIX: Final = 0.35
"""Of the names with such a prefix, how many have it written another way."""

NAME_SLIPS: Final[tuple[Slip, ...]] = (
    (0.020, "regexp_replace({0}, '([AIUEO])([LNRST])([AIUEO])', '\\1\\2\\2\\3')"),
    (0.015, "regexp_replace({0}, '(LL|NN|RR|SS|TT|MM|DD)([AIUEO])', '\\2')"),
    (0.012, "replace(replace(replace({0}, 'SY', 'S'), 'KH', 'H'), 'DJ', 'J')"),
    (0.012, "replace(replace({0}, 'F', 'P'), 'Z', 'S')"),
    (0.010, "replace({0}, 'Y', 'I')"),
    (0.010, "regexp_replace({0}, ' ([^ ]+)$', '')"),
    (0.008, "replace({0}, ' ', '')"),
    (0.006, "regexp_replace({0}, '^(...)(.)(.)', '\\1\\3\\2')"),
)
"""Double letters written and left out, sounds spelled otherwise, last names left out, words run together, two letters
exchanged. `{0}` is the name.
"""

BIRTH_SLIPS: Final[tuple[Slip, ...]] = (
    (0.012, "CASE WHEN day({0}) <= 12 THEN make_date(year({0}), day({0}), month({0})) ELSE {0} END"),
    (0.006, "make_date(year({0}) - 1, month({0}), least(day({0}), 28))"),
    (0.005, "make_date(year({0}), 1, 1)"),
    (0.003, "{0} + 1"),
)
"""Day and month exchanged, another year, the first of January for want of better, a day off. `{0}` is the date."""


def cases(rank: str, usual: str, slips: Sequence[Slip]) -> str:
    """`usual`, or what befalls a row whose rank lies in the stretch of a slip.

    >>> cases("r", "a", [(0.25, "b"), (0.5, "c")])
    'CASE WHEN r < 0.25 THEN b WHEN r < 0.75 THEN c ELSE a END'
    """
    end, parts = 0.0, []
    for share, written in slips:
        if not share:
            continue
        end = round(end + share, 6)
        parts.append(f"WHEN {rank} < {end} THEN {written}")
    return f"CASE {' '.join(parts)} ELSE {usual} END" if parts else usual


def respelled(name: str, rank: str) -> str:
    """A name as another clerk would write it: see `OTHER_PREFIX` and `NAME_SLIPS`."""
    written = cases(rank, name, [(share, slip.format(name)) for share, slip in NAME_SLIPS])
    for prefix, others in (
        (MUHAMMAD, ("MUH. ", "MOH. ", "MUHAMAD ", "MOHAMMAD ", "M. ", "MUHAMMAD ")),
        (SITI, ("ST. ", "SITI ", "ST ", "SITTI ")),
        (ABDUL, ("ABD. ", "ABD ", "ABDOEL ")),
        (ODE, ("\\1. ODE ", "\\1ODE ", "\\1 D. ")),
    ):
        # Another digit of the rank, so that every spelling of the prefix comes up whatever slip there is besides.
        listed = ", ".join(f"'{other}'" for other in others)
        chosen = f"([{listed}])[1 + floor({rank} * 99991)::INT % {len(others)}]"
        changes = f"({rank} * 9973) % 1 < {OTHER_PREFIX}"
        written = f"CASE WHEN {changes} THEN regexp_replace({written}, '{prefix}', {chosen}) ELSE {written} END"
    return written


def born(rank: str, date: str = "born") -> str:
    """A date of birth, now and then a wrong one: see `BIRTH_SLIPS`."""
    return cases(rank, date, [(share, slip.format(date)) for share, slip in BIRTH_SLIPS])


def nik(
    rank: str,
    number: str = "nik",
    *,
    wrong: float = 0.02,
    blank: float = 0.03,
    dash: float = 0.01,
    float_form: float = 0.002,
    apostrophe: float = 0.006,
    short: float = 0.003,
) -> str:
    """A NIK or KK: destroyed by a spreadsheet, quoted, missing, a digit short, or (NIK) not the right one."""
    return cases(
        rank,
        f"{number}::VARCHAR",
        [
            (wrong, f"wrong_{number}::VARCHAR"),
            (blank, "NULL"),
            (dash, "'-'"),
            (float_form, f"format('{{:.6e}}', {number}::DOUBLE)"),
            (apostrophe, f"'''' || {number}::VARCHAR"),
            (short, f"left({number}::VARCHAR, 15)"),
        ],
    )


def masked(number: str = "nik") -> str:
    """A NIK as newer exports show it: the area it was issued in, and stars."""
    return f"left({number}::VARCHAR, 6) || '**********'"


def rupiah(amount: str, rank: str) -> str:
    """Money in Indonesian notation, some of it with a sign and cents, some as a bare number."""
    dotted = f"replace(format('{{:,}}', ({amount})::BIGINT), ',', '.')"
    return cases(rank, dotted, [(0.3, f"'Rp' || {dotted} || ',00'"), (0.2, f"({amount})::VARCHAR")])


def thousands(number: str) -> str:
    """A whole number with dots between the thousands, as Indonesian offices print it."""
    return f"replace(format('{{:,}}', ({number})::BIGINT), ',', '.')"
