"""QR codes as rows of dark and light modules."""

import segno


def modules(text: str) -> tuple[tuple[bool, ...], ...]:
    code = segno.make(text, error="m", micro=False)
    return tuple(tuple(bool(module) for module in row) for row in code.matrix)
