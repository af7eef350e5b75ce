"""Runs an import as a process of its own: watched, bounded, ended at once when it must be."""

import contextlib
import logging
import os
import select
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from hall.onestop.intake import report
from hall.onestop.intake.importing import ImportJob, ImportOutcome

log = logging.getLogger(__name__)

_LOOK_S = 0.2
# Resident pages, the libraries' own included.
_MOST_RESIDENT = 144 * 1024 * 1024
_PAGE = os.sysconf("SC_PAGE_SIZE")
_TOO_LARGE = "quá lớn cho bộ nhớ của máy này: lưu thành CSV UTF-8, hoặc chia theo tháng"
_BROKE = "làm bộ đọc dừng giữa chừng: tệp hỏng, hoặc quá lớn cho bộ nhớ của máy này"


@dataclass(frozen=True, slots=True)
class Workshop:
    """`ended` is set when the gateway leaves: what is being read is dropped."""

    ended: threading.Event

    def run(self, job: ImportJob, progress: Callable[[int], None]) -> ImportOutcome | None:
        """The outcome, or None when told to end. Blocks; call it in a thread of its own."""
        shutil.rmtree(job.folder, ignore_errors=True)
        job.folder.mkdir(parents=True, mode=0o700)
        command = [sys.executable, "-P", "-m", "hall.onestop.intake"]
        with subprocess.Popen(  # noqa: S603 - our own module
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as child:
            try:
                _hand_over(child, job)
                why = self._watch(child, progress)
            finally:
                child.kill()
        if self.ended.is_set():
            return None
        return _refused(job, why) if why else _read(job, child.returncode)

    def _watch(self, child: subprocess.Popen[bytes], progress: Callable[[int], None]) -> str:
        """Until it is done: "" then, else why it was ended."""
        out, rest = child.stdout, b""
        if out is None:
            return _BROKE
        while not self.ended.is_set():
            ready, _, _ = select.select([out], [], [], _LOOK_S)
            if ready:
                read = os.read(out.fileno(), 4096)
                if not read:
                    child.wait()
                    return ""
                *whole, rest = (rest + read).split(b"\n")
                if whole:
                    progress(int(whole[-1]))
            if _resident(child.pid) > _MOST_RESIDENT:
                return _TOO_LARGE
        return ""


def _hand_over(child: subprocess.Popen[bytes], job: ImportJob) -> None:
    with contextlib.suppress(BrokenPipeError):
        if child.stdin is not None:
            child.stdin.write(job.model_dump_json().encode())
            child.stdin.close()


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]) * _PAGE
    except (OSError, ValueError, IndexError):
        return 0


def _read(job: ImportJob, status: int) -> ImportOutcome:
    try:
        return ImportOutcome.model_validate_json(job.outcome.read_bytes())
    except (OSError, ValidationError):
        log.warning("an import ended with status %s and no outcome", status)
        return _refused(job, _BROKE)


def _refused(job: ImportJob, why: str) -> ImportOutcome:
    return ImportOutcome(report=report.refusal(job.path.name, "other", job.now, why))
