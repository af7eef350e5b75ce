"""The pages as scenes: one file a page, each `draw(sheet, model)`. Pure."""

from hall.screen.tree import Scene
from kiosk.drawing import frame
from kiosk.drawing.look import Look
from kiosk.drawing.sheet import Sheet
from kiosk.model.pages import (
    Asking,
    Attract,
    CheckIn,
    CheckingIn,
    Dashboard,
    Detail,
    Dispensing,
    Fields,
    Home,
    Lookup,
    Maintenance,
    NoCheckIn,
    NoResult,
    NoTicket,
    PickPriority,
    PickService,
    Pin,
    Procedures,
    Rating,
    Result,
    Tech,
    Thanks,
    TicketTaken,
)
from kiosk.model.state import Model
from kiosk.screens import (
    attract,
    catalogue,
    checkin,
    dashboard,
    detail,
    home,
    lookup,
    noticket,
    rating,
    result,
    services,
    tech,
    ticket,
)


def scene(model: Model, look: Look) -> Scene:
    """What is up now, overlays included."""
    sheet = Sheet(look)
    _page(sheet, model)
    if not isinstance(model.page, Maintenance):
        frame.bar(sheet, model)
    frame.countdown(sheet, model)
    name = f"{type(model.page).__name__}.{len(model.trail)}"
    return Scene(name, look.palette.page, tuple(sheet.nodes), model.personal)


def _page(sheet: Sheet, model: Model) -> None:  # noqa: C901, PLR0912 - one case for each page
    match model.page:
        case Attract():
            attract.draw(sheet, model)
        case Home():
            home.draw(sheet, model)
        case PickService() as page:
            services.draw(sheet, model, page)
        case PickPriority() as page:
            services.draw_priority(sheet, model, page)
        case Dispensing() as page:
            ticket.draw_waiting(sheet, model, page)
        case TicketTaken() as page:
            ticket.draw(sheet, model, page)
        case NoTicket() as page:
            noticket.draw(sheet, model, page)
        case CheckIn() as page:
            checkin.draw(sheet, model, page)
        case CheckingIn() as page:
            checkin.draw_waiting(sheet, model, page)
        case NoCheckIn() as page:
            checkin.draw_trouble(sheet, model, page)
        case Lookup() as page:
            lookup.draw(sheet, model, page)
        case Asking() as page:
            lookup.draw_asking(sheet, model, page)
        case NoResult() as page:
            lookup.draw_trouble(sheet, model, page)
        case Result() as page:
            result.draw(sheet, model, page)
        case Fields() as page:
            catalogue.draw_fields(sheet, model, page)
        case Procedures() as page:
            catalogue.draw(sheet, model, page)
        case Detail() as page:
            detail.draw(sheet, model, page)
        case Dashboard() as page:
            dashboard.draw(sheet, model, page)
        case Rating():
            rating.draw(sheet, model)
        case Thanks():
            rating.draw_thanks(sheet, model)
        case Maintenance():
            tech.draw_maintenance(sheet, model)
        case Pin() as page:
            tech.draw_pin(sheet, model, page)
        case Tech() as page:
            tech.draw(sheet, model, page)
