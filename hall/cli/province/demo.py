"""`motcua province-demo`: a whole province on this machine – halls, broker, PostgreSQL, page."""

import argparse
import functools
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hall.cli.apart import Supervisor
from hall.cli.checking import parts
from hall.cli.checking.check import judge
from hall.cli.demo import demo_file, port_of
from hall.cli.stand_ins import STAND_INS
from hall.controller import reading_sqlite
from hall.demo import photographer, province_cast, rehearsal
from hall.demo.cut_line import CutLine
from hall.demo.morning import Incidents, Morning, MorningPace
from hall.demo.province_cast import HallOutcome, SampleHall
from hall.demo.province_play import ProvincePlay, play
from hall.province import broker_files, migrating, registrar
from hall.province.broker_files import ProvinceFiles
from hall.province.database import Database, NoDatabaseDriver
from hall.province.page import account_store
from hall.province.ports import StoreAway, StoreRefuses
from hall.province.postgres_tools import ADMINISTRATOR, ToolFailed, program
from hall.province.registry import PlacedHall, PlacedUnit, Registry
from hall.province.settings import HallEntry, UnitEntry
from hall.runtime import broker, logs, roles, settings
from hall.runtime.broker_files import hashed_password
from hall.runtime.clock import SystemClock
from hall.runtime.daemon import Daemon, Fatal, Ground

# By the profile of the published articles that each takes its figures from.
UNITS = {
    "mu-cang-chai": "Trung tâm Phục vụ hành chính công xã Mù Cang Chải",
    "phu-tien": "Trung tâm Phục vụ hành chính công xã Phú Tiến",
    "dien-hong": "Trung tâm Phục vụ hành chính công phường Diên Hồng",
    "bac-tu-liem": "Trung tâm Phục vụ hành chính công phường Bắc Từ Liêm",
}
USUAL_S, SHORTEST_S = 60.0, 40.0
_ROOT, _MOST_HALLS = 0, 120


def arguments(parser: argparse.ArgumentParser, _command: str) -> None:
    parser.add_argument(
        "--halls", type=_number_of_halls, default=12, metavar="N", help="mấy hội trường, 1 đến 120"
    )
    parser.add_argument(
        "--headless", action="store_true", help="chạy, ghi ảnh và tóm tắt, rồi kết thúc"
    )
    parser.add_argument("--seconds", type=float, metavar="N", help="chạy bao nhiêu giây (từ 40)")
    parser.add_argument("--out", type=Path, metavar="DIR", help="thư mục ảnh và summary.json")
    parser.add_argument("--port", type=int, metavar="PORT", help="cổng của trang; 0: cổng trống")
    parser.add_argument("--run-halls", type=Path, help=argparse.SUPPRESS)


def _number_of_halls(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= _MOST_HALLS:
        raise argparse.ArgumentTypeError(f"từ 1 đến {_MOST_HALLS} hội trường, không phải '{text}'")
    return int(text)


def main(args: argparse.Namespace) -> int:
    logs.start(systemd=False, level=30)
    signal.signal(signal.SIGTERM, _interrupt)
    if args.run_halls is not None:
        return _run_halls(args.run_halls, args.seconds or None)
    lasts = max(SHORTEST_S, args.seconds or USUAL_S) if args.headless or args.seconds else None
    try:
        with _prepared(args, lasts) as given:
            return play(given, lasts)
    except settings.ConfigError as err:
        print(err, file=sys.stderr)
        return 2
    except (Fatal, ToolFailed, NoDatabaseDriver, StoreAway, StoreRefuses, OSError) as err:
        print(f"motcua province-demo: {err}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


# --- the halls, in a process of their own each ----------------------------------------------------


def _run_halls(folder: Path, lasts_s: float | None) -> int:
    """Forked from here, so that what they have in common lies in memory once."""
    works = {
        each.name: functools.partial(_run_hall, each, lasts_s, seed)
        for seed, each in enumerate(sorted(folder.iterdir()))
    }
    return Supervisor(works, functools.partial(print, flush=True), folder.parent / "logs").run()


def _run_hall(folder: Path, lasts_s: float | None, seed: int) -> int:
    people = functools.partial(_people, lasts_s, seed)
    wanted = [*parts.wanted(province_cast.ROLES), roles.WantedRole(people, None, "morning")]
    return roles.run(wanted, roles.RunOptions(folder / "hall.yaml", state=folder / "state"))


def _people(
    lasts_s: float | None, seed: int, config: settings.Document, ground: Ground, _only: str | None
) -> Sequence[Daemon]:
    """Citizens and clerks, who do only what people in a hall can."""
    context = ground.context_of("tech-demo")
    pace = MorningPace(3.0, 2.0, 8.0, float("inf") if lasts_s is None else lasts_s)
    nothing = Incidents(None, None, None, lambda: None)
    return [Daemon(context, Morning(context, rehearsal.cast(config.values), pace, nothing, seed))]


# --- the province ---------------------------------------------------------------------------------


@contextmanager
def _prepared(args: argparse.Namespace, lasts_s: float | None) -> Iterator[ProvincePlay]:
    halls = province_cast.halls(args.halls, UNITS)
    with tempfile.TemporaryDirectory(prefix="motcua-province-") as place:
        folder = Path(place)
        folder.chmod(0o755)
        out = args.out or folder / "out"
        (out / "logs").mkdir(parents=True, exist_ok=True)
        with _postgres(folder / "postgres") as dsn:
            words = _register(dsn, halls)
            port = broker.free_port()
            line = CutLine(port)
            line.open()
            made = _Province(folder, dsn, port)
            made.write(port_of(args.port))
            for each in halls:
                own = line.port if each is halls[-1] else port
                made.write_hall(each, own, words[each.id])
            sight = _Sight(folder, dsn, made.wall())
            yield ProvincePlay(
                halls,
                [broker.mosquitto(), "-c", str(folder / "mosquitto.conf")],
                made.command("run"),
                made.command("page"),
                [*_US, "province-demo", "--run-halls", str(folder / "halls"),
                 "--seconds", str(lasts_s or 0)],
                folder / "state" / "province_page.url", line, sight, out,
                functools.partial(_words, wall=sight.wall, out=out, headless=args.headless),
            )  # fmt: skip
            line.close()


_US = (sys.executable, "-P", "-m", "hall.cli")


def _words(address: str, *, wall: str, out: Path, headless: bool) -> str:
    told = f"Tỉnh mẫu đang chạy.\n  Màn hình treo tường: {address.rstrip('/')}{wall}\n"
    return told + f"  Ảnh và nhật ký: {out}\n" + ("" if headless else "Dừng: Ctrl-C")


@contextmanager
def _postgres(folder: Path) -> Iterator[str]:
    """A server of the demo's own, by Debian's programs, on loopback. Raises ToolFailed."""
    port, as_user = broker.free_port(), ["runuser", "-u", ADMINISTRATOR, "--"]
    if os.geteuid() != _ROOT:
        as_user = []
    folder.mkdir(mode=0o700)
    if as_user:
        shutil.chown(folder, ADMINISTRATOR, ADMINISTRATOR)
    made = [program("initdb"), "-D", str(folder), "-A", "trust", "-U", ADMINISTRATOR]
    _quietly([*as_user, *made, "-E", "UTF8", "--no-sync", "--locale=C"])
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
    control = [*as_user, program("pg_ctl"), "-D", str(folder), "-w", "-s"]
    _quietly([*control, "-o", options, "-l", str(folder / "log"), "start"])
    try:
        yield f"host=127.0.0.1 port={port} user={ADMINISTRATOR} dbname=postgres"
    finally:
        _quietly([*control, "-m", "fast", "stop"])


def _quietly(command: Sequence[str]) -> None:
    done = subprocess.run(  # noqa: S603
        list(command), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False, cwd="/"
    )
    if done.returncode:
        raise ToolFailed(done.stderr.decode(errors="replace").strip()[-500:])


def _register(dsn: str, halls: Sequence[SampleHall]) -> dict[str, str]:
    """Each hall's password."""
    units = [
        PlacedUnit(UnitEntry(id=unit, name=UNITS[unit]), 1)
        for unit in dict.fromkeys(each.unit for each in halls)
    ]
    placed = tuple(
        PlacedHall(HallEntry(id=each.id, unit=each.unit, name=each.name), 1) for each in halls
    )
    words = {each.id: registrar.new_password() for each in halls}
    with Database(dsn) as database:
        migrating.migrate(database)
        registrar.register(database, Registry("demo", tuple(units), placed))
        for hall, word in words.items():
            registrar.issue(database, hall, hashed_password(word), SystemClock().now())
    return words


@dataclass(frozen=True, slots=True)
class _Province:
    """Its files, in a folder of the demo's."""

    folder: Path
    dsn: str
    port: int

    def write(self, page_port: int) -> None:
        own, state = registrar.new_password(), self.folder / "state"
        files = ProvinceFiles(self.folder / "broker")
        with Database(self.dsn) as database:
            broker_files.write(
                files,
                hashed_password(own),
                registrar.credentials(database),
                hashed_password(registrar.new_password()),
            )
        (state / "credentials").mkdir(parents=True, mode=0o700)
        (state / "credentials" / "province-broker").write_text(own, encoding="ascii")
        limits = [line for line in broker_files.shared_limits() if not line.startswith("log_")]
        user = ["user root"] if os.geteuid() == _ROOT else []
        lines = [
            *(*user, f"listener {self.port} 127.0.0.1", "allow_anonymous false"),
            *(f"password_file {files.passwords}", f"acl_file {files.acl}", *limits),
        ]
        (self.folder / "mosquitto.conf").write_text("\n".join(lines) + "\n", encoding="ascii")
        wanted = {
            "version": 1,
            "province": {"id": "mau", "name": "Tỉnh mẫu"},
            "broker": {"url": f"mqtt://127.0.0.1:{self.port}"},
            "database": {"dsn": self.dsn},
            "page": {"port": page_port},
        }
        (self.folder / "province.yaml").write_text(json.dumps(wanted), encoding="utf-8")

    def write_hall(self, hall: SampleHall, port: int, word: str) -> None:
        folder = self.folder / "halls" / hall.id
        (folder / "state" / "credentials").mkdir(parents=True, mode=0o700)
        (folder / "state" / "credentials" / "province-password").write_text(word, "ascii")
        source = demo_file()
        document, _ = judge(source)
        url = f"mqtt://127.0.0.1:{port}"
        values = province_cast.hall_file(document.values, source.parent, hall, url, STAND_INS)
        (folder / "hall.yaml").write_text(json.dumps(values), encoding="utf-8")

    def command(self, what: str) -> list[str]:
        where = ("-c", str(self.folder / "province.yaml"), "--state", str(self.folder / "state"))
        return [*_US, "province", what, *where]

    def wall(self) -> str:
        """The path that opens the wall screen."""
        with Database(self.dsn) as database, database.transaction() as cursor:
            return f"/tuong?ma={account_store.put_wall(cursor, 'demo', SystemClock().now())}"


@dataclass(frozen=True, slots=True)
class _Sight:
    """`wall`: the path of the wall screen."""

    folder: Path
    dsn: str
    wall: str

    def stored(self) -> dict[str, int]:
        sql = (
            "SELECT place.hall, count(event.seq) FROM place "
            "LEFT JOIN event ON event.hall = place.hall GROUP BY place.hall"
        )
        with Database(self.dsn) as database, database.transaction() as cursor:
            return dict(cursor.rows(sql))

    def outcome(self, hall: str) -> HallOutcome:
        journal = self.folder / "halls" / hall / "state" / "journal.db"
        with reading_sqlite.ledger(journal) as ledger:
            end = ledger.end()[1]
        with Database(self.dsn) as database, database.transaction() as cursor:
            rows = cursor.rows("SELECT seq FROM event WHERE hall = %s ORDER BY seq", (hall,))
        return HallOutcome(hall, end, tuple(seq for (seq,) in rows))

    def photograph(self, address: str, picture: Path) -> bool:
        return photographer.photograph(f"{address.rstrip('/')}{self.wall}", picture)
