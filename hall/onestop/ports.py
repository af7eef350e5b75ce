"""What the gateway needs of a supplier, in its own words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from hall.contract.catalogue import CatalogueProcedure
from hall.contract.messages import Figures
from hall.onestop.dossiers import Dossier


@dataclass(frozen=True, slots=True)
class LinkUp:
    """The supplier is there (again)."""


@dataclass(frozen=True, slots=True)
class LinkDown:
    """The supplier is away; what it told last stays, with its time."""

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
class Flawed:
    """Something the supplier gave cannot be used; `what` names it, None: `why` is solved."""

    what: str
    why: str | None


@dataclass(frozen=True, slots=True)
class Away:
    """The supplier did not answer; another try may help."""


@dataclass(frozen=True, slots=True)
class Answered:
    """`ref` is the asker's; `outcome` is None where no dossier has that code."""

    ref: str
    outcome: Dossier | Away | None


Told = LinkUp | LinkDown | FiguresTold | ProceduresTold | NoticeTold | Flawed | Answered
Post = Callable[[Told], None]


class Supplier(Protocol):
    """Where figures, procedures and dossiers come from. Never raises; tells trouble by `post`."""

    source: str

    def start(self, post: Post) -> None:
        """Begin; `post` may be called from any thread from here on."""

    def look_up(self, ref: str, code: str) -> None:
        """Answer with Answered(ref, …), now or later, exactly once unless stopped."""

    def tick(self, now: float) -> float:
        """Do what is due at `now` (monotonic seconds) and say when to come back."""

    def stop(self) -> None:
        """End; may be called twice."""


class Steerable(Protocol):
    """A supplier that obeys a trainer."""

    def steer(self, action: str, args: Mapping[str, str | float]) -> bool:
        """Behave as told, or return False where the action is not known."""
