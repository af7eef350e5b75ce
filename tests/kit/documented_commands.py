"""The commands of the documents that a person types: in blocks, and in running text with a file."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([ROOT / "README.md", ROOT / "SECURITY.md", *(ROOT / "docs").rglob("*.md")])
# Of any language: else the end of one in YAML would begin the next.
BLOCK = re.compile(r"^( *)```(\w*)\n(.*?)^\1```", re.MULTILINE | re.DOTALL)
# In running text it is one to be typed where sudo goes before it or a file or port is named.
INLINE = re.compile(r"`((?:sudo )?(?:\S*/)?motcua [^`]*)`")
TYPED = re.compile(r"^sudo | (?:-c|--state|--port) ")
LINE = re.compile(r"^\s*(?:sudo )?(?:\S*/)?motcua ([a-z].*)$")
# What the launcher does before there is a Python, and what tells of several commands at once.
NOT_OURS = re.compile(r"^(test|wheels)\b|…|\[|\|")


@dataclass(frozen=True)
class DocumentedCommand:
    """`words`: what follows `motcua`. `line`: all of it, as it is typed."""

    document: str
    words: str
    line: str = ""

    @property
    def argv(self) -> list[str]:
        """A placeholder, <số lớn nhất>, is a word like any other; where output goes is none."""
        words = re.sub(r"<[^>]*>", "1", self.words).partition(" > ")[0]
        return shlex.split(words, comments=True)


def documented() -> Iterator[DocumentedCommand]:
    for document in DOCUMENTS:
        text = document.read_text(encoding="utf-8")
        typed = (block[3] for block in BLOCK.finditer(text) if block[2] in ("", "sh"))
        lines = [line for block in typed for line in block.splitlines()]
        lines += [each for each in INLINE.findall(BLOCK.sub("", text)) if TYPED.search(each)]
        for line in lines:
            if (found := LINE.match(line)) and not NOT_OURS.search(found[1].partition(" #")[0]):
                yield DocumentedCommand(str(document.relative_to(ROOT)), found[1], line.strip())


# Not in the installed hall of tests/systemd: what runs it instead, or what is lacking there.
ELSEWHERE = {
    "demo": "runs until it is stopped: tests/hall/test_demo.py",
    "run": "runs until it is stopped, and every unit of that hall is one",
    **dict.fromkeys(
        ("bus scan", "bus watch", "bus set-address", "bus test"),
        "a bus has one owner, the bridge: tests/firmware_bridge, on lines of their own",
    ),
    "provision": "a printer has one owner, its daemon: tests/printer/test_printer_wiring.py",
    "update": "needs the Debian package: tests/install/test_install_package.py",
    "udev": "that machine has no udev: tests/cli/test_cli_udev.py",
    "grouped-units": "another way to start the hall: tests/systemd/test_systemd_groups.py",
    "onestop": "that hall takes no files: tests/onestop/test_onestop_watching.py",
    "onestop-check": "waits for a vendor: tests/onestop/test_onestop_check.py",
    "onestop-simulate": "runs until it is stopped: tests/onestop/test_onestop_vendor_clients.py",
    "province": "has no PostgreSQL there: tests/province/test_province_documented.py, and of what"
    " means the machine's own file tests/install/province-debian",
    "province-demo": "has no PostgreSQL there: tests/province/test_province_demo.py",
    "takeover": "asks for a spare: tests/controller/test_controller_twins.py",
    "restore": "the drill of a second place, tests/systemd/test_systemd_hall.py",
    "copy-backup": "the drill of a second place, tests/systemd/test_systemd_hall.py",
    "browsers --revoke": "needs a paired browser: tests/counter",
}
# Exit statuses beside 0, where the command says how the hall is and that hall lacks something.
_TELLS = {"doctor": (0, 1)}
_STOPPED = {"verify": "motcua-controller"}
# A folder that the manuals leave to the reader, and a month that the hall's journal is not of.
_FILLED = {
    "--state DIR": "--state /var/lib/motcua/controller",
    "--to 2026-11-30": "--to $(date -d tomorrow +%F)",
}
PLACE = "/tmp/by-hand"


@dataclass(frozen=True)
class HandWork:
    """One command for a shell in the installed hall. `status`: what it may end with."""

    verb: str
    command: str
    as_root: bool
    status: tuple[int, ...] = (0,)


def _is_of(words: str, argv: list[str]) -> bool:
    name, *options = words.split()
    return name == argv[0] and {*options} <= {*argv}


def by_hand() -> Iterator[HandWork]:
    """All that can be done in the installed hall, in the order of the documents, each once."""
    seen: set[str] = set()
    for each in documented():
        line = each.line.partition(" #")[0].strip()
        for told, meant in _FILLED.items():
            line = line.replace(told, meant)
        name = each.argv[0]
        # The tree's launcher would fetch what is there already.
        typed = re.sub(r"^(sudo )?\S*/motcua", r"\1motcua", line)
        if typed in seen or any(_is_of(word, each.argv) for word in ELSEWHERE):
            continue
        seen.add(typed)
        needs_root = line.startswith("sudo ") or "/var/lib/motcua" in line
        if unit := _STOPPED.get(name):
            typed = f"systemctl stop {unit}; {typed}; ended=$?; systemctl start {unit}; exit $ended"
        yield HandWork(name, typed, needs_root, _TELLS.get(name, (0,)))


def one_a_verb() -> Iterator[HandWork]:
    """The first of each, in the order of the documents."""
    seen: set[str] = set()
    for work in by_hand():
        if work.verb not in seen:
            seen.add(work.verb)
            yield work
