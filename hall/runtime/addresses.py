"""By which address this machine is known to another."""

import ipaddress
import socket


def with_address(machine: str, host: str, port: int) -> str:
    """Copied cards have one name: the address by which this machine reaches `host` tells more.

    Connecting a datagram socket sends nothing.
    """
    try:
        family, kind, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
        with socket.socket(family, kind) as sock:
            sock.connect(place)
            address = ipaddress.ip_address(sock.getsockname()[0])
    except (OSError, ValueError):
        return machine
    return machine if address.is_loopback else f"{machine} ({address})"
