"""`motcua takeover`: a spare controller leads the queue from now on."""

import argparse
import sys
from pathlib import Path

from hall.cli import journals
from hall.controller.fence import NAME, Fence
from hall.runtime import ownership, settings
from hall.runtime.requester import new_id
from hall.runtime.roles import CONFIG_ERROR

_SAID = """\
Bộ điều khiển trên máy này sẽ nhận hàng chờ ngay khi nối được vào broker (đang chạy: trong 2 giây).
Các số mà máy kia đã phát được bỏ qua, không cấp lại; phiếu chỉ có trong nhật ký của máy kia thì
không gọi được ở đây: mời người cầm phiếu ấy lấy số mới, hoặc trước đó chép nhật ký sang bằng
motcua backup và motcua restore. Máy kia mà chạy lại sẽ tự đứng lại; hãy tắt hẳn nó."""


def arguments(parser: argparse.ArgumentParser, _command: str) -> None:
    journals.add_arguments(parser)


def main(args: argparse.Namespace) -> int:
    try:
        folder = journals.find(args, journals.shared(args)).parent
        _order(folder)
    except settings.ConfigError as err:
        print(err, file=sys.stderr)
        return CONFIG_ERROR
    except OSError as err:
        print(f"Không ghi được: {err}", file=sys.stderr)
        return 1
    print(_SAID)
    return 0


def _order(folder: Path) -> None:
    ownership.become_owner(folder)
    with ownership.private_files():
        Fence(folder / NAME, new_id).order()
