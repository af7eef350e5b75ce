"""`motcua check -c FILE`: the YAML judged, all errors at once."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from display.settings import DisplayConfig
from display.voice import assembly
from firmware_bridge import checking
from firmware_bridge.settings import BridgeFile
from hall.cli.checking import dates, entries, languages, letters, pages_there, parts, references
from hall.cli.checking.hallfile import hall_file
from hall.counter.settings import CounterPagesConfig
from hall.doctor.units import ask_systemd
from hall.runtime import last_good, roles, settings
from hall.runtime.clock import SystemClock
from hall.runtime.roles import CONFIG_ERROR
from hall.runtime.sections import Shared
from hall.runtime.settings_yaml import in_order
from hall.uplink.drivers.mqtt import BrokerLink
from hall.uplink.settings import UplinkConfig
from kiosk import packs

# Whose clips espeak-ng makes without being told by which voice.
_SPOKEN = ("vi", "en")


def arguments(parser: argparse.ArgumentParser, _command: str) -> None:
    parser.add_argument("-c", "--config", type=Path, required=True, help="tệp cấu hình (YAML)")


def main(args: argparse.Namespace) -> int:
    try:
        document, shared = judge(args.config)
        found = [*warnings(document), *_kiosks(document)]
        roles.rehearse(parts.wanted(parts.runnable(document)), document, shared.hall.id)
    except settings.ConfigError as err:
        print(err, file=sys.stderr)
        print(f"\n{len(err.mistakes)} lỗi. Sửa hết rồi mới dùng tệp này.", file=sys.stderr)
        if going_on := _going_on():
            text = f"Đang chạy tiếp với bản tốt gần nhất: {', '.join(going_on)}."
            print(text, file=sys.stderr)
        return CONFIG_ERROR
    for note in found:
        print(f"{args.config}:{note.line}:{note.column}: lưu ý: {note.text}")
    print(f"{args.config}: tốt.")
    return 0


def _going_on() -> list[str]:
    """The units of this machine that run in spite of a wrong file."""
    units = ask_systemd(["motcua-*.service"], SystemClock())
    return sorted(name for name, unit in units.items() if last_good.UNUSABLE in unit.said)


def judge(path: Path) -> tuple[settings.Document, Shared]:
    """Read and check everything. Raises ConfigError with all mistakes."""
    document = settings.skim(path)
    if not (document.values or document.mistakes):
        empty = document.mistake((), f"tệp trống; tạo tệp mới: motcua config new {path}")
        raise settings.ConfigError(document.file, (empty,))
    return document, judge_whole(document)


def judge_whole(document: settings.Document) -> Shared:
    """Every section, whoever runs it. Raises ConfigError with all mistakes."""
    wrong = [*references.mistakes(document), *dates.mistakes(document), *_of_bridges(document)]
    try:
        shared = settings.check(document, hall_file())
    except settings.ConfigError as err:
        found = in_order(_where_they_stand((*err.mistakes, *wrong)))
        raise settings.ConfigError(document.file, found) from err
    if wrong:
        raise settings.ConfigError(document.file, in_order(wrong))
    return shared


def _where_they_stand(mistakes: Sequence[settings.Mistake]) -> Iterator[settings.Mistake]:
    """Without what is said of a section when it is said of a place inside it too."""
    for one in mistakes:
        inside = (m for m in mistakes if m.text == one.text and m.path.startswith(f"{one.path}."))
        if not one.path or next(inside, None) is None:
            yield one


def _of_bridges(document: settings.Document) -> list[settings.Mistake]:
    alone = entries.bridges_alone(document)
    try:
        return checking.mistakes_of(alone, _bridges(alone))
    except settings.ConfigError:
        return []


def warnings(document: settings.Document) -> list[settings.Mistake]:
    """What works, but not as well as the hall may expect."""
    found = (
        *references.advice(document),
        *checking.warnings_of(document, _bridges(document)),
        *_board(document),
        *languages.names_left_vietnamese(document),
        *_voice(document),
        *letters.advice(document),
        *_calendar(document),
        *_pages(document),
        *_uplink(document),
    )
    return list(in_order(found))


def _pages(document: settings.Document) -> Iterator[settings.Mistake]:
    """What would keep the staff pages from opening on this machine."""
    if "counter" not in document.values:
        return
    config = settings.check(document.part(CounterPagesConfig.model_fields), CounterPagesConfig)
    section = config.counter
    if section.port and pages_there.is_port_foreign(section):
        text = f"cổng {section.port} của máy này do chương trình khác giữ: sudo ss -ltnp"
        yield document.mistake(("counter", "port"), text)
    if section.tls is not None:
        fault = pages_there.fault_of(section.tls, SystemClock().now())
        if fault:
            yield document.mistake(("counter", "tls"), f"{fault} (ở máy này)")


def _uplink(document: settings.Document) -> Iterator[settings.Mistake]:
    """What would keep the hall from its province, or its password from being kept."""
    config = settings.check(document.part(UplinkConfig.model_fields), UplinkConfig)
    if isinstance(config.uplink, BrokerLink):
        for key, text in config.uplink.notes():
            yield document.mistake(("uplink", key), text)


def _calendar(document: settings.Document) -> Iterator[settings.Mistake]:
    """What the calendar lacks today, where it is known which day that is."""
    clock, hall = SystemClock(), entries.hall(document)
    if hall is not None and clock.trusted():
        today = clock.now().astimezone(ZoneInfo(hall.timezone)).date()
        yield from dates.advice(document, today)


def _board(document: settings.Document) -> Iterator[settings.Mistake]:
    """What the last row of seats cannot read on the hall board."""
    if "display" not in document.values:
        return
    config = settings.check(document.part(DisplayConfig.model_fields), DisplayConfig)
    board = config.display.board
    if board is not None:
        # Measuring texts needs SDL: only a hall with a board pays for it.
        from display.board import configured  # noqa: PLC0415

        for text in configured.advice(config, board):
            yield document.mistake(("display", "board", "distance_m"), f"bảng chung: {text}")


def _voice(document: settings.Document) -> Iterator[settings.Mistake]:
    """Languages for which there is nobody to speak: neither recorded nor known to be made."""
    if "display" not in document.values:
        return
    config = settings.check(document.part(DisplayConfig.model_fields), DisplayConfig)
    section = config.display.voice
    for index, (each, clips) in enumerate(
        zip(section.languages, assembly.clip_sets(config, section, Path()), strict=True)
        if section is not None
        else ()
    ):
        path = ("display", "voice", "languages", index)
        missing = clips.missing() if each.folder else ()
        if missing:
            text = f"thư mục {each.folder} thiếu {len(missing)} trên {len(clips.texts)} đoạn tiếng"
            yield document.mistake(
                (*path, "folder"), f"{text}; danh sách cần thu: motcua voice list"
            )
        elif not each.folder and each.lang not in _SPOKEN and not each.espeak:
            yield document.mistake(
                (*path, "lang"),
                f"tiếng '{each.lang}' chưa có đoạn tiếng nào: thu rồi ghi thư mục ở folder, "
                "hoặc ghi ở espeak một giọng mà espeak-ng có",
            )


def _kiosks(document: settings.Document) -> list[settings.Mistake]:
    """Every page of every kiosk on its own panel. Raises ConfigError for what no finger can hit."""
    if "kiosks" not in document.values:
        return []
    # Measuring texts needs SDL: only a hall with a kiosk pays for it.
    from kiosk.glass import inspection  # noqa: PLC0415

    return [*inspection.notes(document), *packs.advice(document)]


def _bridges(document: settings.Document) -> BridgeFile:
    return settings.check(document.part(BridgeFile.model_fields), BridgeFile)
