"""The head's pages, and those about devices, browsers and clerks: live, and for a screen reader."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from axe_findings import amiss

from hall.contract.messages import Alert, DeviceStatus
from hall.contract.onestop_messages import Figures
from hall.contract.topics import DEV_ALERT, DEV_STATUS, EXT_FIGURES, Channel
from hall.contract.words import WireModel
from hall.runtime.clock import SystemClock
from hall.runtime.inbox import Inbox

pytestmark = pytest.mark.page

Hall = Any
HEADS = ("luc-nay", "hom-nay", "cac-tuan", "ai-lam-gi", "viec")
READY = "return document.querySelector('#app .card') !== null"


@pytest.mark.parametrize("size", [(1366, 768), (683, 384)], ids=["desk", "zoomed"])
def test_nothing_is_amiss_on_the_heads_pages(
    lived_hall: Hall, browser: Any, size: tuple[int, int]
) -> None:
    browser.size(*size)
    found = []
    for page in HEADS:
        browser.go("about:blank")
        browser.go(f"{lived_hall.url}dieu-hanh#{page}")
        browser.wait_for(READY)
        found += amiss(browser, page)
    browser.run("localStorage.setItem('motcua-staff', 'tp.01')")
    browser.click("button[data-service='dat-dai'][data-stops='true']")
    found += amiss(browser, "question")
    browser.key("Escape")

    assert found == [], "\n".join(found)
    assert browser.complaints() == []


@pytest.mark.parametrize(
    ("path", "told"),
    [("thiet-bi", "controller"), ("may", "Danh sách"), ("can-bo", "Chưa có ai"), ("ghep", "Mã"),
     ("dang-nhap", "Mã PIN")],
)  # fmt: skip
def test_nothing_is_amiss_on_the_pages_about_devices_browsers_and_clerks(
    lived_hall: Hall, browser: Any, path: str, told: str
) -> None:
    browser.size(390, 844)
    browser.go(f"{lived_hall.url}{path}")
    browser.wait_text("main", told)

    # Without it a browser is told after three seconds that it is too old.
    browser.wait_for("return window.motcuaStarted === true")
    assert amiss(browser, path) == []
    assert browser.run("return document.documentElement.scrollWidth <= innerWidth")
    assert browser.complaints() == []


def say(hall: Hall, who: str, channel: Channel, message: WireModel, **levels: str) -> None:
    """Another program of the hall publishes."""
    bus = hall.broker.bus(who, "demo", SystemClock())
    bus.open(Inbox(), (), ())
    bus.publish(channel, message, **levels)
    bus.close()


def test_a_device_that_fails_is_seen_at_once_with_what_to_do(
    lived_hall: Hall, browser: Any
) -> None:
    browser.go(f"{lived_hall.url}dieu-hanh")
    browser.wait_text(".totals", "đang chờ")
    now = datetime.now(UTC)
    paper = Alert(code="paper_out", text="Hết giấy.", advice="Thay giấy, đóng nắp.", since=now)
    status = DeviceStatus(state="degraded", conn="c1", sw="motcua", alerts=("paper_out",))
    say(lived_hall, "printer-1", DEV_STATUS, status, client="printer-1")
    say(lived_hall, "printer-1", DEV_ALERT, paper, client="printer-1", code="paper_out")
    browser.wait_text("#app", "printer-1: Hết giấy.")
    browser.wait_text("#app", "Thay giấy, đóng nắp.")

    browser.click("#app a[href='/thiet-bi']")
    browser.wait_text("#wrong", "Thay giấy, đóng nắp.")
    browser.click("a[href='/dieu-hanh#luc-nay']")
    browser.wait_text("#app", "Hết giấy.")
    lived_hall.broker.publish("motcua/1/demo/dev/printer-1/alert/paper_out", b"", retain=True)
    browser.wait_for("return !document.querySelector('#app').innerText.includes('Hết giấy')")
    assert browser.complaints() == []


def test_the_dossiers_figures_are_shown_by_whole_numbers_with_what_they_are_a_share_of(
    lived_hall: Hall, browser: Any
) -> None:
    browser.go(f"{lived_hall.url}dieu-hanh")
    browser.wait_text("#app", "Hồ sơ một cửa")
    now = datetime.now(UTC) + timedelta(hours=7)
    month = {
        "id": "month", "from": f"{now:%Y-%m}-01", "to": f"{now:%Y-%m-%d}",
        "received": {"total": 1075},
        "resolved": {"total": 884, "early_or_on_time": 880, "overdue": 4},
    }  # fmt: skip
    told = {"as_of": datetime.now(UTC).isoformat(), "source": "một cửa", "periods": [month]}
    say(lived_hall, "onestop", EXT_FIGURES, Figures.model_validate(told))

    browser.wait_text(".dossiers", "1.075")
    browser.wait_text(".dossiers", "99,55")
    assert "Trễ hẹn\n4" in browser.text(".dossiers")
    assert browser.complaints() == []
