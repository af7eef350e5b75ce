"""Halls of a simulated province: who they are, what they say, what the database has of them."""

import random
import sys
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "kit"), str(ROOT / "bench")]

import paho.mqtt.client as mqtt  # noqa: E402
from paho.mqtt.enums import CallbackAPIVersion  # noqa: E402

from hall.contract import codec  # noqa: E402
from hall.contract.messages import ServiceState  # noqa: E402
from hall.contract.onestop_messages import (  # noqa: E402
    FieldFigures,
    Figures,
    OnestopStatus,
    Pending,
    Period,
    ReceivedFigures,
    Resolved,
)
from hall.contract.province import topic_up  # noqa: E402
from hall.contract.topics import (  # noqa: E402
    DEV_ALERT,
    DEV_STATUS,
    EXT_FIGURES,
    EXT_STATUS,
    STATE_COUNTER,
    STATE_HALL,
    STATE_SERVICE,
    Channel,
)
from hall.contract.upward import UpAlert, UpCounter, UpHall, UpStatus  # noqa: E402
from hall.contract.words import WireModel  # noqa: E402
from hall.province import registrar  # noqa: E402
from hall.province.database import Database  # noqa: E402
from hall.province.keeper import make_months, work_out_days  # noqa: E402
from hall.province.page import account_store  # noqa: E402
from hall.province.page.people import Account, ReaderRole  # noqa: E402
from hall.province.registry import PlacedHall, PlacedUnit, Registry  # noqa: E402
from hall.province.settings import HallEntry, UnitEntry  # noqa: E402
from hall.province.watch.province_now import ZONE  # noqa: E402
from hall.web import hashing  # noqa: E402

PLACES = (
    "Mù Cang Chải", "Bắc Từ Liêm", "Phù Tiên", "Diên Hồng", "Hòa Bình", "Định Hóa", "Kim Bôi",
    "Nậm Có", "Púng Luông", "Trạm Tấu", "Nghĩa Lộ", "Văn Chấn", "Lục Yên", "Yên Bình", "Bát Xát",
    "Sa Pa", "Si Ma Cai", "Bắc Hà", "Mường Khương", "Bảo Thắng", "Văn Bàn", "Than Uyên",
)  # fmt: skip
SERVICES = {
    "ho-tich": "Hộ tịch – Chứng thực", "dat-dai": "Đất đai – Xây dựng",
    "bao-tro": "Bảo trợ – Người có công", "cu-tru": "Cư trú – Công an",
}  # fmt: skip
WORD = "mat khau de do 9"
PER_HALL_S = 3.0


def name_of(number: int) -> str:
    round_ = number // len(PLACES)
    place = PLACES[number % len(PLACES)]
    return f"Trung tâm Phục vụ hành chính công {place}{f' {round_ + 1}' if round_ else ''}"


def id_of(number: int) -> str:
    return f"hall-{number:04d}"


@dataclass
class Fair:
    """All halls of the bench, spoken for by one client. `said`: served → when, by hall."""

    port: int
    halls: int
    chance: random.Random = field(default_factory=lambda: random.Random(7))
    said: dict[tuple[str, int], float] = field(default_factory=dict)
    served: list[int] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)
    client: Any = None
    last: Any = None

    def open(self) -> None:
        self.client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="fair")
        self.client.username_pw_set("fair", "fair")
        self.client.max_inflight_messages_set(2000)
        self.client.connect("127.0.0.1", self.port)
        self.client.loop_start()
        self.served = [self.chance.randrange(5, 260) for _ in range(self.halls)]

    def say(self, number: int, channel: Channel, message: WireModel, **levels: str) -> None:
        hall = id_of(number)
        payload = codec.pack(message, hall=hall, src="controller", ts=datetime.now(UTC))
        self.last = self.client.publish(topic_up(hall, channel, levels), payload, 1, retain=True)

    def say_all(self) -> None:
        for number in range(self.halls):
            self._say_one(number)
            if number % 50 == 0:
                self.last.wait_for_publish()
        self.last.wait_for_publish()

    def _say_one(self, number: int) -> None:
        mood = self.chance.random()
        uplink = "lost" if mood < 0.03 else "disconnected" if mood < 0.035 else "ready"
        status = UpStatus(state=uplink, conn="c", host=f"pi-{number:04d}", sw="0.9")
        self.say(number, DEV_STATUS, status, client="uplink")
        controller = "lost" if 0.04 < mood < 0.05 else "ready"
        for client, state in {
            "controller": controller, "printer-1": "ready", "display": "ready", "kiosk-1": "ready",
        }.items():  # fmt: skip
            told = UpStatus(state=state, conn="c", host=f"pi-{number:04d}", sw="0.9")
            self.say(number, DEV_STATUS, told, client=client)
        for service, name in SERVICES.items():
            told_service = ServiceState(
                epoch=1, ver=1, service=service, name=name, open=True,
                waiting=self.chance.randrange(6), last_issued="A017", wait_min=(4, 12),
            )  # fmt: skip
            self.say(number, STATE_SERVICE, told_service, service=service)
        for counter in range(1, 5):
            state = self.chance.choice(("open", "serving", "serving", "called", "closed"))
            told_counter = UpCounter(
                epoch=1, ver=1, counter=str(counter), name=f"Quầy {counter}", status=state,
                called_at=datetime.now(UTC) if state in ("called", "serving") else None,
            )  # fmt: skip
            self.say(number, STATE_COUNTER, told_counter, counter=str(counter))
        if self.chance.random() < 0.06:
            alert = UpAlert(
                code="paper_low", text="Máy in sắp hết giấy", since=datetime.now(UTC),
                advice="Thay cuộn giấy 80 mm; nắp máy in mở ở phía trước.",
            )  # fmt: skip
            self.say(number, DEV_ALERT, alert, client="printer-1", code="paper_low")
        self.say(number, EXT_STATUS, OnestopStatus(state="ready", source="iGate", conn="c"))
        self.say(number, EXT_FIGURES, self._figures(number))
        self.say_hall(number)

    def say_hall(self, number: int) -> None:
        told = UpHall(
            epoch=1, ver=1, day=f"{datetime.now(ZONE):%Y-%m-%d}", open=True, clock="trusted",
            evt_seq=1, waiting=self.chance.randrange(1, 24), served_today=self.served[number],
        )  # fmt: skip
        self.say(number, STATE_HALL, told)

    def _figures(self, number: int) -> Figures:
        early, on_time = self.chance.randrange(100, 900), self.chance.randrange(100, 900)
        overdue = self.chance.choice((0, 0, 1, 2, 7, 25))
        doubted = 9 if number % 29 == 5 else 0
        resolved = Resolved(
            total=early + on_time + overdue + doubted, early=early, on_time=on_time, overdue=overdue
        )
        fields = tuple(
            FieldFigures(
                field=name, received=ReceivedFigures(total=early // 4 + 9),
                resolved=Resolved(total=early // 4, early=early // 4 - 2, on_time=2, overdue=0),
            )
            for name in SERVICES.values()
        )  # fmt: skip
        period = Period.model_validate({
            "id": "2026-11", "kind": "month",
            "received": ReceivedFigures(total=early + on_time + 40), "resolved": resolved,
            "pending": Pending(total=37, in_time=36, overdue=1), "fields": fields,
        })  # fmt: skip
        old = timedelta(days=2) if number % 31 == 3 else timedelta(minutes=4)
        return Figures(as_of=datetime.now(UTC) - old, source="iGate", periods=(period,))

    def change(self) -> None:
        """Each hall in turn, so that each says something new every PER_HALL_S."""
        began, sent = time.monotonic(), 0
        while not self.ended.is_set():
            due = int((time.monotonic() - began) * self.halls / PER_HALL_S)
            for number in range(sent, due):
                which = number % self.halls
                self.served[which] += 1
                self.said[id_of(which), self.served[which]] = time.monotonic()
                self.say_hall(which)
            sent = due
            self.ended.wait(0.01)


def seed(dsn: str, halls: int) -> None:
    """Units, halls, three people waiting in each today, and twelve weeks of days."""
    units = tuple(
        PlacedUnit(UnitEntry(id=f"unit-{n}", name=f"Xã {PLACES[n % len(PLACES)]} {n // 22 + 1}"), 1)
        for n in range(max(1, halls // 2))
    )
    placed = tuple(
        PlacedHall(HallEntry(id=id_of(n), unit=f"unit-{n % len(units)}", name=name_of(n)), 1)
        for n in range(halls)
    )
    today = datetime.now(ZONE).date()
    with Database(dsn) as database:
        registrar.register(database, Registry("bench", units, placed))
        with database.transaction() as cursor:
            make_months(cursor, today, 3)
            cursor.run(
                "INSERT INTO event SELECT hall.id, 1, n, %s, 'issued', now() - n * interval '7 min'"
                " - (abs(hashtext(hall.id)) %% 60) * interval '1 min', 'printer-1', "
                "hall.id || n, 'A' || n, 'ho-tich', 'button', false "
                "FROM hall, generate_series(1, 3) AS n",
                (today,),
            )
            cursor.run("UPDATE place SET epoch = 1, seq = 3, source = 's', heard_at = now()")
            cursor.run(
                "INSERT INTO day_service SELECT hall.id, %s::date - d, s, 40 + d %% 7 * 3 + n, "
                "40, 36 + n, 0, 3, 1, 0, 0, 40, 40 * (300 + d * 4), 2600, 36, 36 * 420 "
                "FROM hall, generate_series(1, %s) AS d, "
                "unnest(%s::text[]) WITH ORDINALITY AS t (s, n) "
                "WHERE extract(isodow FROM %s::date - d) < 6",
                (today, 84 if halls < 400 else 14, list(SERVICES), today),
            )
            cursor.run(
                "INSERT INTO day_rating SELECT hall.id, %s::date - d, '', n, n * n "
                "FROM hall, generate_series(1, 14) AS d, generate_series(2, 5) AS n",
                (today,),
            )
            cursor.run(
                "INSERT INTO credential SELECT id, 'x', now() FROM hall WHERE id NOT LIKE '%%9'"
            )
            cursor.run(
                "UPDATE place SET refused = 'hai máy cùng mã: pi-0005 và pi-moi', refused_source = "
                "'t', refused_host = 'pi-moi', refused_at = now() WHERE hall = 'hall-0005'"
            )
            cursor.run("INSERT INTO stranger VALUES ('xa-chua-ghi', 'pi-x', now(), now(), 12)")
            for who, role in (("lanh-dao", "leader"), ("van-hanh", "operator")):
                made = Account(who, "Bà Hà", ReaderRole(role), hashing.hash_of(WORD))
                account_store.put_account(cursor, made, datetime.now(UTC))
        while True:
            with database.transaction() as cursor:
                if not work_out_days(cursor, today - timedelta(days=90)):
                    break
