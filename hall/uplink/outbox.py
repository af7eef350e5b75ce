"""Which events of the journal go up next. The journal itself is the outbox; here is where we are.

    Unlinked ─link─▶ Asking ─place told, or 5 s─▶ Level ─journal has more─▶ Reading ─page─▶ Ready
                                                  ▲ ▲ └─epoch has risen─▶ Searching ─▶ Level  │
                                                  │ └──place told by the province── Submitted ◀┘
                                                  └─told, or 5 min─ Stopped: refused, or the
                                                    province holds more than the journal has
Pure: time is passed in, in monotonic seconds.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hall.contract.messages import TicketEvent
from hall.contract.province import START, JournalPlace, UpAck, UpEvents, UpRefusal

# The contract: none told within 5 s of connecting, start at the first event.
ASK_S = 5.0
# The contract: a batch without an acknowledgement for 30 s is sent again unchanged.
AGAIN_S = 30.0
# How long a refusal stands before one batch tries again.
STOPPED_S = 300.0
# Between two batches while there is no backlog: what comes within it goes up together.
CALM_S = 1.0
BACKLOG = 100
# After the hall's controller did not answer.
UNREAD_S = 5.0


@dataclass(frozen=True, slots=True)
class Unlinked:
    """No link. `pending`: what was under way when it broke."""

    pending: UpEvents | None = None


@dataclass(frozen=True, slots=True)
class Asking:
    """The province has yet to say which place it holds."""

    until: float
    pending: UpEvents | None = None


@dataclass(frozen=True, slots=True)
class Level:
    """The province holds all up to `place`. `first`: seq of the first event of a later epoch."""

    place: JournalPlace
    not_before: float = 0.0
    first: int | None = None


@dataclass(frozen=True, slots=True)
class Searching:
    """For the first event of an epoch above `place`'s: above `low`, not above `high`."""

    place: JournalPlace
    low: int
    high: int

    @property
    def probe(self) -> int:
        return (self.low + 1 + self.high) // 2


@dataclass(frozen=True, slots=True)
class Reading:
    place: JournalPlace
    from_seq: int


@dataclass(frozen=True, slots=True)
class Ready:
    """Goes out as soon as the link's budget allows."""

    batch: UpEvents


@dataclass(frozen=True, slots=True)
class Submitted:
    batch: UpEvents
    at: float


@dataclass(frozen=True, slots=True)
class Stopped:
    """`why` None: the province holds more than the journal has."""

    place: JournalPlace
    until: float
    why: UpRefusal | None = None


Stage = Unlinked | Asking | Level | Searching | Reading | Ready | Submitted | Stopped


@dataclass(frozen=True, slots=True)
class Upload:
    """`epoch`, `end`: of the journal as last heard; 0: not heard. `calm_until`: see CALM_S.

    `sure`: the journal itself has told its end since the link is there.
    """

    stage: Stage = Unlinked()
    epoch: int = 0
    end: int = 0
    sure: bool = False
    calm_until: float = 0.0

    @property
    def place(self) -> JournalPlace | None:
        """What the province holds; None while it has not said so."""
        match self.stage:
            case Level(place) | Searching(place) | Reading(place) | Stopped(place):
                return place
            case Ready(batch) | Submitted(batch):
                return batch.after
            case Unlinked() | Asking():
                return None

    @property
    def backlog(self) -> int:
        """How many events the province lacks, as far as is known."""
        place = self.place
        if place is None or not self.epoch:
            return 0
        return max(0, self.end - place.seq)


@dataclass(frozen=True, slots=True)
class ReadPage:
    """Ask the journal for events from here on; `limit` None: as many as a batch takes."""

    from_seq: int
    epoch: int
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class SendBatch:
    batch: UpEvents


def linked(upload: Upload, now: float) -> Upload:
    pending = upload.stage.pending if isinstance(upload.stage, Unlinked) else None
    return replace(upload, stage=Asking(now + ASK_S, pending), sure=False)


def lost(upload: Upload) -> Upload:
    match upload.stage:
        case Ready(batch) | Submitted(batch):
            return replace(upload, stage=Unlinked(batch))
        case Asking(_, pending) | Unlinked(pending):
            return replace(upload, stage=Unlinked(pending))
        case _:
            return replace(upload, stage=Unlinked())


def told_of_journal(upload: Upload, epoch: int, end: int) -> Upload:
    """By the controller's heartbeat, which may be an old one that the broker kept."""
    if (epoch, end) <= (upload.epoch, upload.end):
        return upload
    return replace(upload, epoch=epoch, end=end)


def acknowledged(upload: Upload, ack: UpAck, now: float) -> Upload:
    """By the province, at any time: what it holds is what counts."""
    if ack.refused is not None:
        return replace(upload, stage=Stopped(ack.place, now + STOPPED_S, ack.refused))
    match upload.stage:
        case Unlinked():
            return upload
        case Asking(_, UpEvents() as batch) if batch.after == ack.place:
            return replace(upload, stage=Ready(batch))
        case Ready(batch) | Submitted(batch) if batch.after == ack.place:
            # Said before it had the batch, or by another that starts: its answer is on the way.
            return upload
        case Level(place) | Searching(place) | Reading(place) if place == ack.place:
            return upload
        case _:
            return replace(upload, stage=Level(ack.place))


def read(
    upload: Upload, events: Sequence[TicketEvent], end: int, batch: UpEvents | None, now: float
) -> Upload:
    """A page came. `end`: the journal's; `batch`: made of the page's first events, if any."""
    upload = replace(upload, end=end, sure=True)
    match upload.stage:
        case Reading() if batch is not None:
            return replace(upload, stage=Ready(batch))
        case Reading(place):
            # An epoch that has risen and has no event yet is looked at again, but not at once.
            pause = UNREAD_S if place.epoch < upload.epoch else 0.0
            return replace(upload, stage=Level(place, not_before=now + pause))
        case Searching(place, low, high) as search if events:
            is_new = events[0].epoch > place.epoch
            found = (low, search.probe) if is_new else (events[0].seq, high)
            return replace(upload, stage=_found(Searching(place, *found)))
        case Searching():
            return unread(upload, now)
        case _:
            return upload


def next_probe(upload: Upload) -> ReadPage | None:
    """What to read while the first event of an epoch is looked for."""
    match upload.stage:
        case Searching() as search:
            return ReadPage(search.probe, upload.epoch, 1)
        case _:
            return None


def _found(search: Searching) -> Searching | Level:
    if search.low + 1 < search.high:
        return search
    return Level(search.place, first=search.high)


def unread(upload: Upload, now: float) -> Upload:
    """The controller did not answer, or its epoch has changed meanwhile."""
    match upload.stage:
        case Reading(place) | Searching(place):
            return replace(upload, stage=Level(place, not_before=now + UNREAD_S))
        case _:
            return upload


def sent(upload: Upload, batch: UpEvents, now: float) -> Upload:
    return replace(upload, stage=Submitted(batch, now), calm_until=now + CALM_S)


def due(upload: Upload, now: float) -> float:
    """When to look again, unless something happens first."""
    match upload.stage:
        case Asking(until) | Stopped(_, until):
            return until
        case Submitted(_, at):
            return at + AGAIN_S
        case Level(_, not_before):
            return max(now + CALM_S, not_before)
        case _:
            return now + AGAIN_S


def next_act(upload: Upload, now: float) -> tuple[Upload, ReadPage | SendBatch | None]:
    """What is to be done now; to be asked again after it."""
    upload = _woken(upload, now)
    match upload.stage:
        case Ready(batch):
            return upload, SendBatch(batch)
        case Submitted(batch, at) if now >= at + AGAIN_S:
            return upload, SendBatch(batch)
        case Level(place, not_before, first) if upload.epoch and now >= not_before:
            return _from_level(upload, place, first, now)
        case _:
            return upload, None


def _woken(upload: Upload, now: float) -> Upload:
    match upload.stage:
        case Asking(until) if now >= until:
            return replace(upload, stage=Level(START))
        case Stopped(place, until) if now >= until:
            return replace(upload, stage=Level(place), sure=False)
        case _:
            return upload


def _from_level(
    upload: Upload, place: JournalPlace, first: int | None, now: float
) -> tuple[Upload, ReadPage | None]:
    if upload.sure and place.order > (upload.epoch, upload.end):
        return replace(upload, stage=Stopped(place, now + STOPPED_S)), None
    is_of_old = place.epoch < upload.epoch and place != START
    if is_of_old and first is None:
        search = Searching(place, 0, upload.end)
        return replace(upload, stage=search), ReadPage(search.probe, upload.epoch, 1)
    more = is_of_old or place.seq < upload.end or not upload.sure
    calm = now < upload.calm_until and upload.end - place.seq < BACKLOG
    if not more or calm:
        return upload, None
    from_seq = min(place.seq + 1, first or place.seq + 1)
    return replace(upload, stage=Reading(place, from_seq)), ReadPage(from_seq, upload.epoch)
