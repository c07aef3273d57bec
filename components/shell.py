"""The entry script of every session: address, style, bar, then the screen that the address names.

It is not called app.py and does not lie beside pages/, because Streamlit would then run a page of a deep link
without it.
"""

import streamlit as st

from components import header, navigation
from components.address import say
from components.ask import current, sample, viewer
from components.documents import sheets
from components.routes import STATIC
from data.wording import N_

st.set_page_config(
    page_title="Padan",
    page_icon=str(STATIC / "icon.svg"),
    layout="wide",
    menu_items={"About": say(N_("Padan: how far the social registers are updated, and whose records need work."))},
)
st.html(STATIC / "padan.css")
meeting = current().filter("mode") == navigation.MEETING
page = st.navigation(navigation.pages(meeting), position="hidden")
if not meeting:
    screen = navigation.screen_at(page.url_path)
    header.bar(viewer(), screen, sample(navigation.registers(screen)))
    header.beside(screen)
    sheets.progress()
page.run()
