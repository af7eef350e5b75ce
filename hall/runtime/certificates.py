"""What the broker's certificate is worth, found as a client finds it: by a handshake in memory."""

import re
import ssl
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hall.runtime import link_faults
from hall.runtime.link_faults import LinkFault, Outlook

FOLDER = "/etc/mosquitto/certs"
# How long before its end people are told: a technician comes once a month.
WARN = timedelta(days=30)
RENEW = (
    "Làm mới trên máy có broker: sudo motcua ca --write /, rồi: sudo systemctl restart mosquitto"
)
# RFC 5280, 4.1.2.5: `notBefore` and `notAfter` are the first two times that stand side by side,
# each UTCTime (until 2049) or GeneralizedTime, always with seconds and Z.
_VALIDITY = re.compile(rb"\x30[\x1e\x20\x22]" + rb"(?:\x17\x0d(\d{12})Z|\x18\x0f(\d{14})Z)" * 2)
# TLS 1.3 needs three turns until the client has judged its server.
_TURNS = 4


@dataclass(frozen=True, slots=True)
class CertificateFiles:
    """The broker's three files, by the names that the generated configuration gives them."""

    folder: Path

    @property
    def ca(self) -> Path:
        return self.folder / "ca.crt"

    @property
    def certificate(self) -> Path:
        return self.folder / "broker.crt"

    @property
    def key(self) -> Path:
        return self.folder / "broker.key"


def ends(certificate: Path) -> datetime:
    """When a certificate (PEM) ends. Raises OSError, ValueError where it is none."""
    der = ssl.PEM_cert_to_DER_cert(_first(certificate.read_text(encoding="ascii")))
    found = _VALIDITY.search(der)
    if found is None:
        raise ValueError(f"{certificate}: no validity")
    short, long = found[3], found[4]
    # RFC 5280, 4.1.2.5.1: two digits below 50 are of this century.
    digits = (long or (b"20" if short < b"50" else b"19") + short).decode("ascii")
    return datetime.fromisoformat(f"{digits[:8]}T{digits[8:]}").replace(tzinfo=UTC)


def _first(pem: str) -> str:
    """Without what openssl writes before it, and without the chain behind it."""
    begin, end = pem.find(ssl.PEM_HEADER), pem.find(ssl.PEM_FOOTER)
    return pem[begin : end + len(ssl.PEM_FOOTER)] if 0 <= begin < end else pem


def unreadable(files: CertificateFiles) -> LinkFault | None:
    """The first file that this process may not read."""
    for path in (files.ca, files.certificate, files.key):
        try:
            path.read_bytes()
        except OSError as err:
            return _unreadable(path, err)
    return None


def unusable(files: CertificateFiles) -> LinkFault | None:
    """What keeps a server from starting; whether the time fits is for its clients to say."""
    if (fault := unreadable(files)) is not None:
        return fault
    try:
        _server(files)
        _client(files, "")
    except _UnusableFile as err:
        return err.fault
    return None


def judge(files: CertificateFiles, name: str = "") -> LinkFault | None:
    """What keeps a client that calls the broker by `name` ("": by any) from trusting it."""
    if (fault := unreadable(files)) is not None:
        return fault
    try:
        server = _server(files)
        client = _client(files, name)
    except _UnusableFile as err:
        return err.fault
    try:
        _shake_hands(client, server, name)
    except ssl.SSLCertVerificationError as err:
        return _distrusted(files, name, err)
    except ssl.SSLError as err:
        return LinkFault(f"không bắt tay TLS được ({err.reason or err})", RENEW, Outlook.LASTING)
    return None


class _UnusableFile(Exception):
    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.fault = LinkFault(text, RENEW, Outlook.LASTING)


def _server(files: CertificateFiles) -> ssl.SSLContext:
    try:
        ends(files.certificate)
    except ValueError as err:
        raise _UnusableFile(f"{files.certificate} không phải chứng chỉ PEM") from err
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(files.certificate, files.key, password="")
    except ssl.SSLError as err:
        if err.reason == "KEY_VALUES_MISMATCH":
            raise _UnusableFile(f"{files.key} không phải khoá của {files.certificate}") from err
        raise _UnusableFile(f"{files.key} không phải khoá PEM không mật khẩu") from err
    return context


def _client(files: CertificateFiles, name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = bool(name)
    try:
        context.load_verify_locations(cadata=files.ca.read_text(encoding="ascii"))
    except (ssl.SSLError, ValueError) as err:
        raise _UnusableFile(f"{files.ca} không phải chứng chỉ PEM") from err
    return context


def _shake_hands(client: ssl.SSLContext, server: ssl.SSLContext, name: str) -> None:
    """Raises SSLError."""
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends_of_line = (
        client.wrap_bio(down, up, server_hostname=name or None),
        server.wrap_bio(up, down, server_side=True),
    )
    for _ in range(_TURNS):
        for each in ends_of_line:
            with suppress(ssl.SSLWantReadError):
                each.do_handshake()


def _distrusted(files: CertificateFiles, name: str, err: ssl.SSLCertVerificationError) -> LinkFault:
    known = link_faults.of_error(err, name, tls=True)
    text = known.text.replace("chứng chỉ của broker", f"chứng chỉ {files.certificate}")
    return LinkFault(text, f"{known.advice} {RENEW}", Outlook.LASTING)


def _unreadable(path: Path, err: OSError) -> LinkFault:
    if isinstance(err, FileNotFoundError):
        return LinkFault(f"thiếu tệp {path}", RENEW, Outlook.LASTING)
    advice = f"Cho broker đọc: sudo chgrp mosquitto {path}; sudo chmod 640 {path}"
    return LinkFault(f"không đọc được tệp {path} ({err.strerror})", advice, Outlook.LASTING)
