"""`motcua province onestop`: the gateway to the one-stop software, and what is told of it."""

import argparse
import functools
import logging
import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping

from hall.cli.province import broker
from hall.cli.province.file import WholeProvinceFile
from hall.doctor.findings import Finding
from hall.onestop.for_halls.running import DeskProcess, DeskSurroundings
from hall.province import registrar, running
from hall.province.database import Database, NoDatabaseDriver
from hall.province.ports import StoreAway, StoreRefuses
from hall.runtime import logs
from hall.runtime.roles import CONFIG_ERROR

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


def findings(wanted: WholeProvinceFile) -> Iterator[Finding]:
    """Whether what `onestop` names is registered; nothing where there is no gateway."""
    if wanted.onestop is None:
        return
    known = known_halls(wanted)
    name = "cổng một cửa"
    if known is None:
        text = "PostgreSQL không trả lời: chưa xem được mã đơn vị"
        yield Finding(name, "chưa biết", well=False, text=text, kind="onestop")
        return
    wrong = [f"{key}: {why}" for key, why in wanted.strangers(known)]
    if wrong:
        advice = "Sửa province.yaml, hoặc: motcua province register"
        text = "; ".join(wrong)
        yield Finding(name, "sai mã", well=False, text=text, advice=advice, kind="onestop")
    else:
        text = f"driver {wanted.onestop.supplier.driver}"
        yield Finding(name, "tốt", well=True, text=text, kind="onestop")


COMMANDS: Mapping[str, Callable[[argparse.Namespace, WholeProvinceFile], int]] = {
    "onestop": _onestop
}
