"""`motcua province onestop`: the gateway to the one-stop software, and what is told of it."""

import argparse
import functools
import logging
import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import assert_never

from hall.cli.province import broker
from hall.cli.province.file import WholeProvinceFile
from hall.doctor import units
from hall.doctor.findings import Finding
from hall.onestop.for_halls import desk_trial
from hall.onestop.for_halls.desk_trial import (
    DeskVerdict,
    TrialAnswered,
    TrialForbidden,
    TrialRefused,
    TrialUnanswered,
)
from hall.onestop.for_halls.running import DeskProcess, DeskSurroundings
from hall.province import registrar, running
from hall.province.database import Database, NoDatabaseDriver
from hall.province.ports import StoreAway, StoreRefuses
from hall.runtime import logs
from hall.runtime.clock import Clock
from hall.runtime.link_faults import LinkFault
from hall.runtime.roles import CONFIG_ERROR

UNIT = "motcua-province-onestop"
_LOOK = f"Xem: journalctl -u {UNIT} -n 50."
WHAT = {"onestop": "cổng một cửa: một kết nối với phần mềm cho mọi hội trường"}


def _onestop(args: argparse.Namespace, wanted: WholeProvinceFile) -> int:
    """Until SIGTERM or SIGINT."""
    logs.start(systemd="JOURNAL_STREAM" in os.environ)
    if wanted.onestop is None:
        print("motcua province: province.yaml chưa có mục onestop", file=sys.stderr)
        return CONFIG_ERROR
    state = broker.state(args, wanted)
    look = functools.partial(running.server_of, wanted, state)
    where = DeskSurroundings(
        wanted.province.id, state, look, functools.partial(known_halls, wanted)
    )
    process = DeskProcess(wanted.onestop, where)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: process.stop())
    return process.run()


def known_halls(wanted: WholeProvinceFile) -> Mapping[str, str] | None:
    """Every hall and its unit; None: the database does not answer."""
    try:
        with Database(wanted.database.dsn) as database:
            return registrar.units(database)
    except (StoreAway, StoreRefuses, NoDatabaseDriver) as err:
        logging.getLogger(__name__).warning("halls not read: %s", err)
        return None


def findings(
    args: argparse.Namespace, wanted: WholeProvinceFile, clock: Clock
) -> Iterator[Finding]:
    """Whether what `onestop` names is registered, and a look-up comes through to the software.

    Nothing where there is no gateway.
    """
    if wanted.onestop is None:
        return
    yield _registered(wanted)
    server = running.server_of(wanted, broker.state(args, wanted))
    verdict = server.obstacle or desk_trial.ask(server, clock)
    unit = units.ask_systemd((UNIT,), clock).get(UNIT)
    said = "" if unit is None else unit.said
    yield answering(verdict, wanted.onestop.supplier.driver, said)


def _registered(wanted: WholeProvinceFile) -> Finding:
    known = known_halls(wanted)
    name = "mục onestop"
    if known is None:
        text = "PostgreSQL không trả lời: chưa xem được mã đơn vị"
        advice = "Sửa PostgreSQL trước, rồi: sudo motcua province check"
        return Finding(name, "chưa biết", well=False, text=text, advice=advice, kind="onestop")
    wrong = [f"{key}: {why}" for key, why in wanted.strangers(known)]
    if wrong:
        advice = "Sửa province.yaml, hoặc: motcua province register"
        text = "; ".join(wrong)
        return Finding(name, "sai mã", well=False, text=text, advice=advice, kind="onestop")
    return Finding(name, "tốt", well=True, text="đơn vị, hội trường đều đã đăng ký", kind="onestop")


def answering(verdict: DeskVerdict, driver: str, said: str) -> Finding:
    """`said`: by the gateway to its service manager, which knows more than a hall is told."""
    name = "cổng một cửa"
    match verdict:
        case TrialAnswered(took_s, source):
            text = f"driver {driver}, {source or 'phần mềm'} trả lời sau {took_s * 1000:.0f} ms"
            return Finding(name, "tốt", well=True, text=text, kind="onestop")
        case TrialRefused(error):
            state = "phần mềm một cửa không trả lời"
            text = said or f"cổng nhận câu hỏi, phần mềm thì không trả lời ({error.code})"
            advice = f"{_LOOK} Xem địa chỉ, khoá trong mục onestop.supplier (driver {driver})."
        case TrialForbidden():
            state, text = "chưa hỏi được", "quyền ở broker của bản cũ"
            advice = "Làm lại tệp của broker: sudo motcua province setup"
        case TrialUnanswered(status) if status is not None and status.state == "ready":
            state, text = "không trả lời", "có báo có mặt mà không trả lời"
            advice = f"Chạy lại: sudo systemctl restart {UNIT}. {_LOOK}"
        case TrialUnanswered():
            state, text = "không chạy", "không có cổng nào ở broker của tỉnh"
            advice = f"Bật: sudo systemctl enable --now {UNIT}. {_LOOK}"
        case LinkFault():
            state, text, advice = "chưa hỏi được", verdict.text, verdict.advice
        case _:
            assert_never(verdict)
    return Finding(name, state, well=False, text=text, advice=advice, kind="onestop")


COMMANDS: Mapping[str, Callable[[argparse.Namespace, WholeProvinceFile], int]] = {
    "onestop": _onestop
}
