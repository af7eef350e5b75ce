"""A dossier as the hall may know it: its code and its degree of completion, nobody's name."""

from dataclasses import dataclass
from datetime import date, datetime

from hall.contract.onestop_requests import DossierData, Procedure, Step

UNKNOWN_STATUS = 0
STATUSES: dict[int, str] = {
    1: "Mới đăng ký",
    2: "Được tiếp nhận",
    3: "Không được tiếp nhận",
    4: "Đang xử lý",
    5: "Yêu cầu bổ sung giấy tờ",
    6: "Yêu cầu thực hiện nghĩa vụ tài chính",
    7: "Công dân yêu cầu rút hồ sơ",
    8: "Dừng xử lý",
    9: "Đã xử lý xong",
    10: "Đã trả kết quả",
}


@dataclass(frozen=True, slots=True)
class Milestone:
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """`status` is the national portal's 1–10; another number is passed on as it came."""

    code: str
    status: int
    procedure_code: str
    procedure_name: str
    received: datetime | None = None
    due: datetime | None = None
    due_original: datetime | None = None
    done: datetime | None = None
    collect_at: str | None = None
    steps: tuple[Milestone, ...] = ()
    field: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A dossier as a list has it; `digest`: of the cells it was read from, if all were clear.

    `counted_on`: the day from which it counts as received, where that is another than it came.
    """

    dossier: Dossier
    digest: int | None = None
    counted_on: date | None = None


def dossier_data(dossier: Dossier) -> DossierData:
    """What an unauthenticated look-up may say; of a dossier whose status is a number at all."""
    return DossierData(
        code=dossier.code,
        status=dossier.status,
        procedure=Procedure(code=dossier.procedure_code, name=dossier.procedure_name),
        received_on=_day(dossier.received),
        due_on=_day(dossier.due),
        due_original=_day(dossier.due_original),
        done_on=_day(dossier.done),
        collect_at=dossier.collect_at,
        steps=tuple(Step(at=each.at, text=each.text) for each in dossier.steps),
    )


def _day(moment: date | None) -> str | None:
    return None if moment is None else f"{moment:%Y-%m-%d}"
