"""Counter displays on this machine's HDMI screen: one window for all, headless a picture each."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal, Self

from display.face_section import FaceSection, FaceSurroundings
from display.ports import FaceDriver


class WindowFace(FaceSection):
    needs_main_thread: ClassVar[bool] = True

    driver: Literal["window"]

    @classmethod
    def connect(cls, faces: Sequence[Self], where: FaceSurroundings) -> Mapping[str, FaceDriver]:
        # pygame takes 170-280 ms and 30 MB: only where there is a window to draw.
        from display.window_faces import open_windows  # noqa: PLC0415

        window = where.window
        return open_windows(
            {face.counter: where.titles[face.counter] for face in faces},
            (window.width, window.height, window.diagonal_inch),
            where.pictures,
            headless=where.headless,
            fullscreen=window.fullscreen,
        )
