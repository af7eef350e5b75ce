"""The broker's listener in the hall's network, and whether mosquitto can start with it.

Mosquitto ends where one of its listeners cannot be had: an address that the machine has not, a key
that it may not read. Loopback must outlive that, so this listener stands in a file of its own, and
what mosquitto reads is a copy that is made before each of its starts, empty where it cannot work.

    etc/mosquitto/motcua-lan.conf ──judge──▶ run/motcua-broker/lan.conf ◀── conf.d/motcua-lan.conf
"""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from pwd import getpwnam

from hall.runtime import certificates, durable, ownership
from hall.runtime.broker_files import BROKER
from hall.runtime.certificates import CertificateFiles
from hall.runtime.link_faults import LinkFault, Outlook

WANTED = Path("etc/mosquitto/motcua-lan.conf")
GIVEN = Path("run/motcua-broker/lan.conf")
LINK = Path("etc/mosquitto/conf.d/motcua-lan.conf")


def config(address: str, folder: str, port: int = 8883) -> str:
    """`address`: the only one that is served; "" = all of this machine's, now and later."""
    files = CertificateFiles(Path(folder))
    return (
        f"{f'listener {port} {address}'.rstrip()}\n"
        "use_username_as_clientid true\n"
        f"cafile {files.ca}\ncertfile {files.certificate}\nkeyfile {files.key}\n"
        "tls_version tlsv1.2\n"
    )


def judge(text: str) -> LinkFault | None:
    """Whether mosquitto, by its own user, can serve this listener; its port must be free."""
    words = dict(line.split(" ", 1) for line in text.splitlines() if " " in line)
    port, _, address = words.get("listener", "").partition(" ")
    if not port.isdigit():
        return LinkFault("không hiểu tệp cổng mạng", "Chạy lại motcua broker-config.")
    files = CertificateFiles(Path(words.get("keyfile", "")).parent)
    # Not by the time: a Pi starts without one, and mosquitto serves with any.
    return _unusable(files) or _cannot_bind(address, int(port))


def _unusable(files: CertificateFiles) -> LinkFault | None:
    with as_broker():
        fault = certificates.unreadable(files)
    return fault or certificates.unusable(files)


def judge_files(files: CertificateFiles, name: str = "") -> LinkFault | None:
    """As a client of this name finds them, once mosquitto's own user can read them."""
    return _unusable(files) or certificates.judge(files, name)


def _cannot_bind(address: str, port: int) -> LinkFault | None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind((address, port))
        except OSError as err:
            place = f"{address or 'mọi địa chỉ'}, cổng {port}"
            return LinkFault(
                f"không mở được cổng mạng của broker ({place}: {err.strerror})",
                "Địa chỉ máy này đã đổi thì chạy lại motcua broker-config --listen (không ghi "
                "địa chỉ: mọi địa chỉ); cổng bị chương trình khác giữ: sudo ss -ltnp.",
                Outlook.LASTING,
            )
    return None


def renew_copy(root: Path) -> LinkFault | None:
    """Make the copy that mosquitto reads; what is left out of it, and why. Raises OSError."""
    try:
        text = (root / WANTED).read_text(encoding="utf-8")
    except FileNotFoundError:
        text = ""
    fault = judge(text) if text else None
    given = root / GIVEN
    given.parent.mkdir(parents=True, exist_ok=True)
    given.write_text("# Left out\n" if fault else text or "# No network\n", encoding="utf-8")
    return fault


def put(root: Path, text: str) -> list[Path]:
    """Write it for the next start of mosquitto; empty: the hall is one machine."""
    link = root / LINK
    link.unlink(missing_ok=True)
    (root / WANTED).unlink(missing_ok=True)
    if not text:
        return []
    for path in (root / WANTED, root / GIVEN, link):
        path.parent.mkdir(parents=True, exist_ok=True)
    durable.replace(root / WANTED, text.encode(), mode=0o644)
    if not (root / GIVEN).exists():
        (root / GIVEN).write_text("# Not judged yet\n", encoding="utf-8")
    # Relative: a root is also filled before it is anybody's.
    link.symlink_to(os.path.relpath(root / GIVEN, link.parent))
    return [root / WANTED, link]


@contextmanager
def as_broker() -> Iterator[None]:
    """Mosquitto opens its certificates after it has dropped to its own user.

    Nothing is imported in here: that user may not enter the folder of this program.
    """
    user = None
    with suppress(KeyError):
        user = getpwnam(BROKER)
    if user is None or os.geteuid() != 0:
        yield
        return
    groups = os.getgrouplist(BROKER, user.pw_gid)
    with ownership.acting_as(user.pw_uid, user.pw_gid, groups):
        yield
