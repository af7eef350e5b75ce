"""The glossary as a module for the pages' scripts."""

import json
from dataclasses import asdict

from hall.wording.glossary import VIETNAMESE


def script() -> str:
    """`STATUS` by a counter's status, `FIGURE` by a figure's name, `WEEKDAYS` from Monday on."""
    counter = VIETNAMESE.counter
    told = {
        "STATUS": {
            "closed": counter.closed,
            "open": counter.open,
            "paused": counter.paused,
            "called": counter.calling,
            "serving": counter.serving,
        },
        "FIGURE": asdict(VIETNAMESE.figures),
        "WEEKDAYS": VIETNAMESE.weekdays,
    }
    return "".join(
        f"export const {name} = {json.dumps(words, ensure_ascii=False)};\n"
        for name, words in told.items()
    )
