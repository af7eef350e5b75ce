"""What a technician is told of what was installed: units, passwords, the broker's port, updates."""

import base64
import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from hall.doctor.findings import Finding
from hall.doctor.units import SystemdUnit
from hall.package import outcome
from hall.package.installation import Installation
from hall.runtime import certificates, lan_listener
from hall.runtime.certificates import CertificateFiles

_ASK_S = 5.0
_CREDENTIALS = Path("etc/motcua/credentials")
_PASSWORDS = Path("etc/mosquitto/motcua.passwords")
_STATES = {"active": "đang chạy", "activating": "đang khởi động", "reloading": "đang nạp lại"}
_MAKE = "sudo motcua broker-config -c /etc/motcua/hall.yaml --write /; sudo systemctl restart"


# --- units --------------------------------------------------------------------------------------


def services(units: Mapping[str, SystemdUnit]) -> Iterator[Finding]:
    """Each that is switched on; what it says itself is told where its device is."""
    for name, unit in units.items():
        if unit.is_on or unit.is_up:
            yield _service(name, unit)


def _service(name: str, unit: SystemdUnit) -> Finding:
    again = f"đã tự chạy lại {unit.restarts} lần" if unit.restarts else ""
    if unit.is_up:
        state = _STATES.get(unit.active, unit.active)
        return Finding(name, state, well=True, text=again, kind="unit", since=unit.since)
    ended = f"mã thoát {unit.ended}" if unit.ended else ""
    return Finding(
        name,
        "hỏng" if unit.active == "failed" else "đã dừng",
        well=False,
        text=", ".join(filter(None, (ended, again))),
        advice=f"Chạy lại: sudo systemctl restart {name}; xem vì sao: journalctl -u {name} -n 50",
        kind="unit",
        since=unit.since,
    )


# --- passwords ----------------------------------------------------------------------------------


def credentials(root: Path, here: Mapping[str, str]) -> Iterator[Finding]:
    """`here`: the clients that run on this machine, with their units. One line where all is well.

    Only root can read them; where they lie on no broker's machine, they cannot be compared.
    """
    try:
        held = _held(root / _PASSWORDS)
        wrong = [
            finding
            for client, unit in here.items()
            if (finding := _credential(root, client, unit, held)) is not None
        ]
    except PermissionError:
        text = "chỉ root đọc được: chạy motcua doctor bằng sudo"
        yield Finding("mật khẩu", "chưa xem", well=True, text=text, kind="credential")
        return
    yield from wrong
    if here and not wrong:
        text = f"{len(here)} tệp" + ("" if held else ", chưa so với broker (ở máy khác)")
        yield Finding("mật khẩu", "tốt", well=True, text=text, kind="credential")


def _held(file: Path) -> dict[str, str]:
    """What the broker knows of each client. Raises PermissionError."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    return dict(line.split(":", 1) for line in lines if ":" in line)


def _credential(root: Path, client: str, unit: str, held: Mapping[str, str]) -> Finding | None:
    file, name = root / _CREDENTIALS / client, f"mật khẩu {client}"
    again = f"{_MAKE} mosquitto {unit}"
    try:
        word = file.read_text(encoding="utf-8").strip()
        is_open = file.stat().st_mode & 0o077
    except FileNotFoundError:
        advice = f"Chép tệp ấy từ máy có broker, hoặc ở máy có broker: {again}"
        return _wrong(name, "thiếu", f"không có tệp {file}", advice)
    if is_open:
        text = f"{file}: người dùng khác của máy đọc được"
        return _wrong(name, "hở", text, f"sudo chown root: {file}; sudo chmod 600 {file}")
    if held and not _fits(held.get(client, ""), word):
        text = f"{file} không phải mật khẩu mà broker giữ cho {client}"
        return _wrong(name, "sai", text, f"Chạy: {again}")
    return None


def _wrong(name: str, state: str, text: str, advice: str) -> Finding:
    return Finding(name, state, well=False, text=text, advice=advice, kind="credential")


def _fits(hashed: str, word: str) -> bool:
    """Whether a line of mosquitto's passwords ($7$rounds$salt$key) is of this word."""
    kind, _, rest = hashed.removeprefix("$").partition("$")
    parts = rest.split("$")
    if kind != "7" or len(parts) != 3 or not parts[0].isdigit():  # noqa: PLR2004
        # Another form than the one we write: mosquitto alone can say.
        return bool(hashed)
    salt, key = (base64.b64decode(part) for part in parts[1:])
    return hashlib.pbkdf2_hmac("sha512", word.encode(), salt, int(parts[0])) == key


# --- the broker's network port ------------------------------------------------------------------


def network(root: Path, now: datetime) -> Iterator[Finding]:
    """Of a broker on this machine that other machines connect to."""
    try:
        wanted = (root / lan_listener.WANTED).read_text(encoding="utf-8")
    except OSError:
        return
    files = CertificateFiles(root / certificates.FOLDER.lstrip("/"))
    yield _certificate(files, now)
    given = root / lan_listener.GIVEN
    if not given.is_file() or given.read_text(encoding="utf-8") != wanted:
        yield Finding(
            "cổng mạng của broker",
            "không mở",
            well=False,
            text="kiosk, bảng ở máy khác không nối được; máy này vẫn lấy số, gọi số",
            advice="Xem vì sao: sudo motcua broker-guard; sửa xong: sudo systemctl restart "
            "mosquitto",
            kind="broker",
        )


def _certificate(files: CertificateFiles, now: datetime) -> Finding:
    name = "chứng chỉ của broker"
    if (fault := lan_listener.judge_files(files)) is not None:
        return Finding(
            name, "hỏng", well=False, text=fault.text, advice=fault.advice, kind="certificate"
        )
    end = certificates.ends(files.certificate)
    text = f"đến {end:%d/%m/%Y}"
    if end - now <= certificates.WARN:
        return Finding(
            name,
            "sắp hết hạn",
            well=False,
            text=text,
            advice=certificates.RENEW,
            kind="certificate",
        )
    return Finding(name, "tốt", well=True, text=text, kind="certificate")


# --- updates ------------------------------------------------------------------------------------

_VERDICTS = {
    "returned": "đã về bản trước",
    "refused": "không được dùng",
    "interrupted": "bị ngắt, đã về bản trước",
}


def update(place: Installation) -> Iterator[Finding]:
    """One that did not come to its end, until the next one does or a person has it forgotten."""
    ended, staged = outcome.read(place.outcome_file), place.version("staged")
    if ended is not None and ended.failed:
        yield Finding(
            "cập nhật",
            _VERDICTS[ended.verdict],
            well=False,
            text=str(ended),
            advice=outcome.TRY_AGAIN,
            kind="update",
            since=outcome.ended_at(place.outcome_file),
        )
    elif staged is not None and not place.is_on_trial():
        yield Finding(
            "cập nhật",
            "dở dang",
            well=False,
            text=f"phiên bản {staged} đã nằm trên máy nhưng chưa được thử",
            advice="Thử: sudo systemctl start update-motcua; xem kết quả: motcua update version",
            kind="update",
        )


# --- programs --------------------------------------------------------------------------------


def mosquitto() -> str:
    """Its name with its version; empty where there is none."""
    program = shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        return ""
    try:
        told = subprocess.run(  # noqa: S603
            [program, "-h"], capture_output=True, text=True, timeout=_ASK_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    found = re.search(r"mosquitto version (\S+)", told.stdout)
    return f"mosquitto {found[1]}" if found else ""
