"""The kiosk's one decision function: state and event in, state and effects out. Pure."""

from dataclasses import replace

from kiosk.model import checkin, lookups, rating, ticketing
from kiosk.model.actions import (
    Acted,
    Action,
    Back,
    ChangeVolume,
    ChooseAgain,
    ChooseField,
    ChoosePriority,
    ChooseService,
    Chore,
    DoChore,
    Effects,
    EndVisit,
    Erase,
    Event,
    Forget,
    GiveReason,
    GiveScore,
    Hear,
    HoldCorner,
    Hush,
    Learned,
    LookUp,
    Moved,
    Open,
    PaperNews,
    PressKey,
    RateCounter,
    Read,
    ReadAloud,
    ReadTile,
    ReplyArrived,
    SayAgain,
    SayThat,
    ScrollTo,
    SetLanguage,
    ShowPeriod,
    ShowVain,
    SpeechEnded,
    Stay,
    SwitchKeyboard,
    TakeOnScreen,
    Ticked,
    Toggle,
    Touched,
    TouchedNothing,
    Warn,
    Wipe,
)
from kiosk.model.modes import VOLUMES, ModeName, Modes
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
    NoCheckIn,
    PickService,
    Pin,
    PrintingTicket,
    Procedures,
    Rating,
    RatingFaces,
    RatingSent,
    Tech,
    Thanks,
)
from kiosk.model.state import KioskModel

THANKS_S = 3.0
CORNERS_S = 15.0
_TRACE = 40
# They are meant to change nothing but the time of the last touch, or are hidden from citizens.
_SILENT = (Stay, HoldCorner)
_OFFSET_PAGES = (PickService, DossierResult, Fields, Procedures, Detail, Dashboard, Rating)


def step(model: KioskModel, event: Event) -> tuple[KioskModel, Effects]:
    """What is next, and what to do outside for it."""
    after, effects = _stepped(model, event)
    if (type(after.page), len(after.trail)) != (type(model.page), len(model.trail)):
        after = replace(after, offset=0.0)
    for effect in effects:
        match effect:
            case ReadAloud() | ReadTile() | SayThat():
                after = replace(after, speaking_since=after.now)
            case Hush():
                after = replace(after, speaking_since=None)
            case _:
                pass
    return after, effects


def _stepped(  # noqa: C901, PLR0911 - one case for each event
    model: KioskModel, event: Event
) -> tuple[KioskModel, Effects]:
    match event:
        case SpeechEnded():
            ended = model.speaking_since is not None
            spoken_at = model.now if ended else model.spoken_at
            return replace(model, speaking_since=None, spoken_at=spoken_at), ()
        case Ticked(now, wall):
            after, effects = _passed(replace(model, now=now, wall=wall))
            return after, (*effects, *_warned(model, after))
        case Touched(x, y):
            return _touched(model, x, y)
        case TouchedNothing():
            return model, (SayThat("said.missed"),) if model.modes.aloud else ()
        case Acted(action, act_id):
            awake = replace(model, touched=model.now)
            after, effects = _acted(awake, action, act_id)
            if after == awake and not effects and not isinstance(action, _SILENT):
                return after, _vain(after)
            return after, (*effects, *_spoken(model, after))
        case Moved(offset):
            return replace(_scrolled(model, offset), touched=model.now), ()
        case Read(text, act_id):
            return lookups.scanned(model, text, act_id)
        case ReplyArrived(asked_id, reply):
            after, effects = ticketing.answered(model, asked_id, reply)
            after = checkin.answered(after, asked_id, reply)
            after, more = lookups.answered(after, asked_id, reply)
            return after, (*effects, *more, *_spoken(model, after))
        case Learned(world):
            return replace(model, world=world), ()
        case PaperNews(ticket, fate):
            return ticketing.printed(model, ticket, fate), ()


def _vain(model: KioskModel) -> Effects:
    """A press that does nothing is answered all the same, also for who does not see."""
    return (ShowVain(), SayThat("said.vain")) if model.modes.aloud else (ShowVain(),)


def _passed(model: KioskModel) -> tuple[KioskModel, Effects]:
    if isinstance(model.page, RatingSent):
        return rating.passed(model, model.page), ()
    if isinstance(model.page, Thanks) and model.now - model.page.since >= THANKS_S:
        return model.fresh(), (Wipe(),)
    if model.left_s == 0.0 and not isinstance(model.page, PrintingTicket | CheckingIn):
        return _gone(model)
    return model, ()


def _warned(before: KioskModel, after: KioskModel) -> Effects:
    """Who does not see the countdown begin is told of it."""
    begun = before.countdown is None and after.countdown is not None
    return (Warn(),) if begun and after.modes.aloud else ()


def _gone(model: KioskModel) -> tuple[KioskModel, Effects]:
    """Nobody has touched the glass for long: wipe, and invite the next one."""
    pending = (Forget(model.page.id),) if isinstance(model.page, LookingUp) else ()
    fresh = model.fresh()
    if isinstance(model.page, Home) and model.setup.attract_s:
        fresh = replace(fresh, page=Attract())
    return fresh, (*pending, Wipe(), Hush())


def _touched(model: KioskModel, x: float, y: float) -> tuple[KioskModel, Effects]:
    awake = replace(model, touched=model.now)
    match model.page:
        case Attract():
            return replace(awake, page=Home()), ()
        case Tech(trace=trace) as page:
            return awake.swap(replace(page, trace=(*trace, (x, y))[-_TRACE:])), ()
        case _:
            return awake, ()


def _acted(  # noqa: C901, PLR0911, PLR0912 - one case for each act
    model: KioskModel, action: Action, act_id: str
) -> tuple[KioskModel, Effects]:
    match action:
        case Open(Lookup(typed="")):
            return model.open(lookups.first_page(model)), ()
        case Open(Rating()):
            return model.open(rating.first_page(model)), ()
        case Open(page):
            return model.open(page), ()
        case Back():
            return _back(model)
        case EndVisit():
            return _gone(model)
        case Stay():
            return model, ()
        case ChooseService(service):
            return ticketing.choose_service(model, service, act_id)
        case ChooseField(field):
            return ticketing.choose_field(model, field, act_id)
        case ChoosePriority(priority):
            return ticketing.choose_priority(model, priority, act_id)
        case TakeOnScreen():
            return _on_screen(model, act_id)
        case PressKey(letter):
            return _typed(model, letter), ()
        case Erase():
            return _erased(model), ()
        case SwitchKeyboard():
            return _turned(model), ()
        case LookUp():
            return _submitted(model, act_id)
        case ShowPeriod(period):
            return model.swap(Dashboard(period)), ()
        case ScrollTo(offset):
            return _scrolled(model, offset), ()
        case RateCounter(counter):
            about = None if counter is None else model.world.served.last(counter)
            return model.open(RatingFaces(about)), ()
        case GiveScore(score):
            return rating.score(model, score, act_id)
        case GiveReason(reason):
            return rating.reason(model, reason, act_id)
        case ChooseAgain():
            return rating.take_back(model, act_id)
        case SetLanguage(lang):
            return replace(model, modes=replace(model.modes, lang=lang)), ()
        case Toggle(mode):
            return _toggled(model, mode)
        case SayAgain():
            return model, (ReadAloud(),)
        case Hear(key):
            return model, (ReadTile(key),)
        case ChangeVolume():
            return _louder(model), (ReadAloud(),)
        case HoldCorner(right):
            return _corner(model, right=right), ()
        case Chore("maintenance"):
            # "Quay lại" must not lead to a citizen's page of a kiosk that is out of service.
            return replace(model, maintenance=not model.maintenance, trail=()), ()
        case Chore(name):
            return model, (DoChore(name, act_id),)


def _submitted(model: KioskModel, act_id: str) -> tuple[KioskModel, Effects]:
    if isinstance(model.page, CheckInPage):
        return checkin.submit(model, act_id)
    return lookups.submit(model, act_id)


def _on_screen(model: KioskModel, act_id: str) -> tuple[KioskModel, Effects]:
    if isinstance(model.page, NoCheckIn):
        return checkin.on_screen(model, model.page, act_id)
    return ticketing.on_screen(model, act_id)


def _back(model: KioskModel) -> tuple[KioskModel, Effects]:
    if not model.trail:
        return _gone(model)
    pending = (Forget(model.page.id),) if isinstance(model.page, LookingUp) else ()
    return replace(model, page=model.trail[-1], trail=model.trail[:-1]), pending


def _typed(model: KioskModel, letter: str) -> KioskModel:
    match model.page:
        case Lookup() | CheckInPage():
            return lookups.typed(model, letter)
        case Procedures() as page:
            return model.swap(page.with_letter(letter))
        case Pin() as page:
            return _pin(model, page, letter)
        case _:
            return model


def _pin(model: KioskModel, page: Pin, letter: str) -> KioskModel:
    typed = page.typed + letter
    if typed == model.setup.pin:
        return model.swap(Tech())
    if len(typed) < len(model.setup.pin):
        return model.swap(Pin(typed))
    guessed = replace(model, pin_limiter=model.pin_limiter.missed(model.now))
    return guessed.fresh() if _guessing(guessed) else guessed.swap(Pin("", wrong=True))


def _guessing(model: KioskModel) -> bool:
    """Who tries one PIN after another waits longer each time, and leaving does not help."""
    return model.pin_limiter.wait_s(model.now) > 0


def _erased(model: KioskModel) -> KioskModel:
    match model.page:
        case Lookup() as page:
            return lookups.erased(model, page)
        case CheckInPage(typed=typed) as page:
            return model.swap(replace(page, typed=typed[:-1]))
        case Procedures(query=query) as page:
            return model.swap(replace(page, query=query[:-1], offset=0.0))
        case Pin(typed=typed):
            return model.swap(Pin(typed[:-1]))
        case _:
            return model


def _turned(model: KioskModel) -> KioskModel:
    match model.page:
        case (Lookup(letters=letters) | CheckInPage(letters=letters)) as page:
            return model.swap(replace(page, letters=not letters))
        case Procedures(keyboard=keyboard) as page:
            return model.swap(replace(page, keyboard=not keyboard))
        case _:
            return model


def _toggled(model: KioskModel, mode: ModeName) -> tuple[KioskModel, Effects]:
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


def _louder(model: KioskModel) -> KioskModel:
    after = VOLUMES[(VOLUMES.index(model.modes.volume) + 1) % len(VOLUMES)]
    return replace(model, modes=replace(model.modes, volume=after))


def _spoken(before: KioskModel, after: KioskModel) -> Effects:
    """With "Đọc to" on, every new page is read."""
    turned_over = type(before.page) is not type(after.page)
    return (ReadAloud(),) if after.modes.aloud and before.modes.aloud and turned_over else ()


def _corner(model: KioskModel, *, right: bool) -> KioskModel:
    if not model.setup.pin or _guessing(model):
        return model
    if not right:
        return replace(model, corner=model.now)
    if model.corner is None or model.now - model.corner > CORNERS_S:
        return model
    return replace(model, corner=None).open(Pin())


def _scrolled(model: KioskModel, offset: float) -> KioskModel:
    page = model.page
    if isinstance(page, _OFFSET_PAGES):
        return model.swap(replace(page, offset=offset))
    return replace(model, offset=offset)
