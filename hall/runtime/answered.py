"""One id, one effect, one reply: what a device was asked under which id, and what it said.

request ──▶ New ──▶ the service acts ──▶ reply, kept
  the same id, client, verb and body ──▶ UnderWay: its reply is still to come
                                     └─▶ Answered: the same reply again
  anything of it changed             ──▶ Reused
"""

import json
import logging
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from hashlib import blake2b
from pathlib import Path
from typing import Protocol

from hall.contract.messages import Refusal, Reply
from hall.contract.requests import Request
from hall.contract.verbs import DEVICE
from hall.runtime import durable
from hall.runtime.bus import Received, expect

log = logging.getLogger(__name__)

# More than a hall asks of one device within the 6 s in which a copy may come.
MOST = 2000
# What a person asks of a printer's paper in many days; the file stays below some 100 KiB.
MOST_KEPT = 200
INTERRUPTED = (
    "Máy đã khởi động lại khi đang làm việc này. Mời xem giấy đã ra chưa rồi yêu cầu lại nếu cần."
)


@dataclass(frozen=True, slots=True)
class New:
    """Nobody has used this id yet."""


@dataclass(frozen=True, slots=True)
class UnderWay:
    """The same request; whoever asked gets the reply when it comes."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The same request: the same reply."""

    reply: Reply


@dataclass(frozen=True, slots=True)
class Reused:
    """The id was used for something else."""


@dataclass(frozen=True, slots=True)
class KnownRequest:
    """`digest`: over the body; `reply` as JSON, "" while there is none."""

    id: str
    client: str
    verb: str
    digest: str
    reply: str = ""


class KeptRequests(Protocol):
    """Where requests outlive the process."""

    def read(self) -> Iterable[KnownRequest]:
        """Oldest first; none where nothing can be read."""

    def write(self, known: Iterable[KnownRequest]) -> None:
        """Raises OSError."""


class KeptNowhere:
    """For what does no harm when a restart lets it happen twice: no write to the disk."""

    def read(self) -> Iterable[KnownRequest]:
        return ()

    def write(self, known: Iterable[KnownRequest]) -> None:
        """Nothing is kept."""


@dataclass(frozen=True, slots=True)
class KeptFile:
    path: Path

    def read(self) -> Iterable[KnownRequest]:
        try:
            return [KnownRequest(**entry) for entry in json.loads(self.path.read_bytes())]
        except FileNotFoundError:
            return ()
        except (OSError, ValueError, TypeError) as err:
            log.warning("requests of an earlier run are not known: %s", err)
            return ()

    def write(self, known: Iterable[KnownRequest]) -> None:
        durable.replace(self.path, json.dumps([asdict(each) for each in known]).encode())


@dataclass(slots=True)
class AnsweredRequests:
    """Lives on the loop. Of verbs whose effect is on paper it is on the disk before it happens."""

    kept: KeptRequests = field(default_factory=KeptNowhere)
    _known: OrderedDict[str, KnownRequest] = field(default_factory=OrderedDict)

    def __post_init__(self) -> None:
        self._known.update((each.id, _ended(each)) for each in self.kept.read())

    def judge(self, item: Received) -> New | UnderWay | Answered | Reused:
        """What a request is to be met with; a new one is noted. Raises OSError: it must not act."""
        asked = _request_of(item)
        known = self._known.get(asked.id)
        if known is None:
            self._note(asked)
            return New()
        if replace(known, reply="") != asked:
            return Reused()
        return Answered(Reply.model_validate_json(known.reply)) if known.reply else UnderWay()

    def answered(self, client: str, reply: Reply) -> None:
        """Note the reply to what was asked."""
        known = self._known.get(reply.id)
        if known is None or known.client != client or known.reply:
            return
        said = replace(known, reply=reply.model_dump_json())
        self._known[said.id] = said
        try:
            self._keep(said)
        except OSError as err:
            log.warning("the reply to %s will not be known after a restart: %s", said.verb, err)

    def _note(self, asked: KnownRequest) -> None:
        self._known[asked.id] = asked
        try:
            self._keep(asked)
        except OSError:
            del self._known[asked.id]
            raise
        if len(self._known) > MOST:
            self._known.popitem(last=False)

    def _keep(self, known: KnownRequest) -> None:
        if DEVICE[known.verb].on_paper:
            lasting = [each for each in self._known.values() if DEVICE[each.verb].on_paper]
            self.kept.write(lasting[-MOST_KEPT:])


def _request_of(item: Received) -> KnownRequest:
    request = expect(item.message, Request)
    body = request.model_dump_json() + json.dumps(dict(item.unknown), sort_keys=True)
    digest = blake2b(body.encode(), digest_size=16).hexdigest()
    return KnownRequest(request.id, item.levels["client"], item.levels["verb"], digest)


def _ended(known: KnownRequest) -> KnownRequest:
    """What a restart has cut off is not begun anew: its paper may be out."""
    if known.reply:
        return known
    refused = Refusal(code="unavailable", text=INTERRUPTED)
    return replace(known, reply=Reply(id=known.id, status="error", error=refused).model_dump_json())
