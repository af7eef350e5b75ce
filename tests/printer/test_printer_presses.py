"""Fingers, worn contacts, children and a button that somebody leaned a chair against."""

from printer.presses import Guard, Verdict, next_stuck, press, release, stuck


def after(*presses: tuple[str, float], limit: int = 30) -> list[Verdict]:
    guard, verdicts = Guard(limit), []
    for name, at in presses:
        judged = press(guard, name, at)
        guard = release(judged.guard, name)
        verdicts.append(judged.verdict)
    return verdicts


def test_bounces_of_one_press_count_once() -> None:
    found = after(("a", 0.0), ("a", 0.004), ("a", 0.011), ("a", 0.4))

    assert found == [Verdict.ACCEPTED] + [Verdict.TOO_SOON] * 3


def test_the_next_citizen_is_served() -> None:
    assert after(("a", 0.0), ("a", 1.6)) == [Verdict.ACCEPTED] * 2


def test_a_lock_out_is_not_prolonged_by_pressing() -> None:
    assert after(("a", 0.0), ("a", 1.0), ("a", 1.6))[-1] is Verdict.ACCEPTED


def test_two_buttons_do_not_lock_one_another_out() -> None:
    assert after(("a", 0.0), ("b", 0.1)) == [Verdict.ACCEPTED] * 2


def test_presses_of_a_minute_are_capped_over_all_buttons() -> None:
    found = after(*((f"b{n}", n * 2.0) for n in range(5)), limit=3)

    assert found == [Verdict.ACCEPTED] * 3 + [Verdict.TOO_MANY] * 2


def test_a_new_minute_is_a_new_allowance() -> None:
    assert after(("a", 0.0), ("b", 1.0), ("a", 61.0), limit=2)[-1] is Verdict.ACCEPTED


def test_a_button_held_for_ten_seconds_is_stuck_until_it_is_let_go() -> None:
    guard = press(Guard(30), "a", 0.0).guard

    assert stuck(guard, 9.9) == ()
    assert next_stuck(guard) == 10.0
    assert stuck(guard, 10.0) == ("a",)
    assert stuck(release(guard, "a"), 10.0) == ()
