"""Draws the hall board from received states alone; never blank while the hall is open."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from display.board import calls, look, view
from display.board.look import BoardSetup
from display.board.model import BoardModel, cleared, take_message
from display.board.ports import Screen, ScreenError
from display.board.words import BoardWords
from hall.contract.requests import Request
from hall.contract.topics import (
    REQ_DEV,
)
from hall.runtime import attachments
from hall.runtime.bus import Cleared, Connected, Disconnected, Received, expect
from hall.runtime.daemon import DaemonContext
from hall.runtime.devices import Devices, DeviceWatch
from hall.runtime.glass_size import judge_glass
from hall.runtime.opening import Calendar, spans_on
from hall.runtime.picture import Presence, after
from hall.screen.geometry import Panel
from hall.screen.palette import Palette
from hall.screen.tree import Scene

log = logging.getLogger(__name__)

# Two pixels a step at 50 px/s on a full-HD screen: smooth, and below the 60 px/s that eyes follow.
STEP_S = 0.04
POLL_S = 0.1
PICTURE_S = 1.0
IDENTIFY_S = 5.0
GLASS = attachments.screen("screen_lost", "màn hình của bảng chung")
_GLASS = "Màn hình của bảng chung"
_STEP_PX = 2


@dataclass(frozen=True, slots=True)
class Setting:
    """How this board is drawn. `dark_after`: None keeps the screen on all night.

    `place_on`: what stands on a glass of another size than that of the YAML.
    """

    panel: Panel
    palette: Palette
    words: BoardWords
    place: BoardSetup
    place_on: Callable[[Panel], BoardSetup]
    zone: ZoneInfo
    calendar: Calendar
    dark_after: timedelta | None = None
    picture: Path | None = None


class BoardService:
    def __init__(self, context: DaemonContext, setting: Setting, screen: Screen) -> None:
        self.needs_main_thread = not screen.headless
        self._context = context
        self._setting = setting
        self._said = setting.panel
        self._screen = screen
        self._model = BoardModel()
        self._still: Scene = view.DARK
        self._stale_at = 0.0
        self._offset_px = 0
        self._step_at = 0.0
        self._picture_at = 0.0
        self._unsaved = False
        self._identify_until = 0.0
        self._is_open = False
        self._devices = Devices(context.health)
        self._care = DeviceWatch(GLASS, self._devices.take_news, context.clock.monotonic)

    @property
    def model(self) -> BoardModel:
        return self._model

    def start(self) -> None:
        now = self._context.clock.monotonic()
        self._model = BoardModel(Presence(heard_at=now))
        self._devices.expect(GLASS)
        self._open(now)

    def stop(self) -> None:
        self._screen.close()

    def handle(self, item: object) -> None:
        now = self._context.clock.monotonic()
        presence = after(self._model.presence, item, now)
        self._model = replace(self._model, presence=presence)
        match item:
            case Connected() | Disconnected():
                pass
            case Received(channel=channel) if channel is REQ_DEV:
                self._device_request(item, now)
            case Received():
                self._model = take_message(self._model, item.message, now, retained=item.retained)
            case Cleared(channel=channel):
                self._model = cleared(self._model, channel)
            case _:
                return
        self._stale_at = now

    def tick(self, now: float) -> float:
        """Paint what is due. The ticker alone moves 25 times a second, in its own strip."""
        self._model = replace(self._model, calls=calls.step(self._model.calls, now))
        if not self._open(now):
            return self._care.retry_at
        if now >= self._stale_at:
            self._still = self._drawn(now)
            self._stale_at = self._next_change(now)
            self._unsaved = True
        self._travel(now)
        if not self._paint():
            return self._care.retry_at
        self._photograph(now)
        return min(self._stale_at, now + POLL_S, *self._ticker_due())

    def _open(self, now: float) -> bool:
        """Without a screen the board stays on the bus, raises an alert and retries.

        Another screen in the place of the one that was opened is opened anew.
        """
        if self._is_open and self._screen.is_other:
            self._screen.close()
            self._is_open = False
        if not self._is_open and now >= self._care.retry_at:
            self._is_open = self._care.attempt(self._fit)
            self._stale_at = now
        return self._is_open

    def _fit(self) -> None:
        """Open the screen, and lay the board out for what it really is."""
        self._screen.open()
        real, setting = self._screen.panel, self._setting
        judge_glass(self._context.health, _GLASS, self._said.size, real.size)
        if real != setting.panel:
            self._setting = replace(setting, panel=real, place=setting.place_on(real))

    def _paint(self) -> bool:
        """Whether the screen is still there; only a picture drawn on it proves that."""
        step = self._setting.panel.px_per_mm
        scene = view.travelled(self._still, self._offset_px / step)
        try:
            self._screen.poll()
            self._screen.show_scene(scene)
        except ScreenError as err:
            self._screen.close()
            self._is_open = False
            self._care.fail(err)
            return False
        self._care.works()
        return True

    def _drawn(self, now: float) -> Scene:
        local = self._local()
        place = self._setting.place
        if now < self._identify_until:
            place = replace(place, unit=f"{place.unit} – bảng chung: {self._context.client}")
        if self._asleep(local):
            return view.DARK
        seen = look.look(self._model, place, now, local)
        setting = self._setting
        return view.scene(seen, setting.panel, setting.palette, setting.words, now)

    def _next_change(self, now: float) -> float:
        moments = [look.due(self._setting.place, now, self._local())]
        if self._model.alive(now):
            moments.append(self._model.doubtful_at())
        if now < self._model.onestop_until:
            moments.append(self._model.onestop_until)
        call = calls.due(self._model.calls, now)
        if call is not None:
            moments.append(call)
        if now < self._identify_until:
            moments.append(self._identify_until)
        return min(moments)

    def _asleep(self, local: datetime) -> bool:
        """The screen stays on while the hall is open, or stopped within its hours."""
        if self._model.hall is not None and not self._model.outside_hours:
            return False
        spans = spans_on(self._setting.calendar, local.date())
        return look.dark(spans, self._setting.dark_after, local)

    def _travel(self, now: float) -> None:
        """By as many steps as time has passed, so that a late loop does not slow the text."""
        steps = min(25, int((now - self._step_at) / STEP_S + 0.01))
        if steps > 0:
            self._step_at = now if steps == 25 else self._step_at + steps * STEP_S  # noqa: PLR2004
            scale = max(1, self._setting.panel.height // 1080)
            self._offset_px += _STEP_PX * steps * scale

    def _ticker_due(self) -> list[float]:
        moving = bool(self._still.nodes) and self._still.nodes[-1].key == "ticker"
        return [self._step_at + STEP_S] if moving else []

    def _photograph(self, now: float) -> None:
        """A PNG takes as long as ten paints: once a second, and not for the ticker."""
        if self._setting.picture is not None and self._unsaved and now >= self._picture_at:
            self._picture_at = now + PICTURE_S
            self._unsaved = False
            self._screen.save(self._setting.picture)

    def _device_request(self, item: Received, now: float) -> None:
        request = expect(item.message, Request)
        sender = item.levels["client"]
        if item.levels["verb"] == "identify":
            self._identify_until = now + IDENTIFY_S
            self._context.reply(sender, request.id)
        else:
            self._context.refuse(sender, request.id, "bad_request")

    def _local(self) -> datetime:
        return self._context.clock.now().astimezone(self._setting.zone)
