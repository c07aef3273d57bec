"""Perbandingan: two figures, areas side by side, areas alike, two dates."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from components import filters, relation, sides, slopes, sources, view
from components.address import language
from components.ask import EVERY, STORE, ask, current, sees, with_data
from data import queries
from data import relation as compared
from data.places.geometry import geometry
from data.places.reference import level_of

# choose
asked, reader, data = current(), language(), with_data(EVERY)
known = ask(compared.tellable, relation.around(asked)) if data else {}
if len(known) < 2:
    sources.nothing_yet()
    st.stop()
chosen = relation.chosen(asked, known, places := view.places(data), sees)
seen, about, used = chosen.seen, view.figures_of(chosen.scope), list(chosen.figures)
ground, keys = about.at(seen.ground), tuple(one.key for one in used)
contexts = [ask(queries.context, replace(ground, indicator=one.key)) for one in used]
periods, head = ask(queries.periods, replace(ground, indicator=keys[0])), st.container()
relation.choose_kind(chosen.kind)
with st.container(key="relation_choices", horizontal=True, vertical_alignment="bottom"):
    with st.container(key="filters", horizontal=True, gap="small", width="content"):
        filters.bar(contexts[0], periods, places, compared=chosen.kind == "dates", updated=False)
    choices = st.container(key="relation_figures", horizontal=True, gap="small")
relation.choose_figures(choices, chosen)

# ask and draw
if chosen.kind == "pair":
    everywhere = ask(queries.by_area, ground, keys=keys, by=seen.by)
    found = compared.related(view.inside(everywhere, seen.ranked), *used, relation.decimals(*used))
    words = relation.sentence(found, chosen, reader)
    relation.show_pair(found, everywhere, chosen, contexts, geometry(STORE.path, seen.ground, seen.by))
elif chosen.kind == "dates":
    days = (contexts[0].compare, contexts[0].period)
    frames = [ask(queries.by_area, replace(ground, period=day), keys=keys, by=seen.by) for day in days]
    found = compared.moves(*(view.inside(frame, seen.ranked) for frame in frames), used[0])
    words = slopes.sentence(found, chosen, contexts[0], reader)
    slopes.show_dates(found, chosen, contexts[0])
else:
    behind = ask(queries.by_area, ground, keys=(sides.WORST,), by=seen.by)
    profiles = ask(compared.profile, ground, by=level_of(mine := sides.own(chosen, asked.place, behind)))
    areas = sides.sides(chosen, mine, peers := compared.alike(profiles, mine))
    levels = sides.levels((*areas, mine, seen.ranked))
    course = pd.concat([ask(compared.course, ground, keys=keys, by=level) for level in levels])
    if chosen.kind == "areas":
        words = sides.sentence(areas, used, course, reader)
        sides.show_areas(choices, chosen, areas, course, contexts)
    else:
        words = sides.peers_sentence(mine, peers, used, course, mine == asked.place, reader)
        sides.show_alike(choices, chosen, mine, peers, profiles, course, contexts)
with head:
    relation.top(chosen, asked.place, words)
sources.foot(contexts, used)
