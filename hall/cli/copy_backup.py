"""`motcua copy-backup`: the newest backup to the second place that the YAML names."""

import argparse
import sys
from pathlib import Path

from hall.cli import journals
from hall.controller import second_place
from hall.controller.settings import ControllerFile
from hall.runtime import ownership, settings
from hall.runtime.clock import SystemClock
from hall.runtime.roles import CONFIG_ERROR


def arguments(parser: argparse.ArgumentParser, _command: str) -> None:
    parser.add_argument("-c", "--config", type=Path, required=True, help="tệp cấu hình (YAML)")
    parser.add_argument("--state", type=Path, metavar="DIR", help="thư mục trạng thái")


def main(args: argparse.Namespace) -> int:
    try:
        document = settings.read(args.config)
        section = settings.check(document.part(ControllerFile.model_fields), ControllerFile).backup
        folder = journals.find(args, journals.shared(args)).parent
    except settings.ConfigError as err:
        print(err, file=sys.stderr)
        return CONFIG_ERROR
    if section is None:
        print("Tệp cấu hình không có mục backup: không có nơi thứ hai nào.")
        return 0
    ownership.become_owner(folder)
    with ownership.private_files():
        try:
            report = second_place.copy(section, folder, args.config, SystemClock().now())
        except OSError as err:
            print(f"Không ghi được vào {folder}: {err.strerror}", file=sys.stderr)
            return 1
    if report.fault:
        print(f"Chưa chép được: {report.fault}", file=sys.stderr)
        return 1
    print(f"Đã chép {report.file} tới {section.to}.")
    return 0
