"""What a broker's certificate files are worth, and which of them is wrong."""

import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from broker_of_ones_own import certificate

from hall.runtime import certificates
from hall.runtime.certificates import CertificateFiles


def files(folder: Path, span: str = "valid") -> CertificateFiles:
    """One self-signed certificate stands for the CA and its broker."""
    made = CertificateFiles(certificate(folder, span))
    shutil.copyfile(made.certificate, made.ca)
    return made


def test_a_client_trusts_it_by_the_names_that_it_bears(tmp_path: Path) -> None:
    made = files(tmp_path / "own")

    assert certificates.judge(made) is None
    assert certificates.judge(made, "localhost") is None
    assert certificates.judge(made, "127.0.0.1") is None
    for other in ("broker.hall", "10.0.0.5"):
        fault = certificates.judge(made, other)
        assert fault is not None
        assert f"{made.certificate} không mang tên trong {other}" in fault.text


@pytest.mark.parametrize(
    ("span", "text"), [("expired", "đã hết hạn"), ("early", "chưa có hiệu lực")]
)
def test_its_time_is_judged(span: str, text: str, tmp_path: Path) -> None:
    made = files(tmp_path / "own", span)

    fault = certificates.judge(made)

    assert fault is not None
    assert f"chứng chỉ {made.certificate} {text}" in fault.text
    assert "motcua ca" in fault.advice


def another_key(made: CertificateFiles) -> None:
    shutil.copyfile(certificate(made.folder / "other") / "broker.key", made.key)


def another_ca(made: CertificateFiles) -> None:
    shutil.copyfile(certificate(made.folder / "other") / "broker.crt", made.ca)


def locked_key(made: CertificateFiles) -> None:
    lock = "openssl pkey -aes256 -passout pass:x -in broker.key -out locked"
    subprocess.run(lock.split(), cwd=made.folder, check=True, capture_output=True)
    (made.folder / "locked").replace(made.key)


@pytest.mark.parametrize(
    ("mistake", "text"),
    [
        (lambda made: made.key.unlink(), "thiếu tệp {0.key}"),
        (lambda made: made.ca.unlink(), "thiếu tệp {0.ca}"),
        (lambda made: made.certificate.write_text("x"), "{0.certificate} không phải chứng chỉ PEM"),
        (lambda made: made.ca.write_text("x"), "{0.ca} không phải chứng chỉ PEM"),
        (lambda made: made.key.write_text("x"), "{0.key} không phải khoá PEM"),
        (locked_key, "{0.key} không phải khoá PEM không mật khẩu"),
        (another_key, "{0.key} không phải khoá của {0.certificate}"),
        (another_ca, "không tin được chứng chỉ {0.certificate}"),
    ],
)
def test_the_file_that_is_wrong_is_named(
    mistake: Callable[[CertificateFiles], None], text: str, tmp_path: Path
) -> None:
    made = files(tmp_path / "own")
    mistake(made)

    fault = certificates.judge(made)

    assert fault is not None
    assert text.format(made) in fault.text


@pytest.mark.parametrize("year", [2049, 2050, 2099])
def test_its_end_is_read_in_both_forms_of_a_time(year: int, tmp_path: Path) -> None:
    made = certificate(tmp_path / "own", span=f"{year}0102030405Z")

    assert certificates.ends(made / "broker.crt") == datetime(year, 1, 2, 3, 4, 5, tzinfo=UTC)
