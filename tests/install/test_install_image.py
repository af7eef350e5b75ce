"""A card's image is not touched by halves: what is no card of a hall to be is refused."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

IMAGE = Path(__file__).parents[2] / "systemd" / "deb" / "image"
_SECTOR = 512
_START = 2048

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="loop devices are root's")


@pytest.fixture
def package(tmp_path: Path) -> Path:
    file = tmp_path / "motcua.deb"
    file.touch()
    return file


@pytest.fixture
def card(tmp_path: Path) -> Path:
    """One partition, with a file system on which there is no Debian."""
    if shutil.which("sfdisk") is None:
        pytest.skip("needs fdisk")
    image, system = tmp_path / "card.img", tmp_path / "root.img"
    subprocess.run(["mkfs.ext4", "-q", "-F", system, "8M"], check=True)
    image.write_bytes(bytes(_START * _SECTOR) + system.read_bytes())
    table = f"label: dos\nstart={_START},type=83\n"
    subprocess.run(["sfdisk", "--quiet", image], input=table, text=True, check=True)
    return image


def made(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([IMAGE, *words], capture_output=True, text=True, timeout=120, check=False)


def test_an_image_without_a_debian_on_it_is_refused(card: Path, package: Path) -> None:
    done = made(card, package, "8")

    if "failed to set up loop device" in done.stderr:
        pytest.skip("this machine gives no loop device")
    assert done.returncode == 2
    assert "phân vùng cuối của ảnh không phải gốc Debian" in done.stderr
    loops = subprocess.run(["losetup", "--associated", card], capture_output=True, check=True)
    assert loops.stdout == b""


def test_the_last_partition_grows_with_the_image(card: Path, package: Path) -> None:
    made(card, package, "8")

    sectors = ["partx", "-rgo", "SECTORS", card]
    done = subprocess.run(sectors, capture_output=True, text=True, check=True)
    assert int(done.stdout) * _SECTOR == 16 * 1024 * 1024


@pytest.mark.parametrize(("missing", "said"), [("card", "card.img"), ("package", "motcua.deb")])
def test_a_file_that_is_not_there_is_named(missing: str, said: str, tmp_path: Path) -> None:
    files = {"card": tmp_path / "card.img", "package": tmp_path / "motcua.deb"}
    for name, file in files.items():
        if name != missing:
            file.touch()

    done = made(*files.values())

    assert (done.returncode, f"không có tệp {tmp_path / said}" in done.stderr) == (2, True)
