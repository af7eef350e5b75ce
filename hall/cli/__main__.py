"""`motcua COMMAND …`. Exit status: 0 fine, 1 a fault found, 2 wrong use or configuration."""

import argparse
import difflib
import importlib
import io
import os
import sys
from collections.abc import Callable, Sequence

from hall.cli.words import Parser

WRONG_USE = 2

# command: (module of this package, one line for the help). A module has
# `arguments(parser, command)` and `main(args)`.
COMMANDS = {
    "demo": ("demo", "chạy thử cả hội trường với thiết bị mô phỏng"),
    "run": ("run", "chạy một hoặc nhiều vai trò"),
    "check": ("checking.check", "kiểm tra tệp cấu hình, báo mọi lỗi một lần"),
    "config": (
        "configuring.configuration",
        "viết tệp cấu hình mới, xem giá trị, đổi tệp bản cũ",
    ),
    "doctor": ("diagnosis.doctor", "tình trạng từng thiết bị và việc cần làm"),
    "support-bundle": (
        "diagnosis.support_bundle",
        "gom tệp gửi người hỗ trợ, đã bỏ mật khẩu",
    ),
    "pair": ("doors", "mã ghép một máy của cán bộ với quầy, sống 10 phút"),
    "browsers": ("doors", "máy nào đã ghép, thu hồi một máy"),
    "staff": ("doors", "cán bộ có mã PIN riêng: thêm, xem, bỏ"),
    "issue": ("queue_commands", "lấy một số"),
    "call": ("queue_commands", "gọi số, gọi lại, kết thúc … ở một quầy"),
    "state": ("queue_commands", "hàng chờ và các quầy lúc này"),
    "test-print": ("trial", "in một trang thử"),
    "test-display": ("trial", "cho bảng số hiện chữ thử"),
    "test-say": ("trial", "đọc thử một số"),
    "test-keypad": ("trial", "giả một phím bấm trên bus mô phỏng"),
    "voice": ("voice", "tổng hợp hoặc liệt kê các đoạn tiếng"),
    "bus": ("bus", "dò, nghe, đặt địa chỉ, thử một bus nối tiếp"),
    "provision": ("provision", "đưa phần cố định của phiếu vào bộ nhớ máy in"),
    "onestop": ("onestop", "tệp của phần mềm một cửa: xem cột, báo cáo, xác nhận"),
    "onestop-check": ("vendor", "đóng vai hội trường, xét phần mềm một cửa"),
    "onestop-simulate": ("vendor", "đóng vai phần mềm một cửa đúng hợp đồng"),
    "reprint": ("trial", "in lại phiếu cuối"),
    "schema": ("generate", "lược đồ JSON của tệp cấu hình"),
    "reference": ("generate", "bảng tra mọi khoá của tệp cấu hình"),
    "asyncapi": ("generate", "tài liệu AsyncAPI 3.0 của bus"),
    "wire": ("generate", "mọi chủ đề và yêu cầu của bus, thành bảng"),
    "acl": ("generate", "tệp phân quyền cho mosquitto"),
    "broker-config": ("generate", "cấu hình mosquitto của hội trường"),
    "broker-guard": ("broker_guard", "trước khi mosquitto chạy: bỏ cổng mạng còn hỏng"),
    "ca": ("ca", "chứng chỉ của broker: tạo, làm mới, xem tệp nào sai"),
    "grouped-units": ("generate", "dịch vụ gộp vai trò, cho máy ít bộ nhớ"),
    "udev": ("udev", "đặt tên cố định cho bộ chuyển, máy in, máy quét đang cắm"),
    "report": ("books", "số liệu của một hay nhiều ngày, cũng cho Excel"),
    "replay": ("books", "đọc lại nhật ký, từng việc một"),
    "verify": ("books", "kiểm tra nhật ký trong thư mục trạng thái"),
    "backup": ("books", "sao lưu nhật ký ngay"),
    "copy-backup": ("copy_backup", "chép bản sao lưu mới nhất tới nơi thứ hai"),
    "restore": ("books", "phục hồi nhật ký từ bản sao lưu"),
    "update": ("update", "cập nhật từ gói .deb, về phiên bản trước"),
    "province": (
        "province.command",
        "dịch vụ của tỉnh: nhận sự kiện, danh sách, mật khẩu",
    ),
    "province-demo": ("province.demo", "chạy thử cả một tỉnh: hội trường, broker, trang"),
    "takeover": ("takeover", "cho bộ điều khiển dự phòng nhận thay"),
}


def main(argv: Sequence[str] | None = None) -> int:
    given = list(sys.argv[1:] if argv is None else argv)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal without our letters is told with codes in their place, not with a traceback.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        return _obey_and_flush(given)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader (head, less) has seen enough. What Python still holds for it is flushed once
        # more at exit: into nothing, or the exit status would be 120.
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, sys.stdout.fileno())
        os.close(nothing)
        return 0


def _obey_and_flush(given: Sequence[str]) -> int:
    """Flush after a help page too, behind which argparse leaves by SystemExit."""
    try:
        return _run_command(given)
    finally:
        sys.stdout.flush()


def _run_command(given: Sequence[str]) -> int:
    if not given or given[0] in ("-h", "--help", "help"):
        print(_help())
        return 0 if given else WRONG_USE
    if given[0] not in COMMANDS:
        close = difflib.get_close_matches(given[0], COMMANDS, n=1)
        meant = f" (ý bạn là '{close[0]}'?)" if close else ""
        print(f"motcua: không có lệnh '{given[0]}'{meant}\n\n{_help()}", file=sys.stderr)
        return WRONG_USE
    name, about = COMMANDS[given[0]]
    module = importlib.import_module(f"hall.cli.{name}")
    parser = Parser(f"motcua {given[0]}", about)
    module.arguments(parser, given[0])
    run: Callable[[argparse.Namespace], int] = module.main
    return run(parser.parse_args(given[1:]))


def _help() -> str:
    lines = "\n".join(f"  {name:<14} {text}" for name, (_, text) in COMMANDS.items())
    return (
        "motcua LỆNH [tuỳ chọn] – bộ điều khiển thiết bị của bộ phận một cửa\n\n"
        f"Các lệnh:\n{lines}\n\nChi tiết một lệnh: motcua LỆNH --help"
    )


if __name__ == "__main__":
    sys.exit(main())
