"""The configuration that a role last became ready with: kept whole, and started from in need.

    file ──judge──▶ right ──▶ run ──ready──▶ kept in the state folder
                      └─▶ wrong or missing ──▶ kept one ──▶ run, alert until the file is right

The copy is the file's own bytes. What the file names beside itself (logo, clips, language files) is
not copied: it is looked for where the file stands.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from hall.runtime import durable
from hall.runtime.settings import ConfigError, Document, skim

_NAME = "last-good-{}.yaml"


@dataclass(frozen=True, slots=True)
class KeptConfig:
    """One process's copy; processes that share a state folder have one each."""

    path: Path

    def document(self, file: Path) -> Document:
        """The copy, as if it stood at `file`. Raises ConfigError."""
        return replace(skim(self.path), file=str(file))

    @property
    def kept_at(self) -> datetime:
        """When it was first run with, by the clock of that moment."""
        return datetime.fromtimestamp(self.path.stat().st_mtime, UTC)

    def keep(self, document: Document) -> None:
        """Written only where it differs: a card wears. Raises OSError."""
        if not (self.path.is_file() and self.path.read_bytes() == document.source):
            durable.replace(self.path, document.source)


def of(folder: Path, roles: Sequence[str]) -> KeptConfig:
    """The copy of the process that runs these roles on this state folder."""
    return KeptConfig(folder / _NAME.format("+".join(sorted(roles))))


def find(roles: Sequence[str], folders: Sequence[Path]) -> KeptConfig | None:
    """The only copy in these folders: of two halls nobody knows which one is meant."""
    found = [kept for folder in folders if (kept := of(folder, roles)).path.is_file()]
    return found[0] if len(found) == 1 else None


@dataclass(frozen=True, slots=True)
class ConfigJudged:
    """What a person is told of the file on disk; empty: it is right, or nothing is known of it."""

    text: str = ""
    advice: str = ""


RIGHT = ConfigJudged()
# What every text of a wrong file begins with, also beside a unit's name.
UNUSABLE = "Tệp cấu hình không dùng được"
_MOST_CHARACTERS = 300


def wrong(err: ConfigError, running: str) -> ConfigJudged:
    """`running`: with what the hall goes on, in words."""
    first, *others = str(err).splitlines() or [""]
    more = f" (và {len(others)} lỗi nữa)" if others else ""
    return ConfigJudged(
        f"{UNUSABLE}, {running}: {first[:_MOST_CHARACTERS]}{more}",
        f"Chạy: motcua check -c {err.file}, rồi sửa tệp; sửa xong thì nó tự được nạp.",
    )


def unkept(err: OSError) -> ConfigJudged:
    """A file that is right is not taken while there would be no way back."""
    return ConfigJudged(
        "Tệp cấu hình mới chưa được nạp vì đĩa không giữ được bản đang chạy "
        f"({err.strerror}); hội trường chạy tiếp với bản đang có.",
        "Đĩa đầy hoặc chỉ đọc: df -h, dmesg; sau đó nạp lại (systemctl reload).",
    )
