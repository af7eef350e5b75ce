"""From what the board knows to what stands on it at a moment. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from display.board.calls import OnShow, ShownCall
from display.board.contents import (
    BigCall,
    BoardShape,
    BoardView,
    CardState,
    CounterCard,
    EarlierCall,
    PageCount,
    QueueRow,
)
from display.board.figures_panel import figures_panel
from display.board.model import BoardModel
from display.board.plan import QUEUE_ROWS
from display.board.words import BoardWords
from hall.contract.messages import CounterState, Sent
from hall.runtime.opening import Spans
from hall.signs.assigning import ServiceSign
from hall.wording.glossary import VIETNAMESE, Glossary

NOTHING = "–"


@dataclass(frozen=True, slots=True)
class CounterPlace:
    """A counter as the configuration knows it; `field` names what it serves.

    `shorter`: what may stand for the title where it has no room.
    """

    id: str
    title: str
    field: str
    shorter: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BoardSetup:
    """What never changes while the board runs."""

    unit: str
    counters: tuple[CounterPlace, ...]
    services: tuple[tuple[str, str], ...]
    notices: tuple[str, ...] = ()
    ticker: bool = True
    period: str = ""
    page_s: float = 8.0
    show_figures: bool = True
    slides: tuple[str, ...] = ()
    slide_s: float = 12.0
    shape: BoardShape = field(default_factory=BoardShape)
    words: BoardWords = field(default_factory=BoardWords)
    signs: Mapping[str, ServiceSign] = field(default_factory=dict)


def look(model: BoardModel, place: BoardSetup, now: float, local: datetime) -> BoardView:
    """`now` is monotonic, `local` the wall clock in the hall's time zone."""
    cards, shown = card_page(model, place, now)
    queued = [_queue(model, place, *service) for service in place.services]
    queued += [_sent(model, counter, place.words) for counter in place.counters]
    lined_up = [queue for queue in queued if queue.count]
    pages = _pages(len(lined_up), QUEUE_ROWS)
    lines = PageCount(_turn(now, place.page_s, pages), pages)
    return BoardView(
        unit=place.unit,
        clock=f"{local:%H:%M}",
        date=date_text(local, place.words.glossary),
        calls=_large(model, place, now),
        recent=_recent(model, place, cards, now),
        cards=tuple(_card(model, counter, place, now) for counter in cards),
        shape=replace(place.shape, room=per_page(len(place.counters), place.shape.room)),
        pages=shown,
        queues=tuple(lined_up[lines.index * QUEUE_ROWS : (lines.index + 1) * QUEUE_ROWS]),
        queue_pages=lines,
        waiting=_waiting(model),
        told=figures_panel(model, place.period, place.words, now, local)
        if _with_figures(place)
        else None,
        slide=_slide(place, now),
        ticker=_ticker(model, place, local),
        stale=not model.alive(now),
        closed=model.outside_hours,
        opens=_opens(model, place.words, local),
        signs=bool(place.signs),
    )


def due(place: BoardSetup, now: float, local: datetime) -> float:
    """When the page, the slide or the clock changes."""
    moments = [now + 60 - local.second - local.microsecond / 1e6]
    if (
        _pages(len(place.counters), place.shape.room) > 1
        or _pages(len(place.services), QUEUE_ROWS) > 1
    ):
        moments.append((now // place.page_s + 1) * place.page_s)
    if place.slides:
        moments.append((now // place.slide_s + 1) * place.slide_s)
    return min(moments)


def date_text(local: datetime, words: Glossary = VIETNAMESE) -> str:
    return f"{words.weekdays[local.weekday()]}, {local:%d/%m/%Y}"


def _opens(model: BoardModel, words: BoardWords, local: datetime) -> str:
    """When a closed hall opens, in words; nothing while nobody knows."""
    if model.hall is None or model.hall.opens_next is None:
        return ""
    opens = model.hall.opens_next.astimezone(local.tzinfo)
    if opens.date() == local.date():
        return words.today.format(at=opens)
    return f"{opens:%H:%M} {words.glossary.weekdays[opens.weekday()]}, {opens:%d/%m}"


def _large(model: BoardModel, place: BoardSetup, now: float) -> tuple[BigCall, ...]:
    current = model.calls.current
    if current is None:
        return _last_known(model, place)
    return tuple(_big(model, place, call, current, now) for call in current.calls)


def _big(
    model: BoardModel, place: BoardSetup, call: ShownCall, current: OnShow, now: float
) -> BigCall:
    named = _named(place, call.counter)
    fresh = current.flashing(now) or _is_called(model.counters.get(call.counter), call)
    bright = current.bright(now)
    sign = place.signs.get(call.service)
    return BigCall(call.number, named.title, named.field, fresh, bright, named.shorter, sign)


def _is_called(state: CounterState | None, call: ShownCall) -> bool:
    if state is None or state.ticket is None or state.status != "called":
        return False
    return state.ticket.number == call.number


def _last_known(model: BoardModel, place: BoardSetup) -> tuple[BigCall, ...]:
    """After a restart: the newest call of the board's own list, without any flashing."""
    if model.board is None or not model.board.recent:
        return ()
    last = model.board.recent[0]
    named = _named(place, last.counter)
    return (BigCall(last.number, named.title, named.field, False, False, named.shorter),)  # noqa: FBT003


def _recent(
    model: BoardModel, place: BoardSetup, cards: tuple[CounterPlace, ...], now: float
) -> tuple[EarlierCall, ...]:
    """The calls before the large one, newest first; those still to have it are not among them.

    One of the last minute that stands on no card gives way only to others like it.
    """
    current = model.calls.current
    later = {each.number for each in (*current.calls, *model.calls.waiting)} if current else set()
    told = [(call.number, call.counter) for call in model.calls.in_sight(now)]
    if model.board is not None:
        known = model.board.recent if current else model.board.recent[1:]
        told += [(call.number, call.counter) for call in known]
    newest: dict[str, str] = {}
    for number, counter in told:
        if number not in later:
            newest.setdefault(number, counter)
    seen = {
        state.ticket.number
        for each in cards
        if (state := model.counters.get(each.id)) and state.ticket is not None
    }
    only_here = {call.number for call in model.calls.in_sight(now)} - seen
    room = place.shape.recent
    first = [number for number in newest if number in only_here][:room]
    rest = [number for number in newest if number not in only_here][: room - len(first)]
    return tuple(
        EarlierCall(number, named.title, named.shorter)
        for number, counter in newest.items()
        if number in first or number in rest
        for named in (_named(place, counter),)
    )


def _named(place: BoardSetup, counter: str) -> CounterPlace:
    for each in place.counters:
        if each.id == counter:
            return each
    return CounterPlace(counter, place.words.glossary.counter.named(counter), "")


def _card(model: BoardModel, counter: CounterPlace, place: BoardSetup, now: float) -> CounterCard:
    state = model.counters.get(counter.id)
    flashed = model.calls.flashed.get(counter.id)
    kind, text = _card_state(state, place.words.glossary)
    return CounterCard(
        counter.title,
        counter.field,
        kind,
        text,
        bright=flashed is not None and flashed.bright(now),
        called=flashed is not None and flashed.flashing(now),
        shorter=counter.shorter,
        sign=place.signs.get(state.ticket.service) if state and state.ticket else None,
    )


def _card_state(state: CounterState | None, words: Glossary) -> tuple[CardState, str]:
    if state is None:
        return "closed", NOTHING
    said = words.counter
    match state.status:
        case "called" | "serving" if state.ticket is not None:
            return "number", state.ticket.number
        case "paused":
            return "paused", said.paused
        case "closed":
            return "closed", said.closed
        case _:
            return "open", said.open


def card_page(
    model: BoardModel, place: BoardSetup, now: float
) -> tuple[tuple[CounterPlace, ...], PageCount]:
    """The counters that have a card now, and which page of how many that is.

    Where not all have room: those that called somebody within the last minute stay, the newest
    first; the others that are open take turns in what room is left.
    """
    counters, room = place.counters, per_page(len(place.counters), place.shape.room)
    if len(counters) <= place.shape.room:
        return counters, PageCount(0, 1)
    recent = list(dict.fromkeys(call.counter for call in model.calls.in_sight(now)))
    by_id = {each.id: each for each in counters}
    held = tuple(by_id[each] for each in recent if each in by_id)[:room]
    others = tuple(c for c in counters if c not in held and _is_open(model, c))
    others = others or tuple(c for c in counters if c not in held)
    each = room - len(held)
    if not each:
        return held, PageCount(0, 1)
    pages = _pages(len(others), each)
    index = _turn(now, place.page_s, pages)
    return (*held, *others[index * each : (index + 1) * each]), PageCount(index, pages)


def _is_open(model: BoardModel, counter: CounterPlace) -> bool:
    state = model.counters.get(counter.id)
    return state is not None and state.status != "closed"


def _with_figures(place: BoardSetup) -> bool:
    return place.show_figures and place.shape.figures


def per_page(counters: int, room: int) -> int:
    """Pages of about the same length: thirteen counters are seven and six."""
    return -(-counters // _pages(counters, room))


def _pages(items: int, each: int) -> int:
    return max(1, -(-items // each))


def _turn(now: float, seconds: float, count: int) -> int:
    return int(now // seconds) % count


def _queue(model: BoardModel, place: BoardSetup, service: str, name: str) -> QueueRow:
    state = model.services.get(service)
    listed = next((w for w in model.board.waiting if w.service == service), None) if (
        model.board) else None  # fmt: skip
    count = state.waiting if state else listed.count if listed else 0
    wait = place.words.glossary.wait.estimate(state.wait_min if state else None)
    following = listed.next if listed else ()
    return QueueRow(name, count, wait, following, place.signs.get(service))


def _sent(model: BoardModel, counter: CounterPlace, words: BoardWords) -> QueueRow:
    state = model.counters.get(counter.id)
    sent = state.sent if state else Sent()
    return QueueRow(counter.title, sent.count, words.sent, sent.next)


def _waiting(model: BoardModel) -> int | None:
    return model.hall.waiting if model.hall else None


def _slide(place: BoardSetup, now: float) -> str | None:
    """Slides and figures take turns where there are both."""
    if not place.slides or not place.shape.figures:
        return None
    turns: list[str | None] = [*place.slides]
    if _with_figures(place):
        turns.insert(0, None)
    return turns[int(now // place.slide_s) % len(turns)]


def _ticker(model: BoardModel, place: BoardSetup, local: datetime) -> str:
    if not place.ticker:
        return ""
    told = model.notice.lines if model.notice else ()
    return "   •   ".join(
        filter(None, (_ordered(model, place.words, local), *place.notices, *told))
    )


def _ordered(model: BoardModel, words: BoardWords, local: datetime) -> str | None:
    """What a person who stopped the tickets says of it, or that they are stopped."""
    if model.hall is None or model.hall.notice or model.hall.closed_by != "order":
        return model.hall.notice if model.hall else None
    opens, said = _opens(model, words, local), words.glossary.hall
    return f"{said.stopped} {said.again_at}: {opens}" if opens else said.stopped


def dark(spans: Spans, after: timedelta | None, local: datetime) -> bool:
    """Whether the screen sleeps: no span of today's hours is open, within `after` of it."""
    if after is None:
        return False
    minute = local.hour * 60 + local.minute
    margin = after.total_seconds() / 60
    return not any(start - margin <= minute < end + margin for start, end in spans)
