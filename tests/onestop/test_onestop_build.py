"""From a line of YAML to a gateway, or to none."""

from pathlib import Path

import pytest

from hall.contract.topics import EXT_STATUS
from hall.onestop.__main__ import build
from hall.onestop.gateway import FeedGateway
from hall.onestop.service import OnestopService
from hall.runtime import settings
from hall.runtime.bus_memory import MemoryBroker
from hall.runtime.clock import SetClock
from hall.runtime.daemon import Daemon, Ground

YAML = """version: 1
hall: {id: demo, name: "Xã"}
services: [{id: ho-tich, name: "Hộ tịch", prefix: A}]
counters: [{id: "1", serves: [ho-tich]}]
"""


REST = (
    "{driver: rest, url: 'https://igate.example.vn', lookup: {path: /pa/dossier-search/dvc, "
    "query: {code: '{code}'}, found: content, fields: {code: code, status: statusCurrentTask}}}"
)
OPENCPS = (
    "{driver: opencps, url: 'https://mot-cua.example.vn', group_id: 55301, user: motcua, "
    "credential: opencps, services: {ho-tich: '1.001193'}}"
)


def built(folder: Path, section: str, only: str | None = None) -> list[Daemon]:
    config = folder / "hall.yaml"
    config.write_text(YAML + section, "utf-8")
    clock, broker = SetClock(), MemoryBroker()
    ground = Ground("demo", clock, folder, lambda client: broker.bus(client, "demo", clock))
    return list(build(settings.read(config), ground, only))


def test_a_folder_becomes_a_gateway_that_nobody_can_steer(tmp_path: Path) -> None:
    (daemon,) = built(tmp_path, "onestop: {driver: file, folder: /nowhere, source: Xã}\n")

    assert daemon.name == "onestop"
    assert isinstance(daemon.service, OnestopService)
    assert daemon.service.steering is None
    assert daemon.service.supplier.source == "Xã"


def test_the_simulated_one_can_be_steered_and_its_loss_is_told_by_the_broker(
    tmp_path: Path,
) -> None:
    (daemon,) = built(tmp_path, "onestop: {driver: simulated, profile: phu-tien}\n")

    assert isinstance(daemon.service, OnestopService)
    assert daemon.service.steering is not None
    assert [will.channel for will in daemon._wills] == [EXT_STATUS]


@pytest.mark.parametrize(
    ("section", "only"),
    [
        ("onestop: {driver: mqtt}\n", "onestop"),
        ("onestop: {driver: simulated}\n", "gateway"),
        ("onestop: {driver: simulated}\n", "printer-1"),
    ],
)
def test_where_another_speaks_for_the_one_stop_side_there_is_none(
    tmp_path: Path, section: str, only: str | None
) -> None:
    assert built(tmp_path, section, only) == []


def test_beside_a_vendor_on_the_bus_stands_its_judge(tmp_path: Path) -> None:
    (daemon,) = built(tmp_path, "onestop: {driver: mqtt}\n")

    assert daemon.name == "gateway"
    assert isinstance(daemon.service, FeedGateway)


@pytest.mark.parametrize("section", ["{driver: manual}", REST, OPENCPS])
def test_every_driver_is_the_one_stop_side_itself(tmp_path: Path, section: str) -> None:
    (daemon,) = built(tmp_path, f"onestop: {section}\n")

    assert daemon.name == "onestop"
    assert isinstance(daemon.service, OnestopService)


@pytest.mark.parametrize(
    ("section", "told"),
    [
        ("", "onestop: thiếu khoá này"),
        ("onestop: {driver: smulated}\n", "ý bạn là 'simulated'"),
        ("onestop: {driver: simulated, profle: mau}\n", "ý bạn là 'profile'"),
        ("onestop: {driver: simulated, profile: mu-cang-chi}\n", "ý bạn là 'mu-cang-chai'"),
        ("onestop: {driver: file}\n", "folder: thiếu khoá này"),
    ],
)
def test_a_wrong_section_is_told_with_what_was_meant(
    tmp_path: Path, section: str, told: str
) -> None:
    with pytest.raises(settings.ConfigError, match=told):
        built(tmp_path, section)
