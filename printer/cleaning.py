"""The one gate through which every outside text passes on its way to paper."""

from hall.contract import words

LIMIT = 120


def clean(text: str, limit: int = LIMIT) -> str:
    """One NFC line without control, format or private characters, at most `limit` long."""
    return words.clean(text)[:limit].rstrip()
