"""How the last trial of a version ended, and what a technician is told of it."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, get_args

from hall.runtime import durable

# Below the machine's root; the switch writes it too, where no judge is left to do so.
FILE = Path("var/lib/motcua/update.json")
TOLD = "Lần cập nhật gần nhất: "
"""How the alert of a failed one begins, by which the next one knows that fault as its own."""
TRY_AGAIN = (
    "Hội trường chạy tiếp bản cũ. Mất điện hay thiếu chỗ: cập nhật lại; khác: xem sudo journalctl "
    "-u update-motcua -u recover-motcua, gửi sudo motcua support-bundle cho người hỗ trợ. Thôi "
    "không cập nhật: sudo motcua update forget"
)


Verdict = Literal["kept", "returned", "refused", "interrupted"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the trial of `version` ended; `text`: why it does not run, empty where it does."""

    verdict: Verdict
    version: str
    text: str = ""

    def __str__(self) -> str:
        match self.verdict:
            case "kept":
                return f"phiên bản {self.version} đã chạy tốt và được giữ."
            case "returned":
                return f"phiên bản {self.version} không đạt, đã về bản trước: {self.text}"
            case "refused":
                return f"phiên bản {self.version} không được dùng: {self.text}"
            case "interrupted":
                return (
                    f"việc thử phiên bản {self.version} bị ngắt giữa chừng (mất điện, hoặc bị "
                    "dừng), đã về bản trước."
                )

    @property
    def failed(self) -> bool:
        return self.verdict != "kept"


def write(file: Path, outcome: Outcome) -> None:
    """For every user of the machine to read. Raises OSError."""
    text = json.dumps(asdict(outcome), ensure_ascii=False) + "\n"
    durable.replace(file, text.encode())
    file.chmod(0o644)


def read(file: Path) -> Outcome | None:
    """None while nothing has been tried, and for what this version cannot read."""
    try:
        found = Outcome(**json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return found if found.verdict in get_args(Verdict) else None


def ended_at(file: Path) -> datetime:
    """When the trial ended. Raises OSError."""
    return datetime.fromtimestamp(file.stat().st_mtime, UTC)
