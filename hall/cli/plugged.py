"""What is plugged into this machine's USB ports and may be the hall's, as sysfs tells it."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_INTERFACE = re.compile(r"[0-9]+-[0-9.]+:[0-9]+\.[0-9]+")
# What stands in a rule between quotes and is no pattern there.
_PLAIN = re.compile(r"[A-Za-z0-9._:-]+")
_SCANNER = re.compile(
    "scan|barcode|bar code|symbol|honeywell|zebra|datalogic|newland", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class PluggedDevice:
    """`node`: the kernel's name, another one at each start; `port`: where the cable is.

    `serial`: "" where the device has none, or none that a rule can hold.
    """

    subsystem: str
    node: str
    vendor: str
    product: str
    serial: str
    port: str
    label: str

    @property
    def kind(self) -> str:
        """What the hall would call it: bus, printer, scanner; "" for nobody knows what."""
        match self.subsystem:
            case "tty":
                return "bus"
            case "usbmisc":
                return "printer"
            case _:
                return "scanner" if _SCANNER.search(self.label) else ""


def plugged(sys: Path) -> tuple[PluggedDevice, ...]:
    """In the order of their ports. `sys`: where sysfs is mounted."""
    patterns = ("class/tty/tty[UA]*", "class/usbmisc/lp*", "class/input/event*")
    places = (place for pattern in patterns for place in sorted(sys.glob(pattern)))
    found = [each for place in places for each in _read(place)]
    return tuple(sorted(found, key=lambda d: (d.subsystem, d.port, d.node)))


def has_twin(device: PluggedDevice, others: tuple[PluggedDevice, ...]) -> bool:
    """Whether another one here says to be the same: then only the port tells them apart."""
    return Counter(map(_identity, others))[_identity(device)] > 1


def _identity(device: PluggedDevice) -> tuple[str, str, str, str]:
    return device.subsystem, device.vendor, device.product, device.serial


def _read(place: Path) -> Iterator[PluggedDevice]:
    """Nothing for what is not on USB: a serial port of the board has a name that stays."""
    real = place.resolve()
    usb = next((p for p in real.parents if (p / "idVendor").is_file()), None)
    interface = next((p.name for p in real.parents if _INTERFACE.fullmatch(p.name)), None)
    if usb is None or interface is None:
        return
    serial = _word(usb / "serial")
    words = (_word(usb / "manufacturer"), _word(usb / "product"))
    yield PluggedDevice(
        place.parent.name,
        place.name,
        _word(usb / "idVendor"),
        _word(usb / "idProduct"),
        serial if _PLAIN.fullmatch(serial) else "",
        interface,
        " ".join(filter(None, words)) or "không rõ tên",
    )


def _word(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
