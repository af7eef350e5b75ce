"""Where the package keeps the versions of motcua on a machine (systemd/deb/switch)."""

import json
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the trial of `version` ended; `text`: why it does not run, empty where it does."""

    verdict: Literal["kept", "returned", "refused"]
    version: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Installation:
    """`root`: where the machine's files lie."""

    root: Path = Path("/")

    @property
    def home(self) -> Path:
        return self.root / "usr/lib/motcua"

    @property
    def yaml(self) -> Path:
        return self.root / "etc/motcua/hall.yaml"

    @property
    def outcome_file(self) -> Path:
        return self.root / "var/lib/motcua/update.json"

    def version(self, link: str) -> str | None:
        """Of `current`, `staged`, `trial` or `before`; None where there is none."""
        try:
            return (self.home / link / "version").read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return None

    def motcua(self, link: str, module: str, *words: str) -> list[str]:
        """The command line that runs a module of that version."""
        return [str((self.home / link).resolve() / ".venv/bin/python"), "-P", "-m", module, *words]

    def switch(self, word: str) -> None:
        """Raises CalledProcessError."""
        subprocess.run([self.home / "switch", word], check=True, timeout=600)  # noqa: S603

    def write_outcome(self, outcome: Outcome) -> None:
        text = json.dumps(asdict(outcome), ensure_ascii=False) + "\n"
        new = self.outcome_file.with_suffix(".new")
        new.write_text(text, encoding="utf-8")
        new.replace(self.outcome_file)

    def read_outcome(self) -> Outcome | None:
        """None while nothing has been tried, or a trial has not ended by itself."""
        try:
            return Outcome(**json.loads(self.outcome_file.read_text(encoding="utf-8")))
        except (FileNotFoundError, ValueError, TypeError):
            return None
