"""The hall's network as another machine sees it: the broker by TLS, the staff pages by HTTP."""

import json
import ssl
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from emulated.guest import Guest

from hall.runtime.bus_mqtt import MqttBus, Server
from hall.runtime.clock import SystemClock
from hall.runtime.daemon import Ground
from hall.runtime.requester import new_id
from hall.runtime.terminal import Terminal

# The machine's own address, as QEMU's network gives it out.
ADDRESS = "10.0.2.15"
PAGE_PORT = 8080
BROKER_PORT = 8883
# How its forwarded ports are reached from here.
DOOR = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Network:
    """`ports`: of the machine's, those that are reached from here and by which of ours.

    `folder`: what another machine of the hall keeps, the copy of its CA.
    """

    hall: str
    ports: Mapping[int, int]
    folder: Path

    @property
    def ca(self) -> Path:
        return self.folder / "ca.crt"

    def terminal(self, client: str, guest: Guest) -> Terminal:
        """Whoever holds this client's password, at another machine."""
        password = guest.ask(f"cat /etc/motcua/credentials/{client}")
        server = Server(DOOR, self.ports[BROKER_PORT], password, tls=True, ca=str(self.ca))
        clock = SystemClock()

        def bus(name: str) -> MqttBus:
            return MqttBus(name, self.hall, server, clock)

        return Terminal(Ground(self.hall, clock, self.folder, bus).context_of(client))

    def browser(self) -> "Browser":
        return Browser(f"http://{DOOR}:{self.ports[PAGE_PORT]}")

    def trusting_browser(self, ca: str) -> "Browser":
        """Over TLS, and only to a server of this CA (PEM)."""
        context = ssl.create_default_context(cadata=ca)
        return Browser(f"https://{DOOR}:{self.ports[PAGE_PORT]}", context)


class Browser:
    """A clerk's browser as far as it needs no picture: cookies, forms, the pages' own requests."""

    def __init__(self, site: str, trust: ssl.SSLContext | None = None) -> None:
        self._site = site
        cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        tls = [] if trust is None else [urllib.request.HTTPSHandler(context=trust)]
        self._opener = urllib.request.build_opener(cookies, *tls)

    def pair(self, code: str) -> str:
        """Type the counter's code; the page that one is sent to."""
        form = urlencode({"code": code}).encode()
        with self._opener.open(f"{self._site}/ghep", form, timeout=30) as page:
            return str(page.url)

    def page(self, path: str) -> str:
        with self._opener.open(f"{self._site}{path}", timeout=30) as page:
            return str(page.read().decode())

    def act(self, counter: str, verb: str) -> Mapping[str, Any]:
        """What the page's button does; the queue's answer."""
        return self.ask(f"/api/counter/{counter}/{verb}", {"id": new_id()})

    def ask(self, path: str, body: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        """The pages' own question, or a press of theirs; also where the answer is a refusal."""
        sent = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            f"{self._site}{path}", sent, {"content-type": "application/json"}
        )
        try:
            with self._opener.open(request, timeout=30) as answer:
                found = json.loads(answer.read())
        except urllib.error.HTTPError as refusal:
            found = json.loads(refusal.read())
        assert isinstance(found, dict)
        return found
