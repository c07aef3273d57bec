"""Every declared thing of a kind is complete, fits the others, and is worded in both languages."""

import re
import string
from collections import Counter
from pathlib import Path

import pytest

from data import evaluation, lists, queries
from data.access import OWNER
from data.definitions import filters
from data.definitions.catalogue import FIELDS, INDICATORS, LINKAGES, PROBLEMS, PROGRAMMES, REGISTERS
from data.definitions.fields import Field
from data.definitions.indicators import Indicator
from data.definitions.problems import Problem
from data.definitions.registers import Register, registers
from data.intake.recognise import match_headings, normal
from data.intake.report import SEVERITIES
from data.linkage import outcomes
from data.scope import FILTERS, Scope
from data.snapshots import Store
from data.wording import translate
from tests.builders import KENDARI, people, register, stored

SAME_IN_BOTH = re.compile(
    r"NIK|RT|RW|BPNT.*|PKH|PBI JKN|BST|BLT.*|RUTILAHU|BPUM|KUR|Sembako|Prakerja|Dukcapil|Kelurahan|Kecamatan|DTKS.*"
    r"|[0-9–+]+"
)


def worded(message: str) -> bool:
    """Whether a sentence has an Indonesian wording, or needs none."""
    return not message or translate(message, "id") != message or bool(SAME_IN_BOTH.fullmatch(message))


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("field", FIELDS.values(), ids=list(FIELDS))
def test_every_field_has_a_label_in_both_languages(field: Field) -> None:
    assert field.label
    assert worded(field.label)
    assert worded(field.rule)


@pytest.mark.parametrize("field", ["nik", "kk", "family_register_id", "person_register_id"])
def test_every_identifier_is_declared_as_one(field: str) -> None:
    assert FIELDS[field].sensitivity == "identifier"


@pytest.mark.parametrize("problem", PROBLEMS.values(), ids=list(PROBLEMS))
def test_every_problem_is_worded_with_the_same_figures_in_both_languages(problem: Problem) -> None:
    assert problem.severity in SEVERITIES
    for message in (problem.title, problem.message, problem.action):
        assert message
        assert worded(message)
        assert placeholders(translate(message, "id")) == placeholders(message)


@pytest.mark.parametrize("indicator", INDICATORS.values(), ids=list(INDICATORS))
def test_every_indicator_is_complete_and_worded(indicator: Indicator) -> None:
    for message in (indicator.label, indicator.numerator_label, indicator.definition, indicator.source):
        assert message
        assert worded(message)
    assert worded(indicator.denominator_label)
    assert worded(indicator.behind_label)
    assert indicator.is_ratio == bool(indicator.denominator_label)
    assert indicator.is_ratio <= (indicator.unit in ("share", "per_1000"))
    assert list(indicator.breaks) == sorted(indicator.breaks)


def told_by(register: str) -> set[str]:
    """The measures that a register can tell."""
    declared = {measure.key for measure in REGISTERS[register].measures}
    return declared | set(evaluation.COVERAGE) if REGISTERS[register].updated else declared


@pytest.mark.parametrize("indicator", INDICATORS.values(), ids=list(INDICATORS))
def test_every_register_of_an_indicator_tells_its_measures(indicator: Indicator) -> None:
    if indicator.linkage:
        linkage = LINKAGES[indicator.linkage]
        assert indicator.registers == (linkage.left,)
        assert indicator.numerator in linkage.measures
        assert indicator.denominator in (None, linkage.counted)
        counted = indicator.counted or indicator.behind
        assert counted
        assert outcomes.meant(linkage, counted[1]) == linkage.measures[indicator.numerator]
        return
    for key in indicator.registers:
        assert indicator.numerator in told_by(key)
    for key in indicator.denominator_registers or indicator.registers:
        assert indicator.denominator is None or indicator.denominator in told_by(key)


@pytest.mark.parametrize("indicator", INDICATORS.values(), ids=list(INDICATORS))
def test_the_list_behind_an_indicator_is_a_filter_that_exists(indicator: Indicator) -> None:
    for key, code in filter(None, (indicator.behind, indicator.counted)):
        assert code in (*filters.FILTERS[key][1], filters.ANY)
    assert not indicator.behind or "{count}" in indicator.behind_label
    assert bool(indicator.counted) == (indicator.lacks and bool(indicator.behind))


def test_every_filter_is_worded_and_does_something() -> None:
    assert set(filters.FILTERS) == set(lists.FILTERS) < set(FILTERS)
    for label, codes in filters.FILTERS.values():
        assert worded(label)
        assert all(worded(words) for words in codes.values())


@pytest.mark.parametrize("register", registers().values(), ids=list(registers()))
def test_a_register_speaks_of_declared_fields_only(register: Register) -> None:
    assert set(register.spellings) <= set(FIELDS)
    assert set(register.needs_one_of) <= set(register.spellings)
    for layout in register.layouts:
        assert {field for field in layout.fields if field} <= set(register.spellings)
        assert len(set(layout.fields)) == len(layout.fields)
        assert worded(layout.label)


@pytest.mark.parametrize("register", registers().values(), ids=list(registers()))
def test_no_spelling_means_two_fields(register: Register) -> None:
    found = Counter(
        word for spellings in register.spellings.values() for word in {normal(spelling) for spelling in spellings}
    )
    assert [word for word, times in found.items() if times > 1] == []
    elsewhere = {normal(heading) for heading in register.belongs_elsewhere}
    assert not elsewhere & set(found)


@pytest.mark.parametrize("register", registers().values(), ids=list(registers()))
def test_every_spelling_is_recognised(register: Register) -> None:
    for field, spellings in register.spellings.items():
        for spelling in (field, *spellings):
            (column,) = match_headings((spelling,), register)
            assert (column.field, column.confidence) == (field, 1.0)


def test_every_programme_is_a_yes_or_no_of_the_register() -> None:
    spelt = {key for register in registers().values() for key in register.spellings}
    assert set(PROGRAMMES) <= spelt


def test_every_indicator_copes_with_an_empty_store_and_an_empty_kelurahan(tmp_path: Path) -> None:
    empty = Store(tmp_path / "empty")
    assert all(
        found.now.value is None for found in queries.figures(empty, OWNER, Scope(KENDARI), list(INDICATORS)).values()
    )
    store = Store(tmp_path / "home")
    stored(store, register(tmp_path / "a.csv", people(3)), place=KENDARI)
    frame = queries.by_area(store, OWNER, Scope("74.71.01"), list(INDICATORS), "kelurahan")
    assert len(frame) == 6
    assert all(frame[key].isna().all() for key in INDICATORS)
