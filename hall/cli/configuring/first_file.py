"""A hall's first YAML from a technician's answers: commented, right for `check` and `run`."""

import json
from collections.abc import Iterator

from hall.cli.configuring.new_hall import NONE, PRINTER, SIMULATED, HallAnswers, slug


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
            for letter, (key, name) in zip(answers.letters, services.items(), strict=True)
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
        *_printer(answers, services),
        "",
        *_kiosk(answers),
        *_display(answers),
        *_bus_lines(answers),
        "# Cán bộ gọi số bằng trình duyệt ở http://<địa chỉ máy này>:8080.",
        "counter: {host: 0.0.0.0, port: 8080}",
        "",
        *_onestop(answers),
    ]


def _printer(answers: HallAnswers, services: tuple[str, ...]) -> list[str]:
    place = answers.printer
    if place == SIMULATED:
        how = "driver: simulated"
    elif place.startswith("/"):
        how = f"driver: usb, device: {place}"
    else:
        how = f"driver: network, host: {place}"
    return [
        f"  # Máy thật: driver: usb, device: {PRINTER}; hoặc driver: network, host: 10.0.0.20.",
        f"  - {{id: printer-1, {how}, profile: default,",
        "     # Nút lấy số: gpio, lamp là chân BCM của nút và của đèn trong nút.",
        f"     buttons: [{', '.join(_buttons(answers, services))}]}}",
    ]


def _buttons(answers: HallAnswers, services: tuple[str, ...]) -> Iterator[str]:
    for service, pins in zip(services, answers.buttons, strict=False):
        wired = {"gpio": pins.gpio, "lamp": pins.lamp}
        keys = "".join(f", {key}: {pin}" for key, pin in wired.items() if pin is not None)
        yield f"{{service: {service}{keys}}}"


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


def _display(answers: HallAnswers) -> list[str]:
    """What people see and hear of the calls."""
    numbers = range(1, answers.counters + 1) if answers.bus != NONE else ()
    player = "simulated" if answers.trial else "alsa"
    parts = [
        *(["  # Bảng số ở quầy: width là số ký tự mà bảng hiện được.", "  faces:"] * bool(numbers)),
        *(f'    - {{counter: "{n}", width: 4, driver: bridge}}' for n in numbers),
        *_board(answers),
        # Made by espeak-ng until somebody has recorded it: motcua voice list.
        *([f"  voice: {{player: {player}}}"] if answers.voice else ()),
    ]
    return ["display:", *parts, ""] if parts else []


def _board(answers: HallAnswers) -> list[str]:
    if not answers.board:
        return []
    return [
        "  # distance_m: người ngồi xa nhất, mét; chữ to theo đó.",
        "  board: {screen: {width: 1920, height: 1080, diagonal_inch: 55}, distance_m: 6}",
    ]


def _bus_lines(answers: HallAnswers) -> list[str]:
    if answers.bus == NONE:
        return []
    port = "simulated" if answers.bus == SIMULATED else answers.bus
    return [
        "# Bộ chuyển RS-485: address là địa chỉ gạt trên từng bảng.",
        "bridges:",
        "  - id: bridge-1",
        "    buses:",
        f"      - port: {port}",
        "        units:",
        *(f'          - {{address: {n}, counter: "{n}"}}' for n in range(1, answers.counters + 1)),
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
