"""A role that keeps something says when the disk takes nothing, and that it does again."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from small_disk import FAULTS, SmallDisk, small_disk

from hall.runtime import daemon as daemons
from hall.runtime.daemon import Daemon
from hall.runtime.disk_room import obstacle


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk") as made:
        yield made


@pytest.mark.parametrize("fault", FAULTS)
def test_a_disk_that_takes_nothing_is_seen_without_writing_and_so_is_its_end(
    fault: str, disk: SmallDisk
) -> None:
    disk.hurt(fault)
    assert str(disk.place) in obstacle(disk.place)
    disk.heal()

    assert obstacle(disk.place) == ""


def test_a_folder_that_is_not_made_yet_is_no_full_disk(tmp_path: Path) -> None:
    assert obstacle(tmp_path / "later") == ""


def test_a_role_tells_once_and_until_the_disk_has_healed(
    world: Any, notebook: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    why = ["đĩa: hết chỗ; df -h"]
    monkeypatch.setattr(daemons, "obstacle", lambda _: why[-1])
    daemon = Daemon(world.context_of("kiosk-1"), notebook(), disk=tmp_path)
    daemon.open()

    def told() -> str:
        world.clock.advance(1.0)
        daemon.turn(world.clock.monotonic(), 0.0)
        found = daemon.context.health.alerts.get("disk_low")
        return "" if found is None else found.advice

    assert "df -h" in told()
    assert "df -h" in told()
    why.append("")
    assert told() == ""
    daemon.close()
