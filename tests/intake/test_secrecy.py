"""No name and no number of a person in anything that a program says, whatever is wrong with the file."""

import gzip
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from data.__main__ import main
from data.snapshots import Store
from tests.builders import KENDARI, kk, nik, people, person, problem_rows, stored, table, text

NAME = "RAHASIAWATI"
SECRETS = (NAME, nik(1), kk(1), nik(2), kk(2), "7471080202809", "JL. SUNYI")


def bytes_of(rows: Sequence[dict[str, str]]) -> bytes:
    return text(table(rows)).encode()


def secret(number: int, **fields: str) -> dict[str, str]:
    return person(number, **({"name": NAME, "mother_name": NAME, "address": "JL. SUNYI 3"} | fields))


def shifted() -> bytes:
    """Rows that have slipped by some columns, so that names and numbers stand under foreign headings."""
    head, *lines = table([secret(number) for number in range(1, 5)])
    moved = [line[by:] + line[:by] for line, by in zip(lines, (0, 3, 7, 12), strict=True)]
    return text([head, *moved]).encode()


FILES: dict[str, Callable[[], bytes]] = {
    "no headings": lambda: text(table([secret(1), secret(2)])[1:]).encode(),
    "nothing tells the area": lambda: bytes_of([secret(1, province="", kabkota="", kecamatan="", kelurahan="")]),
    "everything is wrong": lambda: bytes_of(
        [
            secret(
                1,
                nik=nik(1)[:15],
                birth_date=NAME,
                updated_on=nik(1),
                sex=NAME,
                dukcapil=NAME,
                bpnt=kk(1),
                kelurahan=NAME,
            ),
            *people(3),
        ]
    ),
    "columns have slipped": shifted,
    "a stray quotation mark": lambda: bytes_of([secret(1), secret(2), *people(9)]).replace(
        f"|{NAME}".encode(), f'|"{NAME}'.encode(), 1
    ),
    "half a gzip": lambda: gzip.compress(bytes_of([secret(1), secret(2)]))[:-20],
    "other bytes": lambda: bytes_of([secret(1, name=NAME + "\0\x81")]),
    "headings that are people": lambda: text(
        [[NAME, nik(1), kk(1), "NIK", "NAMA", "KECAMATAN", "KELURAHAN"], ["x"] * 7]
    ).encode(),
}


@pytest.mark.parametrize("kind", FILES)
def test_nothing_of_a_person_is_said(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PADAN_HOME", str(tmp_path / "home"))
    (tmp_path / "dtks.csv").write_bytes(FILES[kind]())
    assert main(["import", str(tmp_path / "dtks.csv"), "--period", "2021-01"]) in (0, 2)
    said = "".join(capfd.readouterr())
    assert not [word for word in SECRETS if word.lower() in said.lower()]
    assert not re.search(r"\d{12}", re.sub(r"[0-9a-f]{32,}", "", said))
    assert "Traceback" not in said


@pytest.mark.parametrize("kind", ["everything is wrong", "columns have slipped"])
def test_the_rows_with_problems_show_no_number_in_full(kind: str, tmp_path: Path, store: Store) -> None:
    (tmp_path / "dtks.csv").write_bytes(FILES[kind]())
    snapshot = stored(store, tmp_path / "dtks.csv", place=KENDARI)
    shown = [row["value"] for row in problem_rows(snapshot) if row["value"]]
    assert shown
    assert not [value for value in shown if re.search(r"\d{12}", value)]
