"""What a dossier's status means to the citizen: plain words, the stage, what to do. Pure."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from hall.contract.onestop_requests import DossierData
from kiosk.wording import Wording

Mood = Literal["wait", "act", "ready", "done", "ended"]
_MOODS: dict[int, Mood] = {
    1: "wait",
    2: "wait",
    3: "ended",
    4: "wait",
    5: "act",
    6: "act",
    7: "ended",
    8: "ended",
    9: "ready",
    10: "done",
}
_ICONS: dict[Mood, str] = {
    "wait": "hourglass",
    "act": "hand",
    "ready": "inbox",
    "done": "check-circle",
    "ended": "cross-circle",
}
# How many of the stages of `_PATH` lie behind or are reached, for each status.
_PATH = ("sent", "received", "working", "ready", "returned")
_REACHED = {1: 1, 2: 2, 3: 1, 4: 3, 5: 3, 6: 3, 7: 2, 8: 3, 9: 4, 10: 5}


@dataclass(frozen=True, slots=True)
class DossierStage:
    """`state`: behind, now, or still to come."""

    name: str
    state: Literal["past", "now", "ahead"]


@dataclass(frozen=True, slots=True)
class Progress:
    """`due`: words beside the due date ("còn 3 ngày"), empty when it does not matter any more."""

    mood: Mood
    icon: str
    status: str
    advice: str
    stages: tuple[DossierStage, ...]
    due: str
    late: bool


def progress(dossier: DossierData, today: date, words: Wording) -> Progress:
    """An unknown status is "đang cập nhật", never a fault."""
    mood = _MOODS.get(dossier.status, "wait")
    known = dossier.status in _MOODS
    key = f"status.s{dossier.status}" if known else "status.other"
    due, late = _due(dossier, today, words) if mood in ("wait", "act") else ("", False)
    return Progress(
        mood=mood,
        icon=_ICONS[mood],
        status=words(key),
        advice=words(f"{key}_do"),
        stages=_stages(dossier.status, mood, words),
        due=due,
        late=late,
    )


def day(text: str | None) -> str:
    """A day as Vietnamese write it; as it came when it is no date."""
    if text is None:
        return ""
    try:
        return f"{date.fromisoformat(text):%d/%m/%Y}"
    except ValueError:
        return text


def _stages(status: int, mood: Mood, words: Wording) -> tuple[DossierStage, ...]:
    reached = _REACHED.get(status, 2)
    names = list(_PATH)
    if mood == "act":
        names.insert(3, "act")
        reached = 4
    if mood == "ended":
        names = [*names[:reached], "ended"]
        reached += 1
    return tuple(
        DossierStage(words(f"stage.{name}"), _state(place, reached, done=mood in ("done", "ended")))
        for place, name in enumerate(names, 1)
    )


def _state(place: int, reached: int, *, done: bool) -> Literal["past", "now", "ahead"]:
    if place == reached:
        return "past" if done else "now"
    return "past" if place < reached else "ahead"


def _due(dossier: DossierData, today: date, words: Wording) -> tuple[str, bool]:
    if dossier.due_on is None:
        return "", False
    try:
        days = (date.fromisoformat(dossier.due_on) - today).days
    except ValueError:
        return "", False
    if days == 0:
        return words("result.today"), False
    if days > 0:
        return words("result.left", n=days), False
    return words("result.past", n=-days), True
