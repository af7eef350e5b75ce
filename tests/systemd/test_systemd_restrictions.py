"""What a unit forbids is really forbidden, and every device that its drivers open opens."""

import json
import os
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from installed_hall import install
from own_machine import PYTHON, Machine, Probe, booted, why_not
from reach_table import asked, table

pytestmark = [
    pytest.mark.skipif(why_not() is not None, reason=why_not() or ""),
    pytest.mark.timeout(900),
]
TABLE = table()
WITH_DEVICES = [unit for unit in TABLE.units if TABLE.opened(unit)]
INSTANCES = {
    "motcua-printer@": "motcua-printer@printer-1",
    "motcua-kiosk@": "motcua-kiosk@kiosk-1",
    "motcua-bridge@": "motcua-bridge@bridge-1",
}
PRINTER, KIOSK = INSTANCES["motcua-printer@"], INSTANCES["motcua-kiosk@"]


def unit(name: str) -> str:
    return INSTANCES.get(name, name)


# --- every class of devices -----------------------------------------------------------------------

OPEN = """
import errno, json, os
said = {}
for node, flags in NODES.items():
    try:
        os.close(os.open(node, flags | os.O_NONBLOCK | os.O_NOCTTY))
        said[node] = "open"
    except OSError as err:
        said[node] = errno.errorcode[err.errno]
print(json.dumps(said))
"""
# Without a driver, or with one that has no device.
THROUGH = {"open", "ENXIO", "ENODEV", "EIO", "ENOTTY", "EINVAL"}
FLAGS = {"rw": os.O_RDWR, "r": os.O_RDONLY}
CHANGES = {
    "as shipped": (),
    # systemd 257 leaves the policy out where no rule fits the kernel; ProtectClock leaves one,
    # char-rtc, which does not fit the kernel of these tests.
    "without device rules": ("DeviceAllow=", "DeviceAllow=/dev/null rw"),
    "without groups": ("SupplementaryGroups=",),
}
BY_NAME = ("DeviceAllow=", "DeviceAllow=char-ttyUSB rw", "DeviceAllow=char-gpiochip rw")


def opening(name: str) -> str:
    """Opens every node of the unit's drivers as they do."""
    nodes = {TABLE.classes[k].node: FLAGS[way] for k, way in TABLE.opened(name).items()}
    return OPEN.replace("NODES", repr(nodes))


# By the library itself.
PINS = """
from hall.runtime.gpio.chips import kernel, open_chip
from hall.runtime.gpio.errors import GpioError
try:
    open_chip("/dev/gpiochip0", kernel())
except GpioError as err:
    print(type(err).__name__)
"""
WITH_PINS = [unit for unit in TABLE.units if "gpiochip" in TABLE.opened(unit)]

# --- what a unit forbids --------------------------------------------------------------------------

# A setting; what lifts it; and a line of Python that tells, by True, that it does not bite.
FORBIDDEN = {
    "address families": (
        ("RestrictAddressFamilies=",),
        "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW).close() or True",
    ),
    "system calls": (
        ("SystemCallFilter=",),
        "not (libc.mincore(None, 0, None) and ctypes.get_errno() == errno.EPERM)",
    ),
    "proc": (("ProcSubset=all",), "open('/proc/cpuinfo').close() or True"),
    "others' processes": (("ProtectProc=default",), "os.path.exists('/proc/1')"),
    "root": (("ProtectSystem=no",), "not os.statvfs('/').f_flag & os.ST_RDONLY"),
    "homes": (("ProtectHome=no",), "os.listdir('/home') is not None"),
    "temporary files": (("PrivateTmp=no",), "os.path.exists('/tmp/somebody-s')"),
    "devices": (
        ("DevicePolicy=auto", "DeviceAllow="),
        "may_open('/dev/anything')",
    ),
    "capabilities": (("CapabilityBoundingSet=~",), "'CapBnd:\t0000000000000000' not in status"),
    "namespaces": (("RestrictNamespaces=no",), "libc.unshare(0x10000000) == 0"),
    "foreign networks": (
        ("IPAddressDeny=",),
        "socket.socket(type=socket.SOCK_DGRAM).sendto(b'!', ('203.0.113.1', 9)) == 1",
    ),
    "code in memory": (
        ("MemoryDenyWriteExecute=no",),
        "mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC) is not None",
    ),
    "user": (("User=root",), "os.getuid() == 0"),
    "files for others": (("UMask=0022",), "os.umask(0) == 0o022"),
}
TELL = """
import ctypes, errno, json, mmap, os, socket
status = open("/proc/self/status").read()
libc = ctypes.CDLL(None, use_errno=True)

def may_open(node):
    try:
        return os.open(node, os.O_RDONLY | os.O_NONBLOCK) > 0
    except OSError as err:
        return err.errno != errno.EPERM

said = {}
for what, line in LINES.items():
    try:
        said[what] = eval(line)
    except OSError as err:
        said[what] = errno.errorcode[err.errno]
print(json.dumps(said))
"""

# --- what a unit is given -------------------------------------------------------------------------

STATE = """
import os
own = os.environ["STATE_DIRECTORY"]
open(own + "/written", "w").close()
print(os.getcwd(), own, oct(os.stat(own).st_mode))
print([d for d in ("/", "/etc", "/var/lib/motcua", "/opt/motcua") if os.access(d, os.W_OK)])
"""
GIVEN = """
import grp, json, os
from pathlib import Path
folder = Path(os.environ["CREDENTIALS_DIRECTORY"])
print(json.dumps({
    "environment": dict(os.environ),
    "groups": [grp.getgrgid(number).gr_name for number in os.getgroups()],
    "secrets": {file.name: file.read_text().strip() for file in folder.iterdir()},
    "others' secrets": os.path.exists("/etc/motcua/credentials/controller"),
}))
"""


def probes() -> Iterator[tuple[str, Probe]]:
    for name, (how, lines) in product(WITH_DEVICES, CHANGES.items()):
        yield f"{name} {how}", Probe(unit(name), opening(name), lines)
    for name, (how, lines) in product(WITH_PINS, CHANGES.items()):
        yield f"pins of {name} {how}", Probe(unit(name), PINS, lines)
    yield "by name", Probe(unit("motcua-bridge@"), opening("motcua-bridge@"), BY_NAME)
    lines = {what: line for what, (_, line) in FORBIDDEN.items()}
    yield "forbidden", Probe(PRINTER, TELL.replace("LINES", repr(lines)))
    for what, (lifted, line) in FORBIDDEN.items():
        yield f"{what} lifted", Probe(PRINTER, TELL.replace("LINES", repr({what: line})), lifted)
    outer = {"foreign networks": lines["foreign networks"]}
    yield "a web service", Probe("motcua-onestop", TELL.replace("LINES", repr(outer)))
    for name in TABLE.units:
        yield f"{name} given", Probe(unit(name), GIVEN)
    yield "state", Probe(PRINTER, STATE)
    absent = ("LoadCredential=kiosk-pin:/etc/motcua/credentials/absent",)
    yield "kiosk without a number", Probe(KIOSK, GIVEN, absent)


@pytest.fixture(scope="module")
def machine() -> Iterator[Machine]:
    with booted() as machine:
        install(machine)
        make_nodes(machine)
        machine.write("/etc/motcua/credentials/kiosk-pin", "4821\n")
        machine.write("/tmp/somebody-s", "")
        yield machine


def make_nodes(machine: Machine) -> None:
    """Nodes as udev makes them, on a kernel whose only driver so far is that of GPIO chips.

    Behind most of them is no driver here: whether one may be opened is judged before that.
    """
    taken = re.findall(
        r"^ *(\d+) ", Path("/proc/devices").read_text(encoding="ascii"), re.MULTILINE
    )
    gpio = next(number for number in range(234, 255) if str(number) not in taken)
    drivers = f"Character devices:\n  1 mem\n{gpio:3} gpiochip\n\nBlock devices:\n"
    machine.write("/run/devices", drivers)
    machine.run("mount", "--bind", "/run/devices", "/proc/devices")
    for each in TABLE.classes.values():
        number = each.allow.removeprefix("char-").replace("gpiochip", str(gpio))
        machine.run("mkdir", "-p", each.node.rpartition("/")[0])
        machine.run("mknod", "-m", "660", each.node, "c", number, str(each.minor))
        machine.run("chgrp", each.group, each.node)
    machine.run("mknod", "-m", "666", "/dev/anything", "c", str(gpio + 1), "0")
    register(machine, f"{gpio}:0")
    machine.run(PYTHON, "-c", AT_HAND)


# An address of the outer world, on this machine: what is sent to it arrives, if it may.
AT_HAND = """
import fcntl, socket, struct
address = struct.pack("16sHH4s8x", b"lo:9", socket.AF_INET, 0, socket.inet_aton("203.0.113.1"))
fcntl.ioctl(socket.socket(type=socket.SOCK_DGRAM), 0x8916, address)
"""


def register(machine: Machine, number: str) -> None:
    """Have sysfs say that the number is a GPIO chip's: libgpiod opens no other."""
    for folder in ("/sys/bus", "/sys/dev/char"):
        machine.run("mount", "-t", "tmpfs", "tmpfs", folder)
    machine.run("mkdir", "-p", "/sys/bus/gpio", f"/sys/dev/char/{number}")
    machine.run("ln", "-s", "/sys/bus/gpio", f"/sys/dev/char/{number}/subsystem")


@pytest.fixture(scope="module")
def said(machine: Machine) -> dict[str, str]:
    return machine.probe(dict(probes()))


@pytest.mark.parametrize("name", WITH_DEVICES)
def test_every_device_of_a_unit_s_drivers_may_be_opened(said: dict[str, str], name: str) -> None:
    opened = json.loads(said[f"{name} as shipped"])

    assert len(opened) == len(TABLE.opened(name))
    assert {node: what for node, what in opened.items() if what not in THROUGH} == {}


@pytest.mark.parametrize("name", WITH_DEVICES)
def test_without_its_device_rules_a_unit_is_refused_each(said: dict[str, str], name: str) -> None:
    assert set(json.loads(said[f"{name} without device rules"]).values()) == {"EPERM"}


@pytest.mark.parametrize("name", WITH_DEVICES)
def test_without_its_groups_a_unit_is_refused_each(said: dict[str, str], name: str) -> None:
    assert set(json.loads(said[f"{name} without groups"]).values()) == {"EACCES"}


@pytest.mark.parametrize("name", WITH_PINS)
def test_gpiod_reaches_the_kernel_where_it_may_alone(said: dict[str, str], name: str) -> None:
    assert said[f"pins of {name} as shipped"] == "NoChip"
    assert said[f"pins of {name} without device rules"] == "NoPermission"
    assert said[f"pins of {name} without groups"] == "NoPermission"


def test_a_class_by_its_name_is_refused_while_its_driver_is_not_loaded(
    said: dict[str, str],
) -> None:
    opened = json.loads(said["by name"])

    assert opened["/dev/ttyUSB0"] == "EPERM"
    assert opened["/dev/gpiochip0"] in THROUGH


@pytest.mark.parametrize("what", FORBIDDEN)
def test_a_restriction_bites_and_is_the_one_that_does(said: dict[str, str], what: str) -> None:
    assert json.loads(said["forbidden"])[what] is not True
    assert json.loads(said[f"{what} lifted"])[what] is True


def test_the_gateway_reaches_a_web_service_outside_the_hall(said: dict[str, str]) -> None:
    assert json.loads(said["a web service"]) == {"foreign networks": True}


def test_a_role_writes_into_its_own_state_folder_and_nowhere_else(said: dict[str, str]) -> None:
    assert said["state"].splitlines() == ["/ /var/lib/motcua/printer-1 0o40700", "[]"]


def test_a_role_reads_its_own_password_and_nobody_else_s(
    said: dict[str, str], machine: Machine
) -> None:
    words = {
        name: machine.path(f"/etc/motcua/credentials/{name}").read_text(encoding="utf-8").strip()
        for name in ("printer-1", "bridge-1", "board", "voice", "display", "onestop")
    }

    for name, word in words.items():
        (own,) = (found for found in TABLE.units if unit(found).endswith((f"@{name}", f"-{name}")))
        given = json.loads(said[f"{own} given"])
        named = asked(TABLE, own).credentials
        assert {k: v for k, v in given["secrets"].items() if k not in named} == {
            "mqtt-password": word
        }
        assert given["others' secrets"] is False


def test_the_gateway_is_handed_both_its_names_and_starts_without_a_key(
    said: dict[str, str], machine: Machine
) -> None:
    beside = machine.path("/etc/motcua/credentials/gateway").read_text(encoding="utf-8").strip()

    secrets = json.loads(said["motcua-onestop given"])["secrets"]

    assert secrets["mqtt-password-gateway"] == beside
    assert secrets["onestop-api"] == "none"


def test_a_kiosk_is_handed_the_technician_s_number(said: dict[str, str]) -> None:
    assert json.loads(said["motcua-kiosk@ given"])["secrets"]["kiosk-pin"] == "4821"


def test_a_kiosk_without_a_technician_s_number_starts_all_the_same(said: dict[str, str]) -> None:
    assert json.loads(said["kiosk without a number"])["secrets"]["kiosk-pin"] == "none"


@pytest.mark.parametrize("name", TABLE.units)
def test_a_unit_has_the_environment_and_the_groups_of_the_table(
    said: dict[str, str], name: str
) -> None:
    wanted, instance = asked(TABLE, name), unit(name).partition("@")[2]

    given = json.loads(said[f"{name} given"])

    for key, value in (word.split("=", 1) for word in wanted.environment):
        assert given["environment"][key] == value.replace("%t", "/run").replace("%i", instance)
    assert wanted.groups <= set(given["groups"])
