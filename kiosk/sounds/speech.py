"""What "Đọc to" says of a page: its matter first, the way out last, a dialog alone. Pure."""

from hall.screen.tree import Label, Scene, labels, targets

# Said of no page: what time it is, and each letter of a keyboard.
_LEFT_OUT = ("clock", "date", "key.", "path.")
_LAST = ("back", "finish", "mode.", "lang.", "volume", "again.aloud")
_SPELT = ("ticket.number",)


def sentences(scene: Scene) -> tuple[str, ...]:
    """In the order they are said."""
    said = [label for label in labels(scene) if not label.key.startswith(_LEFT_OUT)]
    dialog = _dialog(scene)
    if dialog is not None:
        return tuple(
            _spoken_text(label) for label in said if label.key.startswith(("idle.ask", "stay"))
        )
    first = [label for label in said if not label.key.startswith(_LAST)]
    last = [label for label in said if label.key.startswith(_LAST)]
    return tuple(text for label in (*first, *last) if (text := _spoken_text(label)))


def _spoken_text(label: Label) -> str:
    """A number is said sign by sign, as the announcer calls it."""
    return " ".join(label.text) if label.key in _SPELT else label.text.strip("|– ")


def _dialog(scene: Scene) -> str | None:
    return next((each.target.key for each in targets(scene) if each.target.alone), None)
