"""The icons, drawn by us as strokes on a 24 x 24 grid; the word beside says the same."""

# ruff: noqa: E501 - path data reads better unbroken

from collections.abc import Mapping
from types import MappingProxyType

from hall.signs import pictures

# A head with its eyes, to which a mouth is drawn.
_FACE = "M12 2.8a9.2 9.2 0 1 1 0 18.4a9.2 9.2 0 0 1 0-18.4z M8.7 10v.4 M15.3 10v.4"
_STROKES: dict[str, str] = {
    **pictures.STROKES,
    "ticket": "M4 8V6h16v2.5a3.5 3.5 0 0 0 0 7V18H4v-2.5a3.5 3.5 0 0 0 0-7z M13.5 6.5v2 M13.5 11v2"
    " M13.5 15.5v2",
    "search": "M10.5 4a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13z M15.4 15.4L20.5 20.5",
    "star": "M12 3.2l2.7 5.6 6.1.8-4.5 4.2 1.1 6.1L12 17l-5.4 2.9 1.1-6.1L3.2 9.6l6.1-.8z",
    "chart": "M4 20.5h16 M6.5 17v-5 M11 17V6 M15.5 17v-8 M20 17V4",
    "clock": "M12 3.5a8.5 8.5 0 1 1 0 17a8.5 8.5 0 0 1 0-17z M12 7.5V12l3.2 2",
    "check": "M5 12.8l4.6 4.6L19.5 7",
    "check-circle": "M12 3.5a8.5 8.5 0 1 1 0 17a8.5 8.5 0 0 1 0-17z M8 12.3l2.8 2.8 5.4-5.8",
    "cross": "M6 6l12 12 M18 6L6 18",
    "cross-circle": "M12 3.5a8.5 8.5 0 1 1 0 17a8.5 8.5 0 0 1 0-17z M9 9l6 6 M15 9l-6 6",
    "repeat": "M19.5 12a7.5 7.5 0 1 1-2.4-5.5 M17.5 2.8v4h-4",
    "left": "M14.5 5L7.5 12l7 7",
    "right": "M9.5 5l7 7-7 7",
    "down": "M5 9.5l7 7 7-7",
    "up": "M5 14.5l7-7 7 7",
    "info": "M12 3.5a8.5 8.5 0 1 1 0 17a8.5 8.5 0 0 1 0-17z M12 11v5.5 M12 7.6v.2",
    "warning": "M12 3.8L21 19.5H3z M12 10v4.5 M12 17v.2",
    "printer": "M7 8V3.5h10V8 M7 17H4V8.5h16V17h-3 M7 14h10v6.5H7z",
    "offline": "M3 3l18 18 M5 12.5a10 10 0 0 1 4-2.4 M19 12.5a10 10 0 0 0-5-2.7"
    " M8.5 16a5 5 0 0 1 7 0 M12 19.6v.2 M2.5 9A14 14 0 0 1 7 6.3 M21.5 9A14 14 0 0 0 11.5 5.1",
    "speaker": "M4 9.5h3.5L12 5.5v13l-4.5-4H4z M15.2 9a4.2 4.2 0 0 1 0 6 M17.8 6.3a8 8 0 0 1 0 11.4",
    "contrast": "M12 3.5a8.5 8.5 0 1 1 0 17a8.5 8.5 0 0 1 0-17z",
    "text": "M3 19l5-13 5 13 M4.8 14.5h6.4 M14.5 19l3-8 3 8 M15.5 16.3h4",
    "person": "M12 4a3.8 3.8 0 1 1 0 7.6a3.8 3.8 0 0 1 0-7.6z M4.5 20.5c.5-4.5 3.5-6.3 7.5-6.3s7 1.8"
    " 7.5 6.3",
    "hourglass": "M6.5 3.5h11 M6.5 20.5h11 M8 3.5v4l4 4.5 4-4.5v-4 M8 20.5v-4l4-4.5 4 4.5v4",
    "backspace": "M9 5.5h11.5v13H9L3 12z M12 9.5l5 5 M17 9.5l-5 5",
    "qr": "M4 4h6v6H4z M14 4h6v6h-6z M4 14h6v6H4z M14 14h2.5v2.5H14z M18 18h2v2h-2z M19.5 14v1.5 M14 19.5h1.5",
    "camera": "M3.5 7.5h4L9 5h6l1.5 2.5h4v12h-17z M12 9.5a3.8 3.8 0 1 1 0 7.6a3.8 3.8 0 0 1 0-7.6z",
    "hand": "M8 12V5.5a1.5 1.5 0 0 1 3 0V11 M11 10.5V4.5a1.5 1.5 0 0 1 3 0V11 M14 11V6.5a1.5 1.5 0 0 1 3"
    " 0V15c0 4-2 6-5 6-3.5 0-4.8-1.8-7.5-6.8c-.7-1.4 1-2.5 2-1.4L8 14.5",
    "wrench": "M14.5 6.5a4.5 4.5 0 0 1 5.5-1l-3 3 .5 2.5 2.5.5 3-3a4.5 4.5 0 0 1-6.3 5L8 20.5 4 16.5l7-8",
    "scan": "M4 8V4h4 M16 4h4v4 M20 16v4h-4 M8 20H4v-4 M7.5 8v8 M10.5 8v8 M13.5 8v8 M16.5 8v8",
    "face-5": f"{_FACE} M7 13.2h10c-.4 3.2-2.4 4.8-5 4.8s-4.6-1.6-5-4.8z",
    "face-4": f"{_FACE} M7.6 14.2c2.3 3 6.5 3 8.8 0",
    "face-3": f"{_FACE} M8 15.4h8",
    "face-2": f"{_FACE} M8 16.6c2.1-2.2 5.9-2.2 8 0",
    "face-1": f"{_FACE} M7.4 17.4c1.3-4.6 7.9-4.6 9.2 0 M7 7.2l2.8 1.1 M17 7.2l-2.8 1.1",
    "keyboard": "M3 6.5h18v11H3z M6.5 10v.1 M10 10v.1 M13.8 10v.1 M17.5 10v.1 M8 14h8",
}
_FILLS: Mapping[str, str] = MappingProxyType(
    {
        "star-full": _STROKES["star"],
        "emblem": "M12 2.2l2.9 6.3 6.9.8-5.1 4.7 1.3 6.8L12 17.4l-6 3.4 1.3-6.8L2.2 9.3l6.9-.8z",
        "dot": "M12 4a8 8 0 1 1 0 16a8 8 0 0 1 0-16z",
    }
)
_HALF = {"contrast": "M12 3.5a8.5 8.5 0 0 1 0 17z"}
NAMES = frozenset(_STROKES) | frozenset(_FILLS)


def svg(name: str, color: str, px: int) -> str:
    """The icon at its final size. Raises KeyError for an unknown name."""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{px}" height="{px}" viewBox="0 0 24 24">'
    )
    if name in _FILLS:
        return f'{head}<path d="{_FILLS[name]}" fill="{color}"/></svg>'
    half = f'<path d="{_HALF[name]}" fill="{color}"/>' if name in _HALF else ""
    stroke = (
        f'fill="none" stroke="{color}" stroke-width="1.9" stroke-linecap="round"'
        ' stroke-linejoin="round"'
    )
    return f'{head}{half}<path d="{_STROKES[name]}" {stroke}/></svg>'
