"""Vietnamese as people type it without tones. Pure."""

import unicodedata

_BARRED = str.maketrans("đĐƀɃ", "dDbB")


def fold(text: str) -> str:
    """Reduce to what a citizen types without tones: 'Đăng ký' → 'dang ky'."""
    plain = text.translate(_BARRED)
    bare = "".join(c for c in unicodedata.normalize("NFD", plain) if not unicodedata.combining(c))
    return " ".join(bare.casefold().split())
