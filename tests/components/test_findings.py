"""What deserves attention: every rule on made-up figures, said only where the data say it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from components.findings import FALLEN, RULES, Facts, found, label, today, words
from components.kpis import Told
from components.view import view
from data.definitions.catalogue import INDICATORS
from data.definitions.overview import FIGURES, THEMES
from data.evaluation import Value
from data.queries import NO_CONTEXT, Context, Figure, Source
from data.scope import Scope

NOW, BEFORE = date(2021, 1, 31), date(2020, 9, 30)
KENDARI, BENDE = "74.71", "74.71.08.1002"


def context(register: str = "dtks", day: date = NOW, sample: bool = True) -> Context:
    source = Source("s", register, KENDARI, day, "f.csv", "0" * 64, sample)
    return Context(day, BEFORE, None, False, sample, (source,))


def told(
    key: str, top: int, whole: int = 100, before: float | None = None, day: date = NOW, place: str = KENDARI
) -> Told:
    now = Value(top / whole, top, whole) if INDICATORS[key].is_ratio else Value(float(top))
    earlier = None if before is None else Value(before)
    return Told(Figure(key, now, earlier, ()), place, context(INDICATORS[key].registers[0], day))


def areas(**columns: list[float | None]) -> pd.DataFrame:
    """Two kelurahan or more; a column a figure, `KEY_denominator` and `KEY_change` too."""
    count = len(next(iter(columns.values())))
    named = [f"Kelurahan {number}" for number in range(count)]
    frame = pd.DataFrame({"code": [f"74.71.08.100{number}" for number in range(count)], "name": named})
    return frame.assign(**{key: pd.array(values, dtype="Float64") for key, values in columns.items()})


NOBODY = areas(dtks_updated_share=[None, None])


def facts(figures: Mapping[str, Told], frame: pd.DataFrame = NOBODY, place: str = KENDARI, day: date = NOW) -> Facts:
    unchanged = {f"{key}_change": pd.NA for key in FALLEN if f"{key}_change" not in frame}
    frame = frame.assign(**unchanged)
    return Facts(figures, frame, view(place, (KENDARI,)), Scope(place), day)


def said(about: Facts) -> list[str]:
    return [words(one, "id") for one in found(about)]


def test_nothing_is_said_where_nothing_is_known() -> None:
    nothing = {one.key: Told(Figure(one.key, Value(None), None, ()), KENDARI, NO_CONTEXT) for one in FIGURES}
    assert not found(facts(nothing))
    assert not found(facts({}))


def test_the_lowest_area_is_compared_with_the_whole() -> None:
    about = facts({"dtks_updated_share": told("dtks_updated_share", 50)}, areas(dtks_updated_share=[0.15, 0.7]))
    assert said(about) == [
        "Cakupan pemutakhiran terendah di <strong>Kelurahan 0: 15,0%</strong>, 35,0 poin di bawah Kota Kendari."
    ]
    assert found(about)[0].about.place == "74.71.08.1000"


def test_an_area_of_few_is_never_called_the_lowest() -> None:
    frame = areas(dtks_updated_share=[0.0, 0.2, 0.7], dtks_updated_share_denominator=[24, 25, 900])
    about = facts({"dtks_updated_share": told("dtks_updated_share", 50)}, frame)
    assert "Kelurahan 1: 20,0%" in said(about)[0]


def test_a_kelurahan_is_compared_with_no_other() -> None:
    frame = areas(dtks_updated_share=[0.15, 0.7])
    assert not found(facts({"dtks_updated_share": told("dtks_updated_share", 50, place=BENDE)}, frame, BENDE))


def test_the_largest_fall_is_named_with_its_figure_and_since_when() -> None:
    frame = areas(dtks_updated_share=[0.5, 0.5], dtks_updated_share_change=[0.1, 0.0], nik_valid_share=[0.8, 0.7],
                  nik_valid_share_change=[-0.01, -0.06])  # fmt: skip
    figures = {key: told(key, 75) for key in ("dtks_updated_share", "nik_valid_share")}
    (fall,) = [line for line in said(facts(figures, frame)) if "turun" in line]
    assert fall == (
        "NIK padan Dukcapil di <strong>Kelurahan 1</strong> turun <strong>6,0 poin</strong> sejak 30 September 2020,"
        " menjadi 70,0%."
    )


@pytest.mark.parametrize(("before", "spoken"), [(0.15, "naik <strong>5,0 poin"), (0.25, ""), (0.195, "")])
def test_a_step_for_the_worse_is_said_and_one_for_the_better_or_a_small_one_is_not(before: float, spoken: str) -> None:
    lines = said(facts({"stunting_share": told("stunting_share", 20, before=before)}))
    assert (spoken in lines[0]) if spoken else not lines


def test_the_unregistered_are_counted_with_the_area_that_has_most_of_them() -> None:
    figures = {
        "stunted_unregistered": told("stunted_unregistered", 20),
        "stunted_registered_share": told("stunted_registered_share", 20, 50),
    }
    about = facts(figures, areas(stunted_unregistered=[3, 17]))
    assert said(about) == [
        "<strong>20 anak stunting</strong> (40%) belum tercatat dalam data kesejahteraan sosial, terbanyak di"
        " <strong>Kelurahan 1</strong> (17)."
    ]
    assert (found(about)[0].screen, found(about)[0].about.filter("match")) == ("overlap", "unregistered")


def test_unknown_and_unmatched_nik_are_two_findings_and_never_one() -> None:
    figures = {"nik_valid_share": told("nik_valid_share", 70), "nik_unknown_share": told("nik_unknown_share", 10)}
    assert said(facts(figures)) == [
        "NIK <strong>10 jiwa</strong> (10,0%) belum diperiksa Dukcapil.",
        "NIK <strong>20 jiwa</strong> (20,0%) tidak padan dengan Dukcapil.",
    ]


def test_a_rate_is_high_when_it_is_at_least_twice_that_of_the_place() -> None:
    figures = {"stunting_share": told("stunting_share", 20)}
    assert "tertinggi di <strong>Kelurahan 1 (50,0%)</strong>, 2,5 kali angka Kota Kendari" in said(
        facts(figures, areas(stunting_share=[0.1, 0.5]))
    )[0]  # fmt: skip
    assert not said(facts(figures, areas(stunting_share=[0.1, 0.39])))


def test_the_oldest_data_are_named_with_their_age() -> None:
    figures = {"ppks_persons": told("ppks_persons", 5, day=date(2019, 1, 31)), "krs_families": told("krs_families", 9)}
    assert said(facts(figures)) == [
        "PPKS: data per <strong>31 Januari 2019</strong>, 24 bulan lebih tua daripada data terbaru di sini."
    ]
    assert not said(facts({"krs_families": told("krs_families", 9)}))


def test_ages_of_sample_data_are_counted_from_the_newest_of_them_and_of_real_data_from_today() -> None:
    day = date(2026, 1, 1)
    assert today([context(), context(day=BEFORE)], day) == NOW
    assert today([context(sample=False)], day) == day
    assert today([], day) == day


@pytest.mark.parametrize(("key", "screen", "register"), [
    ("stunting_share", "stunting", "dtks"), ("stunted_registered_share", "overlap", "eppgbm"),
    ("nik_valid_share", "coverage", "dtks"),
])  # fmt: skip
def test_a_step_for_the_worse_leads_to_the_screen_of_its_figure(key: str, screen: str, register: str) -> None:
    worse = 0.5 if INDICATORS[key].good == "high" else 0.05
    (one,) = [one for one in found(facts({key: told(key, 20, before=worse)})) if one.rule == "worse"]
    assert (one.screen, one.about.indicator, one.about.register) == (screen, key, register)


def test_a_figure_of_a_larger_place_says_nothing_about_this_one() -> None:
    figures = {"poverty_rate_official": told("poverty_rate_official", 1, before=0.1)}
    assert not said(facts({key: replace(one, place="74") for key, one in figures.items()}))


def test_the_worst_come_first_and_no_more_than_a_reader_takes_in() -> None:
    figures = {
        "dtks_updated_share": told("dtks_updated_share", 50, before=0.6),
        "nik_valid_share": told("nik_valid_share", 70),
        "nik_unknown_share": told("nik_unknown_share", 10),
        "stunting_share": told("stunting_share", 20, day=date(2019, 1, 31)),
        "stunted_unregistered": told("stunted_unregistered", 20),
        "stunted_registered_share": told("stunted_registered_share", 20, 50),
    }
    frame = areas(dtks_updated_share=[0.1, 0.7], stunting_share=[0.1, 0.5])
    weights = [one.weight for one in found(facts(figures, frame))]
    assert len(weights) == 5
    assert weights == sorted(weights, reverse=True)
    assert min(weights) >= 1


def test_a_link_says_the_sentence_with_what_markdown_would_read_as_markup_escaped() -> None:
    frame = areas(dtks_updated_share=[0.15, 0.7]).assign(name=["Wua_Wua*", "B"])
    about = facts({"dtks_updated_share": told("dtks_updated_share", 50)}, frame)
    assert label(found(about)[0], "id").startswith("Cakupan pemutakhiran terendah di **Wua\\_Wua\\*: 15,0%**")


def test_every_rule_and_every_theme_is_declared_once_and_leads_somewhere() -> None:
    assert len({rule.key for rule in RULES}) == len(RULES)
    assert len({theme.key for theme in THEMES}) == len(THEMES)
    assert all(theme.leads and theme.behind for theme in THEMES)
