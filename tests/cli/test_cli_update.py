"""`motcua update`: what a package must be to be taken, and what its technician is told."""

import subprocess
from pathlib import Path

import pytest

from hall.cli import self_check, update
from hall.cli.__main__ import main
from hall.cli.diagnosis import installed_findings
from hall.package import outcome
from hall.package.installation import Installation
from hall.package.outcome import Outcome


@pytest.fixture
def place(tmp_path: Path) -> Installation:
    """Version 0.2.0 runs, 0.1.0 ran before it."""
    made = Installation(tmp_path)
    made.outcome_file.parent.mkdir(parents=True)
    for version in ("0.1.0", "0.2.0"):
        copy = made.home / "versions" / version
        copy.mkdir(parents=True)
        (copy / "version").write_text(f"{version}\n", encoding="utf-8")
    (made.home / "current").symlink_to("versions/0.2.0")
    (made.home / "before").symlink_to("versions/0.1.0")
    return made


def test_it_tells_what_runs_what_can_come_back_and_how_the_last_trial_ended(
    place: Installation,
) -> None:
    outcome.write(place.outcome_file, Outcome("returned", "0.3.0", "hỏng"))

    assert update.describe(place).splitlines() == [
        "đang chạy: 0.2.0",
        "về được (motcua update rollback): 0.1.0",
        "lần cập nhật gần nhất: phiên bản 0.3.0 không đạt, đã về bản trước: hỏng",
        f"việc cần làm: {outcome.TRY_AGAIN}",
    ]


def test_a_trial_that_goes_on_is_told(place: Installation) -> None:
    (place.home / "trial").symlink_to("versions/0.1.0")

    assert "đang thử; chưa đạt thì về: 0.1.0" in update.describe(place)


def test_a_version_that_has_not_been_tried_is_told(place: Installation) -> None:
    (place.home / "staged").symlink_to("versions/0.1.0")

    assert "chờ thử: 0.1.0" in update.describe(place)


def test_a_failed_update_is_told_by_the_doctor_until_it_is_forgotten(place: Installation) -> None:
    assert [*installed_findings.update(place)] == []
    outcome.write(place.outcome_file, Outcome("interrupted", "0.3.0"))
    (place.home / "staged").symlink_to("versions/0.1.0")

    (told,) = installed_findings.update(place)
    assert (told.state, told.well) == ("bị ngắt, đã về bản trước", False)
    assert told.since is not None

    assert update.forget(place) == 0
    assert [*installed_findings.update(place)] == []


def test_a_version_that_still_has_to_be_tried_is_told_by_the_doctor(place: Installation) -> None:
    """The power went between dpkg's end and the trial's beginning."""
    (place.home / "staged").symlink_to("versions/0.1.0")

    (told,) = installed_findings.update(place)

    assert (told.state, told.advice[:35]) == ("dở dang", "Thử: sudo systemctl start update-mo")


def test_an_update_that_was_kept_needs_nobody(place: Installation) -> None:
    outcome.write(place.outcome_file, Outcome("kept", "0.2.0"))

    assert [*installed_findings.update(place)] == []


def test_every_user_of_the_machine_may_read_how_it_ended(place: Installation) -> None:
    """The controller's is another one than root."""
    outcome.write(place.outcome_file, Outcome("kept", "0.2.0"))

    assert place.outcome_file.stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("text", ['{"verdict": "ke', '{"verdict": "postponed", "version": "9"}'])
def test_an_outcome_that_this_version_cannot_read_is_none(place: Installation, text: str) -> None:
    place.outcome_file.write_text(text, encoding="utf-8")

    assert outcome.read(place.outcome_file) is None


def test_on_a_source_tree_it_says_that_there_is_no_package(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["update", "version"]) == 2
    assert "không cài từ gói .deb" in capsys.readouterr().err


@pytest.mark.parametrize("word", ["motcua.deb", "rollback", "forget"])
def test_only_root_changes_what_runs(
    word: str,
    place: Installation,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(update, "Installation", lambda: place)
    monkeypatch.setattr("os.geteuid", lambda: 1000)

    assert main(["update", word]) == 2
    assert capsys.readouterr().err == f"Cần quyền quản trị: sudo motcua update {word}\n"
    assert main(["update", "version"]) == 0


def test_one_update_waits_for_the_other(
    place: Installation,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(Installation, "is_on_trial", lambda _: True)

    status, said = said_by_update(place, deb(tmp_path), capsys)

    assert (status, "Máy đang thử một phiên bản; đợi xong" in said) == (2, True)
    assert update.forget(place) == 1


def said_by_update(
    place: Installation, file: Path, capsys: pytest.CaptureFixture[str]
) -> tuple[int, str]:
    return update.update(place, file), capsys.readouterr().err


def test_a_file_that_is_not_there_is_named(
    place: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said_by_update(place, Path("/mnt/motcua.deb"), capsys) == (
        2,
        "Không cài được /mnt/motcua.deb: không có tệp này.\n",
    )


def test_a_package_that_was_copied_in_part_is_told_so(
    place: Installation, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = deb(tmp_path)
    half = tmp_path / "half.deb"
    half.write_bytes(whole.read_bytes()[:100])

    status, said = said_by_update(place, half, capsys)

    assert status == 2
    assert "tệp hỏng hoặc chép dở" in said
    assert "chép lại từ USB" in said


def test_a_package_of_another_architecture_is_not_handed_to_dpkg(
    place: Installation, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, said = said_by_update(place, deb(tmp_path), capsys)

    assert status == 2
    assert "gói này dành cho armhf, máy này là" in said


def deb(folder: Path) -> Path:
    control = folder / "deb" / "DEBIAN" / "control"
    control.parent.mkdir(parents=True)
    control.write_text(
        "Package: motcua\nVersion: 7\nArchitecture: armhf\nMaintainer: m <m@localhost>\n"
        "Installed-Size: 1000\nDepends: python3 (>= 3.9), python3 (<< 3.10)\nDescription: x\n",
        encoding="utf-8",
    )
    package = folder / "motcua.deb"
    command = ["dpkg-deb", "-Znone", "--root-owner-group", "-b", control.parents[1], package]
    subprocess.run(command, check=True, capture_output=True)
    return package


def test_a_library_that_does_not_load_is_named_by_the_self_check(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Most libraries are imported when a device asks for them, which may be next week."""
    installed = {"yaml": ["PyYAML"], "serial_of_armhf": ["pyserial"]}
    monkeypatch.setattr("importlib.metadata.packages_distributions", lambda: installed)

    assert self_check.main(Path("hall.yaml")) == 1
    assert "không nạp được serial_of_armhf" in capsys.readouterr().err


def test_it_waits_for_the_way_back_of_a_judge_that_was_killed(
    place: Installation,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Killed while 0.2.0 was on trial; systemd is too busy to answer, then goes back."""
    (place.root / "run/systemd/system").mkdir(parents=True)
    (place.home / "trial").symlink_to("versions/0.1.0")
    systemctl = tmp_path / "bin" / "systemctl"
    systemctl.parent.mkdir()
    systemctl.write_text(
        f"""#!/bin/sh
cd {place.home}
[ -e asked ] || {{ touch asked; exit 1; }}
[ -e failed ] || {{ touch failed; echo failed; exit 3; }}
ln -sfn versions/0.1.0 current; rm -f trial; echo failed; exit 3
""",
        encoding="utf-8",
    )
    systemctl.chmod(0o755)
    monkeypatch.setenv("PATH", f"{systemctl.parent}:/usr/bin:/bin")
    monkeypatch.setattr(update, "_PAUSE_S", 0.0)

    assert update._follow_trial(place, "0.2.0") == 1
    assert capsys.readouterr().out.splitlines()[-1] == "Đang chạy: 0.1.0."


def test_it_goes_back_by_itself_where_nobody_has(
    place: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place.root / "run/systemd/system").mkdir(parents=True)
    (place.home / "trial").symlink_to("versions/0.1.0")
    systemctl, switch = tmp_path / "bin" / "systemctl", place.home / "switch"
    systemctl.parent.mkdir()
    systemctl.write_text("#!/bin/sh\necho failed\n", encoding="utf-8")
    switch.write_text(
        f'#!/bin/sh\n[ "$1" = back ] && cd {place.home} && rm trial && '
        "ln -sfn versions/0.1.0 current\n",
        encoding="utf-8",
    )
    for program in (systemctl, switch):
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{systemctl.parent}:/usr/bin:/bin")
    monkeypatch.setattr(update, "_PAUSE_S", 0.0)

    assert update._follow_trial(place, "0.2.0") == 1
    assert (place.version("current"), place.version("trial")) == ("0.1.0", None)
