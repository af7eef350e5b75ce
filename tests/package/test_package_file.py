"""A package as a file: what it must be to be taken, and what its technician is told otherwise."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from hall.package import package_file
from hall.package.package_file import (
    PackageFile,
    TargetMachine,
    UnreadablePackage,
    reason_against,
    reason_of,
)

PI = TargetMachine("arm64", "3.13", free_kb=500_000)
FITTING = PackageFile("motcua", "0.2.0", "arm64", "3.13", size_kb=100_000)


def test_a_package_of_this_machine_s_kind_is_taken() -> None:
    assert reason_against(FITTING, PI) == ""


@pytest.mark.parametrize(
    ("package", "said"),
    [
        (
            replace(FITTING, architecture="amd64"),
            "gói này dành cho máy PC (amd64), máy này là Raspberry Pi 64 bit (arm64). Hãy chép",
        ),
        (
            replace(FITTING, python="3.11"),
            "gói này dành cho Debian có Python 3.11, máy này có Python 3.13. Hãy chép",
        ),
        (replace(FITTING, name="cowsay"), "đây là gói 'cowsay', không phải gói motcua."),
        (replace(FITTING, size_kb=450_000), "đĩa thiếu chỗ: cần 527 MB, còn 488 MB. Hãy dọn"),
    ],
)
def test_a_package_that_does_not_fit_is_told_with_what_to_do(
    package: PackageFile, said: str
) -> None:
    assert reason_against(package, PI).startswith(said)


def test_a_root_that_is_read_only_is_told_how_to_open() -> None:
    said = reason_against(FITTING, replace(PI, is_locked=True))

    assert said.startswith("ổ hệ thống đang chỉ đọc. Mở khoá: sudo mount -o remount,rw /;")


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (
            "dpkg frontend lock was locked by another process with pid 4711",
            "một chương trình khác đang cài gói",
        ),
        # Debian 13 names the process.
        (
            "dpkg database lock was locked by python3 process with pid 4711",
            "một chương trình khác đang cài gói",
        ),
        ("failed to write (No space left on device)", "đĩa hết chỗ. Hãy dọn bớt"),
        (
            "unable to open/create dpkg frontend lock: Read-only file system",
            "ổ hệ thống đang chỉ đọc. Mở khoá",
        ),
        (
            "dependency problems prevent configuration of motcua",
            "máy thiếu gói của Debian nêu ở trên. Có mạng: sudo apt-get install -f",
        ),
        (
            "dpkg-deb: error: <decompress> subprocess: unexpected end of file",
            "tệp hoặc thẻ nhớ đọc, ghi không được. Chép lại tệp từ USB",
        ),
        ("something that nobody has seen", "xem lời của dpkg ở trên"),
    ],
)
def test_what_dpkg_complains_of_is_told_with_what_to_do(said: str, reason: str) -> None:
    assert reason_of(said).startswith(reason)


# --- files --------------------------------------------------------------------------------------


@pytest.fixture
def deb(tmp_path: Path) -> Path:
    """With as much in it as makes the second half of the file."""
    tree = tmp_path / "deb"
    (tree / "DEBIAN").mkdir(parents=True)
    (tree / "DEBIAN/control").write_text(
        "Package: motcua\nVersion: 7\nArchitecture: armhf\nMaintainer: m <m@localhost>\n"
        "Installed-Size: 1000\nDepends: python3 (>= 3.9), python3 (<< 3.10)\nDescription: x\n",
        encoding="utf-8",
    )
    (tree / "code").write_bytes(bytes(range(256)) * 100)
    package = tmp_path / "motcua.deb"
    command = ["dpkg-deb", "-Znone", "--root-owner-group", "-b", tree, package]
    subprocess.run(command, check=True, capture_output=True)
    return package


def test_a_package_is_judged_by_what_is_written_in_it(deb: Path) -> None:
    assert package_file.read(deb) == PackageFile("motcua", "7", "armhf", "3.9", 1000)


@pytest.mark.parametrize("part", [0.01, 0.5, 0.95])
def test_a_package_that_was_copied_in_part_is_none(deb: Path, part: float) -> None:
    whole = deb.read_bytes()
    deb.write_bytes(whole[: int(len(whole) * part)])

    with pytest.raises(UnreadablePackage):
        package_file.read(deb)
