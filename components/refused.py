"""What stands instead of a screen that the viewer may not open: why, who can help, and where they can go on."""

from dataclasses import replace
from html import escape

import streamlit as st

from components import account, header, navigation
from components.address import go, language, say, scope
from components.ask import current, viewer
from components.rich import rich
from components.view import own
from data.access import Refused, Viewer
from data.places.reference import find
from data.scope import Scope
from data.wording import N_, Language, translate


def admit(screen: str) -> None:
    """Raises Refused where the viewer may not open the screen there. An address without a place is about the viewer's
    own area.
    """
    right, about = navigation.needed(screen), current()
    if not scope().place and not navigation.opens(screen, about.place):
        about = about.at(own(viewer(), right, about.place))
        go(about)
    viewer().require(right, None if screen in navigation.PLACELESS else about.place)


def reason(refusal: Refused, screen: str, who: Viewer, place: str, reader: Language) -> str:
    """Whether the role or the area is in the way, as HTML; where it is neither, what the data say."""
    right, name = navigation.needed(screen), translate(navigation.SCREENS[screen][1], reader)
    if not who.may(right):
        return rich(N_("The screen **{screen}** does not belong to your role."), reader, screen=name)
    if screen not in navigation.PLACELESS and not who.may(right, place):
        words = N_("The screen **{screen}** is open for your own area only, and {place} lies outside of it.")
        return rich(words, reader, screen=name, place=found.name if (found := find(place)) else say(N_("all areas")))
    return escape(refusal.said(reader))


def show(refusal: Refused, screen: str) -> None:
    """The refusal in words, with the viewer's roles and area, and a link that they may follow."""
    reader, who, right = language(), viewer(), navigation.needed(screen)
    with st.container(key="card_refused"):
        header.head(say(N_("This is not open to you")), reason(refusal, screen, who, current().place, reader))
        st.html(f'<p class="source">{account.described(who, reader)}</p>')
        words = N_("Does your work need it? The administrator of your office can change your role or your area.")
        st.html(f'<p class="beneath">{rich(words, reader)}</p>')
        if not who.rights:
            return
        with st.container(key="action"):
            near = replace(current(), filters=(), indicator=Scope.indicator).at(own(who, right, current().place))
            if who.may(right) and near.place != current().place:
                navigation.link(screen, say(N_("To your own area →")), near)
            else:
                first = navigation.start(who)
                home = Scope(place=own(who, navigation.needed(first), ""))
                navigation.link(first, f"{say(navigation.SCREENS[first][1])} →", home)
