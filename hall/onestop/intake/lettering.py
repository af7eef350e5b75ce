"""Which encoding a text file is in. The pre-Unicode Vietnamese ones are named, not converted.

TCVN3 writes capitals with a font of their own: what its bytes mean is not in the file.
"""

import codecs
from collections.abc import Iterable

from hall.onestop.intake.cells import UnusableTable

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Words of the headings in three spellings of the nineties.
_TCVN3 = ("hå s¬", "tr¹ng th¸i", "thñ tôc", "ngµy", "lünh vùc", "tiõp nhën", "tæng sè")
_VNI = ("hoà sô", "traïng thaùi", "thuû tuïc", "ngaøy", "lónh vöïc", "tieáp nhaän", "toång soá")
_TWICE = ("á»", "áº", "Ä‘", "Æ°")


def encoding_of(head: bytes) -> str:
    """The codec of a text file that begins so. Raises UnusableTable, naming what it is instead."""
    for mark, codec in _BOMS:
        if head.startswith(mark):
            return codec
    if guess := _wide(head):
        return guess
    text = _utf8(head)
    if text is not None:
        _refuse_old(text)
        return "utf-8"
    _refuse_old(head.decode("cp1252", "replace"))
    return "cp1258"


def refuse_old_letters(texts: Iterable[str]) -> None:
    """The same for texts that come as Unicode, as cells of a workbook in an old font do."""
    _refuse_old(" ".join(texts))


def _wide(head: bytes) -> str | None:
    """UTF-16 without its mark: every other byte of Latin letters is zero."""
    sample = head[: len(head) // 2 * 2]
    if not sample or sample.count(0) * 4 < len(sample):
        return None
    return "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be"


def _utf8(head: bytes) -> str | None:
    """The text, if it is UTF-8; the head may end inside a letter."""
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return None


def _refuse_old(text: str) -> None:
    folded = text.casefold()
    for name, spelt in (("TCVN3 (phông .VnTime)", _TCVN3), ("VNI (phông VNI-Times)", _VNI)):
        if sum(word in folded for word in spelt) > 1:
            raise UnusableTable(
                f"chữ viết theo bảng mã {name}: hãy chuyển sang Unicode (Unikey: Ctrl+Shift+F6) "
                "rồi lưu lại bằng UTF-8"
            )
    if sum(word in text for word in _TWICE) > 1:
        raise UnusableTable(
            "chữ đã bị đổi mã hai lần (Unicode đọc nhầm là Windows-1252): hãy xuất lại tệp, "
            "không mở và lưu bằng chương trình cũ"
        )
