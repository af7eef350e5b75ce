"""What every page has: the head with the clock, the bar at the foot, banners, the countdown."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from hall.fonts import Weight
from hall.screen.geometry import Rect
from hall.screen.tree import Box, Donut, Icon, Label, Picture, Target
from kiosk.drawing.scene_builder import SceneBuilder, Style
from kiosk.drawing.theme import LARGE, TOUCH_MM
from kiosk.model.actions import (
    Action,
    Back,
    ChangeVolume,
    EndVisit,
    HoldCorner,
    SayAgain,
    SetLanguage,
    Stay,
    Toggle,
)
from kiosk.model.pages import Attract, Home, Maintenance, Pin, PrintingTicket, Tech
from kiosk.model.state import KioskModel

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HOLD_S = 5.0
_SPEAKING = 2
# What is longer stands in two lines; the air about the words, and the picture beside them.
_LONG_EM = 6.0
_PAD_EM = 0.6
_BESIDE_EM = 3.2


def head(sheet: SceneBuilder, model: KioskModel, title: str, subtitle: str = "") -> None:
    """The emblem, a title, the clock and the date."""
    theme, palette = sheet.theme, sheet.theme.palette
    band = theme.head
    sheet.add(Box("head", band, palette.header_top, bottom=palette.header_bottom))
    if palette.flat:
        sheet.add(Box("head.line", band.foot(0.8), palette.line))
    inner = band.inset(theme.pad, band.h * 0.16)
    clock_w = max(theme.em * (8.4 if theme.taller else 6.4), inner.w * 0.2)
    emblem(sheet, model, inner.left(inner.h))
    _clock(sheet, model, inner.side(clock_w))
    room = inner.after(inner.h + theme.gap).above(0)
    room = Rect(room.x, room.y, room.w - clock_w - theme.gap, room.h)
    style = Style(1.55, Weight.BOLD, palette.on_header, on=palette.header_top, lines=2, clamp=True)
    if subtitle and not theme.tight and not theme.taller:
        upper, lower = room.rows(1.5, 1)
        sheet.text("head.title", upper, title, style)
        muted = Style(
            0.95, Weight.MEDIUM, palette.on_header, on=palette.header_bottom, lines=1, clamp=True
        )
        sheet.text("head.subtitle", lower, subtitle, muted)
    else:
        sheet.text("head.title", room, title, style)
    _corners(sheet, model)


def emblem(sheet: SceneBuilder, model: KioskModel, rect: Rect) -> None:
    """The hall's logo on white, so that it is seen on any colour; a star where it has none."""
    palette = sheet.theme.palette
    if model.setup.logo:
        sheet.add(Box("emblem.plate", rect, "#FFFFFF", rect.h / 2))
        sheet.add(Picture("emblem", rect.inset(rect.w * 0.04), model.setup.logo))
        return
    if not palette.flat:
        sheet.add(
            Box(
                "emblem.disc",
                rect,
                "#C4161C",
                rect.h / 2,
                border=palette.gold,
                border_mm=max(0.5, rect.h * 0.035),
            )
        )
    sheet.add(Icon("emblem", rect.inset(rect.w * 0.16), "emblem", palette.gold))


def _clock(sheet: SceneBuilder, model: KioskModel, rect: Rect) -> None:
    palette, words, wall = sheet.theme.palette, sheet.theme.words, model.wall
    if sheet.theme.tight or sheet.theme.taller:
        clock = Style(1.5, Weight.SEMIBOLD, palette.on_header, "right", cells=True, lines=1)
        sheet.text("clock", rect, f"{wall:%H:%M}", replace(clock, on=palette.header_top))
        return
    upper, lower = rect.rows(1.55, 1)
    style = Style(
        2.0, Weight.SEMIBOLD, palette.on_header, "right", cells=True, lines=1, on=palette.header_top
    )
    sheet.text("clock", upper, f"{wall:%H:%M}", style)
    day = words(
        "date.day", name=words(f"date.{_WEEKDAYS[wall.weekday()]}"), date=f"{wall:%d/%m/%Y}"
    )
    shown = day if rect.w > 10 * sheet.theme.em else f"{wall:%d/%m/%Y}"
    sheet.text(
        "date",
        lower,
        shown,
        Style(
            0.8,
            Weight.REGULAR,
            palette.on_header,
            "right",
            lines=1,
            on=palette.header_bottom,
            least=sheet.theme.least * 0.7,
        ),
    )


def _corners(sheet: SceneBuilder, model: KioskModel) -> None:
    """Hidden: hold the left, then the right upper corner for 5 s each."""
    if not model.setup.pin:
        return
    area = sheet.theme.panel.area
    side = min(TOUCH_MM, sheet.theme.head.h)
    left = Rect(0, 0, side, side)
    right = Rect(area.w - side, 0, side, side)
    sheet.add(Target("corner.left", left, HoldCorner(right=False), hold_s=_HOLD_S))
    sheet.add(Target("corner.right", right, HoldCorner(right=True), hold_s=_HOLD_S))


def bar(sheet: SceneBuilder, model: KioskModel) -> None:
    """Always in the same place: the way back and out, and how the screen is shown."""
    if isinstance(model.page, Attract | Maintenance):
        return
    theme = sheet.theme
    band = theme.bar
    sheet.add(Box("bar", band, theme.palette.card))
    sheet.add(Box("bar.line", band.top(0.4), theme.palette.line))
    inner = band.inset(theme.pad, theme.bar_pad)
    match model.page:
        case Home():
            _home_bar(sheet, model, inner)
        case PrintingTicket():
            # Whoever left now would miss a number that is already theirs; it takes seconds.
            pass
        case _:
            _page_bar(sheet, model, inner)


def _home_bar(sheet: SceneBuilder, model: KioskModel, inner: Rect) -> None:
    modes = model.modes
    others = [(tag, name) for tag, name in sheet.theme.languages if tag != modes.lang][:3]
    switches = _switches(sheet, model)
    speaking = _SPEAKING if modes.aloud else 0
    count = len(others) + len(switches) + speaking
    shares = [1.0] * count
    if sheet.theme.taller or sheet.theme.tight:
        said = [*(name for _, name in others), *(text for *_, text in switches)]
        shares = _by_words(sheet, inner, [*said, *_speech_words(sheet, model)])
    cells = iter(inner.columns(*shares, gap=sheet.theme.gap))
    for tag, name in others:
        cell = next(cells)
        sheet.button(f"lang.{tag}", cell, name, SetLanguage(tag), "globe", "quiet", k=0.95)
    for mode, icon, text in switches:
        _switch(sheet, model, next(cells), mode, icon, text)
    _speech(sheet, model, list(cells))


def _by_words(sheet: SceneBuilder, inner: Rect, texts: Sequence[str]) -> list[float]:
    """Shares of the bar by the words of each button, so that they have room in large type.

    All in one line; else the long ones in two beside their pictures; else all in two below them.
    """
    px, measure = sheet.theme.panel.px(sheet.theme.em), sheet.theme.measure

    def wide(text: str) -> float:
        return measure.width(text, px, Weight.SEMIBOLD) / px

    whole = [wide(text) for text in texts]
    halves = [min(map(wide, _halves(text)), default=0.0) for text in texts]
    longest = [max(wide(word) for word in text.split()) for text in texts]
    free = inner.w - sheet.theme.gap * (len(texts) - 1)
    room = free / sheet.theme.em / LARGE
    for shares in (
        [text + _PAD_EM for text in whole],
        [
            text + _PAD_EM if text < _LONG_EM else half + _BESIDE_EM
            for text, half in zip(whole, halves, strict=True)
        ],
    ):
        if sum(shares) <= room:
            return shares
    return [word + _PAD_EM for word in longest]


def _halves(text: str) -> Iterator[str]:
    """The longer line of each way to set it in two; the text itself where it is one word."""
    words = text.split()
    lines = [(" ".join(words[:n]), " ".join(words[n:])) for n in range(1, len(words))]
    yield from (max(pair, key=len) for pair in lines)
    if not lines:
        yield text


def _page_bar(sheet: SceneBuilder, model: KioskModel, inner: Rect) -> None:
    words = sheet.theme.words
    shown = ("aloud",) if model.modes.aloud else ("large", "aloud")
    switches = [s for s in _switches(sheet, model) if s[0] in shown]
    speaking = _SPEAKING if model.modes.aloud else 0
    back_, out_ = (1.1, 2.35) if speaking else (1.3, 2.0)
    shares = [back_, out_, *[1.0] * (len(switches) + speaking)]
    personal = model.personal and not isinstance(model.page, Pin | Tech)
    away = words("bar.finish_wipe" if personal else "bar.home")
    if sheet.theme.taller:
        said = [words("bar.back"), away, *(text for *_, text in switches)]
        shares = _by_words(sheet, inner, [*said, *_speech_words(sheet, model)])
    back, out, *rest = inner.columns(*shares, gap=sheet.theme.gap)
    sheet.button("back", back, words("bar.back"), Back(), "left", "plain")
    icon, kind = ("cross-circle", "danger") if personal else ("home", "plain")
    sheet.button("finish", out, away, EndVisit(), icon, kind)  # type: ignore[arg-type]
    for cell, (mode, icon, text) in zip(rest, switches, strict=False):
        _switch(sheet, model, cell, mode, icon, text)
    _speech(sheet, model, rest[len(switches) :])


def _speech_words(sheet: SceneBuilder, model: KioskModel) -> list[str]:
    words = sheet.theme.words
    if not model.modes.aloud:
        return []
    return [words("bar.again"), words(f"bar.{model.modes.volume}")]


def _speech(sheet: SceneBuilder, model: KioskModel, cells: Sequence[Rect]) -> None:
    """While it reads aloud: once more, and how loud."""
    parts: tuple[tuple[str, Action, str], ...] = (
        ("again.aloud", SayAgain(), "repeat"),
        ("volume", ChangeVolume(), "speaker"),
    )
    said = _speech_words(sheet, model)
    for cell, (key, action, icon), text in zip(cells, parts, said, strict=False):
        sheet.button(key, cell, text, action, icon, "quiet", k=0.95)


def _switches(sheet: SceneBuilder, model: KioskModel) -> list[tuple[str, str, str]]:
    words = sheet.theme.words
    switches = [
        ("large", "text", words("bar.large")),
        ("contrast", "contrast", words("bar.contrast")),
    ]
    if model.modes.aloud:
        # With speech on, its buttons take the place of those for contrast and size.
        switches.pop()
    else:
        switches.append(("wheelchair", "wheelchair", words("bar.wheelchair")))
    if model.setup.speaks:
        said = "bar.silent" if model.modes.aloud else "bar.aloud"
        switches.append(("aloud", "speaker", words(said)))
    return switches


def _switch(  # noqa: PLR0913, PLR0917
    sheet: SceneBuilder, model: KioskModel, cell: Rect, mode: str, icon: str, text: str
) -> None:
    """On is told by the filled shape and a tick, not by colour alone."""
    on = bool(getattr(model.modes, mode))
    action = Toggle(mode)  # type: ignore[arg-type]
    sheet.button(f"mode.{mode}", cell, text, action, icon, "primary" if on else "quiet", k=0.95)
    if on:
        side = min(cell.h, cell.w) * 0.24
        tick = Rect(cell.right - side * 1.15, cell.y + side * 0.15, side, side)
        sheet.icon(f"mode.{mode}.tick", tick, "check", sheet.theme.palette.on_accent)


def banner(sheet: SceneBuilder, rect: Rect, icon: str, text: str) -> None:
    """A line about the state of the hall: amber, with an icon."""
    theme, palette = sheet.theme, sheet.theme.palette
    edge = palette.warn if palette.flat else None
    sheet.add(
        Box(
            "banner",
            rect,
            palette.warn_back,
            theme.radius,
            border=edge,
            border_mm=0.7 if edge else 0,
        )
    )
    inner = rect.inset(theme.gap, rect.h * 0.1)
    side = min(inner.h, theme.em * 1.6)
    sheet.icon("banner.icon", inner.left(side), icon, palette.warn)
    style = Style(1.0, Weight.SEMIBOLD, palette.warn, on=palette.warn_back)
    sheet.text("banner.text", inner.after(side + theme.gap), text, style)


def hall_banner(model: KioskModel, sheet: SceneBuilder) -> tuple[str, str] | None:
    """The most important thing a citizen must know about the hall now: icon and text."""
    words, world = sheet.theme.words, model.world
    if not world.current(model.now):
        return "offline", words("overlay.offline")
    if not world.gives_tickets or (world.hall is not None and world.hall.notice):
        return "clock", _no_tickets(model, sheet)
    if world.paper_fault == "paper_out":
        return "printer", words("overlay.paper_out")
    if not world.onestop_ready(model.now):
        return "offline", words("overlay.onestop")
    return None


def _no_tickets(model: KioskModel, sheet: SceneBuilder) -> str:
    """By the calendar, or what a person says of an order of theirs."""
    words, hall, when = sheet.theme.words, model.world.hall, opens(model, sheet)
    if hall is not None and not hall.open and not model.world.stopped:
        return words("overlay.closed_until", when=when) if when else words("overlay.closed")
    if hall is not None and hall.notice:
        return hall.notice
    return words("overlay.stopped_until", when=when) if when else words("home.stopped")


def opens(model: KioskModel, sheet: SceneBuilder) -> str:
    """When a closed hall opens, in words; nothing while nobody knows."""
    hall = model.world.hall
    if hall is None or hall.opens_next is None:
        return ""
    return moment(sheet, model, hall.opens_next)


def moment(sheet: SceneBuilder, model: KioskModel, at: datetime) -> str:
    """A time to come as people say it: today's without its day."""
    words, local = sheet.theme.words, at.astimezone(model.wall.tzinfo)
    time = f"{local:%H:%M}"
    if local.date() == model.wall.date():
        return words("date.at_today", time=time)
    name = weekday(sheet, local)
    return words("date.at", time=time, name=name, date=f"{local:%d/%m}")


def weekday(sheet: SceneBuilder, local: datetime) -> str:
    return sheet.theme.words(f"date.{_WEEKDAYS[local.weekday()]}")


def countdown(sheet: SceneBuilder, model: KioskModel) -> None:
    """The last ten seconds: a ring that empties, and a button to stay."""
    seconds = model.countdown
    if seconds is None:
        return
    theme, palette, words = sheet.theme, sheet.theme.palette, sheet.theme.words
    area = theme.body
    h = min(area.h, max(TOUCH_MM * 3.2, theme.em * 13))
    w = min(area.w, max(theme.em * 26, 120.0))
    y = theme.bar.y - theme.gap - h if theme.low else area.y + (area.h - h) / 2
    rect = Rect(area.x + (area.w - w) / 2, y, w, h)
    sheet.add(
        Box(
            "idle.card",
            rect,
            palette.card,
            theme.radius * 1.5,
            border=palette.accent,
            border_mm=1.0,
            shadow=not palette.flat,
        )
    )
    inner = rect.inset(theme.gap * 1.2)
    upper, lower = inner.above(0).rows(
        inner.h - max(TOUCH_MM, theme.em * 3.2) - theme.gap,
        max(TOUCH_MM, theme.em * 3.2),
        gap=theme.gap,
    )
    side = min(upper.h, upper.w * 0.26)
    ring = Rect(upper.x, upper.y + (upper.h - side) / 2, side, side)
    part = ((seconds / model.warn_s, palette.accent),)
    sheet.add(Donut("idle.ring", ring, part, palette.soft, side * 0.1))
    sheet.add(
        Label(
            "idle.n",
            ring.inset(side * 0.15),
            str(seconds),
            theme.em * 2,
            palette.ink,
            Weight.BOLD,
            "centre",
            min_size=theme.least,
            max_lines=1,
            cells=True,
            on=palette.card,
        )
    )
    told = upper.after(side + theme.gap).rows(1, 1.1)
    sheet.text("idle.ask", told[0], words("overlay.idle"), Style(1.35, Weight.BOLD))
    sheet.text("idle.left", told[1], words("overlay.idle_left", n=seconds))
    sheet.button("stay", lower, words("overlay.stay"), Stay(), "check", k=1.3, alone=True)
