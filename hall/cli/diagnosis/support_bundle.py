"""`motcua support-bundle`: what somebody far away needs to help, in one archive, redacted."""

import argparse
import contextlib
import io
import os
import platform
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from hall import VERSION
from hall.cli import connection
from hall.cli.checking import check
from hall.cli.diagnosis import doctor, examined_file
from hall.cli.diagnosis.redaction import Redaction
from hall.doctor.findings import Finding
from hall.runtime import durable
from hall.runtime.clock import SystemClock

_FOLDER = "motcua-support"
_ASK_S = 60
_MOST = 4 * 1024 * 1024
_UNITS = ("motcua-*", "mosquitto", "backup-motcua", "update-motcua", "recover-motcua")
_LOG = Path("var/log/mosquitto/mosquitto.log")
_SECRETS = Path("etc/motcua/credentials")


def arguments(parser: argparse.ArgumentParser, _command: str) -> None:
    connection.add_arguments(parser)
    parser.add_argument("-o", "--output", type=Path, metavar="TỆP", help="nơi ghi tệp nén")


def main(args: argparse.Namespace) -> int:
    now = SystemClock().now()
    output = args.output or Path(f"{_FOLDER}-{now:%Y%m%d-%H%M}.tar.gz")
    try:
        redaction = Redaction(_secrets((doctor.ROOT / _SECRETS, *_of_state(args.state))))
        members = {name: redaction.clean_text(text) for name, text in _members(args, redaction)}
        _put(output, _packed(members))
    except OSError as err:
        print(f"Không ghi được {err.filename or output}: {err.strerror}", file=sys.stderr)
        return 1
    print(f"Đã ghi {output}: {', '.join(members)}.")
    print("Mật khẩu, khoá, mã hồ sơ, số định danh, số điện thoại đã được bỏ; xem lại rồi hãy gửi.")
    return 0


def _of_state(state: Path | None) -> Iterator[Path]:
    if state is not None:
        yield state / "credentials"


def _secrets(folders: Sequence[Path]) -> dict[str, str]:
    """Each secret of this machine, by its content. Raises PermissionError: one would leak."""
    return {
        word: f"mật khẩu {file.name}"
        for folder in folders
        if folder.is_dir()
        for file in folder.iterdir()
        if file.is_file() and (word := file.read_text(encoding="utf-8", errors="replace").strip())
    }


def _members(args: argparse.Namespace, redaction: Redaction) -> Iterator[tuple[str, str]]:
    file = examined_file.examine_file(args, doctor.ROOT)
    found = tuple(doctor.examine(args, file))
    yield "doctor.json", doctor.as_json(found, file)
    yield "check.txt", _checked(args.config)
    yield "versions.txt", _versions(found)
    yield "hall.yaml", redaction.clean_yaml(_tail(args.config))
    yield "units.txt", _output_of("systemctl", "status", "--no-pager", "--lines=0", *_UNITS)
    by_unit = (part for unit in _UNITS for part in ("-u", unit))
    yield (
        "journal.txt",
        _output_of("journalctl", "--no-pager", "-o", "short-iso", "-n", "5000", *by_unit),
    )
    yield "broker.log", _tail(doctor.ROOT / _LOG)


def _checked(config: Path) -> str:
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        check.main(argparse.Namespace(config=config))
    return said.getvalue()


def _versions(found: Sequence[Finding]) -> str:
    lines = [f"motcua {VERSION}", platform.platform(), f"Python {platform.python_version()}"]
    with contextlib.suppress(OSError):
        lines.append(platform.freedesktop_os_release()["PRETTY_NAME"])
    lines += [finding.text for finding in found if finding.kind == "version"]
    return "\n".join(lines) + "\n"


def _output_of(program: str, *words: str) -> str:
    """What a program of this machine says, or why it says nothing."""
    path = shutil.which(program)
    if path is None:
        return f"{program}: not on this machine\n"
    try:
        done = subprocess.run(  # noqa: S603
            [path, *words], capture_output=True, timeout=_ASK_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as err:
        return f"{program}: {err}\n"
    return (done.stdout + done.stderr)[-_MOST:].decode("utf-8", "replace")


def _tail(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            opened.seek(max(0, file.stat().st_size - _MOST))
            return opened.read().decode("utf-8", "replace")
    except OSError as err:
        return f"{file}: {err.strerror}\n"


def _packed(members: Mapping[str, str]) -> bytes:
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w:gz") as archive:
        for name, text in members.items():
            content = text.encode()
            member = tarfile.TarInfo(f"{_FOLDER}/{name}")
            member.size, member.mtime = len(content), int(SystemClock().now().timestamp())
            archive.addfile(member, io.BytesIO(content))
    return written.getvalue()


def _put(output: Path, content: bytes) -> None:
    """Read by whoever asked alone: behind sudo, the person and not root."""
    durable.replace(output, content)
    person = os.environ.get("SUDO_UID", ""), os.environ.get("SUDO_GID", "")
    if os.geteuid() == 0 and all(each.isdigit() for each in person):
        os.chown(output, *(int(each) for each in person))
