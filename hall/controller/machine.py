"""Which machine this is, however often its memory card was copied."""

from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path

INTERFACES = Path("/sys/class/net")
SYSTEM_ID = Path("/etc/machine-id")


def name(interfaces: Path = INTERFACES, system_id: Path = SYSTEM_ID) -> str:
    """Opaque, twelve digits: of its first network card, else of the system (machine-id(5)).

    "" where neither can be read. Only the card tells a copied system from its original.
    """
    for known in (*_cards(interfaces), system_id):
        try:
            text = known.read_text(encoding="ascii").strip()
        except (OSError, ValueError):
            continue
        if text:
            return blake2b(text.encode(), digest_size=6).hexdigest()
    return ""


def _cards(interfaces: Path) -> Iterator[Path]:
    """The hardware address of each card; bridges and tunnels are no devices."""
    try:
        found = sorted(interfaces.iterdir())
    except OSError:
        return
    yield from (card / "address" for card in found if (card / "device").exists())
