"""What a technician is asked before a hall's first YAML is written (first_file.py)."""

import re
import string
import unicodedata
from dataclasses import dataclass
from ipaddress import ip_address

from pydantic import TypeAdapter, ValidationError

from hall.cli.checking.letters import likeness
from hall.cli.configuring.questions import Questions
from hall.reading.alike import distinct_letters
from hall.runtime.sections import DayHours, HallSection
from hall.runtime.settings_words import first_mistake

_HOURS = TypeAdapter(DayHours)
_MOST_SERVICES = len(distinct_letters())
_MOST_COUNTERS = 32
PRINTER, _BUS, NONE = "/dev/hall/printer", "/dev/hall/bus1", "không"
SIMULATED = "mô phỏng"
_DRAWN = "bản vẽ"
# Button and lamp, BCM, as docs/wiring.md draws them.
DRAWN_PINS = ((17, 27), (22, 23), (24, 25), (5, 6), (12, 13), (16, 19), (20, 21))
_FIRST_PIN, _LAST_PIN = 2, 27
_PAIR = re.compile(r"(\d{1,2})(?:\s*/\s*(\d{1,2}))?")
_SERVICES = "Hộ tịch – Chứng thực, Đất đai – Xây dựng, Bảo trợ xã hội, Trả kết quả"


@dataclass(frozen=True, slots=True)
class ButtonPins:
    """BCM pins of a button and of the lamp in it; no `gpio`: simulated."""

    gpio: int | None = None
    lamp: int | None = None


@dataclass(frozen=True, slots=True)
class HallAnswers:
    """`trial`: nothing is installed yet. `printer`, `bus`: a place, simulated, or none.

    `letters`: before the numbers of the services, in their order.
    `buttons`: of the services, in their order; the last ones may have none.
    """

    name: str
    id: str
    trial: bool
    hours: tuple[str, ...]
    services: tuple[str, ...]
    counters: int
    printer: str
    buttons: tuple[ButtonPins, ...]
    bus: str
    kiosk: bool
    board: bool
    voice: bool
    letters: tuple[str, ...]


def ask_hall(questions: Questions) -> HallAnswers:
    """Raises NotUnderstood."""
    ask = questions.ask
    name = ask("Tên đơn vị, in trên phiếu", "Bộ phận một cửa", _name)
    hall = ask("Mã hội trường, duy nhất trong cả nước, không đổi về sau", slug(name), _hall_id)
    trial = ask("Chạy thử trên máy này (thử) hay lắp ở hội trường (lắp)", "thử", _trial)
    usual_printer, usual_bus = (SIMULATED, SIMULATED) if trial else (PRINTER, _BUS)
    hours = ask("Giờ làm việc", "07:30-11:30, 13:30-17:00", _hours)
    services = ask("Các lĩnh vực, cách nhau bằng dấu phẩy", _SERVICES, _services)
    counters = ask("Có mấy quầy", str(len(services)), _counters)
    printer = ask(f"Máy in phiếu: {PRINTER} (USB), địa chỉ IP, {SIMULATED}", usual_printer, _place)
    buttons = ask(
        f"Nút lấy số: {_DRAWN} (docs/wiring.md), chân BCM nút/đèn của từng lĩnh vực "
        f"(ví dụ 17/27, 22), {SIMULATED}, {NONE}",
        SIMULATED if printer == SIMULATED else NONE,
        lambda text: _buttons(text, len(services)),
    )
    bus = ask(f"Bảng LED ở quầy, qua RS-485: {_BUS}, {SIMULATED}, {NONE}", usual_bus, _bus)
    kiosk = ask("Có màn hình cảm ứng (có, không)", NONE, _yes)
    board = ask("Có màn hình lớn treo tường làm bảng chung (có, không)", NONE, _yes)
    voice = ask("Có loa đọc số (có, không)", NONE, _yes)
    letters = ask(
        "Chữ đứng trước số của từng lĩnh vực",
        ", ".join(distinct_letters()[: len(services)]),
        lambda text: _letters(text, len(services)),
    )
    return HallAnswers(
        *(name, hall, trial, hours, services, counters),
        *(printer, buttons, bus, kiosk, board, voice),
        letters=letters,
    )


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
    return _choice(text, {"có": True, "co": True, NONE: False, "khong": False})


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
        raise ValueError(
            f"cần từ 1 đến {_MOST_SERVICES} lĩnh vực: nhiều hơn thì chữ trước số nghe lẫn nhau"
        )
    return tuple(map(_name, names))


def _letters(text: str, services: int) -> tuple[str, ...]:
    chosen = tuple(part.strip().upper() for part in text.split(",") if part.strip())
    if len(set(chosen)) != services or not set(chosen) <= set(string.ascii_uppercase):
        raise ValueError(f"cần {services} chữ cái A–Z khác nhau, cách nhau bằng dấu phẩy")
    if found := likeness(chosen):
        raise ValueError(found)
    return chosen


def _counters(text: str) -> int:
    if not (text.isdecimal() and 1 <= int(text) <= _MOST_COUNTERS):
        raise ValueError(f"cần một số từ 1 đến {_MOST_COUNTERS}")
    return int(text)


def _place(text: str) -> str:
    """A device file, an address, or simulated."""
    given = unicodedata.normalize("NFC", text)
    if given == SIMULATED or given.startswith("/dev/"):
        return given
    try:
        return str(ip_address(given))
    except ValueError as err:
        raise ValueError(f"ghi {PRINTER}, một địa chỉ IP hoặc {SIMULATED}") from err


def _bus(text: str) -> str:
    given = unicodedata.normalize("NFC", text)
    if given in (SIMULATED, NONE) or given.startswith("/dev/"):
        return given
    raise ValueError(f"ghi {_BUS}, {SIMULATED} hoặc {NONE}")


def _buttons(text: str, services: int) -> tuple[ButtonPins, ...]:
    given = unicodedata.normalize("NFC", text).lower()
    if given == NONE:
        return ()
    if given == SIMULATED:
        return (ButtonPins(),) * services
    if given == _DRAWN:
        return tuple(ButtonPins(*pair) for pair in DRAWN_PINS[:services])
    found = [_PAIR.fullmatch(part.strip()) for part in given.split(",")]
    if len(found) > services or not all(found):
        raise ValueError(f"ghi {_DRAWN}, {NONE}, hoặc nhiều nhất {services} cặp chân: 17/27, 22")
    pairs = [tuple(int(pin) for pin in each.groups() if pin) for each in found if each]
    pins = [pin for pair in pairs for pin in pair]
    wrong = next((p for p in pins if not _FIRST_PIN <= p <= _LAST_PIN or pins.count(p) > 1), None)
    if wrong is not None:
        raise ValueError(f"chân {wrong}: mỗi chân một lần, số BCM từ {_FIRST_PIN} đến {_LAST_PIN}")
    return tuple(ButtonPins(*pair) for pair in pairs)
