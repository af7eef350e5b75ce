"""Beside a vendor on the bus: judges what it publishes, says what is wrong, keeps the last good.

vendor ──figures──▶ readable? of our time? ──no──▶ ext/onestop/refused, alert, last good back
                         │ yes
                         ▼
                    kept on disk, doubts told        ready ─150 s of silence─▶ lost
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field

from hall.contract.onestop_messages import Catalogue, FeedRefusal, Figures, Notice, OnestopStatus
from hall.contract.topics import (
    EXT_CATALOGUE,
    EXT_FIGURES,
    EXT_NOTICE,
    EXT_REFUSED,
    EXT_STATUS,
    Channel,
)
from hall.contract.words import WireModel
from hall.figures.doubts import doubts
from hall.onestop import feed
from hall.onestop.browsing import Browsing
from hall.onestop.feed import Flaw
from hall.onestop.lastgood import LastGood
from hall.runtime.bus import Cleared, Connected, Received, Spoiled
from hall.runtime.daemon import DaemonContext
from hall.runtime.picture import LEASE_S

log = logging.getLogger(__name__)

# What the alerts call each state of the vendor's, and what a person reads.
_NAMES: Mapping[Channel, tuple[str, str]] = {
    EXT_STATUS: ("bad_status", "Báo có mặt"),
    EXT_FIGURES: ("bad_figures", "Số liệu"),
    EXT_CATALOGUE: ("bad_procedures", "Danh mục thủ tục"),
    EXT_NOTICE: ("bad_notice", "Dòng chữ chạy"),
}
_KEPT = (EXT_FIGURES, EXT_CATALOGUE, EXT_NOTICE)
_ADVICE = (
    f"Báo đơn vị phần mềm một cửa: lỗi ghi ở {EXT_REFUSED.pattern}; "
    "kiểm bằng motcua onestop-check. Bản tin tốt trước đó vẫn được dùng."
)


@dataclass(slots=True)
class FeedGateway:
    """`leftover`: what is retained is of another supplier, and goes unless it comes anew."""

    context: DaemonContext
    kept: LastGood
    leftover: bool = False
    _vendor: OnestopStatus | None = None
    _lease_until: float | None = None
    _refused: FeedRefusal | None = None
    _cleared: set[Channel] = field(default_factory=set)
    _browsing: Browsing = field(init=False)

    def __post_init__(self) -> None:
        self._browsing = Browsing(self.context, self._catalogue_judged)

    def start(self) -> None:
        """Nothing to open: all comes over the bus."""

    def stop(self) -> None:
        """What the vendor says of itself stays true without us."""

    def tick(self, now: float) -> float:
        if self._lease_until is not None and now >= self._lease_until:
            self._lapse()
        return min(now + LEASE_S, self._lease_until or now + LEASE_S)

    def handle(self, item: object) -> None:
        match item:
            case Connected():
                self._connected()
            case Spoiled(channel=channel, payload=payload):
                flaw = feed.flaw_of(channel, payload, self.context.hall)
                if flaw is not None:
                    self._refuse(channel, flaw)
            case Received(channel, _, OnestopStatus() as status, src=src) if self._is_vendors(src):
                self._status(channel, status)
            case Received(channel, _, message, src=src) if self._is_vendors(src):
                self._take_message(channel, message)
            case Cleared(channel) if channel in _KEPT:
                self._emptied(channel)
            case _:
                pass

    def _emptied(self, channel: Channel) -> None:
        """The vendor has taken it back, unless it was we who cleared it."""
        if channel in self._cleared:
            self._cleared.discard(channel)
            return
        self.kept.forget(channel)
        self._accepted(channel)

    def _is_vendors(self, src: str) -> bool:
        return src != self.context.client

    def _connected(self) -> None:
        if self.leftover:
            self.leftover = False
            for channel in _KEPT:
                self._clear(channel)
        if self._refused is None:
            self.context.bus.clear(EXT_REFUSED)
        else:
            self.context.bus.publish(EXT_REFUSED, self._refused)

    # --- presence -------------------------------------------------------------------------------

    def _status(self, channel: Channel, status: OnestopStatus) -> None:
        """A kept one counts from its reception: it is true until its time is up."""
        self._vendor = status
        self._accepted(channel)
        if status.state == "ready":
            self._lease_until = self.context.clock.monotonic() + LEASE_S
            self.context.health.solve("onestop_down")
        else:
            self._lease_until = None
            self._down("phần mềm báo đã ngắt, hoặc kết nối của nó bị đứt")

    def _lapse(self) -> None:
        self._lease_until = None
        source, conn = (self._vendor.source, self._vendor.conn) if self._vendor else ("", "")
        lost = OnestopStatus(state="lost", source=source, conn=conn)
        self.context.bus.publish(EXT_STATUS, lost)
        self._down(f"không báo có mặt trong {LEASE_S:.0f} giây")

    def _down(self, why: str) -> None:
        self.context.health.alert(
            "onestop_down",
            f"Mất kết nối phần mềm một cửa: {why}",
            "Kiểm tra phần mềm một cửa và đường truyền. Lấy số và gọi số không bị ảnh hưởng.",
        )

    # --- what it publishes ----------------------------------------------------------------------

    def _take_message(self, channel: Channel, message: WireModel) -> None:
        flaw = self._flaw_of_figures(message) if isinstance(message, Figures) else None
        if flaw is not None:
            self._refuse(channel, flaw)
            return
        self.kept.keep_message(channel, message)
        match message:
            case Figures():
                self._accepted(channel)
                self._doubt(message)
            case Catalogue():
                self._browsing.announced(message)
            case Notice():
                self._accepted(channel)
            case _:
                pass

    def _flaw_of_figures(self, told: Figures) -> Flaw | None:
        kept = self.kept.of(EXT_FIGURES)
        in_use = kept if isinstance(kept, Figures) else None
        clock = self.context.clock
        # Of a clock that is not right yet nobody is told that he is ahead.
        now = clock.now() if clock.trusted() else max(clock.now(), told.as_of)
        return feed.of_figures(told, in_use, now)

    def _catalogue_judged(self, flaws: tuple[Flaw, ...]) -> None:
        """The rest of the catalogue is used; what is left out is told by name."""
        if not flaws:
            self._accepted(EXT_CATALOGUE)
            return
        code, name = _NAMES[EXT_CATALOGUE]
        told = "; ".join(each.text("catalogue") for each in flaws)
        self.context.health.alert(code, f"{name}: bỏ qua {told}", _ADVICE)
        self._tell_flaw(EXT_CATALOGUE, flaws[0])

    def _accepted(self, channel: Channel) -> None:
        code, _name = _NAMES[channel]
        self.context.health.solve(code)
        if self._refused is not None and self._refused.topic == channel.pattern:
            self._refused = None
            self.context.bus.clear(EXT_REFUSED)

    def _refuse(self, channel: Channel, flaw: Flaw) -> None:
        code, name = _NAMES[channel]
        self.context.health.alert(code, f"{name}: {flaw.text(channel.pattern)}", _ADVICE)
        self._tell_flaw(channel, flaw)
        good = self.kept.of(channel) if channel in _KEPT else self._vendor
        if good is None:
            self._clear(channel)
        else:
            self.context.bus.publish(channel, good)

    def _clear(self, channel: Channel) -> None:
        if self.context.bus.clear(channel):
            self._cleared.add(channel)

    def _tell_flaw(self, channel: Channel, flaw: Flaw) -> None:
        before = self._refused
        if before is None or (before.topic, before.field) != (channel.pattern, flaw.field):
            # A vendor in a loop repeats it a hundred times a second, which would wear the SD card.
            log.warning("refused on %s: %s", channel.pattern, flaw.field or "the whole message")
        self._refused = FeedRefusal(
            topic=channel.pattern,
            field=flaw.field,
            expected=flaw.expected_en,
            got=flaw.got,
            text=flaw.text(channel.pattern),
            text_en=flaw.text_en(channel.pattern),
            at=self.context.clock.now(),
        )
        self.context.bus.publish(EXT_REFUSED, self._refused)

    def _doubt(self, told: Figures) -> None:
        """Figures that do not agree with themselves are shown, marked, and their maker told."""
        found = [(n, each) for n, p in enumerate(told.periods) for each in doubts(p)]
        if not found:
            self.context.health.solve("figures_doubt")
            return
        text = "; ".join(f"{told.periods[n].id}: {each.text}" for n, each in found)
        self.context.health.alert("figures_doubt", f"Số liệu không khớp: {text}", _ADVICE)
        place, first = found[0]
        self._tell_flaw(
            EXT_FIGURES,
            Flaw(
                f"periods[{place}].{first.about}",
                "các số khớp nhau",
                "counts that agree",
                first.text,
            ),
        )
