"""From the press in a hall to a row at the province, over TLS, while all is killed in turn."""

import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from broker_of_ones_own import certificate
from own_postgres import OwnPostgres
from own_province import OwnProvince, until
from whole_hall import HALL, WholeHall

pytestmark = pytest.mark.broker


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate(tmp_path_factory.mktemp("tls") / "own")


@pytest.fixture
def province(tmp_path: Path, dsn: str, tls: Path) -> Iterator[OwnProvince]:
    made = OwnProvince(tmp_path / "province", dsn, tls)
    made.folder.mkdir()
    made.make([HALL, "khac"])
    yield made
    made.stop()


def test_everything_is_killed_in_turn_and_each_event_is_there_once(
    province: OwnProvince, postgres: OwnPostgres, tmp_path: Path
) -> None:
    folder = tmp_path / "hall"
    folder.mkdir()
    for _ in range(2):
        province.start_consumer()
    with WholeHall(folder, province) as hall:
        hall.press(20)
        assert until(hall.is_level), hall.end()

        for kill in (
            lambda: hall.kill_and_start("uplink"),
            province.kill_consumer,
            lambda: hall.kill_and_start("controller"),
            postgres.kill,
            province.kill_broker,
        ):
            hall.press(10)
            kill()
            hall.press(10)
        province.start_consumer()
        postgres.start()
        province.start_broker()

        assert until(hall.is_level, 240.0), (hall.end(), province.places(HALL)[-1:])


def test_a_hall_is_let_in_by_its_credential_until_it_is_revoked(
    province: OwnProvince, tmp_path: Path
) -> None:
    folder = tmp_path / "hall"
    folder.mkdir()
    province.start_consumer()
    with WholeHall(folder, province) as hall:
        hall.press(2)
        assert until(hall.is_level)

        done = province.motcua("credential", "revoke", HALL, "--write", str(province.folder))
        assert done.returncode == 0, done.stderr
        assert "Broker đã đọc lại" in done.stdout
        hall.press(2)
        log = folder / "uplink.log"
        assert until(lambda: "từ chối tên hoặc mật khẩu" in log.read_text(encoding="utf-8"))
        assert not hall.is_level()

        word = hall.state / "credentials" / "province-password"
        more = ("--write", str(province.folder), "--out", str(word))
        done = province.motcua("credential", "issue", HALL, *more)
        assert done.returncode == 0, done.stderr
        assert until(hall.is_level)
        told = province.motcua("status")
        assert told.returncode == 1
        assert "khac: Xã khac: chưa gửi gì" in told.stdout


def test_consumers_of_one_command_are_started_again_and_one_is_the_keeper(
    province: OwnProvince,
) -> None:
    log = province.folder / "consumer-0.log"
    province.start_consumer(2)

    def told(pattern: str) -> list[str]:
        return re.findall(pattern, log.read_text(encoding="utf-8"))

    assert until(lambda: len(told("connected to")) == 2 and bool(told("is the keeper")))
    os.kill(int(told(r"consumer-1 (\d+)")[0]), signal.SIGKILL)

    assert until(lambda: len(told(r"consumer-1 \d+")) == 2 and len(told("connected to")) == 3)
    os.kill(int(told(r"consumer-2 (\d+)")[0]), signal.SIGKILL)
    assert until(lambda: len(told("is the keeper")) == 2)
