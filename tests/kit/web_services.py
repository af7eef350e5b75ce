"""One-stop software on HTTP, as OpenCPS 2 and VNPT iGate answer, with real networks' faults."""

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

Fault = Literal[
    "none", "down", "busy", "html", "redirect", "not json", "nan", "cut", "huge", "drip", "silent"
]
CODE = "H38.12-261120-0005"


@dataclass
class Asked:
    """One request, as the service saw it."""

    method: str
    path: str
    query: dict[str, str]
    form: dict[str, str]
    headers: dict[str, str]


@dataclass
class Service:
    """`answer` tells status and content of a request; `fault` what goes wrong on the way."""

    answer: Callable[[Asked], tuple[int, Any]]
    fault: Fault = "none"
    heal_after: int | None = None
    asked: list[Asked] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    def fault_now(self) -> Fault:
        """The fault passes after so many requests, where that is said."""
        if self.heal_after is not None and len(self.asked) > self.heal_after:
            return "none"
        return self.fault


@contextmanager
def serving(answer: Callable[[Asked], tuple[int, Any]]) -> Iterator[Service]:
    """A service on a free port of this machine."""
    service = Service(answer)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._serve()

        def do_POST(self) -> None:
            self._serve()

        def do_PUT(self) -> None:
            self._serve()

        def log_message(self, *_words: object) -> None:
            """Tests read `asked`."""

        def _serve(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
            query = {key: values[0] for key, values in parse_qs(parts.query).items()}
            form = {
                key: values[0] for key, values in parse_qs(body, keep_blank_values=True).items()
            }
            headers = {key.lower(): value for key, value in self.headers.items()}
            asked = Asked(self.command, parts.path, query, form, headers)
            service.asked.append(asked)
            _respond(self, service, asked)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    service.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield service
    finally:
        service.ended.set()
        server.shutdown()
        server.server_close()
        thread.join()


_SPOILT: dict[str, tuple[int, bytes, str]] = {
    "down": (500, b"Internal Server Error", "text/plain"),
    "busy": (503, b"Service Unavailable", "text/plain"),
    "html": (200, "<!doctype html><title>Đăng nhập Wi-Fi</title>".encode(), "text/html"),
    "redirect": (302, b"", "text/plain"),
    "not json": (200, b"{'a': 1}", "application/json"),
    "nan": (200, b'{"content": [NaN]}', "application/json"),
    "huge": (200, b'{"x": "' + b"x" * (3 * 1024 * 1024) + b'"}', "application/json"),
}


def _respond(handler: BaseHTTPRequestHandler, service: Service, asked: Asked) -> None:
    status, content = service.answer(asked)
    body = json.dumps(content, ensure_ascii=False).encode()
    fault = service.fault_now()
    if fault == "silent":
        service.ended.wait(30)
    elif fault == "drip":
        _drip(handler, service, status, body)
    elif fault == "cut":
        _send(handler, (status, body[: len(body) // 2], "application/json"), len(body))
    else:
        whole = _SPOILT.get(fault, (status, body, "application/json"))
        _send(handler, whole, len(whole[1]))


def _send(handler: BaseHTTPRequestHandler, whole: tuple[int, bytes, str], length: int) -> None:
    status, body, kind = whole
    handler.send_response(status)
    handler.send_header("content-type", kind)
    handler.send_header("content-length", str(length))
    if status == 302:
        handler.send_header("location", "http://192.0.2.1/login")
    handler.end_headers()
    with contextlib.suppress(OSError):  # Who asked may have given up.
        handler.wfile.write(body)


def _drip(handler: BaseHTTPRequestHandler, service: Service, status: int, body: bytes) -> None:
    """A byte now and then: no read ever times out by itself."""
    handler.send_response(status)
    handler.send_header("content-length", str(len(body)))
    handler.end_headers()
    for byte in body:
        if service.ended.wait(0.2):
            return
        try:
            handler.wfile.write(bytes([byte]))
            handler.wfile.flush()
        except OSError:
            return


# --- VNPT iGate's public look-up ----------------------------------------------------------------

IGATE = {
    "code": CODE,
    "applicant": {"data": {"fullname": "Giàng A Páo", "identityNumber": "011203004567"}},
    "procedure": {"code": "1.001193", "translate": [{"name": "Đăng ký khai sinh"}]},
    "statusCurrentTask": "Yêu cầu bổ sung giấy tờ",
    "applyMethod": {"name": "Trực tuyến"},
    "appliedDate": "2026-11-20T08:00:00.000+07:00",
    "appointmentDate": "2026-11-25T17:00:00.000+07:00",
    "completedDate": None,
}


def igate(asked: Asked) -> tuple[int, Any]:
    """Tokens at /token, dossiers at /pa/dossier-search/dvc; finds codes by their beginning."""
    if asked.path == "/token":
        right = asked.form.get("client_secret") == "s3cret"
        return (200, {"access_token": "t0ken", "expires_in": 300}) if right else (401, {})
    if asked.headers.get("authorization") != "Bearer t0ken":
        return 401, {"error": "invalid_token"}
    wanted = asked.query.get("code", "")
    near = {**IGATE, "code": f"{CODE}9"}
    found = [each for each in (near, IGATE) if each["code"].startswith(wanted)]
    return 200, {"content": found, "totalElements": len(found)}


# --- OpenCPS 2 ----------------------------------------------------------------------------------

DOSSIER = {
    "dossierId": 12,
    "dossierNo": CODE,
    "dossierStatus": "releasing",
    "serviceCode": "1.001193",
    "serviceName": "Đăng ký khai sinh",
    "domainName": "Hộ tịch",
    "applicantName": "Giàng A Páo",
    "contactTelNo": "0912345678",
    "receiveDate": "20/11/2026 08:00:00",
    "dueDate": "25/11/2026 17:00:00",
    "releaseDate": "24/11/2026 10:00:00",
}


@dataclass
class Opencps:
    """Dossiers, and the bookings it was told of."""

    bookings: dict[str, dict[str, str]] = field(default_factory=dict)
    online: list[dict[str, Any]] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def answer(self, asked: Asked) -> tuple[int, Any]:
        right = asked.headers.get("authorization", "").startswith("Basic ")
        if not right or asked.headers.get("groupid") != "55301":
            return 401, {"description": "Unauthorized"}
        parts = asked.path.removeprefix("/o/rest/v2/").split("/")
        match asked.method, parts:
            case "GET", ["dossiers"]:
                found = [DOSSIER] if asked.query.get("dossierNo") == CODE else []
                return 200, {"total": len(found), "data": found}
            case "GET", ["bookings", "EFORM"]:
                return 200, {"total": len(self.online), "data": self.online}
            case "POST", ["bookings"]:
                return 200, self._put(str(len(self.bookings) + 1), asked.form)
            case "PUT", ["bookings", booking]:
                return 200, self._put(booking, asked.form)
            case _:
                return 404, {}

    def _put(self, booking: str, form: dict[str, str]) -> dict[str, Any]:
        with self.changed:
            self.bookings[booking] = self.bookings.get(booking, {}) | form
            self.changed.notify_all()
        return {"bookingId": int(booking), "count": 0, "state": int(form.get("state", 1))}

    def await_booking(self, **wanted: str) -> bool:
        """Whether a booking comes to hold these values within a minute."""

        def there() -> bool:
            return any(wanted.items() <= held.items() for held in self.bookings.values())

        with self.changed:
            return self.changed.wait_for(there, 60)
