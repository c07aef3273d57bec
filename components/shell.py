"""The entry script of every session: address, style, bar, then the screen that the address names.

It is not called app.py and does not lie beside pages/, because Streamlit would then run a page of a deep link
without it.
"""

import streamlit as st

from components import gate, header, navigation, refused
from components.address import say
from components.ask import current, sample, viewer
from components.documents import sheets
from components.routes import STATIC
from data.access import Refused
from data.wording import N_

st.set_page_config(
    page_title="Padan",
    page_icon=str(STATIC / "icon.svg"),
    layout="wide",
    menu_items={"About": say(N_("Padan: how far the social registers are updated, and whose records need work."))},
)
st.html(STATIC / "padan.css")
gate.admit()
asked = current()
meeting = asked.filter("mode") == navigation.MEETING and navigation.opens("overview", asked.place)
page = st.navigation(navigation.pages(meeting), position="hidden")
screen = "overview" if meeting else navigation.screen_at(page.url_path)
try:
    refused.admit(screen)
except Refused as refusal:
    header.bar(viewer(), screen, sample=False)
    refused.show(refusal, screen)
    st.stop()
if not meeting:
    header.bar(viewer(), screen, sample(navigation.registers(screen)))
    header.beside(screen)
    sheets.progress()
try:
    page.run()
except Refused as refusal:
    refused.show(refusal, screen)
