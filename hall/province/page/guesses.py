"""Who may try a password now: no stranger may guess on, and none may lock its owner out. Pure.

    a browser known to the account ─▶ 5 in 15 minutes of its own
    any other ─▶ 5 of a network at the account, 20 of a network, 20 of all networks at the account

So who guesses from a thousand networks has twenty tries at an account, and its owner goes on
signing in where she has signed in before.
"""

from dataclasses import dataclass, field

from hall.web.guarding import PIN_S, PIN_TRIES_OF_ALL, Guard

TRIES_FROM_ANYWHERE = 20


@dataclass(frozen=True, slots=True)
class PasswordTry:
    """`browser`: its hash where the account knows it, or "". `exists`: whether the account does."""

    network: str
    account: str
    browser: str
    exists: bool


@dataclass(frozen=True, slots=True)
class TryVerdict:
    """`is_last`: the one after which nobody else is let through at some of its places."""

    admitted: bool
    is_last: bool = False


@dataclass(slots=True)
class PasswordGuards:
    """Of accounts that there are not as much is remembered apart: no name tells which there are."""

    _browsers: Guard = field(default_factory=lambda: Guard(PIN_S))
    _at_account: Guard = field(default_factory=lambda: Guard(PIN_S))
    _networks: Guard = field(default_factory=lambda: Guard(PIN_S, PIN_TRIES_OF_ALL))
    _anywhere: Guard = field(default_factory=lambda: Guard(PIN_S, TRIES_FROM_ANYWHERE))
    _nobodys: Guard = field(default_factory=lambda: Guard(PIN_S, TRIES_FROM_ANYWHERE))

    def admit(self, each: PasswordTry, now: float) -> TryVerdict:
        """Counted as wrong from here on: tries side by side count one by one."""
        places = self._places(each)
        if not all(guard.is_open(place, now) for guard, place in places):
            return TryVerdict(admitted=False)
        last = [guard.note_wrong(place, now) for guard, place in places]
        return TryVerdict(admitted=True, is_last=any(last))

    def note_right(self, each: PasswordTry) -> None:
        """It was right after all. What others got wrong still counts."""
        (own, place), *shared = self._places(each)
        own.forgive(place)
        for guard, shared_place in shared:
            guard.take_back(shared_place)

    def _places(self, each: PasswordTry) -> tuple[tuple[Guard, str], ...]:
        if each.browser:
            return ((self._browsers, each.browser),)
        return (
            (self._at_account, f"{each.network} {each.account}"),
            (self._networks, each.network),
            (self._anywhere if each.exists else self._nobodys, each.account),
        )
