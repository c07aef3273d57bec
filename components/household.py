"""A household's page: its members, what it lacks, what it needs and receives, where else it was found, its history."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from html import escape
from typing import Any, Final
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from components import header, households, navigation, unmask, view
from components.address import language, query, say
from components.ask import viewer
from components.interventions import amounts
from components.pairs import likeness
from components.rich import rich
from components.routes import STATIC
from components.sources import name as register_name
from components.view import anywhere, path, records
from data.access import Mask
from data.definitions.catalogue import FIELDS, LINKAGES, REGISTERS
from data.definitions.programmes import AGENCIES
from data.definitions.roles import Right
from data.household import BETWEEN, EVENTS, Change, Household, Lack, Match, Moment
from data.interventions import NeedOf, ProgrammeOf
from data.places.reference import find
from data.scope import Scope
from data.wording import N_, Language, Value, long_date, translate

SURE: Final = ((0.99, N_("almost certain")), (0.9, N_("very likely")), (0.6, N_("likely")), (0.0, N_("uncertain")))
"""How sure a match is, from which probability on."""
UNSPOKEN: Final = frozenset(
    {
        "name", "nik", "kk", "birth_date", "relation", "updated_on", "dukcapil", "address", "rt", "rw", "province",
        "kabkota", "kecamatan", "kelurahan", "area_code", "code_province", "code_kabkota", "code_kecamatan", "counter",
        "age",
    }
)  # fmt: skip
"""Fields that stand in the table of members or in the line above it."""

_print = st.components.v2.component(
    "padan_print",
    html='<div class="exports"><button type="button"></button></div>',
    css=(STATIC / "exports.css").read_text(),
    js="""export default ({ data, parentElement }) => {
      const button = parentElement.querySelector("button");
      button.textContent = data.label;
      button.onclick = () => window.print();
    };""",
)


def about(scope: Scope) -> Scope:
    """The scope as far as a household depends on it, so that the way to it asks nothing anew."""
    return Scope(period=scope.period, since=scope.since, filters=(("family", scope.filter("family") or ""),))


def tools(scope: Scope) -> bool:
    """The way back to the list, the choice to see numbers in full (returned), the printer."""
    st.html(STATIC / "household.css")
    with st.container(key="household_tools", horizontal=True, vertical_alignment="center"):
        back = f"← {say(N_('Back to the list'))}"
        here = view.own(viewer(), Right.PEOPLE, scope.place)
        navigation.link("households", back, scope.at(here).with_filter("family", None))
        unmasked = unmask.offer()
        with st.container(key="household_print", width="content"):
            _print(key="print", data={"label": say(N_("Print"))})
    return unmasked


def gone(words: str = "") -> None:
    """Instead of a household that is not, or not any more, in the store, or that may not be seen (`words` say so)."""
    with st.container(key="card_empty"):
        header.head(say(N_("Household not found")))
        header.message(
            words
            or N_("The snapshot that this link names was removed, or has no such household. Look for it in the list.")
        )


def show(found: Household, scope: Scope) -> None:
    reader = language()
    header.head(title(found, reader), sentence(found, reader))
    with st.container(key="card_people"):
        mask, register = viewer().mask(), REGISTERS[found.register]
        header.card_head(say(N_("Members")), where(found, reader, mask))
        households.note()
        st.html(households.table(found.members, found.programmes, reader, register, grouped=False, mask=mask))
    left, right = header.cards("flow_lacks", "found")
    with left:
        header.card_head(say(N_("What is missing")), say(N_("In the data of this household, and what to do about it.")))
        st.html(lacks(found.lacking, reader))
    with right:
        header.card_head(say(N_("Found in other data")), say(N_("What the matching found, and how sure it is.")))
        st.html(matches(found.matches, scope, reader, lambda place: viewer().may(Right.REVIEW, place)))
    if found.interventions.needs or found.interventions.programmes:
        left, right = header.cards("flow_needs", "programmes")
        with left:
            header.card_head(
                say(N_("Needs")), say(N_("What the registers together tell, and which office answers it."))
            )
            st.html(needs(found.interventions.needs, reader))
        with right:
            header.card_head(
                say(N_("Programmes")), say(N_("A deliberation decides; the data only say who may qualify."))
            )
            st.html(programmes(found.interventions.programmes, reader))
    if found.history:
        with st.container(key="card_history"):
            header.card_head(say(N_("History")), say(N_("In which data the household stands, and what changed.")))
            st.html(history(found, scope, reader))
    if told := facts(found.members, found.register, reader):
        with st.container(key="card_facts"):
            header.card_head(say(N_("What the register says besides")))
            st.html(told)


def title(found: Household, reader: Language) -> str:
    """Whose household it is; of a list of single persons, who."""
    name = str(found.members["name"].iloc[0] or "–")
    if not households.families(REGISTERS[found.register]):
        return name
    head = next(iter(found.members["family_head"].dropna()), name)
    return translate(N_("Family of {name}"), reader, name=str(head))


def sentence(found: Household, reader: Language) -> str:
    """How many they are and what is to be done, as HTML."""
    place = find(found.area)
    members = N_("{count} members in {place}, {register} as of {day}.")
    size = _size(found) if households.families(REGISTERS[found.register]) else None
    words = rich(
        N_("In {place}, {register} as of {day}.") if size is None else members,
        reader,
        count=size or 0,
        place=place.name if place else "–",
        register=register_name(found.register, reader),
        day=found.context.period or "",
    )
    if found.elsewhere:
        message = N_("{count} more stand in an area whose list you may not see.")
        words += " " + rich(message, reader, count=found.elsewhere)
    review = sum(match.status == "review" for match in found.matches)
    if found.lacking:
        words += " " + rich(N_("**{count} things are missing or wrong.**"), reader, count=len(found.lacking))
    if review:
        words += " " + rich(N_("**{count} matches are to be reviewed.**"), reader, count=review)
    return words


def _size(found: Household) -> int | None:
    """How many members are shown, or told of where a row is a whole family; None where that says nothing of them."""
    sizes = found.members.get("family_size")
    if sizes is None:
        return len(found.members)
    return None if pd.isna(sizes.iloc[0]) else int(sizes.iloc[0]) - found.elsewhere


def where(found: Household, reader: Language, mask: Mask = households.ALL) -> str:
    """The address, from the street up to the kabupaten or kota; the number of the family card, unless the reader sees
    no names.
    """
    first = found.members.iloc[0]
    street = [households.text(first.get(key)) for key in ("address", "hamlet")]
    if households.text(first.get("rt")) or households.text(first.get("rw")):
        street.append(f"RT {households.text(first.get('rt')) or '–'} / RW {households.text(first.get('rw')) or '–'}")
    areas = [_area(code, name, reader) for code, name in reversed(path(found.area))] if find(found.area) else []
    kk, expected = households.text(first.get("kk")), households.families(REGISTERS[found.register])
    card = f"KK {kk}" if kk else translate(N_("without a KK number"), reader) if expected else ""
    return " · ".join([*filter(None, [card if mask.named else ""]), ", ".join(filter(None, [*street, *areas]))])


def _area(code: str, name: str, reader: Language) -> str:
    """A place with what it is, where its name does not say so: many a kelurahan has the name of its kecamatan."""
    levels = {8: N_("Kec. {name}"), 13: N_("Desa {name}") if code[9:10] == "2" else N_("Kel. {name}")}
    return translate(levels[len(code)], reader, name=name) if len(code) in levels else name


def lacks(found: Iterable[Lack], reader: Language) -> str:
    """What is missing, whom it concerns and what to do, as HTML."""
    rows = "".join(
        f"<li><b>{escape(translate(one.title, reader))}</b>"
        f'<span class="who">{escape(", ".join(one.names))}</span>'
        f"<p>{escape(translate(one.action, reader))}</p></li>"
        for one in found
    )
    nothing = f'<p class="quiet">{rich(N_("Nothing is missing in these data."), reader)}</p>'
    return f'<ul class="lacks">{rows}</ul>' if rows else nothing


# Needs and programmes


def needs(found: Iterable[NeedOf], reader: Language) -> str:
    """The needs of a family as HTML, those that nothing answers yet first."""
    rows = "".join(
        f"<li><b>{escape(translate(one.label, reader))}</b> {_state(one.open, reader)}<p><b>"
        f"{escape(translate(AGENCIES[one.agency].label, reader))}</b>: {escape(translate(one.do, reader))}</p></li>"
        for one in sorted(found, key=lambda one: not one.open)
    )
    nothing = f'<p class="quiet">{rich(N_("The registers tell of no need."), reader)}</p>'
    return f'<ul class="lacks">{rows}</ul>' if rows else nothing


def _state(open_: bool, reader: Language) -> str:
    words = translate(N_("not answered yet") if open_ else N_("answered by a programme"), reader)
    return f'<span class="sure{" open" if open_ else ""}">{escape(words)}</span>'


STATES: Final = {
    "missing": N_("potentially eligible, does not receive it"),
    "eligible": N_("potentially eligible; who receives it is not known"),
    "receives": N_("receives it"),
    "unexplained": N_("receives it without appearing eligible: to be checked"),
    "undecided": N_("cannot be decided: something is not known"),
    "": N_("does not appear eligible"),
}
"""What a programme is to a family, the most pressing first."""
TONES: Final = {"missing": "open", "unexplained": "open", "receives": ""}


def state_of(one: ProgrammeOf) -> str:
    """The key of STATES for a programme."""
    if one.missing:
        return "missing"
    if one.unexplained:
        return "unexplained"
    if one.receives:
        return "receives"
    return "undecided" if one.eligible is None else "eligible" if one.eligible else ""


def programmes(found: Sequence[ProgrammeOf], reader: Language) -> str:
    """What each programme of the region is to a family, as HTML; those for which it does not appear eligible are named
    together.
    """
    order = list(STATES)
    rows = "".join(
        f"<li><b>{escape(translate(one.label, reader))}</b>"
        f' <span class="sure {TONES.get(state_of(one), "calm")}">'
        f"{escape(translate(STATES[state_of(one)], reader))}</span>{_terms(one, reader)}</li>"
        for one in sorted(found, key=lambda one: order.index(state_of(one)))
        if state_of(one)
    )
    others = [translate(one.label, reader) for one in found if not state_of(one)]
    rest = f"{translate(STATES[''], reader).capitalize()}: {', '.join(others)}." if others else ""
    return f'<ul class="lacks">{rows}</ul><p class="quiet">{escape(rest)}</p>'


def _terms(one: ProgrammeOf, reader: Language) -> str:
    """Who gives it, how much, and who says so."""
    office, given = translate(AGENCIES[one.agency].label, reader), amounts(one.amounts, reader)
    return f"<p>{escape(' · '.join(filter(None, (office, given, translate(one.basis, reader)))))}</p>"


# Matches


def sure(match: Match, reader: Language) -> str:
    """How sure a match is, in words.

    >>> from data.household import Match
    >>> told = dict(linkage="children", outcome="", rule="", register="eppgbm", period=None, area="", member="",
    ...             told={}, pair="", household="")
    >>> sure(Match(status="accepted", probability=0.999, **told), "en")
    'almost certain (> 99%)'
    """
    if match.probability is None:
        return ""
    words = next(words for least, words in SURE if match.probability >= least)
    return f"{translate(words, reader)} ({likeness(match.probability, reader)})"


def matches(found: Iterable[Match], scope: Scope, reader: Language, reviews: Callable[[str], bool] = anywhere) -> str:
    """The records of other registers, as HTML; one under review leads to the review of its place, where the reader
    `reviews`.
    """
    rows = "".join(_match(match, scope, reader, reviews) for match in found)
    nothing = f'<p class="quiet">{rich(N_("The matching found it in no other register."), reader)}</p>'
    return f'<ul class="found">{rows}</ul>' if rows else nothing


def _match(match: Match, scope: Scope, reader: Language, reviews: Callable[[str], bool]) -> str:
    linkage = LINKAGES[match.linkage]
    open_ = match.status == "review"
    outcome = next((one for one in linkage.outcomes if one.key == match.outcome), None)
    rule = next((rule.label for rule in linkage.rules if rule.key == match.rule), "")
    name = escape(households.text(match.told.get("name")) or "–")
    whom = rich(N_("matched with {member}"), reader, member=match.member) if match.member else ""
    listed = {key: households.value(key, match.told, reader) for key in match.told if key != "name"}
    told = "".join(
        f"<span>{escape(translate(FIELDS[key].label, reader))}: <b>{words}</b></span>" for key, words in listed.items()
    )
    state = translate(N_("under review"), reader) if open_ else ""
    links = [_linked(rich(N_("Open this record →"), reader), households.home_address(scope, match.household, reader))]
    if open_ and reviews(match.area):
        links.insert(0, _linked(rich(N_("Review this match →"), reader), _review(match, reader)))
    says = " · ".join(filter(None, [state, sure(match, reader), translate(rule, reader)]))
    done = ""
    if outcome:
        label = translate(outcome.label, reader)
        stands = translate(N_("As it stands: {outcome}."), reader, outcome=label) if open_ else f"{label}."
        done = f"<p>{escape(stands)} {escape(translate(outcome.do, reader))}</p>"
    return (
        f'<li><span class="sure{" open" if open_ else ""}">{escape(says)}</span>'
        f'<span class="who"><b>{escape(register_name(match.register, reader))}</b>, '
        f"{escape(long_date(match.period, reader))}: <b>{name}</b> {whom}</span>"
        f'<div class="told">{told}</div>{done}<nav>{"".join(links)}</nav></li>'
    )


def _review(match: Match, reader: Language) -> str:
    target = Scope(match.area, filters=(("linkage", match.linkage), ("pair", match.pair)))
    return f"{navigation.SCREENS['review'][0]}?{urlencode(query(target, reader))}"


# History


def history(found: Household, scope: Scope, reader: Language) -> str:
    """The snapshots, the newest first, as HTML."""
    return f'<ol class="moments">{"".join(_moment(one, found, scope, reader) for one in found.history)}</ol>'


def _moment(moment: Moment, found: Household, scope: Scope, reader: Language) -> str:
    day = escape(long_date(moment.period, reader))
    shown = moment.snapshot == found.key.partition(BETWEEN)[0]
    when = (
        day if shown or not moment.household else _linked(day, households.home_address(scope, moment.household, reader))
    )
    if not moment.members:
        here = rich(N_("not registered"), reader)
    else:
        here = rich(N_("{count} members"), reader, count=moment.members)
    here += f" · {rich(N_('shown above'), reader)}" if shown else ""
    changes = "".join(f"<li>{line}</li>" for line in spoken(moment.changes or (), reader))
    calm = moment.changes == () and moment.members
    unchanged = f'<li class="here">{rich(N_("no change"), reader)}</li>' if calm else ""
    return (
        f'<li><span class="when">{when}</span><div><span class="here">{here}</span>'
        f"<ul>{changes}{unchanged}</ul></div></li>"
    )


def _linked(words: str, address: str) -> str:
    return f'<a href="{escape(address)}" target="_self">{words}</a>'


def spoken(changes: Iterable[Change], reader: Language) -> list[str]:
    """Changes as sentences (HTML); what happened to several in the same way is one sentence."""
    together: dict[tuple[str, Any, Any], list[str]] = {}
    for change in changes:
        together.setdefault((change.kind, change.before, change.after), []).append(change.name)
    lines = []
    for (kind, before, after), names in together.items():
        told = {"before": _value(before, reader), "after": _value(after, reader)}
        lines.append(rich(EVENTS[kind], reader, name=", ".join(dict.fromkeys(names)), **told))
    return lines


def _value(value: str | int | date | None, reader: Language) -> Value:
    if value is None:
        return translate(N_("not determined"), reader)
    place = find(value) if isinstance(value, str) else None
    return place.name if place else value


# What else there is


def facts(members: pd.DataFrame, register: str, reader: Language) -> str:
    """Every other field that is filled in, as HTML; where the members differ, who has what."""
    shown = {*UNSPOKEN, *(REGISTERS[register].listed if register != households.FIRST else ())}
    rows = records(members)
    told = []
    for key in FIELDS:
        if key in shown or key not in members or FIELDS[key].kind == "yes_no":
            continue
        values: dict[str, list[str]] = {}
        for row in rows:
            if (words := households.value(key, row, reader)) != "–":
                values.setdefault(words, []).append(households.text(row["called"]))
        if values:
            told.append(f"<div><dt>{escape(translate(FIELDS[key].label, reader))}</dt>{_said(values, len(rows))}</div>")
    return f'<dl class="facts">{"".join(told)}</dl>' if told else ""


def _said(values: Mapping[str, list[str]], members: int) -> str:
    whole = len(values) == 1 and len(next(iter(values.values()))) == members
    who = {words: "" if whole else f"<small>{escape(', '.join(names))}</small>" for words, names in values.items()}
    return "".join(f"<dd>{words}{names}</dd>" for words, names in who.items())
