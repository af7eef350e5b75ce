"""`motcua update FILE|rollback|version`: which version of motcua runs on this machine."""

import argparse
import os
import subprocess
import sys
import threading
from pathlib import Path

from hall.cli import package_file
from hall.cli.installation import Installation, Outcome
from hall.runtime.roles import CONFIG_ERROR

_TRIAL = "update-motcua.service"
_PAUSE_S = 1.0
# For systemd's way back after a judge that was killed; then it is gone from here.
_LOOKS_AFTER = 30
_FAULT = 1


def arguments(parser: argparse.ArgumentParser, _command: str) -> None:
    parser.add_argument(
        "what",
        metavar="TỆP|rollback|version",
        help="gói .deb để cập nhật; rollback: về phiên bản trước; version: đang chạy bản nào",
    )


def main(args: argparse.Namespace) -> int:
    place = Installation()
    if place.version("current") is None:
        print(
            "motcua trên máy này không cài từ gói .deb, nên không cập nhật bằng lệnh này. "
            "Xem docs/package.md, mục 'Từ mã nguồn sang gói'.",
            file=sys.stderr,
        )
        return CONFIG_ERROR
    if args.what == "version":
        print(describe(place))
        return 0
    if os.geteuid() != 0:
        print(f"Cần quyền quản trị: sudo motcua update {args.what}", file=sys.stderr)
        return CONFIG_ERROR
    if args.what == "rollback":
        return roll_back(place)
    return update(place, Path(args.what))


def describe(place: Installation) -> str:
    """What runs, what can come back, how the last trial ended."""
    lines = [f"đang chạy: {place.version('current')}"]
    if trial := place.version("trial"):
        lines.append(f"đang thử; chưa đạt thì về: {trial}")
    lines.append(f"về được (motcua update rollback): {place.version('before') or 'không có'}")
    if outcome := place.read_outcome():
        lines.append(f"lần cập nhật gần nhất: {_outcome_text(outcome)}")
    return "\n".join(lines)


def roll_back(place: Installation) -> int:
    """A person's word is enough: nothing is tried."""
    version = place.version("before")
    if version is None:
        print("Máy này chưa có phiên bản trước để quay về.", file=sys.stderr)
        return _FAULT
    for word in ("previous", "try", "keep"):
        place.switch(word)
    print(f"Đã về phiên bản {version}. Xem lại: sudo motcua doctor -c {place.yaml}")
    return 0


def update(place: Installation, path: Path) -> int:
    """Install the package and wait until its trial has ended."""
    try:
        package = _fitting(path, place)
    except _Unfit as err:
        print(f"Không cài được {path}: {err}", file=sys.stderr)
        return CONFIG_ERROR
    place.outcome_file.unlink(missing_ok=True)
    done = subprocess.run(  # noqa: S603
        ["dpkg", "--install", str(path)],  # noqa: S607
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        print(done.stdout, file=sys.stderr)
        print(
            f"Chưa cài được gói; phiên bản {place.version('current')} vẫn chạy. Thiếu gói của "
            "Debian: sudo apt-get install -f; đĩa đầy: dọn bớt rồi chạy lại lệnh này.",
            file=sys.stderr,
        )
        return _FAULT
    return _follow_trial(place, package.version)


class _Unfit(Exception):
    """Why the file cannot be installed here."""


def _fitting(path: Path, place: Installation) -> package_file.PackageFile:
    if not path.is_file():
        raise _Unfit("không có tệp này.")
    try:
        package = package_file.read(path)
    except package_file.UnreadablePackage as err:
        raise _Unfit(f"tệp hỏng hoặc chép dở ({err}). Hãy chép lại từ USB.") from err
    if against := package_file.reason_against(package, package_file.this_machine(place.home)):
        raise _Unfit(against)
    return package


def _follow_trial(place: Installation, wanted: str) -> int:
    """Without a hall there was none: the new version is in use already."""
    if _is_on_trial(place):
        print("Đang thử phiên bản mới; có thể mất vài phút, đừng tắt máy…", flush=True)
    left = _LOOKS_AFTER
    while (judged := _is_on_trial(place)) or (left and place.version("trial")):
        left = _LOOKS_AFTER if judged else left - 1
        threading.Event().wait(_PAUSE_S)
    if place.version("trial"):
        place.switch("back")
    runs = place.version("current")
    if outcome := place.read_outcome():
        print(_outcome_text(outcome))
    elif runs != wanted:
        print(f"Việc thử phiên bản {wanted} bị ngắt; hãy chạy lại lệnh này.", file=sys.stderr)
    print(f"Đang chạy: {runs}.")
    return 0 if runs == wanted else _FAULT


def _is_on_trial(place: Installation) -> bool:
    """Whether the judge is at work; a systemd too busy to answer has not said that it is not."""
    if not (place.root / "run/systemd/system").is_dir():
        return False
    done = subprocess.run(  # noqa: S603
        ["systemctl", "is-active", _TRIAL],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip() not in {"inactive", "failed", "active"}


def _outcome_text(outcome: Outcome) -> str:
    match outcome.verdict:
        case "kept":
            return f"phiên bản {outcome.version} đã chạy tốt và được giữ."
        case "returned":
            return f"phiên bản {outcome.version} không đạt, đã về bản trước: {outcome.text}"
        case "refused":
            return f"phiên bản {outcome.version} không được dùng: {outcome.text}"
