"""Every kind of device, every way its library can refuse: the device is lost, never its role."""

import errno
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from device_edges import Edge

import display.__main__
import display.board.__main__
import display.voice.__main__
import firmware_bridge.__main__
import kiosk.__main__
import printer.__main__
from hall.contract.messages import Alert
from hall.doctor import findings
from hall.doctor.findings import BusObservation, Finding
from hall.runtime import settings
from hall.runtime.bus_memory import MemoryBroker
from hall.runtime.clock import SystemClock
from hall.runtime.daemon import Daemon, Ground

HALL = """\
version: 1
hall: {id: thu, name: Xã Thử, hours: ["00:00-24:00"], days: [mon, tue, wed, thu, fri, sat, sun]}
services: [{id: ho-tich, name: Hộ tịch, prefix: A}]
counters: [{id: "1", serves: [ho-tich]}]
"""
CLOCK = SystemClock()
DEADLINE_S = 60.0
# luma.core 2.6 reads pictures in a way that Pillow 14 (2027) will not have any more.
pytestmark = pytest.mark.filterwarnings("ignore:.*getdata is deprecated:DeprecationWarning")


class OfALibrary(Exception):
    """As lgpio.error is: a plain Exception, neither OSError nor anything else that is known."""


FAULTS: dict[str, Callable[[], Exception]] = {
    "absent": lambda: FileNotFoundError(errno.ENOENT, "no such file"),
    "busy": lambda: OSError(errno.EBUSY, "busy"),
    "denied": lambda: PermissionError(errno.EACCES, "denied"),
    "input/output": lambda: OSError(errno.EIO, "input/output error"),
    "a wrong value": lambda: ValueError("bad pin factory"),
    "a missing package": lambda: ModuleNotFoundError("none", name="spidev"),
    "a library's own": lambda: OfALibrary("GPIO busy"),
}


@dataclass(frozen=True)
class Kind:
    """`laid` readies the edge and writes the YAML; `code`: the alert's, of `client`."""

    role: ModuleType
    client: str
    code: str
    named: str
    laid: Callable[[Edge], str]


def _printer(**more: Any) -> str:
    return json.dumps({"printers": [{"id": "printer-1", "driver": "simulated"} | more]})


def _buttons(edge: Edge) -> str:
    edge.gpio()
    return _printer(buttons=[{"service": "ho-tich", "gpio": 17}])


def _lamps(edge: Edge) -> str:
    edge.gpio()
    return _printer(buttons=[{"service": "ho-tich", "gpio": 17, "lamp": 27}])


def _box(edge: Edge) -> str:
    edge.input_box("/dev/hall/box")
    button = {"service": "ho-tich", "device": "/dev/hall/box", "key": "KEY_1"}
    return _printer(buttons=[button])


def _usb(edge: Edge) -> str:
    edge.file("/dev/hall/printer", edge.printer_terminal())
    return _printer(driver="usb", device="/dev/hall/printer")


def _on_serial(edge: Edge) -> str:
    terminal = edge.printer_terminal()
    edge.serial()
    return _printer(driver="serial", device=terminal, flow="none")


def _on_tcp(edge: Edge) -> str:
    port = edge.printer_port()
    edge.tcp()
    return _printer(driver="network", host="127.0.0.1", port=port)


def _keypad(edge: Edge) -> str:
    edge.gpio()
    pad = {"counter": "1", "rows": [17], "columns": [22, 23, 24], "layout": ["NRF"]}
    return json.dumps({"bridges": [{"id": "bridge-1", "keypads": [pad]}]})


def _bus(port: str) -> str:
    unit = {"address": 1, "counter": "1"}
    bus = {"port": port, "units": [unit]}
    return json.dumps({"bridges": [{"id": "bridge-1", "buses": [bus]}]})


def _serial_bus(edge: Edge) -> str:
    terminal = edge.bus_terminal()
    edge.serial()
    return _bus(terminal)


def _tcp_bus(edge: Edge) -> str:
    port = edge.bus_port()
    edge.tcp()
    return _bus(f"socket://127.0.0.1:{port}")


def _kiosk(**more: Any) -> str:
    screen = {"width": 480, "height": 800, "diagonal_inch": 32}
    return json.dumps({"kiosks": [{"id": "kiosk-1", "screen": screen} | more]})


def _serial_scanner(edge: Edge) -> str:
    terminal = edge.terminal()
    edge.serial()
    return _kiosk(scanners=[{"driver": "serial", "device": terminal}])


def _evdev_scanner(edge: Edge) -> str:
    edge.input_box("/dev/hall/scanner")
    return _kiosk(scanners=[{"driver": "evdev", "device": "/dev/hall/scanner"}])


def _glass(edge: Edge) -> str:
    edge.window()
    return _kiosk()


def _speech(edge: Edge) -> str:
    edge.aplay()
    return _kiosk(speech="espeak")


def _faces(driver: str) -> str:
    face = {"counter": "1", "driver": driver}
    return json.dumps({"display": {"faces": [face]}})


def _spi(edge: Edge) -> str:
    edge.spi()
    return _faces("max7219")


def _face_window(edge: Edge) -> str:
    edge.window()
    return _faces("window")


def _board(edge: Edge) -> str:
    edge.window()
    return json.dumps({"display": {"board": {}}})


def _voice(player: str) -> str:
    return json.dumps({"display": {"voice": {"player": player, "make": False}}})


def _alsa(edge: Edge) -> str:
    edge.aplay()
    return _voice("alsa")


def _mixer(edge: Edge) -> str:
    edge.mixer()
    return _voice("mixer")


def _of_printer(code: str, named: str, laid: Callable[[Edge], str]) -> Kind:
    return Kind(printer.__main__, "printer-1", code, named, laid)


def _of_bridge(code: str, named: str, laid: Callable[[Edge], str]) -> Kind:
    return Kind(firmware_bridge.__main__, "bridge-1", code, named, laid)


def _of_kiosk(code: str, named: str, laid: Callable[[Edge], str]) -> Kind:
    return Kind(kiosk.__main__, "kiosk-1", code, named, laid)


KINDS = {
    "GPIO button": _of_printer("buttons_lost", "nút ho-tich (chân GPIO 17)", _buttons),
    "GPIO lamp": _of_printer("lamps_lost", "đèn của nút ho-tich (chân GPIO 27)", _lamps),
    "button box": _of_printer("buttons_lost", "hộp nút bấm /dev/hall/box", _box),
    "USB printer": _of_printer("offline", "máy in", _usb),
    "serial printer": _of_printer("offline", "máy in", _on_serial),
    "network printer": _of_printer("offline", "máy in", _on_tcp),
    "GPIO keypad": _of_bridge("keypad_lost", "bàn phím quầy 1 (chân GPIO hàng 17", _keypad),
    "serial bus": _of_bridge("bus_down", "bus 1 /dev/pts/", _serial_bus),
    "TCP bus": _of_bridge("bus_down", "bus 1 127.0.0.1:", _tcp_bus),
    "serial scanner": _of_kiosk("scanner_offline", "máy quét /dev/pts/", _serial_scanner),
    "evdev scanner": _of_kiosk("scanner_offline", "máy quét /dev/hall/scanner", _evdev_scanner),
    "kiosk's glass": _of_kiosk("screen_lost", "màn hình của kiosk", _glass),
    "kiosk's speech": _of_kiosk("speech_lost", "loa đọc của kiosk", _speech),
    "SPI display": Kind(display.__main__, "display", "display_lost", "/dev/spidev0.0", _spi),
    "face in a window": Kind(
        display.__main__, "display", "display_lost", "cửa sổ bảng số của quầy 1", _face_window
    ),
    "board's glass": Kind(
        display.board.__main__, "board", "screen_lost", "màn hình của bảng chung", _board
    ),
    "aplay": Kind(display.voice.__main__, "voice", "loudspeaker", "loa gọi số", _alsa),
    "mixer": Kind(display.voice.__main__, "voice", "loudspeaker", "loa gọi số", _mixer),
}


class Role:
    """One daemon of the YAML on a bus in memory, turned by the test."""

    def __init__(self, kind: Kind, edge: Edge, folder: Path) -> None:
        path = folder / "hall.yaml"
        extra = json.loads(kind.laid(edge))
        text = "\n".join(f"{key}: {json.dumps(value)}" for key, value in extra.items())
        path.write_text(HALL + text, encoding="utf-8")
        self.kind, self.broker = kind, MemoryBroker()
        ground = Ground(
            "thu",
            CLOCK,
            folder,
            lambda client: self.broker.bus(client, "thu", CLOCK),
            headless=True,
        )
        [daemon] = kind.role.build(settings.read(path), ground, None)
        self.daemon: Daemon = daemon
        self.daemon.service.start()
        self.daemon.open()
        self.say("state/counter/1", epoch=1, ver=1, counter="1", name="Quầy 1", status="open")

    def say(self, topic: str, **content: Any) -> None:
        """As the controller, or a technician, says it."""
        src = "tech" if topic.startswith("req") else "controller"
        told = {"schema": 1, "hall": "thu", "src": src, "ts": "2026-11-29T10:00:00+07:00"}
        payload = json.dumps(told | content).encode()
        retain = topic.startswith("state")
        self.broker.publish(f"motcua/1/thu/{topic}", payload, retain=retain)

    @property
    def alert(self) -> Alert | None:
        return self.daemon.context.health.alerts.get(self.kind.code)

    @property
    def doctors_line(self) -> Finding:
        """What `motcua doctor` makes of all that this role says on the bus."""
        client, health = self.kind.client, self.daemon.context.health
        alerts = {f"{client}/{code}": alert for code, alert in health.alerts.items()}
        said = BusObservation(CLOCK.now(), UTC, {client: health.status()}, alerts, {}, (client,))
        told = self.alert.text if self.alert else ""
        return next(each for each in findings.devices((), said) if told in each.text)

    def until(self, true: Callable[[], object]) -> None:
        deadline = CLOCK.monotonic() + DEADLINE_S
        while not true():
            now = CLOCK.monotonic()
            assert now < deadline, self.daemon.context.health.alerts
            self.daemon.turn(now, 0.02)

    def answers(self) -> bool:
        """Whether the loop still turns: it answers whom it does not know."""
        self.say(f"req/dev/{self.kind.client}/ping/tech", id="p1")
        self.until(lambda: any(topic.endswith("rsp/tech") for topic, _ in self.broker.log))
        return True


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """How long they are in life is tested in tests/runtime/test_devices.py."""
    monkeypatch.setattr("hall.runtime.devices.PAUSES_S", (0.05, 0.1))


@pytest.fixture
def edge(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Edge]:
    made = Edge(monkeypatch, tmp_path)
    yield made
    monkeypatch.undo()
    made.far_ends.close()


@pytest.fixture
def role(edge: Edge, tmp_path: Path) -> Iterator[Callable[[Kind], Role]]:
    roles: list[Role] = []

    def made(kind: Kind) -> Role:
        roles.append(Role(kind, edge, tmp_path))
        return roles[-1]

    yield made
    for each in roles:
        each.daemon.close()


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_device_that_does_not_open_is_lost_until_it_works_and_nothing_else_is(
    kind: str, fault: str, edge: Edge, role: Callable[[Kind], Role]
) -> None:
    edge.fault = FAULTS[fault]()

    hall = role(KINDS[kind])

    hall.until(lambda: hall.alert)
    told = hall.alert
    assert told is not None
    assert KINDS[kind].named.lower() in told.text.lower()
    assert told.advice
    assert (hall.doctors_line.well, hall.doctors_line.advice) == (False, told.advice)
    assert ("GPIO" not in kind) or "USB" not in told.advice
    assert hall.answers()
    hall.until(lambda: edge.struck >= 2)
    assert hall.alert is not None
    assert hall.daemon.context.health.errors == 0

    edge.fault = None

    hall.until(lambda: hall.alert is None)


PACKAGES = [
    ("GPIO button", "gpiod"),
    ("GPIO button", "gpiozero"),
    ("GPIO keypad", "gpiod"),
    ("serial printer", "serial"),
    ("serial bus", "serial"),
    ("serial scanner", "serial"),
    ("SPI display", "luma.led_matrix.device"),
    ("mixer", "pygame"),
]


@pytest.mark.parametrize(("kind", "package"), PACKAGES)
def test_a_package_that_is_not_installed_is_the_loss_of_who_needs_it(
    kind: str,
    package: str,
    role: Callable[[Kind], Role],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in [name for name in sys.modules if name.startswith("hall.runtime.gpio.")]:
        monkeypatch.delitem(sys.modules, name)
    laid = KINDS[kind].laid

    def laid_then_gone(edge: Edge) -> str:
        yaml = laid(edge)
        monkeypatch.setitem(sys.modules, package, None)  # type: ignore[arg-type]
        return yaml

    wanted = KINDS[kind]
    hall = role(Kind(wanted.role, wanted.client, wanted.code, wanted.named, laid_then_gone))

    hall.until(lambda: hall.alert)
    told = hall.alert
    assert told is not None
    assert "chưa cài" in told.text
    assert hall.answers()
