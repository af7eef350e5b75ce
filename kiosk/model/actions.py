"""What a person can do on the glass, and what happens to the kiosk from outside: as values."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from hall.contract.messages import Reply
from hall.runtime.served import ServedThere
from kiosk.model.modes import ModeName
from kiosk.model.pages import Page
from kiosk.model.world import World

ChoreName = Literal["test-print", "photograph", "speak", "maintenance", "restart"]

# --- on the glass -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Open:
    """Go to a page; "Quay lại" leads back from it."""

    page: Page


@dataclass(frozen=True, slots=True)
class Back:
    pass


@dataclass(frozen=True, slots=True)
class EndVisit:
    """The citizen is done: everything of theirs is wiped."""


@dataclass(frozen=True, slots=True)
class Stay:
    """“Tiếp tục”: the idle countdown starts anew."""


@dataclass(frozen=True, slots=True)
class ChooseService:
    service: str


@dataclass(frozen=True, slots=True)
class ChooseField:
    """A number for a procedure of this field of work, by its Vietnamese name."""

    field: str


@dataclass(frozen=True, slots=True)
class ChoosePriority:
    priority: str | None


@dataclass(frozen=True, slots=True)
class TakeOnScreen:
    """A number without paper, to be photographed."""


@dataclass(frozen=True, slots=True)
class PressKey:
    """A key of the page's own keyboard."""

    letter: str


@dataclass(frozen=True, slots=True)
class Erase:
    pass


@dataclass(frozen=True, slots=True)
class SwitchKeyboard:
    """Between digits and letters, or the search keys up and down."""


@dataclass(frozen=True, slots=True)
class LookUp:
    """Send off the code that stands in the field: of a dossier, or of an appointment."""


@dataclass(frozen=True, slots=True)
class ShowPeriod:
    period: int


@dataclass(frozen=True, slots=True)
class ScrollTo:
    """A list's own buttons, for who cannot drag: to `offset` mm."""

    offset: float


@dataclass(frozen=True, slots=True)
class RateCounter:
    """`counter` None: the hall as a whole."""

    counter: str | None


@dataclass(frozen=True, slots=True)
class GiveScore:
    score: int


@dataclass(frozen=True, slots=True)
class GiveReason:
    reason: str


@dataclass(frozen=True, slots=True)
class ChooseAgain:
    """The score was a slip."""


@dataclass(frozen=True, slots=True)
class SetLanguage:
    lang: str


@dataclass(frozen=True, slots=True)
class Toggle:
    mode: ModeName


@dataclass(frozen=True, slots=True)
class SayAgain:
    """“Đọc lại”: the page from its beginning."""


@dataclass(frozen=True, slots=True)
class Hear:
    """A finger rested on this target: say what it is."""

    key: str


@dataclass(frozen=True, slots=True)
class ChangeVolume:
    """To the next loudness, and round again."""


@dataclass(frozen=True, slots=True)
class HoldCorner:
    """One of the hidden corners was held."""

    right: bool


@dataclass(frozen=True, slots=True)
class Chore:
    """A press in the technician's menu."""

    name: ChoreName


Action = (
    Open
    | Back
    | EndVisit
    | Stay
    | ChooseService
    | ChooseField
    | ChoosePriority
    | TakeOnScreen
    | PressKey
    | Erase
    | SwitchKeyboard
    | LookUp
    | ShowPeriod
    | ScrollTo
    | RateCounter
    | GiveScore
    | GiveReason
    | ChooseAgain
    | SetLanguage
    | Toggle
    | SayAgain
    | Hear
    | ChangeVolume
    | HoldCorner
    | Chore
)


# --- to the model -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Acted:
    """A person's act; `id` is fresh, made for this act alone."""

    action: Action
    id: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A list was scrolled to `offset` mm."""

    offset: float


@dataclass(frozen=True, slots=True)
class TouchedNothing:
    """A finger came and went where nothing answers."""


@dataclass(frozen=True, slots=True)
class Touched:
    """A finger came down, wherever."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Read:
    """A scanner read something. `id` is fresh."""

    text: str = field(repr=False)
    id: str


@dataclass(frozen=True, slots=True)
class ReplyArrived:
    """The reply to what was asked with `id`."""

    id: str
    reply: Reply


@dataclass(frozen=True, slots=True)
class Learned:
    world: World


@dataclass(frozen=True, slots=True)
class PaperNews:
    """What became of the paper of a ticket."""

    ticket: str
    fate: Literal["printed", "print_unknown", "voided"]


@dataclass(frozen=True, slots=True)
class Ticked:
    """Time went on. `wall` is in the hall's time zone."""

    now: float
    wall: datetime


@dataclass(frozen=True, slots=True)
class SpeechEnded:
    """What was begun last has been said to its end, or could not be."""


Event = (
    SpeechEnded
    | Acted
    | Moved
    | Touched
    | TouchedNothing
    | Read
    | ReplyArrived
    | Learned
    | PaperNews
    | Ticked
)


# --- from the model -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AskTicket:
    """`paperless`: a plain issue, nothing is printed."""

    id: str
    service: str
    priority: str | None
    lang: str
    paperless: bool


@dataclass(frozen=True, slots=True)
class AskCheckIn:
    """`paperless`: nothing is printed."""

    id: str
    code: str = field(repr=False)
    lang: str
    paperless: bool


@dataclass(frozen=True, slots=True)
class AskDossier:
    id: str
    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SendScore:
    """`about`: the ticket at its counter; None: the hall as a whole. `question`, `reason`: ids."""

    id: str
    score: int
    about: ServedThere | None = None
    reason: str = ""
    question: str = ""


@dataclass(frozen=True, slots=True)
class TakeBackScore:
    id: str
    about: ServedThere | None
    question: str = ""


@dataclass(frozen=True, slots=True)
class Forget:
    """Nobody waits for the answer to `id` any more."""

    id: str


@dataclass(frozen=True, slots=True)
class Wipe:
    """Drop every trace of the citizen outside the model too: drawn text, scans, speech."""


@dataclass(frozen=True, slots=True)
class ReadAloud:
    """Speak the page that is up now."""


@dataclass(frozen=True, slots=True)
class ReadTile:
    """Speak what stands on this target."""

    key: str


@dataclass(frozen=True, slots=True)
class ShowVain:
    """The act has changed nothing: let it be seen where the finger was."""


@dataclass(frozen=True, slots=True)
class SayThat:
    """Speak one of the texts that are said and not shown."""

    key: Literal["said.vain", "said.missed"]


@dataclass(frozen=True, slots=True)
class Warn:
    """Speak the question whether anybody is still there."""


@dataclass(frozen=True, slots=True)
class Hush:
    pass


@dataclass(frozen=True, slots=True)
class DoChore:
    name: ChoreName
    id: str


Effect = (
    AskTicket
    | AskCheckIn
    | AskDossier
    | SendScore
    | TakeBackScore
    | Forget
    | Wipe
    | ReadAloud
    | ReadTile
    | ShowVain
    | SayThat
    | Warn
    | Hush
    | DoChore
)
Effects = tuple[Effect, ...]
