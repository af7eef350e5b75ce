"""TLS to the broker: a context for every connection, with the CA's file as it is at that moment.

A context that is kept would also keep the certificate of a CA that has been replaced since; one
of the same name hides its successor.
"""

import socket
import ssl
from dataclasses import dataclass
from pathlib import Path

from hall.runtime import link_faults
from hall.runtime.link_faults import LinkFault


class CaUnusable(OSError):
    """Nobody can be trusted: the CA's file is missing or is none."""

    def __init__(self, fault: LinkFault) -> None:
        super().__init__(fault.text)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class FreshTls:
    """Stands where paho wants an SSLContext. `ca`: a PEM file; empty = the system's CAs."""

    ca: str
    check_hostname: bool = True

    def wrap_socket(self, sock: socket.socket, server_hostname: str, **_: object) -> ssl.SSLSocket:
        """Shake hands at once, and close on failure: paho would leave the socket open."""
        try:
            return self._context().wrap_socket(sock, server_hostname=server_hostname)
        except OSError:
            sock.close()
            raise

    def _context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        if not self.ca:
            context.load_default_certs()
            return context
        try:
            context.load_verify_locations(cadata=Path(self.ca).read_text(encoding="ascii"))
        except (ssl.SSLError, ValueError) as err:
            raise CaUnusable(link_faults.no_certificate(self.ca)) from err
        except OSError as err:
            raise CaUnusable(link_faults.unreadable(err, "tệp CA")) from err
        return context


def fault_of(err: BaseException, place: str, *, tls: bool) -> LinkFault:
    """What opening the connection raised. `place`: host:port."""
    return err.fault if isinstance(err, CaUnusable) else link_faults.of_error(err, place, tls=tls)
