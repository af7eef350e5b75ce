"""How far a dossier is: its state in plain words, a timeline, the dates, what to do next.

Neither who it belongs to nor who works on it is shown (TT 01/2018 Điều 16.2.d).
"""

from hall.contract.onestop_requests import DossierData
from hall.fonts import Weight
from hall.screen.geometry import Rect
from hall.screen.palette import Color
from hall.screen.tree import Align, Box
from kiosk.drawing import frame, keys, paging, progress
from kiosk.drawing.progress import DossierStage, Progress
from kiosk.drawing.scene_builder import SceneBuilder, Style
from kiosk.model.pages import DossierResult
from kiosk.model.state import KioskModel

# The code of nearly every dossier is no longer: "H38.12-261127-0001".
_USUAL_CODE = 22


def draw(sheet: SceneBuilder, model: KioskModel, page: DossierResult) -> None:
    theme, words = sheet.theme, sheet.theme.words
    dossier = page.dossier
    found = progress.progress(dossier, model.wall.date(), words)
    frame.head(sheet, model, words("result.title"), words("lookup.privacy"))
    if theme.portrait:
        path = 1.6 if theme.taller else 0.8
        banner, do, stages, dates, more = theme.body.rows(1.1, 0.75, path, 1.3, 1.2, gap=theme.gap)
    else:
        left, right = theme.body.columns(1.35, 1, gap=theme.gap)
        banner, stages, dates = left.rows(1.1, 0.95, 1.35, gap=theme.gap)
        do, more = right.rows(1, 1.6, gap=theme.gap)
    _banner(sheet, banner, dossier, found)
    if theme.taller:
        _stages_below(sheet, stages, found)
    else:
        _timeline(sheet, stages, found)
    _dates(sheet, dates, dossier, found)
    _advice_card(sheet, do, found)
    _more(sheet, more, model, page)


def _colors(sheet: SceneBuilder, found: Progress) -> tuple[Color, Color]:
    """Fill and ink of the banner; the words and the icon say the same."""
    palette = sheet.theme.palette
    if palette.flat:
        return palette.card, palette.ink
    fills = {
        "wait": palette.accent,
        "act": palette.warn,
        "ready": palette.good,
        "done": palette.good,
        "ended": palette.bad,
    }
    return fills[found.mood], "#FFFFFF"


def _banner(sheet: SceneBuilder, rect: Rect, dossier: DossierData, found: Progress) -> None:
    theme = sheet.theme
    fill, ink = _colors(sheet, found)
    edge = theme.palette.line if theme.palette.flat else None
    sheet.add(
        Box(
            "state",
            rect,
            fill,
            theme.radius * 1.3,
            border=edge,
            shadow=not edge,
            border_mm=0.8 if edge else 0,
        )
    )
    inner = rect.inset(theme.gap * 1.2, theme.gap * 0.6)
    side = min(inner.h * 0.8, inner.w * 0.2, theme.em * 5)
    spot = Rect(inner.x, inner.y + (inner.h - side) / 2, side, side)
    sheet.icon("state.icon", spot, found.icon, ink)
    words_at = inner.after(side + theme.gap * 1.2)
    long = not theme.portrait and len(dossier.code) > _USUAL_CODE
    code, status = words_at.rows(2.7 if long else 1, 1.7)
    size, lines = keys.set_code(theme, dossier.code, code, theme.size(1.15))
    style = Style(
        size / theme.em,
        Weight.SEMIBOLD,
        ink,
        personal=True,
        cells=True,
        on=fill,
        valign="bottom",
        least=size,
    )
    sheet.text("state.code", code, "\n".join(lines), style)
    sheet.text(
        "state.text",
        status,
        found.status,
        Style(2.1, Weight.BOLD, ink, lines=2, on=fill, personal=True),
    )


def _timeline(sheet: SceneBuilder, rect: Rect, found: Progress) -> None:
    """Discs on a line: ticked behind, filled now, empty ahead; a word below each."""
    theme, palette = sheet.theme, sheet.theme.palette
    sheet.card("path", rect)
    inner = rect.inset(theme.gap * 0.6)
    cells = inner.columns(*[1.0] * len(found.stages))
    disc = min(inner.h * (0.36 if theme.tight else 0.46), theme.em * 2.3)
    y = inner.y + inner.h * 0.06
    for place in range(len(cells) - 1):
        x1, x2 = cells[place].centre[0] + disc / 2, cells[place + 1].centre[0] - disc / 2
        passed = found.stages[place + 1].state != "ahead"
        color = palette.good if passed else palette.line
        width = max(0.8, disc * 0.09)
        line = Rect(x1, y + disc / 2 - width / 2, x2 - x1, width)
        sheet.add(Box(f"path.line.{place}", line, color))
    for place, (cell, stage) in enumerate(zip(cells, found.stages, strict=True)):
        _stage(sheet, place, cell, (y, disc), stage, found)


def _stages_below(sheet: SceneBuilder, rect: Rect, found: Progress) -> None:
    """One below the other, each with its name beside it."""
    theme = sheet.theme
    sheet.card("path", rect)
    inner = rect.inset(theme.gap)
    for place, (row, stage) in enumerate(
        zip(inner.rows(*[1.0] * len(found.stages)), found.stages, strict=True)
    ):
        disc = min(row.h * 0.8, theme.em * 1.9)
        spot = Rect(row.x, row.y + (row.h - disc) / 2, disc, disc)
        _disc(sheet, place, spot, stage, found)
        _stage_name(sheet, place, row.after(disc + theme.gap), stage, "left")


def _stage(  # noqa: PLR0913, PLR0917
    sheet: SceneBuilder,
    place: int,
    cell: Rect,
    at: tuple[float, float],
    stage: DossierStage,
    found: Progress,
) -> None:
    theme = sheet.theme
    y, disc = at
    spot = Rect(cell.centre[0] - disc / 2, y, disc, disc)
    _disc(sheet, place, spot, stage, found)
    pad = 0.5 if theme.tight else theme.em * 0.14
    below = Rect(cell.x + pad, spot.bottom, cell.w - 2 * pad, rect_foot(cell) - spot.bottom)
    _stage_name(sheet, place, below, stage, "centre")


def _disc(
    sheet: SceneBuilder, place: int, spot: Rect, stage: DossierStage, found: Progress
) -> None:
    palette, disc = sheet.theme.palette, spot.h
    now_color = palette.ink if palette.flat else _colors(sheet, found)[0]
    key = f"path.{place}"
    ends = found.mood == "ended" and place == len(found.stages) - 1
    match stage.state:
        case "past":
            sheet.add(Box(key, spot, palette.bad if ends else palette.good, disc / 2))
            sheet.icon(
                f"{key}.icon", spot.inset(disc * 0.18), "cross" if ends else "check", palette.card
            )
        case "now":
            sheet.add(Box(key, spot, now_color, disc / 2))
            sheet.icon(f"{key}.icon", spot.inset(disc * 0.2), found.icon, palette.card)
        case "ahead":
            sheet.add(
                Box(
                    key,
                    spot,
                    palette.card,
                    disc / 2,
                    border=palette.line,
                    border_mm=max(0.6, disc * 0.07),
                )
            )


def _stage_name(
    sheet: SceneBuilder, place: int, rect: Rect, stage: DossierStage, align: Align
) -> None:
    theme, palette = sheet.theme, sheet.theme.palette
    weight = Weight.BOLD if stage.state == "now" else Weight.MEDIUM
    color = palette.ink if stage.state != "ahead" else palette.muted
    style = Style(1.05, weight, color, align, lines=2, least=theme.least * 0.68, personal=True)
    sheet.text(f"path.{place}.name", rect, stage.name, style)


def rect_foot(rect: Rect) -> float:
    return rect.y + rect.h


def _dates(sheet: SceneBuilder, rect: Rect, dossier: DossierData, found: Progress) -> None:
    theme, words, palette = sheet.theme, sheet.theme.words, sheet.theme.palette
    sheet.card("dates", rect)
    inner = rect.inset(theme.gap, theme.gap * 0.7)
    name, lines = inner.rows(1, 1.9)
    sheet.text(
        "dates.name",
        name,
        dossier.procedure.name,
        Style(1.25, Weight.SEMIBOLD, lines=3, clamp=True, personal=True, least=theme.least * 0.85),
    )
    due = progress.day(dossier.due_on) or words("result.no_due")
    dues = [f"{due} – {found.due}", due] if found.due else [due]
    if dossier.due_original not in (None, dossier.due_on):
        moved = words("result.due_original", date=progress.day(dossier.due_original))
        dues.insert(0, f"{dues[0]} ({moved})")
    late = palette.bad if found.late else None
    told: list[tuple[str, str, tuple[str, ...], Color | None]] = [
        ("clock", words("result.received_on"), (progress.day(dossier.received_on),), None),
        ("hourglass", words("result.due_on"), tuple(dues), late),
    ]
    if dossier.done_on:
        done = (progress.day(dossier.done_on),)
        told.append(("check-circle", words("result.done_on"), done, None))
    if dossier.collect_at and found.mood in ("ready", "wait", "act"):
        told.append(("building", words("result.collect_at"), (dossier.collect_at,), None))
    places = lines.rows(*[1.0] * max(3, len(told)))
    for place, (icon, label, values, color) in zip(places, told, strict=False):
        _line(sheet, place, icon, label, values, color)


def _line(  # noqa: PLR0913, PLR0917
    sheet: SceneBuilder,
    rect: Rect,
    icon: str,
    label: str,
    values: tuple[str, ...],
    color: Color | None,
) -> None:
    """`values`: the text, then shorter ones for less room."""
    theme = sheet.theme
    side = min(rect.h * 0.6, theme.em * 1.3)
    sheet.icon(
        f"{label}.icon",
        Rect(rect.x, rect.y + (rect.h - side) / 2, side, side),
        icon,
        theme.palette.accent,
    )
    name, told = rect.after(side + theme.gap * 0.6).columns(1, 2, gap=theme.gap * 0.6)
    small = theme.least * 0.72
    sheet.text(
        f"day.{label}.name",
        name,
        label,
        Style(1.0, Weight.MEDIUM, theme.palette.muted, lines=1, least=small),
    )
    sheet.text(
        f"day.{label}.value",
        told,
        values[0],
        Style(
            1.1,
            Weight.SEMIBOLD,
            color,
            lines=2,
            personal=True,
            least=small,
            instead=values[1:],
        ),
    )


def _advice_card(sheet: SceneBuilder, rect: Rect, found: Progress) -> None:
    """What the citizen has to do, in one or two sentences; it stands right below the state."""
    theme, words, palette = sheet.theme, sheet.theme.words, sheet.theme.palette
    edge = palette.warn if found.mood == "act" else None
    sheet.card("do", rect, edge=edge)
    title, text = rect.inset(theme.gap, theme.gap * 0.5).rows(1, 2.6)
    sheet.text(
        "do.title",
        title,
        words("result.do"),
        Style(1.0, Weight.SEMIBOLD, palette.muted, lines=1, least=theme.least * 0.8),
    )
    style = Style(1.45, Weight.SEMIBOLD, personal=True, least=theme.least * 0.85)
    sheet.text("do.text", text, found.advice, style)


def _more(sheet: SceneBuilder, rect: Rect, model: KioskModel, page: DossierResult) -> None:
    """What is missing, the steps so far, and where to ask; it scrolls when there is much."""
    theme, words, palette = sheet.theme, sheet.theme.words, sheet.theme.palette
    sheet.card("more", rect)
    inner = rect.inset(theme.gap, theme.gap * 0.8)
    inside = SceneBuilder(theme)
    y = inner.y
    for place, text in enumerate(page.dossier.missing):
        title = words("result.missing") if place == 0 else ""
        y = _paragraph(inside, f"missing.{place}", Rect(inner.x, y, inner.w, 0), title, text)
    steps = sorted(page.dossier.steps, key=lambda step: step.at, reverse=True)
    if steps:
        told, shorter = _heading(words("result.steps"), words("catalogue.as_they_are"))
        inside.text(
            "steps",
            Rect(inner.x, y, inner.w, theme.em * 1.7),
            told,
            Style(1.0, Weight.SEMIBOLD, palette.muted, lines=1, instead=shorter),
        )
        y += theme.em * 1.8
    for place, step in enumerate(steps):
        local = step.at.astimezone(model.wall.tzinfo)
        text = f"{local:%d/%m/%Y %H:%M} – {step.text}"
        h = theme.height(text, theme.em, inner.w)
        inside.text(
            f"step.{place}", Rect(inner.x, y, inner.w, h), text, Style(personal=True, valign="top")
        )
        y += h + theme.em * 0.35
    y = _paragraph(inside, "help", Rect(inner.x, y + theme.em * 0.4, inner.w, 0), "",
                   words("result.help"))  # fmt: skip
    paging.scroll(sheet, inner, y - inner.y, page.offset, inside.nodes)


def _paragraph(sheet: SceneBuilder, key: str, at: Rect, title: str, text: str) -> float:
    """A title in muted ink and its text; where the next thing begins."""
    theme = sheet.theme
    y = at.y
    if title:
        sheet.text(
            f"{key}.title",
            Rect(at.x, y, at.w, theme.em * 1.6),
            title,
            Style(1.1, Weight.SEMIBOLD, theme.palette.muted, lines=1),
        )
        y += theme.em * 1.7
    size = 1.2
    h = theme.height(text, theme.size(size), at.w)
    sheet.text(
        f"{key}.text",
        Rect(at.x, y, at.w, h),
        text,
        Style(size, Weight.MEDIUM, valign="top", personal=True),
    )
    return y + h + theme.em * 0.8


def _heading(steps: str, remark: str) -> tuple[str, tuple[str, ...]]:
    """With what other languages say of texts that come in Vietnamese alone; then that alone."""
    return (f"{steps} ({remark})", (remark,)) if remark else (steps, ())
