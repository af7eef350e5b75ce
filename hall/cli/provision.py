"""`motcua provision PRINTER`: puts what never changes on a ticket into the printer's own memory."""

import argparse
import sys
from pathlib import Path

from hall.cli.checking.check import judge
from hall.runtime import ownership, settings
from hall.runtime.clock import SystemClock
from hall.runtime.roles import CONFIG_ERROR
from hall.runtime.state_folders import state_folder
from printer.__main__ import provision_printer
from printer.provision import ProvisionError


def arguments(parser: argparse.ArgumentParser, _command: str) -> None:
    parser.add_argument("printer", help="máy in, ví dụ printer-1; dịch vụ của nó phải đang dừng")
    parser.add_argument("-c", "--config", type=Path, required=True, help="tệp cấu hình (YAML)")
    parser.add_argument(
        "--state", type=Path, metavar="DIR", help="thư mục trạng thái của dịch vụ máy in"
    )


def main(args: argparse.Namespace) -> int:
    try:
        document, shared = judge(args.config)
        state = state_folder(shared.hall.id, args.state)
        with ownership.private_files():
            ownership.become_owner(state)
            done = provision_printer(document, state, SystemClock(), args.printer)
    except settings.ConfigError as err:
        print(err, file=sys.stderr)
        return CONFIG_ERROR
    except ProvisionError as err:
        print(f"motcua: {err}", file=sys.stderr)
        return 1
    print(f"{args.printer}: {done.strips} dải, ghi mới {done.written} ({done.sent} byte)")
    return 0
