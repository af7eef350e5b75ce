"""What to do about a lost device, by the way it is attached: one table a way. Pure."""

from hall.runtime.causes import Why
from hall.runtime.devices import Device

_INSTALL = "Cài lại motcua đủ gói cho máy này; xem: docs/technician.md."


def serial_port(code: str, name: str, path: str) -> Device:
    """A serial port or USB adapter under a device name."""
    return Device(
        code,
        f"{name} {path}",
        f"Kiểm tra cáp và nguồn của {name}; xem: ls -l {path}; dmesg.",
        {
            Why.ABSENT: f"Cắm lại cáp USB; tên {path} có đúng không: ls -l {path}, motcua udev.",
            Why.BUSY: f"Tắt chương trình đang giữ cổng (ModemManager, getty …): fuser -v {path}.",
            Why.DENIED: f"Kiểm tra quyền: ls -l {path}; nhóm dialout và DeviceAllow của dịch vụ.",
            Why.UNFIT: f"{path} có phải cổng nối tiếp không; so baud và format trong tệp cấu hình.",
            Why.NO_LIBRARY: _INSTALL,
        },
    )


def rs485_bus(code: str, name: str, port: str) -> Device:
    """A line with several units on it, behind a serial port or a network converter."""
    adapter = serial_port(code, name, port)
    return Device(
        code,
        adapter.name,
        f"Kiểm tra dây USB, bộ chuyển đổi và nguồn của nó; xem: ls -l {port}; dmesg.",
        {
            **adapter.checks,
            Why.SILENT: "Kiểm tra nguồn các bộ, hai dây A–B, baud trong tệp cấu hình; "
            "xem: motcua bus scan.",
        },
    )


def converter(code: str, name: str, place: str) -> Device:
    """An Ethernet to RS-485 converter; `place`: host:port."""
    return Device(
        code,
        f"{name} {place}",
        f"Kiểm tra nguồn và mạng của bộ chuyển đổi {place}: ping; cổng TCP trong tệp cấu hình.",
        {
            Why.SILENT: "Kiểm tra nguồn các bộ, hai dây A–B, baud đặt trong bộ chuyển đổi.",
        },
    )


def input_box(code: str, name: str, path: str) -> Device:
    """A device that plays keyboard, by the kernel's input events."""
    return Device(
        code,
        f"{name} {path}",
        f"Cắm lại cáp USB của {name}; xem: ls -l {path}; dmesg.",
        {
            Why.BUSY: f"Tắt chương trình đang giữ {path}: fuser -v {path}.",
            Why.DENIED: f"Kiểm tra quyền: ls -l {path}; nhóm input và DeviceAllow của dịch vụ.",
            Why.UNFIT: f"{path} phải là thiết bị nhập (evdev): ls -l /dev/input/by-id.",
        },
    )


def gpio_pins(code: str, name: str, pins: str) -> Device:
    """Lines of a GPIO chip; `pins` in words: which of them, of which chip."""
    return Device(
        code,
        f"{name} ({pins})",
        "Xem các chân GPIO của máy: gpiodetect, gpioinfo; kiểm tra dây.",
        {
            Why.ABSENT: "Máy chưa có chip GPIO ấy: ls /dev/gpiochip*, gpiodetect; "
            "khoá gpiochip trong tệp cấu hình.",
            Why.BUSY: "Xem ai giữ chân ấy: gpioinfo; bỏ dtoverlay hoặc chương trình đó, "
            "hoặc đổi chân trong tệp cấu hình.",
            Why.DENIED: "Kiểm tra quyền: ls -l /dev/gpiochip*; nhóm gpio, quy tắc udev của motcua "
            "và DeviceAllow của dịch vụ.",
            Why.UNFIT: "Chip không có chân ấy hoặc không làm được việc ấy: gpioinfo; đổi chân.",
            Why.NO_LIBRARY: _INSTALL,
        },
    )


def spi_bus(code: str, name: str, port: int, select: int) -> Device:
    """A chip on this machine's SPI."""
    path = f"/dev/spidev{port}.{select}"
    return Device(
        code,
        f"{name} ({path})",
        f"Kiểm tra dây và nguồn của {name}.",
        {
            Why.ABSENT: f"Bật SPI (raspi-config hoặc dtparam=spi=on), khởi động lại; ls {path}.",
            Why.BUSY: f"Tắt chương trình đang giữ {path}: fuser -v {path}.",
            Why.DENIED: f"Kiểm tra quyền: ls -l {path}; nhóm spi và DeviceAllow của dịch vụ.",
            Why.NO_LIBRARY: "Cài gói của bảng LED SPI: luma.led_matrix và spidev; "
            "xem docs/display.md.",
        },
    )


def loudspeaker(code: str, name: str) -> Device:
    """Whatever makes sound."""
    return Device(
        code,
        name,
        "Kiểm tra loa, dây và cạc âm thanh (aplay -l); loa qua HDMI: bật TV; "
        "nhóm audio và DeviceAllow của dịch vụ.",
        {Why.NO_LIBRARY: _INSTALL},
    )


def screen(code: str, name: str) -> Device:
    """A glass that people look at."""
    return Device(
        code,
        name,
        "Kiểm tra màn hình, dây HDMI và phiên đồ hoạ của máy.",
        {Why.NO_LIBRARY: _INSTALL},
    )
