"""Where everything stands on the board, wide or tall, in mm; sizes grow with the panel. Pure."""

from dataclasses import dataclass

from hall.screen.geometry import CAP_PER_DISTANCE, CAP_PER_EM, Panel, Rect


@dataclass(frozen=True, slots=True)
class BoardLayout:
    """`call` is the panel of the call, `called` and `recent` lie in it.

    `unit`: a hundredth of the short side, from which every text takes its size.
    """

    head: Rect
    banner: Rect
    call: Rect
    called: Rect
    recent: Rect
    cards: tuple[Rect, ...]
    dots: Rect
    queues: Rect
    side: Rect
    ticker: Rect
    unit: float

    @property
    def number_em(self) -> float:
        """The size of the number that is called."""
        return self.unit * 23

    @property
    def card_em(self) -> float:
        return self.unit * 8.6


@dataclass(frozen=True, slots=True)
class LayoutNeeds:
    """What has to find room. `cards`: how many on a page; `side`: figures or slides."""

    cards: int = 8
    side: bool = True
    ticker: bool = True
    banner: bool = False
    recent: bool = True


# A long-lived picture burns in; a walk of two pixels is seen by nobody (screens.md, 9).
_WALK = ((0, 0), (1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1))
WALK_S = 600.0
_STEP_PX = 2


def shift(panel: Panel, now: float) -> tuple[float, float]:
    """Where the layout stands at this moment, mm."""
    dx, dy = _WALK[int(now // WALK_S) % len(_WALK)]
    return dx * _STEP_PX / panel.px_per_mm, dy * _STEP_PX / panel.px_per_mm


def plan(panel: Panel, wanted: LayoutNeeds, now: float = 0.0) -> BoardLayout:
    unit = min(panel.area.w, panel.area.h) / 100
    dx, dy = shift(panel, now)
    whole = panel.area.moved(dx, dy)
    head = whole.top(unit * 10.5)
    foot = whole.foot(unit * 8 if wanted.ticker else 0)
    body = whole.below(head.h).above(foot.h).inset(unit * 1.6)
    banner = body.top(unit * 6 if wanted.banner else 0)
    if wanted.banner:
        body = body.below(banner.h + unit * 1.4)
    halves = _tall(body, unit, wanted) if panel.portrait else _wide(body, unit, wanted)
    call, upper, queues, side = halves
    called, recent = _call(call, unit, wanted, beside=panel.portrait)
    cards = _grid(upper, wanted.cards, unit)
    dots = upper.foot(unit * 1.5)
    return BoardLayout(head, banner, call, called, recent, cards, dots, queues, side, foot, unit)


def _wide(body: Rect, unit: float, wanted: LayoutNeeds) -> tuple[Rect, Rect, Rect, Rect]:
    call, right = body.columns(39, 61, gap=unit * 1.6)
    upper, lower = right.rows(59, 41, gap=unit * 0.6)
    if not wanted.side:
        return call, upper, lower, lower.side(0)
    queues, side = lower.columns(57, 43, gap=unit * 1.6)
    return call, upper, queues, side


def _tall(body: Rect, unit: float, wanted: LayoutNeeds) -> tuple[Rect, Rect, Rect, Rect]:
    if not wanted.side:
        call, upper, lower = body.rows(31, 44, 25, gap=unit * 1.4)
        return call, upper, lower, lower.foot(0)
    call, upper, queues, side = body.rows(30, 37, 18, 15, gap=unit * 1.4)
    return call, upper, queues, side


def _call(call: Rect, unit: float, wanted: LayoutNeeds, *, beside: bool) -> tuple[Rect, Rect]:
    inner = call.inset(unit * 2.6, unit * 2)
    if not wanted.recent:
        return inner, inner.foot(0)
    if beside:
        called, recent = inner.columns(62, 38, gap=unit * 3)
        return called, recent
    called, recent = inner.rows(71, 29, gap=unit * 0.5)
    return called, recent


def _grid(area: Rect, cards: int, unit: float) -> tuple[Rect, ...]:
    """Two columns; few counters get large cards, one a row."""
    columns = 1 if cards <= 3 else 2  # noqa: PLR2004
    rows = max(3, -(-max(1, cards) // columns))
    return area.above(unit * 1.8).grid(columns, rows, unit * 1.1)


def reach_m(em_mm: float) -> float:
    """How far away a text of this size is easy to read (0.7 degrees), in metres."""
    return em_mm * CAP_PER_EM / CAP_PER_DISTANCE / 1000


def advice(panel: Panel, distance_m: float) -> tuple[str, ...]:
    """For `motcua check`: what cannot be read from the last row of seats, in Vietnamese."""
    made = plan(panel, LayoutNeeds())
    sizes = (("số đang gọi", made.number_em), ("số tại từng quầy", made.card_em))
    return tuple(
        f"{what} chỉ đọc rõ đến {reach_m(em):.1f} m".replace(".", ",")
        for what, em in sizes
        if reach_m(em) < distance_m
    )
