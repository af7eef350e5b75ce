"""What people are told of the queue's store and clock, with what to do."""

import logging

from hall.runtime.broker_files import MEMORY_LIMIT
from hall.runtime.disk_room import judge_disk
from hall.runtime.health import Health

log = logging.getLogger(__name__)


def tell_no_room(health: Health, err: OSError) -> None:
    judge_disk(health, str(err))


def judge_broker(health: Health, size: int) -> None:
    """`size`: bytes that the broker holds. It is named while it can still take the alert."""
    if size <= MEMORY_LIMIT // 2:
        health.solve("broker_full")
    elif size >= MEMORY_LIMIT * 3 // 4:
        health.alert(
            "broker_full",
            "Broker giữ hơn ba phần tư bộ nhớ cho phép (64 MB); đầy thì nó không nhận tin nữa.",
            "Có máy gửi quá nhiều hoặc không đọc: xem cảnh báo flood và sudo journalctl -u "
            "mosquitto, rút dây mạng của máy ấy. Rồi chạy: sudo systemctl stop mosquitto; "
            "sudo rm /var/lib/mosquitto/mosquitto.db; sudo systemctl start mosquitto. "
            "Không mất số nào.",
        )


def tell_damaged(health: Health, wrong: str) -> None:
    """History of earlier days is damaged: today is not concerned, so the hall goes on."""
    if "journal_damaged" not in health.alerts:
        log.critical("history: %s", wrong)
    health.alert(
        "journal_damaged",
        "Nhật ký của những ngày trước bị hỏng một phần; hôm nay vẫn phục vụ bình thường.",
        f"Sau giờ làm việc chạy: motcua verify rồi motcua restore. ({wrong})",
    )


def tell_restored(health: Health, aside: str, why: str) -> None:
    """`aside`: where the file that could not be used for `why` is kept; "": there is none."""
    kept = f" Tệp cũ được giữ ở {aside}: {why}." if aside else ""
    health.alert(
        "journal_restored",
        "Nhật ký hàng chờ đã phải lập lại; một số số thứ tự bị bỏ qua." + kept,
        "Đối chiếu các phiếu đã phát hôm nay; chạy: motcua verify --state …",
    )


def tell_clock(health: Health, *, trusted: bool) -> None:
    if trusted:
        health.solve("clock_unsure")
        return
    health.alert(
        "clock_unsure",
        "Chưa chắc giờ của máy có đúng không; phiếu in không ghi giờ.",
        "Nối mạng để đồng bộ giờ, hoặc lắp đồng hồ RTC.",
    )
