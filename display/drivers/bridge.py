"""A display on a serial bus: firmware_bridge puts the retained face on the wire."""

from collections.abc import Mapping, Sequence
from typing import Literal, Self

from display.face_section import FaceSection, FaceSurroundings
from display.ports import FaceDriver


class BridgeFace(FaceSection):
    driver: Literal["bridge"] = "bridge"

    @classmethod
    def connect(cls, faces: Sequence[Self], where: FaceSurroundings) -> Mapping[str, FaceDriver]:  # noqa: ARG003
        return {}
