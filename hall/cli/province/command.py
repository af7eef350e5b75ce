"""`motcua province …`: the service of a province, its registry, its passwords."""

import argparse
import functools
import json
import logging
import os
import sys
from dataclasses import asdict
from pathlib import Path

from hall.cli.apart import Supervisor
from hall.cli.province import archive, broker, check, onestop, page, setup
from hall.cli.province.file import WholeProvinceFile
from hall.cli.province.page import Unfit
from hall.cli.province.setup import SetupStopped
from hall.contract.province import PROVINCE
from hall.province import (
    broker_clearing,
    broker_files,
    migrating,
    registrar,
    registry,
    running,
)
from hall.province.archive import StillInUse
from hall.province.broker_clearing import NotCleared, of_hall, of_unit
from hall.province.broker_files import ProvinceFiles
from hall.province.database import Database, NoDatabaseDriver
from hall.province.migrating import TooNew
from hall.province.ports import StoreAway, StoreRefuses
from hall.province.postgres_tools import ToolFailed
from hall.province.registrar import NoSuchHall, UnitInUse
from hall.runtime import durable, logs, settings
from hall.runtime.broker_files import hashed_password
from hall.runtime.clock import SystemClock
from hall.runtime.roles import CONFIG_ERROR
from hall.web.faults import PagesDown

_FAULT = 1
_WHAT = {
    "run": "nhận sự kiện của mọi hội trường",
    "migrate": "tạo hoặc đưa cơ sở dữ liệu tới bản này",
    "register": "ghi đơn vị và hội trường từ tệp YAML hoặc CSV",
    "credential": "cấp (issue) hoặc thu hồi (revoke) mật khẩu của một hội trường",
    "unregister": "bỏ một hội trường, hoặc một đơn vị không còn hội trường nào",
    "adopt": "nhận máy mới của một hội trường, sau khi máy cũ đã thay",
    "status": "hội trường nào im lặng, sai giờ, trùng mã, chưa đăng ký",
    "broker-config": "tệp của mosquitto ở tỉnh",
    "setup": "cài đặt máy này thành máy của tỉnh; chạy lại được",
    "check": "máy này thiếu gì, hỏng gì và phải làm gì",
    "backup": "sao lưu cơ sở dữ liệu và tệp cấu hình, bỏ bản cũ",
    "restore": "phục hồi từ một bản sao lưu",
    **onestop.WHAT,
    **page.WHAT,
}
INSTALLED = Path("/etc/motcua/province.yaml")


def arguments(parser: argparse.ArgumentParser, _command: str) -> None:
    told = parser.add_subparsers(dest="what", required=True, metavar="VIỆC")
    for name, about in _WHAT.items():
        each = told.add_parser(name, help=about, description=about)
        each.add_argument(
            "-c", "--config", type=Path, default=INSTALLED, help=f"thường là {INSTALLED}"
        )
        each.add_argument("--state", type=Path, metavar="DIR", help="thư mục trạng thái")
        _ARGUMENTS.get(name, _nothing_more)(each)


def _nothing_more(_parser: argparse.ArgumentParser) -> None:
    """Config and state are all."""


def _of_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--consumers", type=int, metavar="N", help="mấy tiến trình")


def _of_register(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="halls.csv (hall,unit,name) hoặc tệp YAML")


def _of_credential(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("act", choices=("issue", "revoke"))
    parser.add_argument("hall", help="mã hội trường")
    parser.add_argument("--out", type=Path, metavar="TỆP", help="ghi mật khẩu vào tệp này")
    _of_files(parser)


def _of_hall(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("hall", help="mã hội trường")


def _of_unregister(parser: argparse.ArgumentParser) -> None:
    whose = parser.add_mutually_exclusive_group(required=True)
    whose.add_argument("hall", nargs="?", help="mã hội trường")
    whose.add_argument("--unit", help="mã đơn vị")
    _of_files(parser)


def _of_status(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="cho chương trình khác đọc")


def _of_files(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--write", type=Path, default=Path("/"), metavar="ROOT", help="ghi dưới thư mục này"
    )


def _of_broker(parser: argparse.ArgumentParser) -> None:
    _of_files(parser)
    parser.add_argument("--tls", type=Path, metavar="DIR", help="có broker.crt, broker.key")
    parser.add_argument(
        "--port", type=int, default=broker_files.PORT, help="cổng TLS cho các hội trường"
    )


_ARGUMENTS = {
    "run": _of_run,
    "register": _of_register,
    "credential": _of_credential,
    "adopt": _of_hall,
    "unregister": _of_unregister,
    "status": _of_status,
    "broker-config": _of_broker,
    "setup": setup.arguments,
    "check": check.arguments,
    "backup": archive.of_backup,
    "restore": archive.of_restore,
    **page.ARGUMENTS,
}


def main(args: argparse.Namespace) -> int:
    try:
        if args.what == "setup":
            setup.write_first_file(args)
        wanted = settings.load(args.config, WholeProvinceFile)
        return _COMMANDS[args.what](args, wanted)
    except settings.ConfigError as err:
        print(err, file=sys.stderr)
        return CONFIG_ERROR
    except NoSuchHall as err:
        print(f"motcua province: chưa đăng ký hội trường '{err}'", file=sys.stderr)
    except UnitInUse as err:
        print(f"motcua province: đơn vị còn hội trường: {err}", file=sys.stderr)
    except (StoreAway, StoreRefuses) as err:
        print(f"motcua province: PostgreSQL: {err}", file=sys.stderr)
    except (
        NoDatabaseDriver,
        TooNew,
        ToolFailed,
        SetupStopped,
        StillInUse,
        PagesDown,
        Unfit,
        NotCleared,
    ) as err:
        print(f"motcua province: {err}", file=sys.stderr)
    except OSError as err:
        print(f"motcua province: {err.filename or ''}: {err.strerror}", file=sys.stderr)
    return _FAULT


def _database(wanted: WholeProvinceFile) -> Database:
    return Database(wanted.database.dsn)


def _state(args: argparse.Namespace, wanted: WholeProvinceFile) -> Path:
    return broker.state(args, wanted)


def _run(args: argparse.Namespace, wanted: WholeProvinceFile) -> int:
    logs.start(systemd="JOURNAL_STREAM" in os.environ)
    with _database(wanted) as database:
        done = migrating.migrate(database)
    if done:
        logging.getLogger(__name__).info("database: migrations %s done", done)
    number, state = args.consumers or wanted.consumers, _state(args, wanted)
    if number == 1:
        return running.work(wanted, state)
    works = {
        f"consumer-{n}": functools.partial(running.work, wanted, state)
        for n in range(1, number + 1)
    }
    return Supervisor(works, functools.partial(print, flush=True)).run()


def _migrate(_args: argparse.Namespace, wanted: WholeProvinceFile) -> int:
    with _database(wanted) as database:
        done = migrating.migrate(database)
    print(f"đã chạy: {', '.join(map(str, done))}" if done else "đã ở bản mới nhất")
    return 0


def _register(args: argparse.Namespace, wanted: WholeProvinceFile) -> int:
    found = registry.read(args.file)
    with _database(wanted) as database:
        done = registrar.register(database, found)
    print(f"{done.units} đơn vị mới, {done.halls} hội trường mới, {done.renamed} đổi tên")
    return 0


def _credential(args: argparse.Namespace, wanted: WholeProvinceFile) -> int:
    with _database(wanted) as database:
        if args.act == "revoke":
            there = registrar.revoke(database, args.hall)
            text = f"đã thu hồi mật khẩu của {args.hall}" if there else f"{args.hall} chưa có"
        else:
            word = registrar.new_password()
            now = SystemClock().now()
            registrar.issue(database, args.hall, hashed_password(word), now)
            text = _handed_over(args.out, args.hall, word)
        told = broker.tell_broker(args, wanted, database, args.write)
    print(f"{text}. {told}")
    return 0


def _handed_over(out: Path | None, hall: str, word: str) -> str:
    if out is None:
        return f"mật khẩu của {hall}, chỉ hiện một lần: {word}"
    durable.replace(out, f"{word}\n".encode("ascii"))
    return f"mật khẩu của {hall} ở {out}; chép sang hội trường rồi xoá tệp này"


def _adopt(args: argparse.Namespace, wanted: WholeProvinceFile) -> int:
    with _database(wanted) as database:
        found = registrar.adopt(database, args.hall)
    if found is None:
        print(f"{args.hall}: không có máy nào đang bị từ chối")
        return _FAULT
    print(f"{args.hall}: từ nay là máy {found[1]}, thay cho {found[0]}. Hội trường tự gửi tiếp.")
    return 0


def _unregister(args: argparse.Namespace, wanted: WholeProvinceFile) -> int:
    """One that is not registered any more is cleared all the same: a broker may have kept more."""
    with _database(wanted) as database:
        if args.unit:
            there = registrar.remove_unit(database, args.unit)
        else:
            there = registrar.remove_hall(database, args.hall)
        told = broker.tell_broker(args, wanted, database, args.write)
    what = f"đơn vị {args.unit}" if args.unit else f"hội trường {args.hall}"
    print(f"{'đã bỏ' if there else 'không có trong danh sách:'} {what}. {told}")
    left = of_unit(args.unit) if args.unit else of_hall(args.hall)
    server = running.server_of(wanted, _state(args, wanted))
    cleared = broker_clearing.clear(server, SystemClock(), left)
    print(f"đã gỡ {cleared} trạng thái còn lưu ở broker; sự kiện, số liệu đã ghi thì giữ")
    return 0


def _status(args: argparse.Namespace, wanted: WholeProvinceFile) -> int:
    with _database(wanted) as database:
        found = registrar.status(database, SystemClock().now())
    if args.json:
        print(json.dumps(asdict(found), ensure_ascii=False, indent=2))
    else:
        head = f"{found.halls} hội trường, {found.heard} đã gửi; khoảng {found.events} sự kiện"
        print("\n".join([head, *(f"  {each.hall}: {each.text}" for each in found.notes)]))
    return _FAULT if found.notes else 0


def _broker_config(args: argparse.Namespace, wanted: WholeProvinceFile) -> int:
    files = ProvinceFiles(args.write)
    with _database(wanted) as database:
        told = broker.tell_broker(args, wanted, database, args.write)
    broker.write_config(args.write, args.tls, args.port)
    print(f"Đã ghi {files.config}, {files.passwords}, {files.acl} (người dùng {PROVINCE}). {told}")
    return 0


_COMMANDS = {
    "run": _run,
    "migrate": _migrate,
    "register": _register,
    "credential": _credential,
    "adopt": _adopt,
    "unregister": _unregister,
    "status": _status,
    "broker-config": _broker_config,
    "setup": setup.main,
    "check": check.main,
    "backup": archive.back_up,
    "restore": archive.restore,
    **onestop.COMMANDS,
    **page.COMMANDS,
}
