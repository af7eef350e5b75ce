"""Who may do what at the pages: one table of roles and rights, and who a request comes from."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from starlette.requests import HTTPConnection

from hall.counter.pairing import HALL, Pairing

COOKIE = "motcua_"


class PageRole(StrEnum):
    """What a browser was paired as."""

    CLERK = "clerk"
    HEAD = "head"
    TECHNICIAN = "technician"


class Right(StrEnum):
    """What an address asks for.

    WATCH: the states of the hall. CALL: the acts of a counter, a clerk's for her own alone.
    RUN: the hall's services, opening, tickets and figures. TEST: the hall's devices.
    ADMIT: the list of paired browsers and of the clerks' PINs.
    """

    WATCH = "watch"
    CALL = "call"
    RUN = "run"
    TEST = "test"
    ADMIT = "admit"


RIGHTS: Mapping[PageRole, frozenset[Right]] = {
    PageRole.CLERK: frozenset({Right.WATCH, Right.CALL}),
    PageRole.HEAD: frozenset({Right.WATCH, Right.CALL, Right.RUN, Right.TEST, Right.ADMIT}),
    PageRole.TECHNICIAN: frozenset({Right.WATCH, Right.TEST, Right.ADMIT}),
}


@dataclass(frozen=True, slots=True)
class Place:
    """What one code pairs with; `counter` is a clerk's."""

    role: PageRole
    counter: str | None = None

    def gives(self, right: Right, counter: str | None) -> bool:
        own = self.role is not PageRole.CLERK or right is not Right.CALL or counter == self.counter
        return own and right in RIGHTS[self.role]


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who a request comes from: nobody known where there is no place."""

    places: frozenset[Place] = frozenset()

    def may(self, right: Right, counter: str | None = None) -> bool:
        """`counter`: the one that is acted for, which `Right.CALL` needs."""
        return any(place.gives(right, counter) for place in self.places)


# Whoever sits at this machine, where no pairing is asked for.
AT_THE_MACHINE = Visitor(frozenset({Place(PageRole.HEAD), Place(PageRole.TECHNICIAN)}))


def visitor_of(request: HTTPConnection, pairing: Pairing | None) -> Visitor:
    if pairing is None:
        return AT_THE_MACHINE
    tokens = (value for name, value in request.cookies.items() if name.startswith(COOKIE))
    held = (place for place in map(pairing.holder, tokens) if place is not None)
    return Visitor(frozenset(map(_place, held)))


def _place(name: str) -> Place:
    return Place(PageRole.HEAD) if name == HALL else Place(PageRole.CLERK, name)
