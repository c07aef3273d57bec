"""What a screen, a file or a command is about: a place, a time, a comparison, an indicator, filters."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, Self

from data.definitions import filters

FILTERS: Final = (
    *filters.FILTERS, "change", "classes", "family", "kind", "linkage", "mode", "other", "pair", "second", "shown",
    "slide", "sort", "text",
)  # fmt: skip
"""The filters of the by-name list, and what screens narrow their figures by."""


@dataclass(frozen=True)
class Scope:
    """Frozen, and the same as the address bar: `Scope.from_query(scope.to_query()) == scope`.

    `place` is a Kemendagri code of any level (empty: everything in the store). `period` None is the
    newest snapshot; `compare` None is the snapshot before it; `since` None is the 24-month window. `register` is the
    one that a by-name list is of.
    `filters` are (filter, code) pairs of the by-name list. Free text is searched but never leaves for an
    address, because it may be a name: `to_query` leaves it out.
    """

    place: str = ""
    period: date | None = None
    compare: date | None = None
    since: date | None = None
    indicator: str = "dtks_updated_share"
    register: str = "dtks"
    filters: tuple[tuple[str, str], ...] = ()

    def at(self, place: str) -> Self:
        return replace(self, place=place)

    def with_filter(self, key: str, value: str | None) -> Self:
        kept = tuple(pair for pair in self.filters if pair[0] != key)
        return replace(self, filters=tuple(sorted((*kept, (key, value)))) if value else kept)

    def filter(self, key: str) -> str | None:
        return dict(self.filters).get(key)

    def to_query(self) -> dict[str, str]:
        fields: dict[str, str] = {"place": self.place, "indicator": self.indicator, "register": self.register}
        for key in ("period", "compare", "since"):
            day = getattr(self, key)
            fields[key] = day.isoformat() if day else ""
        fields |= {key: value for key, value in self.filters if key != "text"}
        default = type(self)()
        return {key: value for key, value in fields.items() if value and value != getattr(default, key, "")}

    @classmethod
    def from_query(cls, query: Mapping[str, Any]) -> Self:
        """Reads an address; what does not fit a field (a hand-edited link) is left at its default."""

        def day(key: str) -> date | None:
            try:
                return date.fromisoformat(str(query.get(key, "")))
            except ValueError:
                return None

        place = str(query.get("place", ""))
        return cls(
            place=place if all(part.isdigit() for part in place.split(".")) else "",
            period=day("period"),
            compare=day("compare"),
            since=day("since"),
            indicator=str(query.get("indicator", cls.indicator)),
            register=str(query.get("register", cls.register)),
            filters=tuple(sorted((key, str(query[key])) for key in FILTERS if key != "text" and query.get(key))),
        )
