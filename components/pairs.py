"""One pair: both records beside each other, how likely they are the same, what speaks for and against it."""

import re
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from html import escape
from itertools import accumulate
from typing import Any, Final

import plotly.graph_objects as go
import streamlit as st
from babel.numbers import format_compact_decimal

from components import header
from components.address import language, say
from components.charts import FONT, LOCAL
from components.rich import rich
from components.sources import name as register_name
from data.definitions.linkages import Linkage
from data.linkage.beside import Agrees, Line, Member, Origin
from data.linkage.decisions import Decision, Verdict
from data.linkage.review import Pair, Rival
from data.places.reference import find
from data.wording import N_, Language, long_date, number, percent, translate

VERDICTS: Final[Mapping[Verdict, str]] = {
    "accept": N_("accepted"),
    "reject": N_("not the same"),
    "unsure": N_("unsure"),
    "withdraw": N_("taken back"),
}
AGREES: Final[Mapping[Agrees, tuple[str, str]]] = {
    "same": ("=", N_("the same")),
    "spelled": ("≈", N_("the same, spelled differently")),
    "similar": ("≈", N_("similar")),
    "differs": ("≠", N_("differs")),
    "unknown": ("?", N_("not known")),
    "alone": ("", ""),
}
STATUS: Final[Mapping[str, str]] = {
    "accepted": N_("counts as a match"),
    "review": N_("under review"),
    "rejected": N_("does not count"),
}
FIRST_STEPS: Final = 9
"""Bars of the chart; the weakest beyond them are one bar together."""


def likeness(probability: float, reader: Language) -> str:
    """A probability as whole per cent; never certain, never impossible.

    >>> likeness(0.968, "id"), likeness(0.9999, "en"), likeness(0.0, "en")
    ('97%', '> 99%', '< 1%')
    """
    if probability >= 0.995:
        return f"> {percent(0.99, reader, 0)}"
    return f"< {percent(0.01, reader, 0)}" if probability < 0.005 else percent(probability, reader, 0)


def question(pair: Pair, linkage: Linkage) -> str:
    """What has to be decided about a pair (a message)."""
    if linkage.grain == "family":
        return N_("Is this the same family?")
    return N_("Is this the same person?") if pair.finds == "person" else N_("Is this the child's family?")


def in_words(pair: Pair, linkage: Linkage, reader: Language) -> str:
    """The probability as how many of a hundred such pairs, as HTML; what a contradiction means instead."""
    if pair.kind == "conflict":
        return escape(translate(pair.rule.says, reader))
    share = likeness(pair.probability, reader)
    ends = {"<": translate(N_("fewer than 1"), reader), ">": translate(N_("more than 99"), reader)}
    count = ends.get(share[0], share.removesuffix("%"))
    message = {
        N_("Is this the same family?"): N_(
            "**Match {share}**: of 100 pairs like this one, {count} are the same family."
        ),
        N_("Is this the same person?"): N_(
            "**Match {share}**: of 100 pairs like this one, {count} are the same person."
        ),
        N_("Is this the child's family?"): N_(
            "**Match {share}**: of 100 pairs like this one, {count} are the child's family."
        ),
    }[question(pair, linkage)]
    return rich(message, reader, share=share, count=count)


def head(pair: Pair, linkage: Linkage, reader: Language) -> str:
    """The question, how likely it is, what the decision changes, as HTML."""
    marks = [f'<span class="chip">{escape(translate(pair.rule.label, reader))}</span>']
    if pair.kind == "sample":
        marks.append(f'<span class="chip">{escape(translate(N_("Sample"), reader))}</span>')
    said = ""
    if pair.decisions and pair.decisions[0].verdict != "withdraw":
        verdict = translate(VERDICTS[pair.decisions[0].verdict], reader)
        said = f'<span class="chip said">{escape(translate(N_("Decided: {verdict}"), reader, verdict=verdict))}</span>'
    return (
        f'<header class="pair-head"><div><h2>{escape(translate(question(pair, linkage), reader))}</h2>'
        f"<p>{in_words(pair, linkage, reader)}</p>{consequence(pair, linkage, reader)}</div>"
        f'<div class="marks">{"".join(marks)}{said}</div></header>'
    )


def consequence(pair: Pair, linkage: Linkage, reader: Language) -> str:
    """What the decision would change, as HTML."""
    labels = {one.key: translate(one.label, reader) for one in linkage.outcomes}
    now, accepted, rejected = (labels.get(key, key) for key in pair.outcomes)
    if accepted == rejected:
        message = N_("Either way it stays: **{now}**.")
        words = rich(message, reader, now=now)
    else:
        message = N_("Now: **{now}**. If accepted: **{accepted}**. If not the same: **{rejected}**.")
        words = rich(message, reader, now=now, accepted=accepted, rejected=rejected)
    if not pair.counted:
        words += " " + rich(N_("The figures do not count this record."), reader)
    return f'<p class="consequence">{words}</p>'


def beside(pair: Pair, linkage: Linkage, reader: Language) -> str:
    """Both records as an HTML table, the letters that differ marked."""
    names = (origin(pair.left, reader), origin(pair.right, reader))
    headings = "".join(f'<th scope="col">{name}</th>' for name in names)
    body = "".join(_row(line, reader) for line in pair.lines)
    family = _family(pair.family, reader) if len(pair.family) > 1 else ""
    return (
        f'<div class="beside"><table><thead><tr><td></td>{headings}<td></td></tr></thead>'
        f'<tbody>{body}{family}</tbody></table><p class="marking">{legend(reader)}</p></div>'
    )


def origin(record: Origin, reader: Language) -> str:
    """Register, date, file and row, as HTML."""
    where = translate(N_("row {row}"), reader, row=str(record.file_row))
    sheet = f" · {escape(record.sheet)}" if record.sheet else ""
    return (
        f"{escape(register_name(record.register, reader))} <small>{escape(long_date(record.period, reader))}<br>"
        f"{escape(record.file)}{sheet} · {escape(where)}</small>"
    )


def _row(line: Line, reader: Language) -> str:
    role = f" <small>{escape(translate(line.role, reader).lower())}</small>" if line.role else ""
    sign, words = AGREES[line.agrees]
    words = translate(words, reader)
    if line.agrees == "similar" and line.digits:
        words = translate(N_("{count} digits differ"), reader, count=line.digits)
    left, right = _cells(line)
    right = "" if line.agrees == "alone" else right or "–"
    return (
        f'<tr class="{line.agrees}"><th scope="row">{escape(translate(line.label, reader))}</th>'
        f"<td>{left or '–'}</td><td>{right}{role}</td>"
        f'<td class="agrees"><b aria-hidden="true">{sign}</b> {escape(words)}</td></tr>'
    )


def _cells(line: Line) -> tuple[str, str]:
    """Both texts as HTML: numbers and dates place by place, similar texts letter by letter, others word by word; masked
    numbers as they are.
    """
    if line.agrees not in ("spelled", "similar", "differs") or (line.key in NUMBERS and "*" in line.left + line.right):
        return escape(line.left), escape(line.right)
    if line.key in NUMBERS and len(line.left) == len(line.right):
        return _placed(line.left, line.right)
    words = [re.findall(r"\w+|\W", side) for side in (line.left, line.right)]
    if line.key in ("birth_date", "neighbourhood") and len(words[0]) == len(words[1]):
        return _placed(*words)
    if line.agrees != "differs":
        return marked(line.left, line.right)
    common = {word.upper() for word in words[0]} & {word.upper() for word in words[1]}
    if not any(word.isalnum() for word in common):
        return escape(line.left), escape(line.right)
    return marked(*words)


NUMBERS: Final = ("nik", "kk")


def _placed(left: Sequence[str], right: Sequence[str]) -> tuple[str, str]:
    """Two texts of the same shape as HTML, the places marked in which they differ."""
    same = [one == other for one, other in zip(left, right, strict=True)]

    def drawn(side: Sequence[str]) -> str:
        marks = ("<mark>{}</mark>", "{}")
        return "".join(marks[so].format(escape(piece)) for piece, so in zip(side, same, strict=True))

    return drawn(left), drawn(right)


def _family(members: Sequence[Member], reader: Language) -> str:
    told = []
    for member in members[:12]:
        born = f" {member.birth_date.strftime('%d-%m-%Y')}" if member.birth_date else ""
        told.append(
            f"<li><b>{escape(member.name or '–')}</b> <small>{escape(member.relation.lower())}{born}</small></li>"
        )
    more = len(members) - len(told)
    rest = (
        f"<li><small>{escape(translate(N_('and {count} more'), reader, count=more))}</small></li>" if more > 0 else ""
    )
    title = translate(N_("Family members"), reader)
    return (
        f'<tr class="unknown family"><th scope="row">{escape(title)}</th><td></td>'
        f'<td colspan="2"><ul>{"".join(told)}{rest}</ul></td></tr>'
    )


def marked(left: Sequence[str], right: Sequence[str]) -> tuple[str, str]:
    """Two texts (or lists of words) as HTML in which letters (words) that only one of them has, or that stand for
    others, are marked; where the other one has more, a gap is shown.

    >>> marked("SITI", "SITTI")
    ('SIT<i class="gap"></i>I', 'SIT<ins>T</ins>I')
    """
    one, other = "", ""
    first, tfirst = ([piece.upper() for piece in side] for side in (left, right))
    for change, a, b, c, d in SequenceMatcher(None, first, tfirst, autojunk=False).get_opcodes():
        here, there = escape("".join(left[a:b])), escape("".join(right[c:d]))
        if change == "equal":
            one, other = one + here, other + there
        elif change == "replace":
            one, other = f"{one}<mark>{here}</mark>", f"{other}<mark>{there}</mark>"
        elif change == "delete":
            one, other = f"{one}<ins>{here}</ins>", f'{other}<i class="gap"></i>'
        else:
            one, other = f'{one}<i class="gap"></i>', f"{other}<ins>{there}</ins>"
    return one, other


def legend(reader: Language) -> str:
    """What the marks mean, as HTML."""
    meanings = (
        ("<mark>A</mark>", N_("other letters")),
        ("<ins>A</ins>", N_("only here")),
        ('<i class="gap"></i>', N_("missing here")),
    )
    return " ".join(f"<span>{sign} {escape(translate(words, reader))}</span>" for sign, words in meanings)


def show_reasons(pair: Pair) -> None:
    """The waterfall of what speaks for and against; what a certain rule says where there is none."""
    reader = language()
    header.card_head(
        say(N_("What speaks for and against")),
        say(N_("× so many times more likely, ÷ so many times less likely to be a match.")) if pair.steps else "",
    )
    if not pair.steps:
        st.html(f'<p class="lacking">{escape(say(pair.rule.says or pair.rule.label))}</p>')
        return
    st.plotly_chart(waterfall(pair, reader), key=f"reasons_{pair.key}", config=LOCAL, theme="streamlit")
    if pair.alone - pair.probability > 0.01:
        words = N_("Without the other candidates below it would be {share}: only one of them can be the right one.")
        st.html(f'<p class="beneath">{escape(say(words, share=likeness(pair.alone, reader)))}</p>')


def waterfall(pair: Pair, reader: Language) -> go.Figure:
    """From how rare matches are, by every comparison, to how likely this pair is one; the strongest first."""
    bars = [(f"{translate(s.comparison, reader)}: {translate(s.level, reader)}", s.weight) for s in pair.steps]
    if len(bars) > FIRST_STEPS:
        weak = translate(N_("{count} others together"), reader, count=len(bars) - FIRST_STEPS + 1)
        bars = [*bars[: FIRST_STEPS - 1], (weak, sum(weight for _, weight in bars[FIRST_STEPS - 1 :]))]
    start = translate(N_("Before comparing: matches are rare"), reader)
    words = [start, *(label for label, _ in bars), translate(N_("Together"), reader)]
    told = [factor(pair.prior, reader), *(factor(weight, reader) for _, weight in bars), likeness(pair.alone, reader)]
    figure = go.Figure(
        go.Waterfall(
            orientation="h",
            measure=["relative"] * (len(bars) + 1) + ["total"],
            x=[pair.prior, *(weight for _, weight in bars), 0],
            y=list(range(len(words))),
            text=[f"<b>{one}</b>" for one in told],
            textposition="outside",
            cliponaxis=False,
            hovertext=[f"{word}: {one}" for word, one in zip(words, told, strict=True)],
            hoverinfo="text",
            connector={"line": {"width": 1, "dash": "dot", "color": "#8a99ab"}},
            increasing={"marker": {"color": "#2f8f88"}},
            decreasing={"marker": {"color": "#d97a2b"}},
            totals={"marker": {"color": "#5b7fa6"}},
        )
    )
    figure.update_layout(
        height=24 + 44 * len(words),
        margin={"l": 6, "r": 52, "t": 12, "b": 6},
        font={"family": FONT, "size": 12.5},
        showlegend=False,
        dragmode=False,
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        waterfallgap=0.55,
    )
    reached = list(accumulate([pair.prior, *(weight for _, weight in bars)], initial=0.0))
    room = (max(reached) - min(reached)) * 0.2
    figure.add_vline(x=0, line={"width": 1, "dash": "solid"})
    figure.update_xaxes(
        showgrid=False,
        zeroline=False,
        showticklabels=False,
        fixedrange=True,
        range=[min(reached) - 1.3 * room, max(reached) + room],
    )
    for at, word in enumerate(words):
        figure.add_annotation(
            text=escape(word), x=0, xref="paper", xanchor="left", y=at, yshift=18, showarrow=False, font={"size": 12.5}
        )
    figure.update_yaxes(visible=False, range=[len(words) - 0.6, -0.75], fixedrange=True)
    return figure


def factor(weight: float, reader: Language) -> str:
    """A weight as the factor of the odds, large ones shortened.

    >>> factor(5.2, "en"), factor(-1.0, "id"), factor(0.01, "en"), factor(-11.0, "id"), factor(-18.0, "en")
    ('×37', '÷2', '×1', '÷2.048', '÷262K')
    """
    odds = 2 ** min(abs(weight), LARGEST)
    if odds >= 10_000:
        text = format_compact_decimal(odds, locale=reader)
    else:
        text = number(round(odds, 1), reader) if odds < 10 else number(round(odds), reader)
    return f"{'÷' if weight < 0 and text != '1' else '×'}{text}"


LARGEST: Final = 40.0
"""Weights beyond it are certainty."""


def rival(one: Rival, pair: Pair, reader: Language) -> dict[str, Any]:
    register = pair.right.register if one.for_left else pair.left.register
    place = find(one.area)
    family = translate(N_("family"), reader) if (one.finds, pair.finds) == ("family", "person") else ""
    facts = [register_name(register, reader), family, one.birth_date, place.name if place else ""]
    return {
        "key": one.key,
        "title": one.name or "–",
        "other": "",
        "note": " · ".join(filter(None, [*facts, translate(STATUS[one.status], reader)])),
        "value": likeness(one.probability, reader),
        "chosen": False,
    }


def show_decisions(pair: Pair) -> None:
    """Everything that was decided about the pair, the newest first."""
    if not pair.decisions:
        return
    with st.container(key="card_decisions"):
        words = N_("The newest counts; the others are kept.")
        header.card_head(say(N_("Decisions about this pair")), say(words) if len(pair.decisions) > 1 else "")
        st.html(history(pair.decisions, language()))


def history(made: Sequence[Decision], reader: Language) -> str:
    lines = []
    for decision in made:
        note = f"<p>{escape(decision.note)}</p>" if decision.note else ""
        said = translate(VERDICTS[decision.verdict], reader)
        lines.append(f"<li><b>{escape(said)}</b> <small>{escape(who(decision, reader))}</small>{note}</li>")
    return f'<ul class="made">{"".join(lines)}</ul>'


def who(decision: Decision, reader: Language) -> str:
    """Who decided when, in the time of this machine."""
    at = decision.at.astimezone()
    return f"{translate(decision.who, reader)}, {long_date(at.date(), reader)} {at:%H:%M}"
