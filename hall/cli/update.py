"""`motcua update FILE|rollback|version|forget`: which version of motcua runs on this machine."""

import argparse
import os
import subprocess
import sys
import threading
from pathlib import Path

from hall.package import outcome, package_file
from hall.package.installation import Installation
from hall.runtime.roles import CONFIG_ERROR

_PAUSE_S = 1.0
# For systemd's way back after a judge that was killed; then it is gone from here.
_LOOKS_AFTER = 30
_FAULT = 1
_ON_TRIAL = "Máy đang thử một phiên bản; đợi xong (motcua update version) rồi chạy lại."


def arguments(parser: argparse.ArgumentParser, _command: str) -> None:
    parser.add_argument(
        "what",
        metavar="TỆP|rollback|version|forget",
        help="gói .deb để cập nhật; rollback: về phiên bản trước; version: đang chạy bản nào; "
        "forget: thôi nhắc lần cập nhật không thành",
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
    match args.what:
        case "rollback":
            return roll_back(place)
        case "forget":
            return forget(place)
        case file:
            return update(place, Path(file))


def describe(place: Installation) -> str:
    """What runs, what can come back, how the last trial ended."""
    lines = [f"đang chạy: {place.version('current')}"]
    if trial := place.version("trial"):
        lines.append(f"đang thử; chưa đạt thì về: {trial}")
    elif staged := place.version("staged"):
        lines.append(f"chờ thử: {staged}")
    lines.append(f"về được (motcua update rollback): {place.version('before') or 'không có'}")
    if ended := outcome.read(place.outcome_file):
        lines.append(f"lần cập nhật gần nhất: {ended}")
        if ended.failed:
            lines.append(f"việc cần làm: {outcome.TRY_AGAIN}")
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


def forget(place: Installation) -> int:
    """A failed update is told until another one is kept, or somebody has seen to it."""
    if place.is_on_trial():
        print(_ON_TRIAL, file=sys.stderr)
        return _FAULT
    place.outcome_file.unlink(missing_ok=True)
    place.unstage()
    print(f"Thôi nhắc lần cập nhật trước. Đang chạy: {place.version('current')}.")
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
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        text=True,
        check=False,
    )
    if done.returncode != 0:
        print(done.stdout, file=sys.stderr)
        why = package_file.reason_of(done.stdout)
        print(
            f"Chưa cài được gói: {why}\nPhiên bản {place.version('current')} vẫn chạy.",
            file=sys.stderr,
        )
        return _FAULT
    return _follow_trial(place, package.version)


class _Unfit(Exception):
    """Why the file cannot be installed here."""


def _fitting(path: Path, place: Installation) -> package_file.PackageFile:
    if place.is_on_trial():
        raise _Unfit(_ON_TRIAL)
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
    if place.is_on_trial():
        print("Đang thử phiên bản mới; có thể mất vài phút, đừng tắt máy…", flush=True)
    left = _LOOKS_AFTER
    while (judged := place.is_on_trial()) or (left and place.version("trial")):
        left = _LOOKS_AFTER if judged else left - 1
        threading.Event().wait(_PAUSE_S)
    if place.version("trial"):
        place.switch("back")
    runs = place.version("current")
    if ended := outcome.read(place.outcome_file):
        print(ended)
    if runs != wanted:
        print(f"{outcome.TRY_AGAIN}.", file=sys.stderr)
    print(f"Đang chạy: {runs}.")
    return 0 if runs == wanted else _FAULT
