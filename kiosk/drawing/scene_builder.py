"""Collects the nodes of a page, in the theme of the moment: cards, texts, buttons."""

from dataclasses import dataclass, field
from typing import Literal

from hall.fonts import Weight
from hall.screen.geometry import Rect
from hall.screen.palette import Color, mix
from hall.screen.tree import Align, Box, Icon, Label, Node, Target, VAlign
from kiosk.drawing.theme import LARGE, Theme
from kiosk.model.actions import Action

Kind = Literal["primary", "plain", "quiet", "danger", "barred"]


@dataclass(frozen=True, slots=True)
class Style:
    """How a text is set; `k` times the size of running text; `instead`: shorter texts for it."""

    k: float = 1.0
    weight: Weight = Weight.REGULAR
    color: Color | None = None
    align: Align = "left"
    valign: VAlign = "middle"
    lines: int = 0
    clamp: bool = False
    cells: bool = False
    personal: bool = False
    on: Color | None = None
    least: float | None = None
    instead: tuple[str, ...] = ()


PLAIN = Style()
# A button less wide than so many times its height has its icon above the word.
_STACKED = 2.4
_LEADING = 1.35


@dataclass(slots=True)
class SceneBuilder:
    theme: Theme
    nodes: list[Node] = field(default_factory=list)

    def add(self, *nodes: Node) -> None:
        self.nodes.extend(nodes)

    def text(self, key: str, rect: Rect, text: str, style: Style = PLAIN) -> None:
        """Text that may shrink down to the smallest size the kiosk allows."""
        palette = self.theme.palette
        size = self.theme.size(style.k)
        least = min(size, style.least or self.theme.least)
        self.add(
            Label(
                key,
                rect,
                text,
                size,
                style.color or palette.ink,
                style.weight,
                style.align,
                style.valign,
                least,
                style.lines,
                clamp=style.clamp,
                cells=style.cells,
                personal=style.personal,
                on=style.on or palette.card,
                instead=style.instead,
            )
        )

    def card(self, key: str, rect: Rect, *, edge: Color | None = None) -> None:
        """A white plate; in high contrast a framed black one."""
        palette, theme = self.theme.palette, self.theme
        if palette.flat:
            line = edge or palette.line
            self.add(Box(key, rect, palette.card, theme.radius, border=line, border_mm=0.7))
        else:
            border, width = (edge, 0.9) if edge else (None, 0.0)
            self.add(Box(key, rect, palette.card, theme.radius, None, border, width, shadow=True))

    def plate(self, key: str, rect: Rect) -> None:
        """A card that can be touched: its edge is seen, not its shadow alone."""
        self.card(key, rect, edge=self.theme.palette.edge)

    def icon(self, key: str, rect: Rect, name: str, color: Color | None = None) -> None:
        self.add(Icon(key, rect, name, color or self.theme.palette.ink))

    def button(  # noqa: PLR0913, PLR0917
        self,
        key: str,
        rect: Rect,
        text: str,
        action: Action,
        icon: str | None = None,
        kind: Kind = "primary",
        k: float = 1.1,
        *,
        alone: bool = False,
    ) -> None:
        """An icon above or beside a verb, whichever the place allows."""
        fill, ink, edge = self._paint(kind)
        theme = self.theme
        self.add(
            Box(f"{key}.box", rect, fill, theme.radius, border=edge, border_mm=0.6 if edge else 0)
        )
        inner = rect.inset(min(theme.gap, rect.w * 0.06), min(theme.gap / 2, rect.h * 0.06))
        beside = icon is not None and inner.w >= _STACKED * inner.h
        beside = beside and not (theme.taller and self._breaks(inner, text, k))
        if icon is not None:
            place = self._beside if beside else self._above
            spot, inner = place(inner, text, k)
            self.icon(f"{key}.icon", spot, icon, ink)
        style = Style(k, Weight.SEMIBOLD, ink, "left" if beside else "centre", on=fill)
        self.text(f"{key}.text", inner, text, style)
        self.add(Target(key, rect, action, theme.radius, alone))

    def _breaks(self, inner: Rect, text: str, k: float) -> bool:
        """Whether in large type a word would not stand beside the icon."""
        theme = self.theme
        px = theme.panel.px(theme.em * k * LARGE)
        words = (theme.measure.width(word, px, Weight.SEMIBOLD) for word in text.split())
        left = inner.w - min(inner.h * 0.72, theme.em * 2.1) - theme.gap * 0.8
        return max(words, default=0) > left * theme.panel.px_per_mm

    def _above(self, inner: Rect, text: str, k: float) -> tuple[Rect, Rect]:
        """The icon's place above the word, and the word's."""
        lines = 2 if len(text.split()) > 1 and inner.h > 4.4 * self.theme.em * k else 1
        side = min(inner.h - lines * self.theme.em * k * _LEADING, inner.w * 0.6, self.theme.em * 3)
        side = max(side, inner.h * 0.34)
        spot = Rect(inner.x + (inner.w - side) / 2, inner.y + inner.h * 0.02, side, side)
        return spot, inner.below(inner.h * 0.02 + side)

    def _beside(self, inner: Rect, text: str, k: float) -> tuple[Rect, Rect]:
        """Icon and word side by side, as a pair in the middle where one line holds both."""
        theme = self.theme
        side, gap = min(inner.h * 0.72, theme.em * 2.1), theme.gap * 0.8
        px = theme.panel.px(theme.em * k)
        wide = theme.measure.width(text, px, Weight.SEMIBOLD) / theme.panel.px_per_mm + 1.0
        lead = max(0.0, (inner.w - side - gap - wide) / 2)
        spot = Rect(inner.x + lead, inner.y + (inner.h - side) / 2, side, side)
        return spot, inner.after(lead + side + gap)

    def _paint(self, kind: Kind) -> tuple[Color, Color, Color | None]:
        palette = self.theme.palette
        match kind:
            case "primary":
                return palette.accent, palette.on_accent, None
            case "plain":
                edge = palette.line if palette.flat else mix(palette.accent, palette.card, 0.25)
                return palette.card, palette.ink if palette.flat else palette.accent, edge
            case "quiet":
                return palette.soft, palette.ink, palette.edge
            case "barred":
                flat = palette.card, palette.muted, palette.edge
                return flat if palette.flat else (palette.muted, palette.on_tile, None)
            case "danger":
                if palette.flat:
                    return palette.card, palette.bad, palette.bad
                return palette.bad, "#FFFFFF", None
