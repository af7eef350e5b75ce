"""What the head of the hall is told to see to, and what not."""

from dataclasses import replace

from hall.figures.norms import MINUTE_MS, DeskNow, Norms, ServiceNow, Warned, warnings

NORMS = Norms(wait_min=30, idle_min=5, nobody_min=10)
NOW = 1_000 * MINUTE_MS
DESK = DeskNow("Quầy 1", ("ho-tich",), "open", NOW - 60 * MINUTE_MS)


def waited(minutes: int, people: int = 3) -> list[tuple[str, ServiceNow]]:
    oldest = (NOW - minutes * MINUTE_MS, "A012")
    return [("ho-tich", ServiceNow("Hộ tịch", people, oldest))]


def told(services: list[tuple[str, ServiceNow]], *desks: DeskNow) -> list[Warned]:
    return warnings(services, [(str(n), desk) for n, desk in enumerate(desks, 1)], NORMS, NOW)


def concerns(services: list[tuple[str, ServiceNow]], *desks: DeskNow) -> list[str]:
    return [each.concern for each in told(services, *desks)]


def test_a_wait_is_a_concern_from_the_norm_on() -> None:
    serving = replace(DESK, status="serving")

    assert concerns(waited(29), serving) == []
    assert concerns(waited(30), serving) == ["long_wait"]
    assert "số A012 đã chờ 30 phút" in told(waited(30), serving)[0].text


def test_an_idle_counter_is_a_concern_while_its_people_wait() -> None:
    just_free = replace(DESK, since=NOW - 4 * MINUTE_MS)

    assert concerns(waited(6), DESK) == ["idle_counter"]
    assert concerns(waited(4), DESK) == [], "who has just come is called in a moment"
    assert concerns(waited(6), just_free) == []
    assert concerns(waited(6), replace(DESK, serves=("dat-dai",)), DESK) == ["idle_counter"]


def test_people_for_whom_no_counter_is_open_are_a_concern() -> None:
    closed, paused = replace(DESK, status="closed"), replace(DESK, status="paused")

    assert concerns(waited(10), closed, paused) == ["nobody_serves"]
    assert concerns(waited(10), closed, replace(DESK, status="called")) == []
    assert told(waited(10), closed)[0].advice == "Mở một quầy nhận dịch vụ này: Quầy 1."


def test_nobody_waiting_is_no_concern_whatever_the_counters_do() -> None:
    nobody = [("ho-tich", ServiceNow("Hộ tịch", 0, None))]

    assert concerns(nobody, DESK, replace(DESK, status="closed")) == []
