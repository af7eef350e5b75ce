"""Look-ups that went up to the province, until they are answered or given up.

Nothing is kept for later: what cannot be asked now is answered `unavailable`.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from hall.contract import codec
from hall.contract.codec import Garbled
from hall.contract.messages import Refusal, Reply
from hall.contract.onestop_requests import DossierData, DossierLookup
from hall.contract.words import WireModel
from hall.onestop.ports import Away, DossierAnswered, LookupLimit, Outcome
from hall.runtime.clock import Clock

log = logging.getLogger(__name__)

# A kiosk gives up after 5 s.
PATIENCE_S = 4.8
# That may wait for their answers.
ROOM = 100


@dataclass(frozen=True, slots=True)
class _AskedAbove:
    code: str
    until: float


@dataclass(slots=True)
class LookupsAbove:
    """`send`: verb, client, request; False where nothing can be asked now."""

    send: Callable[[str, str, WireModel], bool]
    post: Callable[[DossierAnswered], None]
    clock: Clock
    _asked: dict[str, _AskedAbove] = field(default_factory=dict)

    def look_up(self, ref: str, code: str) -> None:
        client, _, request_id = ref.partition("/")
        asked = DossierLookup(id=request_id, code=code)
        if len(self._asked) >= ROOM or not self.send("dossier-lookup", client, asked):
            self.post(DossierAnswered(ref, Away()))
            return
        self._asked[ref] = _AskedAbove(code, self.clock.monotonic() + PATIENCE_S)

    def take_reply(self, client: str, reply: Reply) -> None:
        ref = f"{client}/{reply.id}"
        asked = self._asked.get(ref)
        if asked is None:
            log.warning("from the province, an answer to nothing that was asked")
            return
        self._answer(ref, _outcome(reply, asked.code))

    def give_up_all(self) -> None:
        """The line has broken: no answer comes any more."""
        for ref in tuple(self._asked):
            self._answer(ref, Away())

    def give_up(self, now: float) -> None:
        """What nobody waits for any longer."""
        for ref in [each for each, asked in self._asked.items() if now >= asked.until]:
            self._answer(ref, Away())

    @property
    def dues(self) -> tuple[float, ...]:
        return tuple(asked.until for asked in self._asked.values())

    def _answer(self, ref: str, outcome: Outcome) -> None:
        del self._asked[ref]
        self.post(DossierAnswered(ref, outcome))


def _outcome(reply: Reply, code: str) -> Outcome:
    if reply.status == "ok":
        return _dossier(reply, code)
    match reply.error:
        case Refusal(code="unknown"):
            return None
        case Refusal(code="limit" | "busy"):
            return LookupLimit()
        case _:
            return Away()


def _dossier(reply: Reply, code: str) -> DossierData | Away:
    """The dossier that was asked for and no other."""
    try:
        found = codec.read(DossierData, reply.data or {})
    except Garbled as err:
        log.warning("from the province, an answer that is no dossier: %s", err.why)
        return Away()
    if found.code != code:
        log.warning("from the province, an answer with another code")
        return Away()
    return found
