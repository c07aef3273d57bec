"""What the import screen says and draws, without a browser."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from components import history, imports, mapping
from data.access import OWNER
from data.history import Entry
from data.intake.importing import READING, SAVED_DAY, ImportResult, Told
from data.intake.layouts import KeptLayout
from data.intake.preview import Preview
from data.intake.read import Sheet
from data.intake.recognise import Column, Proposal, Recognised, Recognition
from data.intake.rows import Reported
from data.intake.tray import Item
from data.snapshots import Counts, Snapshot, Source
from tests.builders import KENDARI, nik

HOSTILE = "<img src=x onerror=alert(1)> **tebal** {rows} 😀"
COLUMNS = (
    Column(0, "NIK", "nik", 1.0, "named", (nik(1), f"'{nik(2)[:4]} {nik(2)[4:8]} {nik(2)[8:12]} {nik(2)[12:]}")),
    Column(1, "Sebutan", "", 0.0, "", ("WARGA",)),
    Column(2, HOSTILE, "", 0.0, "", (HOSTILE,)),
)
PROPOSAL = Proposal(1, "Sebutan", "name", 0.64, "The heading resembles “{spelling}”.", {"spelling": "Nama"})


def recognition(register: str = "dtks") -> Recognition:
    sheet = Sheet("", (), lambda *_: "")  # type: ignore[arg-type]
    return Recognition(register, sheet, 1, 1, COLUMNS, "", "person", "", 0.9)


def answer(*rivals: str, asks: bool = False) -> Recognised:
    return Recognised(recognition(), tuple(map(recognition, rivals)), (PROPOSAL,), asks, closest=recognition())


CLEAR = Preview("dtks.csv", 1, "", "dtks", answer(), 1234, date(2021, 1, 31), place=KENDARI)
ASKS = replace(
    CLEAR, answer=answer(asks=True), problem=Reported("columns_unsure", "refused", 0, values={"proposed": ""})
)
RIVALS = replace(
    CLEAR,
    answer=answer("dtsen", asks=True),
    problem=Reported("register_ambiguous", "refused", 0, values={"first": "DTKS", "second": "DTSEN", "keys": ""}),
)
UNDATED = replace(CLEAR, period=None, evidence=SAVED_DAY)
UNKNOWN = Preview(
    "buku.xlsx",
    1,
    "Petunjuk",
    answer=Recognised(None, (), (), False),
    problem=Reported("register_not_recognised", "refused", 0, values={"searched": 20, "row": 1, "known": "–"}),
)
SNAPSHOT = Snapshot(
    id="dtks-1", register="dtks", place=KENDARI, covers=KENDARI, period=date(2021, 1, 31), sample=True,
    source=Source(HOSTILE, "0" * 64, 1, "Lembar 1"), counts=Counts(5, 4, 1, 0, 0, 0, 4, 2, 0), layout="other",
    header_row=1, fields=("nik",), extras=(), columns=(), row_problems=(), problems=(),
    imported_at=datetime(2021, 2, 1, 9, 5, tzinfo=UTC),
)  # fmt: skip


def test_a_card_says_register_area_date_and_rows() -> None:
    shown = imports.card(CLEAR, False, "id")
    for words in ("DTKS", "Kota Kendari", "31 Januari 2021", "1.234", "yakin 90%", "1 dari 3 dikenal", "Siap disimpan"):
        assert words in shown


def test_what_a_file_is_called_is_text_and_nothing_else() -> None:
    seen = replace(UNKNOWN, file=HOSTILE, sheet=HOSTILE)
    item = Item("1", OWNER, HOSTILE, 1, Path(), datetime.now(UTC), "looking")
    result = ImportResult(HOSTILE, "dtks", SNAPSHOT, (), sheet=HOSTILE)
    layout = KeptLayout(HOSTILE, "dtks", ("a",), ("nik",))
    for shown in (
        imports.card(seen, True, "en"),
        imports.turns([(item, 0)], "en"),
        history.head(result, "en"),
        history.line(Entry(SNAPSHOT.imported_at, SNAPSHOT), "en"),
        history.layout_line(layout, "en"),
    ):
        assert "<img" not in shown
        assert "&lt;img src=x onerror=alert(1)&gt; **tebal** {rows} 😀" in shown


def test_two_registers_that_are_close_are_a_plain_question() -> None:
    shown = imports.card(RIVALS, False, "en")
    assert "Which register is it?" in shown
    assert RIVALS.rivals == ("dtks", "dtsen")
    assert "DTSEN" in shown
    assert not imports.may_store(RIVALS, Told())


def test_a_file_without_a_date_waits_for_one_and_may_be_stored_with_it() -> None:
    assert imports.standing(UNDATED)[0] == "asks"
    assert "Of which day are the data?" in imports.card(UNDATED, False, "en")
    assert not imports.may_store(UNDATED, Told())
    assert imports.may_store(replace(UNDATED, period=date(2021, 1, 31), evidence=""), Told())


def test_a_sheet_that_is_no_register_stays_quiet_until_it_is_opened() -> None:
    assert "Which register is it?" not in imports.card(UNKNOWN, False, "en")
    assert "Which register is it?" in imports.card(UNKNOWN, True, "en")
    assert "Which register is it?" in imports.card(replace(UNKNOWN, sheet=""), False, "en")


def test_the_summary_counts_what_is_clear_and_what_needs_somebody() -> None:
    twice = replace(CLEAR, duplicate_of="dtks-1")
    assert imports.summary([CLEAR, CLEAR, ASKS, UNDATED, twice, UNKNOWN], "en") == (
        "2 can be stored as they are. <strong>2 need a look.</strong> 1 are stored already."
        " 1 sheets are no register that is known."
    )


def test_what_waits_says_how_many_are_before_it() -> None:
    now = Item("1", OWNER, "a.csv", 1, Path(), datetime.now(UTC), "storing", step=READING)
    items = [(now, 0)] + [(replace(now, id=str(at), step=""), at) for at in range(1, 12)]
    shown = imports.turns(items, "en")
    assert "Reading the file …" in shown
    assert "waits for its turn, 7 before it" in shown
    assert "and 4 more" in shown
    assert "7 before it" in shown
    assert "8 before it" not in shown


# Columns


def test_samples_are_masked_however_the_digits_are_grouped() -> None:
    shown = mapping.build(CLEAR, Told(), "en")["columns"][0]
    assert shown["samples"] == ["7471" + "*" * 12, "'7471" + "*" * 12]
    assert mapping.masked("2021-01-31 12:00, Rp1.234,50, -3,98") == "2021-01-31 12:00, Rp1.234,50, -3,98"


def test_a_proposal_is_a_suggestion_and_prefilled_only_where_the_sheet_asks() -> None:
    calm, asked = (mapping.build(seen, Told(), "en")["columns"][1] for seen in (CLEAR, ASKS))
    assert (calm["field"], calm["tone"]) == ("", "unsure")
    assert calm["why"] == "May be Name. The heading resembles “Nama”."
    assert (asked["field"], asked["sure"], asked["tone"]) == ("name", "64%", "unsure")
    assert mapping.confirmed(ASKS, Told()).mapping == {"#2": "name"}
    assert mapping.confirmed(CLEAR, Told()).mapping == {}


def test_what_the_user_says_goes_before_everything_and_a_field_stands_once() -> None:
    told = mapping.with_choice(Told(), 2, "nik")
    assert mapping.meant(CLEAR, told) == {2: "nik"}
    moved = mapping.with_choice(told, 1, "nik")
    assert moved.mapping == {"#2": "nik"}
    assert mapping.confirmed(ASKS, mapping.with_choice(Told(), 1, "")).mapping == {"#2": ""}


def test_columns_of_figures_are_shown_and_not_asked_about() -> None:
    seen = replace(CLEAR, register="rekap", roles={0: ("area", "kecamatan"), 1: ("figure", "pkh"), 2: ("", "")})
    shown = mapping.build(seen, Told(), "en")
    assert shown["fields"] == []
    assert [column["role"] for column in shown["columns"]] == ["Area: kecamatan", "Figure", "not read"]


# History


def test_the_history_says_what_came_and_what_went() -> None:
    came = history.line(Entry(SNAPSHOT.imported_at, SNAPSHOT, standing=True), "id")
    assert "4 dari 5 baris diterima" in came
    assert "DATA CONTOH" in came
    assert "gone" not in came
    expired = replace(SNAPSHOT, expired_at=SNAPSHOT.imported_at)
    assert "nama sudah dihapus" in history.line(Entry(SNAPSHOT.imported_at, expired, standing=True), "id")
    assert "dihapus" in history.line(Entry(SNAPSHOT.imported_at, SNAPSHOT, removal=True), "id")
    assert "sudah dihapus" in history.line(Entry(SNAPSHOT.imported_at, SNAPSHOT), "id")


def test_a_report_says_every_problem_and_what_to_do() -> None:
    problems = (Reported("nik_destroyed", "warning", 7, "NIK", (3, 4)), Reported("file_empty", "refused", 0))
    result = ImportResult("a.csv", "dtks", SNAPSHOT, problems)
    assert "1 more below." in history.head(result, "en")
    shown = history.problems(result, "en")
    assert shown.count("<tr>") == 3
    assert "3, 4" in shown


def test_figures_of_the_whole_country_count_no_persons() -> None:
    figures = replace(SNAPSHOT, register="population", place="", grain="figure")
    assert "Indonesia" in history.head(ImportResult("a.csv", "population", figures, ()), "en")
    assert "persons" not in history.counts(figures, "en")
    assert "persons" in history.counts(SNAPSHOT, "en")
