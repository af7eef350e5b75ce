"""The package on a card with Debian alone: made there, installed, updated, sent back, removed.

On a machine of its own: this hall comes from the package, not from a source tree.
"""

from collections.abc import Iterator

import pytest
from emulated import image, manual, units
from emulated.computer import Computer, Start, free_port
from emulated.guest import Guest
from emulated.hall import Hall
from emulated.installation import YAML
from emulated.network import BROKER_PORT, PAGE_PORT, Network
from emulated.waiting import until

# All that a hall's morning needs; more units would only make each trial longer.
UNITS = ("motcua-controller", "motcua-display", "motcua-printer@printer-1")
OUT = "/srv/out"
JUDGE = "/etc/systemd/system/update-motcua.service.d/test.conf"
# A broken version need not be looked at for ten minutes, and a slow machine is no fault.
PATIENCE = "400 10"
REPACK = r"""
cd /srv/model
sed -i "s/^Version: .*/Version: $1/" DEBIAN/control
cd usr/lib/motcua/package
echo "$1" >version
for file in systemd/*.service; do sed -i '/^# of /d' $file; echo "# of $1" >>$file; done
eval "$2"
cd /srv
dpkg-deb --root-owner-group -Znone -b model $1.deb
"""
# Root checks the new version; what the unit's own user may not do is found out by its trial.
BREAK = (
    "rm -f hall/controller/__pycache__/__main__.*; "
    r'sed -i "/^import sys/s/^/import os\nassert os.geteuid() == 0\n/" hall/controller/__main__.py'
)


@pytest.fixture(scope="module")
def box(suite: image.Suite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guest]:
    """Nothing of motcua is on its card; the tree and its libraries lie on a USB stick."""
    run = tmp_path_factory.mktemp("package")
    ports = {PAGE_PORT: free_port(), BROKER_PORT: free_port()}
    parts = image.parts(image.base(suite, manual.packages()), run)
    hall = Hall(Computer(parts, run, ports), Network("demo", ports, run))
    try:
        hall.start(Start())
        hall.guest.ask("rm -rf /opt/motcua /usr/local/bin/motcua", 300)
        hall.guest.write("/srv/repack", REPACK.encode())
        yield hall.guest
    finally:
        hall.close()


def running(box: Guest) -> str:
    """The version that the units belong to."""
    until(lambda: units.are_running(box, UNITS), 600, "not all units run")
    version = box.ask("cat /opt/motcua/version")
    unit = "/usr/lib/systemd/system/motcua-display.service"
    assert box.ask(f"tail -1 {unit}") == f"# of {version}"
    return version


def number(box: Guest) -> str:
    """The next ticket, asked for as a technician would."""
    command = f"motcua issue ho-tich -c {YAML} --state /etc/motcua"
    return str(until(lambda: box.run(command, 120), 300, "no number").text).split()[0]


def test_it_is_made_on_the_machine_itself_by_the_same_command(box: Guest) -> None:
    box.ask("mkdir -p /srv/source && until [ -e /dev/disk/by-label/usb ]; do sleep 1; done", 120)
    box.ask("mount -o ro /dev/disk/by-label/usb /mnt && tar -xf /mnt/motcua.tar -C /srv/source")
    build = f"/srv/source/motcua/systemd/deb/build --out {OUT} --version 1.0"
    made = box.ask(f"SOURCE_DATE_EPOCH=1767225600 COMPRESSION=none {build}", 1500)

    assert made == f"{OUT}/motcua_1.0_arm64.deb"
    box.ask(f"dpkg-deb -R {made} /srv/model", 300)
    box.ask("sh -e /srv/repack 1.0 :; sh -e /srv/repack 1.1 :", 600)
    box.ask(f"sh -e /srv/repack 1.2 '{BREAK}'", 600)
    assert "assert os.geteuid" in box.ask(
        "cat /srv/model/usr/lib/motcua/package/hall/controller/__main__.py"
    )


def test_installed_it_opens_a_hall(box: Guest) -> None:
    box.ask("dpkg -i /srv/1.0.deb", 600)
    assert "motcua" not in box.ask("systemctl list-units --plain --no-legend 'motcua*'")

    demo = (image.ROOT / "config" / "demo.yaml").read_text(encoding="utf-8")
    lines = ["broker: {url: 'mqtt://127.0.0.1:1883'}" if line.startswith("broker:") else line
             for line in demo.splitlines()
             if not line.lstrip().startswith(("logo:", "photographs:"))]  # fmt: skip
    box.write(YAML, "\n".join(lines).encode())
    box.ask(f"motcua broker-config -c {YAML} --write / && systemctl restart mosquitto", 300)
    box.ask(f"systemctl enable --now motcua.target {' '.join(UNITS)}", 300)
    box.ask(
        f"mkdir -p {JUDGE.rpartition('/')[0]} && sed -n 's/^ExecStart=\\(.*\\) 600 30$/"
        f"[Service]\\nExecStart=\\nExecStart=\\1 {PATIENCE}/p' "
        f"/usr/lib/systemd/system/update-motcua.service >{JUDGE} && grep -q '{PATIENCE}' {JUDGE} "
        "&& systemctl daemon-reload"
    )

    assert running(box) == "1.0"
    assert number(box) == "A001"


def test_an_update_is_tried_and_kept_and_the_queue_goes_on(box: Guest) -> None:
    said = box.ask("motcua update /srv/1.1.deb", 1700)

    assert "phiên bản 1.1 đã chạy tốt và được giữ." in said
    assert running(box) == "1.1"
    assert number(box) == "A002"
    assert box.ask("ls /var/lib/motcua/controller/backups/before-update/*.db")


def test_a_version_whose_unit_dies_goes_back_by_itself(box: Guest) -> None:
    ended = box.run("motcua update /srv/1.2.deb", 1700)

    assert (ended.status, "dịch vụ không sẵn sàng: motcua-controller" in ended.text) == (1, True)
    assert running(box) == "1.1"
    assert number(box) == "A003"
    doctor = box.run(f"motcua doctor -c {YAML} --state /etc/motcua", 300)
    assert "phiên bản 1.2 không đạt, đã về bản trước" in doctor.text


def test_a_person_s_word_takes_it_back_to_the_version_before(box: Guest) -> None:
    box.ask("motcua update rollback", 600)

    assert running(box) == "1.0"
    assert number(box) == "A004"


def test_removed_it_stops_and_keeps_what_is_the_hall_s(box: Guest) -> None:
    box.ask("dpkg --remove motcua", 600)

    active = "systemctl list-units --plain --no-legend --state=active 'motcua-*'"
    assert box.ask(active) == ""
    kept = box.ask("ls /var/lib/motcua/controller/journal.db /etc/motcua/hall.yaml")
    assert len(kept.splitlines()) == 2
    assert box.run("ls /opt/motcua /usr/lib/motcua").status != 0
