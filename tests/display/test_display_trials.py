"""The requests behind `motcua test-display` and `motcua test-say`."""

from display import trials
from hall.contract.requests import Identify, Say


def test_test_display_asks_displays_and_board() -> None:
    asked = trials.display_trials()

    assert [(target, verb) for target, verb, _ in asked] == [
        ("display", "identify"),
        ("board", "identify"),
    ]
    assert all(isinstance(request, Identify) for _, _, request in asked)


def test_test_say_says_a_number_to_a_counter() -> None:
    target, verb, request = trials.say_trial("a105", "3")

    assert (target, verb) == ("voice", "say")
    assert isinstance(request, Say)
    assert (request.number, request.counter, request.text) == ("A105", "3", None)


def test_test_say_says_any_sentence() -> None:
    _, _, request = trials.say_trial("Trung tâm sắp đóng cửa")

    assert isinstance(request, Say)
    assert request.text == "Trung tâm sắp đóng cửa"
    assert request.number is None
