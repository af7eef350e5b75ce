"""The shell lines of the documents that are no command of `motcua`: in blocks, and in running text.

Each is typed by a test, or stands in the one table of those that cannot be, with the reason.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from documented_commands import BLOCK, DOCUMENTS, LINE, ROOT

# In running text a command is what begins with one of these and says more than its name.
_TYPED = (
    *("sudo", "systemctl", "journalctl", "apt-get", "dpkg", "aplay", "ls", "python"),
    *("mosquitto_pub", "mosquitto_sub", "mosquitto_rr"),
)
_INLINE = re.compile(rf"`((?:{'|'.join(_TYPED)}) [^`]+)`")
_CONTINUED = re.compile(r"\\\n\s*")


@dataclass(frozen=True, slots=True)
class ShellLine:
    document: str
    line: str


def shell_lines() -> Iterator[ShellLine]:
    """In the order of the documents, each once a document."""
    for document in DOCUMENTS:
        text = document.read_text(encoding="utf-8")
        blocks = [block[3] for block in BLOCK.finditer(text) if block[2] == "sh"]
        typed = [line for block in blocks for line in _CONTINUED.sub("", block).splitlines()]
        typed += _INLINE.findall(BLOCK.sub("", text))
        name = str(document.relative_to(ROOT))
        lines = (each.partition(" #")[0].strip() for each in typed)
        kept = (each for each in lines if each and not each.startswith("#"))
        yield from (ShellLine(name, each) for each in dict.fromkeys(kept) if not LINE.match(each))


@dataclass(frozen=True, slots=True)
class NotTyped:
    """Lines of a document by their beginning. `why`: what runs them instead, or what is lacking."""

    document: str
    begins: str
    why: str


_EMULATED = "typed as written in the emulated hall: tests/machine/emulated/installation.py"
_INSTALLED = "typed as written in the installed hall: tests/kit/installed_hall.py"
_PACKAGED = "needs a Debian of its own with its package manager: tests/install/packaged-debian"
_PROVINCE = "needs a Debian of its own with PostgreSQL: tests/install/province-debian"
_STANDBY = (
    "needs two Debians; the same programs on folders: tests/province/test_province_standby.py"
)
_NO_MOUNT = "needs a card with a second partition; that hall has no disk"
_NO_NETWORK = "fetches from outside, which no test does; what it fetches: tests/install/bare-debian"
_STARTS = "every benchmark is started by tests/house/test_house_imports.py"
_NO_COMMAND = "a name in running text, and no command to be typed"
NOT_TYPED = (
    NotTyped(
        "docs/bus.md", "python firmware_bridge/", "tests/firmware_bridge/test_bridge_peers.py"
    ),
    NotTyped("docs/counter.md", "python bench/", _STARTS),
    NotTyped("docs/display.md", "python bench/", _STARTS),
    NotTyped("docs/display.md", "aplay -l", "tells of sound cards, and that machine has none"),
    NotTyped("docs/kiosk.md", "python bench/", _STARTS),
    NotTyped("docs/kiosk.md", "python -m kiosk", "every unit of the hall with glass runs it so"),
    NotTyped("docs/printing.md", "python bench/", _STARTS),
    NotTyped("docs/printing.md", "systemctl disable --now cups", "there is no CUPS there"),
    NotTyped("docs/decisions.md", "systemctl enable", _NO_COMMAND),
    *(NotTyped("docs/package.md", each, _NO_NETWORK) for each in ("git clone", "sudo mmdebstrap")),
    *(
        NotTyped("docs/package.md", each, _PACKAGED)
        for each in (
            *("sudo apt-get", "apt-get install", "sudo dpkg", "dpkg", "sudo mount -o ro /dev"),
            *("sudo umount", "sudo mv /opt", "sudo rm -rf /etc", "sudo rm -f /etc"),
            *("sudo systemctl enable", "sudo systemctl stop motcua.target"),
        )
    ),
    NotTyped("docs/package.md", "systemd/deb/build", "tests/install/test_install_package.py"),
    NotTyped("docs/package.md", "sudo systemd/deb/image", "tests/install/test_install_image.py"),
    *(
        NotTyped("docs/package.md", each, _NO_MOUNT)
        for each in ("sudo mkdir -p /data", "sudo cp -a /var", "sudo mount -o remount")
    ),
    *(
        NotTyped("docs/package.md", each, "for a root that is read-only: that machine's is not")
        for each in ("sudo systemd-machine-id", "sudo ln -sf /run", "sudo alsactl")
    ),
    NotTyped("docs/package.md", "sudo systemctl mask apt-daily", "that machine has no such timer"),
    NotTyped("docs/package.md", "systemctl edit", _NO_COMMAND),
    *(NotTyped("docs/security.md", each, _NO_COMMAND) for each in ("dpkg -V", "apt-get purge")),
    NotTyped("docs/province.md", "sudo systemctl enable --now motcua-uplink", _PROVINCE),
    *(
        NotTyped("docs/province.md", each, _STANDBY)
        for each in (
            *("sudo -u postgres", "echo ", "sudo systemctl restart postgresql", "sudo pg_ctl"),
            *(
                "sudo systemctl stop motcua-province motcua-province-page mosquitto",
                "sudo systemctl disable",
                "sudo systemctl start postgresql",
                "sudo systemctl enable --now mosquitto",
            ),
        )
    ),
    *(
        NotTyped("docs/province.md", each, _PROVINCE)
        for each in ("sudo apt-get", "apt-get", "sudo systemctl", "sudo install -m 600")
    ),
    NotTyped("docs/province-page.md", "sudo -u postgres psql", _PROVINCE),
    *(
        NotTyped("docs/technician.md", each, _NO_NETWORK)
        for each in ("git clone", "sudo git clone", "sudo apt-get")
    ),
    *(
        NotTyped("docs/technician.md", each, _EMULATED)
        for each in (
            *("sudo /opt/motcua/motcua --help", "sudo ln -s", "tar -cf", "sudo mount -o ro"),
            *(
                "sudo tar -xf",
                "sudo umount",
                "sudo mkdir -p /etc/motcua",
                "sudo cp /opt/motcua/conf",
            ),
            "sudo systemctl enable --now motcua-",
        )
    ),
    NotTyped("docs/technician.md", "sudo nano", "an editor waits for somebody at the keys"),
    *(
        NotTyped("docs/technician.md", each, _INSTALLED)
        for each in ("cd /opt/motcua", "sudo cp systemd/", "sudo cp -r systemd/", "sudo install -D")
    ),
    *(
        NotTyped(
            "docs/technician.md", each, "a stick of memory: tests/systemd/test_systemd_hall.py"
        )
        for each in (
            *("sudo cp /opt/motcua/systemd/backup", "sudo mkdir -p /media", "echo 'LABEL=MOTCUA"),
            *("sudo systemctl daemon-reload && sudo systemctl enable", "sudo chown motcua-contr"),
        )
    ),
    NotTyped("docs/technician.md", "sudo systemctl start update-motcua", _PACKAGED),
    *(
        NotTyped("docs/technician.md", each, _NO_COMMAND)
        for each in ("ls -l", "sudo systemctl edit motcua-…")
    ),
)
# Without what they are to be done with they are no more than a name.
_BARE = re.compile(r"^(?:sudo )?(?:systemctl|journalctl) \w+$")


def why_not_typed(shell: ShellLine) -> str:
    """ "": it is to be typed by a test."""
    if _BARE.match(shell.line):
        return _NO_COMMAND
    rows = (row for row in NOT_TYPED if _is_row_of(row, shell))
    return next((row.why for row in rows), "")


def _is_row_of(row: NotTyped, shell: ShellLine) -> bool:
    return row.document == shell.document and shell.line.startswith(row.begins)


def unused_rows() -> list[NotTyped]:
    """Rows of lines that no document has any more."""
    lines = [*shell_lines()]
    return [row for row in NOT_TYPED if not any(_is_row_of(row, each) for each in lines)]


def in_the_hall() -> dict[str, None]:
    """What a technician types at a hall that runs, in the order of the documents, each once."""
    lines = [each for each in shell_lines() if not why_not_typed(each)]
    return dict.fromkeys(each.line for each in lines if each.document != VENDOR)


# Its lines are a block that builds upon itself: tests/onestop/test_onestop_shell.py.
VENDOR = "docs/onestop.md"
