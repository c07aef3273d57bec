"""Meeting mode: the way into it, and the stage on which its slides are turned without asking the server."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from components import navigation
from components.address import go, language, say
from components.ask import current
from components.routes import STATIC
from data.scope import Scope
from data.wording import N_

_stage = st.components.v2.component(
    "padan_meeting",
    html='<div class="meeting"></div>',
    css=(STATIC / "meeting.css").read_text(),
    js=(STATIC / "meeting.js").read_text(),
)


@dataclass(frozen=True)
class Slide:
    """One message: its title in words, and the whole slide as HTML in which every value is escaped. Those of the annex
    come after the meeting's own, for when somebody asks.
    """

    key: str
    title: str
    html: str
    annex: bool = False


def entered(scope: Scope) -> Scope:
    """The same screen as a meeting; what it is about stays, so that leaving leads back to it."""
    return scope.with_filter("mode", navigation.MEETING)


def left(scope: Scope) -> Scope:
    return scope.with_filter("mode", None).with_filter("slide", None)


def link() -> None:
    """The link to the meeting mode, on the head of any screen; leaving it leads back to that screen."""
    with st.container(key="meeting_link", width="content"):
        navigation.link(navigation.here(), say(N_("Meeting mode")), entered(current()))


def show(slides: Sequence[Slide], shapes: str) -> None:
    """The slides, one at a time, those of the annex last; `shapes` is the SVG that their maps refer to."""
    names = {
        "back": N_("Previous slide"),
        "next": N_("Next slide"),
        "full": N_("Full screen (F)"),
        "leave": N_("Leave the meeting mode (Esc)"),
        "slides": N_("Slides"),
        "plan": N_("All slides (O)"),
        "agenda": N_("Agenda"),
        "annex": N_("Annex"),
    }
    data = {
        "slides": [slide.html for slide in slides],
        "titles": [slide.title for slide in slides],
        "main": sum(not slide.annex for slide in slides),
        "shapes": shapes,
        "names": {key: say(name) for key, name in names.items()},
        "progress": say(N_("Slide {at} of {total}")),
        "language": language(),
    }
    data["mark"] = hashlib.sha256(repr(data).encode()).hexdigest()[:12]
    _stage(key="stage", data=data, on_leave_change=lambda: go(left(current())))
