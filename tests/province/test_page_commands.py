"""What an operator types: accounts, walls, the reader, the board, and the page as a program."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from own_postgres import OwnPostgres
from own_province import ROOT, OwnProvince, until
from own_province_page import OwnProvincePage

from hall.province.page.people import weakness
from hall.province.settings import ProvinceFile
from hall.runtime import settings
from hall.runtime.settings import ConfigError

pytestmark = pytest.mark.broker


@pytest.fixture(scope="module")
def province(
    postgres: OwnPostgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[OwnProvince]:
    made = OwnProvince(tmp_path_factory.mktemp("tinh"), postgres.fresh("commands"))
    try:
        made.make(["xa"])
        with_page(made, {"port": 0})
        yield made
    finally:
        made.stop()


def with_page(province: OwnProvince, section: object) -> None:
    wanted = json.loads(province.config.read_text("utf-8"))
    province.config.write_text(json.dumps(wanted | {"page": section}), "utf-8")


def secret(text: str) -> str:
    return text.strip().rsplit(": ", 1)[1]


def test_the_page_is_a_program_that_accounts_and_walls_made_by_commands_open(
    province: OwnProvince,
) -> None:
    made = province.motcua("account", "add", "ba.ha", "--name", "Bà Hà", "--role", "operator")
    assert made.returncode == 0, made.stderr
    wall = province.motcua("wall", "add", "hanh-lang")
    assert "Vận hành\tBà Hà" in province.motcua("account", "list").stdout
    page = OwnProvincePage(province, ("xa",))
    words = [*(sys.executable, "-P", "-m", "hall.cli", "province", "page"),
             *("-c", str(province.config), "--state", str(province.state))]  # fmt: skip
    program = subprocess.Popen(words, env=os.environ | {"PYTHONPATH": str(ROOT)})
    try:
        address = province.state / "province_page.url"
        assert until(address.exists)
        assert until(lambda: bool(address.read_text("utf-8")))
        page.url = address.read_text("utf-8")
        told = page.get("/api/me", **page.sign_in("ba.ha", secret(made.stdout))).json
        assert (told["name"], told["role"], told["province"]) == ("Bà Hà", "operator", "Tỉnh Thử")
        assert page.get(secret(wall.stdout)).status == 303
        assert "đã xoá" in province.motcua("account", "remove", "ba.ha").stdout
        assert "đã thu hồi" in province.motcua("wall", "remove", "hanh-lang").stdout
    finally:
        program.terminate()
        assert program.wait(60) == 0


def test_a_secret_goes_into_a_file_that_is_asked_for(province: OwnProvince, tmp_path: Path) -> None:
    out = tmp_path / "doc.pw"
    made = province.motcua("reader", "create", "doc", "--out", str(out))

    assert made.returncode == 0, made.stderr
    assert out.stat().st_mode & 0o077 == 0
    assert out.read_text().strip() not in made.stdout
    assert "đã xoá" in province.motcua("reader", "remove", "doc").stdout


@pytest.mark.parametrize(
    "words", [("account", "add", "Bà Hà"), ("wall", "add", ""), ("reader", "create", "a;b")]
)
def test_what_cannot_be_a_name_is_told(province: OwnProvince, words: tuple[str, ...]) -> None:
    told = province.motcua(*words)

    assert told.returncode == 1
    assert "tên gồm" in told.stderr


def test_the_board_is_printed_for_grafana(province: OwnProvince) -> None:
    assert json.loads(province.motcua("grafana").stdout)["uid"] == "motcua-province"


@pytest.mark.parametrize(
    ("section", "told"),
    [({"host": "0.0.0.0"}, "page.tls"), ({"host": "may-chu"}, "địa chỉ IP")],
)
def test_passwords_go_over_no_network_in_the_clear(
    province: OwnProvince, tmp_path: Path, section: dict[str, str], told: str
) -> None:
    wanted = json.loads(province.config.read_text("utf-8")) | {"page": section}
    config = tmp_path / "province.yaml"
    config.write_text(json.dumps(wanted), "utf-8")

    with pytest.raises(ConfigError) as err:
        settings.load(config, ProvinceFile)
    assert told in str(err.value)


@pytest.mark.parametrize("word", ["ngan", "aaaaaaaaaaaa", "ba.ha-2026-x", "x" * 129])
def test_a_weak_password_is_refused(word: str) -> None:
    assert weakness(word, "ba.ha")


def test_a_long_one_of_ones_own_will_do() -> None:
    assert weakness("một câu dài của riêng tôi", "ba.ha") == ""
