"""The figures in full: a period, a ring, bars with counts and shares, fields of work."""

from hall.figures.shares import Base, Share
from hall.fonts import Weight
from hall.screen.geometry import Rect
from hall.screen.palette import Color
from hall.screen.tree import Box
from kiosk.drawing import facts, figures_card, figures_fields, frame
from kiosk.drawing.facts import Facts
from kiosk.drawing.scene_builder import SceneBuilder, Style
from kiosk.drawing.theme import TOUCH_MM
from kiosk.model.actions import ShowPeriod
from kiosk.model.pages import Dashboard
from kiosk.model.state import KioskModel
from kiosk.wording import FIRST, Wording

_MOST_PERIODS = 4
# The share of a picture beside what little is known.
_PICTURE = 2.0


def draw(sheet: SceneBuilder, model: KioskModel, page: Dashboard) -> None:
    theme, words = sheet.theme, sheet.theme.words
    frame.head(sheet, model, words("dashboard.title"), model.setup.hall_name)
    found = facts.facts(model.world.figures, page.period, model.wall, words)
    if found is None:
        sheet.card("empty", theme.body)
        sheet.icon(
            "empty.icon",
            theme.body.inset(theme.body.w * 0.3, theme.body.h * 0.34),
            "chart",
            theme.palette.line,
        )
        sheet.text(
            "empty.text",
            theme.body.foot(theme.body.h * 0.34),
            words("figures.no_data"),
            Style(1.6, Weight.BOLD, align="centre"),
        )
        return
    body = theme.body
    if found is not None and model.world.figures and len(model.world.figures.periods) > 1:
        tabs_h = max(TOUCH_MM, theme.em * 2.4)
        if theme.low:
            _tabs(sheet, model, page, body.foot(tabs_h))
            body = body.above(tabs_h + theme.gap)
        else:
            _tabs(sheet, model, page, body.top(tabs_h))
            body = body.below(tabs_h + theme.gap)
    _body(sheet, model, page, found, body)


def _tabs(sheet: SceneBuilder, model: KioskModel, page: Dashboard, rect: Rect) -> None:
    told = model.world.figures
    periods = told.periods[:_MOST_PERIODS] if told else ()
    cells = rect.columns(*[1.0] * len(periods), gap=sheet.theme.gap)
    for place, (cell, period) in enumerate(zip(cells, periods, strict=True)):
        kind = "primary" if place == page.period else "quiet"
        title = facts.title(period, sheet.theme.words)
        sheet.button(f"period.{place}", cell, title, ShowPeriod(place), None, kind)  # type: ignore[arg-type]


def _body(
    sheet: SceneBuilder, model: KioskModel, page: Dashboard, found: Facts, body: Rect
) -> None:
    theme = sheet.theme
    cut_off = facts.cut_off(model, theme.words)
    if theme.taller and theme.portrait:
        _one_below_the_other(sheet, page, body, found, cut_off)
        return
    line = theme.em * (1.3 if theme.tight else 1.7)
    age = body.foot(line)
    figures_card.age_line(sheet, age, found, cut_off)
    room = body.above(line + theme.gap * 0.4)
    if theme.tight:
        _whole(sheet, room, found)
        return
    if not figures_fields.split(found):
        # Where the supplier does not split by field, the whole has the page.
        _whole(sheet, room, found)
        return
    if theme.portrait:
        upper, lower = room.rows(1.25, 1, gap=theme.gap)
    else:
        upper, lower = room.columns(1.55, 1, gap=theme.gap)
    _whole(sheet, upper, found)
    figures_fields.draw(sheet, page.offset, lower, found)


def _one_below_the_other(
    sheet: SceneBuilder, page: Dashboard, body: Rect, found: Facts, cut_off: str | None
) -> None:
    """For a sheet as long as it needs: the ring half as wide as the page, then each number."""
    em, gap = sheet.theme.em, sheet.theme.gap
    inner = body.inset(gap)
    title = inner.top(em * 2)
    side = inner.w * 0.5
    if not found.shared:
        sheet.card("whole", body)
        _title(sheet, title, found)
        _unshared(sheet, inner.below(em * 2).above(em * 2), found)
        figures_card.age_line(sheet, inner.foot(em * 1.7), found, cut_off)
        return
    ring = Rect(inner.centre[0] - side / 2, title.bottom + gap, side, side)
    numbers = Rect(inner.x, ring.bottom + gap, inner.w, em * 8)
    bars = Rect(inner.x, numbers.bottom + gap, inner.w, em * 8)
    base = Rect(inner.x, bars.bottom + gap / 2, inner.w, em * 3)
    age = Rect(inner.x, base.bottom + gap / 2, inner.w, em * 1.7)
    sheet.card("whole", body.top(age.bottom + gap - body.y))
    _title(sheet, title, found)
    figures_card.ring(sheet, ring, found)
    _numbers(sheet, numbers, found)
    _bars(sheet, bars, found)
    _base(sheet, base, found)
    figures_card.age_line(sheet, age, found, cut_off)
    if figures_fields.split(found):
        place = Rect(body.x, age.bottom + 2 * gap, body.w, em * 4 + em * 2.6 * len(found.fields))
        figures_fields.draw(sheet, page.offset, place, found)


def _whole(sheet: SceneBuilder, rect: Rect, found: Facts) -> None:
    theme = sheet.theme
    sheet.card("whole", rect)
    inner = rect.inset(theme.gap, theme.gap * (0.4 if theme.tight else 0.8))
    head = inner.top(0.0 if theme.tight else theme.em * 1.8)
    if not theme.tight:
        _title(sheet, head, found)
    rest = inner.below(head.h + theme.gap * 0.5)
    base_h = theme.em * (2.7 if _has_progress(found) and not theme.tight else 1.5)
    _base(sheet, rest.foot(base_h), found)
    rest = rest.above(base_h + theme.gap * 0.3)
    share = 0.58 if theme.portrait else 1.0 if theme.tight else 0.8
    side = min(rest.h * share, rest.w * (0.36 if figures_fields.split(found) else 0.5))
    ring = Rect(rest.x, rest.y, side, side)
    if found.shared:
        figures_card.ring(sheet, ring, found)
    if not found.shared:
        _unshared(sheet, rest, found)
    elif theme.portrait:
        tiles = Rect(
            ring.right + theme.gap * 1.4, ring.y, rest.right - ring.right - theme.gap * 1.4, side
        )
        _numbers(sheet, tiles, found)
        _bars(sheet, rest.below(side + theme.gap * 0.6), found)
    else:
        right = rest.after(side + theme.gap * 1.2)
        upper, lower = (
            right.columns(1, 1.6, gap=theme.gap)
            if theme.tight
            else right.rows(1, 1.1, gap=theme.gap * 0.5)
        )
        _numbers(sheet, upper, found)
        _bars(sheet, lower, found)


def _unshared(sheet: SceneBuilder, rect: Rect, found: Facts) -> None:
    """Counts without a share: a picture, then those that are known, or that none is."""
    theme, words = sheet.theme, sheet.theme.words
    none = words("figures.no_data")
    counts = (
        ("received", words("figures.received"), facts.number(found.received, words)),
        ("resolved", words("figures.resolved"), facts.number(found.resolved, words)),
        ("pending", found.pending.label, found.pending.text),
        ("late", found.pending_overdue.label, found.pending_overdue.text),
        ("overdue", words("figures.overdue"), facts.number(found.timely.overdue.count, words)),
    )
    known = [count for count in counts if count[-1] != none]
    place = rect.rows if theme.portrait else rect.columns
    picture, told = place(_PICTURE, max(1, len(known)) ** 0.5, gap=theme.gap)
    side = min(picture.w, picture.h) * 0.9
    spot = Rect(picture.centre[0] - side / 2, picture.centre[1] - side / 2, side, side)
    sheet.icon("whole.icon", spot, "chart", theme.palette.edge)
    if not known:
        style = Style(1.6, Weight.MEDIUM, theme.palette.muted, "centre")
        sheet.text("whole.none", told, none, style)
        return
    rows = told.rows(*[1.0] * len(known), gap=theme.gap * 0.5)
    for row, (key, name, value) in zip(rows, known, strict=True):
        upper, lower = row.rows(1, 2)
        label = Style(1.2, Weight.MEDIUM, theme.palette.muted, "centre", "bottom", lines=1)
        sheet.text(f"n.{key}.name", upper, name, label)
        number = Style(3.0, Weight.BOLD, align="centre", valign="top", lines=1)
        sheet.text(f"n.{key}.value", lower, value, number)


def _title(sheet: SceneBuilder, rect: Rect, found: Facts) -> None:
    text = f"{sheet.theme.words('figures.title')} · {found.title}"
    sheet.text("whole.title", rect, text, Style(1.2, Weight.SEMIBOLD, lines=1, clamp=True))


def _numbers(sheet: SceneBuilder, rect: Rect, found: Facts) -> None:
    """Received, resolved, in progress, and how many of those are already overdue."""
    words, palette, theme = sheet.theme.words, sheet.theme.palette, sheet.theme
    cells = (
        ("received", words("figures.received"), facts.number(found.received, words), palette.ink),
        ("resolved", words("figures.resolved"), facts.number(found.resolved, words), palette.ink),
        ("pending", found.pending.label, found.pending.text, palette.accent),
        (
            "late",
            found.pending_overdue.label,
            found.pending_overdue.text,
            palette.bad,
        ),
    )
    shown = [cell for cell in cells if cell[2] != words("figures.no_data")]
    across = 1 if len(shown) == 1 else 2
    down = max(1, -(-len(shown) // across))
    places = rect.grid(across, down, theme.gap * 0.7)
    for place, (key, label, value, color) in zip(places, shown, strict=False):
        name, number = place.rows(1, 1.25)
        sheet.text(
            f"n.{key}.name",
            name,
            label,
            Style(
                0.85,
                Weight.MEDIUM,
                palette.muted,
                valign="bottom",
                lines=2,
                least=theme.least * 0.62,
            ),
        )
        sheet.text(
            f"n.{key}.value",
            number,
            value,
            Style(
                1.7,
                Weight.BOLD,
                color,
                lines=2,
                valign="top",
                least=theme.least * 0.62,
            ),
        )


def _bars(sheet: SceneBuilder, rect: Rect, found: Facts) -> None:
    palette, timely = sheet.theme.palette, found.timely
    lines: list[tuple[str, str, Share, Color]] = []
    words = sheet.theme.words
    if timely.early.count is not None:
        lines += [
            ("early", words("figures.early"), timely.early, palette.good),
            ("ontime", words("figures.on_time"), timely.on_time, palette.accent),
        ]
    else:
        together = timely.early_or_on_time
        lines.append(("together", words("figures.early_or_on_time"), together, palette.good))
    lines.append(("overdue", words("figures.overdue"), timely.overdue, palette.bad))
    lines = [line for line in lines if line[2].count is not None]
    if not lines:
        return
    for place, line in zip(rect.rows(*[1.0] * len(lines)), lines, strict=True):
        _bar(sheet, place, line, doubted=found.doubted)


def _bar(
    sheet: SceneBuilder, rect: Rect, line: tuple[str, str, Share, Color], *, doubted: bool
) -> None:
    """Name, bar, count and share; an overdue share is a bar of its own."""
    key, name, share, color = line
    theme, palette, words = sheet.theme, sheet.theme.palette, sheet.theme.words
    label, bar, value = rect.columns(1.05, 1.5, 1.25, gap=theme.gap * 0.6)
    small = theme.least * 0.62
    sheet.text(f"bar.{key}.name", label, name, Style(1.0, Weight.MEDIUM, lines=2, least=small))
    h = min(rect.h * 0.42, theme.em * 1.1)
    track = Rect(bar.x, bar.y + (bar.h - h) / 2, bar.w, h)
    sheet.add(Box(f"bar.{key}.track", track, palette.line if not palette.flat else "#333333"))
    if share.percent is not None and not doubted:
        filled = track.left(max(0.6, track.w * float(share.percent) / 100) if share.count else 0.0)
        if key == "overdue":
            figures_card.overdue(sheet, f"bar.{key}.bar", filled)
        else:
            sheet.add(Box(f"bar.{key}.bar", filled, color))
    text = facts.number(share.count, words)
    if share.count is not None and share.percent is not None and not doubted:
        text = f"{text} · {facts.share(share, words)}"
    sheet.text(
        f"bar.{key}.value",
        value,
        text,
        Style(
            1.0,
            Weight.BOLD,
            color if share.count is not None else palette.muted,
            "right",
            lines=2,
            least=small,
        ),
    )


def _base(sheet: SceneBuilder, rect: Rect, found: Facts) -> None:
    words = sheet.theme.words
    text = (
        _dispute(found, words)
        if found.doubted
        else facts.base(found.timely.early_or_on_time, words)
    )
    color = sheet.theme.palette.warn if found.doubted else sheet.theme.palette.muted
    parts = [text]
    if found.reasons and not found.doubted:
        parts.append(_dispute(found, words))
    if _has_progress(found):
        share, base = facts.share(found.progress, words), facts.base(found.progress, words)
        parts.append(f"{words('figures.resolved').lower()} {share} {base}")
    if found.source:
        parts.append(words("figures.source", source=found.source))
    parts += (
        _indicator(each, words)
        for each in found.indicators
        if each.base is not Base.TO_DIGITISE or "digitised" not in found.disputed
    )
    told = [part for part in parts if part]
    text, *shorter = (" · ".join(told[:n]) for n in range(len(told), 0, -1)) if told else ("",)
    sheet.text(
        "base",
        rect,
        text,
        Style(
            0.85,
            Weight.MEDIUM,
            color,
            lines=2,
            least=sheet.theme.least * 0.62,
            instead=tuple(shorter),
        ),
    )


_NAMES = {
    Base.TO_DIGITISE: "figures.to_digitise",
    Base.PUBLISHED: "figures.published",
    Base.FILED: "figures.filed",
    Base.PAID: "figures.paid",
    Base.ASKED: "figures.asked",
}


def _indicator(each: Share, words: Wording) -> str:
    name = words(_NAMES[each.base])
    count, total = facts.number(each.count, words), facts.number(each.total, words)
    percent = facts.share(each, words)
    return words("figures.indicator", name=name, percent=percent, count=count, total=total)


def _dispute(found: Facts, words: Wording) -> str:
    """That the figures do not agree, and the first reason in numbers."""
    reason = f": {found.reasons[0]}" if found.reasons and words.lang == FIRST else ""
    return f"{words('figures.disputed')}{reason}"


def _has_progress(found: Facts) -> bool:
    """Whether it is known how much of what had to be resolved is: a share of another total."""
    return found.progress.percent is not None and not {"resolved", "to_resolve"} & found.disputed
