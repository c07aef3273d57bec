"""Where the people behind a figure are listed by name."""

from dataclasses import replace
from typing import Final
from urllib.parse import urlencode

from components.address import query
from components.view import categories
from data.definitions.filters import ANY, FILTERS
from data.definitions.indicators import Indicator
from data.lists import SORT
from data.queries import Context, Figure
from data.scope import Scope
from data.wording import Language

LIST: Final = "rumah-tangga"


def listed(about: Scope, indicator: Indicator, context: Context, lacking: bool = False) -> Scope | None:
    """The by-name list of those whom a figure counts, or of those who are `lacking` to a share that should be high;
    None where there is no such list. `about` is the figure's place, time and category, `context` what tells it.
    """
    found = indicator.behind if lacking == indicator.lacks else indicator.counted
    if found is None or (lacking and not indicator.lacks):
        return None
    telling = [source.register for source in context.sources if source.register in indicator.registers]
    kept = tuple(pair for pair in about.filters if pair[0] == "category" and categories(indicator))
    register = telling[0] if telling else indicator.registers[0]
    target = replace(about, indicator=Scope.indicator, register=register, filters=kept)
    return target if found[1] == ANY else target.with_filter(*found)


def count(figure: Figure, indicator: Indicator, lacking: bool = False) -> int | None:
    """How many a figure counts, or how many are lacking to it; None where that is not known."""
    now = figure.now
    if not indicator.is_ratio:
        return None if now.value is None or lacking else round(now.value)
    if now.numerator is None or now.denominator is None:
        return None
    return now.denominator - now.numerator if lacking else now.numerator


def address(target: Scope, reader: Language) -> str:
    """The address of a list, relative to any screen."""
    return f"{LIST}?{urlencode(query(target, reader))}"


def narrowed(scope: Scope) -> Scope:
    """The scope as far as a list by name can follow it: without what screens keep for themselves in the address."""
    return replace(scope, filters=tuple(pair for pair in scope.filters if pair[0] in (*FILTERS, SORT)))
