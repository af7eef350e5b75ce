"""What the province's documents have typed, typed as it is written at a real database."""

import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from documented_commands import DocumentedCommand, documented
from own_postgres import OwnPostgres
from own_province import ROOT, OwnProvince

pytestmark = pytest.mark.broker

# Goes on until it is stopped: tests/province/test_page_commands.py.
UNTIL_STOPPED = "page"
HALL = "mu-cang-chai"


def typed() -> list[DocumentedCommand]:
    """In their order. The others mean the machine's own file: tests/install/province-debian."""
    named = [each for each in documented() if each.argv[0] == "province" and "-c" in each.argv]
    kept = [each for each in named if each.argv[1] != UNTIL_STOPPED]
    return list({each.line: each for each in kept}.values())


@pytest.fixture(scope="module")
def desk(postgres: OwnPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with the file that the documents name, and `motcua` on the way to it."""
    folder = tmp_path_factory.mktemp("documented")
    province = OwnProvince(folder / "tinh", postgres.fresh("documented"))
    province.folder.mkdir()
    try:
        province.make([HALL])
        shutil.copyfile(province.config, folder / "province.yaml")
        launcher = folder / "bin" / "motcua"
        launcher.parent.mkdir()
        launcher.write_text(f'#!/bin/sh\nexec {sys.executable} -P -m hall.cli "$@"\n', "utf-8")
        launcher.chmod(0o755)
        yield folder
    finally:
        province.stop()


def test_the_commands_of_the_province_s_documents_run_as_they_are_written(desk: Path) -> None:
    path = f"{desk / 'bin'}:{os.environ['PATH']}"
    given = os.environ | {"PATH": path, "PYTHONPATH": str(ROOT)}
    wrong, done = [], typed()
    for each in done:
        line = f'sudo() {{ "$@"; }}; {each.line}'
        ended = subprocess.run(
            ["bash", "-uc", line], cwd=desk, env=given, capture_output=True, text=True, check=False
        )
        if ended.returncode != 0:
            wrong.append(f"{each.line}: {ended.stdout}{ended.stderr}")

    assert wrong == []
    assert len(done) >= 6
    assert json.loads((desk / "motcua.json").read_text("utf-8"))
    assert stat.S_IMODE((desk / "grafana.pw").stat().st_mode) == 0o600
