"""The simulated LED looks like one: lit, dim or dark, and its text inside its glass."""

import io

import pytest
from PIL import Image

from display.blinking import BLINK_S, take_face
from display.simulated_faces import SimulatedFaces, picture
from hall.contract.messages import Face


def test_a_stale_number_is_dimmer_than_a_steady_one_and_a_dark_one_shows_nothing() -> None:
    def red(face: Face) -> int:
        with Image.open(io.BytesIO(picture(face, 4))) as shown:
            return max(shown.crop((40, 0, 416, 128)).getchannel("R").tobytes())

    steady = red(Face(text="A105", style="steady"))
    stale = red(Face(text="A105", style="stale"))

    assert steady > stale > red(Face(text="", style="off"))


@pytest.mark.parametrize("width", range(2, 7))
def test_the_widest_text_stays_inside_the_glass(width: int) -> None:
    with Image.open(io.BytesIO(picture(Face(text="W" * width, style="steady"), width))) as shown:
        edge = shown.crop((0, 0, 8, shown.height)).getchannel("R")
        assert max(edge.tobytes()) < 100


def test_no_picture_is_kept_where_nobody_wants_one() -> None:
    faces = SimulatedFaces(4)
    faces.show_face("1", Face(text="A105", style="steady"), 0.0)

    assert faces.shown["1"].face.text == "A105"
    faces.close()
    assert not faces.shown


def test_a_blinking_face_is_lit_first_and_at_last() -> None:
    shown = take_face(None, Face(text="A105", style="steady", call="c1"), 10.0)

    assert shown.lit(10.0)
    assert not shown.lit(10.6)
    assert shown.lit(10.0 + BLINK_S)
    assert shown.due(10.0 + BLINK_S) is None


def test_the_same_call_told_again_goes_on_blinking_where_it_was() -> None:
    first = take_face(None, Face(text="A105", style="steady", call="c1"), 10.0)
    again = take_face(first, Face(text="A105", style="steady", call="c1"), 12.0)

    assert again.since == 10.0
    assert take_face(again, Face(text="A105", style="steady"), 13.0).since is None
