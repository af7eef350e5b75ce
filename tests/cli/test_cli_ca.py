"""The hall's own certificates: made, kept, made anew, with the rights that each file needs."""

import os
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from pwd import getpwnam

import pytest
from broker_of_ones_own import certificate

from hall.cli.__main__ import main
from hall.cli.ca import CertificatePlaces
from hall.runtime import certificates, lan_listener

SMALLEST = """\
version: 1
hall: {id: thu, name: Thử}
services: [{id: a, name: A}]
counters: [{id: "1", serves: [a]}]
"""


@pytest.fixture
def machine() -> Iterator[CertificatePlaces]:
    """A root that the broker's own user may enter."""
    with tempfile.TemporaryDirectory(prefix="motcua-ca-") as made:
        Path(made).chmod(0o755)
        yield CertificatePlaces(Path(made))


def makes(machine: CertificatePlaces, *more: str) -> int:
    return main(["ca", "--write", str(machine.root), *more])


def test_a_client_of_the_hall_trusts_what_was_made(machine: CertificatePlaces) -> None:
    assert makes(machine, "--name", "broker.hall", "--name", "10.0.0.5") == 0

    assert certificates.judge(machine.broker, "broker.hall") is None
    assert certificates.judge(machine.broker, "10.0.0.5") is None
    assert certificates.judge(machine.broker, "other.hall") is not None
    strict = ["openssl", "verify", "-x509_strict", "-purpose", "sslserver", "-CAfile"]
    subprocess.run(
        [*strict, machine.public, machine.broker.certificate], check=True, capture_output=True
    )


def test_each_file_is_read_by_whom_it_must_be_and_no_other(machine: CertificatePlaces) -> None:
    makes(machine)

    def mode(path: Path) -> int:
        return stat.S_IMODE(path.stat().st_mode)

    assert [mode(p) for p in (machine.public, machine.broker.ca, machine.broker.certificate)] == [
        0o644,
        0o644,
        0o644,
    ]
    assert (mode(machine.authority_key), mode(machine.authority_key.parent)) == (0o600, 0o700)
    assert mode(machine.broker.key) == 0o640
    if os.geteuid() == 0:
        assert machine.broker.key.stat().st_gid == getpwnam("mosquitto").pw_gid
        with lan_listener.as_broker():
            assert certificates.unreadable(machine.broker) is None
            assert not os.access(machine.authority_key, os.R_OK, effective_ids=True)


def test_what_lasts_is_kept_and_what_is_made_anew_is_trusted_by_who_trusted_the_old(
    machine: CertificatePlaces,
) -> None:
    makes(machine, "--name", "broker.hall")
    first, ca = machine.broker.certificate.read_bytes(), machine.public.read_bytes()

    makes(machine)
    assert machine.broker.certificate.read_bytes() == first

    makes(machine, "--renew")
    assert machine.broker.certificate.read_bytes() != first
    assert machine.public.read_bytes() == ca
    assert certificates.judge(machine.broker, "broker.hall") is None


def test_a_name_more_is_a_new_certificate(machine: CertificatePlaces) -> None:
    makes(machine, "--name", "broker.hall")

    assert makes(machine, "--name", "broker.hall", "--name", "10.0.0.5") == 0
    assert certificates.judge(machine.broker, "10.0.0.5") is None


def test_what_has_expired_is_made_anew_without_being_told(
    machine: CertificatePlaces, tmp_path: Path
) -> None:
    makes(machine, "--name", "localhost")
    old = certificate(tmp_path / "old", "expired") / "broker.crt"
    shutil.copyfile(old, machine.broker.certificate)

    assert makes(machine) == 0
    assert certificates.judge(machine.broker, "localhost") is None


def test_a_ca_of_somebody_else_is_not_written_over(
    machine: CertificatePlaces, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.broker.folder.mkdir(parents=True)
    shutil.copyfile(certificate(tmp_path / "other") / "broker.crt", machine.broker.ca)
    theirs = machine.broker.ca.read_bytes()

    assert makes(machine) == 1
    assert machine.broker.ca.read_bytes() == theirs
    assert "là của CA khác" in capsys.readouterr().err


def test_files_made_anew_keep_the_network_until_it_is_given_up(
    machine: CertificatePlaces, tmp_path: Path
) -> None:
    (yaml := tmp_path / "hall.yaml").write_text(SMALLEST, encoding="utf-8")
    again = ["broker-config", "-c", str(yaml), "--write", str(machine.root)]

    main([*again, "--listen"])
    main(again)
    listener = (machine.root / lan_listener.WANTED).read_text(encoding="utf-8")
    assert listener.startswith("listener 8883\n")
    assert (machine.root / lan_listener.LINK).is_file()

    main([*again, "--local"])
    assert not (machine.root / lan_listener.WANTED).exists()
    assert not (machine.root / lan_listener.LINK).is_symlink()


def test_the_guard_says_why_the_network_is_left_out(
    machine: CertificatePlaces, capsys: pytest.CaptureFixture[str]
) -> None:
    makes(machine)
    listener = lan_listener.config("127.0.0.1", str(machine.broker.folder), port=0)
    given = lan_listener.put(machine.root, listener)[1]
    assert main(["broker-guard", "--root", str(machine.root)]) == 0
    assert given.read_text(encoding="utf-8") == listener

    machine.broker.key.chmod(0o600)
    machine.broker.key.unlink()

    assert main(["broker-guard", "--root", str(machine.root)]) == 1
    assert given.read_text(encoding="utf-8").startswith("#")
    assert f"thiếu tệp {machine.broker.key}" in capsys.readouterr().err
