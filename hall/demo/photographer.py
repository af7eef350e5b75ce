"""Pictures of a page by Debian's Chromium, driven over WebDriver (w3.org/TR/webdriver2)."""

import base64
import json
import os
import shutil
import subprocess
import tempfile
import threading
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from hall.runtime.broker import free_port
from hall.runtime.clock import SystemClock

_START_S, _PAINT_S, _SETTLE_S = 20.0, 20.0, 1.0
_ROOT = 0
# A page that has only its frame says less than this.
_FILLED = 150


def photograph(url: str, picture: Path, size: tuple[int, int] = (1920, 1080)) -> bool:
    """Once the page has its content. False where Chromium and its driver are not, or fail."""
    driver, browser = shutil.which("chromedriver"), shutil.which("chromium")
    if driver is None or browser is None:
        return False
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="motcua-photo-") as folder:
        process = subprocess.Popen(  # noqa: S603
            [driver, f"--port={port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            return _take_picture(
                f"http://127.0.0.1:{port}", url, picture, _options(browser, size, folder)
            )
        except (OSError, ValueError, KeyError):
            return False
        finally:
            process.terminate()
            process.wait()


def _options(browser: str, size: tuple[int, int], folder: str) -> Mapping[str, object]:
    words = ["--headless=new", f"--window-size={size[0]},{size[1]}", f"--user-data-dir={folder}"]
    if os.geteuid() == _ROOT:
        words.append("--no-sandbox")
    chosen = {"binary": browser, "args": [*words, "--hide-scrollbars", "--disable-gpu"]}
    return {"capabilities": {"alwaysMatch": {"goog:chromeOptions": chosen}}}


def _take_picture(driver: str, url: str, picture: Path, options: Mapping[str, object]) -> bool:
    clock, pause = SystemClock(), threading.Event()
    until = clock.monotonic() + _START_S
    while not _is_ready(driver) and clock.monotonic() < until:
        pause.wait(0.1)
    session = f"{driver}/session/{_ask(f'{driver}/session', options)['sessionId']}"
    _ask(f"{session}/url", {"url": url})
    script = {"script": "return document.body.innerText.length", "args": []}
    until = clock.monotonic() + _PAINT_S
    while _ask(f"{session}/execute/sync", script) < _FILLED and clock.monotonic() < until:
        pause.wait(0.2)
    pause.wait(_SETTLE_S)
    picture.write_bytes(base64.b64decode(_ask(f"{session}/screenshot")))
    with suppress(OSError):
        _ask(session, method="DELETE")
    return True


def _is_ready(driver: str) -> bool:
    with suppress(OSError):
        return bool(_ask(f"{driver}/status")["ready"])
    return False


def _ask(address: str, body: Mapping[str, object] | None = None, method: str = "") -> Any:  # noqa: ANN401 - JSON
    data = None if body is None else json.dumps(body).encode()
    asked = urllib.request.Request(address, data, method=method or None)  # noqa: S310 - loopback
    with urllib.request.urlopen(asked, timeout=60) as answer:  # noqa: S310
        return json.load(answer)["value"]
