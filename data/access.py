"""Who may see what: every question to the data names its viewer, has a rule, and is answered within their rights.

A public function that answers about people or places is declared with `answers`; one that is not cannot be asked from a
screen. A rule admits or refuses the viewer before anything is read, and what names people is on record before it is
handed over.
"""

import functools
import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Final, ParamSpec, TypeVar

from data.area import kabkota_of, within
from data.definitions.roles import EVERY_RIGHT, Right
from data.wording import N_, Language, translate

Given = ParamSpec("Given")
Answer = TypeVar("Answer")

BEYOND_AREA: Final = N_("This place lies outside your area.")
NOT_YOURS: Final = {
    Right.FIGURES: N_("Your role does not see figures."),
    Right.PEOPLE: N_("You may not see the list of people of this place."),
    Right.NAMES: N_("Your role does not see names."),
    Right.IDENTIFIERS: N_("Your role does not see numbers in full."),
    Right.IMPORT: N_("Your role does not import data."),
    Right.REVIEW: N_("Your role does not review matches."),
    Right.LOG: N_("Your role does not read the log."),
    Right.ACCOUNTS: N_("Your role does not keep accounts."),
    Right.SETTINGS: N_("Your role does not change settings."),
}


class Refused(Exception):
    """The viewer may not see this. Carries no data; `str()` is a sentence for the reader (a message id), `values` are
    the numbers in it.
    """

    values: Mapping[str, int] = MappingProxyType({})

    def said(self, language: Language) -> str:
        """The sentence in the reader's language."""
        return translate(str(self), language, **self.values)


@dataclass(frozen=True)
class Grant:
    """Numbers in full for a stated purpose: until when (UTC), how many `rows` are left of it, and by which `number` the
    record knows it (see `data.grants`).
    """

    number: str
    purpose: str
    until: datetime
    rows: int = 0

    @property
    def open(self) -> bool:
        return self.rows > 0 and datetime.now(UTC) < self.until


@dataclass(frozen=True)
class Mask:
    """What of a row a viewer is shown: names, addresses and birth dates where `named`, numbers `in_full`."""

    named: bool = False
    in_full: bool = False


@dataclass(frozen=True)
class Viewer:
    """Somebody who asks. `places` are the codes of the viewer's area; `("",)` is everything, nothing is nowhere.

    `grant` is open while numbers may be seen in full. `session` (its number, not its secret) and `address` (from where)
    are for the record.
    """

    name: str
    places: tuple[str, ...] = ()
    rights: frozenset[Right] = frozenset()
    grant: Grant | None = None
    session: str = ""
    address: str = ""

    def may(self, right: Right, place: str | None = None) -> bool:
        """Whether the viewer has the right, and over this place where one is given."""
        if right not in self.rights:
            return False
        if place is None:
            return True
        return any(within(place, kabkota_of(area) if right is Right.FIGURES else area) for area in self.places)

    def require(self, right: Right, place: str | None = None) -> None:
        """Raises Refused, with a sentence that says whether the role or the area is in the way."""
        if not self.may(right, place):
            raise Refused(BEYOND_AREA if right in self.rights else NOT_YOURS[right])

    def may_list(self, place: str) -> bool:
        """Whether the viewer may see the rows behind the figures of a place."""
        return self.may(Right.PEOPLE, place)

    def require_list(self, place: str) -> None:
        """Raises Refused where the viewer may not see the rows of `place`."""
        if not self.may_list(place):
            raise Refused(NOT_YOURS[Right.PEOPLE])

    def mask(self, unmasked: bool = False) -> Mask:
        """How rows are shown to the viewer, who may have asked for numbers in full."""
        return Mask(self.named, unmasked and self.unmasked)

    def ground(self, place: str) -> tuple[str, ...]:
        """The parts of a place whose figures the viewer sees: the place itself, or the areas of the viewer's reach that
        lie in it.
        """
        if self.may(Right.FIGURES, place):
            return (place,)
        reached = dict.fromkeys(kabkota_of(area) for area in self.places) if Right.FIGURES in self.rights else ()
        return tuple(area for area in reached if within(area, place))

    def reaches(self, place: str) -> bool:
        """Whether anything of a place may concern the viewer: it lies in the reach of an area, or contains one."""
        return any(within(place, kabkota_of(area)) or within(area, place) for area in self.places)

    @property
    def named(self) -> bool:
        """Whether names, addresses and birth dates are shown to the viewer."""
        return Right.NAMES in self.rights

    @property
    def unmasked(self) -> bool:
        """Whether identifiers may be shown in full now: the right, and a purpose that was stated."""
        return Right.IDENTIFIERS in self.rights and self.grant is not None and self.grant.open

    @property
    def sight(self) -> tuple[Any, ...]:
        """All that an answer can depend on: two viewers with the same sight get the same answer."""
        return (self.places, tuple(sorted(self.rights)), self.unmasked)


OWNER: Final = Viewer(N_("owner of the store"), places=("",), rights=EVERY_RIGHT)
"""Whoever runs the command line on the store's own machine: may read its files anyway."""


@dataclass(frozen=True)
class Rule:
    """What a question asks of its viewer.

    `where` finds the place in the question's arguments; None where the answer itself is narrowed to the viewer's area.
    `persons` counts the people in an answer that shows them row by row: such an answer is recorded, and where numbers
    were asked for in full, paid for out of the viewer's grant. `mark` writes the record's number into an answer that
    leaves the system. `at` is the place of an answer whose question names none.
    """

    right: Right
    where: Callable[[Mapping[str, Any]], str | None]
    persons: Callable[[Any], int] | None = None
    mark: Callable[[Any, str], Any] | None = None
    at: Callable[[Any], str] | None = None

    @property
    def same_for_all(self) -> bool:
        """Whether all whom the rule admits get the same answer: the figures of a place."""
        return self.right is Right.FIGURES and self.where is not narrowed

    def admit(self, viewer: Viewer, arguments: Mapping[str, Any]) -> None:
        """Raises Refused."""
        viewer.require(self.right, self.where(arguments))


def of_scope(arguments: Mapping[str, Any]) -> str:
    """The place of the question's scope."""
    return str(arguments["scope"].place)


def of_place(arguments: Mapping[str, Any]) -> str:
    """The place that the question names."""
    return str(arguments["place"])


def narrowed(_: Mapping[str, Any]) -> None:
    """No place in the question: the answer holds what lies in the viewer's reach, and nothing else."""


def everywhere(_: Mapping[str, Any]) -> str:
    """The answer, or the action, concerns every place of the store."""
    return ""


def answers(
    right: Right,
    where: Callable[[Mapping[str, Any]], str | None] = of_scope,
    persons: Callable[[Any], int] | None = None,
    mark: Callable[[Any, str], Any] | None = None,
    at: Callable[[Any], str] | None = None,
) -> Callable[[Callable[Given, Answer]], Callable[Given, Answer]]:
    """Declares a question (`store, viewer, …`): whom it is answered to. See Rule."""
    rule = Rule(right, where, persons, mark, at)

    def declared(question: Callable[Given, Answer]) -> Callable[Given, Answer]:
        signature = inspect.signature(question)

        @functools.wraps(question)
        def gated(*args: Given.args, **kwargs: Given.kwargs) -> Answer:
            bound = signature.bind(*args, **kwargs)
            bound.apply_defaults()
            return _delivered(question, rule, bound.arguments, lambda: question(*args, **kwargs))

        gated.__dict__["rule"] = rule
        return gated

    return declared


_signature: Final = functools.cache(inspect.signature)


def rule_of(question: Callable[..., Any]) -> Rule:
    """Raises Refused for a question that has no rule: what nobody allowed is not allowed."""
    rule = getattr(question, "rule", None)
    if not isinstance(rule, Rule):
        raise Refused(N_("This question is not allowed to anybody."))
    return rule


def answered(
    question: Callable[..., Answer], ready: Callable[[Callable[[], Answer]], Answer], *args: Any, **kwargs: Any
) -> Answer:
    """The same as `question(*args, **kwargs)`, where `ready` may already have the answer (a cache): the viewer is
    admitted and the answer recorded all the same.
    """
    rule = rule_of(question)
    inner: Callable[..., Answer] = question.__wrapped__  # type: ignore[attr-defined]
    bound = _signature(inner).bind(*args, **kwargs)
    bound.apply_defaults()
    return _delivered(inner, rule, bound.arguments, lambda: ready(lambda: inner(*args, **kwargs)))


def _delivered(
    question: Callable[..., Any], rule: Rule, arguments: Mapping[str, Any], ready: Callable[[], Answer]
) -> Answer:
    viewer: Viewer = arguments["viewer"]
    rule.admit(viewer, arguments)
    if rule.persons is None or _recording.get():
        # A question within a question that is recorded itself is told about only once.
        return ready()
    with _within():
        answer = ready()
    if answer is None:
        return answer
    from data import audit, grants  # they need the operational database, which needs the store, which needs places

    store, persons = arguments["store"], rule.persons(answer)
    if arguments.get("unmasked") and viewer.unmasked:
        grants.spend(store, viewer, persons, _look(question, rule, arguments))
    place = rule.at(answer) if rule.at else rule.where(arguments)
    number = audit.seen(store, viewer, question, arguments, persons, place=place, leaves=rule.mark is not None)
    return rule.mark(answer, number) if rule.mark else answer


_recording: Final[ContextVar[bool]] = ContextVar("recording", default=False)


@contextmanager
def _within() -> Iterator[None]:
    token = _recording.set(True)
    try:
        yield
    finally:
        _recording.reset(token)


def _look(question: Callable[..., Any], rule: Rule, arguments: Mapping[str, Any]) -> str:
    """The same for a look that a screen takes again; empty for what leaves the system, which is paid for every time."""
    if rule.mark:
        return ""
    asked = {key: value for key, value in arguments.items() if key not in ("store", "viewer")}
    return repr((question.__module__, question.__qualname__, arguments["store"].state(), sorted(asked.items())))


LONG_NUMBER: Final = ("([0-9]{4})[0-9]{8,}", r"\1************")
"""Pattern and replacement that mask every long number in a text, wherever a NIK may have slipped."""

SHOWN_DIGITS: Final = 4
"""Digits of an identifier that stay visible: the kab/kota of issue. The rest (birth date, serial) would, together
with the name and birth date of the same row, give the whole number away."""
