"""Who may do what at the pages: one table of roles and rights, and who a request comes from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum, auto


class PageRole(StrEnum):
    """What a browser was paired as."""

    CLERK = "clerk"
    HEAD = "head"
    TECHNICIAN = "technician"
    TABLET = "tablet"


class Right(StrEnum):
    """What an address asks for.

    WATCH: the states of the hall. CALL: the acts of a counter, a clerk's for her own alone.
    RUN: the hall's services, opening, tickets and figures. TEST: the hall's devices.
    ADMIT: the list of paired browsers, and codes for new ones. RATE: what citizens say of a
    counter, a tablet's for its own alone.
    """

    WATCH = "watch"
    CALL = "call"
    RUN = "run"
    TEST = "test"
    ADMIT = "admit"
    RATE = "rate"


RIGHTS: Mapping[PageRole, frozenset[Right]] = {
    PageRole.CLERK: frozenset({Right.WATCH, Right.CALL}),
    PageRole.HEAD: frozenset(Right),
    PageRole.TECHNICIAN: frozenset({Right.WATCH, Right.TEST, Right.ADMIT}),
    # It stands before citizens: nothing of the hall is shown there and nothing can be called.
    PageRole.TABLET: frozenset({Right.RATE}),
}
# What stands before the counter's id in the name of a tablet's place.
TABLET_OF = "tablet-"
_OF_ONE_COUNTER = frozenset({PageRole.CLERK, PageRole.TABLET})
_OF_A_COUNTER = frozenset({Right.CALL, Right.RATE})
# Nobody signs in to look, or to say what they think.
_UNSIGNED = frozenset({Right.WATCH, Right.RATE})


@dataclass(frozen=True, slots=True)
class Place:
    """What one code pairs with; `counter` is a clerk's, or a tablet's."""

    role: PageRole
    counter: str | None = None

    def __str__(self) -> str:
        if self.role is PageRole.TABLET:
            return f"{TABLET_OF}{self.counter}"
        return self.counter or self.role.value

    def gives(self, right: Right, counter: str | None) -> bool:
        bound = self.role in _OF_ONE_COUNTER and right in _OF_A_COUNTER
        return (not bound or counter == self.counter) and right in RIGHTS[self.role]


HEAD = Place(PageRole.HEAD)
TECHNICIAN = Place(PageRole.TECHNICIAN)
# What stands in the place of a counter's id, which therefore no counter may have.
OF_NO_COUNTER: Mapping[str, Place] = {str(place): place for place in (HEAD, TECHNICIAN)}


def place_of(name: str) -> Place:
    """The place by its name: a counter's id, `tablet-` and its id, `head` or `technician`."""
    if name.startswith(TABLET_OF):
        return Place(PageRole.TABLET, name.removeprefix(TABLET_OF))
    return OF_NO_COUNTER.get(name) or Place(PageRole.CLERK, name)


def names_of(counters: Iterable[str]) -> tuple[str, ...]:
    """Every place that a browser can be paired with."""
    known = tuple(counters)
    return (*known, *(f"{TABLET_OF}{each}" for each in known), *OF_NO_COUNTER)


class Stranger(Enum):
    """Why a browser has no place here; `value`: the reason in the address of the pairing page."""

    NEW = "moi"
    OLD_WAY = "cu"
    REVOKED = "thu-hoi"
    UNUSED = "lau"


class Access(Enum):
    YES = auto()
    NO = auto()
    SIGN_IN = auto()


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Whoever works at a browser now, by her own PIN. `id`: her mark in the journal."""

    id: str
    name: str
    is_head: bool


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who a request comes from: nobody known where there is no place, `stranger` says why.

    `browser`: the paired one's number, None where no pairing is asked for.
    `has_clerks`: whether people sign in here, so that nobody may write a mark by hand.
    """

    places: frozenset[Place] = frozenset()
    browser: int | None = None
    name: str = ""
    signed: SignedIn | None = None
    has_clerks: bool = False
    stranger: Stranger = Stranger.NEW

    def __str__(self) -> str:
        """As the log names who did something."""
        who = f"browser {self.browser}" if self.browser is not None else "this machine"
        return who if self.signed is None else f"{self.signed.id} at {who}"

    def judge(self, right: Right, counter: str | None = None) -> Access:
        """`counter`: the one that is acted for, which `Right.CALL` needs."""
        giving = [place for place in self.places if place.gives(right, counter)]
        if not giving:
            return Access.NO
        if right in _UNSIGNED or any(map(self._is_signed_for, giving)):
            return Access.YES
        return Access.SIGN_IN

    def may(self, right: Right, counter: str | None = None) -> bool:
        return self.judge(right, counter) is Access.YES

    def _is_signed_for(self, place: Place) -> bool:
        """A technician is known by the browser alone; a head's browser asks for a head."""
        if not self.has_clerks or place.role is PageRole.TECHNICIAN:
            return True
        return self.signed is not None and (self.signed.is_head or place.role is PageRole.CLERK)


# Whoever sits at this machine, where no pairing is asked for.
AT_THE_MACHINE = Visitor(frozenset({HEAD, TECHNICIAN}))
