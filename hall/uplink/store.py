"""The uplink's own folder: who it is, and how far the province has confirmed.

    source.json   {"mark": "…"}                  made once
    place.json    {"epoch": 1, "seq": 4711}      after acknowledgements, at most every 2 s

The place is a witness alone: the province says what it holds, and the journal what there is.
"""

import json
import secrets
from hashlib import blake2b
from pathlib import Path

from hall.runtime import durable

_SERIALS = ("sys/firmware/devicetree/base/serial-number", "sys/class/dmi/id/product_uuid")


class FileStore:
    """`root`: where the machine's own numbers are read; another one in tests."""

    def __init__(self, folder: Path, root: Path = Path("/")) -> None:
        self._folder = folder
        self._root = root
        self._source = ""

    @property
    def source(self) -> str:
        """Of a card that was copied into another machine it is another one."""
        if not self._source:
            own = f"{self._mark()} {_machine(self._root)}"
            self._source = blake2b(own.encode(), digest_size=12).hexdigest()
        return self._source

    @property
    def place(self) -> tuple[int, int]:
        told = _read(self._folder / "place.json")
        epoch, seq = told.get("epoch"), told.get("seq")
        return (epoch, seq) if isinstance(epoch, int) and isinstance(seq, int) else (0, 0)

    def keep_place(self, place: tuple[int, int]) -> None:
        self._write("place.json", {"epoch": place[0], "seq": place[1]})

    def _mark(self) -> str:
        known = _read(self._folder / "source.json").get("mark")
        if isinstance(known, str):
            return known
        made = secrets.token_hex(12)
        self._write("source.json", {"mark": made})
        return made

    def _write(self, name: str, told: dict[str, int | str]) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        durable.replace(self._folder / name, json.dumps(told).encode("ascii"))


def _read(path: Path) -> dict[str, object]:
    try:
        told = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def _machine(root: Path) -> str:
    """What a copied card does not bring along: the board's number, or its network cards'."""
    for name in _SERIALS:
        try:
            return (root / name).read_text("ascii", errors="replace").strip("\0 \n")
        except OSError:
            continue
    cards = sorted((root / "sys/class/net").glob("*/device"))
    found = (_address(card.with_name("address")) for card in cards)
    return " ".join(sorted(filter(None, found)))


def _address(file: Path) -> str:
    try:
        return file.read_text("ascii").strip()
    except OSError:
        return ""
