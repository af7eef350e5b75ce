"""`motcua COMMAND …`. Exit status: 0 fine, 1 a fault found, 2 wrong use or configuration."""

import argparse
import importlib
import sys
from collections.abc import Callable, Sequence

WRONG_USE = 2

# command: (module, one line for the help); each module has `arguments(parser)` and `main(args)`.
COMMANDS = {
    "demo": ("hall.cli.demo", "chạy thử cả hội trường với thiết bị mô phỏng"),
    "run": ("hall.cli.run", "chạy một hoặc nhiều vai trò"),
    "check": ("hall.cli.check", "kiểm tra tệp cấu hình, báo mọi lỗi một lần"),
    "doctor": ("hall.cli.doctor", "tình trạng từng thiết bị và việc cần làm"),
    "issue": ("hall.cli.desk", "lấy một số"),
    "call": ("hall.cli.desk", "gọi số, gọi lại, kết thúc … ở một quầy"),
    "state": ("hall.cli.desk", "hàng chờ và các quầy lúc này"),
    "schema": ("hall.cli.generate", "lược đồ JSON của tệp cấu hình"),
    "reference": ("hall.cli.generate", "bảng tra mọi khoá của tệp cấu hình"),
    "asyncapi": ("hall.cli.generate", "tài liệu AsyncAPI 3.0 của bus"),
    "acl": ("hall.cli.generate", "tệp phân quyền cho mosquitto"),
    "broker-config": ("hall.cli.generate", "cấu hình mosquitto của hội trường"),
    "udev": ("hall.cli.generate", "quy tắc udev cho máy in và bus"),
    "verify": ("hall.cli.books", "kiểm tra nhật ký trong thư mục trạng thái"),
}


def main(argv: Sequence[str] | None = None) -> int:
    parser = _parser()
    args, rest = parser.parse_known_args(argv)
    if args.command is None:
        parser.print_help()
        return WRONG_USE
    module = importlib.import_module(COMMANDS[args.command][0])
    sub = argparse.ArgumentParser(
        prog=f"motcua {args.command}", description=COMMANDS[args.command][1]
    )
    module.arguments(sub, args.command)
    run: Callable[[argparse.Namespace], int] = module.main
    try:
        return run(sub.parse_args(rest))
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    lines = "\n".join(f"  {name:<14} {text}" for name, (_, text) in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="motcua",
        usage="motcua LỆNH [tuỳ chọn]",
        description=f"Bộ điều khiển thiết bị của bộ phận một cửa.\n\nCác lệnh:\n{lines}",
        epilog="Chi tiết một lệnh: motcua LỆNH --help",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        add_help=False,
    )
    parser.add_argument("command", nargs="?", choices=tuple(COMMANDS), metavar="LỆNH")
    return parser


if __name__ == "__main__":
    sys.exit(main())
