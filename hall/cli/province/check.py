"""`motcua province check`: one line for each thing that the province's machine stands on.

What cannot be asked is told as such, and hides nothing else.
"""

import argparse
import json
import os
import re
import socket
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hall.cli.ca import CertificatePlaces
from hall.cli.diagnosis import finding_lines
from hall.cli.diagnosis.installed_findings import mosquitto
from hall.cli.province import broker, onestop
from hall.cli.province.file import WholeProvinceFile
from hall.cli.province.setup import wanted_units
from hall.doctor import machine, units
from hall.doctor.findings import Finding
from hall.doctor.units import SystemdUnit
from hall.province import archive, broker_trial, migrating, running
from hall.province.broker_files import ProvinceFiles
from hall.province.database import Database
from hall.province.installing import OLDEST
from hall.province.ports import StoreAway, StoreRefuses
from hall.province.settings import ProvinceFile
from hall.runtime import certificates
from hall.runtime.clock import SystemClock

_SETUP = "sudo motcua province setup"
_CONNECT_S = 3.0
# A province writes some GB a year; a dump needs room beside.
_ROOM, _SHARE = 2 * 1024**3, 0.1
_OLD_BACKUP = timedelta(hours=26)
_DATA = Path("var/lib/postgresql")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="cho chương trình khác đọc")
    parser.add_argument(
        "--root", type=Path, default=Path("/"), metavar="ROOT", help="gốc của máy, thường là /"
    )


def main(args: argparse.Namespace, wanted: WholeProvinceFile) -> int:
    found = tuple(examine(args, wanted))
    if args.json:
        told = [asdict(each) for each in found]
        print(json.dumps(told, ensure_ascii=False, indent=2, default=datetime.isoformat))
    else:
        finding_lines.print_findings(found, SystemClock().now().tzinfo or UTC, "Phần")
    return 0 if all(each.well for each in found) else 1


def examine(args: argparse.Namespace, wanted: WholeProvinceFile) -> Iterator[Finding]:
    """In the order in which a person mends them."""
    clock = SystemClock()
    ours = wanted_units(wanted)
    yield from _services(units.ask_systemd(("postgresql", "mosquitto", *ours), clock))
    yield from _database(wanted)
    yield _broker(args, wanted, clock)
    yield from onestop.findings(args, wanted, clock)
    yield from _network(args.root, clock.now())
    yield from _disks(args.root, wanted)
    yield _backup(wanted, clock.now().astimezone())
    yield machine.clock(clock)
    text = mosquitto() or "không có mosquitto"
    yield Finding("phiên bản", "tốt", well=True, text=text, kind="version")


# --- services -------------------------------------------------------------------------------------


def _services(found: Mapping[str, SystemdUnit]) -> Iterator[Finding]:
    for name, unit in found.items():
        text = unit.said or ("" if unit.is_on or unit.is_up else "không tự chạy khi bật máy")
        advice = f"Xem: journalctl -u {name} -n 50. Bật: {_SETUP}"
        if unit.active == "active":
            yield Finding(name, "đang chạy", well=True, text=unit.said, kind="unit")
        else:
            yield Finding(name, "không chạy", well=False, text=text, advice=advice, kind="unit")


# --- database -------------------------------------------------------------------------------------


def _database(wanted: ProvinceFile) -> Iterator[Finding]:
    name = "PostgreSQL"
    try:
        with Database(wanted.database.dsn) as database, database.transaction() as cursor:
            number, version = cursor.rows(
                "SELECT current_setting('server_version_num')::int, "
                "current_setting('server_version')"
            )[0]
            behind = cursor.rows("SELECT pg_is_in_recovery()")[0][0]
            size = cursor.rows("SELECT pg_database_size(current_database())")[0][0]
            done = migrating.newest_done(cursor)
    except (StoreAway, StoreRefuses) as err:
        advice = f"Chạy: systemctl status postgresql; chưa có cơ sở dữ liệu: {_SETUP}"
        yield Finding(
            name, "không nối được", well=False, text=str(err), advice=advice, kind="database"
        )
        return
    if number < OLDEST:
        advice = "Nâng PostgreSQL lên bản 15 trở lên: pg_upgradecluster (gói của Debian)."
        yield Finding(name, "quá cũ", well=False, text=version, advice=advice, kind="database")
    elif behind:
        advice = "Đây là máy dự phòng. Máy chính đã mất thì: pg_ctlcluster … promote"
        yield Finding(name, "dự phòng", well=False, text=version, advice=advice, kind="database")
    else:
        text = f"{version.split()[0]}, {size / 1e6:.0f} MB"
        yield Finding(name, "tốt", well=True, text=text, kind="database")
    yield _tables(done)


def _tables(done: int) -> Finding:
    newest, name = migrating.migrations()[-1].number, "bảng"
    if done < newest:
        text, advice = f"ở bản {done}, cần {newest}", "Chạy: sudo motcua province migrate"
        return Finding(name, "cũ", well=False, text=text, advice=advice, kind="database")
    if done > newest:
        text, advice = f"ở bản {done}, phần mềm biết tới {newest}", "Cài bản motcua mới hơn."
        return Finding(name, "mới hơn", well=False, text=text, advice=advice, kind="database")
    return Finding(name, "tốt", well=True, text=f"bản {done}", kind="database")


# --- broker ---------------------------------------------------------------------------------------


def _broker(args: argparse.Namespace, wanted: ProvinceFile, clock: SystemClock) -> Finding:
    server = running.server_of(wanted, broker.state(args, wanted))
    name, fault = "broker", server.obstacle or broker_trial.fault_of(server, clock)
    if fault is None:
        text = f"{server.place}, $share chạy"
        return Finding(name, "tốt", well=True, text=text, kind="broker")
    advice = f"{fault.advice} Làm lại tệp của broker: {_SETUP}"
    return Finding(name, "hỏng", well=False, text=fault.text, advice=advice, kind="broker")


def _network(root: Path, now: datetime) -> Iterator[Finding]:
    """Where the halls connect, and the certificate that they are shown."""
    name, config = "cổng của các hội trường", ProvinceFiles(root).config
    text = config.read_text("ascii") if config.is_file() else ""
    ports = re.findall(r"^listener (\d+)$", text, re.MULTILINE)
    if not ports:
        yield Finding(
            *(name, "chưa mở"), well=False, kind="broker",
            text=f"{config} không có cổng TLS", advice=f"Chạy: {_SETUP}",
        )  # fmt: skip
        return
    for port in ports:
        yield _port(name, int(port))
    yield _certificate(root, now)


def _port(name: str, port: int) -> Finding:
    try:
        socket.create_connection(("127.0.0.1", port), _CONNECT_S).close()
    except OSError as err:
        text, advice = f"cổng {port}: {err.strerror or err}", "Chạy: systemctl restart mosquitto"
        return Finding(name, "không mở", well=False, text=text, advice=advice, kind="broker")
    return Finding(name, "tốt", well=True, text=f"cổng {port}", kind="broker")


def _certificate(root: Path, now: datetime) -> Finding:
    files = CertificatePlaces(root).broker
    advice = f"Làm mới: {_SETUP}; chứng chỉ nơi khác cấp: thêm --cert, --key, --ca."
    name = "chứng chỉ"
    if (fault := certificates.judge(files)) is not None:
        return Finding(name, "hỏng", well=False, text=fault.text, advice=advice, kind="certificate")
    end = certificates.ends(files.certificate)
    text = f"{files.certificate}, đến {end:%d/%m/%Y}"
    soon = end - now < certificates.WARN
    state = "sắp hết hạn" if soon else "tốt"
    return Finding(
        name, state, well=not soon, text=text, advice=advice if soon else "", kind="certificate"
    )


# --- disk, backups --------------------------------------------------------------------------------


def _disks(root: Path, wanted: ProvinceFile) -> Iterator[Finding]:
    """Two places on one file system are one line."""
    seen: set[int] = set()
    places = {"dữ liệu": root / _DATA, "sao lưu": Path(wanted.backup.folder)}
    for name, place in places.items():
        there = next(each for each in (place, *place.parents) if each.exists())
        if there.stat().st_dev not in seen:
            seen.add(there.stat().st_dev)
            yield _disk(f"đĩa {name}", there)


def _disk(name: str, place: Path) -> Finding:
    found = os.statvfs(place)
    free, size = found.f_bavail * found.f_frsize, found.f_blocks * found.f_frsize
    text = f"còn {free / 1024**3:.1f} GB trong {size / 1024**3:.1f} GB"
    if free >= min(_ROOM, _SHARE * size):
        return Finding(name, "tốt", well=True, text=text, kind="disk")
    advice = f"Thêm đĩa, giảm database.keep_months hoặc backup.keep; xem: sudo du -xh {place}"
    return Finding(name, "sắp đầy", well=False, text=text, advice=advice, kind="disk")


def _backup(wanted: ProvinceFile, now: datetime) -> Finding:
    folder = Path(wanted.backup.folder)
    advice = "Chạy: sudo motcua province backup; tự động: backup-motcua-province.timer"
    try:
        kept = archive.backups(folder)
    except PermissionError:
        text, advice = f"không được đọc {folder}", "Chạy lại bằng sudo."
        return Finding("sao lưu", "chưa biết", well=False, text=text, advice=advice, kind="backup")
    if not kept:
        return Finding("sao lưu", "chưa có", well=False, text=str(folder), advice=advice,
                       kind="backup")  # fmt: skip
    age = now - archive.made_at(kept[-1], now)
    text, old = f"{kept[-1].name}, {len(kept)} bản", age > _OLD_BACKUP
    state, told = ("cũ", advice) if old else ("tốt", "")
    return Finding("sao lưu", state, well=not old, text=text, advice=told, kind="backup")
