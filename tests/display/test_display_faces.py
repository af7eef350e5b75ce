"""A counter's state becomes what two to six characters can say, and never a number not called."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from display.faces import Charset, Sight, Spec, call_id, face, fit, fits
from hall.contract.messages import CounterState, Face

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def counter(status: str, number: str | None = None, **fields: Any) -> CounterState:
    ticket = number and {
        "id": f"t-{number}",
        "number": number,
        "service": "ho-tich",
        "day": "2026-11-23",
        "issued_at": AT,
        "channel": "button",
    }
    told = {"epoch": 1, "ver": 1, "counter": "3", "name": "Quầy 3", "status": status}
    return CounterState.model_validate(told | {"ticket": ticket} | fields)


def shown(status: str, number: str | None, width: int, charset: Charset = "alnum") -> Face:
    return face(Spec("3", width, charset), Sight(counter(status, number), alive=True))


GOLDEN = [
    # status, number, charset, faces of width 2, 3, 4, 5, 6
    ("called", "A105", "alnum", "05 105 A105 A105 A105"),
    ("serving", "A105", "digits", "05 105 105 105 105"),
    ("called", "B1005", "full", "05 005 1005 B1005 B1005"),
    ("open", None, "alnum", "-- --- ---- ----- ------"),
    ("open", None, "digits", "-- --- ---- ----- ------"),
    ("paused", None, "full", "- - NGHỈ NGHỈ NGHỈ"),
    ("paused", None, "alnum", "- - NGHI NGHI NGHI"),
    ("paused", None, "digits", "- - - - -"),
    ("closed", None, "full", ". . ĐÓNG ĐÓNG ĐÓNG"),
    ("closed", None, "alnum", ". . DONG DONG DONG"),
    ("closed", None, "digits", ". . . . ."),
]


@pytest.mark.parametrize(("status", "number", "charset", "faces"), GOLDEN)
def test_golden_faces(status: str, number: str | None, charset: Charset, faces: str) -> None:
    texts = [shown(status, number, width, charset).text or "." for width in range(2, 7)]

    assert " ".join(texts) == faces


@pytest.mark.parametrize(
    ("status", "number", "style"),
    [
        ("called", "A105", "steady"),
        ("serving", "A105", "steady"),
        ("open", None, "steady"),
        ("paused", None, "message"),
        ("closed", None, "message"),
    ],
)
def test_the_style_tells_a_number_from_a_word(status: str, number: str | None, style: str) -> None:
    assert shown(status, number, 4).style == style


def test_a_closed_counter_without_letters_goes_dark() -> None:
    assert shown("closed", None, 4, "digits") == Face(text="", style="off")


def test_a_live_call_carries_an_id_to_blink_for() -> None:
    called = counter("called", "A105", called_at=AT)
    live = face(Spec("3"), Sight(called, alive=True, live=True))

    assert live.call == call_id(called)
    assert live.call


def test_a_call_from_before_we_listened_does_not_blink() -> None:
    assert face(Spec("3"), Sight(counter("called", "A105", called_at=AT), alive=True)).call is None


def test_a_recall_blinks_again() -> None:
    once = counter("called", "A105", called_at=AT)
    again = counter("called", "A105", called_at=AT, recalls=1)

    assert call_id(once) != call_id(again)


def test_serving_does_not_blink() -> None:
    assert call_id(counter("serving", "A105", called_at=AT)) is None


def test_without_the_controller_the_number_stays_and_is_marked() -> None:
    lost = face(Spec("3"), Sight(counter("called", "A105", called_at=AT), alive=False, live=True))

    assert lost == Face(text="A105", style="stale")


def test_before_anything_is_known_there_is_no_number() -> None:
    assert face(Spec("3"), Sight(None, alive=False)) == Face(text="----", style="stale")


def test_a_display_that_cannot_show_the_prefix_says_so() -> None:
    assert fits("A105", Spec("3", 4, "alnum"))
    assert not fits("A105", Spec("3", 4, "digits"))
    assert not fits("A1005", Spec("3", 4, "alnum"))


@settings(deadline=None)
@given(
    number=st.from_regex(r"\A[A-Z0-9]{1,6}\Z"),
    status=st.sampled_from(["closed", "open", "paused", "called", "serving"]),
    width=st.integers(2, 6),
    charset=st.sampled_from(["digits", "alnum", "full"]),
    alive=st.booleans(),
)
def test_a_face_always_fits_its_display(
    *, number: str, status: str, width: int, charset: Charset, alive: bool
) -> None:
    ticket = number if status in ("called", "serving") else None
    made = face(Spec("3", width, charset), Sight(counter(status, ticket), alive=alive))

    assert len(made.text) <= width
    if charset == "digits":
        assert set(made.text) <= set("0123456789-")
    if charset == "alnum":
        assert made.text.isascii()
    if ticket is None:
        assert not any(c.isdigit() for c in made.text)
    else:
        assert number.endswith(made.text) or charset == "digits"


@settings(deadline=None)
@given(st.from_regex(r"\A[A-Z]{0,3}[0-9]{1,4}\Z"), st.integers(2, 6))
def test_the_last_digits_are_what_stays(number: str, width: int) -> None:
    assert fit(number, Spec("3", width, "alnum")) == number[-width:]
