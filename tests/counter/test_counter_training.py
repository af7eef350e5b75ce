"""The page of the simulated hall is for simulated halls: a real one is never called that."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from hall.counter.training import is_simulated

ROOT = Path(__file__).parents[2]


def printers(*drivers: str) -> Mapping[str, Any]:
    return {"printers": [{"driver": driver} for driver in drivers]}


@pytest.mark.parametrize(
    ("values", "simulated"),
    [
        ({}, True),
        (printers("simulated"), True),
        (printers("simulated", "usb"), False),
        ({"bridges": [{"buses": [{"driver": "simulated"}]}]}, True),
        ({"bridges": [{"buses": [{"port": "simulated"}]}]}, True),
        ({"bridges": [{"buses": [{"port": "/dev/hall/bus1"}]}]}, False),
    ],
)
def test_a_hall_with_one_real_device_is_real(values: Mapping[str, Any], *, simulated: bool) -> None:
    assert is_simulated(values) is simulated


@pytest.mark.parametrize(("name", "simulated"), [("demo.yaml", True), ("hall.yaml", False)])
def test_the_sample_halls_are_what_they_say(name: str, *, simulated: bool) -> None:
    values = yaml.safe_load((ROOT / "config" / name).read_text("utf-8"))
    assert is_simulated(values) is simulated


def test_a_real_hall_shows_its_counters_and_never_calls_itself_simulated(
    small_hall: Any, tmp_path: Path
) -> None:
    real = small_hall(tmp_path, printer="{id: printer-1, driver: network, host: 192.0.2.1}")
    try:
        real.open()
        for path in ("/", "/dieu-hanh", "/quay/1", "/static/head-now.js"):
            text = real.get(path).body.decode()
            assert "mô phỏng" not in text, path
        assert "Trang gọi số" in real.get("/").body.decode()
        assert real.press("/api/device/printer-1/simulate", {"id": "s"}).status == 404
    finally:
        real.close()
