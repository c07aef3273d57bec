"""Mode rapat: the slides of the place, one message each; turned in the browser, without asking again."""

from datetime import date

import streamlit as st

from components import comparison, meeting, outlines, slides, sources, view
from components.address import language, say
from components.ask import EVERY, STORE, ask, current, known, sees, told, viewer, with_data
from data import comparison as compared
from data import interventions, queries
from data.places.geometry import geometry
from data.wording import N_

# choose
asked, data, reader = meeting.left(current()), with_data(EVERY), language()
if not data:
    sources.nothing_yet()
    st.stop()
about = comparison.whole(comparison.about(asked, ask(compared.registers)))

# ask
parts = []
for subject in slides.subjects(asked, data, known(), sees):
    seen, keys = subject.seen, slides.asked_for(subject)
    figures = told(subject.scope, subject.drawn.own)
    areas = ask(queries.by_area, view.figures_of(asked).at(seen.ranked), keys=keys, by=seen.by)
    drawn = outlines.outlines(geometry(STORE.path, seen.ground, seen.by), seen.ranked)
    parts.append(slides.Part(subject, figures, areas, drawn))
offices = None
if places := ask(interventions.places):
    seen = view.view(asked.place, places, sees=sees)
    with st.spinner(say(N_("Putting the registers together …"))):
        needs = ask(interventions.summary, view.figures_of(asked))
    by_area = ask(interventions.by_area, view.figures_of(asked).at(seen.ranked), by=seen.by)
    offices = slides.Offices(needs, by_area, seen)
changes = ask(compared.between, about) if compared.comparable(about.register) else None

# draw
found = slides.noticed(asked, parts, date.today())
moved = slides.compared(parts, (about.register,))
deck = slides.deck(asked, parts, found, offices, changes, moved, reader, viewer().may_list)
meeting.show(deck, slides.shapes(parts))
