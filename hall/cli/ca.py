"""`motcua ca`: the hall's own certificate authority, its broker's certificate, its pages'.

Made by the openssl command of Debian: Python has no part that signs, and a library for an act of
once in five years would be compiled code in every hall's lock.
"""

import argparse
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from hall.runtime import certificates, durable, lan_listener
from hall.runtime.broker_files import BROKER
from hall.runtime.certificates import WARN, CertificateFiles
from hall.runtime.clock import BUILD, SystemClock

# Nobody asks a clock for the past: a board without a battery may wake up years behind.
_BEGIN = "20200101000000Z"
_PAGES = "motcua-counter"
_CA_LIFE, _LIFE = timedelta(days=30 * 365), timedelta(days=5 * 365)
_ALL_READ = 0o644
_CONFIG = """\
[ca]
default_ca = hall
[hall]
database = index.txt
new_certs_dir = .
rand_serial = yes
default_md = sha256
policy = any
unique_subject = no
[req]
distinguished_name = any
[any]
commonName = supplied
[authority]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[broker]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = {names}
"""


class NoCertificate(Exception):
    """What keeps a certificate from being made, with what to do."""


@dataclass(frozen=True, slots=True)
class CertificatePlaces:
    """`public`: the copy for the hall's other machines; the CA's key is read by root alone."""

    root: Path

    @property
    def broker(self) -> CertificateFiles:
        return CertificateFiles(self.root / certificates.FOLDER.lstrip("/"))

    @property
    def pages_certificate(self) -> Path:
        return self.root / "etc/motcua/pages/pages.crt"

    @property
    def pages_key(self) -> Path:
        return self.root / "etc/motcua/pages/pages.key"

    @property
    def authority_key(self) -> Path:
        return self.root / "etc/motcua/ca/ca.key"

    @property
    def public(self) -> Path:
        return self.root / "etc/motcua/ca.crt"


def arguments(parser: argparse.ArgumentParser, _command: str) -> None:
    parser.add_argument(
        "--write",
        type=Path,
        metavar="ROOT",
        help="tạo, hoặc làm mới khi sắp hết hạn, dưới thư mục này (/ = máy này); "
        "không có: chỉ xem chứng chỉ của máy này",
    )
    parser.add_argument(
        "--name",
        dest="names",
        type=_name,
        action="append",
        metavar="TÊN",
        help="tên hoặc địa chỉ mà máy khác gọi broker, ghi được nhiều lần; "
        "không ghi: các tên đã có, hoặc tên máy này",
    )
    parser.add_argument(
        "--pages",
        action="store_true",
        help="tạo chứng chỉ của trang cán bộ (counter.tls), không phải của broker",
    )
    parser.add_argument("--renew", action="store_true", help="làm mới dù còn hạn")


def _name(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9.:-]{1,253}", text):
        raise argparse.ArgumentTypeError(f"'{text}' không phải tên máy hay địa chỉ")
    return text


def main(args: argparse.Namespace) -> int:
    places = CertificatePlaces(args.write or Path("/"))
    try:
        if args.pages:
            return _make_for_pages(places, args.names or _own_names())
        if args.write is not None:
            make(places, args.names or (), renew=args.renew)
        return _tell_state(places, args.names or ())
    except NoCertificate as err:
        print(f"motcua ca: {err}", file=sys.stderr)
    except OSError as err:
        print(f"motcua ca: không ghi được: {err}; chạy bằng sudo.", file=sys.stderr)
    return 1


def _tell_state(places: CertificatePlaces, wanted: Sequence[str]) -> int:
    files = places.broker
    for name in wanted or ("",):
        if (fault := lan_listener.judge_files(files, name)) is not None:
            print(f"✗ {fault.text}\n  → {fault.advice}")
            return 1
    end = certificates.ends(files.certificate)
    names = ", ".join(_names_in(files.certificate))
    print(f"✓ {files.certificate}: {names}; đến {end:%d/%m/%Y}")
    print(f"  Chép {places.public} sang máy khác; ở đó ghi broker.ca và broker.url mqtts://…")
    return 0


# --- making -------------------------------------------------------------------------------------


def make(places: CertificatePlaces, wanted: Sequence[str], *, renew: bool = False) -> None:
    """Where what is there does not do. No name: those it had, else this machine's own.

    Raises NoCertificate, OSError.
    """
    now, openssl = _ready()
    had = _names_in(places.broker.certificate)
    names = tuple(wanted) or had or _own_names()
    if not renew and set(names) == set(had) and _lasts(places.broker, now):
        return
    with tempfile.TemporaryDirectory(prefix="motcua-ca-") as folder:
        _Workshop(openssl, Path(folder), now).fill(places, names)
    places.public.parent.mkdir(parents=True, exist_ok=True)
    durable.replace(places.public, places.broker.ca.read_bytes(), mode=_ALL_READ)


def _make_for_pages(places: CertificatePlaces, names: Sequence[str]) -> int:
    """Anew at each call: the pages read it when they start. By the CA that the broker has."""
    now, openssl = _ready()
    with tempfile.TemporaryDirectory(prefix="motcua-ca-") as folder:
        _Workshop(openssl, Path(folder), now).fill_pages(places, names)
    print(f"✓ {places.pages_certificate}: {', '.join(names)}; đến {now + _LIFE:%d/%m/%Y}")
    print("  Ghi vào hall.yaml, mục counter, rồi khởi động lại motcua-counter:")
    print(f"  tls: {{certificate: {places.pages_certificate}, key: {places.pages_key}}}")
    print(f"  Nhập {places.broker.ca} vào trình duyệt của các máy quầy (Authorities).")
    return 0


def _ready() -> tuple[datetime, str]:
    """The hour and the openssl that certificates are made with."""
    now = SystemClock().now()
    if now < BUILD:
        raise NoCertificate(
            f"giờ máy sai ({now:%d/%m/%Y}); đặt giờ trước: sudo timedatectl set-time …"
        )
    openssl = shutil.which("openssl")
    if openssl is None:
        raise NoCertificate("chưa có openssl: sudo apt-get install openssl")
    return now, openssl


def _lasts(files: CertificateFiles, now: datetime) -> bool:
    return certificates.judge(files) is None and certificates.ends(files.certificate) - now > WARN


def _own_names() -> tuple[str, ...]:
    host = socket.gethostname()
    return (host, f"{host}.local") if "." not in host else (host,)


def _names_in(certificate: Path) -> tuple[str, ...]:
    """The names of a certificate that is there."""
    openssl = shutil.which("openssl")
    if openssl is None or not certificate.is_file():
        return ()
    asked = [openssl, "x509", "-noout", "-ext", "subjectAltName", "-in", str(certificate)]
    told = subprocess.run(asked, capture_output=True, text=True, check=False).stdout  # noqa: S603
    return tuple(re.findall(r"(?:DNS|IP Address):([^,\s]+)", told))


@dataclass(frozen=True, slots=True)
class _Workshop:
    """A folder of openssl's own, of which only what is finished leaves."""

    openssl: str
    folder: Path
    now: datetime

    def fill_pages(self, places: CertificatePlaces, names: Sequence[str]) -> None:
        self._prepare(places, names)
        key = self._key("pages.key", places.pages_key)
        self._sign("broker", names[0], key, _LIFE)
        places.pages_key.parent.mkdir(parents=True, exist_ok=True)
        durable.replace(places.pages_key, key.read_bytes(), mode=0o640, group=_PAGES)
        made = (self.folder / "broker.crt").read_bytes()
        durable.replace(places.pages_certificate, made, mode=_ALL_READ)

    def fill(self, places: CertificatePlaces, names: Sequence[str]) -> None:
        self._prepare(places, names)
        self._sign("broker", names[0], self._key("broker.key", places.broker.key), _LIFE)
        # The key first: a broker that starts in between finds a pair that it can refuse.
        durable.replace(
            places.broker.key, (self.folder / "broker.key").read_bytes(), mode=0o640, group=BROKER
        )
        durable.replace(
            places.broker.certificate, (self.folder / "broker.crt").read_bytes(), mode=_ALL_READ
        )

    def _prepare(self, places: CertificatePlaces, names: Sequence[str]) -> None:
        alternatives = ",".join(_alternative(name) for name in names)
        (self.folder / "own.cnf").write_text(_CONFIG.format(names=alternatives), encoding="ascii")
        (self.folder / "index.txt").touch()
        places.broker.folder.mkdir(parents=True, exist_ok=True)
        self._take_authority(places)

    def _take_authority(self, places: CertificatePlaces) -> None:
        """The CA that is there is kept: every machine of the hall trusts it."""
        here = self.folder / "ca.crt"
        if not places.authority_key.exists() and places.broker.ca.exists():
            raise NoCertificate(
                f"{places.broker.ca} là của CA khác (không có {places.authority_key}); nơi giữ CA "
                "ấy phải ký chứng chỉ này, hoặc xoá tệp ấy để lập CA riêng của hội trường"
            )
        key = self._key("ca.key", places.authority_key)
        if places.broker.ca.exists():
            shutil.copyfile(places.broker.ca, here)
            return
        self._sign("authority", "motcua CA", key, _CA_LIFE)
        (self.folder / "authority.crt").rename(here)
        places.authority_key.parent.mkdir(parents=True, exist_ok=True)
        places.authority_key.parent.chmod(0o700)
        durable.replace(places.authority_key, key.read_bytes())
        durable.replace(places.broker.ca, here.read_bytes(), mode=_ALL_READ)

    def _key(self, name: str, known: Path) -> Path:
        """The key that is there, so that a renewal replaces one file alone; else a new one."""
        made = self.folder / name
        with suppress(FileNotFoundError):
            shutil.copyfile(known, made)
            return made
        self._run("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out", name)
        return made

    def _sign(self, kind: str, name: str, key: Path, life: timedelta) -> None:
        asked, made = f"{kind}.csr", f"{kind}.crt"
        # The broker's names stand among its alternative ones, a common name has 64 letters.
        self._run(
            "req -new -config own.cnf -key", key.name, "-subj", f"/CN={name[:64]}", "-out", asked
        )
        end = f"{self.now + life:%Y%m%d%H%M%SZ}"
        by = ("-selfsign",) if kind == "authority" else ("-cert", "ca.crt")
        self._run(
            f"ca -batch -notext -config own.cnf -extensions {kind} -keyfile ca.key",
            *("-startdate", _BEGIN, "-enddate", end, *by, "-in", asked, "-out", made),
        )

    def _run(self, words: str, *more: str) -> None:
        done = subprocess.run(  # noqa: S603
            [self.openssl, *words.split(), *more],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise NoCertificate(
                f"openssl {words.split(maxsplit=1)[0]}: {done.stderr.strip()[-300:]}"
            )


def _alternative(name: str) -> str:
    with suppress(ValueError):
        return f"IP:{ip_address(name)}"
    return f"DNS:{name}"
