"""A figure over its areas: map and ranking, course over time and table, four cards that show one thing."""

from collections.abc import Callable, Iterable, Sequence

from components import charts, documents, header, maps, meeting, navigation, tables
from components.address import language
from components.kpis import Told
from data.definitions.indicators import Indicator
from data.queries import Context
from data.scope import Scope


def actions(scope: Scope, told: Told, briefing: documents.Briefing) -> None:
    """What can be done with the screen: shown in a meeting, taken along as a briefing, and the list of who needs work;
    without data only the first.
    """
    with header.actions():
        meeting.link()
        if told.context.period and briefing.shown:
            documents.briefing_button(briefing)
            navigation.action(scope, briefing.shown.indicator, told)


def show(
    shown: documents.Shown,
    title: str,
    contexts: Sequence[Context],
    menu: Sequence[Indicator],
    choose: Callable[[str], None],
) -> None:
    """`menu` are the figures that may be shown instead; `choose` goes to an area that was clicked. Each card can be
    taken away as a file, which says the screen's `title` and the `contexts` that the figures come from, that of the
    shown one first.
    """
    indicator, seen = shown.indicator, shown.seen
    areas(shown, title, contexts, choose, lambda words, note: header.map_head(words, note, menu, indicator), menu)
    left, right = header.cards("trend", "table")
    with left:
        charts.show(shown.figure, indicator)
        documents.downloads("trend", shown, title, contexts)
    with right:
        tables.show_areas(shown.tabled, indicator, shown.columns, seen.tabled_by, seen.chosen, choose, contexts[0])
        documents.downloads("table", shown, title, contexts)


def areas(
    shown: documents.Shown,
    title: str,
    contexts: Sequence[Context],
    choose: Callable[[str], None],
    head: Callable[[str, str], None] = header.card_head,
    menu: Sequence[Indicator] = (),
) -> None:
    """The cards of map and ranking; `head` draws that of the map from its title and its note."""
    left, right = header.cards("map", "ranking")
    with left:
        head(maps.title(shown.seen.by), maps.caption(shown.indicator, shown.shapes.schematic))
        draw_map(shown, title, contexts, choose, menu)
    with right:
        draw_ranking(shown, title, contexts, choose)


def draw_map(
    shown: documents.Shown,
    title: str,
    contexts: Iterable[Context],
    choose: Callable[[str], None],
    menu: Sequence[Indicator] = (),
    height: int = maps.HEIGHT,
) -> None:
    """The map with its legend and its files, in the card that is open."""
    indicator, seen, scale = shown.indicator, shown.seen, shown.scale
    drawing = maps.drawing(shown.everywhere, indicator, scale, seen.look, language())
    maps.show(maps.build(shown.shapes), drawing, choose, height)
    unknown = bool(shown.inside[indicator.key].isna().any())
    maps.show_key(scale, indicator, unknown, shown.inside, seen.by, menu)
    documents.downloads("map", shown, title, contexts)


def draw_ranking(
    shown: documents.Shown, title: str, contexts: Iterable[Context], choose: Callable[[str], None]
) -> None:
    """The ranking with its files, in the card that is open."""
    tables.show_ranking(shown.inside, shown.indicator, shown.scale, shown.average, shown.seen.chosen, choose)
    documents.downloads("ranking", shown, title, contexts)
