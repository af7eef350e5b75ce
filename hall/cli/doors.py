"""`motcua pair|browsers`: a code for one more browser of the staff, and which ones are paired."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from hall.cli import state_places
from hall.counter import door_store
from hall.counter.access import OF_NO_COUNTER, place_of
from hall.counter.door_store import DoorStore, DoorStoreError
from hall.counter.pairing import CODE_S, Pairing
from hall.runtime import ownership, settings
from hall.runtime.clock import SystemClock
from hall.runtime.roles import CONFIG_ERROR
from hall.runtime.sections import Shared

_ROLE = "counter"
_NAMES = {"head": "trưởng bộ phận", "technician": "kỹ thuật viên"}


def arguments(parser: argparse.ArgumentParser, command: str) -> None:
    parser.set_defaults(command=command)
    if command == "pair":
        parser.add_argument(
            "place", metavar="CHỖ", help="mã quầy, hoặc head (trưởng bộ phận), technician"
        )
    else:
        parser.add_argument(
            "--revoke", type=int, metavar="SỐ", help="thu hồi máy có số này trong danh sách"
        )
    parser.add_argument("-c", "--config", type=Path, required=True, help="tệp cấu hình (YAML)")
    parser.add_argument("--state", type=Path, metavar="DIR", help="thư mục trạng thái")


def main(args: argparse.Namespace) -> int:
    try:
        document = settings.read(args.config)
        hall = settings.check(document.part(Shared.model_fields), Shared)
    except settings.ConfigError as err:
        print(err, file=sys.stderr)
        return CONFIG_ERROR
    folder = state_places.find(args.state, hall.hall.id, _ROLE, door_store.NAME).parent
    if not folder.is_dir():
        print(f"Trang cán bộ chưa chạy lần nào ở máy này (không có {folder}).", file=sys.stderr)
        return 1
    ownership.become_owner(folder)
    try:
        with ownership.private_files():
            pairing = Pairing(DoorStore(folder / door_store.NAME), SystemClock())
            return _pair(args, hall, pairing) if args.command == "pair" else _list(args, pairing)
    except DoorStoreError as err:
        print(f"Không mở được danh sách máy đã ghép: {err}", file=sys.stderr)
        return 1


def _pair(args: argparse.Namespace, hall: Shared, pairing: Pairing) -> int:
    known = [*(each.id for each in hall.counters), *OF_NO_COUNTER]
    if args.place not in known:
        print(f"Không có '{args.place}'; có: {', '.join(known)}.", file=sys.stderr)
        return CONFIG_ERROR
    code = pairing.make_code(place_of(args.place))
    print(f"Mã ghép cho {_words(args.place)}: {code[:4]} {code[4:]}")
    print(f"Dùng được một lần, trong {CODE_S // 60} phút, ở trang /ghep của máy cần ghép.")
    return 0


def _list(args: argparse.Namespace, pairing: Pairing) -> int:
    if args.revoke is not None:
        done = pairing.revoke(args.revoke, "motcua browsers")
        print(f"Đã thu hồi máy số {args.revoke}." if done else "Không có máy nào mang số ấy.")
        return 0 if done else 1
    found = pairing.browsers()
    for each in found:
        places = ", ".join(sorted(_words(str(place)) for place in each.places))
        seen = datetime.fromtimestamp(each.seen, UTC).astimezone()
        print(f"{each.id:>4}  {places:<24} {each.name} – {each.address} – {seen:%d/%m/%Y %H:%M}")
    if not found:
        print("Chưa có máy nào được ghép. Ghép: motcua pair QUẦY -c TỆP")
    return 0


def _words(place: str) -> str:
    return _NAMES.get(place, f"quầy {place}")
