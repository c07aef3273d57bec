"""What everybody may see: which figures are published, how they hang together, and what the public screen says."""

from dataclasses import dataclass
from typing import Final

from data.definitions.indicators import Level
from data.wording import N_


@dataclass(frozen=True)
class Published:
    """A figure that is published, down to the level `lowest`.

    `group` names figures of one register that stand together. `categories`: by the categories of its register too, down
    to the level `categories_lowest`. `as_is`: somebody else publishes it, so that it is known anyway: it is rounded,
    never withheld.
    """

    indicator: str
    group: str
    lowest: Level = "kelurahan"
    categories_lowest: Level | None = None
    as_is: bool = False


FIGURES: Final = (
    Published("dtks_updated_share", "dtks"),
    Published("dtks_updated_family_share", "dtks"),
    Published("nik_valid_share", "dtks"),
    Published("nik_unknown_share", "dtks"),
    Published("dtks_persons", "dtks"),
    Published("dtks_families", "dtks"),
    Published("poverty_rate_official", "poverty", "kabkota", as_is=True),
    Published("decile_1_share", "deciles"),
    Published("decile_1_4_share", "deciles"),
    Published("ppks_per_1000", "ppks"),
    Published("ppks_persons", "ppks", categories_lowest="kecamatan"),
    Published("outreach_reaches", "outreach", categories_lowest="kabkota"),
    Published("stunting_share", "stunting"),
    Published("stunting_children", "stunting"),
    Published("stunting_measured", "stunting"),
    Published("stunted_registered_share", "stunting"),
    Published("stunted_family_only", "stunting"),
    Published("stunted_unregistered", "stunting"),
    Published("stunted_undecided", "stunting"),
    Published("krs_families", "krs"),
    Published("krs_decile_1_4_share", "krs"),
    Published("recipients_registered_share", "recipients"),
    Published("population", "population", as_is=True),
)
"""Where an indicator is not declared here, nobody outside sees it."""


@dataclass(frozen=True)
class Contains:
    """A measure that is the whole of others, besides the numerators and denominators of shares.

    `complete`: the parts are all of it. `counted`: whoever is in none of the parts is a group of people that must not
    be told where it is small; else the whole is only never less than the parts.
    """

    whole: str
    parts: tuple[str, ...]
    complete: bool = False
    counted: bool = True


CONTAINS: Final = (
    Contains("persons", ("dukcapil_matched", "dukcapil_unknown")),
    Contains("persons", ("families",), counted=False),
    Contains("updated_persons", ("updated_families",), counted=False),
    Contains("decile_1_4", ("decile_1",)),
    Contains(
        "stunted",
        ("stunted_registered", "stunted_family_only", "stunted_unregistered", "stunted_undecided"),
        complete=True,
    ),
)
"""What an attacker would subtract. Shares need no entry: their numerator lies in their denominator."""


@dataclass(frozen=True)
class Message:
    """What the public screen says, one after the other.

    `sentence` follows the number, `before` compares it with about a year earlier, `call` asks something of the reader.
    Placeholders: {value}, {before}, {count} (the numerator), {whole} (the denominator), {place}, {target}; what stands
    between ** is set in bold. A message without a value in the place does not appear; nor does `before` without one.
    """

    key: str
    indicator: str
    title: str
    sentence: str
    before: str = ""
    call: str = ""
    target: float | None = None


MESSAGES: Final = (
    Message(
        "updated",
        "dtks_updated_share",
        N_("Social welfare data: how far we are"),
        N_("of the persons in DTKS have been updated within two years."),
        N_("A year earlier **{before}**. Our target is **{target}**."),
        N_("Not registered yet? Come to the Puskesos or to the deliberation of your kelurahan."),
        target=1.0,
    ),
    Message(
        "nik",
        "nik_valid_share",
        N_("Numbers that match help arrive"),
        N_("of the persons in DTKS have a NIK that Dukcapil has matched."),
        N_("A year earlier **{before}**. Our target is **{target}**."),
        N_("Is your NIK not matched? Bring your family card and identity card to the kelurahan office."),
        target=1.0,
    ),
    Message(
        "stunting",
        "stunting_share",
        N_("Every child measured, every child growing"),
        N_("of the children measured at posyandu are stunted: {count} of {whole}."),
        N_("A year earlier **{before}**."),
        N_("Bring your toddler to the posyandu every month."),
    ),
    Message(
        "stunted_registered",
        "stunted_registered_share",
        N_("No stunted child overlooked"),
        N_("of the stunted children stand in the social register: {count} of {whole}."),
        N_("A year earlier **{before}**. Our target is **{target}**."),
        N_("Do you know a family that needs help? Tell the kelurahan office."),
        target=1.0,
    ),
    Message(
        "deciles",
        "decile_1_4_share",
        N_("Who comes first"),
        N_("of the residents are registered in deciles 1–4, those who come first when help is given."),
        N_("A year earlier **{before}**."),
        N_("Does your family's situation differ from the data? Ask for an update at the kelurahan office."),
    ),
    Message(
        "ppks",
        "ppks_persons",
        N_("Nobody is left alone"),
        N_("in need of social welfare services (PPKS) are registered in {place}."),
        N_("A year earlier **{before}**."),
        N_("Do you see somebody neglected? Call the social affairs office."),
    ),
    Message(
        "krs",
        "krs_families",
        N_("Families at risk, families accompanied"),
        N_("at risk of stunting (KRS) are registered in {place}."),
        N_("A year earlier **{before}**."),
        N_("Ask the family assistance team in your kelurahan for guidance."),
    ),
)
