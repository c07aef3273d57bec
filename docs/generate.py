"""Writes docs/reference.md and docs/registers.md from the definitions: `python -m docs.generate`."""

import argparse
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Final

from data.__main__ import parser
from data.definitions.catalogue import FIELDS, INDICATORS, LINKAGES, PROBLEMS, REGISTERS
from data.definitions.filters import FILTERS
from data.definitions.measures import Measure
from data.definitions.programmes import AGENCIES, FACTS, NEEDS, PROGRAMMES, STRANDS, Programme
from data.definitions.registers import Register
from data.intake.limits import EXCESSES, Limits, setting
from data.intake.read import MOST_AT_ONCE
from data.places.reference import place
from data.wording import DEFAULT, translate

REFERENCE: Final = Path(__file__).parent / "reference.md"
REGISTERS_PAGE: Final = Path(__file__).parent / "registers.md"


def reference() -> str:
    """The whole page as Markdown."""
    return _page(
        _opening(),
        _fields(),
        _indicators(),
        _linkages(),
        _programmes(),
        _filters(),
        _problems(),
        _commands(),
        _settings(),
    )


def registers_page() -> str:
    """Every register with its layouts, fields, rules and indicators, as Markdown."""
    return _page(_registers_opening(), *(_register(register) for register in REGISTERS.values()), _boundaries())


def _page(*parts: Iterable[str]) -> str:
    return "\n".join(line.rstrip() for part in parts for line in part)


def _opening() -> Iterator[str]:
    yield "# Reference"
    yield ""
    yield "Written from the definitions by `make docs`; do not edit. Words in italics are Indonesian, as on screen."
    yield ""


def _fields() -> Iterator[str]:
    yield from ("## Fields", "")
    yield "Identifiers are masked unless they are asked for in full for a stated purpose; naming and health fields are"
    yield "shown to those who see names, personal ones within lists of people."
    yield ""
    rows = (
        (f"`{field.key}`", _both(field.label), field.kind, field.sensitivity, field.rule, _code(field.example))
        for field in FIELDS.values()
    )
    yield from _table(("field", "meaning", "kind", "who may see it", "rule", "example"), rows)


def _registers_opening() -> Iterator[str]:
    yield "# Registers"
    yield ""
    yield "Written from the definitions by `make docs`; do not edit. Words in italics are Indonesian, as on screen."
    yield ""
    yield "A file is recognised by its headings and by what its columns hold; case, punctuation, spaces and slips in"
    yield "headings do not matter. Columns that are not known are kept under their heading."
    yield ""
    for register in REGISTERS.values():
        yield f"- [`{register.key}`](#{register.key}): {_both(register.label)}; one row is {register.row_is}"
    yield "- [`boundaries`](#boundaries): official boundaries of areas, for the map"
    yield ""


_GRAINS: Final = {
    "person": "a person",
    "family": "a family",
    "measurement": "a measurement",
    "event": "an event",
    "figure": "a figure of an area",
}


def _register(register: Register) -> Iterator[str]:
    yield from (f'<a id="{register.key}"></a>', "", f"## {_both(register.label)}", "")
    yield f"Key `{register.key}`. One row is {register.row_is} (*{translate(register.row_is, 'id')}*)."
    yield from _counting(register)
    yield ""
    if register.layouts:
        yield from ("### Layouts", "")
        yield from _table(("layout", "name", "a row is", "order of columns"), _layouts(register))
    yield from ("### Fields", "")
    rows = (
        (f"`{key}`", _both(FIELDS[key].label), FIELDS[key].kind, FIELDS[key].rule, ", ".join(headings))
        for key, headings in register.spellings.items()
    )
    yield from _table(("field", "meaning", "kind", "rule", "headings"), rows)
    for key, words in register.answers.items():
        yield from (f"### Words for `{key}`", "")
        yield from _table(("word", "also written"), ((word, "; ".join(others)) for word, others in words.items()))
    if register.checks:
        yield from ("### Rules", "")
        rules = (
            (
                f"`{check.problem.code}`",
                check.problem.severity,
                " ".join(f"`{key}`" for key in check.fields if key in FIELDS),
                check.problem.message,
            )
            for check in register.checks
        )
        yield from _table(("problem", "severity", "fields", "what it says"), rules)
    if register.measures:
        yield from ("### Measures", "")
        yield from _table(("measure", "what is counted", "not known without"), map(_measure, register.measures))
    told = [found for found in INDICATORS.values() if register.key in found.registers + found.denominator_registers]
    if told:
        yield from ("### Indicators", "")
        yield from (f"- `{indicator.key}`: {_both(indicator.label)}" for indicator in told)
        yield ""


def _counting(register: Register) -> Iterator[str]:
    if register.grain == "figure":
        yield "The newest figure of each area that is not after the asked date speaks."
    elif register.updated:
        yield "Every row counts as a person, except one that repeats another completely."
    elif register.grain == "event":
        yield "Every row counts, even two that read the same. It is a flow, never added to a register of persons."
    else:
        keys = ", else ".join(" + ".join(f"`{field}`" for field in keys) for keys in register.identity)
        yield f"What is counted is told apart by {keys}, else the row stands for itself."
    if register.newest_by:
        yield f"Of several rows the newest by `{register.newest_by}` whose `{register.speaks}` is known speaks."
    if register.absent_is_none:
        yield "An area without rows, in a list that covers it, has none."


_COUNTED: Final = {
    "rows": "rows",
    "units": "what the register counts, each once",
    "persons": "persons; of a list of families their members",
    "families": "families, each once",
    "sum": "sum of",
}


def _measure(measure: Measure) -> tuple[str, str, str]:
    counted = " ".join((_COUNTED[measure.counts], *([f"`{measure.of}`"] if measure.of else [])))
    return f"`{measure.key}`", counted, " ".join(f"`{key}`" for key in measure.needs)


def _boundaries() -> Iterator[str]:
    yield from ('<a id="boundaries"></a>', "", "## Official boundaries", "")
    yield "Key `boundaries`. GeoJSON, GeoPackage or a zipped shapefile with a polygon for every kelurahan or desa, as"
    yield "BIG, Dukcapil, BPS, GADM and HDX publish them. They are matched by code, else by name in their kecamatan,"
    yield "mended and simplified as one coverage, and replace the schematic map of their kabupaten and kota."
    yield ""


def _layouts(register: Register) -> Iterator[tuple[str, ...]]:
    for layout in register.layouts:
        grain = _GRAINS[layout.grain or register.grain]
        yield f"`{layout.key}`", _both(layout.label), grain, " ".join(key or "–" for key in layout.fields)


def _indicators() -> Iterator[str]:
    yield from ("## Indicators", "")
    for indicator in INDICATORS.values():
        over = f" ÷ {indicator.denominator_label}" if indicator.denominator_label else ""
        yield f"### `{indicator.key}`: {_both(indicator.label)}"
        yield ""
        yield f"{indicator.unit} · {indicator.numerator_label}{over}"
        yield ""
        yield f"{indicator.definition} Source: {indicator.source}."
        registers = (*indicator.registers, *indicator.denominator_registers)
        yield "Registers: " + ", ".join(f"[`{key}`](registers.md#{key})" for key in registers) + "."
        yield ""


def _linkages() -> Iterator[str]:
    yield from ("## Matched registers", "")
    yield "Rules are asked in their order; the last of each kind weighs what the others left by probability."
    yield ""
    for linkage in LINKAGES.values():
        yield from (f"### `{linkage.key}`: {_both(linkage.label)}", "", linkage.definition, "")
        rights = " or ".join(f"[`{key}`](registers.md#{key})" for key in linkage.rights)
        yield f"Registers: [`{linkage.left}`](registers.md#{linkage.left}) × {rights}, the newest of them."
        yield ""
        told = ((f"`{one.key}`", _both(one.label), one.definition, one.do) for one in linkage.outcomes)
        yield from _table(("outcome", "meaning", "definition", "what to do"), told)
        rules = ((f"`{rule.key}`", _both(rule.label), rule.finds, rule.says) for rule in linkage.rules)
        yield from _table(("rule", "meaning", "finds", "how"), rules)


def _programmes() -> Iterator[str]:
    yield from ("## Needs and programmes", "")
    yield "What is said of a family is only that it appears eligible: a musyawarah decides. Where a fact is not known,"
    yield "the programme cannot be decided for that family."
    yield ""
    yield from _table(("office", "what its lists are for"), ((_both(one.label), one.does) for one in AGENCIES.values()))
    needs = (
        (f"`{one.key}`", _both(one.label), one.definition, AGENCIES[one.agency].label, one.do) for one in NEEDS.values()
    )
    yield from _table(("need", "meaning", "definition", "office", "what to do"), needs)
    for programme in PROGRAMMES.values():
        yield from _programme(programme)


def _programme(programme: Programme) -> Iterator[str]:
    where = place(programme.region).name if programme.region else "everywhere"
    yield from (f"### `{programme.key}`: {_both(programme.label)}", "", programme.definition, "")
    yield f"{where} · {AGENCIES[programme.agency].label} · need `{programme.need}` · {STRANDS[programme.strand]}"
    known = ", ".join(FACTS[key] for key in programme.facts) or "nothing"
    yield f"· by {programme.grain} · needs to be known: {known}."
    told = [*(f"`{key}`" for key in programme.fields), *(f'"{word}"' for word in programme.words)]
    if told:
        yield f"Received where the register or the recipients' list says {', '.join(told)}."
    yield ""
    terms = [
        (
            one.since.isoformat() if one.since else "",
            "; ".join(
                " ".join(filter(None, (f"Rp{each.rupiah:,}", f"a {each.per}", each.whom))) for each in one.amounts
            ),
            one.basis,
        )
        for one in programme.terms
    ]
    yield from _table(("since", "gives", "basis"), terms) if terms else ()


def _filters() -> Iterator[str]:
    yield from ("## Filters of the by-name list", "")
    rows = (
        (f"`{key}`", _both(label), ", ".join(f"`{code}` {word}" for code, word in codes.items()))
        for key, (label, codes) in FILTERS.items()
    )
    yield from _table(("filter", "meaning", "codes"), rows)


def _problems() -> Iterator[str]:
    yield from ("## Problems that an import can report", "")
    yield "*refused*: the file stays out. *rejected*: the row stays out. *warning*: everything stays in."
    yield ""
    rows = (
        (f"`{problem.code}`", problem.severity, _both(problem.title), problem.message, problem.action)
        for problem in PROBLEMS.values()
    )
    yield from _table(("code", "severity", "title", "message", "what to do"), rows)


def _commands() -> Iterator[str]:
    root = parser()
    yield from ("## Commands", "")
    yield "`python -m data COMMAND`. Exit status: 0 done, 2 refused, 1 a defect of Padan."
    yield "Dates are `2021-01-31` or `2021-01`, the end of that month. Places are Kemendagri codes of any level:"
    yield "`74`, `74.71`, `74.71.04`, `74.71.04.1021`."
    yield ""
    commands = next(action for action in root._actions if isinstance(action, argparse._SubParsersAction))
    for name, command in commands.choices.items():
        yield from (f"### `{name}`: {command.description}", "")
        rows = [
            (f"`{_usage(action)}`", action.help or "", str(action.default) if _has_default(action) else "")
            for action in command._actions
            if action.dest not in ("help", "lang")
        ]
        yield from _table(("argument", "meaning", "default"), rows) if rows else ()


def _settings() -> Iterator[str]:
    yield from ("## Settings", "", "Environment variables; none of them is needed.", "")
    rows = [
        ("`PADAN_HOME`", "the folder of the store", "`var/` in the project"),
        ("`PADAN_LANG`", "language of the command line, id or en", f"`{DEFAULT}`"),
        (
            "`PADAN_DATABASE`",
            "the database of accounts, access log, documents and decisions, as an SQLAlchemy URL",
            "SQLite: `padan.db` in the store",
        ),
        ("`PADAN_LINK`", "`manual`: registers are matched only where somebody asks for it", "after every import"),
        (
            "`PADAN_SECRET`",
            "what decisions are fingerprinted and the access log is sealed with, where several stores share them",
            "one of the store's own",
        ),
        ("`PADAN_KEY_FILE`, `PADAN_KEY`", "the key that stored files are encrypted with", "not encrypted"),
        ("`PADAN_HOSTS`", "host names that the server answers to, between commas", "all"),
        ("`PADAN_IDLE_MINUTES`", "a session ends after so long without use", "`60`"),
        ("`PADAN_SESSION_HOURS`", "a session ends after so long in any case", "`12`"),
        ("`PADAN_OIDC`", "the file that names an identity provider", "`oidc.toml` in the store"),
        ("`PADAN_OIDC_SECRET`", "the client's secret at that provider", "as the file says"),
        ("`FORWARDED_ALLOW_IPS`", "proxies that are believed about addresses and https", "`127.0.0.1`"),
        ("`PADAN_PUBLIC_THRESHOLD`", "smallest number that is published", "`10`"),
        (
            "`PADAN_MEMORY`",
            f"most memory of the engine; an import keeps up to {MOST_AT_ONCE >> 20} MB of text beside it",
            "`1400MB`",
        ),
    ]
    limited = [
        (
            f"`{setting(limit.name)}`",
            "refused: " + EXCESSES[limit.name].message.replace("{most}", str(limit.default)),
            f"`{limit.default}`",
        )
        for limit in fields(Limits)
    ]
    yield from _table(("setting", "meaning", "default"), rows + limited)


def _usage(action: argparse.Action) -> str:
    value = action.metavar or ("|".join(map(str, action.choices)) if action.choices else "")
    taken = str(value) if action.nargs != 0 else ""
    return " ".join(filter(None, (", ".join(action.option_strings), taken + ("…" if action.nargs == "+" else ""))))


def _has_default(action: argparse.Action) -> bool:
    return bool(action.default) and action.default is not argparse.SUPPRESS


def _both(label: str) -> str:
    indonesian = translate(label, "id")
    return label if indonesian == label else f"{label} (*{indonesian}*)"


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield _row(heads)
    yield _row(["---"] * len(heads))
    yield from (_row([cell.replace("|", "\\|") for cell in row]) for row in rows)
    yield ""


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    REFERENCE.write_text(reference(), encoding="utf-8")
    REGISTERS_PAGE.write_text(registers_page(), encoding="utf-8")
