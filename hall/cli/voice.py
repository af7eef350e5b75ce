"""`motcua voice make|list`: the clips the voice needs, made or listed for a recording."""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from display.settings import DisplayConfig
from display.voice import assembly
from display.voice.assembly import ClipSet
from display.voice.ports import SynthesisError
from hall.cli.checking.check import judge
from hall.reading.recording import recording_sheet
from hall.runtime import ownership, roles, settings
from hall.runtime.settings import Document
from hall.runtime.state_folders import state_folder
from kiosk import packs
from kiosk.packs import KioskClips


def arguments(parser: argparse.ArgumentParser, _command: str) -> None:
    parser.add_argument(
        "what",
        choices=("make", "list"),
        help="make: tổng hợp các đoạn tiếng còn thiếu bằng espeak-ng; list: danh sách để thu âm",
    )
    parser.add_argument("-c", "--config", type=Path, required=True, help="tệp cấu hình (YAML)")
    parser.add_argument("--state", type=Path, metavar="DIR", help="thư mục trạng thái")


def main(args: argparse.Namespace) -> int:
    try:
        document, sets = _sets(args)
    except settings.ConfigError as err:
        print(err, file=sys.stderr)
        return roles.CONFIG_ERROR
    kiosks = tuple(packs.clips_of(document))
    if not sets and (args.what == "make" or not kiosks):
        print("Mục display.voice chưa có trong tệp cấu hình.", file=sys.stderr)
        return roles.CONFIG_ERROR
    return _list(sets, kiosks) if args.what == "list" else _make(sets)


def _sets(args: argparse.Namespace) -> tuple[Document, tuple[ClipSet, ...]]:
    document, shared = judge(args.config)
    if "display" not in document.values:
        return document, ()
    config = settings.check(document.part(DisplayConfig.model_fields), DisplayConfig)
    voice = config.display.voice
    state = state_folder(shared.hall.id, args.state)
    return document, () if voice is None else assembly.clip_sets(config, voice, state)


def _list(sets: tuple[ClipSet, ...], kiosks: Iterable[KioskClips]) -> int:
    """A sheet a language for the loudspeaker of the hall, and one for kiosks that read aloud."""
    for lang, table in assembly.recording_lists(sets).items():
        print(f"# {lang}\n{table}")
    told = {(each.lang, each.folder, *each.clips): each for each in kiosks}
    for each in told.values():
        place = f": {each.folder}" if each.folder else ""
        print(f"# kiosk, {each.lang}{place}\n{recording_sheet(each.clips)}")
    return 0


def _make(sets: tuple[ClipSet, ...]) -> int:
    try:
        with ownership.private_files():
            ownership.become_owner(sets[0].folder)
            made = assembly.make_missing(sets)
    except (SynthesisError, OSError) as err:
        print(f"motcua voice: {err}", file=sys.stderr)
        return 1
    for each in sets:
        print(f"{each.lang}: {len(each.texts)} đoạn tiếng ở {each.folder}")
    print(f"Vừa tổng hợp {len(made)} đoạn còn thiếu; đoạn đã thu âm được giữ nguyên.")
    return 0
