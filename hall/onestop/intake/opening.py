"""Opens a file by what it is, whatever its name: text, workbook or JSON; the rest is named."""

from pathlib import Path

from hall.onestop.intake import delimited
from hall.onestop.intake.cells import Sheet, UnusableTable

_HEAD = 4096
_OLE2 = bytes.fromhex("d0cf11e0a1b11ae1")
_ALIEN = (
    (b"%PDF", "tệp PDF"),
    (b"\xff\xd8\xff", "ảnh"),
    (b"\x89PNG", "ảnh"),
    (b"Rar!", "tệp nén RAR"),
    (b"7z\xbc\xaf", "tệp nén 7z"),
    (b"{\\rtf", "tệp Word (RTF)"),
)
_PAGE = (b"<!doctype html", b"<html", b"<?xml", b"<head", b"<body", b"<table", b"<script")


def open_file(path: Path) -> tuple[Sheet, ...]:
    """The tables of a file. Raises UnusableTable, naming what it is instead; OSError."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    bare = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not bare:
        raise UnusableTable("tệp trống")
    for mark, name in _ALIEN:
        if head.startswith(mark):
            raise UnusableTable(f"đây là {name}, không phải bảng")
    if bare[:20].lower().startswith(_PAGE):
        raise UnusableTable(
            "đây là trang web (HTML), không phải bảng; nếu phần mềm “xuất Excel” như vậy, "
            "hãy mở bằng Excel rồi lưu thành .xlsx hoặc CSV UTF-8"
        )
    # Each reader only where it is needed: their libraries are no part of the gateway's memory.
    if head.startswith((b"PK\x03\x04", _OLE2)):
        from hall.onestop.intake import workbook  # noqa: PLC0415

        return workbook.sheets(path)
    if bare[:1] in (b"{", b"["):
        from hall.onestop.intake import objects  # noqa: PLC0415

        return objects.sheets(path)
    return delimited.sheets(path)
