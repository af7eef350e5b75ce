"""`motcua config new|show|migrate`: the life of a hall's YAML before and between its checks."""

import argparse
import errno
import sys
from pathlib import Path

from hall.cli.checking.check import judge
from hall.cli.configuring import effective, first_file, migration, new_hall
from hall.cli.configuring.questions import NotUnderstood, Questions
from hall.runtime import durable
from hall.runtime.roles import CONFIG_ERROR
from hall.runtime.settings import ConfigError

_EXISTS = "{}: đã có tệp này, không ghi đè; chọn tên khác"


def arguments(parser: argparse.ArgumentParser, _command: str) -> None:
    acts = parser.add_subparsers(dest="act", required=True, metavar="VIỆC")
    new = acts.add_parser("new", description="hỏi vài câu rồi viết một tệp chạy được")
    new.add_argument("file", type=Path, metavar="TỆP", help="tệp sẽ viết; không ghi đè tệp có sẵn")
    show = acts.add_parser("show", description="giá trị đang có hiệu lực, từ dòng nào của tệp")
    show.add_argument(
        "key", nargs="?", default="", metavar="KHOÁ", help="ví dụ queue, printers.0.driver"
    )
    migrate = acts.add_parser("migrate", description="đưa tệp của bản cũ sang bản này")
    for each in (show, migrate):
        each.add_argument("-c", "--config", type=Path, required=True, help="tệp cấu hình (YAML)")


def main(args: argparse.Namespace) -> int:
    try:
        match args.act:
            case "new":
                return _write_new(args.file)
            case "show":
                return _show_values(args.config, args.key)
            case _:
                return _migrate_file(args.config)
    except ConfigError as err:
        print(err, file=sys.stderr)
    except FileExistsError as err:
        print(_EXISTS.format(err.filename), file=sys.stderr)
    except OSError as err:
        print(f"{err.filename}: {err.strerror}", file=sys.stderr)
    return CONFIG_ERROR


def _write_new(file: Path) -> int:
    if file.exists():
        raise FileExistsError(errno.EEXIST, "", str(file))
    try:
        text = first_file.write_hall(new_hall.ask_hall(Questions.of_terminal()))
    except NotUnderstood as err:
        print(f"motcua config new: {err}", file=sys.stderr)
        return CONFIG_ERROR
    durable.create(file, text.encode())
    judge(file)
    print(f"Đã viết {file}. Bước tiếp: motcua check -c {file}; thử: motcua demo -c {file}")
    return 0


def _show_values(file: Path, key: str) -> int:
    document, _ = judge(file)
    lines = list(effective.lines(document, key))
    if not lines:
        print(f"{file}: không có khoá '{key}' trong tệp này", file=sys.stderr)
        return CONFIG_ERROR
    print("\n".join(lines))
    return 0


def _migrate_file(file: Path) -> int:
    """The file beside is what people look at before they take it."""
    moved = migration.migrated(file)
    if not moved.changes:
        print(f"{file}: không có gì phải đổi.")
        return 0
    beside = file.with_name(f"{file.stem}-moi{file.suffix}")
    durable.create(beside, moved.text.encode())
    print("\n".join(f"{file}:{change}" for change in moved.changes))
    print(f"Đã viết {beside}, giữ nguyên chú thích. Xem lại, rồi: mv {beside} {file}")
    judge(beside)
    return 0
