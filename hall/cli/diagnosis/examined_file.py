"""The YAML as a technician's commands find it: right, the last good one, or in parts."""

import argparse
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from hall.cli.checking.check import judge
from hall.doctor.findings import Finding
from hall.runtime import last_good, settings
from hall.runtime.sections import Shared

CONTROLLER = Path("var/lib/motcua/controller")
_ZONE = "Asia/Ho_Chi_Minh"
_MOST_MISTAKES = 10
_STUB = {"id": "none", "name": "none"}


@dataclass(frozen=True, slots=True)
class ExaminedFile:
    """The YAML, or what the hall runs with while it is wrong, or as far as it can be read.

    `shared`: None where even hall and broker are wrong; `kept_at`: since when the hall has had the
    one that it runs with.
    """

    document: settings.Document
    shared: Shared | None
    mistakes: tuple[settings.Mistake, ...] = ()
    kept_at: datetime | None = None

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.shared.hall.timezone if self.shared else _ZONE)


def examine_file(args: argparse.Namespace, root: Path) -> ExaminedFile:
    try:
        return ExaminedFile(*judge(args.config))
    except settings.ConfigError as err:
        mistakes = err.mistakes
    with suppress(settings.ConfigError, OSError):
        folders = (args.state, root / CONTROLLER) if args.state else (root / CONTROLLER,)
        if (kept := last_good.find(("controller",), folders)) is not None:
            document = kept.document(args.config)
            shared = _hall_and_broker(document.values)
            return ExaminedFile(document, shared, mistakes, kept.kept_at)
    try:
        document = settings.skim(args.config)
    except settings.ConfigError:
        document = settings.Document(str(args.config), {})
    return ExaminedFile(document, _hall_and_broker(document.values), mistakes)


def _hall_and_broker(values: Mapping[str, Any]) -> Shared | None:
    known = {key: values[key] for key in ("hall", "broker") if key in values}
    stubs = {"version": 1, "services": [_STUB], "counters": [{"id": "1", "serves": ["none"]}]}
    try:
        return settings.check(settings.Document("", stubs | known), Shared)
    except (settings.ConfigError, ValidationError):
        return None


def findings_of(file: ExaminedFile) -> Iterator[Finding]:
    name = "tệp cấu hình"
    for mistake in file.mistakes[:_MOST_MISTAKES]:
        place = f"{file.document.file}:{mistake.line}:{mistake.column}"
        text = ": ".join(filter(None, (place, mistake.path, mistake.text)))
        advice = "Sửa rồi xem lại: motcua check -c TỆP"
        yield Finding(name, "sai", well=False, text=text, advice=advice, kind="config")
    if not file.mistakes:
        yield Finding(name, "tốt", well=True, text=file.document.file, kind="config")
    elif file.kept_at is not None:
        text = "hội trường chạy với bản này cho đến khi tệp trên được sửa"
        since = file.kept_at
        yield Finding(
            "bản đang chạy", "bản tốt gần nhất", well=True, text=text, kind="config", since=since
        )
