"""Chromium steered over the W3C WebDriver protocol, and waiting for what a page does."""

import base64
import http.client
import json
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

DEADLINE_S = 120.0


def wait_until(happened: Callable[[], object], what: str = "it") -> None:
    """Until `happened()` is true; fails after DEADLINE_S."""
    deadline = time.monotonic() + DEADLINE_S
    pause = threading.Event()
    while not happened():
        if time.monotonic() > deadline:
            pytest.fail(f"{what} did not happen in time")
        pause.wait(0.02)


ARMED = """return ![...document.querySelectorAll('button[data-key]')].some(
    (button) => /Đang nối|Đang gửi|vừa đổi/.test(button.title))"""
# As the WebDriver protocol writes them.
NAMED_KEYS = {
    "Enter": "\ue007",
    "Escape": "\ue00c",
    **{f"F{n}": chr(0xE030 + n) for n in range(1, 11)},
}


class Browser:
    """Chromium over the W3C WebDriver protocol, which needs no library."""

    ARGUMENTS = (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--hide-scrollbars",
    )

    def __init__(self, driver: str, chromium: str) -> None:
        self._process, self._port = self._started(driver)
        options = {"args": self.ARGUMENTS, "binary": chromium}
        wanted = {
            "browserName": "chrome",
            "goog:chromeOptions": options,
            "goog:loggingPrefs": {"browser": "ALL"},
        }
        answer = self._call("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
        self._session = f"/session/{answer['sessionId']}"

    @staticmethod
    def _started(driver: str) -> tuple[subprocess.Popen[str], int]:
        """It ends where the port that it was given for IPv6 is taken for IPv4: tried again."""
        for _ in range(5):
            process = subprocess.Popen(
                [driver, "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
            )
            assert process.stdout is not None
            for line in process.stdout:
                if "started successfully on port" in line:
                    return process, int(line.rstrip(".\n ").rsplit(" ", 1)[1])
            process.wait(10)
            process.stdout.close()
        pytest.fail("chromedriver did not start")

    def _call(self, method: str, path: str, body: Any = None) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=300)
        try:
            connection.request(method, path, None if body is None else json.dumps(body))
            answer = json.loads(connection.getresponse().read())["value"]
        finally:
            connection.close()
        assert not (isinstance(answer, dict) and "error" in answer), answer
        return answer

    def _do(self, path: str, body: Any) -> Any:
        return self._call("POST", self._session + path, body)

    def size(self, width: int, height: int) -> None:
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 700}
        self.devtools("Emulation.setDeviceMetricsOverride", **metrics)

    def go(self, url: str) -> None:
        self._do("/url", {"url": url})

    def run(self, script: str, *args: Any) -> Any:
        return self._do("/execute/sync", {"script": script, "args": list(args)})

    def run_awaiting(self, script: str, *args: Any) -> Any:
        """What the script hands to its last argument, a function."""
        return self._do("/execute/async", {"script": script, "args": list(args)})

    def text(self, selector: str) -> str:
        found = self.run("return document.querySelector(arguments[0])?.innerText ?? ''", selector)
        return str(found)

    def click(self, selector: str) -> None:
        wait_until(
            lambda: self.run(
                "const b=document.querySelector(arguments[0]);"
                "return b && !b.disabled && b.getAttribute('aria-disabled') !== 'true'",
                selector,
            ),
            f"{selector} ready",
        )
        self.press(selector)

    def press(self, selector: str) -> None:
        """Click whether or not it may be."""
        self.run("document.querySelector(arguments[0]).click()", selector)

    def key(self, name: str) -> None:
        """A letter, "F4", "Ctrl+G", "Enter" or "Escape"."""
        held, _, last = name.rpartition("+")
        keys = [*(["\ue009"] if held else []), NAMED_KEYS.get(last, last.lower())]
        actions = [{"type": "keyDown", "value": key} for key in keys]
        actions += [{"type": "keyUp", "value": key} for key in reversed(keys)]
        self._do("/actions", {"actions": [{"type": "key", "id": "keys", "actions": actions}]})

    def devtools(self, command: str, **params: Any) -> Any:
        return self._do("/goog/cdp/execute", {"cmd": command, "params": params})

    def without(self, script: str) -> Callable[[], None]:
        """Run a script before every page's own; the result undoes it for later pages."""
        told = self.devtools("Page.addScriptToEvaluateOnNewDocument", source=script)
        return lambda: self.devtools("Page.removeScriptToEvaluateOnNewDocument", **told)

    def tabs(self) -> list[str]:
        found: list[str] = self._call("GET", f"{self._session}/window/handles")
        return found

    def open_tab(self, url: str) -> str:
        handle: str = self._do("/window/new", {"type": "tab"})["handle"]
        self.show_tab(handle)
        self.go(url)
        return handle

    def show_tab(self, handle: str) -> None:
        self._do("/window", {"handle": handle})

    def close_tab(self) -> None:
        """The one that is shown."""
        self._call("DELETE", f"{self._session}/window")

    def titles(self) -> list[str]:
        """Of all tabs, hidden ones as well."""
        targets = self.devtools("Target.getTargets")["targetInfos"]
        return [each["title"] for each in targets if each["type"] == "page"]

    def wait_text(self, selector: str, wanted: str) -> None:
        wait_until(lambda: wanted in self.text(selector), f"{wanted!r} in {selector}")

    def wait_for(self, script: str) -> None:
        """Until the script, run on the page, returns true."""
        wait_until(lambda: self.run(script), script)

    def wait_armed(self) -> None:
        """Until the call page takes a press: none is on its way, nothing has just changed."""
        self.wait_for(ARMED)

    def complaints(self) -> list[str]:
        """What the browser's own log calls an error (a script that fails, a breach of the CSP)."""
        lines = self._do("/se/log", {"type": "browser"})
        return [line["message"] for line in lines if line["level"] == "SEVERE"]

    def picture(self) -> bytes:
        return base64.b64decode(self._call("GET", f"{self._session}/screenshot"))

    def close(self) -> None:
        try:
            self._call("DELETE", self._session)
        finally:
            self._process.terminate()
            self._process.wait(10)
            if self._process.stdout is not None:
                self._process.stdout.close()


@contextmanager
def opened() -> Iterator[Browser]:
    """One Chromium; skips where there is none."""
    driver, browser = shutil.which("chromedriver"), shutil.which("chromium")
    if driver is None or browser is None:
        pytest.skip("needs chromium and chromedriver")
    found = Browser(driver, browser)
    try:
        yield found
    finally:
        found.close()


@contextmanager
def cleared(chromium: Browser) -> Iterator[Browser]:
    """The same one with an empty page and an empty log."""
    chromium.size(1280, 720)
    chromium.complaints()
    yield chromium
    chromium.go("about:blank")
