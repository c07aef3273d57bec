"""Every screen of figures: what it is about is an entry in `data.definitions.screens`, which one the address says."""

from dataclasses import replace

import streamlit as st

from components import breakdowns, colours, filters, header, kpis, navigation, sentence, sources, spread, view
from components.address import go, language, say
from components.ask import EVERY, STORE, areas_beside, ask, current, known, sees, told, viewer, with_data
from components.documents import Briefing, Shown
from data import queries
from data.places.geometry import geometry

# choose
screen, asked, reader = navigation.opened(), current(), language()
data = with_data(screen.registers)
if not data:
    sources.nothing_yet(screen if with_data(EVERY) else None)
    st.stop()
drawn, places = view.drawn(screen, asked, data, known()), view.places(data)
indicator, key = drawn.indicator, drawn.indicator.key
scope, about, choose = replace(asked, indicator=key), view.figures_of(asked), view.chooser(asked, go)
seen = view.view(scope.place, places, indicator.lowest, sees)

# ask
figures = told(scope, drawn.own, drawn.category) | told(scope, drawn.others)
main, periods = figures[key], ask(queries.periods, replace(about, indicator=key))
everywhere = ask(queries.by_area, about.at(seen.ground), by=seen.by, **drawn.mapped)
inside = view.inside(everywhere, seen.ranked)
tabled = inside if seen.one_list else ask(queries.by_area, about.at(seen.tabled), by=seen.tabled_by, **drawn.mapped)
broken = breakdowns.answered(ask, drawn, asked, places, viewer())
average = view.average(inside, main.figure.now.value, indicator, seen.chosen)
shapes = geometry(STORE.path, seen.ground, seen.by)
scale = colours.scale(indicator, view.values(inside, key), asked.filter("classes"))
shown = Shown(indicator, everywhere, inside, tabled, seen, drawn.columns, main.figure, shapes, scale, average)

# draw
words = sentence.say(screen.key, sentence.Facts(figures, inside, seen, drawn), reader)
briefing = Briefing.of(say(screen.title), words, figures, drawn, scope.place, shown)
contexts = [one.context for one in (main, *figures.values())]
header.top(scope.place, say(screen.title), words)
with st.container(key="filters", horizontal=True, gap="small"):
    filters.bar(main.context, periods, places, updated=drawn.updated, categories=drawn.categories)
    spread.actions(scope, main, briefing)
if not any(one.context.period for one in figures.values()):
    sources.nothing_here(view.path(scope.place)[-1][1])
    st.stop()
kpis.show(drawn, figures, scope.place)
sources.lacking(screen, data)
spread.show(shown, say(screen.title), contexts, drawn.menu, choose)
breakdowns.show_below(drawn, broken)
for group, other in drawn.beside:
    breakdowns.show_beside(group, other, figures[other.key], areas_beside(scope, places, other), choose, broken)
sources.foot(contexts, (indicator, *drawn.own, *drawn.others))
