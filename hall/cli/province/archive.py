"""`motcua province backup` and `restore`."""

import argparse
import sys
from pathlib import Path

from hall.cli.province import broker
from hall.province import archive, migrating
from hall.province.archive import DUMP
from hall.province.database import Database
from hall.province.postgres_tools import PostgresTools
from hall.province.settings import ProvinceFile
from hall.runtime.clock import SystemClock


def of_backup(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, metavar="DIR", help="thay cho backup.folder")
    _of_root(parser)


def of_restore(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "backup", type=Path, nargs="?", help="thư mục của một bản; không ghi: bản mới nhất"
    )
    _of_root(parser)


def _of_root(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--root", type=Path, default=Path("/"), metavar="ROOT", help="gốc của máy, thường là /"
    )


def back_up(args: argparse.Namespace, wanted: ProvinceFile) -> int:
    folder = args.out or Path(wanted.backup.folder)
    now = SystemClock().now().astimezone()
    made = archive.back_up(PostgresTools(wanted.database.dsn), args.root, folder, now)
    gone = archive.rotate(folder, wanted.backup.keep)
    size = sum(each.stat().st_size for each in made.iterdir()) / 1e6
    print(f"đã sao lưu vào {made} ({size:.1f} MB); bỏ {len(gone)} bản cũ")
    return 0


def restore(args: argparse.Namespace, wanted: ProvinceFile) -> int:
    """The passwords and rights of the broker are then those of the database that came back."""
    kept = archive.backups(Path(wanted.backup.folder))
    backup = args.backup or (kept[-1] if kept else None)
    if backup is None or not (backup / DUMP).is_file():
        place = backup or wanted.backup.folder
        print(f"motcua province restore: không có bản sao lưu ở {place}", file=sys.stderr)
        return 1
    tools, now = PostgresTools(wanted.database.dsn), SystemClock().now().astimezone()
    done = archive.restore(tools, args.root, backup.absolute(), now)
    with Database(wanted.database.dsn) as database:
        migrating.migrate(database)
        told = broker.tell_broker(args, wanted, database, args.root)
    print(f"đã phục hồi từ {backup.name}. {told}")
    if done.before:
        print(f"Cơ sở dữ liệu cũ còn giữ, tên là {done.before}; xoá khi đã yên tâm: dropdb.")
    if done.rights:
        print(f"Người chỉ đọc chưa có ở máy này: motcua province reader create ({done.rights})")
    for name in done.files:
        print(f"  lấy lại tệp {args.root / name}")
    print("Các hội trường tự gửi lại phần sau bản sao lưu khi motcua-province chạy.")
    return 0
