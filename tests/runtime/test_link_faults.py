"""Every way a connection to the broker fails has a cause and something to do, in words."""

import socket
import ssl

import pytest

from hall.runtime import link_faults
from hall.runtime.link_faults import Identity, Outlook

WHO = Identity("printer-1", password=True)


def tls_error(reason: str) -> ssl.SSLError:
    err = ssl.SSLError(1, f"[SSL: {reason}]")
    err.reason = reason
    return err


def untrusted(code: int, message: str = "") -> ssl.SSLCertVerificationError:
    err = ssl.SSLCertVerificationError(1, "certificate verify failed")
    err.verify_code, err.verify_message = code, message
    return err


@pytest.mark.parametrize(
    ("err", "part", "outlook"),
    [
        (socket.gaierror(-2, "Name or service not known"), "không tìm thấy máy", Outlook.PASSING),
        (ConnectionRefusedError(111, "refused"), "không có broker nào ở", Outlook.PASSING),
        (TimeoutError("timed out"), "không trả lời", Outlook.PASSING),
        (OSError(101, "Network is unreachable"), "Network is unreachable", Outlook.PASSING),
        (ConnectionResetError(104, "reset"), "không nói TLS", Outlook.LASTING),
        (ssl.SSLEOFError(8, "EOF"), "không nói TLS", Outlook.LASTING),
        (tls_error("WRONG_VERSION_NUMBER"), "không nói TLS", Outlook.LASTING),
        (tls_error("RECORD_LAYER_FAILURE"), "không nói TLS", Outlook.LASTING),
        (tls_error("TLSV13_ALERT_CERTIFICATE_REQUIRED"), "chứng chỉ máy khách", Outlook.LASTING),
        (tls_error("NO_CIPHERS_AVAILABLE"), "NO_CIPHERS_AVAILABLE", Outlook.LASTING),
        (untrusted(18), "không phải CA đã biết ký", Outlook.LASTING),
        (untrusted(64), "không mang tên", Outlook.LASTING),
        (untrusted(23, "certificate revoked"), "certificate revoked", Outlook.LASTING),
    ],
)
def test_what_opening_raised_becomes_a_cause(
    err: BaseException, part: str, outlook: Outlook
) -> None:
    fault = link_faults.of_error(err, "broker.hall:8883", tls=True)

    assert part in fault.text
    assert fault.outlook is outlook
    assert fault.advice


def test_a_line_without_tls_that_is_reset_is_not_called_tls() -> None:
    fault = link_faults.of_error(ConnectionResetError(104, "reset"), "b:1883", tls=False)

    assert "TLS" not in fault.text


@pytest.mark.parametrize(
    ("code", "part"),
    [(0x8E, "nơi khác đã nối"), (0x8B, "broker đang tắt"), (0x80, "mất kết nối với broker")],
)
def test_the_end_of_a_connection_that_worked_has_its_cause(code: int, part: str) -> None:
    assert part in link_faults.of_disconnect(code, WHO).text


@pytest.mark.parametrize("code", [*range(1, 6), *range(0x80, 0xA3)])
def test_no_answer_of_a_broker_is_without_words(code: int) -> None:
    fault = link_faults.of_connack(code, "name of the code", WHO)

    assert fault.text
    assert fault.advice
