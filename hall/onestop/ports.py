"""What the gateway needs of a supplier, in its own words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from hall.contract.catalogue import CatalogueProcedure
from hall.contract.messages import Reply, TicketEvent
from hall.contract.onestop_messages import Figures
from hall.contract.onestop_requests import DossierData, EnterFigures, ImportReport
from hall.contract.requests import Request
from hall.onestop.dossiers import Dossier
from hall.onestop.places import Place
from hall.runtime.far_link import FarItem


@dataclass(frozen=True, slots=True)
class LinkUp:
    """The supplier is there (again)."""


@dataclass(frozen=True, slots=True)
class LinkDown:
    """The supplier is away; what it told last stays, with its time."""

    why: str


@dataclass(frozen=True, slots=True)
class DiskTold:
    """`why`: the disk takes nothing that the supplier brings; "": it does again."""

    why: str


@dataclass(frozen=True, slots=True)
class FiguresTold:
    figures: Figures


@dataclass(frozen=True, slots=True)
class ProceduresTold:
    procedures: tuple[CatalogueProcedure, ...]


@dataclass(frozen=True, slots=True)
class NoticeTold:
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file; a later report of the same file replaces it."""

    report: ImportReport


@dataclass(frozen=True, slots=True)
class FileGone:
    """A file is not there any more: nothing about it is left for a person to mend."""

    name: str


@dataclass(frozen=True, slots=True)
class Away:
    """The supplier did not answer; another try may help."""


@dataclass(frozen=True, slots=True)
class LookupLimit:
    """The supplier answers no more of this hall's for a while."""


# A look-up's end; None: no dossier has that code. DossierData: told in the wire's own form.
Outcome = Dossier | DossierData | Away | LookupLimit | None


@dataclass(frozen=True, slots=True)
class DossierAnswered:
    """`ref` is the asker's."""

    ref: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Booked:
    """Somebody made, or moved, an appointment at the supplier's."""

    code: str
    service: str
    slot: datetime


@dataclass(frozen=True, slots=True)
class CentralAsked:
    """Somebody at the province asks something of the hall's controller."""

    verb: str
    request: Request


@dataclass(frozen=True, slots=True)
class FiguresTyped:
    """Figures that somebody typed are in use."""

    figures: Figures


@dataclass(frozen=True, slots=True)
class Doubted:
    """They are taken only when whoever typed them says that they are right."""

    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Untaken:
    """They cannot be read."""

    why: str


Entered = FiguresTyped | Doubted | Untaken
Told = (
    LinkUp
    | LinkDown
    | FiguresTold
    | ProceduresTold
    | NoticeTold
    | Imported
    | FileGone
    | Booked
    | DiskTold
    | DossierAnswered
)
Post = Callable[[Told | CentralAsked | FarItem], None]


class Supplier(Protocol):
    """Where figures, procedures and dossiers come from. Never raises; tells trouble by `post`."""

    source: str

    def start(self, post: Post) -> None:
        """Begin; `post` may be called from any thread from here on."""

    def look_up(self, ref: str, code: str) -> None:
        """Answer with DossierAnswered(ref, …), now or later, exactly once unless stopped.

        `ref`: the asker's client id, a slash and the request's id.
        """

    def tick(self, now: float) -> float:
        """Do what is due at `now` (monotonic seconds) and say when to come back."""

    def stop(self) -> None:
        """End; may be called twice."""


class Steerable(Protocol):
    """A simulated supplier, steered from outside."""

    def steer(self, action: str, args: Mapping[str, str | float]) -> bool:
        """Change its behaviour; False where the action is not known."""


class Doubting(Protocol):
    """A supplier that holds implausible files back until a person accepts them."""

    def accept(self, mark: str, by: str) -> bool:
        """Take what was held under this mark, now or soon; False where nothing is."""


class Typing(Protocol):
    """A supplier whose figures are typed."""

    def enter(self, typed: EnterFigures) -> Entered:
        """Take, doubt or refuse what somebody typed."""


class Queueing(Protocol):
    """A supplier that follows the hall's queue."""

    def follow_event(self, event: TicketEvent) -> None:
        """Something happened to a ticket; called in order, never waits."""


class Spreading(Protocol):
    """A supplier whose one connection also tells what is of single units and halls."""

    def spread(self, post: Callable[[Place, Told], None]) -> None:
        """From the start on, tell that to `post`, from any thread. Called before `start`."""


class Carrying(Protocol):
    """A supplier that is reached over a far link, and asks the hall's controller in turn."""

    def take_item(self, item: FarItem) -> None:
        """What the link posted comes back here, in the loop."""

    def take_controller_answer(self, reply: Reply) -> None:
        """What the controller says to a CentralAsked."""
