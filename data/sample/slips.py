"""How a second clerk writes the same person: names, dates, numbers and addresses with the slips found in real lists.

Rates are shares of records and stand in one table each; a record may suffer several slips. What is written does not
follow the tables by which `data.linkage` reads names: many slips here have no remedy there.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import Final, TypeVar

Value = TypeVar("Value")
Slip = Callable[[str, Random], str]

KEYBOARD: Final = ("QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM")
VOWELS: Final = "AIUEO"

PREFIXES: Final[Mapping[str, tuple[str, ...]]] = {
    r"^(MUHAMMAD|MUHAMAD|MOHAMMAD|MUH\.|M\.) ": (
        "MUH. ", "MUH ", "MOH. ", "MOH ", "MOCH. ", "MOCHAMMAD ", "MUHAMAD ", "MOHAMMAD ", "MOHAMAD ", "MUHAMMAD ",
        "M. ", "M ", "MHD. ", "MUHAMMAD", "MUCHAMAD ", "",
    ),
    r"^(SITI|ST\.) ": ("ST. ", "ST ", "SITTI ", "SITI ", "SITTY ", "ST.", "STI ", ""),
    r"^ABDUL ": ("ABD. ", "ABD ", "ABDUL", "ABDOEL ", "ABDL. ", "ABDU "),
    r"^AHMAD ": ("ACHMAD ", "AKHMAD ", "AHMAT ", "ACH. ", "AHMD "),
    r"^(LA ODE|LD\.) ": ("LA ODE ", "LAODE ", "LD. ", "LD ", "LA D. ", "L. ODE ", "LA "),
    r"^(WA ODE|WD\.) ": ("WA ODE ", "WAODE ", "WD. ", "WD ", "WA D. ", "WA "),
    r"^NUR ": ("NUR", "NOER ", "NOOR ", "NR ", "NUR "),
    r"^ANDI ": ("A. ", "ANDI ", "ADI "),
    r"^I (WAYAN|MADE|NYOMAN|KETUT) ": ("I WY ", "I MD. ", "I NYM ", "I KT ", ""),
}  # fmt: skip
"""Beginnings of a name and how else they are written."""

OTHER_LETTERS: Final[tuple[tuple[str, str], ...]] = (
    ("SY", "S"), ("S(?=[AU])", "SY"), ("KH", "H"), ("KH", "K"), ("H(?=[AO])", "KH"), ("Z", "S"), ("Z", "J"),
    ("S(?=[AI])", "Z"), ("F", "P"), ("P", "F"), ("V", "F"), ("F", "V"), ("Y", "I"), ("I$", "Y"), ("I(?=[AUO])", "IY"),
    ("U", "OE"), ("J", "DJ"), ("C(?=[AIU])", "TJ"), ("Y(?=[AU])", "J"), ("AI", "AE"), ("AE", "AI"), ("DH", "D"),
    ("D(?=[AIO])", "DH"), ("K(?=[AIU])", "Q"), ("Q", "K"), ("K(?=[AR])", "C"), ("TH", "T"), ("T(?=[AIO])", "TH"),
    ("AH$", "A"), ("A$", "AH"), ("O", "U"), ("U", "O"), ("E", "I"), ("I", "E"), ("IYA", "IA"), ("NN", "N"),
    ("N(?=[AI])", "NN"), ("LL", "L"), ("L(?=[AI])", "LL"), ("SS", "S"), ("RR", "R"), ("MM", "M"), ("DD", "D"),
    ("D$", "T"), ("T$", "D"), ("NG", "NGG"), ("GG", "G"), ("'", ""), ("\u2019", "'"), ("\u2019", ""), ("EI", "I"),
    ("X", "KS"), ("A(?=[HR])", "O"), ("O$", "A"), ("W", "U"), ("I(?=N)", "Y"),
)  # fmt: skip
"""A sound written with other letters (pattern, replacement), the old spelling among them."""

FAMILIAR: Final[Mapping[str, tuple[str, ...]]] = {
    "RIZKY": ("KIKI", "IKI"), "RESKI": ("KIKI", "EKI"), "RIZAL": ("ICAL",), "SYAHRUL": ("ARUL",), "FIRMAN": ("EMAN",),
    "MUHAMMAD": ("MAMAT", "AMAT"), "ABDUL": ("DUL",), "AHMAD": ("AMAT", "MAMAD"), "SITI": ("TITI",), "NUR": ("NUNU",),
    "RAHMAT": ("AMAT", "MAMAT"), "IKBAL": ("IBAL", "BALLE"), "FAUZAN": ("OJAN",), "RIDWAN": ("WAWAN", "IWAN"),
    "YUSUF": ("UCUP", "OCUP"), "ILHAM": ("ILO", "IAM"), "ARIF": ("AYI",), "AISYAH": ("ICA", "ECA"), "ANISA": ("ICA",),
    "NABILA": ("BILA",), "SALSABILA": ("CACA", "BILA"), "PUTRI": ("UTI", "PUPUT"), "INTAN": ("ITAN",),
    "DEWI": ("WIWI",), "FATIMAH": ("IMA", "PATIMA"), "HASNAH": ("NANNA",), "BUDI": ("UDI",), "JOKO": ("JAKA",),
    "AGUS": ("GUS", "AGUSTINUS"), "BAMBANG": ("BENGBENG",), "HENDRA": ("EEN",), "SUDIRMAN": ("DIRMAN", "EMMANG"),
    "JAMALUDDIN": ("JAMAL", "UDIN"), "SYAMSUDDIN": ("SAMSU", "UDIN"), "HASRUDDIN": ("UDIN",), "ALIMUDDIN": ("ALI",),
    "ROSDIANA": ("ROS", "DIANA"), "NURHAYATI": ("ATI", "YATI"), "FATMAWATI": ("FATMA",), "HERLINA": ("LINA",),
    "RAHMAWATI": ("RAHMA", "WATI"), "DADANG": ("DANG",), "DEDE": ("ADE",), "ASEP": ("ACEP", "CECEP"), "SRI": ("SISRI",),
    "YULIANA": ("ANA", "YULI"), "KHAIRUNNISA": ("NISA", "ICA"), "INDAH": ("INDA", "IIN"), "EDISON": ("EDI",),
    "SLAMET": ("MAMET",), "SUGENG": ("UGENG",), "WAHYU": ("AYU", "YUYU"), "YOHANES": ("YANES", "ANIS"),
}  # fmt: skip
"""What people are called at home. Others are called by the end of their name."""

HONORIFICS: Final = ("H. {}", "HJ. {}", "{} (ALM)", "ALM. {}", "{}, S.PD", "{}, SE", "DRS. {}", "IBU {}", "BPK. {}",
                     "{} S.SOS", "{}, A.MD.KEB", "NY. {}", "{} ALMH.", "{}, ST")  # fmt: skip
SECOND_NAMES: Final = ("PUTRA", "PUTRI", "RAMADHAN", "SAPUTRA", "AULIA", "ZAHRA", "SARI", "HIDAYAT", "PRATAMA", "NUR",
                       "MAULANA", "AZZAHRA", "ALFARIZI", "WATI", "SYAH", "ANUGRAH")  # fmt: skip
NARROW: Final = 16
"""Letters of a name that a narrow column keeps."""


def _typing(name: str, random: Random) -> str:
    """One letter too few, too many, another, or two exchanged."""
    places = [at for at, letter in enumerate(name) if letter.isalpha()]
    at = random.choice(places)
    letter, kind = name[at], random.random()
    if kind < 0.3:
        return name[:at] + name[at + 1 :]
    if kind < 0.5:
        return name[:at] + letter + name[at:] if kind < 0.4 else name[:at] + _neighbour(letter, random) + name[at:]
    if kind < 0.8 or at + 1 >= len(name):
        return name[:at] + _neighbour(letter, random) + name[at + 1 :]
    return name[:at] + name[at + 1] + letter + name[at + 2 :]


def _neighbour(letter: str, random: Random) -> str:
    """What lies beside it on the keyboard, or another vowel."""
    if letter in VOWELS and random.random() < 0.5:
        return random.choice(VOWELS.replace(letter, ""))
    row = next((row for row in KEYBOARD if letter in row), letter)
    at = row.find(letter)
    return random.choice([row[near] for near in (at - 1, at + 1) if 0 <= near < len(row)] or [letter])


def _typing_twice(name: str, random: Random) -> str:
    return _typing(_typing(name, random), random)


def _beginning(name: str, random: Random) -> str:
    for pattern, others in PREFIXES.items():
        if re.match(pattern, name):
            return re.sub(pattern, random.choice(others).replace("\\", ""), name) or name
    return name


def _letters(name: str, random: Random) -> str:
    fitting = [rule for rule in OTHER_LETTERS if re.search(rule[0], name)]
    for pattern, written in random.sample(fitting, min(len(fitting), random.choice((1, 1, 2)))):
        places = [found.span() for found in re.finditer(pattern, name)]
        if places:
            start, end = random.choice(places)
            name = name[:start] + written + name[end:]
    return name


def _word_left_out(name: str, random: Random) -> str:
    words = name.split()
    if len(words) < 2:
        return name
    out = random.choice((len(words) - 1, len(words) - 1, 0, random.randrange(len(words))))
    return " ".join(words[:out] + words[out + 1 :])


def _word_added(name: str, random: Random) -> str:
    if random.random() < 0.2:
        return f"{name} {random.choice(('BIN', 'BINTI'))} {random.choice(SECOND_NAMES)}"
    return f"{name} {random.choice(SECOND_NAMES)}"


def _words_exchanged(name: str, random: Random) -> str:
    words = name.split()
    at = random.randrange(max(len(words) - 1, 1))
    words[at : at + 2] = words[at : at + 2][::-1]
    return " ".join(words)


def _spaces(name: str, random: Random) -> str:
    gaps = [found.start() for found in re.finditer(" ", name)]
    if gaps and random.random() < 0.75:
        at = random.choice(gaps)
        return name[:at] + random.choice(("", "", "-", "  ")) + name[at + 1 :]
    if len(name) > 7:
        at = random.randrange(3, len(name) - 3)
        return name[:at] + " " + name[at:]
    return name


def _initial(name: str, random: Random) -> str:
    words = name.split()
    if len(words) < 2:
        return name
    at = random.choice((len(words) - 1, len(words) - 1, 0))
    return " ".join([*words[:at], words[at][0] + random.choice((".", "")), *words[at + 1 :]])


def _called(name: str, random: Random) -> str:
    words = name.replace("'", "").replace("\u2019", "").split()
    at = 0 if len(words) == 1 or random.random() < 0.6 else 1
    given = words[at]
    called = random.choice(FAMILIAR.get(given, (given[-4:] if len(given) > 5 else given,)))
    return " ".join([*words[:at], called, *words[at + 1 :]]) if random.random() < 0.6 else called


def _narrow(name: str, _random: Random) -> str:
    return name[:NARROW].strip()


def _honoured(name: str, random: Random) -> str:
    return random.choice(HONORIFICS).format(name)


NAME_SLIPS: Final[Mapping[str, tuple[float, Slip]]] = {
    "beginning": (0.30, _beginning),
    "letters": (0.13, _letters),
    "typing": (0.07, _typing),
    "typing_twice": (0.010, _typing_twice),
    "word_left_out": (0.055, _word_left_out),
    "word_added": (0.02, _word_added),
    "words_exchanged": (0.012, _words_exchanged),
    "spaces": (0.03, _spaces),
    "initial": (0.015, _initial),
    "called": (0.02, _called),
    "narrow": (0.012, _narrow),
}
"""How often a child's name is written otherwise, and how; `beginning` is of those names that begin so."""

PARENT_SLIPS: Final[Mapping[str, tuple[float, Slip]]] = {
    **NAME_SLIPS,
    "word_left_out": (0.09, _word_left_out),
    "initial": (0.02, _initial),
    "called": (0.07, _called),
    "honoured": (0.04, _honoured),
}
"""Posyandu know parents as neighbours do: more are written as they are called."""

REGISTER_SLIPS: Final[Mapping[str, tuple[float, Slip]]] = {
    "beginning": (0.10, _beginning),
    "letters": (0.03, _letters),
    "typing": (0.015, _typing),
    "word_left_out": (0.008, _word_left_out),
    "spaces": (0.006, _spaces),
    "narrow": (0.002, _narrow),
    "honoured": (0.003, _honoured),
}
"""The social register was checked against the civil registry, for the most part."""


def _day_and_month(day: date, _random: Random) -> date:
    return day.replace(day=day.month, month=day.day) if day.day <= 12 else day


def _one_digit(day: date, random: Random) -> date:
    """One digit of day or month wrong."""
    for _ in range(20):
        digits = list(day.strftime("%d%m"))
        at = random.randrange(4)
        digits[at] = random.choice("0123456789".replace(digits[at], ""))
        try:
            return day.replace(day=int("".join(digits[:2])), month=int("".join(digits[2:])))
        except ValueError:
            continue
    return day


def _another_year(day: date, random: Random) -> date:
    return day.replace(year=day.year + random.choice((-1, -1, 1)), day=min(day.day, 28))


def _near(day: date, random: Random) -> date:
    return day + timedelta(days=random.choice((-3, -2, -1, -1, 1, 1, 2, 3)))


def _rounded(day: date, random: Random) -> date:
    return day.replace(day=1, month=random.choice((1, day.month, day.month)))


def _stranger(day: date, random: Random) -> date:
    return day + timedelta(days=random.randrange(-500, 500))


DATE_SLIPS: Final[Mapping[str, tuple[float, Callable[[date, Random], date]]]] = {
    "day_and_month": (0.025, _day_and_month),
    "one_digit": (0.02, _one_digit),
    "another_year": (0.012, _another_year),
    "near": (0.015, _near),
    "rounded": (0.008, _rounded),
    "stranger": (0.006, _stranger),
}
REGISTER_DATE_SLIPS: Final[Mapping[str, tuple[float, Callable[[date, Random], date]]]] = {
    "day_and_month": (0.004, _day_and_month),
    "one_digit": (0.004, _one_digit),
    "another_year": (0.002, _another_year),
    "rounded": (0.003, _rounded),
}


def other_address(address: str, random: Random) -> str:
    """The same street as somebody else writes it."""
    written = re.sub(r"^JL ", random.choice(("JL. ", "JALAN ", "JLN ", "")), address)
    written = re.sub(r"^(GG|LRG) ", random.choice(("GANG ", "LR. ", "LORONG ", "GG. ")), written)
    if random.random() < 0.4:
        written = re.sub(r" NO\.?.*$", "", written)
    return _typing(written, random) if random.random() < 0.2 and len(written) > 4 else written


def spelled(
    values: Sequence[Value],
    slips: Mapping[str, tuple[float, Callable[[Value, Random], Value]]],
    random: Random,
    weights: Sequence[float] = (),
) -> tuple[list[Value], list[str]]:
    """The values with their slips, and by value the names of its slips ("" where there is none, `a b` for two).

    A slip that changes nothing is not named. `weights`: see `chosen`.
    """
    found, named = list(values), [""] * len(values)
    for kind, (share, slip) in slips.items():
        for at in chosen(len(values), share, random, weights):
            written = slip(found[at], random)
            if written and written != found[at]:
                found[at] = written
                named[at] = f"{named[at]} {kind}".strip()
    return found, named


def chosen(count: int, share: float, random: Random, weights: Sequence[float] = ()) -> list[int]:
    """Places, each with the same chance (`share`), in their order; with `weights` its chance is as many times that."""
    if weights:
        most = max(weights)
        places = chosen(count, min(share * most, 1.0), random)
        return [at for at in places if random.random() * most < weights[at]]
    found: list[int] = []
    # The gap to the next one is drawn, so that rare slips in a million rows cost no draw a row.
    rarity = -math.log1p(-min(share, 0.999999))
    at = -1
    while share > 0 and (at := at + 1 + int(random.expovariate(1) / rarity)) < count:
        found.append(at)
    return found
