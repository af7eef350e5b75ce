"""The figures at a glance: a ring of what was in time, counts, the total each is a part of."""

from hall.figures.freshness import Age
from hall.fonts import Weight
from hall.screen.geometry import Rect
from hall.screen.palette import Color, Palette
from hall.screen.tree import Box, Donut
from kiosk.drawing import facts
from kiosk.drawing.facts import Facts
from kiosk.drawing.scene_builder import SceneBuilder, Style

# A ring less wide than so many em has room for its figure alone.
_CAPTIONED = 6.6
_DASH_SHARE = 0.022
_GAP_SHARE = 0.009
_DASH_MM = 1.8
_GAP_MM = 0.9


def draw(sheet: SceneBuilder, rect: Rect, found: Facts | None, cut_off: str | None = None) -> None:
    """On a plate that is there already.

    `cut_off`: the one-stop side is away; its last figures stay, and it is said.
    """
    theme, words = sheet.theme, sheet.theme.words
    inner = rect.inset(theme.gap, theme.gap * 0.7)
    line = theme.em * 1.5
    title = words("figures.title") + (f" · {found.title}" if found else "")
    sheet.text(
        "figures.title", inner.top(line), title, Style(1.1, Weight.SEMIBOLD, lines=1, clamp=True)
    )
    if found is None:
        style = Style(1.2, Weight.MEDIUM, theme.palette.muted, "centre")
        sheet.text("figures.none", inner.below(line), words("figures.no_data"), style)
        return
    age_line(sheet, inner.foot(line), found, cut_off)
    middle = inner.below(line + theme.gap / 2).above(line + theme.gap / 3)
    if theme.taller or not found.shared:
        counts(sheet, middle, found)
        return
    side = min(middle.h, middle.w * 0.34)
    ring(sheet, Rect(middle.x, middle.y + (middle.h - side) / 2, side, side), found)
    counts(sheet, middle.after(side + theme.gap * 1.2), found)


def ring(sheet: SceneBuilder, rect: Rect, found: Facts) -> None:
    """In time whole, overdue in dashes from the top on, flat ends; the share in the middle."""
    palette = sheet.theme.palette
    timely = found.timely.early_or_on_time
    part, late = timely.percent, found.timely.overdue.percent
    thickness = rect.w * 0.1
    if part is None or found.doubted:
        sheet.add(Donut("ring", rect, (), palette.line, thickness))
        words = sheet.theme.words
        text = words("figures.disputed") if found.doubted else words("figures.no_data")
        style = Style(0.9, Weight.SEMIBOLD, palette.muted, "centre", least=sheet.theme.least * 0.7)
        sheet.text("ring.text", rect.inset(thickness * 1.4), text, style)
        return
    parts = _parts(float(part) / 100, float(late or 0) / 100, palette)
    sheet.add(Donut("ring", rect, parts, palette.line, thickness))
    inner = rect.inset(thickness * 1.7)
    captioned = rect.w > _CAPTIONED * sheet.theme.em
    upper, lower = inner.rows(1.25, 1) if captioned else (inner, inner.foot(0))
    style = Style(
        1.9, Weight.BOLD, palette.good, "centre", lines=1, least=sheet.theme.least * 0.7,
        valign="bottom" if captioned else "middle",
    )  # fmt: skip
    sheet.text("ring.text", upper, facts.share(timely, sheet.theme.words), style)
    if not captioned:
        return
    caption = Style(
        0.75, Weight.MEDIUM, palette.muted, "centre", "top", lines=2, least=sheet.theme.least * 0.55
    )
    sheet.text("ring.caption", lower, sheet.theme.words("figures.share_caption"), caption)


def _parts(good: float, late: float, palette: Palette) -> tuple[tuple[float, Color], ...]:
    """Of one light as they are, in time and overdue differ by what is whole and what is dashed."""
    if not late:
        return ((good, palette.good),)
    gap = min(_GAP_SHARE, good / 4, late)
    parts = [(gap, palette.card)]
    left = late
    while left > 0:
        parts += [(min(left, _DASH_SHARE), palette.bad), (gap, palette.card)]
        left -= _DASH_SHARE + gap
    taken = sum(share for share, _ in parts)
    return (*parts, (max(0.0, good + late - taken), palette.good))


def overdue(sheet: SceneBuilder, key: str, rect: Rect) -> None:
    """A bar in dashes, as overdue is in the ring."""
    x, at = rect.x, 0
    while x < rect.right:
        dash = Rect(x, rect.y, min(_DASH_MM, rect.right - x), rect.h)
        sheet.add(Box(f"{key}.{at}", dash, sheet.theme.palette.bad))
        x, at = x + _DASH_MM + _GAP_MM, at + 1


def counts(sheet: SceneBuilder, rect: Rect, found: Facts) -> None:
    """Up to three numbers side by side, those that are known, then what the percentage is of."""
    words, palette = sheet.theme.words, sheet.theme.palette
    timely = found.timely
    known = (
        ("received", words("figures.received"), found.received, palette.ink, 1.0),
        (
            "intime",
            words("figures.early_or_on_time"),
            timely.early_or_on_time.count,
            palette.good,
            1.15,
        ),
        ("overdue", words("figures.overdue"), timely.overdue.count, palette.bad, 0.9),
    )
    taller = sheet.theme.taller
    upper, lower = rect.rows(3.6 if taller else 2.5, 1)
    cells = [cell for cell in known if cell[2] is not None]
    if not cells:
        style = Style(1.2, Weight.MEDIUM, palette.muted, "centre")
        sheet.text("figures.none", rect, words("figures.no_data"), style)
        return
    shares = [share for *_, share in cells]
    places = (
        upper.rows(*[1.0] * len(cells)) if taller else upper.columns(*shares, gap=sheet.theme.gap)
    )
    for place, (key, label, count, color, _) in zip(places, cells, strict=True):
        bar = Rect(
            place.x, place.y + place.h * 0.12, max(0.9, sheet.theme.short * 0.004), place.h * 0.76
        )
        sheet.add(Box(f"count.{key}.bar", bar, color))
        inside = place.after(sheet.theme.gap * 0.7)
        name, value = inside.columns(1.2, 1) if taller else inside.rows(1, 1.2)
        sheet.text(
            f"count.{key}.name",
            name,
            label,
            Style(
                0.85,
                Weight.MEDIUM,
                palette.muted,
                valign="middle" if taller else "bottom",
                lines=2,
                least=sheet.theme.least * 0.7,
            ),
        )
        big = 1.75 if count is not None else 0.9
        sheet.text(
            f"count.{key}.value",
            value,
            facts.number(count, words),
            Style(
                big,
                Weight.BOLD,
                color,
                lines=1 if count is not None else 2,
                least=sheet.theme.least * 0.7,
            ),
        )
    told = facts.base(timely.early_or_on_time, words)
    if found.doubted:
        told = words("figures.disputed")
    sheet.text(
        "figures.base",
        lower,
        told,
        Style(0.85, Weight.REGULAR, palette.muted, lines=1, least=sheet.theme.least * 0.7),
    )


def age_line(sheet: SceneBuilder, rect: Rect, found: Facts, cut_off: str | None) -> None:
    """When the figures were true: grey after 2 minutes, amber after 15."""
    palette = sheet.theme.palette
    amber = found.age is Age.AMBER or cut_off is not None
    color = palette.warn if amber else palette.muted
    icon = "warning" if amber else "clock"
    side = rect.h * 0.62
    sheet.icon(
        "figures.age.icon", Rect(rect.x, rect.y + (rect.h - side) / 2, side, side), icon, color
    )
    told = cut_off or found.as_of
    if sheet.theme.tight:
        # There is no room for a title of its own.
        told = f"{found.title} · {told}"
    sheet.text(
        "figures.age",
        rect.after(side * 1.4),
        told,
        Style(0.85, Weight.MEDIUM, color, lines=1, least=sheet.theme.least * 0.7),
    )
