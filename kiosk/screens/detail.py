"""One procedure: how long, what it costs and who is exempt, which papers, where, a QR."""

from hall.contract.catalogue import CatalogueProcedure
from hall.contract.figures import number_text
from hall.fonts import Weight
from hall.screen.geometry import Rect
from hall.screen.tree import Box, Matrix, Scroll
from kiosk import qr
from kiosk.actions import Open
from kiosk.look import TOUCH_MM
from kiosk.model import Model
from kiosk.pages import Detail, PickService
from kiosk.screens import frame
from kiosk.sheet import Sheet, Style


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
    for key, icon, label, text in _facts(sheet, procedure):
        y = _fact(inside, Rect(room.x, y, room.w, 0), (key, icon, label, text))
    height = y - room.y
    offset = min(page.offset, max(0.0, height - room.h))
    sheet.add(Scroll("list", room, offset, height, tuple(inside.nodes)))


def _facts(sheet: Sheet, procedure: CatalogueProcedure) -> list[tuple[str, str, str, str]]:
    words = sheet.look.words
    documents = [f"{n}. {text}" for n, text in enumerate(procedure.documents, 1)]
    return [
        (
            "limit",
            "hourglass",
            words("detail.time_limit"),
            procedure.time_limit or words("detail.unknown"),
        ),
        ("fee", "money", words("detail.fee"), fee(sheet, procedure)),
        (
            "papers",
            "list",
            words("detail.documents"),
            "\n".join(documents) or words("detail.documents_ask"),
        ),
        (
            "where",
            "building",
            words("detail.where"),
            procedure.where or words("detail.where_default"),
        ),
    ]


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


def _fact(sheet: Sheet, at: Rect, told: tuple[str, str, str, str]) -> float:
    look, palette = sheet.look, sheet.look.palette
    key, icon, label, text = told
    side = look.em * 2.2
    x = at.x + side + look.gap
    w = at.right - x
    sheet.icon(f"{key}.icon", Rect(at.x, at.y, side, side), icon, palette.accent)
    sheet.text(
        f"{key}.label",
        Rect(x, at.y, w, look.em * 1.4),
        label,
        Style(0.95, Weight.SEMIBOLD, palette.muted, lines=1),
    )
    size = 1.2
    h = look.height(text, look.size(size), w)
    sheet.text(
        f"{key}.text",
        Rect(x, at.y + look.em * 1.45, w, h),
        text,
        Style(size, Weight.MEDIUM, valign="top"),
    )
    return at.y + max(side, look.em * 1.45 + h) + look.em * 0.9
