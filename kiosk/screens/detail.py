"""One procedure: how long, what it costs and who is exempt, which papers, where, a QR."""

import re
from collections.abc import Sequence
from functools import lru_cache

from hall.contract.catalogue import CatalogueProcedure
from hall.figures.shares import number_text
from hall.fonts import Weight
from hall.screen.geometry import Rect
from hall.screen.tree import Box, Matrix
from kiosk.drawing import frame, hindrances, paging, qr
from kiosk.drawing.scene_builder import SceneBuilder, Style
from kiosk.drawing.theme import TOUCH_MM
from kiosk.model import ticketing
from kiosk.model.actions import ChooseField
from kiosk.model.pages import Detail
from kiosk.model.state import KioskModel

_FACT = 1.3
_LEAST, _LEAST_TALL = (0.7, 0.55), (0.85, 0.72)
# The height of what stays in sight, in em; on a small panel; where it will be set in large type.
_SIGHT, _SIGHT_TALL = {False: 4.2, True: 4.4}, 5.2
_QR_MM = 22.0
_CLAUSE = re.compile(r"[;:(]|[.,] ")


def draw(sheet: SceneBuilder, model: KioskModel, page: Detail) -> None:
    theme, words = sheet.theme, sheet.theme.words
    procedure = model.world.shelf.procedure(page.code)
    frame.head(sheet, model, words("detail.title"))
    if procedure is None:
        sheet.text(
            "gone",
            theme.body.top(theme.em * 6),
            words("catalogue.empty"),
            Style(1.2, Weight.MEDIUM, align="centre", on=theme.palette.page),
        )
        return
    room, take = _places(sheet, model, procedure)
    _number_for(sheet, model, procedure, take)
    strip = room.top(theme.em * (_SIGHT_TALL if theme.taller else _SIGHT[theme.tight]))
    _in_sight(sheet, strip, procedure)
    text = room.below(strip.h + theme.gap)
    sheet.card("detail", text)
    _text(sheet, text.inset(theme.gap * (0.7 if theme.tight else 1.2)), model, page, procedure)


def _number_for(
    sheet: SceneBuilder, model: KioskModel, procedure: CatalogueProcedure, place: Rect
) -> None:
    """The way to a number; grey with the reason where none is given, or nobody is there."""
    words, service = sheet.theme.words, ticketing.service_of(model, procedure.field)
    chosen = None if service is None else model.setup.service(service)
    hindrance = ticketing.barred(model, service)
    text, kind = words("detail.take"), "primary"
    if hindrance is not None:
        text, kind = hindrances.on_tile(sheet, model, hindrance)[-1], "barred"
    elif chosen is not None and ticketing.nobody_there(model, chosen):
        text, kind = words("detail.take_unattended"), "barred"
    action = ChooseField(procedure.field)
    sheet.button("take", place, text, action, "ticket", kind, k=1.4)  # type: ignore[arg-type]


def _in_sight(sheet: SceneBuilder, rect: Rect, procedure: CatalogueProcedure) -> None:
    """How long and how much: above what scrolls, whatever the length of the name."""
    theme, palette, words = sheet.theme, sheet.theme.palette, sheet.theme.words
    limit = procedure.time_limit or words("detail.unknown")
    label = words("detail.time_limit_short" if theme.taller else "detail.time_limit")
    facts = (
        ("limit", "hourglass", label, (limit, *_shorter(sheet, limit))),
        ("fee", "money", words("detail.fee"), _fees(sheet, procedure)),
    )
    places = rect.columns(1, 1, gap=theme.gap)
    for place, (key, icon, label, told) in zip(places, facts, strict=True):
        sheet.card(f"sight.{key}", place)
        inner = place.inset(theme.gap * 0.8, theme.gap * 0.3)
        side = min(inner.h * 0.6, theme.em * 2.2)
        spot = Rect(inner.x, inner.y + (inner.h - side) / 2, side, side)
        sheet.icon(f"sight.{key}.icon", spot, icon, palette.accent)
        name, value = inner.after(side + theme.gap).rows(1, 2.8)
        # In large type rather less of it than all of it in small letters.
        least, em = _LEAST_TALL if theme.taller else _LEAST
        small = max(theme.least * least, theme.em * em)
        muted = Style(0.9, Weight.SEMIBOLD, palette.muted, lines=1, least=small)
        sheet.text(f"sight.{key}.name", name, label, muted)
        style = Style(1.15, Weight.BOLD, least=small, instead=told[1:])
        sheet.text(f"sight.{key}.value", value, told[0], style)


def _shorter(sheet: SceneBuilder, whole: str) -> tuple[str, ...]:
    """Of what is long its first clause, and where the rest stands; then only that."""
    words = sheet.theme.words
    first = _CLAUSE.split(whole, maxsplit=1)[0].strip()
    told = (words("detail.more_below", told=first),) if first != whole else ()
    return *told, words("detail.below")


def _places(
    sheet: SceneBuilder, model: KioskModel, procedure: CatalogueProcedure
) -> tuple[Rect, Rect]:
    """Where the text is, and the button: below it, or beside it under the code for the phone."""
    theme = sheet.theme
    if theme.portrait:
        take_h = max(TOUCH_MM, theme.em * 3.2)
        return theme.body.above(take_h + theme.gap), theme.body.foot(take_h)
    room, side = theme.body.columns(2.9, 1, gap=theme.gap)
    take = side.foot(max(1.5 * TOUCH_MM, theme.em * 6))
    address = _address(model, procedure)
    if address:
        card = side.above(take.h + theme.gap)
        sheet.card("qr.card", card)
        _qr(sheet, card.inset(theme.gap * 0.6), address)
    return room, take


def _address(model: KioskModel, procedure: CatalogueProcedure) -> str:
    return procedure.url or model.setup.public_url


def _qr(sheet: SceneBuilder, rect: Rect, address: str) -> None:
    """The code, and what it is for where that does not make it too small for a phone."""
    theme = sheet.theme
    told = rect.foot(theme.em * 2.6 if rect.h - theme.em * 2.6 > _QR_MM else 0.0)
    room = rect.above(told.h)
    side = min(room.w, room.h)
    spot = Rect(room.x + (room.w - side) / 2, room.y + (room.h - side) / 2, side, side)
    sheet.add(Box("qr.back", spot, "#FFFFFF"), Matrix("qr", spot, qr_modules(address)))
    style = Style(
        0.8, Weight.MEDIUM, theme.palette.muted, "centre", lines=2, least=theme.least * 0.7
    )
    if told.h:
        sheet.text("qr.told", told, theme.words("detail.scan"), style)


def _text(
    sheet: SceneBuilder, room: Rect, model: KioskModel, page: Detail, procedure: CatalogueProcedure
) -> None:
    """The name whole, however long it is; then each fact with its icon."""
    theme, words = sheet.theme, sheet.theme.words
    inside = SceneBuilder(theme)
    address = _address(model, procedure) if theme.portrait else ""
    side = min(room.w * 0.26, max(30.0, theme.em * 8)) if address else 0.0
    name_w = room.w - (side + theme.gap if side else 0)
    qr_h = side + theme.em * 2.6 if side else 0.0
    k = 1.2 if theme.tight else 1.5
    name_h = max(theme.height(procedure.name, theme.size(k), name_w, bold=True), qr_h)
    style = Style(k, Weight.BOLD, valign="top")
    inside.text("name", Rect(room.x, room.y, name_w, name_h), procedure.name, style)
    if side:
        _qr(inside, Rect(room.right - side, room.y, side, qr_h), address)
    y = room.y + name_h + theme.em * 0.6
    told = _known_as(sheet, procedure)
    h = theme.height(told, theme.size(0.95), room.w)
    muted = Style(0.95, Weight.REGULAR, theme.palette.muted, valign="top")
    inside.text("code", Rect(room.x, y, room.w, h), told, muted)
    at = Rect(room.x, y + h + theme.em * 0.9, room.w, 0)
    limit = procedure.time_limit or words("detail.unknown")
    at = _fact(inside, at, "limit", "hourglass", limit, words("detail.time_limit"))
    at = _fact(inside, at, "fee", "money", fee(sheet, procedure), words("detail.fee"))
    at = _papers(inside, at, procedure.documents)
    where = procedure.where or words("detail.where_default")
    at = _fact(inside, at, "where", "building", where, words("detail.where"))
    paging.scroll(sheet, room, at.y - room.y, page.offset, inside.nodes)


def _known_as(sheet: SceneBuilder, procedure: CatalogueProcedure) -> str:
    words = sheet.theme.words
    parts = [
        f"{words('detail.code')}: {procedure.code}",
        words.name(procedure.field),
        procedure.level,
    ]
    if procedure.sample:
        parts.append(words("catalogue.sample"))
    parts.append(words("catalogue.as_they_are"))
    return " · ".join(part for part in parts if part)


def fee(sheet: SceneBuilder, procedure: CatalogueProcedure) -> str:
    """Never a bare sum: the exemptions stand beside it, or nothing is said of money."""
    words = sheet.theme.words
    if procedure.fee_vnd is None:
        return procedure.fee_note or words("detail.fee_ask")
    if not procedure.fee_note:
        return words("detail.fee_ask")
    return f"{_amount(sheet, procedure.fee_vnd)}. {procedure.fee_note}"


def _amount(sheet: SceneBuilder, vnd: int) -> str:
    words = sheet.theme.words
    return words("detail.fee_amount", amount=number_text(vnd)) if vnd else words("detail.fee_none")


def _fees(sheet: SceneBuilder, procedure: CatalogueProcedure) -> tuple[str, ...]:
    """The fee whole; else the sum with where its exemptions stand."""
    words, whole = sheet.theme.words, fee(sheet, procedure)
    if procedure.fee_vnd is None or not procedure.fee_note:
        return whole, *_shorter(sheet, whole)
    sum_ = _amount(sheet, procedure.fee_vnd)
    return (
        whole,
        words("detail.fee_below", amount=sum_),
        words("detail.more_below", told=sum_),
        words("detail.below"),
    )


def _fact(  # noqa: PLR0913, PLR0917
    sheet: SceneBuilder, at: Rect, key: str, icon: str, text: str, label: str
) -> Rect:
    """An icon, a label, the text under it; where the next thing begins."""
    theme = sheet.theme
    words_at = _head(sheet, at, key, icon, label)
    h = theme.height(text, theme.size(_FACT), words_at.w)
    place = Rect(words_at.x, words_at.y, words_at.w, h)
    sheet.text(f"{key}.text", place, text, Style(_FACT, Weight.MEDIUM, valign="top"))
    return at.below(max(theme.em * 2.2, place.bottom - at.y) + theme.em)


def _papers(sheet: SceneBuilder, at: Rect, documents: Sequence[str]) -> Rect:
    """Each paper a line of its own with its number, as on the list at the counter."""
    theme, words = sheet.theme, sheet.theme.words
    label = words("detail.documents")
    if not documents:
        return _fact(sheet, at, "papers", "list", words("detail.documents_ask"), label)
    if len(documents) > 1:
        label = f"{label} ({len(documents)})"
    words_at = _head(sheet, at, "papers", "list", label)
    y, disc = words_at.y + theme.em * 0.2, theme.em * 1.7
    for number, text in enumerate(documents, 1):
        line = words_at.after(disc + theme.gap * 0.8)
        h = theme.height(text, theme.size(_FACT), line.w)
        row = max(disc, h)
        spot = Rect(words_at.x, y, disc, disc)
        _number(sheet, spot, number)
        place = Rect(line.x, y + max(0.0, (disc - h) / 2), line.w, h)
        sheet.text(f"paper.{number}", place, text, Style(_FACT, Weight.MEDIUM, valign="top"))
        y += row + theme.em * 0.55
    return at.below(y - at.y + theme.em * 0.45)


def _number(sheet: SceneBuilder, spot: Rect, number: int) -> None:
    palette = sheet.theme.palette
    edge = palette.line if palette.flat else None
    width = 0.5 if edge else 0.0
    disc = Box(f"paper.{number}.disc", spot, palette.soft, spot.h / 2, None, edge, width)
    sheet.add(disc)
    style = Style(0.95, Weight.BOLD, palette.accent, "centre", lines=1, on=palette.soft)
    sheet.text(f"paper.{number}.n", spot, str(number), style)


def _head(sheet: SceneBuilder, at: Rect, key: str, icon: str, label: str) -> Rect:
    """Icon and label; where the text below them stands."""
    theme, palette = sheet.theme, sheet.theme.palette
    side = theme.em * 2.2
    sheet.icon(f"{key}.icon", Rect(at.x, at.y, side, side), icon, palette.accent)
    words_at = at.after(side + theme.gap)
    place = Rect(words_at.x, at.y, words_at.w, theme.em * 1.4)
    sheet.text(f"{key}.label", place, label, Style(0.95, Weight.SEMIBOLD, palette.muted, lines=1))
    return Rect(words_at.x, at.y + theme.em * 1.45, words_at.w, 0)


@lru_cache(maxsize=64)
def qr_modules(text: str) -> tuple[tuple[bool, ...], ...]:
    """Rows of dark and light modules, of public addresses alone.

    Never given anything of a citizen's: what is made is remembered.
    """
    return qr.modules(text)
