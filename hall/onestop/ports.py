"""What the gateway needs of a supplier, in its own words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from hall.contract.catalogue import CatalogueProcedure
from hall.contract.messages import TicketEvent
from hall.contract.onestop_messages import Figures
from hall.contract.onestop_requests import EnterFigures, ImportReport
from hall.onestop.dossiers import Dossier


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
class DossierAnswered:
    """`ref` is the asker's; `outcome` is None where no dossier has that code."""

    ref: str
    outcome: Dossier | Away | None


@dataclass(frozen=True, slots=True)
class Booked:
    """Somebody made, or moved, an appointment at the supplier's."""

    code: str
    service: str
    slot: datetime


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
Post = Callable[[Told], None]


class Supplier(Protocol):
    """Where figures, procedures and dossiers come from. Never raises; tells trouble by `post`."""

    source: str

    def start(self, post: Post) -> None:
        """Begin; `post` may be called from any thread from here on."""

    def look_up(self, ref: str, code: str) -> None:
        """Answer with DossierAnswered(ref, …), now or later, exactly once unless stopped."""

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
