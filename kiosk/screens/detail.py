"""One procedure: how long, what it costs and who is exempt, which papers, where, a QR."""

from collections.abc import Sequence

from hall.contract.catalogue import CatalogueProcedure
from hall.contract.figures import number_text
from hall.fonts import Weight
from hall.screen.geometry import Rect
from hall.screen.tree import Box, Matrix
from kiosk import qr
from kiosk.actions import Open
from kiosk.look import TOUCH_MM
from kiosk.model import Model
from kiosk.pages import Detail, PickService
from kiosk.screens import frame, paging
from kiosk.sheet import Sheet, Style

_FACT = 1.3


def draw(sheet: Sheet, model: Model, page: Detail) -> None:
    look, words = sheet.look, sheet.look.words
    procedure = model.world.shelf.procedure(page.code)
    frame.head(sheet, model, words("detail.title"))
    if procedure is None:
        sheet.text(
            "gone",
            look.body.top(look.em * 6),
            words("catalogue.empty"),
            Style(1.2, Weight.MEDIUM, align="centre", on=look.palette.page),
        )
        return
    take_h = max(TOUCH_MM, look.em * 3.2)
    sheet.button(
        "take", look.body.foot(take_h), words("detail.take"), Open(PickService()), "ticket", k=1.4
    )
    room = look.body.above(take_h + look.gap)
    sheet.card("detail", room)
    _text(sheet, room.inset(look.gap * 1.2), model, page, procedure)


def _text(
    sheet: Sheet, room: Rect, model: Model, page: Detail, procedure: CatalogueProcedure
) -> None:
    """The name whole, however long it is; then each fact with its icon."""
    look, words = sheet.look, sheet.look.words
    inside = Sheet(look)
    address = procedure.url or model.setup.public_url
    side = min(room.w * 0.26, max(30.0, look.em * 8)) if address else 0.0
    name_w = room.w - (side + look.gap if side else 0)
    name_h = max(look.height(procedure.name, look.size(1.5), name_w, bold=True), side)
    inside.text(
        "name",
        Rect(room.x, room.y, name_w, name_h),
        procedure.name,
        Style(1.5, Weight.BOLD, valign="top"),
    )
    if side:
        spot = Rect(room.right - side, room.y, side, side)
        inside.add(Box("qr.back", spot, "#FFFFFF"), Matrix("qr", spot, qr.modules(address)))
    y = room.y + name_h + look.em * 0.6
    told = f"{words('detail.code')}: {procedure.code} · {procedure.field}"
    told += f" · {procedure.level}" if procedure.level else ""
    told += f" · {words('catalogue.sample')}" if procedure.sample else ""
    h = look.height(told, look.size(0.95), room.w)
    inside.text(
        "code",
        Rect(room.x, y, room.w, h),
        told,
        Style(0.95, Weight.REGULAR, look.palette.muted, valign="top"),
    )
    y += h + look.em * 0.9
    at = Rect(room.x, y, room.w, 0)
    limit = procedure.time_limit or words("detail.unknown")
    at = _fact(inside, at, "limit", "hourglass", limit, words("detail.time_limit"))
    at = _fact(inside, at, "fee", "money", fee(sheet, procedure), words("detail.fee"))
    at = _papers(inside, at, procedure.documents)
    where = procedure.where or words("detail.where_default")
    at = _fact(inside, at, "where", "building", where, words("detail.where"))
    paging.scroll(sheet, room, at.y - room.y, page.offset, inside.nodes)


def fee(sheet: Sheet, procedure: CatalogueProcedure) -> str:
    """Never a bare sum: the exemptions stand beside it, or nothing is said of money."""
    words = sheet.look.words
    if procedure.fee_vnd is None:
        return procedure.fee_note or words("detail.fee_ask")
    if not procedure.fee_note:
        return words("detail.fee_ask")
    amount = words("detail.fee_amount", amount=number_text(procedure.fee_vnd))
    shown = amount if procedure.fee_vnd else words("detail.fee_none")
    return f"{shown}. {procedure.fee_note}"


def _fact(  # noqa: PLR0913, PLR0917
    sheet: Sheet, at: Rect, key: str, icon: str, text: str, label: str
) -> Rect:
    """An icon, a label, the text under it; where the next thing begins."""
    look = sheet.look
    words_at = _head(sheet, at, key, icon, label)
    h = look.height(text, look.size(_FACT), words_at.w)
    place = Rect(words_at.x, words_at.y, words_at.w, h)
    sheet.text(f"{key}.text", place, text, Style(_FACT, Weight.MEDIUM, valign="top"))
    return at.below(max(look.em * 2.2, place.bottom - at.y) + look.em)


def _papers(sheet: Sheet, at: Rect, documents: Sequence[str]) -> Rect:
    """Each paper a line of its own with its number, as on the list at the counter."""
    look, words = sheet.look, sheet.look.words
    label = words("detail.documents")
    if not documents:
        return _fact(sheet, at, "papers", "list", words("detail.documents_ask"), label)
    if len(documents) > 1:
        label = f"{label} ({len(documents)})"
    words_at = _head(sheet, at, "papers", "list", label)
    y, disc = words_at.y + look.em * 0.2, look.em * 1.7
    for number, text in enumerate(documents, 1):
        line = words_at.after(disc + look.gap * 0.8)
        h = look.height(text, look.size(_FACT), line.w)
        row = max(disc, h)
        spot = Rect(words_at.x, y, disc, disc)
        _number(sheet, spot, number)
        place = Rect(line.x, y + max(0.0, (disc - h) / 2), line.w, h)
        sheet.text(f"paper.{number}", place, text, Style(_FACT, Weight.MEDIUM, valign="top"))
        y += row + look.em * 0.55
    return at.below(y - at.y + look.em * 0.45)


def _number(sheet: Sheet, spot: Rect, number: int) -> None:
    palette = sheet.look.palette
    edge = palette.line if palette.flat else None
    width = 0.5 if edge else 0.0
    disc = Box(f"paper.{number}.disc", spot, palette.soft, spot.h / 2, None, edge, width)
    sheet.add(disc)
    style = Style(0.95, Weight.BOLD, palette.accent, "centre", lines=1, on=palette.soft)
    sheet.text(f"paper.{number}.n", spot, str(number), style)


def _head(sheet: Sheet, at: Rect, key: str, icon: str, label: str) -> Rect:
    """Icon and label; where the text below them stands."""
    look, palette = sheet.look, sheet.look.palette
    side = look.em * 2.2
    sheet.icon(f"{key}.icon", Rect(at.x, at.y, side, side), icon, palette.accent)
    words_at = at.after(side + look.gap)
    place = Rect(words_at.x, at.y, words_at.w, look.em * 1.4)
    sheet.text(f"{key}.label", place, label, Style(0.95, Weight.SEMIBOLD, palette.muted, lines=1))
    return Rect(words_at.x, at.y + look.em * 1.45, words_at.w, 0)
