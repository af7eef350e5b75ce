"""A board in the middle of a morning, and how its picture is compared."""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from PIL import Image

from display.board.look import BoardSetup, CounterPlace
from display.board.model import BoardModel, take_message
from hall.contract.messages import BoardState, CallEvent, HallState, ServiceState
from hall.contract.onestop_messages import Figures, Notice
from hall.runtime.picture import Presence

TILE = 12
LOCAL = datetime(2026, 11, 23, 10, 32, 5, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
SERVICES = (
    ("ho-tich", "Hộ tịch – Chứng thực"),
    ("dat-dai", "Đất đai – Môi trường"),
    ("lao-dong", "Lao động, Thương binh và Xã hội"),
    ("kinh-te", "Đăng ký kinh doanh"),
)
STATES = (
    ("called", "A024"),
    ("serving", "B107"),
    ("serving", "C015"),
    ("open", None),
    ("paused", None),
    ("serving", "A023"),
    ("closed", None),
    ("serving", "E0311"),
)


@dataclass(frozen=True)
class Morning:
    """`now` is 100 s on the monotonic clock when A024 is called to counter 1."""

    local: datetime = LOCAL

    def place(self, counters: int = 8, **told: Any) -> BoardSetup:
        places = tuple(
            CounterPlace(str(n), f"Quầy {n}", SERVICES[(n - 1) % 4][1])
            for n in range(1, counters + 1)
        )
        name = "Trung tâm Phục vụ hành chính công xã Mù Cang Chải"
        return replace(BoardSetup(name, places, SERVICES), **told)

    def model(self, counters: int = 8, *, called: bool = True) -> BoardModel:
        model = BoardModel(Presence(linked=True, heard_at=90.0))
        for message in self.messages(counters):
            model = take_message(model, message, 95.0, retained=True)
        return take_message(model, self.call(), 100.0, retained=False) if called else model

    def call(self, number: str = "A024", counter: str = "1") -> CallEvent:
        return CallEvent.model_validate(
            {
                "call": f"c-{number}-{counter}",
                "number": number,
                "counter": counter,
                "counter_name": f"Quầy {counter}",
                "service": "ho-tich",
            }
        )

    def hall(self, *, open_: bool = True, opens_next: str | None = None) -> HallState:
        return HallState.model_validate(
            {
                "epoch": 1,
                "ver": 2,
                "day": "2026-11-23",
                "open": open_,
                "clock": "trusted",
                "board_ver": 1,
                "evt_seq": 1,
                "waiting": 23,
                "served_today": 120,
                "opens_next": opens_next,
            }
        )

    def counters(self, count: int) -> list[dict[str, Any]]:
        made = []
        for n in range(1, count + 1):
            status, number = STATES[(n - 1) % len(STATES)]
            ticket = number and {
                "id": f"t{number}{n}",
                "number": number,
                "service": "ho-tich",
                "day": "2026-11-23",
                "issued_at": LOCAL,
                "channel": "button",
            }
            made.append(
                {
                    "epoch": 1,
                    "ver": 1,
                    "counter": str(n),
                    "name": f"Quầy {n}",
                    "status": status,
                    "ticket": ticket,
                }
            )
        return made

    def messages(self, counters: int) -> list[Any]:
        recent = [("A024", "1"), ("B107", "2"), ("C015", "3"), ("E0311", "8"), ("A023", "6")]
        waits = (
            ("ho-tich", 12, (25, 35)),
            ("dat-dai", 7, (40, 55)),
            ("lao-dong", 4, None),
            ("kinh-te", 0, (0, 0)),
        )
        return [
            self.hall().model_copy(update={"ver": 1}),
            BoardState.model_validate(
                {
                    "epoch": 1,
                    "ver": 1,
                    "counters": self.counters(counters),
                    "recent": [{"number": n, "counter": c, "at": LOCAL} for n, c in recent],
                    "waiting": [
                        {"service": "ho-tich", "count": 12, "next": ["A025", "A026", "A027"]},
                        {"service": "dat-dai", "count": 7, "next": ["B108", "B109"]},
                        {"service": "lao-dong", "count": 4, "next": ["C016"]},
                    ],
                }
            ),
            *(
                ServiceState.model_validate(
                    {
                        "epoch": 1,
                        "ver": 1,
                        "service": s,
                        "name": s,
                        "open": True,
                        "waiting": c,
                        "wait_min": w,
                    }
                )
                for s, c, w in waits
            ),
            self.figures(),
            Notice(lines=("Hồ sơ khai sinh được giải quyết trong ngày",)),
        ]

    def figures(self, **told: Any) -> Figures:
        period = {
            "id": "month",
            "from": "2026-11-01",
            "to": "2026-11-30",
            "received": {"total": 1075},
            "resolved": {"total": 884, "early_or_on_time": 880, "overdue": 4},
        }
        return Figures.model_validate({"as_of": LOCAL, "periods": [period]} | told)


@pytest.fixture
def morning() -> Morning:
    return Morning()


@pytest.fixture
def same_tiles() -> Callable[[Path, Path], tuple[int, float]]:
    """How many 12-pixel tiles differ by more than 24 in mean luminance, and the worst one."""

    def compare(shown: Path, golden: Path) -> tuple[int, float]:
        with Image.open(shown) as picture:
            size = (picture.width // TILE, picture.height // TILE)
            tiles = picture.convert("L").resize(size, Image.Resampling.BOX)
        if "WRITE_GOLDENS" in os.environ:
            tiles.save(golden)
            pytest.fail(f"{golden.name} is written: look at the picture it was made from")
        with Image.open(golden) as known:
            pairs = zip(tiles.tobytes(), known.tobytes(), strict=True)
            differences = [abs(a - b) for a, b in pairs]
        return sum(d > 24 for d in differences), max(differences)

    return compare
