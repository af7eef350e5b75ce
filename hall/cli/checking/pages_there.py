"""The staff pages of this machine as a browser finds them: whose the port is, who is connected."""

import errno
import http.client
import ipaddress
import json
import socket
import ssl
from dataclasses import dataclass
from datetime import datetime

from hall.counter.settings import CounterPagesSection, TlsSection
from hall.runtime import certificates
from hall.web import tls
from hall.web.faults import PagesDown
from hall.web.tls import TlsFiles

_PATIENCE_S = 3.0


@dataclass(frozen=True, slots=True)
class PagesServed:
    """`watching`: browsers with a page open; `paired`: None where no pairing is asked for."""

    watching: int
    paired: int | None


class NotServed(Exception):
    """Nobody answers at the port."""


class ForeignPort(Exception):
    """Another program has the port."""


def ask(section: CounterPagesSection) -> PagesServed:
    """Raises NotServed, ForeignPort."""
    connection = _connection(section)
    try:
        connection.request("GET", "/api/pages", headers={"Host": "localhost"})
        told = json.loads(connection.getresponse().read(4096))
        return PagesServed(int(told["watching"]), told["paired"])
    except ConnectionRefusedError as err:
        raise NotServed from err
    except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError) as err:
        raise ForeignPort from err
    finally:
        connection.close()


def is_port_foreign(section: CounterPagesSection) -> bool:
    """Whether the pages could not open it here: it is taken, and not by them."""
    family = socket.AF_INET6 if ":" in section.host else socket.AF_INET
    try:
        socket.create_server((section.host, section.port), family=family).close()
    except OSError as err:
        if err.errno != errno.EADDRINUSE:
            return False
    else:
        return False
    try:
        ask(section)
    except ForeignPort:
        return True
    except NotServed:
        return False
    return False


def fault_of(files: TlsSection, now: datetime) -> str:
    """What is wrong with certificate and key, or will be within a month; "" = nothing."""
    try:
        tls.context_of(TlsFiles(files.certificate, files.key))
        end = certificates.ends(files.certificate)
    except PagesDown as err:
        return str(err)
    except (OSError, ValueError):
        return f"không đọc được {files.certificate}"
    if end - now > certificates.WARN:
        return ""
    state = "đã hết hạn" if end <= now else "sắp hết hạn"
    return f"chứng chỉ của trang cán bộ {state}: {end:%d/%m/%Y}"


def _connection(section: CounterPagesSection) -> http.client.HTTPConnection:
    host = ipaddress.ip_address(section.host)
    loopback = "::1" if host.version == 6 else "127.0.0.1"  # noqa: PLR2004
    name = loopback if host.is_unspecified else section.host
    if section.tls is None:
        return http.client.HTTPConnection(name, section.port, _PATIENCE_S)
    # What it is asked for is whether it answers; the certificate is judged from its file.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return http.client.HTTPSConnection(name, section.port, timeout=_PATIENCE_S, context=context)
