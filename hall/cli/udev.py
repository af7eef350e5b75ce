"""`motcua udev`: finds adapters, printers and scanners, asks for their names, makes the rules."""

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from hall.cli.configuring.questions import NotUnderstood, Questions
from hall.cli.plugged import PluggedDevice, has_twin, plugged
from hall.runtime import durable
from hall.runtime.roles import CONFIG_ERROR

_NONE = "-"
_NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")
_HEAD = "# Tên cố định cho thiết bị của hội trường, viết bởi motcua udev."
_PLACE = "/etc/udev/rules.d/71-hall.rules"


def arguments(parser: argparse.ArgumentParser, _command: str) -> None:
    parser.add_argument(
        "--write",
        type=Path,
        metavar="TỆP",
        help=f"ghi quy tắc vào tệp này, thường là {_PLACE}; không có: in ra",
    )
    parser.add_argument(
        "--sys", type=Path, default=Path("/sys"), metavar="DIR", help="nơi gắn sysfs"
    )


def main(args: argparse.Namespace) -> int:
    devices = plugged(args.sys)
    if not devices:
        print("Không thấy bộ chuyển USB, máy in hay máy quét nào: cắm vào rồi chạy lại.")
        return 1
    try:
        named = tuple(_named(devices, Questions.of_terminal()))
    except NotUnderstood as err:
        print(f"motcua udev: {err}", file=sys.stderr)
        return CONFIG_ERROR
    text = "\n".join([_HEAD, *(rule(d, name, devices) for d, name in named)]) + "\n"
    if args.write is None:
        sys.stdout.write(text)
        return 0
    return _write_rules(args.write, text, named)


def _named(
    devices: Sequence[PluggedDevice], questions: Questions
) -> Iterator[tuple[PluggedDevice, str]]:
    """Of the devices that get a name. Raises NotUnderstood."""
    taken: set[str] = set()
    usual = _usual_names(devices)

    def read(text: str) -> str:
        if text != _NONE and not _NAME.fullmatch(text):
            raise ValueError("chữ thường không dấu, số, dấu '-'; ví dụ bus1; bỏ qua: -")
        if text in taken:
            raise ValueError(f"tên {text} đã dùng ở trên")
        return text

    for device, suggested in zip(devices, usual, strict=True):
        serial = device.serial or "không có"
        about = f"{device.node}: {device.label}, số sê-ri {serial}, cổng {device.port}"
        name = questions.ask(f"{about}\n  tên trong /dev/hall/ (bỏ qua: {_NONE})", suggested, read)
        if name != _NONE:
            taken.add(name)
            yield device, name


def _usual_names(devices: Sequence[PluggedDevice]) -> tuple[str, ...]:
    """bus1, bus2; the only printer or scanner has no number, as in the manual."""
    total, met = Counter(d.kind for d in devices), Counter[str]()
    names = []
    for device in devices:
        met[device.kind] += 1
        alone = device.kind != "bus" and total[device.kind] == 1
        names.append((device.kind if alone else f"{device.kind}{met[device.kind]}") or _NONE)
    return tuple(n if d.kind else _NONE for n, d in zip(names, devices, strict=True))


def rule(device: PluggedDevice, name: str, devices: tuple[PluggedDevice, ...]) -> str:
    """By serial number, or by port where there is none or another device has the same."""
    kernel = ', KERNEL=="event*"' if device.subsystem == "input" else ""
    if device.serial and not has_twin(device, devices):
        why = f"{device.label}, theo số sê-ri: cắm cổng nào cũng được"
        match = (
            f'ATTRS{{idVendor}}=="{device.vendor}", ATTRS{{idProduct}}=="{device.product}", '
            f'ATTRS{{serial}}=="{device.serial}"'
        )
    else:
        why = f"{device.label}, theo cổng {device.port}: luôn cắm đúng cổng này"
        match = f'KERNELS=="{device.port}"'
    return (
        f"# {why}\n"
        f'ACTION!="remove", SUBSYSTEM=="{device.subsystem}"{kernel}, {match}, '
        f'SYMLINK+="hall/{name}", TAG+="systemd"'
    )


def _write_rules(file: Path, text: str, named: Sequence[tuple[PluggedDevice, str]]) -> int:
    try:
        durable.create(file, text.encode())
    except FileExistsError:
        print(f"{file}: đã có tệp này; đổi tên nó trước, rồi chạy lại", file=sys.stderr)
        return 1
    except OSError as err:
        print(f"{file}: không ghi được: {err.strerror}; chạy bằng sudo?", file=sys.stderr)
        return 1
    for device, name in named:
        print(f"/dev/hall/{name}: {device.label} ({device.node})")
    print(
        f"Đã ghi {file}. Bước tiếp: sudo udevadm control --reload && sudo udevadm trigger; "
        "rồi xem: ls -l /dev/hall"
    )
    return 0
