"""A tablet before the citizen: whom it asks, what it may, and a slip that is taken back."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_findings import amiss
from hypothesis import given
from hypothesis import strategies as st

from hall.counter.door.access import PageRole, Place, Right, Visitor, place_of

SmallHall = Any
ASKED = """ratings:
  reasons: [{id: cho-lau, name: Chờ lâu}, {id: thai-do, name: Thái độ phục vụ}]
"""


@pytest.fixture(scope="module")
def rated(small_hall: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallHall]:
    made = small_hall(tmp_path_factory.mktemp("rated"), sections=ASKED)
    try:
        made.open()
        yield made
    finally:
        made.close()


def serve(hall: SmallHall, name: str) -> None:
    """One more person at counter 1."""
    hall.issue(request_id=name)
    for verb in ("call-next", "start"):
        hall.press(f"/api/counter/1/{verb}", {"id": f"{name}-{verb}"})


def test_who_is_served_says_how_it_was_and_why_and_nobody_counts_twice(
    rated: SmallHall, browser: Any, until: Any
) -> None:
    browser.size(1280, 800)
    browser.go(f"{rated.url}danh-gia/1")
    browser.wait_text(".idle h1", "Kính chào ông/bà")
    serve(rated, "p1")
    browser.wait_text("#number", "Số A001")
    found = amiss(browser, "faces")

    browser.click("[data-score='1']")
    browser.click("#again")
    browser.click("[data-score='2']")
    browser.wait_for("return document.querySelector('#reasons button') !== null")
    found += amiss(browser, "why")
    browser.click("#reasons button")

    until(lambda: [each["score"] for each in rated.requests("rate")] == [1, 2, 2])
    assert len(rated.requests("unrate")) == 2
    last = rated.requests("rate")[-1]
    assert (last["reason"], last["counter"]) == ("cho-lau", "1")
    browser.wait_text(".thanks h1", "Xin cảm ơn")
    browser.wait_text(".idle h1", "Kính chào ông/bà")
    assert (found, browser.complaints()) == ([], [])


def test_a_tablet_asks_about_nobody_but_its_counters_own(rated: SmallHall) -> None:
    other = rated.press("/api/rating/1/rate", {"id": "x1", "score": 5, "ticket": "1-1-999"})

    assert (other.status, other.json["error"]["code"]) == (409, "not_now")
    assert rated.press("/api/rating/1/call-next", {"id": "x2"}).status == 404


# --- rights -------------------------------------------------------------------------------------


@given(st.sampled_from(Right), st.sampled_from(["1", "2", None]))
def test_a_tablet_may_rate_its_own_counter_and_nothing_else(
    right: Right, counter: str | None
) -> None:
    tablet = Visitor(frozenset({Place(PageRole.TABLET, "1")}), has_clerks=True)

    assert tablet.may(right, counter) is (right is Right.RATE and counter == "1")


@given(st.sampled_from(["1", "5A"]), st.sampled_from([PageRole.CLERK, PageRole.TABLET]))
def test_a_place_is_known_again_by_its_name(counter: str, role: PageRole) -> None:
    assert place_of(str(Place(role, counter))) == Place(role, counter)
