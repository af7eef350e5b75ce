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

# command: (module, one line for the help). A module has `arguments(parser, command)` and
# `main(args)`.
COMMANDS = {
    "demo": ("hall.cli.demo", "chạy thử cả hội trường với thiết bị mô phỏng"),
    "run": ("hall.cli.run", "chạy một hoặc nhiều vai trò"),
    "check": ("hall.cli.check", "kiểm tra tệp cấu hình, báo mọi lỗi một lần"),
    "config": ("hall.cli.configuration", "viết tệp cấu hình mới, xem giá trị, đổi tệp bản cũ"),
    "doctor": ("hall.cli.doctor", "tình trạng từng thiết bị và việc cần làm"),
    "support-bundle": ("hall.cli.support_bundle", "gom tệp gửi người hỗ trợ, đã bỏ mật khẩu"),
    "pair": ("hall.cli.doors", "mã ghép một máy của cán bộ với quầy, sống 10 phút"),
    "browsers": ("hall.cli.doors", "máy nào đã ghép, thu hồi một máy"),
    "staff": ("hall.cli.doors", "cán bộ có mã PIN riêng: thêm, xem, bỏ"),
    "issue": ("hall.cli.queue_commands", "lấy một số"),
    "call": ("hall.cli.queue_commands", "gọi số, gọi lại, kết thúc … ở một quầy"),
    "state": ("hall.cli.queue_commands", "hàng chờ và các quầy lúc này"),
    "test-print": ("hall.cli.trial", "in một trang thử"),
    "test-display": ("hall.cli.trial", "cho bảng số hiện chữ thử"),
    "test-say": ("hall.cli.trial", "đọc thử một số"),
    "test-keypad": ("hall.cli.trial", "giả một phím bấm trên bus mô phỏng"),
    "voice": ("hall.cli.voice", "tổng hợp hoặc liệt kê các đoạn tiếng"),
    "bus": ("hall.cli.bus", "dò, nghe, đặt địa chỉ, thử một bus nối tiếp"),
    "provision": ("hall.cli.provision", "đưa phần cố định của phiếu vào bộ nhớ máy in"),
    "onestop": ("hall.cli.onestop", "tệp của phần mềm một cửa: xem cột, báo cáo, xác nhận"),
    "onestop-check": ("hall.cli.vendor", "đóng vai hội trường, xét phần mềm một cửa"),
    "onestop-simulate": ("hall.cli.vendor", "đóng vai phần mềm một cửa đúng hợp đồng"),
    "reprint": ("hall.cli.trial", "in lại phiếu cuối"),
    "schema": ("hall.cli.generate", "lược đồ JSON của tệp cấu hình"),
    "reference": ("hall.cli.generate", "bảng tra mọi khoá của tệp cấu hình"),
    "asyncapi": ("hall.cli.generate", "tài liệu AsyncAPI 3.0 của bus"),
    "wire": ("hall.cli.generate", "mọi chủ đề và yêu cầu của bus, thành bảng"),
    "acl": ("hall.cli.generate", "tệp phân quyền cho mosquitto"),
    "broker-config": ("hall.cli.generate", "cấu hình mosquitto của hội trường"),
    "broker-guard": ("hall.cli.broker_guard", "trước khi mosquitto chạy: bỏ cổng mạng còn hỏng"),
    "ca": ("hall.cli.ca", "chứng chỉ của broker: tạo, làm mới, xem tệp nào sai"),
    "grouped-units": ("hall.cli.generate", "dịch vụ gộp vai trò, cho máy ít bộ nhớ"),
    "udev": ("hall.cli.udev", "đặt tên cố định cho bộ chuyển, máy in, máy quét đang cắm"),
    "report": ("hall.cli.books", "số liệu của một hay nhiều ngày, cũng cho Excel"),
    "replay": ("hall.cli.books", "đọc lại nhật ký, từng việc một"),
    "verify": ("hall.cli.books", "kiểm tra nhật ký trong thư mục trạng thái"),
    "backup": ("hall.cli.books", "sao lưu nhật ký ngay"),
    "copy-backup": ("hall.cli.copy_backup", "chép bản sao lưu mới nhất tới nơi thứ hai"),
    "restore": ("hall.cli.books", "phục hồi nhật ký từ bản sao lưu"),
    "update": ("hall.cli.update", "cập nhật từ gói .deb, về phiên bản trước"),
    "province": ("hall.cli.province", "dịch vụ của tỉnh: nhận sự kiện, danh sách, mật khẩu"),
    "province-demo": ("hall.cli.province_demo", "chạy thử cả một tỉnh: hội trường, broker, trang"),
    "takeover": ("hall.cli.takeover", "cho bộ điều khiển dự phòng nhận thay"),
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
    module = importlib.import_module(name)
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
