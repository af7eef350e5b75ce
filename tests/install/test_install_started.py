"""The scripts that boot a Debian take it for started whatever has failed there that is not ours."""

import re
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SCRIPTS = ("booted-debian", "packaged-debian", "province-debian")


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize(
    ("told", "status", "is_up"),
    [("running", 0, True), ("degraded", 1, True), ("starting", 1, False), ("", 1, False)],
)
def test_a_machine_is_up_once_its_start_is_over(
    script: str, told: str, status: int, *, is_up: bool
) -> None:
    text = (HERE / script).read_text("utf-8")
    found = re.search(r"^is_up\(\) .*$", text, re.MULTILINE)
    setting = re.search(r"^set -.*$", text, re.MULTILINE)
    assert found
    assert setting
    machine = f"inside() {{ echo '{told}'; return {status}; }}"
    asked = "\n".join((setting[0], machine, found[0], "if is_up; then echo yes; fi"))

    done = subprocess.run(["bash", "-c", asked], capture_output=True, text=True, check=True)

    assert (done.stdout == "yes\n") is is_up
