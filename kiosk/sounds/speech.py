"""What "Đọc to" says of a page: the number and what to do first, the way out last. Pure."""

from collections.abc import Iterator, Mapping

from hall.screen.tree import Label, Scene, Target, labels, scrolls, targets
from kiosk.wording import Wording

# Said of no page: what time it is, each letter of a keyboard, what is said once more further down,
# names of languages, each of which only its own voice can say.
_LEFT_OUT = ("clock", "date", "key.", "path.", "sight.", "languages")
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
# What is told by a picture alone, with the text that says it.
_DRAWN: Mapping[str, str] = {"key.erase.go": "said.erase"}


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


def of_tile(scene: Scene, key: str, words: Wording) -> tuple[str, ...]:
    """What stands on one tile or button, or what it does where that is drawn; how to press it."""
    told = tuple(filter(None, map(_spoken_text, _on(scene, key))))
    if not told and key in _DRAWN:
        told = (words(_DRAWN[key]),)
    return (*told, words("said.choose")) if told else ()


def _on(scene: Scene, key: str) -> Iterator[Label]:
    """The labels of a target, those too that lie beyond the edge of their list."""
    for nodes in (scene.nodes, *(each.nodes for each in scrolls(scene))):
        areas = [node.rect for node in nodes if isinstance(node, Target) and node.key == key]
        for node in nodes:
            if areas and isinstance(node, Label) and areas[0].contains(*node.rect.centre):
                yield node


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
