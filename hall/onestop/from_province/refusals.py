"""What of the province's was not taken, told as a file that could not be read is."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hall.contract.onestop_requests import ImportReport
from hall.contract.topics import EXT_CATALOGUE, EXT_FIGURES, EXT_NOTICE, Channel
from hall.onestop.intake.report import What
from hall.onestop.ports import FileGone, Imported, Post
from hall.runtime.clock import Clock

_ADVICE = "Báo người vận hành ở tỉnh. Bản tốt trước đó vẫn được dùng."
_NAMES: Mapping[Channel, tuple[str, What]] = {
    EXT_FIGURES: ("số liệu từ tỉnh", "figures"),
    EXT_CATALOGUE: ("thủ tục từ tỉnh", "procedures"),
    EXT_NOTICE: ("dòng chữ chạy từ tỉnh", "notice"),
}


@dataclass(slots=True)
class Refusals:
    post: Post
    clock: Clock
    _standing: dict[Channel, str] = field(default_factory=dict)

    def refuse(self, channel: Channel, why: str) -> None:
        """Each cause is told once, until something is taken."""
        if self._standing.get(channel) == why:
            return
        self._standing[channel] = why
        name, what = _NAMES[channel]
        told = ImportReport(
            file=name, what=what, state="refused", at=self.clock.now(), reasons=(why,),
            advice=_ADVICE,
        )  # fmt: skip
        self.post(Imported(told))

    def accept(self, channel: Channel) -> None:
        if self._standing.pop(channel, None) is not None:
            self.post(FileGone(_NAMES[channel][0]))
