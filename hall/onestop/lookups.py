"""Dossier look-ups: each is asked of the supplier once, and answered once or given up."""

import logging
from dataclasses import dataclass
from math import inf
from typing import Protocol

from hall.contract.dossier_codes import to_look_up
from hall.contract.messages import ErrorCode
from hall.contract.onestop_requests import DossierData, DossierLookup
from hall.contract.words import WireModel
from hall.onestop.dossiers import STATUSES, UNKNOWN_STATUS, Dossier, dossier_data
from hall.onestop.ports import Away, LookupLimit, Outcome, Supplier
from hall.onestop.quota import Quota, QuotaVerdict
from hall.runtime.clock import Clock

log = logging.getLogger(__name__)

# A kiosk gives up after 5 s; what comes later helps nobody.
PATIENCE_S = 6.0
AWAY = "Phần mềm một cửa tạm thời chưa trả lời. Mời ông/bà đến quầy hướng dẫn."
_UNKNOWN = "Không tìm thấy hồ sơ có mã này. Mời kiểm tra lại mã trên giấy hẹn."
_UPDATING = "Tình trạng hồ sơ đang cập nhật. Mời ông/bà hỏi quầy hướng dẫn."
_LIMIT = "Đã tra cứu nhiều lần. Mời đợi một phút rồi thử lại."


@dataclass(frozen=True, slots=True)
class _PendingLookup:
    client: str
    id: str
    until: float


class Answers(Protocol):
    """How those who look something up are answered: in a hall its bus, else a far link."""

    @property
    def clock(self) -> Clock: ...

    def reply(self, to: str, request_id: str, data: WireModel | None = None) -> None: ...

    def refuse(self, to: str, request_id: str, code: ErrorCode, text: str = "") -> None: ...


class Lookups:
    """`up`: the supplier can be asked. `patience_s`: when a look-up is given up."""

    def __init__(
        self, context: Answers, supplier: Supplier, quota: Quota, patience_s: float = PATIENCE_S
    ) -> None:
        self._context = context
        self._patience_s = patience_s
        self._supplier = supplier
        self._quota = quota
        self._pending: dict[str, _PendingLookup] = {}
        self._up = False

    @property
    def up(self) -> bool:
        return self._up

    def note_link(self, *, up: bool) -> None:
        self._up = up

    def take_request(self, client: str, request: DossierLookup) -> None:
        now = self._context.clock.monotonic()
        code = to_look_up(request.code, self._context.clock.now().date()) or ""
        match self._quota.judge(client, request.id, code, now):
            case QuotaVerdict.TOO_MANY:
                self._context.refuse(client, request.id, "limit", _LIMIT)
            case QuotaVerdict.ID_REUSED:
                self._context.refuse(client, request.id, "id_reused")
            case QuotaVerdict.FRESH | QuotaVerdict.AGAIN:
                self._ask_supplier(_PendingLookup(client, request.id, now + self._patience_s), code)

    def take_answer(self, ref: str, outcome: Outcome) -> None:
        """What the supplier says to `ref`; None: it knows no such dossier."""
        asked = self._pending.pop(ref, None)
        if asked is None:
            return
        match outcome:
            case Dossier(status=status) if status == UNKNOWN_STATUS:
                self._context.refuse(asked.client, asked.id, "unavailable", _UPDATING)
            case Dossier(status=status):
                if status not in STATUSES:
                    log.warning(
                        "a dossier has status %d, which the national portal has not", status
                    )
                self._context.reply(asked.client, asked.id, dossier_data(outcome))
            case DossierData():
                self._context.reply(asked.client, asked.id, outcome)
            case Away():
                self._context.refuse(asked.client, asked.id, "unavailable", AWAY)
            case LookupLimit():
                self._context.refuse(asked.client, asked.id, "limit", _LIMIT)
            case None:
                self._context.refuse(asked.client, asked.id, "unknown", _UNKNOWN)

    def tick(self, now: float) -> float:
        """Give up what has waited too long; when to look again."""
        for ref, asked in tuple(self._pending.items()):
            if now >= asked.until:
                self.take_answer(ref, Away())
        return min((asked.until for asked in self._pending.values()), default=inf)

    def _ask_supplier(self, asked: _PendingLookup, code: str) -> None:
        ref = f"{asked.client}/{asked.id}"
        if ref in self._pending:
            return
        self._pending[ref] = asked
        if not code:
            self.take_answer(ref, None)
        elif self._up:
            self._supplier.look_up(ref, code)
        else:
            self.take_answer(ref, Away())
