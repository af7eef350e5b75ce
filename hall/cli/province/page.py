"""`motcua province page` and who may read it: accounts, wall screens, roles of PostgreSQL."""

import argparse
import logging
import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path

from hall.province.database import Database
from hall.province.migrating import migrate
from hall.province.page import account_store, process, reader_role
from hall.province.page.people import ROLE_WORDS, Account, ReaderRole, is_account_id
from hall.province.settings import ProvinceFile
from hall.runtime import durable, logs
from hall.runtime.clock import SystemClock
from hall.runtime.state_folders import state_folder
from hall.web import hashing

WHAT = {
    "page": "phục vụ trang của tỉnh",
    "account": "người xem trang: thêm hoặc đổi (add), xoá (remove), liệt kê (list)",
    "wall": "màn hình treo tường, không hỏi mật khẩu: add, remove, list",
    "reader": "người dùng PostgreSQL chỉ đọc số liệu tổng hợp: create, remove",
    "grafana": "in bảng Grafana có sẵn",
}


class Unfit(Exception):
    """What was typed cannot be done, in words."""


def _of_account(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("act", choices=("add", "remove", "list"))
    parser.add_argument("id", nargs="?", default="", help="tên đăng nhập")
    parser.add_argument("--name", default="", help="họ tên hoặc chức danh hiện trên trang")
    parser.add_argument("--role", choices=("leader", "operator"), default="leader")
    _of_out(parser)


def _of_wall(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("act", choices=("add", "remove", "list"))
    parser.add_argument("id", nargs="?", default="", help="tên màn hình")
    _of_out(parser)


def _of_reader(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("act", choices=("create", "remove"))
    parser.add_argument("id", help="tên người dùng PostgreSQL")
    _of_out(parser)


def _of_out(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, metavar="TỆP", help="ghi bí mật vào tệp này")


def _nothing_more(_parser: argparse.ArgumentParser) -> None:
    """Config and state are all."""


def _page(args: argparse.Namespace, wanted: ProvinceFile) -> int:
    logs.start(systemd="JOURNAL_STREAM" in os.environ)
    with _database(wanted) as database:
        done = migrate(database)
    if done:
        logging.getLogger(__name__).info("database: migrations %s done", done)
    return process.serve(wanted, state_folder(wanted.province.id, args.state))


def _account(args: argparse.Namespace, wanted: ProvinceFile) -> int:
    with _database(wanted) as database, database.transaction() as cursor:
        match args.act:
            case "list":
                for each in account_store.accounts(cursor):
                    print(f"{each.id}\t{ROLE_WORDS[each.role]}\t{each.name}")
            case "remove":
                there = account_store.remove_account(cursor, _id(args))
                print(f"đã xoá {args.id}" if there else f"không có tài khoản {args.id}")
            case _:
                word = secrets.token_urlsafe(12)
                role = ReaderRole(args.role)
                made = Account(_id(args), args.name or args.id, role, hashing.hash_of(word))
                account_store.put_account(cursor, made, SystemClock().now())
                print(f"{made.id}: {ROLE_WORDS[role]}. {_secret(args.out, 'mật khẩu', word)}")
    return 0


def _wall(args: argparse.Namespace, wanted: ProvinceFile) -> int:
    with _database(wanted) as database, database.transaction() as cursor:
        match args.act:
            case "list":
                print("\n".join(account_store.walls(cursor)))
            case "remove":
                there = account_store.remove_wall(cursor, _id(args))
                print(f"đã thu hồi {args.id}" if there else f"không có màn hình {args.id}")
            case _:
                token = account_store.put_wall(cursor, _id(args), SystemClock().now())
                print(_secret(args.out, "địa chỉ để mở một lần ở màn hình", f"/tuong?ma={token}"))
    return 0


def _reader(args: argparse.Namespace, wanted: ProvinceFile) -> int:
    if not reader_role.is_role_name(args.id):
        raise Unfit("tên gồm chữ thường, số, gạch dưới, bắt đầu bằng chữ")
    with _database(wanted) as database, database.transaction() as cursor:
        if args.act == "remove":
            there = reader_role.remove(cursor, args.id)
            print(f"đã xoá {args.id}" if there else f"không có {args.id}")
            return 0
        word = secrets.token_urlsafe(18)
        try:
            reader_role.create(cursor, args.id, word)
        except reader_role.MayNotCreate as err:
            raise Unfit(str(err)) from err
        print(f"{args.id} chỉ đọc được schema report. {_secret(args.out, 'mật khẩu', word)}")
    return 0


def _grafana(_args: argparse.Namespace, _wanted: ProvinceFile) -> int:
    print(reader_role.dashboard())
    return 0


def _id(args: argparse.Namespace) -> str:
    name = str(args.id)
    if not is_account_id(name):
        raise Unfit("tên gồm 2–32 chữ thường không dấu, số, dấu chấm, gạch")
    return name


def _secret(out: Path | None, what: str, word: str) -> str:
    if out is None:
        return f"{what}, chỉ hiện một lần: {word}"
    durable.replace(out, f"{word}\n".encode("ascii"))
    return f"{what} ở {out}"


def _database(wanted: ProvinceFile) -> Database:
    return Database(wanted.database.dsn)


ARGUMENTS: Mapping[str, Callable[[argparse.ArgumentParser], None]] = {
    "page": _nothing_more,
    "account": _of_account,
    "wall": _of_wall,
    "reader": _of_reader,
    "grafana": _nothing_more,
}
COMMANDS: Mapping[str, Callable[[argparse.Namespace, ProvinceFile], int]] = {
    "page": _page,
    "account": _account,
    "wall": _wall,
    "reader": _reader,
    "grafana": _grafana,
}
