"""Why no number is given, in words: short on a tile, whole on the page that says what to do."""

from kiosk.drawing import frame
from kiosk.drawing.scene_builder import SceneBuilder
from kiosk.model import reopening
from kiosk.model.pages import NoTicket
from kiosk.model.state import KioskModel

_FAULTS = frozenset({"paper_out", "cover_open", "offline"})
_WHY = {
    "offline": "trouble.no_controller",
    "closed": "trouble.closed",
    "limit": "trouble.limit",
    "busy": "trouble.busy",
    "voided": "trouble.voided",
}
_UNTIL = {"trouble.closed": "trouble.opens", "trouble.stopped": "trouble.again_at"}
_ON_TILE = {
    "trouble.limit": "ticket.full",
    "trouble.closed_service": "ticket.closed",
    "trouble.after_hours": "ticket.after_hours",
    "trouble.closed": "home.outside_hours",
    "trouble.stopped": "home.stopped",
    "trouble.no_controller": "trouble.no_controller",
}


def why(page: NoTicket, model: KioskModel) -> str:
    """The key of the sentence that says why."""
    if page.fault in _FAULTS:
        return f"trouble.{page.fault}"
    if page.code != "closed":
        return _WHY.get(page.code, "trouble.unavailable")
    if model.world.stopped:
        return "trouble.stopped"
    if not model.world.gives_tickets:
        return "trouble.closed"
    late = reopening.is_after_hours(model, page.service)
    return "trouble.after_hours" if late else "trouble.closed_service"


def on_tile(sheet: SceneBuilder, model: KioskModel, page: NoTicket) -> tuple[str, ...]:
    """The reason with the next step, then the reason alone for less room."""
    words, reason = sheet.theme.words, why(page, model)
    told = words(_ON_TILE.get(reason, reason)).removesuffix(".")
    again = reopening.given_again(model, page)
    when = frame.moment(sheet, model, again) if again else frame.opens(model, sheet)
    step = words("ticket.again_at", when=when) if when else words("ticket.ask_help")
    return f"{told} · {step}", told


def what_to_do(sheet: SceneBuilder, model: KioskModel, page: NoTicket) -> str:
    """When numbers are given again, and where else it can be done."""
    words, reason = sheet.theme.words, why(page, model)
    when = frame.opens(model, sheet)
    if when and reason in _UNTIL:
        return words(_UNTIL[reason], when=when)
    if page.code not in {"limit", "closed"} or not model.world.gives_tickets:
        return words("ticket.help")
    again = reopening.given_again(model, page)
    told = [words("trouble.again_from", when=frame.moment(sheet, model, again))] if again else []
    service = model.setup.service(page.service)
    if service is not None and service.elsewhere:
        told.append(words("trouble.elsewhere", place=service.elsewhere))
    else:
        told.append(words("trouble.urgent"))
    if model.setup.public_url:
        told.append(words("trouble.online"))
    return " ".join(told)
