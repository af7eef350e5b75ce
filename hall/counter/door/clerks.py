"""Clerks with a PIN of their own: who they are, which PIN will do, how long they stay signed in."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from hall.counter.door.access import SignedIn

# A working day with its break; who forgets to sign out is out by the next morning.
SIGNED_S = 12 * 3600
# The PIN that is handed over is for a first sign-in within a week.
FIRST_S = 7 * 24 * 3600
SHORTEST, SHORTEST_OF_HEAD, LONGEST = 6, 8, 64
_RUNS = ("01234567890123456789", "98765432109876543210", "abcdefghijklmnopqrstuvwxyz")
_MARK = re.compile(r"[A-Za-z0-9._-]{1,32}")


@dataclass(frozen=True, slots=True)
class Clerk:
    """`id`: the mark in the journal. `first_until`: the PIN is the one that was handed over."""

    id: str
    name: str
    is_head: bool
    hash: str
    first_until: int | None
    gone: int | None = None

    @property
    def signed(self) -> SignedIn:
        return SignedIn(self.id, self.name, self.is_head)


def is_mark(text: str) -> bool:
    """Whether it can stand in the journal as who did something."""
    return _MARK.fullmatch(text) is not None


def objection_to_adding(clerk: Clerk, known: Clerk | None, others: Collection[Clerk]) -> str:
    """Why this one cannot be added, for the person; "" = she can.

    `known`: whose mark it is or was; `others`: all who have not left.
    """
    if not is_mark(clerk.id):
        return "Ký hiệu gồm chữ không dấu, số, dấu chấm, gạch; nhiều nhất 32 ký tự."
    if not clerk.name:
        return "Ghi tên để cán bộ nhận ra mình ở trang đăng nhập."
    if known is not None and known.gone is None:
        return f"Ký hiệu {clerk.id} là của {known.name}. Quên mã: bấm Giao mã mới."
    if known is not None and known.name != clerk.name:
        return f"{clerk.id} là của {known.name}, nhật ký còn ghi: lấy ký hiệu khác."
    if not others and not clerk.is_head:
        return "Người đầu tiên phải là trưởng bộ phận: từ đó trang điều hành cũng đòi đăng nhập."
    return ""


def objection_to_removing(clerk: Clerk, others: Collection[Clerk]) -> str:
    """Why she cannot be taken out, for the person; "" = she can. `others`: all but her."""
    if clerk.is_head and others and not any(each.is_head for each in others):
        return "Đây là trưởng bộ phận cuối cùng: thêm một người khác trước."
    return ""


def weakness(pin: str, clerk: Clerk) -> str:
    """Why this PIN will not do, for the person; "" = it will."""
    shortest = SHORTEST_OF_HEAD if clerk.is_head else SHORTEST
    if not shortest <= len(pin) <= LONGEST:
        return f"Mã PIN cần từ {shortest} đến {LONGEST} ký tự."
    low = pin.casefold()
    if len(set(low)) < 3 or any(low in run for run in _RUNS):  # noqa: PLR2004 - 111111, 121212
        return "Mã PIN quá dễ đoán (lặp lại hoặc dãy liền). Mời chọn mã khác."
    if clerk.id.casefold() in low:
        return "Mã PIN không được chứa ký hiệu của mình."
    return ""
