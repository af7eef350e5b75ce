"""From what the board knows to what stands on it at a moment. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from display.board.calls import OnShow, ShownCall
from display.board.contents import BigCall, BoardView, CounterCard, PageCount, QueueRow
from display.board.figures_panel import figures_panel
from display.board.model import BoardModel
from hall.contract.messages import CounterState, Sent
from hall.glossary import VIETNAMESE
from hall.runtime.opening import Spans

PER_PAGE = 8
ROWS = 4
RECENT = 4
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class CounterPlace:
    """A counter as the configuration knows it; `field` names what it serves."""

    id: str
    title: str
    field: str


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


def look(model: BoardModel, place: BoardSetup, now: float, local: datetime) -> BoardView:
    """`now` is monotonic, `local` the wall clock in the hall's time zone."""
    shown = _page(model, place, now)
    each = per_page(len(place.counters))
    cards = place.counters[shown.index * each : (shown.index + 1) * each]
    queued = [_queue(model, *service) for service in place.services]
    queued += [_sent(model, counter) for counter in place.counters]
    lined_up = [queue for queue in queued if queue.count]
    pages = _pages(len(lined_up), ROWS)
    lines = PageCount(_turn(now, place.page_s, pages), pages)
    return BoardView(
        unit=place.unit,
        clock=f"{local:%H:%M}",
        date=date_text(local),
        calls=_large(model, place, now),
        recent=_recent(model, place),
        cards=tuple(_card(model, counter, now) for counter in cards),
        room=each,
        pages=shown,
        queues=tuple(lined_up[lines.index * ROWS : (lines.index + 1) * ROWS]),
        queue_pages=lines,
        waiting=_waiting(model),
        told=figures_panel(model, place.period, now, local) if place.show_figures else None,
        slide=_slide(place, now),
        ticker=_ticker(model, place, local),
        stale=not model.alive(now),
        closed=model.outside_hours,
        opens=_opens(model, local),
    )


def due(place: BoardSetup, now: float, local: datetime) -> float:
    """When the page, the slide or the clock changes."""
    moments = [now + 60 - local.second - local.microsecond / 1e6]
    if _pages(len(place.counters), PER_PAGE) > 1 or _pages(len(place.services), ROWS) > 1:
        moments.append((now // place.page_s + 1) * place.page_s)
    if place.slides:
        moments.append((now // place.slide_s + 1) * place.slide_s)
    return min(moments)


def date_text(local: datetime) -> str:
    return f"{VIETNAMESE.weekdays[local.weekday()]}, {local:%d/%m/%Y}"


def _opens(model: BoardModel, local: datetime) -> str:
    """When a closed hall opens, in words; nothing while nobody knows."""
    if model.hall is None or model.hall.opens_next is None:
        return ""
    opens = model.hall.opens_next.astimezone(local.tzinfo)
    if opens.date() == local.date():
        return f"{opens:%H:%M} hôm nay"
    return f"{opens:%H:%M} {VIETNAMESE.weekdays[opens.weekday()]}, {opens:%d/%m}"


def _large(model: BoardModel, place: BoardSetup, now: float) -> tuple[BigCall, ...]:
    current = model.calls.current
    if current is None:
        return _last_known(model, place)
    return tuple(_big(model, place, call, current, now) for call in current.calls)


def _big(
    model: BoardModel, place: BoardSetup, call: ShownCall, current: OnShow, now: float
) -> BigCall:
    title, field = _named(place, call.counter)
    fresh = current.flashing(now) or _is_called(model.counters.get(call.counter), call)
    return BigCall(call.number, title, field, fresh, current.bright(now))


def _is_called(state: CounterState | None, call: ShownCall) -> bool:
    if state is None or state.ticket is None or state.status != "called":
        return False
    return state.ticket.number == call.number


def _last_known(model: BoardModel, place: BoardSetup) -> tuple[BigCall, ...]:
    """After a restart: the newest call of the board's own list, without any flashing."""
    if model.board is None or not model.board.recent:
        return ()
    last = model.board.recent[0]
    title, field = _named(place, last.counter)
    return (BigCall(last.number, title, field, fresh=False, bright=False),)


def _recent(model: BoardModel, place: BoardSetup) -> tuple[tuple[str, str], ...]:
    """The calls before the large one, newest first; those still to have it are not among them."""
    if model.board is None:
        return ()
    current = model.calls.current
    later = (*current.calls, *model.calls.waiting) if current else ()
    apart = {(call.number, call.counter) for call in later}
    told = model.board.recent if current else model.board.recent[1:]
    rest = [
        (call.number, _named(place, call.counter)[0])
        for call in told
        if (call.number, call.counter) not in apart
    ]
    return tuple(dict.fromkeys(rest))[:RECENT]


def _named(place: BoardSetup, counter: str) -> tuple[str, str]:
    for each in place.counters:
        if each.id == counter:
            return each.title, each.field
    return VIETNAMESE.counter.named(counter), ""


def _card(model: BoardModel, counter: CounterPlace, now: float) -> CounterCard:
    state = model.counters.get(counter.id)
    flashed = model.calls.flashed.get(counter.id)
    called = flashed is not None and flashed.flashing(now)
    bright = flashed is not None and flashed.bright(now)
    name = counter.title
    if state is None:
        return CounterCard(name, counter.field, "closed", NOTHING, bright, called)
    match state.status:
        case "called" | "serving" if state.ticket is not None:
            return CounterCard(name, counter.field, "number", state.ticket.number, bright, called)
        case "paused":
            return CounterCard(
                name, counter.field, "paused", VIETNAMESE.counter.paused, bright, called
            )
        case "closed":
            return CounterCard(
                name, counter.field, "closed", VIETNAMESE.counter.closed, bright, called
            )
        case _:
            return CounterCard(name, counter.field, "open", VIETNAMESE.counter.open, bright, called)


def _page(model: BoardModel, place: BoardSetup, now: float) -> PageCount:
    """Pages turn by themselves; a call brings its counter's page at once and holds it."""
    count = _pages(len(place.counters), PER_PAGE)
    current = model.calls.current
    if current is not None and current.flashing(now):
        for index, each in enumerate(place.counters):
            if each.id == current.calls[0].counter:
                return PageCount(index // per_page(len(place.counters)), count)
    return PageCount(_turn(now, place.page_s, count), count)


def per_page(counters: int) -> int:
    """Pages of about the same length: thirteen counters are seven and six."""
    return -(-counters // _pages(counters, PER_PAGE))


def _pages(items: int, each: int) -> int:
    return max(1, -(-items // each))


def _turn(now: float, seconds: float, count: int) -> int:
    return int(now // seconds) % count


def _queue(model: BoardModel, service: str, name: str) -> QueueRow:
    state = model.services.get(service)
    listed = next((w for w in model.board.waiting if w.service == service), None) if (
        model.board) else None  # fmt: skip
    count = state.waiting if state else listed.count if listed else 0
    wait = VIETNAMESE.wait.estimate(state.wait_min if state else None)
    return QueueRow(name, count, wait, listed.next if listed else ())


def _sent(model: BoardModel, counter: CounterPlace) -> QueueRow:
    state = model.counters.get(counter.id)
    sent = state.sent if state else Sent()
    return QueueRow(counter.title, sent.count, "được chuyển đến", sent.next)


def _waiting(model: BoardModel) -> int | None:
    return model.hall.waiting if model.hall else None


def _slide(place: BoardSetup, now: float) -> str | None:
    """Slides and figures take turns where there are both."""
    if not place.slides:
        return None
    turns: list[str | None] = [*place.slides]
    if place.show_figures:
        turns.insert(0, None)
    return turns[int(now // place.slide_s) % len(turns)]


def _ticker(model: BoardModel, place: BoardSetup, local: datetime) -> str:
    if not place.ticker:
        return ""
    told = model.notice.lines if model.notice else ()
    return "   •   ".join(filter(None, (_ordered(model, local), *place.notices, *told)))


def _ordered(model: BoardModel, local: datetime) -> str | None:
    """What a person who stopped the tickets says of it, or that they are stopped."""
    if model.hall is None or model.hall.notice or model.hall.closed_by != "order":
        return model.hall.notice if model.hall else None
    opens, said = _opens(model, local), VIETNAMESE.hall
    return f"{said.stopped} {said.again_at}: {opens}" if opens else said.stopped


def dark(spans: Spans, after: timedelta | None, local: datetime) -> bool:
    """Whether the screen sleeps: no span of today's hours is open, within `after` of it."""
    if after is None:
        return False
    minute = local.hour * 60 + local.minute
    margin = after.total_seconds() / 60
    return not any(start - margin <= minute < end + margin for start, end in spans)
