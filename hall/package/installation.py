"""Where the package keeps the versions of motcua on a machine (systemd/deb/switch)."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from hall.package import outcome

_TRIAL = "update-motcua.service"


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
        return self.root / outcome.FILE

    @property
    def controller(self) -> Path:
        """Where the queue lies, on the one machine of a hall that keeps it."""
        return self.root / "var/lib/motcua/controller"

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

    def unstage(self) -> None:
        """What waits for its trial waits no longer."""
        (self.home / "staged").unlink(missing_ok=True)

    def is_on_trial(self) -> bool:
        """Whether the judge is at work; a systemd too busy to answer has not said no."""
        if not (self.root / "run/systemd/system").is_dir():
            return False
        done = subprocess.run(  # noqa: S603
            ["systemctl", "is-active", _TRIAL],  # noqa: S607
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout.strip() not in {"inactive", "failed", "active"}
