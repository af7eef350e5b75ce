"""Every YAML that ships is one that `motcua check` calls good."""

from pathlib import Path

import pytest

from hall.cli.checking.check import judge
from hall.runtime.settings import ConfigError, read

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "config").rglob("*.yaml"))


def name(file: Path) -> str:
    return str(file.relative_to(ROOT))


@pytest.mark.parametrize("file", FILES, ids=name)
def test_a_shipped_configuration_is_good(file: Path) -> None:
    try:
        judge(file)
    except ConfigError as err:
        pytest.fail(str(err))


@pytest.mark.parametrize("file", FILES, ids=name)
def test_an_editor_finds_its_schema(file: Path) -> None:
    first = file.read_text(encoding="utf-8").splitlines()[0]
    head = "# yaml-language-server: $schema="

    assert first.startswith(head)
    assert (file.parent / first.removeprefix(head)).is_file()


def test_a_real_hall_leaves_the_broker_to_systemd() -> None:
    values = read(ROOT / "config" / "hall.yaml").values

    assert values["broker"]["url"] == "mqtt://127.0.0.1:1883"
