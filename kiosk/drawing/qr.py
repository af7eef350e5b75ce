"""QR codes of public addresses, as rows of dark and light modules."""

from functools import lru_cache

import segno


@lru_cache(maxsize=64)
def modules(text: str) -> tuple[tuple[bool, ...], ...]:
    """Never given anything of a citizen's: what is made is remembered."""
    code = segno.make(text, error="m", micro=False)
    return tuple(tuple(bool(module) for module in row) for row in code.matrix)
