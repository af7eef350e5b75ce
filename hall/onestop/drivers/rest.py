"""A JSON look-up described in the YAML, with OIDC client credentials: VNPT iGate's public one."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import quote

from pydantic import Field, field_validator

from hall.onestop.askers import Askers
from hall.onestop.dossiers import Dossier
from hall.onestop.intake.dates import DateOrder
from hall.onestop.intake.mapping import DossierColumn
from hall.onestop.places import Place
from hall.onestop.ports import FiguresTold, Post, Told
from hall.onestop.records import RecordMapping
from hall.onestop.supplier_section import ConnectedSupplier, OnestopSurroundings
from hall.onestop.web import ServiceDenied, Unreadable, WebService, at, refusal_in
from hall.onestop.web_figures import WebFigures, WebFiguresSection
from hall.onestop.web_section import WebSection
from hall.runtime import credentials
from hall.runtime.clock import Clock
from hall.runtime.settings import Section

_FAR_S = 3600.0
# A token is renewed so long before it ends: clocks differ, and answers take their time.
_EARLY_S = 30.0


class TokenSection(Section):
    """OIDC client credentials."""

    url: str = Field(pattern=r"^https?://[^\s]+$", description="Địa chỉ lấy access_token.")
    client_id: str = Field(min_length=1, description="client_id được cấp.")
    credential: str = Field(
        pattern=r"^[a-z0-9-]{1,64}$",
        description="Tên mật khẩu (client_secret), không phải giá trị.",
    )
    scope: str = Field(default="", description="scope, nếu máy cấp quyền đòi.")


class LookupSection(Section):
    """How a dossier is asked for, and where in the answer each meaning stands."""

    path: str = Field(
        pattern=r"^/",
        description="Đường dẫn; {code} là mã hồ sơ.",
        examples=["/pa/dossier-search/dvc"],
    )
    query: dict[str, str] = Field(
        default_factory=dict,
        description="Tham số; {code} là mã hồ sơ.",
        examples=[{"code": "{code}"}],
    )
    found: str = Field(
        default="", description="Danh sách hồ sơ nằm ở đâu trong trả lời.", examples=["content"]
    )
    fields: dict[DossierColumn, str] = Field(
        description="Ý nghĩa: nơi của nó trong một hồ sơ. Cần có code và status.",
        examples=[{"code": "code", "procedure_name": "procedure.translate.0.name"}],
    )
    statuses: dict[str, Annotated[int, Field(ge=1, le=10)]] = Field(
        default_factory=dict, description="Trạng thái riêng của dịch vụ: số 1–10."
    )
    dates: Literal["day-first", "month-first"] = Field(
        default="day-first", description="Ngày có dấu / viết ngày trước hay tháng trước."
    )

    @field_validator("fields")
    @classmethod
    def _enough(cls, fields: dict[DossierColumn, str]) -> dict[DossierColumn, str]:
        if not {"code", "status"} <= set(fields):
            raise ValueError("cần có code và status")
        return fields


class RestSection(WebSection):
    """A JSON look-up, and figures of any number of units; procedures come by another way."""

    driver: Literal["rest"] = Field(description="Tra cứu JSON mô tả trong tệp này.")
    token: TokenSection | None = Field(default=None, description="Lấy quyền kiểu OIDC.")
    scheme: Literal["Bearer", "Basic"] = Field(
        default="Bearer", description="Khi có credential: kiểu xác thực."
    )
    credential: str = Field(
        default="",
        pattern=r"^[a-z0-9-]{0,64}$",
        description="Tên của khoá cố định, khi không có token.",
    )
    lookup: LookupSection = Field(description="Cách tra một hồ sơ.")
    figures: WebFiguresSection | None = Field(
        default=None, description="Cách hỏi số liệu, nếu dịch vụ có; không ghi: theo đường khác."
    )

    def connect(self, where: OnestopSurroundings) -> ConnectedSupplier:
        rest = RestSupplier(self, where.state, where.zone, where.clock, where.at_once)
        return ConnectedSupplier(rest, spreading=rest)


@dataclass(slots=True)
class Token:
    """An access token by client credentials (RFC 6749, 4.4), kept while it lasts."""

    section: TokenSection
    state: Path
    service: WebService
    clock: Clock
    _text: str = ""
    _until: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def header(self) -> Mapping[str, str]:
        """Raises WebError, MissingCredential."""
        with self._lock:
            if self.clock.monotonic() >= self._until:
                self._renew()
            return {"authorization": f"Bearer {self._text}"}

    def forget(self) -> None:
        with self._lock:
            self._until = 0.0

    def _renew(self) -> None:
        form = {
            "grant_type": "client_credentials",
            "client_id": self.section.client_id,
            "client_secret": credentials.read(self.section.credential, self.state),
        }
        if self.section.scope:
            form["scope"] = self.section.scope
        told = self.service.send("POST", "", form)
        text, lasts = at(told, "access_token"), at(told, "expires_in")
        if not isinstance(text, str) or not text:
            raise Unreadable("máy cấp quyền không trả access_token")
        self._text = text
        seconds = float(lasts) if isinstance(lasts, int | float) else 60.0
        self._until = self.clock.monotonic() + max(1.0, seconds - _EARLY_S)


@dataclass(slots=True)
class RestSupplier:
    """Look-ups and figures, over one service and one token; procedures have their own way in."""

    section: RestSection
    state: Path
    zone: tzinfo
    clock: Clock
    at_once: int = 2
    source: str = field(init=False)
    _service: WebService = field(init=False)
    _token: Token | None = field(init=False, default=None)
    _reading: RecordMapping = field(init=False)
    _askers: Askers | None = field(init=False, default=None)
    _figures: WebFigures | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        section = self.section
        self.source = section.source
        if section.token is not None:
            place = WebService(section.token.url, self.clock, section.ca)
            self._token = Token(section.token, self.state, place, self.clock)
        self._service = WebService(section.url, self.clock, section.ca, self._headers)
        order = DateOrder(section.lookup.dates)
        fields = {str(name): path for name, path in section.lookup.fields.items()}
        self._reading = RecordMapping(fields, section.lookup.statuses, order, self.zone)
        if section.figures is not None:
            self._figures = WebFigures(
                section.figures, self._get, self.source, self.clock, self.zone
            )

    def spread(self, post: Callable[[Place, Told], None]) -> None:
        if self._figures is not None:
            self._figures.post_of_place = lambda place, told: post(place, FiguresTold(told))

    def start(self, post: Post) -> None:
        self._askers = Askers(
            self.find, self._service.breaker, post, self.clock, at_once=self.at_once
        )
        self._askers.start()
        if self._figures is not None:
            self._figures.start(lambda told: post(FiguresTold(told)))

    def stop(self) -> None:
        if self._figures is not None:
            self._figures.stop()
        if self._askers is not None:
            self._askers.stop()
        self._service.close()

    def tick(self, now: float) -> float:
        return now + _FAR_S

    def look_up(self, ref: str, code: str) -> None:
        if self._askers is not None:
            self._askers.want_dossier(ref, code)

    def find(self, code: str) -> Dossier | None:
        """The dossier of exactly this code. Raises WebError, MissingCredential."""
        lookup = self.section.lookup
        path = lookup.path.replace("{code}", quote(code, safe=""))
        query = {key: value.replace("{code}", code) for key, value in lookup.query.items()}
        told = self._get(path, query)
        return None if told is None else self._chosen(told, code)

    def _get(self, path: str, query: Mapping[str, str]) -> Any:  # noqa: ANN401 - whatever JSON holds
        """With a new token where the old one is refused. Raises WebError, MissingCredential."""
        try:
            return self._service.get(path, query)
        except ServiceDenied:
            if self._token is None:
                raise
            self._token.forget()
            return self._service.get(path, query)

    def _chosen(self, told: object, code: str) -> Dossier | None:
        """A service that finds codes by their beginning tells others too: they are not ours."""
        records = at(told, self.section.lookup.found)
        if not isinstance(records, list | dict):
            raise Unreadable(refusal_in(told))
        for record in records if isinstance(records, list) else [records]:
            found = self._reading.dossier(record) if isinstance(record, dict) else None
            if found is not None and found.code == code:
                return found
        return None

    def _headers(self) -> Mapping[str, str]:
        if self._token is not None:
            return self._token.header()
        if self.section.credential:
            secret = credentials.read(self.section.credential, self.state)
            return {"authorization": f"{self.section.scheme} {secret}"}
        return {}
