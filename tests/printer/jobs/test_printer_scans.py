"""A code that lies before the scanner is read again and again; it is one wish."""

from printer.jobs.scans import AGAIN_S, ScanGuard, read


def taken(*readings: tuple[str, float], limit: int = 30) -> list[bool]:
    guard, judged = ScanGuard(limit), []
    for text, now in readings:
        guard, fresh = read(guard, text, now)
        judged.append(fresh)
    return judged


def test_a_code_that_is_left_there_for_minutes_is_one_showing() -> None:
    readings = [("HEN-1", second * 2.0) for second in range(60)]

    assert taken(*readings) == [True] + [False] * 59


def test_who_shows_a_code_again_later_is_answered_again() -> None:
    assert taken(("HEN-1", 0.0), ("HEN-1", AGAIN_S)) == [True, True]


def test_the_next_person_need_not_wait() -> None:
    assert taken(("HEN-1", 0.0), ("HEN-2", 0.5)) == [True, True]


def test_no_more_than_the_limit_a_minute() -> None:
    readings = [(f"HEN-{n}", n * 10.0) for n in range(7)]

    assert taken(*readings, limit=3) == [True] * 3 + [False] * 3 + [True]


def test_no_code_stands_in_what_a_log_may_print() -> None:
    assert "HEN" not in repr(read(ScanGuard(3), "HEN-1", 0.0)[0])
