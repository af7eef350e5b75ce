"""The end of a demo: pictures taken, the journal read back, every promise checked."""

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from hall.contract import requests as req
from hall.contract.messages import CounterState, Face, TicketEvent
from hall.contract.onestop_messages import Figures
from hall.contract.topics import (
    EXT_FIGURES,
    FACE,
    REQ_DEV,
    REQ_QUEUE,
    STATE_COUNTER,
    STATE_HALL,
    STATE_SERVICE,
)
from hall.demo import summary
from hall.demo.morning import Morning
from hall.demo.staging import ApartRun
from hall.runtime.bus import Subscription
from hall.runtime.daemon import Ground
from hall.runtime.requester import new_id
from hall.runtime.terminal import NoHall, Terminal

SETTLE_S = 120.0
# A kiosk writes its picture at most once a second; the next one shows the page complete.
PAINTED_S = 1.5
# 0012-A105.png is a ticket; a page of tests has no number in its name.
_PAPER = re.compile(r"\d+-([A-Z]*\d+)\b")


@dataclass(frozen=True, slots=True)
class HallStatements:
    """What the hall itself says at the end."""

    events: tuple[TicketEvent, ...]
    board: req.BoardData
    faces: dict[str, str]
    figures: Figures | None


def conclude(
    out: Path, ground: Ground, morning: Morning, stage: ApartRun, kiosk: str | None = None
) -> int:
    """Write the pictures and summary.json; exit status 1 when a promise was broken.

    `kiosk`: whose pages are photographed, where the hall has one.
    """
    terminal = Terminal(ground.context_of("tech-demo"))
    watched = (FACE, STATE_COUNTER, STATE_SERVICE, STATE_HALL, EXT_FIGURES)
    try:
        terminal.open([Subscription(channel) for channel in watched])
        if kiosk is not None:
            _photograph(out, terminal, kiosk)
        told = _gather(terminal)
    except NoHall as err:
        print(f"motcua demo: {err}")
        return 1
    finally:
        terminal.close()
    papers = sorted((out / "tickets").glob("*.png"))
    found, broken = _judge(told, morning, papers, stage)
    text = json.dumps(found, ensure_ascii=False, indent=2)
    (out / "summary.json").write_text(text + "\n", encoding="utf-8")
    _report(found, broken)
    return 1 if broken else 0


def _photograph(out: Path, terminal: Terminal, kiosk: str) -> None:
    """The kiosk's dashboard and home, as its own process draws them."""
    shown = {"dashboard": out / f"{kiosk}-dashboard.png", "home": out / f"{kiosk}.png"}
    kept = {"dashboard": out / "kiosk-dashboard.png", "home": out / "kiosk.png"}
    for page, picture in shown.items():
        before = _stamp(picture)
        request = req.Simulate(id=new_id(), action="page", args={"name": page})
        terminal.ask_hall(REQ_DEV, "simulate", request, target=kiosk)
        terminal.until(_changed(picture, before), SETTLE_S)
        terminal.until(lambda: False, PAINTED_S)
        if picture.exists():
            shutil.copyfile(picture, kept[page])


def _changed(path: Path, before: int) -> Callable[[], bool]:
    return lambda: _stamp(path) != before


def _stamp(path: Path) -> int:
    return path.stat().st_mtime_ns if path.exists() else 0


def _gather(terminal: Terminal) -> HallStatements:
    reply = terminal.ask_hall(REQ_QUEUE, "board", req.Board(id=new_id()))
    if reply.status != "ok":
        raise NoHall("bộ điều khiển không trả lời")
    board = req.BoardData.model_validate(reply.data)
    terminal.until(lambda: not _wrong_faces(board, _faces(terminal)), SETTLE_S)
    figures = terminal.state(EXT_FIGURES, Figures)
    return HallStatements(tuple(_journal(terminal, board)), board, _faces(terminal), figures)


def _journal(terminal: Terminal, board: req.BoardData) -> list[TicketEvent]:
    """Every event of the day, page by page."""
    found: list[TicketEvent] = []
    first, end = 1, board.hall.evt_seq
    while first <= end:
        request = req.Replay(id=new_id(), from_seq=first, epoch=board.hall.epoch)
        reply = terminal.ask_hall(REQ_QUEUE, "replay", request)
        if reply.status != "ok":
            raise NoHall("không đọc lại được nhật ký")
        page = req.ReplayData.model_validate(reply.data)
        found += page.events
        first = page.last_seq + 1
        if not page.events:
            break
    return found


def _faces(terminal: Terminal) -> dict[str, str]:
    return {
        counter: face.text
        for counter, face in terminal.states(FACE).items()
        if isinstance(face, Face)
    }


def _wrong_faces(board: req.BoardData, faces: dict[str, str]) -> list[str]:
    """Counters whose display does not show the number that the counter holds."""
    held = {c: s.ticket.number for c, s in board.counters.items() if s.ticket is not None}
    return [
        counter
        for counter, text in faces.items()
        if (number := held.get(counter)) is not None and text.strip() != number
    ]


def _judge(
    told: HallStatements, morning: Morning, papers: list[Path], stage: ApartRun
) -> tuple[dict[str, object], list[str]]:
    day = summary.read(told.events)
    issued = set(day.tickets)
    on_paper = [match[1] for path in papers if (match := _PAPER.match(path.name))]
    known = set(day.tickets.values())
    waiting = sum(s.waiting for s in told.board.services.values())
    held = {
        s.ticket.id
        for s in told.board.counters.values()
        if isinstance(s, CounterState) and s.ticket
    }
    lost = sorted(
        {t for t in morning.tally.promised if t not in issued}
        | {n for n in on_paper if n not in known}
    )
    unaccounted = len(day.open) - waiting - len(held)
    broken = [
        *(f"số {n} cấp hai lần" for n in day.duplicate_numbers),
        *(f"số {n} gọi ở hai quầy" for n in day.double_calls),
        *(f"mất phiếu {t}" for t in lost),
        *(f"nhật ký hở ở {seq}" for seq in day.gaps),
        *(f"quầy {c} hiện sai số" for c in _wrong_faces(told.board, told.faces)),
    ]
    if unaccounted:
        broken.append(f"{unaccounted} phiếu không rõ ở đâu")
    if not day.counts["issued"] or not day.counts["called"]:
        broken.append("buổi sáng không có ai đến hoặc không ai được gọi")
    tally = morning.tally
    found: dict[str, object] = {
        "issued": day.counts["issued"],
        "printed": day.counts["printed"],
        "called": day.counts["called"],
        "recalled": day.counts["recalled"],
        "served": day.ended_as["served"],
        "unclear": day.ended_as["unclear"],
        "absent": day.ended_as["absent"],
        "voided": day.ended_as["voided"],
        "waiting": waiting,
        "waits": summary.waits(day.waits_s),
        "double_calls": len(day.double_calls),
        "duplicate_numbers": len(day.duplicate_numbers),
        "lost_tickets": len(lost) + max(0, unaccounted),
        "presses": tally.presses,
        "papers": len(on_paper),
        "refused_without_paper": tally.refused_without_paper,
        "incidents": tally.incidents,
        "restarts": stage.restarts,
        "journal_events": len(told.events),
        "figures": summary.shown(told.figures),
        "figures_as_of": told.figures.as_of.isoformat() if told.figures else None,
        "figures_source": told.figures.source if told.figures else None,
        "broken": broken,
    }
    return found, broken


def _report(found: dict[str, object], broken: list[str]) -> None:
    print(
        f"Cấp {found['issued']} số, in {found['printed']} phiếu, gọi {found['called']} lượt, "
        f"được phục vụ {found['served']}, vắng mặt {found['absent']}, "
        f"chưa rõ {found['unclear']}, còn chờ {found['waiting']}.\n"
        f"Số trùng {found['duplicate_numbers']}, gọi trùng {found['double_calls']}, "
        f"phiếu mất {found['lost_tickets']}{_waited(found['waits'])}.\n"
        f"Sự cố diễn ra: {', '.join(map(str, found['incidents'])) or 'không'}."  # type: ignore[call-overload]
    )
    for line in broken:
        print(f"SAI: {line}")


def _waited(waits: object) -> str:
    match waits:
        case {"median_s": float(middle), "p95_s": float(long)}:
            return f"; chờ giữa {middle:.0f} giây, lâu {long:.0f} giây"
        case _:
            return ""
