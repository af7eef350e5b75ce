"""A simulated LED display: the faces it was given, as values and as pictures."""

from collections.abc import Mapping, Sequence
from typing import Literal, Self

from display.face_section import FaceSection, FaceSurroundings
from display.ports import FaceDriver


class SimulatedFace(FaceSection):
    driver: Literal["simulated"]

    @classmethod
    def connect(cls, faces: Sequence[Self], where: FaceSurroundings) -> Mapping[str, FaceDriver]:
        # It draws with Pillow: nothing that a hall with real displays should carry.
        from display.simulated_faces import SimulatedFaces  # noqa: PLC0415

        return {f.counter: SimulatedFaces(f.width, where.pictures, f.counter) for f in faces}
