"""Buttons that make a document: a click becomes an order, the order a ticket, the ticket a download."""

from collections.abc import Callable, Iterable, Mapping

import streamlit as st

from components import sources
from components.address import language, say
from components.documents import briefing as briefings
from components.documents import drawings, tabled
from components.documents.briefing import Briefing
from components.documents.drawings import CHOICES, Drawing, Part
from components.documents.parts import Shown
from components.documents.tabled import Tabled
from components.routes import STATIC, download_url
from components.tickets import Ordered, issue
from data.queries import Context
from data.wording import N_

_documents = st.components.v2.component(
    "padan_documents",
    html='<div class="documents"></div>',
    css=(STATIC / "documents.css").read_text(),
    js=(STATIC / "documents.js").read_text(),
)


def show(key: str, label: str, choices: Mapping[str, str], order: Callable[[str], Ordered], menu: bool = False) -> None:
    """A button a choice (its key and its words), or all of them in a menu behind one button.

    `order` is called with the chosen key and says what is to be made; nothing is made before somebody chooses.
    """
    ticket = f"ticket_{key}"

    def chosen() -> None:
        if (wanted := st.session_state[key].get("choice")) in choices:
            st.session_state[ticket] = download_url(issue(order(str(wanted))))

    data = {
        "label": label,
        "menu": menu,
        "choices": [{"key": one, "name": name} for one, name in choices.items()],
        "ticket": st.session_state.pop(ticket, ""),
    }
    _documents(key=key, data=data, on_choice_change=chosen, width="content")


def briefing_button(about: Briefing) -> None:
    """The button *Bahan rapat (PDF)*."""
    reader, words = language(), say(N_("Briefing (PDF)"))
    show("briefing", words, {"pdf": words}, lambda _: briefings.order(about, reader))


def downloads(part: Part, shown: Shown, title: str, contexts: Iterable[Context]) -> None:
    """The menu of a card: its map, ranking, trend or table as files. `title` is the screen's, `contexts` say what its
    figures come from.
    """
    reader = language()
    drawing = Drawing(part, shown, title, shown.seen.place, sources.together(contexts))
    choices = {format: say(words) for format, words in CHOICES[part].items()}
    show(
        f"downloads_{part}",
        say(N_("Save as a file")),
        choices,
        lambda format: drawings.Order(drawing, format, reader),
        menu=True,
    )


def table_downloads(
    key: str, table: Callable[[], Tabled | None], title: str, place: str, contexts: Iterable[Context]
) -> None:
    """The menu of a card that is a table, or can be read as one: its rows as a file. `table` is asked when somebody
    has chosen.
    """
    context, reader = sources.together(contexts), language()
    show(
        f"downloads_{key}",
        say(N_("Save as a file")),
        {format: say(words) for format, words in tabled.CHOICES.items()},
        lambda format: tabled.Order(table(), title, place, context, format, reader),
        menu=True,
    )
