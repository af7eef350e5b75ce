"""A sheet as HTML that a phone of 2016 shows, with or without scripts. Pure.

The part that changes is made here alone: the script puts in its place what the same server made.
"""

from html import escape

from hall.counter.turns.sheets import Lang, TurnSheet

_RELOAD_S = 20
_WORDS = {
    "vi": ("Trang tự cập nhật", "English", "en", "Mất kết nối – số có thể đã cũ. Xem Wi-Fi."),
    "en": (
        "Updates by itself",
        "Tiếng Việt",
        "vi",
        "No connection – this may be old. Check Wi-Fi.",
    ),
}


def part(sheet: TurnSheet) -> str:
    """What changes with the turn, its first character the element itself."""
    number = f'<p class="number">{escape(sheet.number)}</p>' if sheet.number else ""
    lines = "".join(f"<p>{escape(line)}</p>" for line in sheet.lines)
    return (
        f'<div class="turn {sheet.tone}" data-again="{sheet.again_s}" '
        f'data-title="{escape(sheet.title)}">{number}'
        f"<h1>{escape(sheet.headline)}</h1>{lines}</div>"
    )


def page(sheet: TurnSheet, lang: Lang, hall: str) -> str:
    live, other, code, lost = _WORDS[lang]
    reload = f'<noscript><meta http-equiv="refresh" content="{_RELOAD_S}"></noscript>'
    return f"""<!doctype html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{escape(sheet.title)}</title>
{reload if sheet.again_s else ""}
<link rel="stylesheet" href="/turn.css">
</head>
<body>
<header>{escape(hall)}</header>
<main id="turn" aria-live="polite">{part(sheet)}</main>
<p id="lost" hidden>{escape(lost)}</p>
<footer>{escape(live) if sheet.again_s else ""} <a href="?l={code}">{other}</a></footer>
<script src="/turn.js"></script>
</body>
</html>
"""
