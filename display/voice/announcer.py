"""The hall's one queue of announcements: never two at once, none lost, merged when behind. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

BEHIND = 3
AT_MOST = 4
_REMEMBERED = 512


@dataclass(frozen=True, slots=True)
class SpokenCall:
    """`id` is unique per call or recall; `lang` is the ticket's language."""

    id: str
    number: str
    counter: str
    lang: str = "vi"
    recall: bool = False


@dataclass(frozen=True, slots=True)
class Spoken:
    """A sentence that is no call: a test, a notice."""

    id: str
    text: str
    lang: str = "vi"


Item = SpokenCall | Spoken


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is said once; `ids` are all the calls that this one sentence answers.

    `broken_off`: how often the loudspeaker failed before its end.
    """

    item: Item
    ids: tuple[str, ...]
    broken_off: int = 0


@dataclass(frozen=True, slots=True)
class Announcement:
    """Said in one go after one chime. More than one line is said in the short form."""

    lines: tuple[Sentence, ...]

    @property
    def merged(self) -> bool:
        return len(self.lines) > 1

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(one for line in self.lines for one in line.ids)


@dataclass(frozen=True, slots=True)
class AnnouncementQueue:
    """`waiting` in the order of the calls; a redelivered call is known by its id in `heard`."""

    waiting: tuple[Sentence, ...] = ()
    heard: tuple[str, ...] = ()


def add_item(queue: AnnouncementQueue, item: Item) -> AnnouncementQueue:
    """Line up. The same number to the same counter, still unsaid, is said once for both."""
    if item.id in queue.heard:
        return queue
    heard = (*queue.heard, item.id)[-_REMEMBERED:]
    for index, line in enumerate(queue.waiting):
        if _same(line.item, item):
            joined = replace(line, ids=(*line.ids, item.id))
            waiting = (*queue.waiting[:index], joined, *queue.waiting[index + 1 :])
            return AnnouncementQueue(waiting, heard)
    return AnnouncementQueue((*queue.waiting, Sentence(item, (item.id,))), heard)


def take_next(queue: AnnouncementQueue) -> tuple[Announcement | None, AnnouncementQueue]:
    """The next announcement. When more than three wait, up to four calls share one chime."""
    if not queue.waiting:
        return None, queue
    count = _together(queue.waiting) if len(queue.waiting) > BEHIND else 1
    rest = replace(queue, waiting=queue.waiting[count:])
    return Announcement(queue.waiting[:count]), rest


def _together(waiting: Sequence[Sentence]) -> int:
    """Only calls merge; a sentence of another kind is said by itself."""
    for index, line in enumerate(waiting[:AT_MOST]):
        if isinstance(line.item, Spoken):
            return max(1, index)
    return min(AT_MOST, len(waiting))


def _same(one: Item, other: Item) -> bool:
    match one, other:
        case SpokenCall(), SpokenCall():
            return (one.number, one.counter) == (other.number, other.counter)
        case Spoken(), Spoken():
            return (one.text, one.lang) == (other.text, other.lang)
        case _:
            return False


def call_off(queue: AnnouncementQueue, counter: str, called: str | None) -> AnnouncementQueue:
    """Without calls to this counter of anybody but who is called there now."""
    kept = tuple(line for line in queue.waiting if not is_off(line, counter, called))
    return queue if len(kept) == len(queue.waiting) else replace(queue, waiting=kept)


def again(queue: AnnouncementQueue, lines: Sequence[Sentence]) -> AnnouncementQueue:
    """What was cut short for somebody else's sake comes first."""
    return replace(queue, waiting=(*lines, *queue.waiting))


def broken_off(queue: AnnouncementQueue, lines: Sequence[Sentence]) -> AnnouncementQueue:
    """What the loudspeaker did not say to its end comes first, once more and not a third time."""
    left = tuple(replace(line, broken_off=1) for line in lines if not line.broken_off)
    return again(queue, left)


def is_off(line: Sentence, counter: str, number: str | None) -> bool:
    """Whether a line calls somebody to this counter who is not the one there."""
    item = line.item
    return isinstance(item, SpokenCall) and item.counter == counter and item.number != number


def drop_oldest(queue: AnnouncementQueue, keep: int) -> tuple[int, AnnouncementQueue]:
    """For a loudspeaker that is broken: an old call said late would send people wrong."""
    excess = max(0, len(queue.waiting) - keep)
    return excess, replace(queue, waiting=queue.waiting[excess:])
