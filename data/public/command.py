"""What the commands `publish` and `values --audience public` say."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.public import reading
from data.public.reading import WITHHELD
from data.wording import N_, Language, number, percent, translate

if TYPE_CHECKING:
    from data.public.building import PlaceReport, Report

Row = dict[str, Any]


def rows(published: Path, keys: Sequence[str], place: str, by: str, day: date | None) -> list[Row] | None:
    """A row an area with the columns of `values`; None where nothing is published in the folder.

    Raises KeyError, of the place or of the figure that is not published.
    """
    folder = reading.current(published)
    if folder is None:
        return None
    edition = reading.read(folder)
    for key in keys:
        if key not in reading.keys(edition):
            raise KeyError(key)
    called = reading.names(edition)
    if place not in called:
        raise KeyError(place)
    found: dict[str, Row] = {}
    for key in keys:
        for told in reading.figures(edition, place, key, by, day):
            row = found.setdefault(told.code, {"code": told.code, "name": called[told.code]})
            row |= {f"{key}_numerator": told.numerator, f"{key}_denominator": told.denominator, key: told.value}
    return [found[code] for code in sorted(found)]


def cell(told: Any, share: bool, language: Language) -> str:
    """
    >>> cell("*", True, "id"), cell(None, True, "id"), cell(0.496, True, "id"), cell(1250, False, "id")
    ('*', '–', '49,6%', '1.250')
    """
    if told is None:
        return "–"
    if told == WITHHELD:
        return WITHHELD
    return percent(told, language) if share else number(told, language)


def text(report: "Report", language: Language) -> list[str]:
    """What was published and what that cost, for whoever published it. It tells small from other withheld cells: it is
    not for the public.
    """

    def say(message: str, **values: Any) -> str:
        return translate(message, language, **values)

    lines = [
        say(
            N_("Published: {edition} in {folder}; counts below {threshold} are withheld."),
            edition=report.edition, folder=str(report.folder), threshold=report.threshold,
        )
    ]  # fmt: skip
    for place in report.places:
        lines += ["", *_place(place, language)]
    withstood = N_(
        "The check tried {tried} withheld numbers and groups with everything that is published; none came out."
    )
    lines += ["", say(withstood, tried=report.tried)]
    if report.sample:
        lines.append(say(N_("SAMPLE DATA")))
    return lines


def _place(place: "PlaceReport", language: Language) -> Iterable[str]:
    words = N_(
        "{place}: {withheld} of {cells} counts withheld, {small} of them small themselves, {others} to protect them."
    )
    yield translate(
        words, language, place=place.name, withheld=place.withheld, cells=place.cells, small=place.small,
        others=max(0, place.withheld - place.small),
    )  # fmt: skip
    if place.gap > 0:
        words = N_("A mask that withholds up to {share} less may exist; it was not found in time.")
        yield translate(words, language, share=percent(place.gap, language))
    for loss in place.losses:
        if loss.withheld:
            name = f"{loss.indicator}{' *' if loss.by_category else ''}"
            share = percent(loss.people, language)
            yield f"  {name:32} {loss.level:10} {loss.withheld:5}/{loss.cells:<5} ({loss.small} + " \
                  f"{loss.withheld - loss.small}) {share:>7}"  # fmt: skip
