"""Stunting × DTKS, KRS × decile, recipients × register: who stands in both, who does not, and how sure that is."""

from dataclasses import replace

import streamlit as st

from components import colours, filters, flows, gaps, header, maps, meeting, navigation, overlap, sources, tables, view
from components.address import go, language, say
from components.ask import EVERY, STORE, ask, current, with_data
from data import overlap as matched
from data.places.geometry import geometry
from data.places.reference import place

# choose
screen, asked, reader = navigation.opened(), current(), language()
if not with_data(EVERY):
    sources.nothing_yet()
    st.stop()
chosen = overlap.chosen(asked, screen.linkages)
linkage, measure, indicator = chosen.linkage, chosen.measure, chosen.indicator
scope, here = replace(view.figures_of(asked), register=linkage.left), place(asked.place).name
places, choose = ask(matched.places, linkage=linkage.key), view.chooser(asked, go)
seen = view.view(scope.place, places)

# ask
found = ask(matched.summary, scope, linkage=linkage.key)
periods = ask(matched.periods, scope, linkage=linkage.key)
head = overlap.head(chosen, scope.place)
with st.container(key="filters", horizontal=True, gap="small"):
    overlap.choose_linkage(chosen, screen.linkages)
    filters.bar(found.context, periods, places, updated=False)
    with header.actions():
        meeting.link()
overlap.state(found, chosen, here)
everywhere = overlap.valued(ask(matched.by_area, scope.at(seen.ground), linkage=linkage.key, by=seen.by), chosen)
tabled = ask(matched.by_area, scope.at(seen.tabled), linkage=linkage.key, by=seen.tabled_by)
inside, history = view.inside(everywhere, seen.ranked), ask(matched.history, scope, linkage=linkage.key)
figure = overlap.figure(found, history, measure, chosen.share)
average = view.average(inside, figure.now.value, indicator, seen.chosen)
shapes = geometry(STORE.path, seen.ground, seen.by)
scale = colours.scale(indicator, view.values(inside, measure), asked.filter("classes"))

# draw
with head:
    below = view.inside(tabled, scope.place)
    header.head(say(linkage.label), overlap.sentence(found, below, chosen, here, seen.tabled_by, reader))
overlap.show_cards(found, history, chosen, scope)
left, right = header.cards("map", "ranking")
with left:
    overlap.map_head(maps.title(seen.by), maps.caption(indicator, shapes.schematic), chosen)
    maps.show(maps.build(shapes), maps.drawing(everywhere, indicator, scale, seen.look, reader), choose)
    maps.show_key(scale, indicator, bool(inside[measure].isna().any()), inside, seen.by)
with right:
    tables.show_ranking(inside, indicator, scale, average, seen.chosen, choose)
if found.total:
    moved_on, kinds = (ask(one, scope, linkage=linkage.key) for one in (matched.flow, matched.by_kind))
    flows.show(found, moved_on, kinds, figure, chosen)
overlap.show_areas(tabled, chosen, seen.tabled_by, seen.chosen, choose)
gaps.show(ask(matched.gaps, scope, linkage=linkage.key) if found.total else None, chosen, scope)
sources.foot([found.context], linkage.indicators)
