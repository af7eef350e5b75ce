"""A page in large type on its glass: head, bar, and between them as much as there is room for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from hall.screen.geometry import Rect
from hall.screen.tree import Node, Target
from kiosk.drawing import enlarging, frame, paging, siblings
from kiosk.drawing.enlarging import Growth
from kiosk.drawing.scene_builder import SceneBuilder
from kiosk.drawing.theme import Theme
from kiosk.model.pages import Home, Procedures
from kiosk.model.state import KioskModel

# What of a page is drawn in the theme it is given.
Drawn = Callable[[Theme], Sequence[Node]]
_SLACK_MM = 0.1
# What is not paged may do without air.
_PRESSED = 0.0
# How long and how much: at the top of a page that is turned.
_KEPT = "sight."
# What a page is for stays in sight however long it is; of a page within reach of a wheelchair,
# all of which is drawn above, what stands at its foot.
_PINNED, _PINNED_WITHIN_REACH, _PINNED_TIMES = "take", "period", 1.15


def nodes(model: KioskModel, theme: Theme, page: Drawn) -> tuple[Node, ...]:
    """`theme`: in large type; the page is drawn in usual type and its texts then enlarged."""
    usual = replace(theme.usual, taller=True)
    told = siblings.level(page(theme.usual), theme.usual)
    made = _Sheet(theme, usual, model, enlarging.sizes(told, theme.usual))
    over, foot = SceneBuilder(usual), SceneBuilder(usual)
    frame.countdown(over, model)
    frame.bar(foot, model)
    head = _parted(siblings.level(page(usual), usual), usual)[0]
    bar = siblings.level(foot.nodes, usual)
    plain = SceneBuilder(theme.usual)
    frame.bar(plain, model)
    bar_sizes = enlarging.sizes(siblings.level(plain.nodes, theme.usual), theme.usual)
    return (
        *made.part(head, usual.head, theme.head),
        *_body(made, page),
        *replace(made, sizes=bar_sizes).part(bar, usual.bar, theme.bar),
        *made.countdown(over.nodes),
    )


def _body(made: "_Sheet", page: Drawn) -> Sequence[Node]:
    theme = made.theme
    match made.model.page:
        case Procedures(keyboard=keyboard):
            # Of a list of thousands only what is in sight is drawn.
            directly = not (theme.tight and keyboard)
        case Home():
            # What people come for stays in sight where what is touched has so little height.
            directly = theme.lying
        case _:
            directly = False
    if directly:
        return siblings.level(_parted(page(theme), theme)[1], theme)
    return made.body(page)


def _typed(nodes: Sequence[Node]) -> bool:
    return any(isinstance(node, Target) and node.key.startswith("key.") for node in nodes)


def _parted(nodes: Sequence[Node], theme: Theme) -> tuple[list[Node], list[Node]]:
    """The head's, and what is below it."""
    edge = theme.head.bottom + _SLACK_MM
    head = [node for node in nodes if node.rect.y < edge and node.rect.bottom <= edge]
    return head, [node for node in nodes if node not in head]


@dataclass(frozen=True, slots=True)
class _Sheet:
    """`usual`: in which parts are drawn before they are enlarged; `sizes`: px in usual type."""

    theme: Theme
    usual: Theme
    model: KioskModel
    sizes: Mapping[str, int]

    def growth(self, drawn: Theme, rungs: int | None = None) -> Growth:
        return Growth(drawn, self.theme.rungs if rungs is None else rungs, self.sizes)

    def part(self, nodes: Sequence[Node], room: Rect, into: Rect) -> tuple[Node, ...]:
        """As large as its place allows."""
        for rungs in range(self.theme.rungs, 0, -1):
            growth = self.growth(self.usual, rungs)
            tall = enlarging.enlarge(nodes, growth, room, into, air=_PRESSED)
            if tall.height <= into.h + _SLACK_MM:
                return tall.nodes
        growth = self.growth(self.usual, 0)
        return enlarging.enlarge(nodes, growth, room, into, air=_PRESSED).nodes

    def countdown(self, nodes: Sequence[Node]) -> tuple[Node, ...]:
        if not nodes:
            return ()
        card, body = nodes[0].rect, self.theme.body
        tall = enlarging.enlarge(nodes, self.growth(self.usual), card, card, air=_PRESSED)
        h = min(max(card.h, tall.height), body.h)
        y = body.bottom - h if self.theme.low else body.y + (body.h - h) / 2
        return self.part(nodes, card, Rect(card.x, y, card.w, h))

    def keys(self, nodes: Sequence[Node], room: Rect, into: Rect) -> tuple[Node, ...]:
        """Keys do not move away under the fingers: all of the page is always in sight."""
        tall = enlarging.enlarge(nodes, self.growth(self.usual), room, into, air=_PRESSED)
        if tall.height <= into.h + _SLACK_MM:
            return tall.nodes
        tall = enlarging.enlarge(nodes, self.growth(self.usual, 0), room, into, air=_PRESSED)
        fits = tall.height <= into.h + _SLACK_MM
        return enlarging.in_place(tall.nodes if fits else nodes, self.growth(self.usual))

    def body(self, page: Drawn) -> Sequence[Node]:
        """What is told stays above what is touched where a person in a wheelchair reaches."""
        theme, usual = self.theme, self.usual
        nodes = _parted(siblings.level(page(usual), usual), usual)[1]
        edge, room, into = usual.zone.y, usual.body, theme.body
        to_edge = theme.zone.y
        told = [node for node in nodes if node.rect.bottom <= edge + _SLACK_MM]
        touched = [node for node in nodes if node not in told]
        if theme.low and told and all(node.rect.y >= edge - _SLACK_MM for node in touched):
            above = self.part(told, _to(room, edge - usual.gap), _to(into, to_edge - theme.gap))
            room, into = _from(room, edge), _from(into, to_edge)
        else:
            above, touched = (), nodes
        if _typed(touched):
            return (*above, *self.keys(touched, room, into))
        pinned = _PINNED_WITHIN_REACH if theme.lying else _PINNED
        foot = [node for node in touched if node.key.startswith(pinned)]
        aside = into.side(paging.ASIDE_MM)
        if not foot:
            return (*above, *self._paged(touched, page, _Room(room, into, aside)))
        buttons = [node.rect for node in foot if isinstance(node, Target)]
        place = buttons[0]._replace(w=buttons[-1].right - buttons[0].x)
        h = place.h * _PINNED_TIMES
        touched = [node for node in touched if node not in foot]
        if theme.portrait or theme.lying:
            below = self.part(foot, place, into.foot(h)._replace(x=place.x, w=place.w))
            free = _Room(_to(room, place.y - usual.gap), into.above(h + theme.gap), aside)
        else:
            column = into.side(place.w)
            below = self.part(foot, place, column.foot(h))
            free = _Room(room, into, column.above(h + theme.gap))
        return (*above, *self._paged(touched, page, free), *below)

    def _paged(self, nodes: Sequence[Node], page: Drawn, free: "_Room") -> Sequence[Node]:
        theme, offset, room, into = self.theme, self.model.offset_shown, free.drawn, free.place
        tall = enlarging.enlarge(nodes, self.growth(self.usual), room, into)
        if tall.height <= into.h + _SLACK_MM:
            return tall.nodes
        sheet = SceneBuilder(theme)
        if theme.portrait or theme.low:
            above, room, into = self._kept(nodes, self.usual, room, into)
            nodes = [node for node in nodes if not node.key.startswith(_KEPT)]
            tall = enlarging.enlarge(nodes, self.growth(self.usual), room, into)
            paging.scroll(sheet, into, tall.height, offset, tall.nodes)
            return (*above, *sheet.nodes)
        width = into.w - free.aside.w - theme.gap
        upright = theme.sheet(width + 2 * theme.pad)
        drawn = _parted(siblings.level(page(upright), upright), upright)[1]
        above, room, below = self._kept(drawn, upright, upright.body, into.left(width))
        body = [node for node in drawn if not node.key.startswith((_PINNED, _KEPT))]
        tall = enlarging.enlarge(body, self.growth(upright), room, below)
        list_ = Rect(into.x, below.y, into.w, below.h)
        paging.scroll_beside(sheet, list_, free.aside, tall.height, offset, tall.nodes)
        return (*above, *sheet.nodes)

    def _kept(
        self, nodes: Sequence[Node], drawn: Theme, room: Rect, into: Rect
    ) -> tuple[Sequence[Node], Rect, Rect]:
        """What stays at the top while the rest is paged; of both places what is left for that."""
        kept = [node for node in nodes if node.key.startswith(_KEPT)]
        if not kept:
            return (), room, into
        foot = max(node.rect.bottom for node in kept)
        strip = into.top(foot - room.y)
        tall = enlarging.enlarge(kept, self.growth(drawn), _to(room, foot), strip, air=_PRESSED)
        gap = drawn.gap
        return tall.nodes, _from(room, foot + gap), into.below(tall.height + gap)


@dataclass(frozen=True, slots=True)
class _Room:
    """Of what is paged: where it is drawn in usual type, its place, and that of its buttons."""

    drawn: Rect
    place: Rect
    aside: Rect


def _to(body: Rect, y: float) -> Rect:
    return body.top(y - body.y)


def _from(body: Rect, y: float) -> Rect:
    return body.below(y - body.y)
