"""The command line to the letter: shapes, columns, exit statuses, what goes to stdout and what to stderr."""

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest

from data import documents
from data.__main__ import main
from data.access import OWNER
from data.definitions.catalogue import INDICATORS
from data.linkage import decisions
from data.lists import initials_of
from data.scope import Scope
from data.snapshots import ROWS, Store
from tests.builders import (
    BENDE,
    DATED,
    HOSTILE,
    IN_FULL,
    KADIA,
    KENDARI,
    KRS,
    MANDONGA,
    PONDAMBEA,
    WORKED_ROWS,
    nik,
    people,
    person,
    register,
    table,
    worked_example,
)
from tests.linkage import worked
from tests.linkage.worked import another

ROOT = Path(__file__).parent.parent
Ran = tuple[int, str, str]
Padan = Callable[..., Ran]


@pytest.fixture
def padan(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Padan:
    """Runs a command on a store of its own: exit status, stdout, stderr."""
    monkeypatch.setenv("PADAN_HOME", str(tmp_path / "home"))

    def run(*arguments: object) -> Ran:
        capsys.readouterr()
        try:
            status = main([str(argument) for argument in arguments])
        except SystemExit as end:
            status = int(end.code or 0)
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


@pytest.fixture
def example(padan: Padan, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Padan:
    """The same on the worked example, only for reading."""
    monkeypatch.setenv("PADAN_HOME", str(worked_example(tmp_path_factory.getbasetemp()).path))
    return padan


def read(ran: Ran) -> Any:
    status, out, err = ran
    assert status == 0, err
    return json.loads(out)


def test_import_as_json_has_the_promised_shape(padan: Padan, tmp_path: Path) -> None:
    rows = [*people(5), *(person(n, nik="7.47E+15") for n in range(10, 17)), person(20, kelurahan="ENTAH")]
    path = register(tmp_path / "dtks.csv", rows, below=[["", "SULAWESI TENGGARA", "KOTA KENDARI"]])
    (found,) = read(padan("import", path, "--period", "2021-01", "--json"))
    assert list(found) == [
        "file", "sheet", "snapshot", "registry", "layout", "period", "place", "rows", "unplaced", "duplicate_of",
        "problems",
    ]  # fmt: skip
    assert (found["file"], found["sheet"]) == ("dtks.csv", None)
    assert found["snapshot"].startswith("dtks-74.71")
    assert (found["registry"], found["layout"], found["period"]) == ("dtks", "siksng_25", "2021-01-31")
    assert found["rows"] == {"read": 14, "accepted": 13, "rejected": 1}
    assert (found["unplaced"], found["duplicate_of"]) == (1, None)
    lines = {line["code"]: line for line in found["problems"]}
    assert set(lines["nik_destroyed"]) == {"code", "severity", "column", "rows", "first_rows", "message"}
    destroyed = lines["nik_destroyed"]
    assert (destroyed["severity"], destroyed["column"], destroyed["rows"]) == ("warning", "NIK", 7)
    assert destroyed["first_rows"] == [7, 8, 9, 10, 11]
    assert lines["no_name_no_identifier"]["severity"] == "rejected"
    assert lines["no_name_no_identifier"]["first_rows"] == [15]
    again = read(padan("import", path, "--period", "2021-01-31", "--json"))[0]
    assert again["duplicate_of"] == again["snapshot"] == found["snapshot"]
    assert again["rows"] == found["rows"]


def test_a_workbook_is_told_sheet_by_sheet(padan: Padan, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    risk = {"wife_name": "ISTRI", "couple": "1", "pregnant": "2", "no_water": "1"}
    for name, lines in (
        ("DTKS Januari", table(people(3))),
        ("Catatan", [["Rapat", "12 Januari"]]),
        ("KRS", table([row | risk for row in people(2)], KRS)),
    ):
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    book.save(tmp_path / "buku.xlsx")
    found = read(padan("import", tmp_path / "buku.xlsx", "--period", "2021-01", "--place", KENDARI, "--json"))
    assert [(one["file"], one["sheet"], one["registry"], one["rows"]["accepted"]) for one in found] == [
        ("buku.xlsx", "DTKS Januari", "dtks", 3),
        ("buku.xlsx", "KRS", "krs", 2),
    ]
    assert len({one["snapshot"] for one in found}) == 2


def test_what_a_column_holds_can_be_said_and_is_kept_for_the_next_file(padan: Padan, tmp_path: Path) -> None:
    odd = {"mother_name": "", **DATED} | {"mother_name": "KOLOM A"}
    january = register(tmp_path / "januari.csv", people(3), odd)
    read(padan("import", january, "--period", "2021-01", "--map", "KOLOM A=mother_name", "--layout", "Dinas", "--json"))
    (february,) = read(padan("import", register(tmp_path / "b.csv", people(4), odd), "--period", "2021-02", "--json"))
    assert february["layout"] == "Dinas"
    mothers = {row["mother_name"] for row in read(padan("people", "--place", BENDE, "--format", "json"))}
    assert mothers == {row["mother_name"] for row in people(4)}


@pytest.mark.parametrize(
    ("told", "word"), [("KOLOM A", "--map"), ("KOLOM A=ibu", "ibu"), ("KOLOM Z=mother_name", "KOLOM Z")]
)
def test_a_mapping_that_says_nothing_is_refused(padan: Padan, tmp_path: Path, told: str, word: str) -> None:
    path = register(tmp_path / "a.csv", people(3), {**DATED, "mother_name": "KOLOM A"})
    status, out, err = padan("import", path, "--period", "2021-01", "--map", told)
    assert (status, out) == (2, "")
    assert word in err
    assert Store(tmp_path / "home").snapshots() == ()


def test_a_refusal_as_json_still_prints_the_list_and_says_why_on_stderr(padan: Padan, tmp_path: Path) -> None:
    (tmp_path / "leer.csv").write_bytes(b"")
    status, out, err = padan("import", tmp_path / "leer.csv", "--json", "--lang", "en")
    (found,) = json.loads(out)
    assert status == 2
    assert "the file is empty" in err
    assert (found["snapshot"], found["layout"], found["period"], found["place"]) == (None, None, None, None)
    assert found["rows"] == {"read": 0, "accepted": 0, "rejected": 0}
    (line,) = found["problems"]
    assert (line["severity"], line["rows"], line["first_rows"], line["column"]) == ("refused", 0, [], None)


@pytest.mark.parametrize("period", ["2021-13", "2021-02-30", "kemarin", "31/01/2021"])
def test_a_date_that_is_none_is_refused(padan: Padan, tmp_path: Path, period: str) -> None:
    status, out, err = padan("import", register(tmp_path / "a.csv", people(1)), "--period", period)
    assert (status, out) == (2, "")
    assert "--period" in err


def test_snapshots_remove_and_verify(padan: Padan, tmp_path: Path) -> None:
    assert read(padan("snapshots", "--json")) == []
    path = register(tmp_path / "dtks.csv", people(3))
    (imported,) = read(padan("import", path, "--period", "2021-01", "--json"))
    (found,) = read(padan("snapshots", "--json"))
    assert found["snapshot"] == imported["snapshot"]
    assert (found["registry"], found["place"], found["period"], found["file"]) == (
        "dtks",
        imported["place"],
        "2021-01-31",
        "dtks.csv",
    )
    assert found["rows"] == imported["rows"]
    assert read(padan("verify", "--json"))["ok"] is True
    rows = tmp_path / "home" / "snapshots" / found["snapshot"] / ROWS
    rows.write_bytes(rows.read_bytes() + b"x")
    status, out, err = padan("verify", "--json")
    assert status == 2
    assert json.loads(out)["damaged"] == [{"snapshot": found["snapshot"], "file": ROWS, "found": "changed"}]
    assert found["snapshot"] in err
    assert padan("remove", found["snapshot"])[0] == 0
    assert read(padan("snapshots", "--json")) == []
    status, out, err = padan("remove", found["snapshot"])
    assert (status, out) == (2, "")
    assert found["snapshot"] in err


def test_the_number_on_a_sheet_leads_to_who_made_it_and_to_the_hash_of_the_file(padan: Padan, tmp_path: Path) -> None:
    assert padan("documents")[1] == "Buku dokumen masih kosong.\n"
    store = Store(tmp_path / "home")
    number = documents.enter(store, OWNER, "sheet-pdf", Scope(BENDE), persons=12, masked=True)
    documents.complete(store, number, "a" * 64)
    status, said, _ = padan("documents")
    assert (status, said.split()[0], said.split()[-1]) == (0, number, "a" * 64)
    assert "Bende, 12 jiwa, disamarkan, pemilik data" in said
    (entry,) = json.loads(padan("documents", "--json")[1])
    assert (entry["number"], entry["place"], entry["persons"], entry["masked"]) == (number, BENDE, 12, True)


def test_indicators_are_described(padan: Padan) -> None:
    found = read(padan("indicators", "--json", "--lang", "en"))
    assert {row["key"] for row in found} >= {
        "dtks_persons", "dtks_families", "dtks_updated_share", "dtks_updated_family_share", "nik_valid_share",
        "nik_unknown_share", "poverty_rate_official", "decile_1_share", "decile_1_4_share", "ppks_persons",
        "ppks_per_1000", "outreach_reaches", "stunting_share", "krs_families",
    }  # fmt: skip
    for row in found:
        assert list(row) == ["key", "label", "unit", "numerator", "denominator", "definition", "source"]
        assert all(row[key] for key in ("key", "label", "unit", "numerator", "definition", "source"))
        assert (row["denominator"] is not None) == INDICATORS[row["key"]].is_ratio
    said = {row["key"]: row["label"] for row in read(padan("indicators", "--json"))}
    assert all(said[row["key"]] != row["label"] for row in found)


def test_values_as_csv(example: Padan) -> None:
    status, out, _ = example(
        "values", "dtks_persons", "dtks_updated_share", "--place", KADIA, "--by", "kelurahan", "--format", "csv"
    )
    assert status == 0
    first, *rows = out.splitlines()
    assert first == (
        "code,name,dtks_persons_numerator,dtks_persons_denominator,dtks_persons,"
        "dtks_updated_share_numerator,dtks_updated_share_denominator,dtks_updated_share"
    )
    assert rows[:3] == [
        f"{KADIA}.1001,Kadia,,,,,,",
        f"{BENDE},Bende,,,5,2,5,0.4",
        f"{PONDAMBEA},Pondambea,,,3,1,3,0.3333333333333333",
    ]
    assert len(rows) == 5


def test_values_as_json_and_as_a_table(example: Padan) -> None:
    (city,) = read(example("values", "dtks_persons", "nik_unknown_share", "--place", KENDARI, "--format", "json"))
    assert city["code"] == KENDARI
    assert city["name"] == "Kota Kendari"
    assert (city["dtks_persons"], city["dtks_persons_numerator"]) == (14, None)
    assert isinstance(city["dtks_persons"], int)
    assert (city["nik_unknown_share_numerator"], city["nik_unknown_share_denominator"]) == (3, 14)
    assert city["nik_unknown_share"] == pytest.approx(3 / 14)
    _, out, _ = example("values", "dtks_updated_share", "--place", MANDONGA, "--lang", "en")
    assert "66.7%" in out
    assert "2/3" in out


def test_values_since_a_day_and_at_a_month(example: Padan) -> None:
    def updated(*told: str) -> Any:
        return read(example("values", "dtks_updated_share", "--place", KENDARI, "--format", "json", *told))[0][
            "dtks_updated_share_numerator"
        ]

    assert updated() == 7
    assert updated("--since", "2020-06-30") == 2
    assert updated("--period", "2021-01") == 7
    assert updated("--period", "2021-01-30") is None


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("values", "dtks_person", "--place", KENDARI), "dtks_person"),
        (("values", "dtks_persons", "--place", "74.99"), "74.99"),
        (("values", "dtks_persons", "--place", "Kendari"), "Kendari"),
        (("values", "dtks_persons"), "--place"),
        (("values", "dtks_persons", "--place", KADIA, "--by", "kabkota"), KADIA),
        (("values", "dtks_persons", "--place", KADIA, "--by", "rt"), "rt"),
        (("values", "dtks_persons", "--place", KADIA, "--audience", "public"), ""),
        (("people", "--place", "99"), "99"),
        (("people", "--place", "31"), "31"),
        (("people", "--place", KENDARI, "--where", "updated"), "--where"),
        (("people", "--place", KENDARI, "--where", "warna=biru"), "--where"),
        (("people", "--place", KENDARI, "--registry", "krs"), KENDARI),
        (("people", "--place", KENDARI, "--registry", "population"), "population"),
        (("people", "--place", KENDARI, "--registry", "dinas"), "dinas"),
        (("people", "--place", KENDARI, "--format", "xlsx"), "-o"),
        (("people", "--place", KENDARI, "--format", "pdf"), "pdf"),
        (("remove", "dtks-0"), "dtks-0"),
        (("import",), "FILE"),
        (("frobnicate",), "frobnicate"),
        ((), ""),
    ],
)
def test_what_cannot_be_done_is_refused_on_stderr_with_status_2(
    example: Padan, arguments: tuple[str, ...], word: str
) -> None:
    status, out, err = example(*arguments)
    assert (status, out) == (2, "")
    assert word in err
    assert err.strip()


def test_people_as_csv_on_stdout(example: Padan) -> None:
    status, out, _ = example("people", "--place", BENDE, "--where", "updated=no")
    assert status == 0
    rows = list(csv.DictReader(io.StringIO(out)))
    assert sorted(int(row["file_row"]) for row in rows) == [3, 5, 6]
    assert {row["kelurahan_code"] for row in rows} == {BENDE}
    assert not re.search(r"\d{16}", out)
    assert HOSTILE[1] in {row["name"] for row in rows}


def test_people_as_json_parquet_and_xlsx(example: Padan, tmp_path: Path) -> None:
    rows = read(example("people", "--place", KENDARI, "--format", "json"))
    assert len(rows) == 14
    assert HOSTILE[0] in {row["name"] for row in rows}
    assert {row["updated_on"] for row in rows} >= {"2021-01-31", None}
    for format in ("parquet", "xlsx", "json", "csv"):
        status, out, err = example("people", "--place", KENDARI, "--format", format, "-o", tmp_path / f"list.{format}")
        assert (status, out) == (0, ""), err
    assert pq.read_metadata(tmp_path / "list.parquet").num_rows == 14
    book = openpyxl.load_workbook(tmp_path / "list.xlsx")
    assert max(sheet.max_row for sheet in book if sheet.max_column > 10) == 15
    assert json.loads((tmp_path / "list.json").read_text(encoding="utf-8")) == rows


def test_people_in_full_only_where_asked(example: Padan) -> None:
    assert nik(1) not in example("people", "--place", BENDE)[1]
    assert nik(1) in example("people", "--place", BENDE, *IN_FULL)[1]


def test_numbers_in_full_need_a_purpose_and_a_reason(example: Padan) -> None:
    for more in ((), ("--purpose", "verification"), ("--purpose", "verification", "--reason", "short")):
        status, out, err = example("people", "--place", BENDE, "--unmasked", *more)
        assert (status, out) == (2, "")
        assert "sepuluh huruf" in err


def test_a_command_runs_within_the_rights_of_the_account_that_it_is_run_as(
    padan: Padan, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    own = another(worked_example(tmp_path_factory.getbasetemp()), tmp_path)
    monkeypatch.setenv("PADAN_HOME", str(own.path))
    for name, role, place in (
        ("rina", "official", KADIA),
        ("tono", "planner", BENDE),
        ("adi", "administrator", KENDARI),
    ):
        assert padan("users", "add", name, "--role", role, "--place", place)[0] == 0
    shown = read(padan("people", "--place", BENDE, "--format", "json", "--as", "rina"))
    assert {row["name"] for row in shown} == {initials_of(row["name"]) for row in WORKED_ROWS[:5]}
    assert not {"address", "birth_date", "CATATAN", "+CATATAN"} & set(shown[0])
    for refused in (
        ("people", "--place", MANDONGA, "--as", "rina"),
        ("people", "--place", KADIA, "--as", "tono"),
        ("people", "--place", BENDE, "--as", "adi"),
        ("people", "--place", BENDE, *IN_FULL, "--as", "rina"),
        ("remove", "dtks", "--as", "tono"),
        ("link", "--as", "tono"),
        ("verify", "--as", "rina"),
        ("values", "dtks_persons", "--place", "31", "--as", "tono"),
        ("people", "--place", BENDE, "--as", "nobody"),
    ):
        status, out, err = padan(*refused)
        assert (status, out, bool(err)) == (2, "", True), refused
    assert nik(1) in padan("people", "--place", BENDE, *IN_FULL, "--as", "tono")[1]
    assert padan("values", "dtks_persons", "--place", KENDARI, "--by", "kelurahan", "--as", "tono")[0] == 0


def test_a_column_that_nobody_declared_is_part_of_the_list(example: Padan) -> None:
    rows = read(example("people", "--place", BENDE, "--format", "json"))
    (name,) = (key for key in rows[0] if "CATATAN" in key)
    assert sorted(row[name] for row in rows if row[name]) == [f"NIK {nik(1)[:4]}" + "*" * 12]


def test_rows_with_problems_are_written_to_a_workbook(padan: Padan, tmp_path: Path) -> None:
    rows = [*people(2), person(3, nik=nik(3)[:15]), person(4, kelurahan="ENTAH"), person(5, birth_date="besok")]
    path = register(tmp_path / "a.csv", rows, DATED, below=[["JUMLAH", "5"]])
    status, out, _ = padan(
        "import", path, "--period", "2021-01", "--problems", tmp_path / "masalah.xlsx", "--lang", "en"
    )
    assert status == 0
    assert "5 rows read, 5 accepted, 0 not accepted; 1 without a kelurahan" in out
    book = openpyxl.load_workbook(tmp_path / "masalah.xlsx")
    cells = [row for sheet in book for row in sheet.iter_rows(values_only=True)]
    listed = {row[0]: row for row in cells if isinstance(row[0], int)}
    assert set(listed) == {4, 5, 6, 7}
    assert nik(3)[:15] not in str(cells)
    assert "besok" in listed[6]
    assert "Bende" in listed[4]


def test_a_damaged_store_is_told_in_a_sentence_without_its_contents(padan: Padan, tmp_path: Path) -> None:
    folder = tmp_path / "home" / "snapshots" / "dtks-74.71-2021-01-31-00000000"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(f'{{"id": "{nik(1)}"')
    for command in ("snapshots", "verify"):
        status, out, err = padan(command)
        assert status == (2 if command == "verify" else 0)
        assert nik(1) not in out + err
        assert "Traceback" not in err


def test_a_fresh_process_prints_machine_readable_json_and_nothing_else(tmp_path: Path) -> None:
    environment = os.environ | {"PADAN_HOME": str(tmp_path / "home"), "PYTHONWARNINGS": "default"}
    path = register(tmp_path / "dtks_2021-01.csv", people(3))
    command = [sys.executable, "-m", "data"]
    ran = subprocess.run(
        [*command, "import", str(path), "--json"], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)[0]["period"] == "2021-01-31"
    assert len(Store(tmp_path / "home").snapshots()) == 1
    ran = subprocess.run(
        [*command, "values", "x", "--place", "1"], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert (ran.returncode, ran.stdout) == (2, "")
    assert len(INDICATORS) >= 6


@pytest.fixture
def linked(padan: Padan, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Padan:
    """Commands on a store whose registers are matched, only for reading."""
    monkeypatch.setenv("PADAN_HOME", str(worked.matched(tmp_path_factory.getbasetemp()).path))
    return padan


LINKS = "left_row,right_row,rule,probability,status"


def lines(ran: Ran) -> list[dict[str, str]]:
    status, out, err = ran
    assert status == 0, err
    return list(csv.DictReader(io.StringIO(out)))


def test_link_matches_what_is_due_and_says_what_it_could_not_match(padan: Padan, tmp_path: Path) -> None:
    status, out, err = padan("link", "--lang", "en")
    assert (status, out) == (2, "")
    assert "nothing to match" in err
    store = Store(tmp_path / "home")
    worked.eppgbm(store, tmp_path, worked.MEASURED, worked.LATER)
    status, out, _ = padan("link", "--json")
    (lacking,) = json.loads(out)
    assert (status, lacking["run"], lacking["reason"]) == (2, None, "no_right_register")
    right = worked.dtks(store, tmp_path, worked.REGISTERED, worked.LATER)
    (made,) = read(padan("link", "--json"))
    assert (made["linkage"], made["place"], made["period"]) == ("children", KENDARI, "2021-02-28")
    assert (made["right"], made["units"], made["made_now"], made["reason"]) == ([right.id], 7, True, None)
    (again,) = read(padan("link", "--json"))
    assert (again["run"], again["made_at"], again["made_now"]) == (made["run"], made["made_at"], False)


def test_links_are_five_columns_in_the_rows_of_the_files(linked: Padan) -> None:
    _, out, _ = linked("links", "eppgbm", "dtks", "--format", "csv")
    assert out.splitlines()[0] == LINKS
    rows = lines(linked("links", "eppgbm", "dtks", "--format", "csv"))
    accepted = [row for row in rows if row["status"] == "accepted"]
    assert [row["left_row"] for row in accepted] == ["2", "3", "8"]
    assert {row["rule"] for row in accepted} == {"SAME_NIK_AND_NAME_OR_BIRTH_DATE"}
    assert all(0 <= float(row["probability"]) <= 1 for row in rows)
    turned = lines(linked("links", "dtks", "eppgbm", "--format", "csv", "--place", KENDARI))
    assert {(row["right_row"], row["left_row"]) for row in turned} == {(r["left_row"], r["right_row"]) for r in rows}
    earlier = lines(linked("links", "eppgbm", "dtks", "--format", "csv", "--period", "2020-08"))
    assert not [row for row in earlier if row["status"] == "accepted"]
    assert linked("links", "eppgbm", "dtks")[1].split()[:5] == LINKS.split(",")


@pytest.mark.parametrize(
    ("left", "right", "said"), [("eppgbm", "nothing", "nothing"), ("krs", "ppks", "krs"), ("krs", "p3ke", "link")]
)
def test_links_that_are_not_there_are_refused(linked: Padan, left: str, right: str, said: str) -> None:
    status, out, err = linked("links", left, right)
    assert (status, out) == (2, "")
    assert said in err
    assert "{" not in err


def test_values_of_matched_registers_end_with_their_bounds(linked: Padan) -> None:
    keys = ("stunting_share", "stunted_registered_share", "stunted_unregistered")
    (row,) = lines(linked("values", *keys, "--place", KENDARI, "--format", "csv"))
    assert list(row) == [
        "code", "name", *(name for key in keys for name in (f"{key}_numerator", f"{key}_denominator", key)),
        "stunted_registered_share_lower", "stunted_registered_share_upper",
        "stunted_unregistered_lower", "stunted_unregistered_upper",
    ]  # fmt: skip
    assert (row["stunted_registered_share_numerator"], row["stunted_registered_share_denominator"]) == ("1", "6")
    assert float(row["stunted_registered_share_upper"]) == pytest.approx(1 / 3)
    assert [row[f"stunted_unregistered{end}"] for end in ("", "_lower", "_upper", "_numerator")] == ["3", "2", "3", ""]
    (row,) = lines(linked("values", keys[1], "--place", KENDARI, "--format", "csv", "--period", "2020-12"))
    assert (row["stunted_registered_share"], row["stunted_registered_share_denominator"]) == ("0.0", "4")


def test_what_became_of_people_is_not_known_before_they_are_matched(example: Padan) -> None:
    status, out, err = example("people", "--place", KENDARI, "--registry", "eppgbm", "--where", "match=unregistered")
    assert (status, out) == (2, "")
    assert "link" in err


def test_the_list_of_the_unregistered_is_as_long_as_the_figure(linked: Padan) -> None:
    rows = read(linked(
        "people", "--place", KENDARI, "--registry", "eppgbm", "--where", "match=unregistered", "--format", "json",
        "--lang", "en",
    ))  # fmt: skip
    assert len(rows) == 3
    assert {row["match_label"] for row in rows} == {"Not registered"}
    assert len({row["match_do"] for row in rows}) == 1
    assert worked.OLD_WOMANS not in str(rows)


def test_decisions_leave_and_come_as_a_file(padan: Padan, tmp_path: Path) -> None:
    pair = {"finds": "person", "left_keys": ["a"], "right_keys": ["b"], "rule": "SIMILAR_PERSON", "probability": 0.5}
    decisions.decide(Store(tmp_path / "home"), OWNER, "children", pair, "accept")
    file = tmp_path / "decisions.csv"
    assert padan("decisions", "export", file)[0] == 0
    status, out, _ = padan("decisions", "import", file, "--lang", "en")
    assert (status, out.strip()) == (0, "0 new decisions; 1 were there already.")
    file.write_text("nama,nik\n")
    status, out, err = padan("decisions", "import", file)
    assert (status, out) == (2, "")
    assert "1" in err
    assert padan("decisions", "import", tmp_path / "nowhere.csv")[0] == 2
