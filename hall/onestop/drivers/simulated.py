"""A simulated one-stop software: sample dossiers, real delays, failures on demand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Annotated, Literal

from pydantic import Field

from hall.contract.onestop_messages import Figures, Period, Resolved
from hall.onestop.counting import count_period
from hall.onestop.dossiers import Dossier
from hall.onestop.ports import (
    Away,
    DossierAnswered,
    FiguresTold,
    LinkDown,
    LinkUp,
    NoticeTold,
    Post,
    ProceduresTold,
)
from hall.onestop.sample.live import LiveDossiers
from hall.onestop.sample.past import PastDossiers
from hall.onestop.sample.profiles import ProfileId, profile, published, sample_procedures
from hall.onestop.sample.scatter import lot
from hall.onestop.supplier_section import AnsweringSection, ConnectedSupplier, OnestopSurroundings
from hall.runtime.clock import Clock

_SLOW_S = 8.0
_NOTICE = (
    "Dữ liệu mẫu: thủ tục, hồ sơ và số liệu trên màn hình này chỉ để giới thiệu và tập huấn.",
    "Người cao tuổi, người khuyết tật, phụ nữ mang thai được ưu tiên: mời bấm nút Ưu tiên.",
)


class SimulatedSection(AnsweringSection):
    """A simulated one-stop software, for demo and training."""

    driver: Literal["simulated"] = Field(description="Phần mềm một cửa mô phỏng.")
    profile: ProfileId = Field(
        default="mau",
        description="Số liệu của đơn vị nào (theo bài báo); mau: đếm từ hồ sơ mẫu.",
        examples=["bac-tu-liem"],
    )
    delay_ms: tuple[Annotated[int, Field(ge=0)], Annotated[int, Field(ge=0, le=60_000)]] = Field(
        default=(200, 900), description="Trả lời chậm từ … đến … mili giây."
    )
    every_s: float = Field(default=30, gt=0, description="Gửi lại số liệu sau mỗi … giây.")

    def connect(self, where: OnestopSurroundings) -> ConnectedSupplier:
        low, high = self.delay_ms
        pace = SimulatedDelays((low / 1000, high / 1000), self.every_s)
        simulated = SimulatedSupplier(where.clock, where.zone, self.profile, pace)
        return ConnectedSupplier(simulated, steering=simulated)


def _nobody(_told: object) -> None:
    """Nobody listens before the start."""


@dataclass(frozen=True, slots=True)
class _Due:
    at: float
    answer: DossierAnswered


@dataclass(slots=True)
class _Mood:
    """How the supplier behaves just now."""

    down: bool = False
    extra_s: float = 0.0
    inconsistent: bool = False


@dataclass(frozen=True, slots=True)
class SimulatedDelays:
    """`delay_s`: how long an answer takes, from … to …; `every_s`: figures come again."""

    delay_s: tuple[float, float]
    every_s: float


@dataclass(slots=True)
class SimulatedSupplier:
    """Obeys `steer`: slow, fast, down, up, inconsistent, consistent."""

    clock: Clock
    zone: tzinfo
    profile_id: ProfileId
    pace: SimulatedDelays
    source: str = field(init=False)
    _post: Post = field(init=False, default=_nobody)
    _live: LiveDossiers = field(init=False)
    _past: PastDossiers | None = field(init=False, default=None)
    _mood: _Mood = field(init=False, default_factory=_Mood)
    _answers: list[_Due] = field(init=False, default_factory=list)
    _figures_at: float = field(init=False, default=0.0)
    _asked: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        chosen, procedures = profile(self.profile_id), sample_procedures()
        self.source = f"Phần mềm một cửa mô phỏng – {chosen.unit}"
        self._live = LiveDossiers(chosen.org, procedures)
        if chosen.past is not None:
            self._past = PastDossiers(chosen.past, procedures, self.zone)

    def start(self, post: Post) -> None:
        self._post = post
        post(LinkUp())
        post(ProceduresTold(sample_procedures()))
        post(NoticeTold(_NOTICE))
        self._tell_figures(self.clock.monotonic())

    def look_up(self, ref: str, code: str) -> None:
        low, high = self.pace.delay_s
        self._asked += 1
        delay = low + (high - low) * lot(13, self._asked, 1000) / 1000 + self._mood.extra_s
        outcome: Dossier | Away | None = Away() if self._mood.down else self._find(code)
        self._answers.append(_Due(self.clock.monotonic() + delay, DossierAnswered(ref, outcome)))

    def tick(self, now: float) -> float:
        for due in [each for each in self._answers if now >= each.at]:
            self._answers.remove(due)
            self._post(due.answer)
        if not self._mood.down and now >= self._figures_at:
            self._tell_figures(now)
        figures_at = now + self.pace.every_s if self._mood.down else self._figures_at
        return min((each.at for each in self._answers), default=figures_at)

    def _tell_figures(self, now: float) -> None:
        self._figures_at = now + self.pace.every_s
        self._post(FiguresTold(self._figures()))

    def stop(self) -> None:
        self._answers.clear()

    def steer(self, action: str, args: Mapping[str, str | float]) -> bool:
        match action:
            case "slow":
                seconds = args.get("seconds", _SLOW_S)
                self._mood.extra_s = float(seconds) if isinstance(seconds, int | float) else _SLOW_S
            case "fast":
                self._mood.extra_s = 0.0
            case "down":
                self._mood.down = True
                self._post(LinkDown("theo lệnh mô phỏng"))
            case "up":
                self._mood.down = False
                self._post(LinkUp())
            case "inconsistent" | "consistent":
                self._mood.inconsistent = action == "inconsistent"
            case _:
                return False
        self._figures_at = 0.0
        return True

    def _now(self) -> datetime:
        return self.clock.now().astimezone(self.zone)

    def _find(self, code: str) -> Dossier | None:
        found = self._live.find(code, self._now())
        if found is None and self._past is not None:
            return self._past.find(code)
        return found

    def _figures(self) -> Figures:
        now = self._now()
        period = published(self.profile_id)
        if period is None:
            period = count_period(self._live.everything(now), now, "30 ngày làm việc")
        if self._mood.inconsistent:
            period = _spoiled(period)
        return Figures(as_of=now, source=self.source, periods=(period,))


def _spoiled(period: Period) -> Period:
    """As a supplier that counts at two moments: the parts are newer than their total."""
    known = period.resolved or Resolved()
    total, together = known.total or 100, known.early_or_on_time or 90
    told = {"total": total, "early_or_on_time": together, "overdue": total - together + 7}
    return period.model_copy(update={"resolved": known.model_copy(update=told)})
