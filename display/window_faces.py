"""Counter displays on this machine's HDMI screen: one window, one tile a counter."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from display.blinking import BlinkingFace, take_face
from display.ports import DISPLAY_LOST, FaceDriver, FaceDriverError
from hall.contract.messages import Face
from hall.fonts import Weight
from hall.runtime.attachments import screen
from hall.screen.geometry import Panel, Rect
from hall.screen.painter import Painter
from hall.screen.tree import Box, Icon, Label, Node, Scene
from hall.screen.window import Blind, Closed, Input, Window
from hall.wording import naming

POLL_S = 0.1
_BACK = "#05080F"
_LIT = "#FFD34D"
_DIM = "#8A7A4A"
_WORD = "#E8EEF7"
_BAND = "#0B4A91"
_ON_BAND = "#FFFFFF"


class WindowFaces:
    """`titles`: counter → name above its number. `picture`: a PNG that follows the window."""

    def __init__(
        self, window: Window, titles: Mapping[str, str], picture: Path | None = None
    ) -> None:
        named = ", ".join(titles)
        self.device = screen(DISPLAY_LOST, f"cửa sổ bảng số của quầy {named}")
        self._window = window
        self._titles = titles
        self._picture = picture
        self._painter = Painter(window.panel)
        self._shown: dict[str, BlinkingFace] = {}
        self._open = False

    def show_face(self, counter: str, face: Face, now: float) -> None:
        self._shown[counter] = take_face(self._shown.get(counter), face, now)
        self._paint(now)

    def tick(self, now: float) -> float:
        self._paint(now)
        if Closed() in self._inputs():
            self.close()
            raise FaceDriverError("cửa sổ đã đóng")
        if self._window.headless:
            return min((due for s in self._shown.values() if (due := s.due(now))), default=now + 60)
        return now + POLL_S

    def close(self) -> None:
        if self._open:
            self._open = False
            self._window.close()

    def _inputs(self) -> tuple[Input, ...]:
        with self._seen():
            return self._window.inputs()

    def _paint(self, now: float) -> None:
        with self._seen():
            if not self._open:
                self._painter.forget()
                self._window.open()
                self._open = True
            area = self._window.panel.area
            places = self._painter.paint(
                self._window.surface, scene(area, self._titles, self._shown, now)
            )
            self._window.show_places(places)
        if places and self._picture is not None:
            self._window.save(self._picture)

    @contextmanager
    def _seen(self) -> Iterator[None]:
        try:
            yield
        except Blind as err:
            self.close()
            raise FaceDriverError(str(err)) from err


def scene(
    area: Rect, titles: Mapping[str, str], shown: Mapping[str, BlinkingFace], now: float
) -> Scene:
    """The window as values: tiles side by side (above one another on a tall screen)."""
    upright = area.h > area.w
    count = max(1, len(titles))
    cells = area.grid(1 if upright else count, count if upright else 1, area.w * 0.01)
    shorter = naming.all_shorter(tuple(titles.values()))
    nodes = [
        node
        for (counter, title), cell in zip(titles.items(), cells, strict=True)
        for node in _tile(cell, counter, (title, *shorter[title]), shown.get(counter), now)
    ]
    return Scene("faces", _BACK, tuple(nodes))


def _tile(
    cell: Rect, counter: str, titles: tuple[str, ...], shown: BlinkingFace | None, now: float
) -> list[Node]:
    face = shown.face if shown else Face(text="", style="off")
    band, room = cell.top(cell.h * 0.2), cell.below(cell.h * 0.2).inset(cell.w * 0.04)
    if face.style == "off":
        return []
    nodes: list[Node] = [
        Box(f"band-{counter}", band, _BAND),
        Label(
            f"title-{counter}", band.inset(band.h * 0.2, 0), titles[0], band.h * 0.5, _ON_BAND,
            Weight.SEMIBOLD, align="centre", min_size=band.h * 0.2, max_lines=1, clamp=True,
            on=_BAND, instead=titles[1:],
        ),
    ]  # fmt: skip
    if shown is not None and shown.lit(now):
        nodes.append(_text(f"text-{counter}", room, face))
    if face.style == "stale":
        mark = room.top(room.h * 0.16).side(room.h * 0.16)
        nodes.append(Icon(f"mark-{counter}", mark, "offline", _LIT))
    return nodes


def _text(key: str, room: Rect, face: Face) -> Label:
    color = {"stale": _DIM, "message": _WORD}.get(face.style, _LIT)
    return Label(
        key, room, face.text, room.h * 0.95, color, Weight.BOLD, align="centre",
        min_size=room.h * 0.1, max_lines=1, leading=1.0, cells=True, personal=True, on=_BACK,
    )  # fmt: skip


def open_windows(
    titles: Mapping[str, str],
    size: tuple[int, int, float],
    pictures: Path | None,
    *,
    headless: bool,
    fullscreen: bool,
) -> dict[str, FaceDriver]:
    """One real window for all counters; headless, each counter has its own picture."""
    panel = Panel(*size)
    if not headless:
        name = next(iter(titles)) if len(titles) == 1 else "all"
        picture = pictures / f"face-{name}.png" if pictures else None
        shared = WindowFaces(Window(panel, "Quầy", fullscreen=fullscreen), titles, picture)
        return dict.fromkeys(titles, shared)
    return {
        counter: WindowFaces(
            Window(panel, title, headless=True),
            {counter: title},
            pictures / f"face-{counter}.png" if pictures else None,
        )
        for counter, title in titles.items()
    }
