"""What the public screen shows of a place: one message after the other, each with its number and its map."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from data.public.site import classes
from data.public.site.classes import Published
from data.wording import LANGUAGES, N_, Language, in_sentence, translate

LEVELS: Final = {
    "province": N_("province"),
    "kabkota": N_("kabupaten/kota"),
    "kecamatan": N_("kecamatan"),
    "kelurahan": N_("kelurahan"),
}
WITHHELD: Final = N_("withheld")
UNKNOWN: Final = N_("no data")
UNITS: Final = {
    "share": "",
    "number": "",
    "per_1000": N_("per 1,000 residents"),
    "persons": N_("persons"),
    "families": N_("families"),
    "children": N_("children"),
    "reaches": N_("reaches"),
    "rows": N_("rows"),
}
SAMPLE: Final = N_("SAMPLE DATA")
DATA_OF: Final = N_("Data as of {day}")


@dataclass(frozen=True)
class Pace:
    """How a screen keeps time, in seconds: how long a message stands, how often a new edition is asked for, and after
    what silence of the server the screen says that it has no connection.
    """

    message: float = 12
    ask: float = 30
    silence: float = 120


def view(place: Published, drawing: Published, pace: Pace) -> dict[str, Any]:
    """Everything that a running screen of the place needs; areas stand in the order of the drawing's codes."""
    levels = sorted({message["level"] for message in place["messages"]} & set(drawing["levels"]))
    return {
        "code": place["place"]["code"],
        "pace": {"message": pace.message, "ask": pace.ask, "silence": pace.silence},
        "sample": place["sample"],
        "drawing": {
            "width": drawing["width"],
            "height": drawing["height"],
            "levels": {
                level: {
                    "areas": [drawing["levels"][level][code] for code in sorted(drawing["levels"][level])],
                    "borders": drawing["borders"].get(level, ""),
                }
                for level in levels
            },
        },
        "messages": [_message(message, place, drawing) for message in place["messages"]],
        "said": {language: _words(place, drawing, language) for language in LANGUAGES},
    }


def indicator_of(message: Published, place: Published) -> Published:
    """The published indicator that a message is about."""
    wanted = (message["indicator"], message["category"])
    return next(one for one in place["indicators"] if (one["key"], category(one)) == wanted)


def category(indicator: Published) -> str | None:
    return indicator["category"]["key"] if indicator["category"] else None


def fills(indicator: Published, level: str, period: str, drawing: Published) -> dict[str, str]:
    """The class of every drawn area by code."""
    at = indicator["periods"].index(period)
    cells = indicator["cells"]
    return {
        code: classes.of(cells[code][at][2] if code in cells else None, indicator, level)
        for code in sorted(drawing["levels"].get(level, ()))
    }


def keys(indicator: Published, level: str, fill: Mapping[str, str], language: Language) -> list[tuple[str, str]]:
    """The legend of a map: (class, words), withheld and unknown areas last, and only where there are any."""
    present = set(fill.values())
    found = classes.legend(indicator, level, present, language)
    others = ((classes.WITHHELD, WITHHELD), (classes.UNKNOWN, UNKNOWN))
    return [*found, *((name, translate(words, language)) for name, words in others if name in present)]


def label(indicator: Published, language: Language) -> str:
    """The name of a figure, with its category where it is about one."""
    said: str = indicator["label"][language]
    if not indicator["category"]:
        return said
    return f"{said}: {in_sentence(indicator['category']['label'][language])}"


def caption(indicator: Published, level: str, language: Language) -> str:
    """What the colours of a map mean."""
    named = translate(LEVELS[level], language)
    return translate(N_("{label}, by {level}"), language, label=label(indicator, language), level=named)


def origin(indicator: Published, place: Published, language: Language) -> list[str]:
    """Where figures come from and what was done to them: office or source, rounding."""
    if indicator["source_published"]:
        return [indicator["source"][language]]
    made = translate(N_("counts rounded to {rounding}, small ones withheld"), language, rounding=place["rounding"])
    return [place["office"][language], made]


def _message(message: Published, place: Published, drawing: Published) -> dict[str, Any]:
    indicator, level = indicator_of(message, place), message["level"]
    fill = fills(indicator, level, message["period"], drawing)
    return {"level": level, "ramp": classes.ramp(indicator), "fill": "".join(fill.values())} | {
        language: {
            **{part: message[part][language] for part in ("title", "number", "suffix", "lines")},
            "call": message["call"][language] if message["call"] else "",
            "legend": keys(indicator, level, fill, language),
            "caption": caption(indicator, level, language),
            "day": day(message["period"], language),
            "origin": origin(indicator, place, language),
        }
        for language in LANGUAGES
    }


def day(period: str, language: Language) -> str:
    return translate(DATA_OF, language, day=date.fromisoformat(period))


def _words(place: Published, drawing: Published, language: Language) -> dict[str, str]:
    as_of = day(place["as_of"], language) if place["as_of"] else ""
    return {
        "place": place["place"]["name"],
        "sample": translate(SAMPLE, language),
        "schematic": translate(N_("schematic map"), language) if drawing["schematic"] else "",
        "silent": translate(N_("No connection"), language),
        "copy": translate(N_("Copy without connection"), language),
        "empty": translate(N_("Nothing has been published for this place yet"), language),
        "day": as_of,
    }
