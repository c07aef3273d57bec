"""Who may see what: every question to the data names its viewer and is answered within the viewer's rights."""

from dataclasses import dataclass
from typing import Final

from data.wording import N_


class Refused(Exception):
    """The viewer may not see this. Carries no data; `str()` is a sentence for the reader (a message id)."""


@dataclass(frozen=True)
class Viewer:
    """Somebody who asks. `places` are the codes whose areas may be seen by name; `("",)` is everything.

    `unmasked` is the viewer's right to ask for identifiers (NIK, KK and register numbers) in full; each
    question has to ask for them as well.
    """

    name: str
    places: tuple[str, ...] = ()
    unmasked: bool = False

    def may_list(self, place: str) -> bool:
        return any(within(place, area) for area in self.places)

    def require_list(self, place: str) -> None:
        """Raises Refused where the viewer may not see the people of `place` by name."""
        if not self.may_list(place):
            raise Refused(N_("You may not see the list of people of this place."))


def within(place: str, area: str) -> bool:
    """Whether `place` is `area` or lies in it.

    >>> within("74.71.04", "74.71"), within("74.7", "74.71"), within("74.71", "")
    (True, False, True)
    """
    return not area or place == area or place.startswith(area + ".")


OWNER: Final = Viewer(N_("owner of the store"), places=("",), unmasked=True)
"""Whoever runs the command line or the loopback server on the store's own machine: may read its files anyway."""

LONG_NUMBER: Final = ("([0-9]{4})[0-9]{8,}", r"\1************")
"""Pattern and replacement that mask every long number in a text, wherever a NIK may have slipped."""

SHOWN_DIGITS: Final = 4
"""Digits of an identifier that stay visible: the kab/kota of issue. The rest (birth date, serial) would, together
with the name and birth date of the same row, give the whole number away."""
