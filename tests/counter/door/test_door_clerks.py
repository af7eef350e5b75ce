"""The page of clerks: who may add, reset and take out whom, and that it is told who did it."""

import json
from typing import Any

import pytest

from hall.counter.door.clerks import Clerk, objection_to_adding, objection_to_removing

Hall = Any
OWN = "4mua-xuan"
LATER = "5thu-vang"
HEAD = Clerk("tp.01", "Hoa", True, "", None)  # noqa: FBT003
LAN = Clerk("nv.07", "Lan", False, "", None)  # noqa: FBT003
GONE = Clerk("nv.01", "Minh", False, "", None, gone=1)  # noqa: FBT003


def add(hall: Hall, by: dict[str, str], mark: str, name: str, *, head: bool = False) -> Any:
    return hall.press("/api/staff", {"mark": mark, "name": name, "head": head}, by)


def sign_in(hall: Hall, cookie: dict[str, str], who: str, pin: str, own: str = "") -> Any:
    return hall.press("/api/sign-in", {"who": who, "pin": pin, "own": own}, cookie)


def cookie_of(answer: Any) -> dict[str, str]:
    assert answer.json == {"status": "ok"}
    return {"Cookie": answer.headers["set-cookie"].split(";")[0]}


def deeds(hall: Hall) -> list[tuple[str, str, str]]:
    """Who did what to which clerk, oldest first, as `who did what` tells it."""
    lines = (hall.state / "deeds.jsonl").read_text("utf-8").splitlines()
    told = [json.loads(line) for line in lines]
    return [(d["staff"], d["type"], d["about"]) for d in told if d["about"] in ("tp.01", "nv.07")]


def test_from_the_first_head_to_a_clerk_who_leaves(paired_hall: Hall) -> None:
    hall = paired_hall
    technician, head, desk = (hall.cookie(place) for place in ("technician", "head", "1"))

    alone = add(hall, technician, "nv.07", "Lan")
    assert (alone.status, "trưởng bộ phận" in alone.json["error"]["text"]) == (409, True)
    first = add(hall, technician, "tp.01", "Hoa", head=True).json["pin"]
    assert add(hall, head, "nv.07", "Lan").status == 401, "she has not signed in"
    head = cookie_of(sign_in(hall, head, "tp.01", first, OWN))
    given = add(hall, head, "nv.07", "Lan").json["pin"]
    desk = cookie_of(sign_in(hall, desk, "nv.07", given, OWN))
    assert add(hall, desk, "nv.08", "Minh").status == 403, "a clerk lets nobody in"

    told = hall.get("/api/staff", **head).json["clerks"]
    assert [(each["id"], each["first_days"], each["at"] != []) for each in told] == [
        ("tp.01", None, True), ("nv.07", None, True)]  # fmt: skip
    assert hall.press("/api/staff/tp.01/remove", {}, head).status == 409, "the last head"
    assert hall.press("/api/staff/nv.07/remove", {}, head).status == 200
    assert hall.press("/api/counter/1/counter-open", {"id": "p1"}, desk).status == 401
    assert deeds(hall) == [
        ("", "clerk-added", "tp.01"),
        ("tp.01", "pin-chosen", "tp.01"),
        ("tp.01", "clerk-added", "nv.07"),
        ("nv.07", "pin-chosen", "nv.07"),
        ("tp.01", "clerk-removed", "nv.07"),
    ]  # fmt: skip


def test_who_knows_her_pin_changes_it_at_any_time(paired_hall: Hall) -> None:
    hall = paired_hall
    technician, desk = hall.cookie("technician"), hall.cookie("1")
    first = add(hall, technician, "tp.01", "Hoa", head=True).json["pin"]
    assert sign_in(hall, desk, "tp.01", first, first).json["error"]["code"] == "weak"
    desk = cookie_of(sign_in(hall, desk, "tp.01", first, OWN))

    assert sign_in(hall, desk, "tp.01", "wrong-one", LATER).json["error"]["code"] == "wrong"
    assert sign_in(hall, desk, "tp.01", OWN, "123456789").json["error"]["code"] == "weak"
    desk = cookie_of(sign_in(hall, desk, "tp.01", OWN, LATER))
    assert sign_in(hall, desk, "tp.01", OWN).json["error"]["code"] == "wrong"
    assert sign_in(hall, desk, "tp.01", LATER).status == 200


@pytest.mark.parametrize(
    ("clerk", "known", "others", "fits"),
    [
        (HEAD, None, (), True),
        (LAN, None, (), False),
        (LAN, None, (HEAD,), True),
        (LAN, LAN, (HEAD, LAN), False),
        (Clerk("nv.01", "Tuấn", False, "", None), GONE, (HEAD,), False),  # noqa: FBT003
        (Clerk("nv.01", "Minh", False, "", None), GONE, (HEAD,), True),  # noqa: FBT003
        (Clerk("nv 01", "Minh", False, "", None), None, (HEAD,), False),  # noqa: FBT003
        (Clerk("nv.02", "", False, "", None), None, (HEAD,), False),  # noqa: FBT003
    ],
)
def test_a_mark_is_of_one_person_for_ever(
    clerk: Clerk,
    known: Clerk | None,
    others: tuple[Clerk, ...],
    fits: bool,  # noqa: FBT001
) -> None:
    assert (objection_to_adding(clerk, known, others) == "") is fits


@pytest.mark.parametrize(
    ("clerk", "others", "fits"),
    [(HEAD, (), True), (HEAD, (LAN,), False), (LAN, (HEAD,), True), (HEAD, (LAN, HEAD), True)],
)
def test_a_head_is_left_for_as_long_as_anybody_is(
    clerk: Clerk,
    others: tuple[Clerk, ...],
    fits: bool,  # noqa: FBT001
) -> None:
    assert (objection_to_removing(clerk, others) == "") is fits


@pytest.mark.page
def test_a_head_is_added_and_her_pin_given_anew_in_a_real_browser(
    paired_hall: Hall, browser: Any
) -> None:
    hall = paired_hall
    browser.go(f"{hall.url}ghep")
    write = "document.querySelector(arguments[0]).value = arguments[1]"
    browser.run(write, "[name=code]", hall.code("technician"))
    browser.click("form button")
    browser.wait_text("#tabs", "Cán bộ")
    browser.click("a[href='/can-bo']")
    browser.wait_text("#none", "Chưa có ai")
    browser.run(write, "#mark", "tp.01")
    browser.run(write, "#name", "Hoa")
    browser.run("document.querySelector('#head').checked = true")
    browser.click("#new button")
    browser.wait_text("#handed-out", "Mã giao cho Hoa")
    first = browser.text("#pin")

    browser.wait_text("#clerks", "còn 7 ngày")
    browser.click("[data-clerk='tp.01'] [data-act='hand-out']")
    browser.wait_text("#sure", "Hoa")
    browser.key("Enter")
    browser.wait_for(f"return document.querySelector('#pin').textContent !== '{first}'")
    again = browser.text("#pin").replace(" ", "")
    browser.click("#done")
    browser.wait_for("return document.querySelector('#handed-out').hidden")
    assert browser.complaints() == []
    cookie_of(sign_in(hall, hall.cookie("head"), "tp.01", again, OWN))


@pytest.mark.page
def test_a_head_who_adds_herself_reads_her_pin_before_she_has_to_sign_in(
    paired_hall: Hall, browser: Any, until: Any
) -> None:
    browser.go(f"{paired_hall.url}ghep")
    write = "document.querySelector(arguments[0]).value = arguments[1]"
    browser.run(write, "[name=code]", paired_hall.code("head"))
    browser.click("form button")
    browser.wait_for("return location.pathname !== '/ghep'")
    browser.go(f"{paired_hall.url}can-bo")
    browser.wait_text("#none", "Chưa có ai")
    browser.run(write, "#mark", "tp.01")
    browser.run(write, "#name", "Hoa")
    browser.run("document.querySelector('#head').checked = true")
    browser.click("#new button")

    # The list is not hers any more: the browser's log says so.
    until(lambda: any("/api/staff" in each for each in browser.complaints()))
    assert len(browser.text("#pin").replace(" ", "")) == 8
    browser.click("#done")
    browser.wait_for("return location.pathname === '/dang-nhap'")
    browser.complaints()
