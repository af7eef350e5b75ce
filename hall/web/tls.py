"""The certificate and key of the pages, read when they are opened: a new pair needs a restart."""

import ssl
from dataclasses import dataclass
from pathlib import Path

from hall.web.faults import PagesDown


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """Both PEM; behind the certificate its chain, where there is one."""

    certificate: Path
    key: Path


def context_of(files: TlsFiles) -> ssl.SSLContext:
    """TLS 1.2 and 1.3, by Python's own choice of ciphers. Raises PagesDown."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        # Without a password that would be asked for at a terminal.
        context.load_cert_chain(files.certificate, files.key, lambda: "")
    except FileNotFoundError as err:
        missing = files.key if files.certificate.exists() else files.certificate
        raise PagesDown(f"không có tệp {missing}") from err
    except PermissionError as err:
        raise PagesDown(f"không được đọc {files.key} hoặc {files.certificate}") from err
    except (OSError, ValueError) as err:
        text = f"{files.certificate} và {files.key} không phải một cặp chứng chỉ và khoá dùng được"
        raise PagesDown(text) from err
    return context
