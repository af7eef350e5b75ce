"""What "Đọc to" says of a page: the number and what to do first, the way out last. Pure."""

from hall.screen.geometry import Rect
from hall.screen.tree import Label, Scene, labels, placed_labels, targets

# Said of no page: what time it is, each letter of a keyboard, what is said once more further down.
_LEFT_OUT = ("clock", "date", "key.", "path.", "sight.")
# What somebody came for, on whichever page it stands, in the order in which it is said.
_FIRST = (
    *("ticket.caption", "ticket.number", "hint.", "plate."),
    *("state.text", "do.", "message.", "banner."),
    *("which", "ask", "who", "word", "prompt", "invite", "hello", "touch"),
    *("booked", "service.", "priority.", "ticket.", "tile.", "lookup.", "rating."),
)
# Where one is comes after what is there; then the way out.
_AFTER = ("serving.", "counter.", "figures.", "ring.", "count.", "ticket.hall", "ticket.when")
_PLACE = ("head.",)
_LAST = ("back", "finish", "mode.", "lang.", "volume", "again.aloud")
_NUMBER = "ticket.number"


def sentences(scene: Scene) -> tuple[str, ...]:
    """In the order they are said; the citizen's own number twice."""
    said = [label for label in labels(scene) if not label.key.startswith(_LEFT_OUT)]
    if any(each.target.alone for each in targets(scene)):
        said = [label for label in said if label.key.startswith(("idle.ask", "stay"))]
    texts: list[str] = []
    for label in sorted(said, key=_rank):
        text = _spoken_text(label)
        texts += filter(None, (text, text) if label.key == _NUMBER else (text,))
    return tuple(texts)


def of_tile(scene: Scene, key: str, choose: str) -> tuple[str, ...]:
    """What stands on one tile or button, and `choose`: how to press it."""
    area = next((each.rect for each in targets(scene) if each.target.key == key), Rect(0, 0, 0, 0))
    inside = (label for label, rect in placed_labels(scene) if area.contains(*rect.centre))
    told = tuple(filter(None, map(_spoken_text, inside)))
    return (*told, choose) if told else ()


def _rank(label: Label) -> int:
    """Sorting keeps what has the same rank in the order of the page."""
    for rank, keys in enumerate((_LAST, _PLACE, _AFTER)):
        if label.key.startswith(keys):
            return 1000 - rank
    first = (rank for rank, key in enumerate(_FIRST) if label.key.startswith(key))
    return next(first, len(_FIRST))


def _spoken_text(label: Label) -> str:
    """A number is said sign by sign, as the announcer calls it."""
    text = label.text.strip("|– ")
    return " ".join(text) if label.key.endswith(".number") and text.isalnum() else text
