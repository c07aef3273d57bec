"""What is proposed for a registered person, from what the row says."""

import pytest

from data.deliberation import proposals

CLEAN = {"presence": "Terkonfirmasi", "nik_state": "valid", "dukcapil_mark": "yes", "is_updated": "yes"}


@pytest.mark.parametrize(
    ("row", "actions"),
    [
        ({}, []),
        ({"nik_state": "destroyed", "concern_open": ["papers"]}, ["Complete the NIK"]),
        ({"nik_state": "malformed"}, ["Complete the NIK"]),
        ({"nik_state": "masked"}, []),
        (
            {"dukcapil_mark": "no", "concern_open": ["papers", "work"]},
            ["Correct at Dukcapil", "Discuss which help fits"],
        ),
        ({"concern_open": ["work"], "concern_missing": ["pkh"]}, ["Discuss: PKH"]),
        ({"deceased_note": "MENINGGAL 2019", "is_updated": "no"}, ["Propose to take out of the register"]),
        ({"presence": "Meninggal", "concern_missing": ["pkh"]}, ["Propose to take out of the register"]),
        ({"deceased_note": "Tidak"}, []),
        ({"deceased_note": "-", "is_updated": "no"}, ["Update the record"]),
    ],
)
def test_it_follows_from_the_record_and_of_the_dead_only_that_they_are_taken_out(
    row: dict[str, object], actions: list[str]
) -> None:
    assert [one.action for one in proposals(CLEAN | row, "en")] == actions
