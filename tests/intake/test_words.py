"""Answers: the words that registers use for yes, no, man and woman; blank and `-` are unknown, not no."""

from collections.abc import Mapping
from typing import Any

import pytest

from data.intake.importing import ImportResult
from data.snapshots import Store
from tests.builders import contents, person, problems, register, take_in

DUKCAPIL: dict[str, bool | None] = {
    "PADAN": True,
    "Padan": True,
    "padan ": True,
    "PADAN DUKCAPIL": True,
    "SUDAH PADAN": True,
    "YA": True,
    "Y": True,
    "1": True,
    "3": True,
    "TRUE": True,
    "VALID": True,
    "TIDAK PADAN": False,
    "Tidak_Padan": False,
    "TDK PADAN": False,
    "BELUM PADAN": False,
    "TIDAK": False,
    "N": False,
    "0": False,
    "FALSE": False,
    "TIDAK VALID": False,
    "INVALID": False,
    "NIK TIDAK DITEMUKAN": False,
    "": None,
    "-": None,
    " - ": None,
    "NULL": None,
    "entahlah": None,
}
PROGRAMME: dict[str, bool | None] = {
    "YA": True, "Ya": True, "y": True, "1": True, "V": True, "v": True, "√": True, "ADA": True, "TRUE": True,
    "TIDAK": False, "Tidak": False, "0": False, "2": False, "T": False, "Tidak Ada": False, "FALSE": False,
    "": None, "-": None, "Tidak ada nama Kepala Keluarga": None,
}  # fmt: skip
SEX = {
    "L": "L",
    "LAKI-LAKI": "L",
    "Laki - laki": "L",
    "1": "L",
    "P": "P",
    "PEREMPUAN": "P",
    "Wanita": "P",
    "2": "P",
    "-": None,
    "X": None,
}
Rows = list[Mapping[str, Any]]


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> ImportResult:
    folder = tmp_path_factory.mktemp("words")
    rows = [
        person(n, dukcapil=dukcapil, bpnt=programme, sex=sex)
        for n, (dukcapil, programme, sex) in enumerate(
            zip(DUKCAPIL, (list(PROGRAMME) * 2)[: len(DUKCAPIL)], (list(SEX) * 3)[: len(DUKCAPIL)], strict=True),
            start=1,
        )
    ]
    return take_in(Store(folder / "home"), register(folder / "a.csv", rows))


@pytest.fixture(scope="module")
def rows(result: ImportResult) -> Rows:
    assert result.snapshot is not None
    return list(contents(result.snapshot))


@pytest.mark.parametrize("word", DUKCAPIL)
def test_the_civil_registrys_mark_is_read(rows: Rows, word: str) -> None:
    assert rows[list(DUKCAPIL).index(word)]["dukcapil"] is DUKCAPIL[word]


@pytest.mark.parametrize("word", PROGRAMME)
def test_an_answer_about_a_programme_is_read(rows: Rows, word: str) -> None:
    assert rows[list(PROGRAMME).index(word)]["bpnt"] is PROGRAMME[word]


@pytest.mark.parametrize("word", SEX)
def test_the_sex_is_read(rows: Rows, word: str) -> None:
    assert rows[list(SEX).index(word)]["sex"] == SEX[word]


def test_an_answer_that_is_not_known_is_reported_and_left_out(result: ImportResult) -> None:
    lines = {line.column: line for line in result.problems if line.code == "word_unknown"}
    assert lines["KETERANGAN PADAN"].first_rows == (list(DUKCAPIL).index("entahlah") + 2,)
    assert lines["BANSOS BPNT"].first_rows == (list(PROGRAMME).index("Tidak ada nama Kepala Keluarga") + 2,)
    assert set(lines) == {"KETERANGAN PADAN", "BANSOS BPNT", "JENIS KELAMIN"}
    assert problems(result)["word_unknown"].severity == "warning"
