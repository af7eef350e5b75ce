"""`motcua bus scan|watch|set-address|test|flash-unit`: a technician alone with a bus."""

from collections.abc import Sequence

from firmware_bridge import tools


def direct(rest: Sequence[str]) -> int:
    """The bridge's own tools read the words, --help too."""
    return tools.main(rest)
