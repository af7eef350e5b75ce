"""`motcua province setup`: makes this machine the province's. What is there already stays.

province.yaml ─▶ database, roles ─▶ tables ─▶ certificate ─▶ mosquitto's files ─▶ units
"""

import argparse
import re
import shutil
import subprocess
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from hall.cli import ca
from hall.cli.ca import CertificatePlaces, NoCertificate
from hall.cli.province import broker, onestop
from hall.cli.province.file import WholeProvinceFile
from hall.province import broker_files, installing, migrating
from hall.province.database import Database
from hall.province.postgres_tools import PostgresTools
from hall.runtime import certificates, durable
from hall.runtime.broker_files import BROKER
from hall.runtime.certificates import CertificateFiles

UNITS = (
    "motcua-province.service",
    "motcua-province-page.service",
    "backup-motcua-province.timer",
)
# Only where province.yaml has its section.
GATEWAY = f"{onestop.UNIT}.service"
_FIRST_FILE = """\
version: 1
province: {{id: {id}, name: "{name}"}}
broker: {{url: "mqtt://127.0.0.1:1883"}}
database: {{dsn: "host=/run/postgresql dbname=motcua"}}
"""


class SetupStopped(Exception):
    """What a person must do first; what was done until then stays."""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--id", default="tinh", type=_id, help="mã tỉnh, ví dụ lao-cai")
    parser.add_argument("--name", default="Tỉnh", help="tên tỉnh; cả hai chỉ cho tệp mới")
    parser.add_argument(
        "--host", dest="hosts", action="append", metavar="TÊN",
        help="tên hoặc địa chỉ mà các hội trường gọi máy này, ghi được nhiều lần",
    )  # fmt: skip
    given = parser.add_argument_group("chứng chỉ có sẵn, thay cho CA riêng của máy này")
    for name, what in (("cert", "chứng chỉ, kèm chuỗi"), ("key", "khoá"), ("ca", "CA đã ký nó")):
        given.add_argument(f"--{name}", type=Path, metavar="TỆP", help=what)
    parser.add_argument(
        "--port", type=int, default=broker_files.PORT, help="cổng TLS cho các hội trường"
    )
    parser.add_argument(
        "--write", type=Path, default=Path("/"), metavar="ROOT", help="gốc của máy, thường là /"
    )


def _id(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{0,31}", text):
        raise argparse.ArgumentTypeError(f"'{text}': chỉ chữ thường không dấu, số, dấu - và .")
    return text


def write_first_file(args: argparse.Namespace) -> None:
    """Where there is none. Raises OSError."""
    if args.config.exists():
        return
    (args.config.parent / "credentials").mkdir(parents=True, exist_ok=True, mode=0o700)
    name = args.name.replace("\\", "").replace('"', "”")
    text = _FIRST_FILE.format(id=args.id, name=name)
    durable.replace(args.config, text.encode(), mode=0o644)
    print(f"✓ {args.config}: tệp mới, xem lại mã và tên tỉnh")


def wanted_units(wanted: WholeProvinceFile) -> tuple[str, ...]:
    """What runs on this machine beside Debian's own."""
    return UNITS if wanted.onestop is None else (*UNITS, GATEWAY)


def main(args: argparse.Namespace, wanted: WholeProvinceFile) -> int:
    """Raises SetupStopped, ToolFailed, StoreAway, StoreRefuses, TooNew, OSError."""
    units = _Units.of(args.write)
    units.start("postgresql.service")
    tools = PostgresTools(wanted.database.dsn)
    installing.make_database(tools)
    with Database(wanted.database.dsn) as database:
        done = migrating.migrate(database)
        print(f"✓ cơ sở dữ liệu {tools.name}: " + (f"chạy {done}" if done else "đã ở bản này"))
        tls = _certificate(args)
        print(f"✓ chứng chỉ {tls.certificate}, đến {certificates.ends(tls.certificate):%d/%m/%Y}")
        told = broker.tell_broker(args, wanted, database, args.write)
    at = CertificateFiles(Path(certificates.FOLDER)).folder
    changed = broker.write_config(args.write, at, args.port)
    print(f"✓ mosquitto: cổng {args.port} (TLS) cho các hội trường. {told}")
    if changed:
        units.restart("mosquitto.service")
    units.start("mosquitto.service")
    for unit in wanted_units(wanted):
        units.start(unit)
    print(units.verdict(wanted_units(wanted)))
    _tell_next(args)
    return 0


def _tell_next(args: argparse.Namespace) -> None:
    print(
        "\nTiếp theo:\n"
        "  motcua province register halls.csv          danh sách hội trường\n"
        "  motcua province credential issue MÃ --out TỆP\n"
        f"  chép TỆP và {CertificatePlaces(args.write).public} sang hội trường (docs/province.md)\n"
        "  motcua province check"
    )


# --- certificate ----------------------------------------------------------------------------------


def _certificate(args: argparse.Namespace) -> CertificateFiles:
    places = CertificatePlaces(args.write)
    given = [each for each in (args.cert, args.key, args.ca) if each is not None]
    if given and len(given) < 3:  # noqa: PLR2004 - all three or none
        raise SetupStopped("chứng chỉ có sẵn cần đủ ba: --cert, --key, --ca")
    if given:
        _take_given(places, *given)
        return places.broker
    if _is_of_another(places) and not args.hosts:
        return places.broker
    try:
        ca.make(places, args.hosts or ())
    except NoCertificate as err:
        raise SetupStopped(str(err)) from err
    return places.broker


def _is_of_another(places: CertificatePlaces) -> bool:
    """A certificate that was handed to us once stays until another one is."""
    return places.broker.certificate.exists() and not places.authority_key.exists()


def _take_given(places: CertificatePlaces, cert: Path, key: Path, authority: Path) -> None:
    places.broker.folder.mkdir(parents=True, exist_ok=True)
    places.public.parent.mkdir(parents=True, exist_ok=True)
    durable.replace(places.broker.key, key.read_bytes(), mode=0o640, group=BROKER)
    durable.replace(places.broker.certificate, cert.read_bytes(), mode=0o644)
    for place in (places.broker.ca, places.public):
        durable.replace(place, authority.read_bytes(), mode=0o644)
    if (fault := certificates.judge(places.broker)) is not None:
        raise SetupStopped(f"chứng chỉ được giao không dùng được: {fault.text}")


# --- units ----------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Units:
    """`systemctl`: "" where no systemd runs, as in an image that is being made."""

    systemctl: str
    failed: list[str]

    @staticmethod
    def of(root: Path) -> "_Units":
        found = shutil.which("systemctl") or ""
        return _Units(found if (root / "run/systemd/system").is_dir() else "", [])

    def start(self, unit: str) -> None:
        """Now, and with the machine."""
        self._ask("enable", "--now", unit)

    def restart(self, unit: str) -> None:
        self._ask("restart", unit)

    def _ask(self, *words: str) -> None:
        if not self.systemctl:
            return
        done = subprocess.run(  # noqa: S603
            [self.systemctl, "--quiet", *words], capture_output=True, text=True, check=False
        )
        if done.returncode:
            self.failed.append(f"systemctl {' '.join(words)}: {done.stderr.strip()}")

    def verdict(self, wanted: Collection[str]) -> str:
        """Raises SetupStopped where a unit did not start."""
        if self.failed:
            raise SetupStopped("\n  ".join(["dịch vụ chưa chạy:", *self.failed]))
        if not self.systemctl:
            return "– máy chưa chạy systemd: dịch vụ chưa được bật, chạy lại lệnh này sau"
        return f"✓ dịch vụ: {', '.join(wanted)}"
