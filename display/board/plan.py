"""Where everything stands on the board, wide or tall, in mm; sizes grow with the panel. Pure."""

from dataclasses import dataclass

from hall.screen.geometry import Panel, Rect


@dataclass(frozen=True, slots=True)
class BoardLayout:
    """`call` is the panel of the call, `called` and `recent` lie in it.

    `unit`: a hundredth of the short side, from which every text takes its size. `wanted`: what it
    was laid out for.
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
    wanted: "LayoutNeeds"

    @property
    def number_em(self) -> float:
        """The size of the number that is called."""
        return self.unit * 23

    @property
    def card_em(self) -> float:
        return self.unit * 8.6


@dataclass(frozen=True, slots=True)
class LayoutNeeds:
    """What has to find room. `cards`: how many on a page; `side`: figures or slides.

    `recent`: at most so many earlier calls. `floor`: the smallest type, em in mm. `head_lines`:
    of the unit's name. `signs`: cards have a place for a service's picture.
    """

    cards: int = 8
    side: bool = True
    ticker: bool = True
    banner: bool = False
    recent: int = 3
    queues: bool = True
    fields: bool = True
    floor: float = 0.0
    head_lines: int = 1
    signs: bool = False

    def line(self, high: float, lines: int = 1) -> float:
        """The height of a strip that is `high` where type may be small."""
        return max(high, _LINE * self.floor * lines)

    def queues_share(self, high: float, unit: float) -> float:
        """What the lines of those who wait need of `high`, two to a service's name."""
        rows = self.line(unit * 5.3) + QUEUE_ROWS * self.line(0, 2) + unit * 2.4
        return min(0.5, max(0.41, rows / high)) if self.floor else 0.41


# A long-lived picture burns in; a walk of two pixels is seen by nobody (screens.md, 9).
_WALK = ((0, 0), (1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1))
WALK_S = 600.0
_STEP_PX = 2
# Of the type in it: a line with its marks above and below.
_LINE = 1.25
QUEUE_ROWS = 4


def shift(panel: Panel, now: float) -> tuple[float, float]:
    """Where the layout stands at this moment, mm."""
    dx, dy = _WALK[int(now // WALK_S) % len(_WALK)]
    return dx * _STEP_PX / panel.px_per_mm, dy * _STEP_PX / panel.px_per_mm


def plan(panel: Panel, wanted: LayoutNeeds, now: float = 0.0) -> BoardLayout:
    unit = min(panel.area.w, panel.area.h) / 100
    dx, dy = shift(panel, now)
    whole = panel.area.moved(dx, dy)
    head = whole.top(max(unit * 10.5, wanted.line(0, wanted.head_lines) + unit * 2))
    foot = whole.foot(wanted.line(unit * 8) if wanted.ticker else 0)
    body = whole.below(head.h).above(foot.h).inset(unit * 1.6)
    banner = body.top(wanted.line(unit * 6, 2) if wanted.banner else 0)
    if wanted.banner:
        body = body.below(banner.h + unit * 1.4)
    halves = _tall(body, unit, wanted) if panel.portrait else _wide(body, unit, wanted)
    call, upper, queues, side = halves
    called, recent = _call(call, unit, wanted, beside=panel.portrait and not wanted.floor)
    cards = _grid(upper, wanted, unit)
    dots = upper.foot(unit * 1.5)
    return BoardLayout(
        head, banner, call, called, recent, cards, dots, queues, side, foot, unit, wanted
    )


def _wide(body: Rect, unit: float, wanted: LayoutNeeds) -> tuple[Rect, Rect, Rect, Rect]:
    call, right = body.columns(39, 61, gap=unit * 1.6)
    if not wanted.queues:
        return call, right, right.foot(0), right.foot(0)
    share = wanted.queues_share(right.h, unit)
    upper, lower = right.rows(1 - share, share, gap=unit * 0.6)
    if not wanted.side:
        return call, upper, lower, lower.side(0)
    queues, side = lower.columns(57, 43, gap=unit * 1.6)
    return call, upper, queues, side


def _tall(body: Rect, unit: float, wanted: LayoutNeeds) -> tuple[Rect, Rect, Rect, Rect]:
    if not wanted.queues:
        call, upper = body.rows(38, 62, gap=unit * 1.4)
        return call, upper, upper.foot(0), upper.foot(0)
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
    if wanted.floor:
        rows = (wanted.recent + 1) * wanted.line(unit * 5.4) + unit * 0.6
        share = min(0.5, max(0.29, rows / inner.h))
        called, recent = inner.rows(1 - share, share, gap=unit * 0.5)
        return called, recent
    called, recent = inner.rows(71, 29, gap=unit * 0.5)
    return called, recent


def _grid(area: Rect, wanted: LayoutNeeds, unit: float) -> tuple[Rect, ...]:
    """Two columns; few counters get large cards, one a row."""
    cards = wanted.cards
    columns = 1 if cards <= (4 if wanted.floor else 3) else 2
    rows = max(3, -(-max(1, cards) // columns))
    return area.above(unit * 1.8).grid(columns, rows, unit * 1.1)
