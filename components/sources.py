"""Where the figures come from, and what to do where there are none."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from html import escape

import streamlit as st

from components import header, navigation
from components.address import language, say
from components.rich import rich
from data.definitions.catalogue import INDICATORS, REGISTERS
from data.definitions.indicators import Indicator
from data.definitions.screens import Screen
from data.queries import NO_CONTEXT, Context
from data.wording import N_, Language, translate


def foot(contexts: Iterable[Context], indicators: Iterable[Indicator]) -> None:
    st.html(build(together(contexts), indicators, language()))


def together(contexts: Iterable[Context]) -> Context:
    """What several figures come from, as one; each source once, the first figure's first."""
    found = list(contexts)
    return replace(
        next((context for context in found if context.period), NO_CONTEXT),
        sources=tuple(dict.fromkeys(source for context in found for source in context.sources)),
        sample=any(context.sample for context in found),
        derived=any(context.derived for context in found),
    )


def build(context: Context, indicators: Iterable[Indicator], reader: Language) -> str:
    """The line under everything, as HTML: every file of numerators and denominators, dates, marks, definitions."""
    several = len({source.register for source in context.sources}) > 1
    files = [
        (f"{escape(name(source.register, reader))}: " if several else "")
        + rich(N_("{file}, data as of {period}"), reader, file=source.file, period=source.period)
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
    chosen = list(dict.fromkeys(indicators))
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


def told_by(register: str) -> tuple[Indicator, ...]:
    """The figures that the people of a by-name list are counted in."""
    return tuple(one for one in INDICATORS.values() if register in one.registers and one.behind)


def name(register: str, reader: Language) -> str:
    """A register's short name: what stands before the bracket.

    >>> name("dtks", "id")
    'DTKS'
    """
    return translate(REGISTERS[register].label, reader).partition(" (")[0]


def nothing_yet(screen: Screen | None = None) -> None:
    """Where nothing was imported: what to do. For a `screen` whose registers alone are missing: which these are."""
    with st.container(key="card_empty"):
        if screen:
            header.head(say(screen.title))
            header.message(N_("This screen shows {gives}. Import one of these:"), gives=say(screen.gives))
            st.html(wanted(screen.registers, language()))
        else:
            words = N_(
                "Import a file (CSV, XLSX, XLS or Parquet; zip and gzip as well), and the screens show what it tells."
            )
            header.head(say(N_("No data yet")), rich(words, language()))
        with st.container(key="action"):
            navigation.link("imports", label=say(N_("Import data →")))
        if not screen:
            st.html(
                f'<p class="source">{rich(N_("To look around first, build the demonstration registers:"), language())}'
                " <code>python -m data sample</code></p>"
            )


def wanted(registers: Iterable[str], reader: Language) -> str:
    """Registers to be imported, as an HTML list: what each is called and what a row of it stands for."""
    rows = [
        f"<li><b>{escape(translate(REGISTERS[key].label, reader))}</b>"
        f"<span>{rich(N_('a row is {what}'), reader, what=translate(REGISTERS[key].row_is, reader))}</span></li>"
        for key in registers
    ]
    return f'<ul class="wanted">{"".join(rows)}</ul>'


def lacking(screen: Screen, told: Collection[str]) -> None:
    """Registers that some figures of the screen still need; of several that tell the same, one is enough."""
    missing = [key for key in screen.registers if not {key, *_instead(key)} & set(told)]
    if missing:
        names = ", ".join(name(key, language()) for key in missing)
        message = N_("Not imported yet: {names}. Figures that need them are shown as not known.")
        st.html(f'<p class="lacking">{rich(message, language(), names=names)}</p>')


def _instead(register: str) -> set[str]:
    """The registers that can tell figures in the place of this one."""
    return {other for one in INDICATORS.values() if register in one.registers for other in one.registers}


def nothing_here(place: str) -> None:
    """A place for which nothing was imported."""
    with st.container(key="card_empty"):
        header.message(
            N_("There are no data for {place} yet. Choose another area above, or import a file."), place=place
        )
        with st.container(key="action"):
            navigation.link("imports", label=say(N_("Import data →")))
