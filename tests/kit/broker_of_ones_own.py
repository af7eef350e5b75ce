"""A mosquitto that a test rules alone: its passwords, its certificate, its end."""

import socket
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from hall.runtime.broker import _answers, mosquitto
from hall.runtime.broker_files import passwords_file
from hall.runtime.clock import SystemClock

START_S = 10.0


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@dataclass(slots=True)
class OwnBroker:
    """`words`: user → password, as the broker knows them. `tls`: folder of broker.crt, .key."""

    folder: Path
    words: dict[str, str]
    tls: Path | None = None
    port: int = field(default_factory=free_port)
    _process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Returns once it answers."""
        self.folder.mkdir(exist_ok=True)
        (self.folder / "words").write_text(passwords_file(self.words))
        certificate = (
            f"certfile {self.tls}/broker.crt\nkeyfile {self.tls}/broker.key\n" if self.tls else ""
        )
        (self.folder / "mosquitto.conf").write_text(
            f"user root\nlistener {self.port} 127.0.0.1\n{certificate}"
            f"password_file {self.folder}/words\nallow_anonymous false\n"
        )
        self._process = subprocess.Popen(
            [mosquitto(), "-c", str(self.folder / "mosquitto.conf")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        clock = SystemClock()
        deadline = clock.monotonic() + START_S
        while not _answers(self.port):
            assert self._process.poll() is None, "mosquitto ended"
            assert clock.monotonic() < deadline, "mosquitto does not answer"

    def stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.terminate()
            process.wait(START_S)

    def change(self, user: str, word: str) -> None:
        """Another password at the broker, which starts afresh with it."""
        self.stop()
        self.words[user] = word
        self.start()


# As `openssl ca` reads them: YYYYMMDDHHMMSSZ.
_PAST, _LONG_PAST, _FUTURE = "20210101000000Z", "20200101000000Z", "20990101000000Z"
_SPANS = {
    "valid": (_LONG_PAST, _FUTURE),
    "expired": (_LONG_PAST, _PAST),
    "early": (_FUTURE, "20991231000000Z"),
}
_CONFIG = """\
[ca]
default_ca = own
[own]
database = index.txt
new_certs_dir = .
serial = serial
default_md = sha256
policy = any
x509_extensions = names
[any]
commonName = supplied
[names]
basicConstraints = CA:TRUE
subjectAltName = {names}
"""


def certificate(
    folder: Path, span: str = "valid", names: str = "DNS:localhost,IP:127.0.0.1"
) -> Path:
    """A self-signed certificate that stands for a CA and its broker.

    `span`: valid, expired, early, or when it ends.
    """
    folder.mkdir()
    (folder / "own.cnf").write_text(_CONFIG.format(names=names))
    (folder / "index.txt").touch()
    (folder / "serial").write_text("01")
    begins, ends = _SPANS.get(span, (_LONG_PAST, span))
    asked = (
        "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=own "
        "-keyout broker.key -out own.csr"
    )
    signed = (
        "ca -batch -config own.cnf -selfsign -keyfile broker.key -in own.csr -notext "
        f"-out broker.crt -startdate {begins} -enddate {ends}"
    )
    for command in (asked, signed):
        subprocess.run(["openssl", *command.split()], cwd=folder, check=True, capture_output=True)
    return folder
