"""Fingers, worn contacts, children and a button that somebody leaned a chair against."""

from printer.jobs.presses import PressGuard, PressVerdict, next_change, press, release, stuck


def after(*presses: tuple[str, float], limit: int = 30) -> list[PressVerdict]:
    guard, verdicts = PressGuard(limit), []
    for name, at in presses:
        judged = press(guard, name, at)
        guard = release(judged.guard, name)
        verdicts.append(judged.verdict)
    return verdicts


def test_bounces_of_one_press_count_once() -> None:
    found = after(("a", 0.0), ("a", 0.004), ("a", 0.011), ("a", 0.4))

    assert found == [PressVerdict.ACCEPTED] + [PressVerdict.TOO_SOON] * 3


def test_the_next_citizen_is_served() -> None:
    assert after(("a", 0.0), ("a", 1.6)) == [PressVerdict.ACCEPTED] * 2


def test_a_lock_out_is_not_prolonged_by_pressing() -> None:
    assert after(("a", 0.0), ("a", 1.0), ("a", 1.6))[-1] is PressVerdict.ACCEPTED


def test_two_buttons_do_not_lock_one_another_out() -> None:
    assert after(("a", 0.0), ("b", 0.1)) == [PressVerdict.ACCEPTED] * 2


def test_presses_of_a_minute_are_capped_over_all_buttons() -> None:
    found = after(*((f"b{n}", n * 2.0) for n in range(5)), limit=3)

    assert found == [PressVerdict.ACCEPTED] * 3 + [PressVerdict.TOO_MANY] * 2


def test_a_new_minute_is_a_new_allowance() -> None:
    assert after(("a", 0.0), ("b", 1.0), ("a", 61.0), limit=2)[-1] is PressVerdict.ACCEPTED


def test_a_button_held_for_ten_seconds_is_stuck_until_it_is_let_go() -> None:
    guard = press(PressGuard(30), "a", 0.0).guard

    assert stuck(guard, 9.9) == ()
    assert next_change(guard, 9.9) == 10.0
    assert stuck(guard, 10.0) == ("a",)
    assert stuck(release(guard, "a"), 10.0) == ()


def test_a_loose_contact_gives_one_ticket_and_not_a_roll_of_them() -> None:
    found = after(*(("a", n * 0.02) for n in range(50 * 600)))

    assert found.count(PressVerdict.ACCEPTED) == 1


def test_an_impatient_citizen_is_not_taken_for_a_loose_contact() -> None:
    found = after(*(("a", n * 0.4) for n in range(100)))

    assert PressVerdict.CHATTER not in found


def test_a_bouncing_button_is_not_taken_for_a_loose_contact() -> None:
    found = after(*(("a", press * 2.0 + n * 0.003) for press in range(10) for n in range(12)))

    assert found.count(PressVerdict.ACCEPTED) == 10


def test_a_loose_contact_is_stuck_until_it_has_been_left_alone() -> None:
    guard = PressGuard(30)
    for n in range(20):
        guard = release(press(guard, "a", n * 0.1).guard, "a")

    assert stuck(guard, 2.0) == ("a",)
    assert next_change(guard, 2.0) == 1.9 + 5.0
    assert stuck(guard, 7.0) == ()
    assert press(guard, "a", 7.0).verdict is PressVerdict.ACCEPTED
