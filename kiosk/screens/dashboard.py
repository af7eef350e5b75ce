"""The figures in full: a period, a ring, bars with counts and shares, fields of work."""

from hall.figures.shares import Base, Share
from hall.fonts import Weight
from hall.screen.geometry import Rect
from hall.screen.palette import Color
from hall.screen.tree import Box
from kiosk.drawing import facts, figures_card, frame, paging
from kiosk.drawing.facts import Facts, FieldLine
from kiosk.drawing.scene_builder import SceneBuilder, Style
from kiosk.drawing.theme import TOUCH_MM
from kiosk.model.actions import ShowPeriod
from kiosk.model.pages import Dashboard
from kiosk.model.state import KioskModel
from kiosk.wording import FIRST, Wording

_MOST_PERIODS = 4
# In time and overdue do not touch.
_APART_MM = 0.9


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
    if theme.portrait:
        # Where the supplier does not split by field, that needs a line and not half the page.
        upper, lower = room.rows(1.25 if found.fields else 4, 1, gap=theme.gap)
    else:
        upper, lower = room.columns(1.55, 1, gap=theme.gap)
    _whole(sheet, upper, found)
    _fields(sheet, page, lower, found)


def _one_below_the_other(
    sheet: SceneBuilder, page: Dashboard, body: Rect, found: Facts, cut_off: str | None
) -> None:
    """For a sheet as long as it needs: the ring half as wide as the page, then each number."""
    em, gap = sheet.theme.em, sheet.theme.gap
    inner = body.inset(gap)
    title = inner.top(em * 2)
    side = inner.w * 0.5
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
    if found.fields:
        place = Rect(body.x, age.bottom + 2 * gap, body.w, em * 4 + em * 2.6 * len(found.fields))
        _fields(sheet, page, place, found)


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
    side = min(rest.h * share, rest.w * 0.36)
    ring = Rect(rest.x, rest.y, side, side)
    figures_card.ring(sheet, ring, found)
    if theme.portrait:
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
    for place, (key, label, value, color) in zip(
        rect.grid(2, 2, theme.gap * 0.7), cells, strict=True
    ):
        name, number = place.rows(1, 1.25)
        known = value != words("figures.no_data")
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
                1.7 if known else 1.0,
                Weight.BOLD if known else Weight.MEDIUM,
                color if known else palette.muted,
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


def _fields(sheet: SceneBuilder, page: Dashboard, rect: Rect, found: Facts) -> None:
    theme, words = sheet.theme, sheet.theme.words
    sheet.card("fields", rect)
    inner = rect.inset(theme.gap, theme.gap * 0.8)
    sheet.text(
        "fields.title",
        inner.top(theme.em * 1.7),
        words("figures.by_field"),
        Style(1.15, Weight.SEMIBOLD, lines=1),
    )
    room = inner.below(theme.em * 1.7 + theme.gap * 0.4)
    if not found.fields or "fields" in found.disputed:
        key = "figures.disputed" if found.fields else "figures.no_data"
        sheet.text(
            "fields.none",
            room,
            words(key),
            Style(1.1, Weight.MEDIUM, theme.palette.muted, "centre"),
        )
        return
    h = theme.em * 2.6
    inside = SceneBuilder(theme)
    most = max(line.count for line in found.fields) or 1
    for place, line in enumerate(found.fields):
        _field(inside, Rect(room.x, room.y + place * h, room.w, h), place, line, most)
    total = h * len(found.fields)
    paging.scroll(sheet, room, total, page.offset, inside.nodes)


def _field(sheet: SceneBuilder, rect: Rect, place: int, line: FieldLine, most: int) -> None:
    """Bars of one scale: in time, and overdue as a piece with its number; or the received."""
    theme, palette, words = sheet.theme, sheet.theme.palette, sheet.theme.words
    key = f"field.{place}"
    label, bar, value = rect.columns(1.25, 1.25, 1.1, gap=theme.gap * 0.6)
    small = theme.least * 0.62
    sheet.text(
        f"{key}.name",
        label,
        words.name(line.name),
        Style(0.92, Weight.MEDIUM, lines=2, clamp=True, least=small),
    )
    h = min(rect.h * 0.4, theme.em * 0.9)
    track = Rect(bar.x, bar.y + (bar.h - h) / 2, bar.w, h)
    count = facts.number(line.count, words)
    if line.overdue is None:
        sheet.add(Box(f"{key}.all", track.left(track.w * line.count / most), palette.accent))
        text, color = f"{words('figures.received').lower()} {count}", palette.ink
    else:
        good = track.w * line.in_time / most
        sheet.add(Box(f"{key}.good", track.left(good), palette.good))
        if line.overdue:
            late = max(0.8, track.w * line.overdue / most)
            at = Rect(track.x + good + _APART_MM, track.y, late, h)
            figures_card.overdue(sheet, f"{key}.late", at)
        overdue = f"{words('figures.overdue').lower()} {facts.number(line.overdue, words)}"
        text, color = f"{count} · {overdue}", palette.bad if line.overdue else palette.muted
    sheet.text(
        f"{key}.value",
        value,
        text,
        Style(0.92, Weight.SEMIBOLD, color, "right", lines=1, clamp=True, least=small),
    )
