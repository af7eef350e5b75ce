"""The call in progress, the largest thing on the board, and the calls before it. Pure."""

from display.board.brush import Brush
from display.board.contents import BigCall, BoardView
from display.board.plan import BoardLayout
from hall.fonts import Weight
from hall.screen.geometry import Rect
from hall.screen.palette import mix
from hall.screen.tree import Box, Icon, Label, Node


def nodes(look: BoardView, made: BoardLayout, brush: Brush) -> list[Node]:
    unit, palette, big = made.unit, brush.palette, look.call
    bright = big is not None and big.bright
    calm, loud = palette.header_bottom, palette.gold
    ink = palette.header_bottom if bright else palette.on_header
    if palette.flat and bright:
        ink = palette.page
    brush = brush.on(loud if bright else calm, ink)
    border = palette.header_bottom if bright else palette.gold
    ground = Box(
        "call", made.call, brush.back, radius=unit * 1.6, border=border, border_mm=unit * 0.6
    )
    recent = _recent(look, made.recent, brush)
    return [ground, *_middle(look, made, brush), *recent]


def _middle(look: BoardView, made: BoardLayout, brush: Brush) -> list[Node]:
    big, room = look.call, made.called
    if look.closed and (big is None or not big.fresh):
        return _closed(look, room, brush)
    if big is None:
        return _invitation(room, brush)
    return _big(big, made, brush) if len(look.calls) == 1 else _several(look.calls, made, brush)


def _big(big: BigCall, made: BoardLayout, brush: Brush) -> list[Node]:
    words, unit, room = brush.words, made.unit, made.called
    second = words.second
    invite, number, to, title = _parts(room, brush, 2 if brush.floor else 1)
    head = words.invite if big.fresh else words.last
    upper, lower = invite.rows(50 if brush.floor else 60, 50 if brush.floor else 40)
    upper = upper if second else invite
    join = f"{words.counter} · {second.counter}" if second else words.counter
    drawn: list[Node] = [
        brush.line("call-invite", upper, head, 6, align="centre"),
        brush.number("call-number", number, big.number, made.number_em * 1.15, align="centre"),
        brush.line("call-to", to, join, 4, weight=Weight.MEDIUM, align="centre"),
        brush.line(
            "call-title", title, big.title.upper(), 9.5, align="centre",
            lines=2 if brush.floor else 1, instead=tuple(each.upper() for each in big.shorter),
        ),
    ]  # fmt: skip
    if second is not None:
        drawn.append(
            brush.line(
                "call-invite-2", lower, second.invite, 3.4, weight=Weight.MEDIUM, align="centre"
            )
        )
    if big.sign is not None:
        side = min(unit * 10, invite.h)
        drawn += brush.sign("call-sign", Rect(room.right - side, room.y, side, side), big.sign)
    if big.bright:
        corner = Rect(room.x, room.y, unit * 7, unit * 7)
        drawn.append(Icon("call-icon", corner, "speaker", brush.ink))
    return drawn


def _parts(room: Rect, brush: Brush, lines: int) -> tuple[Rect, Rect, Rect, Rect]:
    """Invitation, number, "to", counter: the number has what the others leave."""
    second = brush.words.second is not None
    if not brush.floor:
        invite, number, to, title = room.rows(16 if second else 13, 44, 12, 20)
        return invite, number, to.above(to.h * 0.25), title
    invites = max(room.h * 0.13, brush.high(0) * (2 if second else 1))
    between = max(room.h * 0.09, brush.high(0))
    named = max(room.h * 0.2, brush.high(0, lines))
    left = room.h - invites - between - named
    invite, number, to, title = room.rows(invites, left, between, named)
    return invite, number, to, title


def _several(bigs: tuple[BigCall, ...], made: BoardLayout, brush: Brush) -> list[Node]:
    """Calls of the same moment below one another, each number over its counter, or beside it."""
    share = max(0.14, brush.high(0) / made.called.h)
    head, body = made.called.rows(share, 1 - share)
    drawn: list[Node] = [brush.line("call-invite", head, brush.words.invite, 6, align="centre")]
    rows = body.rows(*[1] * len(bigs), gap=brush.unit)
    for index, (big, row) in enumerate(zip(bigs, rows, strict=True)):
        number, title = row.columns(1, 1) if brush.floor else row.rows(62, 38)
        drawn += [
            brush.number(
                f"call-number-{index}", number, big.number, made.number_em, align="centre"
            ),
            brush.line(
                f"call-title-{index}",
                title,
                big.title.upper(),
                7,
                align="centre",
                instead=tuple(each.upper() for each in big.shorter),
            ),
        ]
    return drawn


def _invitation(room: Rect, brush: Brush) -> list[Node]:
    """Nobody was called yet: what a person who comes in should do."""
    return [
        _icon("call-none-icon", room, "ticket", brush),
        brush.line(
            "call-none", room.rows(5, 2, 2)[1], brush.words.take, 6.4, align="centre", lines=2
        ),
        brush.line(
            "call-none-2",
            room.rows(5, 2, 2)[2],
            brush.words.nobody,
            4,
            weight=Weight.MEDIUM,
            align="centre",
            lines=2,
        ),
    ]


def _icon(key: str, room: Rect, name: str, brush: Brush) -> Icon:
    above = room.rows(5, 2, 2)[0]
    side = min(above.h * 0.7, brush.unit * 20)
    place = Rect(above.centre[0] - side / 2, above.bottom - side - brush.unit * 2, side, side)
    return Icon(key, place, name, brush.ink)


def _closed(look: BoardView, room: Rect, brush: Brush) -> list[Node]:
    _, text, opens = room.rows(5, 2, 2)
    drawn: list[Node] = [
        _icon("closed-icon", room, "clock", brush),
        brush.line("closed-text", text, brush.words.closed, 6.4, align="centre", lines=2),
    ]
    if look.opens:
        told = f"{brush.words.opens}: {look.opens}"
        drawn.append(
            brush.line(
                "closed-opens", opens, told, 4, weight=Weight.MEDIUM, align="centre", lines=2
            )
        )
    return drawn


def _recent(look: BoardView, place: Rect, brush: Brush) -> list[Node]:
    """As many rows as have room; their heading says what they are."""
    unit, words = brush.unit, brush.words
    head = brush.high(5)
    shown = look.recent[: max(0, int((place.h - head + 0.01) // brush.high(5.4)))]
    if not shown:
        return []
    brush_soft = mix(brush.back, brush.ink, 0.84)
    second = words.second
    heading = words.recent if second is None else f"{words.recent} · {second.recent}"
    drawn: list[Node] = [
        Box("recent-line", place.top(unit * 0.25), mix(brush.back, brush.ink, 0.35)),
        brush.line(
            "recent-head",
            place.top(head).below(unit * 0.6),
            heading,
            2.9,
            color=brush_soft,
            weight=Weight.MEDIUM,
            instead=(words.recent,),
        ),
    ]
    rows = place.below(head).grid(1, max(1 if brush.floor else 3, len(shown)), 0)
    for index, (call, row) in enumerate(zip(shown, rows, strict=False)):
        left, right = row.columns(1, 1)
        drawn.append(_recent_number(f"recent-{index}", left, call.number, brush))
        drawn.append(
            brush.line(
                f"recent-to-{index}",
                right,
                call.title,
                4.4,
                color=brush_soft,
                weight=Weight.MEDIUM,
                align="right",
                instead=call.shorter,
            )
        )
    return drawn


def _recent_number(key: str, place: Rect, number: str, brush: Brush) -> Label:
    return brush.number(key, place, number, brush.unit * 5.2, align="left")
