"""Needs and programmes: what small registers tell together, worked out by hand."""

from datetime import date
from pathlib import Path

import ibis
import pytest

from data import eligibility, engine, interventions, lists, queries
from data.access import OWNER, Refused
from data.definitions import programmes
from data.definitions.programmes import AGENCIES, FACTS, NEEDS, PROGRAMMES, STRANDS
from data.scope import Scope
from data.snapshots import Store
from tests.builders import (
    BENDE,
    DATED,
    DESTROYED,
    DTSEN,
    EPPGBM,
    KADIA,
    KENDARI,
    KRS,
    MANDONGA,
    P3KE,
    PONDAMBEA,
    PPKS,
    RECIPIENTS,
    child,
    kk,
    nik,
    person,
    register,
    somebody,
    stored,
)  # fmt: skip

OFFICER = somebody("officer", KENDARI)
HERE = Scope(KENDARI)
NO_PROGRAMME = {"bpnt": "TIDAK", "pkh": "TIDAK", "pbi_jkn": "YA"}
FAMILIES = (
    # Bende: a family of decile 1 that receives food aid; its pupil has no health insurance.
    person(1, kk=kk(1), bpnt="YA", pkh="TIDAK", pbi_jkn="YA"),
    person(2, kk=kk(1), relation="ANAK", birth_date="2010-05-01", occupation="PELAJAR/MAHASISWA", bpnt="YA",
           pkh="TIDAK", pbi_jkn="TIDAK"),
    # An old woman alone, whose decile nobody knows, and who receives PKH.
    person(3, kk=kk(3), birth_date="1950-05-01", **NO_PROGRAMME | {"pkh": "YA"}),
    # Decile 8, without work, and in a list of those who receive food aid.
    person(4, kk=kk(4), occupation="BELUM/TIDAK BEKERJA", **NO_PROGRAMME),
    # Pondambea: decile 2, receives nothing; the NIK is not matched, the house has no latrine.
    person(5, PONDAMBEA, kk=kk(5), dukcapil="TIDAK PADAN", **NO_PROGRAMME),
    # Mandonga: a stunted child out of school age, and its sister of nine who is not at school; decile 3.
    person(6, MANDONGA, kk=kk(6), **NO_PROGRAMME),
    person(7, MANDONGA, kk=kk(6), relation="ANAK", birth_date="2018-07-17", occupation="BELUM/TIDAK BEKERJA",
           **NO_PROGRAMME),
    person(8, MANDONGA, kk=kk(6), relation="ANAK", birth_date="2011-03-01", occupation="BELUM/TIDAK BEKERJA",
           **NO_PROGRAMME),
)  # fmt: skip


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The social register alone."""
    folder = tmp_path_factory.mktemp("bare")
    store = Store(folder / "home")
    stored(store, register(folder / "dtks.csv", FAMILIES, DATED), place=KENDARI)
    return store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The social register with deciles, recipients, families at risk, measurements and PPKS beside it."""
    folder = tmp_path_factory.mktemp("beside")
    store = Store(folder / "home")
    answers = {"wife_name": "ISTRI", "couple": "1", "pregnant": "2", "no_water": "2", "no_latrine": "2",
               "mother_too_old": "3", "no_modern_contraception": "2"}  # fmt: skip
    deciles = {1: "1", 4: "8", 5: "2", 6: "3"}
    files = {
        "dtks": (DATED, FAMILIES),
        "p3ke": (P3KE, [person(at, kk=kk(at), decile=decile) for at, decile in deciles.items()]),
        "penerima": (RECIPIENTS, [
            person(4, programme_name="Sembako", programme_year="2020", amount="200000"),
            person(90, programme_name="PIP", programme_year="2020", amount="450000"),
        ]),
        "krs": (KRS, [person(5, PONDAMBEA, kk=kk(5), **answers | {"no_latrine": "1"})]),
        "anak": (EPPGBM, [child(7, MANDONGA, nik=nik(7), height_for_age="Pendek", height_for_age_z="-2,4")]),
        "ppks": (PPKS, [person(3, ppks_category="Penyandang Disabilitas"), person(91, ppks_category="Pengemis")]),
    }  # fmt: skip
    for name, (headings, rows) in files.items():
        stored(store, register(folder / f"{name}.csv", rows, headings, delimiter=";"), place=KENDARI)
    return store


WORKED = {
    ("registered", ""): (5, 8),
    ("eligible", "sembako"): (3, 3),
    ("receives", "sembako"): (2, 2),
    ("missing", "sembako"): (2, 2),
    ("unexplained", "sembako"): (1, 1),
    ("undecided", "sembako"): (1, 1),
    ("eligible", "pkh"): (2, 2),
    ("missing", "pkh"): (2, 2),
    ("undecided", "pkh"): (1, 1),
    ("receives", "pkh"): (1, 1),
    ("eligible", "pbi"): (3, 6),
    ("missing", "pbi"): (1, 1),
    ("needs", "income"): (3, 3),
    ("open", "income"): (2, 2),
    ("needs", "school_costs"): (1, 1),
    ("open", "insurance"): (1, 1),
    ("needs", "work"): (1, 1),
    ("needs", "schooling"): (1, 1),
    ("needs", "nutrition"): (1, 1),
    ("needs", "elderly"): (1, 1),
    ("needs", "disability"): (1, 1),
    ("needs", "sanitation"): (1, 1),
    ("needs", "papers"): (1, 1),
    ("needs_count", "1"): (1, 1),
    ("needs_count", "2"): (2, 2),
    ("needs_count", "3"): (2, 2),
    ("agencies", "dinkes"): (3, 3),
    ("agencies", "puskesos"): (1, 1),
}
"""Families and persons by what they are counted by, worked out by hand from the registers above."""


def test_every_number_is_that_of_the_registers_read_by_hand(store: Store) -> None:
    numbers = interventions.summary(store, OFFICER, HERE).numbers
    assert {what: (numbers[what].families, numbers[what].persons) for what in WORKED} == WORKED


def test_nobody_is_said_to_receive_a_programme_that_no_list_names(store: Store, bare: Store) -> None:
    assert interventions.summary(store, OFFICER, HERE).told == {"pkh", "sembako", "pbi", "pip"}
    assert interventions.summary(bare, OFFICER, HERE).told == {"pkh", "sembako", "pbi"}


def test_without_deciles_nothing_that_asks_for_them_is_decided(bare: Store) -> None:
    found = interventions.summary(bare, OFFICER, HERE)
    assert {"decile", "at_risk", "stunted"} <= found.lacking
    assert found.families("undecided", "sembako") == found.families("registered") == 5
    assert not found.families("eligible", "sembako")
    assert not found.families("unexplained", "sembako")


@pytest.mark.parametrize("place", [KENDARI, BENDE])
def test_every_list_has_as_many_families_as_its_figure(store: Store, place: str) -> None:
    found = interventions.summary(store, OFFICER, Scope(place))
    filters = {kind: filter_ for filter_, kind in lists.CONCERNS.items()}
    counted = {what: told for what, told in found.numbers.items() if what[0] in filters}
    assert counted
    for (kind, key), told in counted.items():
        page = queries.people(store, OFFICER, Scope(place, register=found.register, filters=((filters[kind], key),)))
        assert (page.families, page.count) == (told.families, told.persons), (kind, key)


def test_households_with_several_needs_stand_first(store: Store) -> None:
    scope = Scope(KENDARI, filters=(("needs_count", "2+"), ("sort", "needs")))
    page = queries.people(store, OFFICER, scope)
    assert (page.families, page.count) == (4, 4)
    assert page.rows["concern_open"].map(len).iloc[0] > 0
    first = {interventions.of_family(store, OFFICER, row["snapshot"], int(row["family"].partition("-")[2]))
             for row in page.rows.iloc[:2].to_dict("records")}  # fmt: skip
    assert {sum(need.open for need in one.needs) for one in first} == {3}


def test_the_areas_of_a_place_have_together_what_it_has(store: Store) -> None:
    areas = interventions.by_area(store, OFFICER, HERE, by="kelurahan")
    found = interventions.summary(store, OFFICER, HERE)
    for what in ("registered", "missing_sembako", "needs_papers", "unexplained_sembako"):
        kind, _, key = what.partition("_")
        assert areas[what].sum() == found.families(kind, key)
    assert areas.set_index("code").loc[PONDAMBEA, "missing_sembako"] == 1


def test_a_family_is_told_what_it_needs_and_misses_and_with_which_amount(store: Store) -> None:
    snapshot = store.candidates("dtks", KENDARI)[0]
    rows = engine.parquet(snapshot.rows)
    number = rows.filter(rows.nik == nik(5)).family_no.to_pyarrow()[0].as_py()
    found = interventions.of_family(store, OFFICER, snapshot.id, number)
    assert {need.key: need.open for need in found.needs} == {"income": True, "sanitation": True, "papers": True}
    told = {one.key: (one.eligible, one.receives, one.missing) for one in found.programmes}
    assert told == {"pkh": (False, False, False), "sembako": (True, False, True), "pbi": (True, True, False),
                    "pip": (False, False, False)}  # fmt: skip
    assert next(one for one in found.programmes if one.key == "sembako").amounts[0].rupiah == 200_000


def test_a_family_of_another_place_is_not_told(store: Store) -> None:
    snapshot = store.candidates("dtks", KENDARI)[0]
    rows = engine.parquet(snapshot.rows)
    number = rows.filter(rows.nik == nik(5)).family_no.to_pyarrow()[0].as_py()
    with pytest.raises(Refused):
        interventions.of_family(store, somebody("officer", MANDONGA), snapshot.id, number)
    assert interventions.of_family(store, somebody("officer", PONDAMBEA), snapshot.id, number).needs


def test_a_list_to_hand_over_says_what_to_do_beside_each_name(store: Store) -> None:
    snapshot = store.candidates("dtks", KENDARI)[0]
    rows = eligibility.joined(store, snapshot, engine.parquet(snapshot.rows))
    told = lists.spoken(rows, "en").filter(lambda table: table.nik == nik(5)).to_pandas().iloc[0]
    assert told["needs_told"] == "Low income; Water and sanitation; NIK and civil documents"
    assert told["needs_do"].startswith("Social Agency (Dinsos): Propose")
    assert told["missing_told"] == "BPNT / Sembako"
    plain = engine.parquet(snapshot.rows)
    assert lists.spoken(plain, "id") is plain


def test_a_newer_list_of_one_programme_does_not_hide_an_older_list_of_another(tmp_path: Path, store: Store) -> None:
    home = Store(tmp_path / "home")
    stored(home, register(tmp_path / "dtks.csv", FAMILIES, DATED), place=KENDARI)
    for name, number, programme, year in (("a", 4, "Sembako", "2019"), ("b", 3, "PIP", "2020")):
        rows = [person(number, programme_name=programme, programme_year=year, amount="1")]
        file = register(tmp_path / f"{name}.csv", rows, RECIPIENTS, delimiter=";")
        stored(home, file, date(int(year), 12, 31), place=KENDARI)
    found = interventions.summary(home, OFFICER, HERE)
    assert found.families("receives", "sembako") == 2
    assert found.families("receives", "pip") == 1


def test_every_declared_condition_asks_for_declared_facts_alone() -> None:
    kinds = dict.fromkeys(FACTS, "boolean") | {"age": "int16", "decile": "int16"}
    nothing = ibis.table(kinds, name="facts")
    for one in (*NEEDS.values(), *PROGRAMMES.values()):
        condition = one.where(nothing) if isinstance(one, programmes.Need) else one.eligible(nothing)
        asked = {node.name for node in condition.op().find(ibis.expr.operations.Field)}
        assert asked <= set(one.facts) <= set(FACTS), one.key


def test_every_programme_and_need_is_declared_whole() -> None:
    for key, one in PROGRAMMES.items():
        assert (one.key, one.agency in AGENCIES, one.need in NEEDS, one.strand in STRANDS) == (key, True, True, True)
        assert one.terms
        assert all(terms.basis for terms in one.terms)
        assert [terms.since for terms in one.terms[1:]] == sorted(terms.since for terms in one.terms[1:] if terms.since)
    assert {need.agency for need in NEEDS.values()} == set(AGENCIES)


def test_the_amount_is_that_of_the_day() -> None:
    days, klj = (date(2022, 12, 31), date(2023, 1, 1)), PROGRAMMES["klj"]
    amounts = [terms.amounts[0].rupiah for day in days if (terms := klj.terms_on(day))]
    assert amounts == [600_000, 300_000]


def test_no_sentence_promises_anybody_anything() -> None:
    words = (Path(programmes.__file__).parents[2] / "locales" / "id" / "LC_MESSAGES" / "padan.po").read_text()
    assert "berhak menerima" not in words.lower()


def test_places_without_a_register_by_name_are_not_offered(store: Store) -> None:
    assert interventions.places(store, OWNER) == (KENDARI,)
    assert interventions.summary(store, OWNER, Scope("31")).register == ""


def test_a_family_that_nothing_concerns_is_told_to_whom_may_see_its_kelurahan(tmp_path: Path) -> None:
    home = Store(tmp_path / "home")
    well = person(1, kk=kk(1), occupation="PETANI/PEKEBUN", **NO_PROGRAMME)
    snapshot = stored(home, register(tmp_path / "dtks.csv", [well], DATED), place=KENDARI)
    beside = register(tmp_path / "p3ke.csv", [person(1, kk=kk(1), decile="8")], P3KE, delimiter=";")
    stored(home, beside, place=KENDARI)
    number = engine.parquet(snapshot.rows).family_no.to_pyarrow()[0].as_py()
    found = interventions.of_family(home, somebody("officer", BENDE), snapshot.id, number)
    assert not found.needs
    with pytest.raises(Refused):
        interventions.of_family(home, somebody("officer", MANDONGA), snapshot.id, number)


# Families for which the data are few


PRESENCE = {**DATED, "presence": "Keberadaan"}
EDGES = (
    # In the lists of Kadia: decile 1 of a house without a latrine.
    person(1, kk=kk(1), presence="1", **NO_PROGRAMME),
    # Decile 2, where no list of recipients and no list of families at risk speaks of anybody.
    person(2, MANDONGA, kk=kk(2), presence="1", **NO_PROGRAMME),
    # An old man whose family card nobody can read, one who is marked as deceased, and one who lives alone.
    person(3, kk=DESTROYED, family_register_id="", birth_date="1950-01-01", presence="1", **NO_PROGRAMME),
    person(4, kk=kk(4), birth_date="1950-01-01", presence="4", dukcapil="TIDAK PADAN", **NO_PROGRAMME | {"pkh": "YA"}),
    person(5, kk=kk(5), birth_date="1950-01-01", presence="1", **NO_PROGRAMME),
    # Decile 8: nothing concerns this family. The next one stands outside the register's place, the last one's NIK is
    # masked in the file.
    person(8, kk=kk(8), presence="1", **NO_PROGRAMME),
    person(9, kk=kk(9), presence="1", dukcapil="TIDAK PADAN", province="JAWA BARAT", kabkota="KOTA BANDUNG",
           kecamatan="COBLONG", kelurahan="DAGO", **NO_PROGRAMME),
    person(10, kk=kk(10), nik="747108**********", dukcapil="-", presence="1", **NO_PROGRAMME),
)  # fmt: skip


@pytest.fixture(scope="module")
def edges(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("edges")
    store = Store(folder / "home")
    stored(store, register(folder / "dtks.csv", EDGES, PRESENCE), place=KENDARI)
    deciles = [person(1, kk=kk(1), decile="1"), person(2, MANDONGA, kk=kk(2), decile="2"),
               *(person(at, kk=kk(at), decile="8") for at in (4, 5, 8))]  # fmt: skip
    told = {"wife_name": "ISTRI", "couple": "1", "pregnant": "2", "no_water": "2", "no_latrine": "1",
            "mother_too_old": "3", "no_modern_contraception": "2"}  # fmt: skip
    pip = person(1, kk=kk(1), programme_name="PIP", programme_year="2020", amount="450000")
    for name, headings, rows, place in (
        ("p3ke", P3KE, deciles, KENDARI), ("krs", KRS, [person(1, kk=kk(1), **told)], KADIA),
        ("pip", RECIPIENTS, [pip], KADIA),
    ):  # fmt: skip
        stored(store, register(folder / f"{name}.csv", rows, headings, delimiter=";"), place=place)
    return store


def _family(store: Store, number: int) -> tuple[str, int]:
    snapshot = store.candidates("dtks", KENDARI)[0]
    rows = engine.parquet(snapshot.rows)
    return snapshot.id, rows.filter(rows.kk == kk(number)).family_no.to_pyarrow()[0].as_py()


def test_who_is_marked_as_deceased_needs_nothing_and_what_is_still_paid_is_to_be_checked(edges: Store) -> None:
    found = interventions.of_family(edges, OFFICER, *_family(edges, 4))
    assert found.needs == ()
    assert {one.key for one in found.programmes if one.unexplained or one.missing} == {"pkh", "pbi"}
    assert not any(one.missing for one in found.programmes)


def test_nobody_is_called_alone_whose_family_card_cannot_be_read(edges: Store) -> None:
    assert interventions.summary(edges, OFFICER, HERE).families("needs", "elderly") == 1


def test_a_number_that_the_file_masks_is_no_missing_paper(edges: Store) -> None:
    assert interventions.summary(edges, OFFICER, HERE).families("needs", "papers") == 1


def test_lists_of_a_part_of_the_city_say_nothing_of_the_other_parts(edges: Store) -> None:
    snapshot = edges.candidates("dtks", KENDARI)[0]
    facts = eligibility.facts(edges, snapshot, eligibility.sources(edges, snapshot)).to_pandas()
    told = facts.set_index("kelurahan_code")[["at_risk", "receives_pip"]].astype(object)
    assert told.loc[MANDONGA].isna().tolist() == [True, True]
    assert [told.loc[BENDE][key].eq(True).sum() for key in told] == [1, 1]
    assert told.loc[BENDE]["receives_pip"].notna().all()


def test_a_family_outside_the_place_is_told_to_those_who_may_see_the_place(edges: Store) -> None:
    assert [need.key for need in interventions.of_family(edges, OFFICER, *_family(edges, 9)).needs] == ["papers"]
    with pytest.raises(Refused):
        interventions.of_family(edges, somebody("officer", BENDE), *_family(edges, 9))


def test_what_came_in_after_the_asked_date_is_not_known_at_it(tmp_path: Path) -> None:
    home = Store(tmp_path / "home")
    stored(home, register(tmp_path / "dtks.csv", EDGES[:2], DATED), place=KENDARI)
    poorest = [person(at, area, kk=kk(at), decile="1") for at, area in ((1, BENDE), (2, MANDONGA))]
    for day, rows in ((date(2021, 3, 31), poorest[:1]), (date(2021, 6, 30), poorest)):
        stored(home, register(tmp_path / f"{day}.csv", rows, P3KE, delimiter=";"), day, place=KENDARI)
    for asked, families in ((date(2021, 1, 31), 0), (date(2021, 5, 1), 1), (None, 2)):
        scope = Scope(KENDARI, asked)
        found = interventions.summary(home, OFFICER, scope)
        listed = queries.people(home, OFFICER, Scope(KENDARI, asked, filters=(("need", "income"),)))
        assert found.families("needs", "income") == listed.families == families
        areas = interventions.by_area(home, OFFICER, scope, by="kelurahan")
        assert (areas["needs_income"].sum() if "needs_income" in areas else 0) == families
        assert {one.register for one in found.context.sources} == ({"dtks", "p3ke"} if families else {"dtks"})


def test_a_list_follows_a_register_that_comes_in_as_its_figure_does(tmp_path: Path) -> None:
    home, listed = Store(tmp_path / "home"), Scope(KENDARI, filters=(("need", "income"),))
    stored(home, register(tmp_path / "dtks.csv", [person(1, kk=kk(1)), person(2, kk=kk(2))], DATED), place=KENDARI)
    assert queries.people(home, OFFICER, listed).families == 0
    beside = register(tmp_path / "p3ke.csv", [person(1, kk=kk(1), decile="1")], P3KE, delimiter=";")
    stored(home, beside, place=KENDARI)
    assert interventions.summary(home, OFFICER, HERE).families("needs", "income") == 1
    assert queries.people(home, OFFICER, listed).families == 1


SANGATTA = {"province": "KALIMANTAN TIMUR", "kabkota": "KUTAI TIMUR", "kecamatan": "MUARA ANCALONG",
            "kelurahan": "KELINJAU ULU"}  # fmt: skip


def test_in_kutai_timur_the_need_of_a_family_in_both_registers_says_which_office_acts(tmp_path: Path) -> None:
    home = Store(tmp_path / "home")
    idle, pupil = {"occupation": "BELUM/TIDAK BEKERJA"}, {"occupation": "PELAJAR/MAHASISWA"}
    child_of = {"relation": "ANAK", "birth_date": "2010-05-01"}
    rows = [
        # In both, of decile 2: nobody works, one child is at school and one is not.
        person(1, kk=kk(1), **idle), person(2, kk=kk(1), **child_of, **idle), person(3, kk=kk(1), **child_of, **pupil),
        # In both, but of decile 6; of decile 1, but not at risk; at risk, but of no decile that anybody knows.
        person(4, kk=kk(4), **idle), person(5, kk=kk(5), **idle), person(6, kk=kk(6), **idle),
    ]  # fmt: skip
    rows = [row | SANGATTA | NO_PROGRAMME for row in rows]
    deciles = [row | {"decile": decile} for row, decile in zip((rows[0], rows[3], rows[4]), "261", strict=True)]
    risks = {"wife_name": "ISTRI", "couple": "1", "pregnant": "2", "no_water": "2", "no_latrine": "2",
             "mother_too_old": "3", "no_modern_contraception": "2"}  # fmt: skip
    at_risk = [row | risks for row in (rows[0], rows[3], rows[5])]
    stored(home, register(tmp_path / "dtks.csv", rows, DATED), place="64.08")
    stored(home, register(tmp_path / "dtsen.csv", deciles, DTSEN, delimiter=";"), date(2020, 12, 1), place="64.08")
    stored(home, register(tmp_path / "krs.csv", at_risk, KRS, delimiter=";"), place="64.08")
    found = interventions.summary(home, OWNER, Scope("64.08"))
    assert found.register == "dtks"
    told = {key: (found.families("eligible", key), found.families("undecided", key))
            for key in ("kutim_assistance", "kutim_paket", "kutim_training")}  # fmt: skip
    assert told == {"kutim_assistance": (1, 1), "kutim_paket": (1, 0), "kutim_training": (1, 1)}
    offices = {key: PROGRAMMES[key].agency for key in told}
    assert offices == {"kutim_assistance": "dinsos", "kutim_paket": "disdik", "kutim_training": "disnaker"}
    listed = queries.people(home, OWNER, Scope("64.08", filters=(("eligible", "kutim_paket"),)))
    assert listed.rows["name"].tolist() == [rows[1]["name"]]
