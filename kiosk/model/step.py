"""The kiosk's one decision function: state and event in, state and wishes out. Pure."""

from dataclasses import replace

from kiosk.model import browsing, checkin, lookups, ticketing
from kiosk.model.actions import (
    Acted,
    Action,
    Answered,
    Back,
    ChangeVolume,
    ChoosePriority,
    ChooseService,
    Chore,
    Corner,
    DoChore,
    Effects,
    Erase,
    Event,
    Finish,
    Forget,
    GiveScore,
    Hush,
    Learned,
    LookUp,
    Moved,
    Open,
    Press,
    Printed,
    Read,
    ReadAloud,
    SayAgain,
    ScrollTo,
    SendScore,
    SetLanguage,
    ShowPeriod,
    Stay,
    TakeOnScreen,
    Ticked,
    Toggle,
    Touched,
    Turn,
    Wipe,
)
from kiosk.model.modes import VOLUMES, ModeName, Modes
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
    NoCheckIn,
    PickService,
    Pin,
    Procedures,
    Result,
    Tech,
    Thanks,
)
from kiosk.model.state import Model

THANKS_S = 3.0
CORNERS_S = 15.0
_TRACE = 40
_OFFSET_PAGES = (PickService, Result, Fields, Procedures, Detail, Dashboard)


def step(  # noqa: PLR0911 - one case for each event
    model: Model, event: Event
) -> tuple[Model, Effects]:
    """What is next, and what to do outside for it."""
    match event:
        case Ticked(now, wall):
            after, effects = _passed(replace(model, now=now, wall=wall))
            return after, (*effects, *_warned(model, after))
        case Touched(x, y):
            return _touched(model, x, y)
        case Acted(action, act_id):
            after, effects = _acted(replace(model, touched=model.now), action, act_id)
            return after, (*effects, *_spoken(model, after))
        case Moved(offset):
            return replace(_scrolled(model, offset), touched=model.now), ()
        case Read(text, act_id):
            return lookups.scanned(replace(model, touched=model.now), text, act_id)
        case Answered(asked_id, reply):
            after, effects = ticketing.answered(model, asked_id, reply)
            after = checkin.answered(after, asked_id, reply)
            after, more = lookups.answered(after, asked_id, reply)
            return after, (*effects, *more, *_spoken(model, after))
        case Learned(world):
            return replace(model, world=world), ()
        case Printed(ticket, fate):
            return ticketing.printed(model, ticket, fate), ()


def _passed(model: Model) -> tuple[Model, Effects]:
    if isinstance(model.page, Thanks) and model.now - model.page.since >= THANKS_S:
        return model.fresh(), (Wipe(),)
    if model.left_s == 0.0 and not isinstance(model.page, Dispensing | CheckingIn):
        return _gone(model)
    return model, ()


def _warned(before: Model, after: Model) -> Effects:
    """Who does not see the countdown begin is told of it."""
    begun = before.countdown is None and after.countdown is not None
    return (ReadAloud(),) if begun and after.modes.aloud else ()


def _gone(model: Model) -> tuple[Model, Effects]:
    """Nobody has touched the glass for long: wipe, and invite the next one."""
    pending = (Forget(model.page.id),) if isinstance(model.page, Asking) else ()
    fresh = model.fresh()
    if isinstance(model.page, Home) and model.setup.attract_s:
        fresh = replace(fresh, page=Attract())
    return fresh, (*pending, Wipe(), Hush())


def _touched(model: Model, x: float, y: float) -> tuple[Model, Effects]:
    awake = replace(model, touched=model.now)
    match model.page:
        case Attract():
            return replace(awake, page=Home()), ()
        case Tech(trace=trace) as page:
            return awake.swap(replace(page, trace=(*trace, (x, y))[-_TRACE:])), ()
        case _:
            return awake, ()


def _acted(  # noqa: C901, PLR0911, PLR0912 - one case for each act
    model: Model, action: Action, act_id: str
) -> tuple[Model, Effects]:
    match action:
        case Open(page):
            return model.open(page), ()
        case Back():
            return _back(model)
        case Finish():
            return _gone(model)
        case Stay():
            return model, ()
        case ChooseService(service):
            return ticketing.choose_service(model, service, act_id)
        case ChoosePriority(priority):
            return ticketing.choose_priority(model, priority, act_id)
        case TakeOnScreen():
            return _on_screen(model, act_id)
        case Press(letter):
            return _typed(model, letter), ()
        case Erase():
            return _erased(model), ()
        case Turn():
            return _turned(model), ()
        case LookUp():
            return _submitted(model, act_id)
        case ShowPeriod(period):
            return model.swap(Dashboard(period)), ()
        case ScrollTo(offset):
            return _scrolled(model, offset), ()
        case GiveScore(score):
            return replace(model, page=Thanks(model.now), trail=()), (SendScore(act_id, score),)
        case SetLanguage(lang):
            return replace(model, modes=replace(model.modes, lang=lang)), ()
        case Toggle(mode):
            return _toggled(model, mode)
        case SayAgain():
            return model, (ReadAloud(),)
        case ChangeVolume():
            return _louder(model), (ReadAloud(),)
        case Corner(right):
            return _corner(model, right=right), ()
        case Chore("maintenance"):
            return replace(model, maintenance=not model.maintenance), ()
        case Chore(name):
            return model, (DoChore(name, act_id),)


def _submitted(model: Model, act_id: str) -> tuple[Model, Effects]:
    if isinstance(model.page, CheckIn):
        return checkin.submit(model, act_id)
    return lookups.submit(model, act_id)


def _on_screen(model: Model, act_id: str) -> tuple[Model, Effects]:
    if isinstance(model.page, NoCheckIn):
        return checkin.on_screen(model, model.page, act_id)
    return ticketing.on_screen(model, act_id)


def _back(model: Model) -> tuple[Model, Effects]:
    if not model.trail:
        return _gone(model)
    pending = (Forget(model.page.id),) if isinstance(model.page, Asking) else ()
    return replace(model, page=model.trail[-1], trail=model.trail[:-1]), pending


def _typed(model: Model, letter: str) -> Model:
    match model.page:
        case Lookup() | CheckIn():
            return lookups.typed(model, letter)
        case Procedures() as page:
            return model.swap(browsing.typed(page, letter))
        case Pin() as page:
            return _pin(model, page, letter)
        case _:
            return model


def _pin(model: Model, page: Pin, letter: str) -> Model:
    typed = page.typed + letter
    if typed == model.setup.pin:
        return model.swap(Tech())
    if len(typed) < len(model.setup.pin):
        return model.swap(Pin(typed))
    guessed = replace(model, pin_limiter=model.pin_limiter.missed(model.now))
    return guessed.fresh() if _guessing(guessed) else guessed.swap(Pin("", wrong=True))


def _guessing(model: Model) -> bool:
    """Who tries one PIN after another waits longer each time, and leaving does not help."""
    return model.pin_limiter.wait_s(model.now) > 0


def _erased(model: Model) -> Model:
    match model.page:
        case (Lookup(typed=typed) | CheckIn(typed=typed)) as page:
            return model.swap(replace(page, typed=typed[:-1]))
        case Procedures(query=query) as page:
            return model.swap(replace(page, query=query[:-1], offset=0.0))
        case Pin(typed=typed):
            return model.swap(Pin(typed[:-1]))
        case _:
            return model


def _turned(model: Model) -> Model:
    match model.page:
        case (Lookup(letters=letters) | CheckIn(letters=letters)) as page:
            return model.swap(replace(page, letters=not letters))
        case Procedures(keyboard=keyboard) as page:
            return model.swap(replace(page, keyboard=not keyboard))
        case _:
            return model


def _toggled(model: Model, mode: ModeName) -> tuple[Model, Effects]:
    modes = _switched(model.modes, mode)
    after = replace(model, modes=modes)
    if mode != "aloud":
        return after, ()
    return after, (ReadAloud(),) if modes.aloud else (Hush(),)


def _switched(modes: Modes, mode: ModeName) -> Modes:
    match mode:
        case "large":
            return replace(modes, large=not modes.large)
        case "contrast":
            return replace(modes, contrast=not modes.contrast)
        case "wheelchair":
            return replace(modes, wheelchair=not modes.wheelchair)
        case "aloud":
            return replace(modes, aloud=not modes.aloud)


def _louder(model: Model) -> Model:
    after = VOLUMES[(VOLUMES.index(model.modes.volume) + 1) % len(VOLUMES)]
    return replace(model, modes=replace(model.modes, volume=after))


def _spoken(before: Model, after: Model) -> Effects:
    """With "Đọc to" on, every new page is read."""
    turned_over = type(before.page) is not type(after.page)
    return (ReadAloud(),) if after.modes.aloud and before.modes.aloud and turned_over else ()


def _corner(model: Model, *, right: bool) -> Model:
    if not model.setup.pin or _guessing(model):
        return model
    if not right:
        return replace(model, corner=model.now)
    if model.corner is None or model.now - model.corner > CORNERS_S:
        return model
    return replace(model, corner=None).open(Pin())


def _scrolled(model: Model, offset: float) -> Model:
    page = model.page
    return model.swap(replace(page, offset=offset)) if isinstance(page, _OFFSET_PAGES) else model
