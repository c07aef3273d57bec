"""Where the figures come from, and what to do where there are none."""

from collections.abc import Iterable
from html import escape

import streamlit as st

from components import header, navigation
from components.address import language, say
from components.rich import rich
from data.definitions.indicators import Indicator
from data.queries import Context
from data.wording import N_, Language, translate


def foot(context: Context, indicators: Iterable[Indicator]) -> None:
    st.html(build(context, indicators, language()))


def build(context: Context, indicators: Iterable[Indicator], reader: Language) -> str:
    """The line under everything, as HTML: files, dates, marks, definitions."""
    files = [
        rich(N_("{file}, data as of {period}"), reader, file=source.file, period=source.period)
        + f" (<code>SHA-256 {escape(source.sha256[:12])}</code>)"
        for source in context.sources
    ]
    marks = []
    if context.sample:
        marks.append(rich(N_("SAMPLE DATA: invented persons, realistic figures."), reader))
    if context.derived:
        marks.append(
            rich(
                N_(
                    "Derived: the file carries no update date, so a record counts as updated where it differs from the"
                    " snapshot before."
                ),
                reader,
            )
        )
    chosen = list(indicators)
    origins = list(dict.fromkeys(translate(indicator.source, reader) for indicator in chosen))
    definitions = "".join(
        f"<p><b>{escape(translate(indicator.label, reader))}</b>: {escape(translate(indicator.definition, reader))}</p>"
        for indicator in chosen
    )
    label = f"<b>{rich(N_('Source'), reader)}</b>: "
    return (
        f'<footer class="source"><p>{label}{"; ".join([*map(escape, origins), *files])}. {" ".join(marks)}</p>'
        f"<details><summary>{rich(N_('Definitions'), reader)}</summary>{definitions}</details></footer>"
    )


def nothing_yet() -> None:
    """The first screen of an empty store: what to do."""
    with st.container(key="card_empty"):
        header.head(
            say(N_("No data yet")),
            rich(
                N_(
                    "Import a DTKS file (CSV, XLSX, XLS or Parquet; zip and gzip as well), and this screen shows how"
                    " far it is updated and where it is worst."
                ),
                language(),
            ),
        )
        with st.container(key="action"):
            navigation.link("imports", label=say(N_("Import data →")))
        st.html(
            f'<p class="source">{rich(N_("To look around first, build the demonstration registers:"), language())}'
            " <code>python -m data sample</code></p>"
        )


def nothing_here(place: str) -> None:
    """A place for which nothing was imported."""
    with st.container(key="card_empty"):
        header.message(
            N_("There are no data for {place} yet. Choose another area above, or import a file."), place=place
        )
        with st.container(key="action"):
            navigation.link("imports", label=say(N_("Import data →")))
