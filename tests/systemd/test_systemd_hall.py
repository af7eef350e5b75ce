"""A whole hall on the real systemd: every unit ready, every driver at work, each old fault fatal.

The far ends of the cables are the project's own simulators on pseudo-terminals. The screen is the
compositor's headless one, beside a real session: seatd, udev's netlink and libinput.
"""

import json
import os
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import pytest
from documented_commands import PLACE, HandWork, by_hand, one_a_verb
from documented_shell import in_the_hall
from installed_hall import GLASS, UNITS, YAML, Cables, cables, install
from own_machine import DEADLINE_S, ROOT, Machine, Probe, booted, why_not

from hall.runtime.last_good import UNUSABLE

pytestmark = [
    pytest.mark.broker,
    pytest.mark.skipif(why_not() is not None, reason=why_not() or ""),
    pytest.mark.timeout(900),
]
BOARD, KIOSK, WINDOW = GLASS
CONTROLLER = "motcua-controller"
CONFIG = "/etc/motcua/hall.yaml"
RIGHT = YAML.replace("FACE", "simulated")
MANUAL = (ROOT / "docs" / "technician.md").read_text(encoding="utf-8")
MANY = re.MULTILINE | re.DOTALL


@dataclass(frozen=True, slots=True)
class Hall:
    machine: Machine
    cables: Cables

    def motcua(self, *words: str) -> None:
        """A technician's command, until it is answered: a busy host takes longer than he waits."""
        command = ("motcua", *words, "-c", CONFIG, "--state", "/etc/motcua")
        until(lambda: self.machine.run(*command, check=False).returncode == 0, "no answer")

    def holds(self, unit: str, node: str) -> bool:
        """Whether a process of the unit has the device open."""
        look = 'for p in $(cat "/sys/fs/cgroup$1/cgroup.procs"); do readlink /proc/$p/fd/*; done'
        group = self.machine.show(unit, "ControlGroup")
        opened = self.machine.run("bash", "-c", look, "look", group, check=False).stdout.split()
        return self.machine.run("readlink", "-f", node).stdout.strip() in opened

    def lights_up(self, unit: str) -> bool:
        """Start it where no other holds the screen: whether it is ready and has its window.

        A role goes on without one and says so: its status names the screen.
        """
        self.machine.stop(*GLASS)
        started = self.machine.start(unit)
        return started and "màn hình" not in self.status(unit)

    def status(self, unit: str) -> str:
        return self.machine.show(unit, "StatusText")

    def hears(self, client: str) -> bool:
        """Whether a client says that it is there, be it with something to mend."""
        said = self.kept(f"dev/{client}/status")
        return '"state":"ready"' in said or '"state":"degraded"' in said

    @contextmanager
    def file(self, text: str) -> Iterator[None]:
        """With this configuration in place of the right one."""
        self.machine.write(CONFIG, text)
        try:
            yield
        finally:
            self.machine.write(CONFIG, RIGHT)

    def reload(self, *units: str) -> None:
        self.machine.run("systemctl", "reload", *units)

    def last_good(self, unit: str) -> str:
        """The file that it was last ready with."""
        command = f"cat /var/lib/{self.machine.show(unit, 'StateDirectory')}/last-good-*"
        return self.machine.run("bash", "-c", command).stdout

    def process(self, unit: str) -> str:
        """The main one: a unit that systemd starts again has another, and counts it."""
        return f"{self.machine.show(unit, 'MainPID')} {self.machine.show(unit, 'NRestarts')}"

    def serve_itself_alone(self) -> None:
        """The broker, without the hall's network."""
        self.machine.run("motcua", "broker-config", "-c", CONFIG, "--write", "/", "--local")
        self.machine.run("systemctl", "restart", "mosquitto")

    def kept(self, topic: str) -> str:
        """What the broker keeps there; "": nothing."""
        word = self.machine.run("cat", "/etc/motcua/credentials/tech").stdout.strip()
        hear = ("mosquitto_sub", "-V", "mqttv5", "-u", "tech", "-P", word, "--retained-only")
        where = ("-t", f"motcua/1/thu/{topic}", "-C", "1", "-W", "1")
        return self.machine.run(*hear, *where, check=False).stdout


@pytest.fixture(scope="module")
def hall() -> Iterator[Hall]:
    with booted() as machine:
        install(machine)
        # No consoles here to switch between, and no screen.
        machine.write_lines("seatd", "Environment=SEATD_VTBOUND=0")
        for unit in GLASS:
            headless = "Environment=WLR_BACKENDS=libinput,headless WLR_RENDERER=pixman"
            machine.write_lines(unit, headless, name="80-headless")
        machine.run("systemctl", "daemon-reload")
        machine.run("systemctl", "start", "mosquitto")
        with cables(machine) as ends:
            machine.start(*UNITS)
            yield Hall(machine, ends)


def until(true: Callable[[], bool], what: str) -> None:
    end = monotonic() + DEADLINE_S
    while not true():
        assert monotonic() < end, what
        threading.Event().wait(0.2)


@pytest.mark.parametrize("unit", UNITS)
def test_a_unit_of_the_installed_hall_is_ready(hall: Hall, unit: str) -> None:
    assert hall.machine.show(unit, "ActiveState") == "active", hall.machine.journal(unit)


def test_a_board_comes_to_the_glass_and_ends_well_when_it_is_told_to(hall: Hall) -> None:
    assert hall.lights_up(BOARD), hall.machine.journal(BOARD)

    hall.machine.run("systemctl", "stop", BOARD)

    assert hall.machine.show(BOARD, "ActiveState") == "inactive"


@pytest.mark.parametrize(
    ("name", "line"), [("printer-1", "usb"), ("printer-2", "serial"), ("printer-3", "network")]
)
def test_paper_comes_out_of_a_printer(hall: Hall, name: str, line: str) -> None:
    hall.motcua("test-print", name)

    hall.cables.until(lambda told: any(each.get("printer") == line for each in told))


def test_a_call_is_shown_on_the_bus_and_spoken(hall: Hall) -> None:
    hall.motcua("issue", "ho-tich")
    hall.motcua("call", "1")

    hall.cables.until(lambda told: {"unit": 1, "shows": "A001"} in told)
    until(lambda: spoken(hall) > 0, "nothing was played")


def spoken(hall: Hall) -> int:
    place = hall.machine.path("/var/lib/motcua/voice/said.raw")
    return place.stat().st_size if place.exists() else 0


def test_the_kiosk_comes_to_the_glass_and_has_its_scanner(hall: Hall) -> None:
    assert hall.lights_up(KIOSK), hall.machine.journal(KIOSK)

    until(lambda: hall.holds(KIOSK, "/dev/ttyACM0"), "the scanner's port is not open")


def test_counter_displays_come_to_the_glass(hall: Hall) -> None:
    with hall.file(YAML.replace("FACE", "window")):
        assert hall.lights_up(WINDOW), hall.machine.journal(WINDOW)
        assert hall.machine.show("motcua-display", "ActiveState") == "inactive"
    hall.machine.stop(WINDOW)
    hall.machine.start("motcua-display")


def test_a_board_s_program_has_longer_than_its_compositor(hall: Hall) -> None:
    hall.machine.run("systemctl", "log-level", "debug")
    try:
        assert hall.lights_up(BOARD), hall.machine.journal(BOARD)
    finally:
        hall.machine.run("systemctl", "log-level", "info")

    said = hall.machine.journal(BOARD)
    assert re.search(r"Got notification message .*EXTEND_TIMEOUT_USEC=120000000", said)


def test_a_board_with_a_wrong_yaml_and_none_before_names_the_mistake(hall: Hall) -> None:
    hall.machine.stop(BOARD)
    hall.machine.run("bash", "-c", "rm -f /var/lib/motcua/board/last-good-*")
    with hall.file("version: 9\n"):
        assert not hall.lights_up(BOARD)
        assert "hall.yaml:1:1: version: tệp của một bản motcua mới hơn" in hall.machine.journal(
            BOARD
        )


# Without a compositor, and within one.
RELOADED = (CONTROLLER, BOARD)


@pytest.fixture
def lit(hall: Hall) -> Hall:
    """With a board at the glass."""
    hall.machine.stop(KIOSK, WINDOW)
    hall.machine.start(BOARD)
    return hall


def test_a_wrong_yaml_is_told_by_every_unit_and_stops_none(lit: Hall) -> None:
    units = (*UNITS, BOARD)
    before = [lit.process(unit) for unit in units]
    with lit.file("version: 9\n"):
        lit.reload("motcua-*")

        until(lambda: all("chạy tiếp với bản đang có" in lit.status(u) for u in units), "untold")
        until(lambda: "hall.yaml:1:1" in lit.kept("dev/controller/alert/config_wrong"), "no alert")
    until(lambda: all(UNUSABLE not in lit.status(u) for u in units), "still told")

    assert [lit.process(unit) for unit in units] == before


def test_another_yaml_is_in_force_in_the_same_process(lit: Hall) -> None:
    before = [lit.process(unit) for unit in RELOADED]
    lit.machine.run("systemctl", "log-level", "debug")
    with lit.file(RIGHT.replace("Hộ tịch", "Khai sinh")):
        lit.reload(*RELOADED)
        until(lambda: all("Khai sinh" in lit.last_good(unit) for unit in RELOADED), "not ready")
        until(lambda: "Khai sinh" in lit.kept("state/service/ho-tich"), "not in force")
    lit.machine.run("systemctl", "log-level", "info")
    lit.reload(*RELOADED)
    until(lambda: all("Hộ tịch" in lit.last_good(unit) for unit in RELOADED), "not taken back")
    until(lambda: all(lit.machine.show(u, "WatchdogUSec") == "20s" for u in RELOADED), "no watch")

    assert [lit.process(unit) for unit in RELOADED] == before
    longer_then_as_before = "watchdog_override_usec=120000000\n.*watchdog_override_usec=20000000\n"
    for unit in RELOADED:
        assert re.search(longer_then_as_before, lit.machine.journal(unit), MANY)


def test_a_broken_yaml_is_started_from_the_last_good_one(lit: Hall) -> None:
    with lit.file("version: [1"):
        lit.machine.run("systemctl", "restart", *RELOADED)

        for unit in RELOADED:
            assert f"{UNUSABLE}, đang chạy với bản tốt gần nhất" in lit.status(unit)
        until(lambda: "Hộ tịch" in lit.kept("state/service/ho-tich"), "not in force")
        before = [lit.process(unit) for unit in RELOADED]
    until(lambda: all(UNUSABLE not in lit.status(unit) for unit in RELOADED), "still told")

    assert [lit.process(unit) for unit in RELOADED] == before


def test_the_doctor_knows_units_and_passwords_of_the_installed_hall(hall: Hall) -> None:
    place = ("-c", "/etc/motcua/hall.yaml", "--state", "/etc/motcua")
    hall.machine.stop("motcua-voice")
    try:
        told = hall.machine.run("motcua", "doctor", *place, "--json", check=False)
    finally:
        hall.machine.start("motcua-voice")

    found = {each["name"]: each for each in json.loads(told.stdout)["findings"]}
    assert (found["mật khẩu"]["well"], found["mosquitto"]["well"]) == (True, True)
    running = {name for name in UNITS if found.get(name, {}).get("state") == "đang chạy"}
    assert running == {*UNITS} - {"motcua-voice"}
    assert all(found[name]["since"] for name in running)
    assert "sudo systemctl start motcua-voice" in found["voice"]["advice"]


def of_the_network() -> str:
    """The manual's commands for a hall of several machines, by a name that this one has."""
    found = re.search(r"^```sh\n(sudo motcua broker-config .* --listen\n.*?)^```", MANUAL, MANY)
    assert found, "docs/technician.md, 2.4: no commands for the network"
    return found[1].replace("broker.hall", "localhost")


def test_the_hall_s_network_is_served_as_the_manual_says_and_its_loss_stops_nobody(
    hall: Hall,
) -> None:
    hall.machine.run("bash", "-c", f'set -eu\nsudo() {{ "$@"; }}\n{of_the_network()}')
    word = hall.machine.run("cat", "/etc/motcua/credentials/tech").stdout.strip()
    topic = "motcua/1/thu/req/queue/ping/tech"
    asks = ("mosquitto_pub", "-h", "localhost", "-p", "8883", "-V", "mqttv5", "-q", "1")
    asks += ("--cafile", "/etc/motcua/ca.crt", "-u", "tech", "-P", word, "-t", topic, "-m", "{}")
    until(lambda: hall.machine.run(*asks, check=False).returncode == 0, "no TLS")
    try:
        serves_the_network_as_its_own_user(hall, asks)
        hall.machine.run("chmod", "600", "/etc/mosquitto/certs/broker.key")
        hall.machine.run("systemctl", "restart", "mosquitto")
        hall.motcua("state")

        assert hall.machine.run(*asks, check=False).returncode != 0
        assert "không đọc được tệp /etc/mosquitto/certs/broker.key" in hall.machine.journal(
            "mosquitto"
        )
    finally:
        hall.machine.run("chmod", "640", "/etc/mosquitto/certs/broker.key")
        hall.serve_itself_alone()


def serves_the_network_as_its_own_user(hall: Hall, asks: tuple[str, ...]) -> None:
    """As Debian's unit of mosquitto 2.1 starts it; an older one's steps are root's."""
    drop_in = (ROOT / "systemd/mosquitto.service.d/motcua.conf").read_text(encoding="utf-8")
    ours = re.findall(r"^ExecStartPre=.*$", drop_in, re.MULTILINE)
    with hall.machine.changed("mosquitto", "User=mosquitto", "ExecStartPre=", *ours):
        hall.machine.write("/run/motcua-broker/lan.conf", "# Not judged yet\n")
        hall.machine.run("systemctl", "restart", "mosquitto")
        until(lambda: hall.machine.run(*asks, check=False).returncode == 0, "no TLS")


def typed(hall: Hall, work: HandWork) -> str:
    """What is wrong with it; "": nothing. A busy host may answer later than is waited for."""
    user = () if work.as_root else ("setpriv", "--reuid=65534", "--regid=65534", "--groups=4")
    shell = f'sudo() {{ "$@"; }}; cd {PLACE}; {work.command}'
    for _ in range(3):
        done = hall.machine.run(*user, "env", f"HOME={PLACE}", "bash", "-c", shell, check=False)
        if done.returncode in work.status:
            return ""
    return f"{work.command}: {done.returncode}: {done.stdout[-200:]}{done.stderr[-300:]}"


def test_the_commands_of_the_documents_run_as_they_are_written(hall: Hall) -> None:
    """Each with --faults full, else one of each verb: a Python takes a second to start."""
    laid = f"mkdir -p {PLACE} && cp {CONFIG} {PLACE}/hall.yaml && chmod -R a+rwX {PLACE}"
    hall.machine.run("bash", "-c", laid)
    try:
        work = [*(by_hand() if os.environ.get("MOTCUA_FAULTS") == "full" else one_a_verb())]
        assert {each.as_root for each in work} == {True, False}
        assert [wrong for each in work if (wrong := typed(hall, each))] == []
    finally:
        hall.serve_itself_alone()


@pytest.mark.usefixtures("lit")
def test_what_the_documents_do_with_units_is_done_as_it_is_written(hall: Hall) -> None:
    """With sudo as root, without as somebody who may read the log.

    The board is up before: systemd refuses to reload a unit that is still starting.
    That machine has no D-Bus, by which others than root ask systemd.
    """
    hall.machine.run("mkdir", "-p", PLACE)
    try:
        lines = [*in_the_hall()]
        work = [HandWork("", line, not line.startswith("journalctl ")) for line in lines]
        assert {each.as_root for each in work} == {True, False}
        assert [wrong for each in work if (wrong := typed(hall, each))] == []
    finally:
        hall.machine.run("systemctl", "reset-failed", check=False)
        assert hall.machine.start(*UNITS)


def test_the_second_place_is_filled_by_its_unit_and_the_queue_is_had_back_from_it(
    hall: Hall,
) -> None:
    """The manual's 2.6, on a memory stick of memory: as root and as the service's user."""
    run, stick = hall.machine.run, "/media/motcua"
    strays = "find /var/lib/motcua/controller ! -user motcua-controller -o -perm /077"
    run("bash", "-c", "cp /opt/motcua/systemd/backup/backup-motcua.* /etc/systemd/system/")
    run("mkdir", "-p", stick)
    run("mount", "-t", "tmpfs", "-o", "uid=motcua-controller,mode=700", "tmpfs", stick)
    try:
        with hall.file(f"{RIGHT}backup: {{to: {stick}}}\n"):
            run("systemctl", "daemon-reload")
            hall.motcua("issue", "ho-tich")
            run("motcua", "backup", "-c", CONFIG)
            run("systemctl", "start", "backup-motcua.service")
            kept = run("bash", "-c", f"ls {stick}/journal-*.db").stdout.split()
            assert kept, hall.machine.journal("backup-motcua")
            assert run("cat", f"{stick}/hall.yaml").stdout.endswith(f"{stick}}}\n")
            run("motcua", "copy-backup", "-c", CONFIG)

            for user in ((), ("runuser", "-u", CONTROLLER, "--")):
                hall.machine.stop(CONTROLLER)
                run(*user, "motcua", "restore", "-c", CONFIG, kept[-1])
                assert run("bash", "-c", strays).stdout == ""
                assert hall.machine.start(CONTROLLER)
                hall.motcua("issue", "ho-tich")
        assert run("bash", "-c", strays).stdout == ""
    finally:
        run("umount", stick)


def without(library: str) -> str:
    places = Path("/usr/lib").glob(f"*-linux-gnu/{library}")
    return f"InaccessiblePaths={' '.join(map(str, places))}"


# What a screen's unit lacked once, each put back.
OLD_FAULTS = {
    "no netlink": (
        "RestrictAddressFamilies=",
        "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6",
    ),
    "no mincore": ("SystemCallFilter=~mincore",),
    "no input device": ("UnsetEnvironment=WLR_LIBINPUT_NO_DEVICES",),
    "no libwayland-egl1": (without("libwayland-egl.so.1"),),
    "no seat": ("SupplementaryGroups=",),
    "no code in memory": ("MemoryDenyWriteExecute=yes",),
}


@pytest.mark.parametrize("fault", OLD_FAULTS)
def test_an_old_fault_keeps_a_screen_dark(hall: Hall, fault: str) -> None:
    with hall.machine.changed(BOARD, *OLD_FAULTS[fault], "Restart=no"):
        assert not hall.lights_up(BOARD)


MIXER = """
from array import array
from display.voice.players.mixer import MixerPlayer
from display.voice.sound import RATE, Sound
player = MixerPlayer()
player.play(Sound(array("h", [0] * RATE * 60)), "")
print(player.playing())
"""
ALOUD = """
import subprocess
spoken = subprocess.run(["espeak-ng", "-v", "vi", "--stdout", "xin mời"], capture_output=True)
played = subprocess.run(["aplay", "-q", "-D", "null", "-"], input=spoken.stdout)
print(len(spoken.stdout) > 1000, played.returncode)
"""


def test_sound_is_played_in_the_units_that_speak(hall: Hall) -> None:
    # ALSA's own device that swallows everything: there is no card.
    null = ("Environment=SDL_AUDIODRIVER=alsa AUDIODEV=null",)

    said = hall.machine.probe(
        {
            "mixer": Probe("motcua-voice", MIXER, null),
            "aloud": Probe(KIOSK, ALOUD),
        }
    )

    assert said == {"mixer": "True", "aloud": "True 0"}


GROUPED = {
    "motcua-devices": ("printer-1", "printer-2", "printer-3", "bridge-1", "display", "voice"),
    "motcua-desk": ("counters", "onestop"),
}


def test_grouped_units_take_the_place_of_their_roles_and_give_it_back(hall: Hall) -> None:
    """By the steps that the command prints; the kiosk's and the controller's units stay."""
    machine = hall.machine
    told = machine.run("motcua", "grouped-units", "-c", CONFIG, "--write", "/").stdout
    steps = told.split("Bước tiếp: ")[1]
    machine.run("bash", "-c", f'set -eu; sudo() {{ "$@"; }}; {steps}')
    try:
        for unit, clients in GROUPED.items():
            until(lambda u=unit: is_up(hall, u), machine.journal(unit))
            until(lambda cs=clients: all(map(hall.hears, cs)), f"{unit}: not all are there")
            owner = f"/proc/{machine.show(unit, 'MainPID')}"
            assert machine.run("stat", "-c", "%U", owner).stdout.strip() == unit
        alone = (unit for unit in UNITS if unit != CONTROLLER)
        assert {machine.show(unit, "ActiveState") for unit in alone} == {"inactive"}
        hall.motcua("test-print", "printer-1")
        desk = hall.process("motcua-desk")

        machine.run("systemctl", "kill", "-s", "KILL", "motcua-devices")
        until(lambda: machine.show("motcua-devices", "NRestarts") == "1", "not started again")
        until(lambda: all(map(hall.hears, GROUPED["motcua-devices"])), "not back")
        hall.motcua("test-print", "printer-1")
        before = hall.process("motcua-devices")

        with hall.file(RIGHT.replace("Hộ tịch", "Khai sinh")):
            hall.reload(*GROUPED)
            until(lambda: all("Khai sinh" in hall.last_good(u) for u in GROUPED), "not reloaded")
        hall.reload(*GROUPED)
        until(lambda: all("Hộ tịch" in hall.last_good(u) for u in GROUPED), "not taken back")
        assert [hall.process(unit) for unit in GROUPED] == [before, desk]
    finally:
        machine.stop(*GROUPED)
        ended = {machine.show(unit, "Result") for unit in GROUPED}
        machine.run("systemctl", "disable", *GROUPED)
        # The doctor asks the unit that runs a role: a group that is on, else its own.
        machine.run("rm", *(f"/etc/systemd/system/{unit}.service" for unit in GROUPED))
        machine.run("systemctl", "daemon-reload")
    assert ended == {"success"}
    assert machine.start(*UNITS)


def is_up(hall: Hall, unit: str) -> bool:
    return hall.machine.show(unit, "ActiveState") == "active"
