"""A hall's first YAML from a few answers: commented, and right for `motcua check` and `run`."""

import json
import string
import unicodedata
from dataclasses import dataclass
from ipaddress import ip_address

from pydantic import TypeAdapter, ValidationError

from hall.cli.questions import Questions
from hall.runtime.sections import DayHours, HallSection
from hall.runtime.settings_words import first_mistake

_HOURS = TypeAdapter(DayHours)
_MOST_SERVICES = len(string.ascii_uppercase)
_MOST_COUNTERS = 32
_PRINTER, _BUS, _NONE = "/dev/hall/printer", "/dev/hall/bus1", "không"
_SIMULATED = "mô phỏng"
_SERVICES = "Hộ tịch – Chứng thực, Đất đai – Xây dựng, Bảo trợ xã hội, Trả kết quả"


@dataclass(frozen=True, slots=True)
class HallAnswers:
    """`trial`: nothing is installed yet. `printer`, `bus`: a place, simulated, or none."""

    name: str
    id: str
    trial: bool
    hours: tuple[str, ...]
    services: tuple[str, ...]
    counters: int
    printer: str
    bus: str
    kiosk: bool


def ask_hall(questions: Questions) -> HallAnswers:
    """Raises NotUnderstood."""
    ask = questions.ask
    name = ask("Tên đơn vị, in trên phiếu", "Bộ phận một cửa", _name)
    hall = ask("Mã hội trường, duy nhất trong cả nước, không đổi về sau", slug(name), _hall_id)
    trial = ask("Chạy thử trên máy này (thử) hay lắp ở hội trường (lắp)", "thử", _trial)
    usual_printer, usual_bus = (_SIMULATED, _SIMULATED) if trial else (_PRINTER, _BUS)
    hours = ask("Giờ làm việc", "07:30-11:30, 13:30-17:00", _hours)
    services = ask("Các lĩnh vực, cách nhau bằng dấu phẩy", _SERVICES, _services)
    counters = ask("Có mấy quầy", str(len(services)), _counters)
    printer = ask(
        f"Máy in phiếu: {_PRINTER} (USB), địa chỉ IP, {_SIMULATED}", usual_printer, _place
    )
    bus = ask(f"Bảng LED ở quầy, qua RS-485: {_BUS}, {_SIMULATED}, {_NONE}", usual_bus, _bus)
    kiosk = ask("Có màn hình cảm ứng (có, không)", _NONE, _yes)
    return HallAnswers(name, hall, trial, hours, services, counters, printer, bus, kiosk)


def slug(name: str) -> str:
    """What may stand in a topic: letters without their marks, digits, hyphens."""
    plain = unicodedata.normalize("NFD", name.lower().replace("đ", "d"))
    kept = "".join(c if c.isascii() and c.isalnum() else " " for c in plain if not _is_mark(c))
    return "-".join(kept.split())[:32].strip("-") or "hoi-truong"


def _is_mark(character: str) -> bool:
    return unicodedata.combining(character) > 0


def _name(text: str) -> str:
    return _hall(id="hall", name=text).name


def _hall_id(text: str) -> str:
    try:
        return _hall(id=text, name="x").id
    except ValueError as err:
        raise ValueError("chỉ chữ thường không dấu, số, dấu '-'; ví dụ mu-cang-chai") from err


def _hall(**keys: str) -> HallSection:
    try:
        return HallSection.model_validate(keys)
    except ValidationError as err:
        raise ValueError(first_mistake(err)) from err


def _trial(text: str) -> bool:
    return _choice(text, {"thử": True, "thu": True, "lắp": False, "lap": False})


def _yes(text: str) -> bool:
    return _choice(text, {"có": True, "co": True, _NONE: False, "khong": False})


def _choice(text: str, known: dict[str, bool]) -> bool:
    found = known.get(unicodedata.normalize("NFC", text).lower())
    if found is None:
        raise ValueError(f"trả lời một trong: {', '.join(known)}")
    return found


def _hours(text: str) -> tuple[str, ...]:
    spans = tuple(part.strip() for part in text.split(","))
    try:
        return _HOURS.validate_python(spans)
    except ValidationError as err:
        raise ValueError(first_mistake(err)) from err


def _services(text: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    if not 1 <= len(names) <= _MOST_SERVICES:
        raise ValueError(f"cần từ 1 đến {_MOST_SERVICES} lĩnh vực")
    return tuple(map(_name, names))


def _counters(text: str) -> int:
    if not (text.isdecimal() and 1 <= int(text) <= _MOST_COUNTERS):
        raise ValueError(f"cần một số từ 1 đến {_MOST_COUNTERS}")
    return int(text)


def _place(text: str) -> str:
    """A device file, an address, or simulated."""
    given = unicodedata.normalize("NFC", text)
    if given == _SIMULATED or given.startswith("/dev/"):
        return given
    try:
        return str(ip_address(given))
    except ValueError as err:
        raise ValueError(f"ghi {_PRINTER}, một địa chỉ IP hoặc {_SIMULATED}") from err


def _bus(text: str) -> str:
    given = unicodedata.normalize("NFC", text)
    if given in (_SIMULATED, _NONE) or given.startswith("/dev/"):
        return given
    raise ValueError(f"ghi {_BUS}, {_SIMULATED} hoặc {_NONE}")


def write_hall(answers: HallAnswers) -> str:
    """The file's text."""
    services = dict(zip(_ids(answers.services), answers.services, strict=True))
    parts = [
        "# Viết bởi motcua config new. Sửa xong chạy: motcua check -c <tệp này>",
        "# Mọi khoá, giá trị mặc định và ví dụ: config/REFERENCE.md.",
        "version: 1",
        "",
        "hall:",
        f"  id: {_quoted(answers.id)} # nằm trong mọi chủ đề MQTT; đặt một lần, đừng đổi",
        f"  name: {_quoted(answers.name)}",
        f"  hours: {_quoted(answers.hours)}",
        "  # Ngày nghỉ lễ và Tết theo thông báo của mỗi năm; motcua check nhắc khi thiếu Tết.",
        "  holidays: []",
        "  days_off: []",
        "",
        *_broker(answers),
        "",
        "# Mỗi lĩnh vực một dãy số: A001 … A499. minutes: ước lượng ban đầu, phút một người.",
        "services:",
        *(
            f"  - {{id: {key}, name: {_quoted(name)}, prefix: {letter}, last: 499, minutes: 8}}"
            for letter, (key, name) in zip(string.ascii_uppercase, services.items(), strict=False)
        ),
        "",
        "# serves: lĩnh vực của quầy. helps: [...] giúp lĩnh vực khác khi hàng của mình đã hết.",
        "counters:",
        *_counter_lines(tuple(services), answers.counters),
        "",
        *_devices(answers, tuple(services)),
    ]
    return "\n".join(parts) + "\n"


def _ids(names: tuple[str, ...]) -> tuple[str, ...]:
    found: list[str] = []
    for name in names:
        short = slug(name)[:28].strip("-")
        found.append(short if short not in found else f"{short}-{len(found) + 1}")
    return tuple(found)


def _quoted(value: object) -> str:
    """JSON is YAML."""
    return json.dumps(value, ensure_ascii=False)


def _broker(answers: HallAnswers) -> list[str]:
    if answers.trial:
        return [
            "# auto: motcua tự chạy một broker riêng. Khi lắp ở hội trường, broker của máy này:",
            '# broker: {url: "mqtt://127.0.0.1:1883"}',
            "broker: {url: auto}",
        ]
    return [
        "# mosquitto của chính máy này; tệp và mật khẩu của nó: motcua broker-config.",
        'broker: {url: "mqtt://127.0.0.1:1883"}',
    ]


def _counter_lines(services: tuple[str, ...], counters: int) -> list[str]:
    """Every service at a counter, every counter with one, in turn."""
    return [
        f'  - {{id: "{n + 1}", name: "Quầy {n + 1}", '
        f"serves: [{', '.join(services[n::counters] or (services[n % len(services)],))}]}}"
        for n in range(counters)
    ]


def _devices(answers: HallAnswers, services: tuple[str, ...]) -> list[str]:
    return [
        "printers:",
        *_printer(answers.printer, services),
        "",
        *_kiosk(answers),
        *_bus_lines(answers),
        "# Cán bộ gọi số bằng trình duyệt ở http://<địa chỉ máy này>:8080.",
        "counter: {host: 0.0.0.0, port: 8080}",
        "",
        *_onestop(answers),
    ]


def _printer(place: str, services: tuple[str, ...]) -> list[str]:
    if place == _SIMULATED:
        how = "driver: simulated"
    elif place.startswith("/"):
        how = f"driver: usb, device: {place}"
    else:
        how = f"driver: network, host: {place}"
    return [
        f"  # Máy thật: driver: usb, device: {_PRINTER}; hoặc driver: network, host: 10.0.0.20.",
        f"  - {{id: printer-1, {how}, profile: default}}",
        "  # Nút lấy số, chân BCM, thêm vào trong dấu ngoặc trên:",
        f"  #   buttons: [{{service: {services[0]}, gpio: 17, lamp: 27}}]",
    ]


def _kiosk(answers: HallAnswers) -> list[str]:
    if not answers.kiosk:
        return []
    screen = "{width: 1080, height: 1920, diagonal_inch: 32, rotate: 90}"
    return [
        "# Màn hình cảm ứng: số điểm ảnh và đường chéo thật, để nút đủ to cho ngón tay.",
        "# rotate: màn hình ngang được dựng đứng, hình và chỗ chạm cùng xoay; màn vốn đứng: bỏ đi.",
        f"kiosks: [{{id: kiosk-1, printer: printer-1, screen: {screen}, languages: [vi, en]}}]",
        "",
    ]


def _bus_lines(answers: HallAnswers) -> list[str]:
    if answers.bus == _NONE:
        return []
    port = "simulated" if answers.bus == _SIMULATED else answers.bus
    numbers = range(1, answers.counters + 1)
    return [
        "# Bảng số ở quầy, qua bộ chuyển RS-485: address là địa chỉ gạt trên từng bảng.",
        "display:",
        "  faces:",
        *(f'    - {{counter: "{n}", width: 4, driver: bridge}}' for n in numbers),
        "bridges:",
        "  - id: bridge-1",
        "    buses:",
        f"      - port: {port}",
        "        units:",
        *(f'          - {{address: {n}, counter: "{n}"}}' for n in numbers),
        "",
    ]


def _onestop(answers: HallAnswers) -> list[str]:
    if answers.trial:
        return [
            "# Số liệu giả, chỉ để thử. Ở hội trường: {driver: file, folder: …} hoặc mqtt.",
            "onestop: {driver: simulated}",
        ]
    return [
        "# Chưa nối phần mềm một cửa: nhập số liệu và hồ sơ từ thư mục tệp.",
        "onestop: {driver: file, folder: /var/lib/motcua/onestop/nhap}",
    ]
