"""What lies in what, by the codes of places alone."""

from collections.abc import Iterable


def within(place: str, area: str) -> bool:
    """Whether `place` is `area` or lies in it.

    >>> within("74.71.04", "74.71"), within("74.7", "74.71"), within("74.71", "")
    (True, False, True)
    """
    return not area or place == area or place.startswith(area + ".")


def kabkota_of(place: str) -> str:
    """The kab/kota around a place; a province, or everything, is itself.

    >>> kabkota_of("74.71.08.1001"), kabkota_of("74"), kabkota_of("")
    ('74.71', '74', '')
    """
    return ".".join(place.split(".")[:2])


def around_all(places: Iterable[str]) -> str:
    """The smallest place around all of these.

    >>> around_all(["74.71.08.1001", "74.71.01.1005"]), around_all(["74.71", "31"]), around_all([])
    ('74.71', '', '')
    """
    parts = [place.split(".") for place in places]
    common = []
    for level in zip(*parts, strict=False):
        if len(set(level)) > 1:
            break
        common.append(level[0])
    return ".".join(common)
