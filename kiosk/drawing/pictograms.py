"""Which icon stands for a field of work: the YAML's, else by the words of its name. Pure."""

from hall.screen.icons import NAMES
from kiosk.model.search import fold

_BY_WORD = (
    ("ket qua", "inbox"),
    ("ho tich", "people"),
    ("khai sinh", "baby"),
    ("chung thuc", "seal"),
    ("dat", "land"),
    ("xay dung", "land"),
    ("kinh doanh", "shop"),
    ("doanh nghiep", "shop"),
    ("cong thuong", "shop"),
    ("giao duc", "cap"),
    ("bao tro", "heart"),
    ("nguoi co cong", "heart"),
    ("lao dong", "heart"),
    ("bao hiem", "heart"),
    ("y te", "heart"),
    ("cu tru", "shield"),
    ("cong an", "shield"),
    ("can cuoc", "shield"),
    ("an ninh", "shield"),
    ("thue", "money"),
    ("phi", "money"),
)


def of_field(name: str, given: str = "") -> str:
    if given in NAMES:
        return given
    folded = f" {fold(name)} "
    return next((icon for word, icon in _BY_WORD if f" {word} " in folded), "list")


def of_priority(name: str) -> str:
    folded = fold(name)
    if "tuoi" in folded or "cao" in folded:
        return "elder"
    if "con" in folded.split() or "mang thai" in folded or "tre" in folded:
        return "baby"
    return "wheelchair" if "khuyet tat" in folded else "hand"
