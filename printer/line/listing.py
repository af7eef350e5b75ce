"""A printer's list of its graphics: it comes in blocks of forty keys."""

from dataclasses import dataclass

MORE_FOLLOWS = b"\x41"


@dataclass(slots=True)
class Listing:
    keys: tuple[str, ...] = ()

    def take(self, block: bytes) -> tuple[str, ...] | None:
        """All keys after the last block; None: the printer waits for our ACK to go on."""
        flag, text = block[:1], block[1:].decode("ascii", "replace")
        self.keys += tuple(text[at : at + 2] for at in range(0, len(text), 2))
        if flag == MORE_FOLLOWS:
            return None
        keys, self.keys = self.keys, ()
        return keys
