"""The board's own words; a second language stands beneath the first. Pure."""

from dataclasses import dataclass

from hall.glossary import VIETNAMESE


@dataclass(frozen=True, slots=True)
class Second:
    """The same words in another language."""

    invite: str
    counter: str
    waiting: str
    recent: str


@dataclass(frozen=True, slots=True)
class BoardWords:
    second: Second | None = None
    invite: str = "MỜI SỐ"
    last: str = "SỐ VỪA GỌI"
    counter: str = "đến"
    recent: str = "Gọi trước đó"
    waiting: str = "Đang chờ"
    no_queue: str = "Hiện không có ai chờ"
    take: str = "Mời ông/bà lấy số"
    nobody: str = "Chưa có số nào được gọi"
    closed: str = VIETNAMESE.hall.outside_hours
    opens: str = VIETNAMESE.hall.opens
    lost_short: str = "MẤT KẾT NỐI – mời xem số tại quầy"
    lost: str = "MẤT KẾT NỐI – các số trên bảng có thể đã cũ, xin theo dõi bảng số tại quầy"
