"""The pages as scenes: one file a page, each `draw(sheet, model)`. Pure."""

from dataclasses import replace
from typing import assert_never

from hall.screen.tree import Scene
from kiosk.drawing import frame, large_page, siblings
from kiosk.drawing.scene_builder import SceneBuilder
from kiosk.drawing.theme import Theme
from kiosk.model.pages import (
    Attract,
    CheckingIn,
    CheckInPage,
    Dashboard,
    Detail,
    DossierResult,
    Fields,
    Home,
    LookingUp,
    Lookup,
    Maintenance,
    NoCheckIn,
    NoResult,
    NoTicket,
    PickPriority,
    PickService,
    Pin,
    PrintingTicket,
    Procedures,
    Rating,
    RatingFaces,
    RatingSent,
    Tech,
    Thanks,
    TicketTaken,
)
from kiosk.model.state import KioskModel
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


def scene(model: KioskModel, theme: Theme) -> Scene:
    """What is up now, overlays included, with the hall's names in the language of the words."""
    model = replace(model, setup=model.setup.renamed(theme.words.name))
    name = f"{type(model.page).__name__}.{len(model.trail)}"
    if theme.modes.large and not isinstance(model.page, Attract):
        nodes = large_page.nodes(model, theme, lambda drawn: _drawn(model, drawn).nodes)
    else:
        sheet = _drawn(model, theme)
        frame.bar(sheet, model)
        frame.countdown(sheet, model)
        nodes = siblings.level(sheet.nodes, theme)
    return Scene(name, theme.palette.page, nodes, model.personal)


def _drawn(model: KioskModel, theme: Theme) -> SceneBuilder:
    sheet = SceneBuilder(theme)
    _page(sheet, model)
    return sheet


def _page(sheet: SceneBuilder, model: KioskModel) -> None:  # noqa: C901, PLR0912 - one case for each page
    match model.page:
        case Attract():
            attract.draw(sheet, model)
        case Home():
            home.draw(sheet, model)
        case PickService() as page:
            services.draw(sheet, model, page)
        case PickPriority() as page:
            services.draw_priority(sheet, model, page)
        case PrintingTicket() as page:
            ticket.draw_waiting(sheet, model, page)
        case TicketTaken() as page:
            ticket.draw(sheet, model, page)
        case NoTicket() as page:
            noticket.draw(sheet, model, page)
        case CheckInPage() as page:
            checkin.draw(sheet, model, page)
        case CheckingIn() as page:
            checkin.draw_waiting(sheet, model, page)
        case NoCheckIn() as page:
            checkin.draw_trouble(sheet, model, page)
        case Lookup() as page:
            lookup.draw(sheet, model, page)
        case LookingUp() as page:
            lookup.draw_asking(sheet, model, page)
        case NoResult() as page:
            lookup.draw_trouble(sheet, model, page)
        case DossierResult() as page:
            result.draw(sheet, model, page)
        case Fields() as page:
            catalogue.draw_fields(sheet, model, page)
        case Procedures() as page:
            catalogue.draw(sheet, model, page)
        case Detail() as page:
            detail.draw(sheet, model, page)
        case Dashboard() as page:
            dashboard.draw(sheet, model, page)
        case Rating() | RatingFaces() | RatingSent() | Thanks() as page:
            rating.draw(sheet, model, page)
        case Maintenance():
            tech.draw_maintenance(sheet, model)
        case Pin() as page:
            tech.draw_pin(sheet, model, page)
        case Tech() as page:
            tech.draw(sheet, model, page)
        case unreachable:
            assert_never(unreachable)
