"""The pages of the kiosk, each with what it needs to be drawn; one is up at a time."""

from dataclasses import dataclass, field, replace
from typing import Literal

from hall.contract.onestop_requests import DossierData
from hall.contract.requests import Appointment, IssueData
from hall.runtime.served import ServedThere

LONGEST_QUERY = 40

Trouble = Literal["unknown", "unavailable", "limit", "not_a_code", "wait"]
NotCheckedIn = Literal[
    "unknown",
    "empty",
    "personal",
    "early",
    "other_day",
    "used",
    "closed",
    "limit",
    "unavailable",
    "offline",
    "voided",
    "wait",
]


@dataclass(frozen=True, slots=True)
class Attract:
    pass


@dataclass(frozen=True, slots=True)
class Home:
    pass


@dataclass(frozen=True, slots=True)
class PickService:
    offset: float = 0.0


@dataclass(frozen=True, slots=True)
class PickPriority:
    service: str


@dataclass(frozen=True, slots=True)
class PrintingTicket:
    """The request `id` is under way since the monotonic second `since`."""

    service: str
    priority: str | None
    id: str
    since: float
    paperless: bool = False


@dataclass(frozen=True, slots=True)
class TicketTaken:
    """`paper`: what is known of the printed ticket."""

    issued: IssueData
    since: float
    paper: Literal["printing", "printed", "unknown", "none"] = "printing"


@dataclass(frozen=True, slots=True)
class NoTicket:
    """`code`: why, in the contract's words; `fault`: the printer's alert, where it is that."""

    code: str
    service: str
    priority: str | None = None
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class CheckInPage:
    """The code of an appointment is typed. `letters`: as for Lookup."""

    typed: str = field(default="", repr=False)
    letters: bool = False


@dataclass(frozen=True, slots=True)
class CheckingIn:
    """The request `id` is under way since the monotonic second `since`."""

    code: str = field(repr=False)
    id: str
    since: float
    paperless: bool = False


@dataclass(frozen=True, slots=True)
class NoCheckIn:
    """`told`: the appointment, where that is the reason; `fault`: the printer's alert.

    `until`: when the next code may be tried, for `wait`.
    """

    why: NotCheckedIn
    typed: str = field(default="", repr=False)
    told: Appointment | None = None
    fault: str | None = None
    until: float = 0.0


@dataclass(frozen=True, slots=True)
class Lookup:
    """`letters`: the page of letters is up instead of the digits. `own`: not typed, filled in."""

    typed: str = field(default="", repr=False)
    letters: bool = False
    own: str = ""


@dataclass(frozen=True, slots=True)
class LookingUp:
    code: str = field(repr=False)
    id: str
    since: float


@dataclass(frozen=True, slots=True)
class DossierResult:
    dossier: DossierData = field(repr=False)
    offset: float = 0.0


@dataclass(frozen=True, slots=True)
class NoResult:
    """`until`: when the next look-up may be tried, for `wait`."""

    why: Trouble
    typed: str = field(default="", repr=False)
    until: float = 0.0


@dataclass(frozen=True, slots=True)
class Fields:
    offset: float = 0.0


@dataclass(frozen=True, slots=True)
class Procedures:
    """`keyboard`: the search keys are up. `field_name` None: all fields."""

    field_name: str | None = None
    query: str = ""
    keyboard: bool = False
    offset: float = 0.0

    def with_letter(self, letter: str) -> "Procedures":
        """A letter goes into the query, and the list starts at its top."""
        query = (self.query + letter.lower())[:LONGEST_QUERY]
        return replace(self, query=query.lstrip(), offset=0.0)


@dataclass(frozen=True, slots=True)
class Detail:
    code: str
    offset: float = 0.0


@dataclass(frozen=True, slots=True)
class Dashboard:
    period: int = 0
    offset: float = 0.0


@dataclass(frozen=True, slots=True)
class Rating:
    """Which counter it is about."""

    offset: float = 0.0


@dataclass(frozen=True, slots=True)
class RatingFaces:
    """`about`: whom a counter has served; None: the hall as a whole. `question`: its place."""

    about: ServedThere | None = None
    question: int = 0


@dataclass(frozen=True, slots=True)
class RatingSent:
    """A score that can still be taken back; `reason`: the id of one, once it was told."""

    about: ServedThere | None
    score: int
    since: float
    reason: str = ""
    question: int = 0


@dataclass(frozen=True, slots=True)
class Thanks:
    since: float


@dataclass(frozen=True, slots=True)
class Pin:
    typed: str = field(default="", repr=False)
    wrong: bool = False


@dataclass(frozen=True, slots=True)
class Maintenance:
    """A technician has taken the kiosk out of service."""


@dataclass(frozen=True, slots=True)
class Tech:
    """`note`: what the last press did. `trace`: where fingers were seen, in mm."""

    note: str = ""
    trace: tuple[tuple[float, float], ...] = ()


Page = (
    Attract
    | Home
    | PickService
    | PickPriority
    | PrintingTicket
    | TicketTaken
    | NoTicket
    | CheckInPage
    | CheckingIn
    | NoCheckIn
    | Lookup
    | LookingUp
    | DossierResult
    | NoResult
    | Fields
    | Procedures
    | Detail
    | Dashboard
    | Rating
    | RatingFaces
    | RatingSent
    | Thanks
    | Pin
    | Maintenance
    | Tech
)


_Named = Home | PickService | CheckInPage | Lookup | Fields | Dashboard | Rating
PAGES_BY_NAME: dict[str, type[_Named]] = {
    "home": Home,
    "services": PickService,
    "check-in": CheckInPage,
    "lookup": Lookup,
    "procedures": Fields,
    "dashboard": Dashboard,
    "rating": Rating,
}


def personal(page: Page) -> bool:
    """Whether the page may hold what belongs to one citizen."""
    match page:
        case Lookup(typed=typed, own=own):
            return typed not in ("", own)
        case CheckInPage(typed=typed):
            return bool(typed)
        case NoResult(typed=typed) | NoCheckIn(typed=typed):
            return bool(typed)
        case LookingUp() | CheckingIn() | DossierResult() | Pin():
            return True
        case _:
            return False
