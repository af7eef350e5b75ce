"""Why the broker cannot be reached or does not let a client in, in words for a technician. Pure.

look up the name → connect → TLS handshake → CONNECT → CONNACK → … → DISCONNECT, or silence
`of_error` ────────────────────────────────┘   `of_connack` ┘      `of_disconnect`, `hung_up`
"""

import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class Outlook(Enum):
    """Whether waiting alone can help."""

    PASSING = "passing"
    LASTING = "lasting"


@dataclass(frozen=True, slots=True)
class LinkFault:
    """`text`: the cause; `advice`: what to do. Vietnamese."""

    text: str
    advice: str
    outlook: Outlook = Outlook.PASSING


@dataclass(frozen=True, slots=True)
class Identity:
    """Who asks to be let in. `password`: whether there is one; `source`: the file it came from.

    `unit`: the systemd unit that handed that file over, and reads it at its start alone; or "".
    """

    client: str
    password: bool
    source: str = ""
    unit: str = ""


_LOOK_AT_BROKER = "Xem broker có chạy không: systemctl status mosquitto; kiểm tra broker.url."
SILENT = LinkFault("broker không trả lời", _LOOK_AT_BROKER)
FOREIGN = LinkFault(
    "broker trả lời không theo MQTT 5: từ chối theo kiểu cũ, hoặc không phải broker",
    "Dùng mosquitto 2.0 trở lên; xem nhật ký: journalctl -u mosquitto.",
)
_LOOK_AT_CLOCK = "Xem giờ của máy này: timedatectl; rồi xem hạn của chứng chỉ."

# Values of CONNACK in MQTT 3.1.1 (3.2.2.3) and MQTT 5 (3.2.2.2).
_WRONG_PASSWORD = (4, 0x86)
_NOT_AUTHORISED = (5, 0x87)
_BUSY = (3, 0x88, 0x89, 0x97, 0x9F)
_NO_MQTT_5 = ("broker không nói MQTT 5", "Dùng mosquitto 2.0 trở lên.")
_NAME = (
    "broker không nhận tên máy khách này",
    "Xem use_username_as_clientid trong cấu hình của broker: motcua broker-config.",
)
_MOVED = ("broker bảo dùng máy chủ khác", "Sửa broker.url theo máy chủ mới.")
_REFUSALS: Mapping[int, tuple[str, str]] = {
    1: _NO_MQTT_5,
    2: _NAME,
    0x84: _NO_MQTT_5,
    0x85: _NAME,
    0x8A: ("broker cấm máy khách này", _LOOK_AT_BROKER),
    0x9C: _MOVED,
    0x9D: _MOVED,
}
_TAKEN_OVER = 0x8E
_SHUTTING_DOWN = 0x8B


def of_connack(code: int, name: str, who: Identity) -> LinkFault:
    """What the broker answered; `name`: the code's own, for those that nobody has met yet."""
    if code in (*_WRONG_PASSWORD, *_NOT_AUTHORISED):
        return _not_let_in(code, who)
    if code in _BUSY:
        return LinkFault("broker đang bận hoặc chưa sẵn sàng", _LOOK_AT_BROKER)
    other = (f"broker từ chối ({name}, mã {code})", _LOOK_AT_BROKER)
    return _lasting(*_REFUSALS.get(code, other))


def _not_let_in(code: int, who: Identity) -> LinkFault:
    """Mosquitto says `not authorised` of a wrong password, too."""
    if not who.password:
        return _lasting(
            f"broker đòi mật khẩu mà {who.client} không có",
            f"Đặt tệp mật khẩu credentials/{who.client} (motcua broker-config tạo ra); "
            "một lệnh trên máy đã lắp thì chạy bằng sudo, với --state /etc/motcua.",
        )
    what = "sai mật khẩu" if code in _WRONG_PASSWORD else "sai mật khẩu, hoặc không có tên này"
    where = f" trong {who.source}" if who.source else ""
    again = f" Sửa xong: sudo systemctl restart {who.unit}." if who.unit else ""
    return _lasting(
        f"broker từ chối tên hoặc mật khẩu của {who.client}: {what}",
        f"So mật khẩu{where} với tệp mật khẩu của broker, hoặc chạy lại motcua broker-config "
        f"rồi khởi động lại mosquitto.{again}",
    )


def of_disconnect(code: int, who: Identity) -> LinkFault:
    """A connection that worked, and ended; `code` is the DISCONNECT's."""
    if code == _TAKEN_OVER:
        return LinkFault(
            f"nơi khác đã nối vào broker bằng tên {who.client}",
            "Hai máy dùng chung một tên: tắt một máy, hoặc đổi id trong tệp cấu hình.",
        )
    if code == _SHUTTING_DOWN:
        return LinkFault("broker đang tắt", _LOOK_AT_BROKER)
    return LinkFault("mất kết nối với broker", _LOOK_AT_BROKER)


def hung_up(place: str, *, tls: bool) -> LinkFault:
    """The other end closed the line before it answered CONNECT."""
    text = f"{place} đóng kết nối mà không trả lời"
    if tls:
        return LinkFault(text, _LOOK_AT_BROKER)
    return LinkFault(
        f"{text}: có thể cổng này đòi TLS, hoặc không phải broker",
        "Cổng có TLS: ghi broker.url là mqtts://…; xem nhật ký: journalctl -u mosquitto.",
    )


def of_error(  # noqa: PLR0911 - one a cause
    err: BaseException, place: str, *, tls: bool
) -> LinkFault:
    """What opening the connection raised. `place`: host:port."""
    match err:
        case ssl.SSLCertVerificationError():
            return _untrusted(err, place)
        case ssl.SSLError() if _is_no_tls(err):
            return _no_tls(place)
        case ssl.SSLError() if _wants_certificate(err.reason or ""):
            return _lasting(
                "broker đòi chứng chỉ máy khách",
                "motcua vào broker bằng mật khẩu: bỏ require_certificate ở cổng này.",
            )
        case ssl.SSLError():
            return _lasting(f"không bắt tay TLS được ({err.reason or err})", _LOOK_AT_BROKER)
        case ConnectionResetError() | BrokenPipeError() if tls:
            return _no_tls(place)
        case socket.gaierror():
            return LinkFault(f"không tìm thấy máy trong {place}", "Kiểm tra broker.url và DNS.")
        case ConnectionRefusedError():
            return LinkFault(f"không có broker nào ở {place}", _LOOK_AT_BROKER)
        case TimeoutError():
            return LinkFault(
                f"{place} không trả lời", f"{_LOOK_AT_BROKER} Kiểm tra mạng, tường lửa."
            )
        case _:
            return LinkFault(f"không nối được tới {place} ({err})", _LOOK_AT_BROKER)


def unreadable(err: OSError | ValueError, what: str) -> LinkFault:
    """A file that the connection needs, `what` in words, could not be read."""
    path = getattr(err, "filename", None) or ""
    match err:
        case FileNotFoundError():
            return _lasting(f"thiếu {what} {path}", f"Chép {what} vào đó; tự nối lại.")
        case PermissionError():
            return _lasting(
                f"không có quyền đọc {what} {path}",
                f"Cho người dùng của dịch vụ đọc {path}; một lệnh thì chạy bằng sudo.",
            )
        case _:
            return _lasting(f"không đọc được {what} {path} ({err})", f"Chép lại {what}.")


def no_certificate(path: str) -> LinkFault:
    """The CA file is there and holds no certificate."""
    return _lasting(
        f"tệp CA {path} không phải chứng chỉ", "broker.ca phải là tệp PEM (BEGIN CERTIFICATE)."
    )


_CERTIFICATES: Mapping[int, tuple[str, str]] = {
    # X509_V_ERR_CERT_NOT_YET_VALID, _HAS_EXPIRED: a board without a clock may be years behind.
    9: ("chứng chỉ của broker chưa có hiệu lực", _LOOK_AT_CLOCK),
    10: ("chứng chỉ của broker đã hết hạn", f"Làm chứng chỉ mới. {_LOOK_AT_CLOCK}"),
}
_UNKNOWN_CA = (18, 19, 20, 21, 27)
_WRONG_NAME = (62, 64)


def _untrusted(err: ssl.SSLCertVerificationError, place: str) -> LinkFault:
    """By OpenSSL's X509_V_ERR codes."""
    code = getattr(err, "verify_code", 0)
    if code in _CERTIFICATES:
        return _lasting(*_CERTIFICATES[code])
    if code in _UNKNOWN_CA:
        return _lasting(
            "không tin được chứng chỉ của broker: không phải CA đã biết ký",
            "Ghi broker.ca là tệp của CA đã ký chứng chỉ broker.",
        )
    if code in _WRONG_NAME:
        return _lasting(
            f"chứng chỉ của broker không mang tên trong {place}",
            "Ghi broker.url đúng tên trong chứng chỉ, hoặc làm lại chứng chỉ có tên này.",
        )
    why = getattr(err, "verify_message", "") or err.reason or str(err)
    return _lasting(f"không tin được chứng chỉ của broker ({why})", _LOOK_AT_BROKER)


# What a TLS client makes of a peer that speaks something else, by OpenSSL version and timing.
_FOREIGN = (
    "WRONG_VERSION_NUMBER",
    "UNEXPECTED_EOF_WHILE_READING",
    "RECORD_LAYER_FAILURE",
    "UNKNOWN_PROTOCOL",
    "PACKET_LENGTH_TOO_LONG",
)


def _is_no_tls(err: ssl.SSLError) -> bool:
    ended = isinstance(err, ssl.SSLEOFError | ssl.SSLZeroReturnError)
    return ended or (err.reason or "") in _FOREIGN


def _no_tls(place: str) -> LinkFault:
    return _lasting(
        f"{place} không nói TLS",
        "Cổng có TLS thường là 8883; cổng không có TLS: ghi broker.url là mqtt://….",
    )


def _wants_certificate(reason: str) -> bool:
    return "CERTIFICATE_REQUIRED" in reason or "ALERT_UNKNOWN_CA" in reason


def _lasting(text: str, advice: str) -> LinkFault:
    return LinkFault(text, advice, Outlook.LASTING)
