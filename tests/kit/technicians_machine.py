"""A machine below a folder, as a technician meets it, and what the doctor says of it."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from hall.cli.__main__ import main
from hall.cli.diagnosis import doctor
from hall.runtime import terminal
from hall.runtime.broker_files import passwords_file

YAML = """\
version: 1
hall: {id: thu, name: Xã Thử}
broker: {url: "mqtt://127.0.0.1:1"}
services: [{id: a, name: Hộ tịch, prefix: A}]
counters: [{id: "1", serves: [a]}]
printers: [{id: printer-1, driver: simulated}]
counter: {port: 8080}
onestop: {driver: file, folder: INBOX}
"""
# `systemctl show` prints what stands in the file beside it.
_SYSTEMCTL = '#!/bin/sh\ncat "$(dirname "$0")/shown"\n'


@dataclass(slots=True)
class TechniciansMachine:
    """Nothing is wrong with it until a test spoils it; its broker does not run."""

    root: Path
    patch: pytest.MonkeyPatch
    units: dict[str, dict[str, str]] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)

    def install(self) -> "TechniciansMachine":
        for folder in ("etc/motcua/credentials", "etc/mosquitto", "bin", "inbox", "state"):
            (self.root / folder).mkdir(parents=True)
        self.yaml.write_text(YAML.replace("INBOX", str(self.root / "inbox")), encoding="utf-8")
        for client, unit in (
            ("controller", "motcua-controller"),
            ("printer-1", "motcua-printer@printer-1"),
            ("counters", "motcua-counter"),
            ("onestop", "motcua-onestop"),
        ):
            self.set_unit(unit)
            self.words[client] = f"word-of-{client}"
            self.set_password(client, self.words[client])
        self.set_unit("mosquitto")
        held = self.root / "etc/mosquitto/motcua.passwords"
        held.write_text(passwords_file(self.words), encoding="utf-8")
        (self.root / "bin/systemctl").write_text(_SYSTEMCTL)
        (self.root / "bin/systemctl").chmod(0o755)
        self.patch.setattr(doctor, "ROOT", self.root)
        self.patch.setattr(terminal, "CONNECT_S", 0.2)
        self.patch.setenv("PATH", f"{self.root / 'bin'}:{os.environ['PATH']}")
        return self

    @property
    def yaml(self) -> Path:
        return self.root / "etc/motcua/hall.yaml"

    def set_unit(self, name: str, **more: str) -> None:
        usual = {"LoadState": "loaded", "ActiveState": "active", "UnitFileState": "enabled"}
        self.units[name] = usual | {"StatusText": "sẵn sàng"} | more

    def set_password(self, client: str, word: str) -> Path:
        file = self.root / "etc/motcua/credentials" / client
        file.write_text(f"{word}\n", encoding="utf-8")
        file.chmod(0o600)
        return file

    def doctor(self, capsys: pytest.CaptureFixture[str]) -> Mapping[str, Mapping[str, Any]]:
        """What is wrong, by its name."""
        shown = (
            "".join(f"{key}={value}\n" for key, value in (("Id", f"{name}.service"), *keys.items()))
            for name, keys in self.units.items()
        )
        (self.root / "bin/shown").write_text("\n".join(shown), encoding="utf-8")
        state = str(self.root / "state")
        main(["doctor", "-c", str(self.yaml), "--state", state, "--json"])
        found = json.loads(capsys.readouterr().out)["findings"]
        return {each["name"]: each for each in found if not each["well"]}
