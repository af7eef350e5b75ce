"""A day's figures as text for the disk, and back. Pure."""

import json
from collections import Counter

from hall.figures.days import ActPlace, DayFigures, ReportTally


def as_text(figures: DayFigures) -> str:
    places = [
        [*place, tally.columns, tally.waits, tally.serves, tally.scores]
        for place, tally in figures.places.items()
    ]
    answers = [[*key, scores] for key, scores in figures.answers.items()]
    content = {"places": places, "answers": answers}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def from_text(text: str) -> DayFigures:
    content = json.loads(text)
    return DayFigures(
        {
            ActPlace(*place): ReportTally(Counter(columns), waits, serves, scores)
            for *place, columns, waits, serves, scores in content["places"]
        },
        {(part, name): scores for part, name, scores in content["answers"]},
    )
