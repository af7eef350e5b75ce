"""One colour and one picture for each service, the same on kiosk, ticket and board. Pure.

For who cannot read: the picture that was touched is on the paper and beside the number that is
called. A colour alone never tells anything: the picture stands in it, the name beside it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from hall.wording.folding import fold

# White reads on each of them at 4.5; for people with two kinds of cones, whichever is missing,
# any two are at least 20 apart in CIE Lab (tests/screen/test_screen_signs.py).
COLORS = (
    "#222288", "#117A65", "#CC4400", "#8800EE", "#880000", "#AA44CC", "#440000", "#662266",
)  # fmt: skip
PICTURES = (
    "people", "land", "heart", "shield", "shop", "inbox", "cap", "seal", "money", "baby",
    "building", "globe", "home", "list",
)  # fmt: skip
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
# Who may have priority, as pictures: the old, the pregnant, the disabled, with a small child.
WITH_PRIORITY = ("elder", "pregnant", "wheelchair", "child")


@dataclass(frozen=True, slots=True)
class ServiceSign:
    """`color` #RRGGBB, white on it; `picture` one of `hall.signs.pictures`."""

    color: str
    picture: str


@dataclass(frozen=True, slots=True)
class Signed:
    """A service that needs a sign. `picture`: what the YAML gives it, or ""."""

    id: str
    name: str
    picture: str = ""


def signs(services: Iterable[Signed]) -> Mapping[str, ServiceSign]:
    """No two alike; pictures repeat only where there are more services than pictures."""
    told = tuple(services)
    pictures = {each.id: each.picture for each in told if each.picture}
    for candidates in (_by_words, lambda _: iter(PICTURES)):
        for each in told:
            taken = set(pictures.values())
            free = next((one for one in candidates(each.name) if one not in taken), None)
            if each.id not in pictures and free is not None:
                pictures[each.id] = free
    return {
        each.id: ServiceSign(
            COLORS[place % len(COLORS)], pictures.get(each.id) or PICTURES[place % len(PICTURES)]
        )
        for place, each in enumerate(told)
    }


def of_words(name: str) -> str:
    """The picture that fits the words of a field's name."""
    return next(_by_words(name), "list")


def of_priority(name: str) -> tuple[str, ...]:
    """The pictures of a class of priority; of one that names nobody, all of them."""
    folded = f" {fold(name)} "
    named = (
        ("elder", (" tuoi ", " cao ")),
        ("pregnant", (" mang thai ", " thai ")),
        ("wheelchair", (" khuyet tat ",)),
        ("child", (" con ", " tre ")),
    )
    found = tuple(picture for picture, words in named if any(word in folded for word in words))
    return found or WITH_PRIORITY


def _by_words(name: str) -> Iterator[str]:
    folded = f" {fold(name)} "
    return (picture for word, picture in _BY_WORD if f" {word} " in folded)
