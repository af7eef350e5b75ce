"""`motcua pair|browsers|staff`: which browsers the staff have, and who signs in at them."""

import argparse
import sys
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path

from hall.cli import state_places
from hall.counter.door.access import TABLET_OF, names_of, place_of
from hall.counter.door.clerks import is_mark
from hall.counter.door.pairing import CODE_S, Pairing
from hall.counter.door.signing_in import Clerks
from hall.counter.door.store import NAME, DoorStore, DoorStoreError
from hall.counter.head.deeds import NAME as DEEDS
from hall.counter.head.deeds import Deed, Deeds
from hall.runtime import ownership, settings
from hall.runtime.clock import SystemClock
from hall.runtime.roles import CONFIG_ERROR
from hall.runtime.sections import Shared

_ROLE = "counter"
_NAMES = {"head": "trưởng bộ phận", "technician": "kỹ thuật viên"}


def arguments(parser: argparse.ArgumentParser, command: str) -> None:
    parser.set_defaults(command=command)
    match command:
        case "pair":
            text = "mã quầy, hoặc head (trưởng bộ phận), technician"
            parser.add_argument("place", metavar="CHỖ", help=text)
        case "staff":
            _add_staff_arguments(parser)
        case _:
            text = "thu hồi máy có số này trong danh sách"
            parser.add_argument("--revoke", type=int, metavar="SỐ", help=text)
    parser.add_argument("-c", "--config", type=Path, required=True, help="tệp cấu hình (YAML)")
    parser.add_argument("--state", type=Path, metavar="DIR", help="thư mục trạng thái")


def _add_staff_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("act", choices=("add", "list", "remove"), metavar="add|list|remove")
    text = "ký hiệu ghi vào nhật ký, chữ không dấu, số, dấu chấm"
    parser.add_argument("mark", nargs="?", default="", metavar="KÝ_HIỆU", help=text)
    parser.add_argument("name", nargs="?", default="", metavar="TÊN", help="tên hiện ở trang")
    parser.add_argument("--head", action="store_true", help="là trưởng bộ phận")


def main(args: argparse.Namespace) -> int:
    try:
        document = settings.read(args.config)
        hall = settings.check(document.part(Shared.model_fields), Shared)
    except settings.ConfigError as err:
        print(err, file=sys.stderr)
        return CONFIG_ERROR
    folder = state_places.find(args.state, hall.hall.id, _ROLE, NAME).parent
    if not folder.is_dir():
        print(f"Trang cán bộ chưa chạy lần nào ở máy này (không có {folder}).", file=sys.stderr)
        return 1
    ownership.become_owner(folder)
    try:
        with ownership.private_files(), ExitStack() as opened:
            store = opened.enter_context(closing(DoorStore(folder / NAME)))
            pairing = Pairing(store, SystemClock())
            deeds = Deeds(folder / DEEDS, SystemClock())
            match args.command:
                case "pair":
                    return _pair(args, hall, pairing, deeds)
                case "staff":
                    return _staff(args, pairing.clerks, deeds)
                case _:
                    return _list(args, pairing, deeds)
    except DoorStoreError as err:
        print(f"Không mở được danh sách máy đã ghép: {err}", file=sys.stderr)
        return 1


def _pair(args: argparse.Namespace, hall: Shared, pairing: Pairing, deeds: Deeds) -> int:
    known = names_of(each.id for each in hall.counters)
    if args.place not in known:
        print(f"Không có '{args.place}'; có: {', '.join(known)}.", file=sys.stderr)
        return CONFIG_ERROR
    code = pairing.make_code(place_of(args.place))
    deeds.note(Deed("", "code-made", "motcua pair", "ok", about=args.place))
    print(f"Mã ghép cho {_words(args.place)}: {code[:4]} {code[4:]}")
    print(f"Dùng được một lần, trong {CODE_S // 60} phút, ở trang /ghep của máy cần ghép.")
    return 0


def _list(args: argparse.Namespace, pairing: Pairing, deeds: Deeds) -> int:
    if args.revoke is not None:
        done = pairing.revoke(args.revoke, "motcua browsers")
        if done:
            about = str(args.revoke)
            deeds.note(Deed("", "browser-revoked", "motcua browsers", "ok", about=about))
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


def _staff(args: argparse.Namespace, clerks: Clerks, deeds: Deeds) -> int:
    match args.act:
        case "add":
            return _add_clerk(args, clerks, deeds)
        case "remove":
            done = clerks.remove(args.mark)
            if done:
                deeds.note(Deed("", "clerk-removed", "motcua staff", "ok", about=args.mark))
            print(f"{args.mark} không đăng nhập được nữa." if done else f"Không có {args.mark}.")
            return 0 if done else 1
        case _:
            for each in clerks.store.all():
                role = " – trưởng bộ phận" if each.is_head else ""
                state = "" if each.first_until is None else " – chưa chọn mã PIN"
                print(f"{each.id:<16} {each.name}{role}{state}")
            return 0


def _add_clerk(args: argparse.Namespace, clerks: Clerks, deeds: Deeds) -> int:
    known = clerks.store.find(args.mark)
    name = args.name or ("" if known is None else known.name)
    if not is_mark(args.mark) or not name:
        print(
            "Cần ký hiệu (chữ không dấu, số, . _ -) và tên: staff add nv.07 'Lan'", file=sys.stderr
        )
        return CONFIG_ERROR
    if known is not None and known.gone is not None and known.name != name:
        print(
            f"{args.mark} là của {known.name}, nhật ký còn ghi: lấy ký hiệu khác.", file=sys.stderr
        )
        return 1
    pin = clerks.add(args.mark, name, is_head=args.head or (known is not None and known.is_head))
    deeds.note(Deed("", "clerk-added", "motcua staff", "ok", about=args.mark))
    print(f"Mã PIN giao cho {name}: {pin}")
    print("Dùng trong 7 ngày, cho lần đăng nhập đầu; khi đó tự chọn mã PIN của mình.")
    return 0


def _words(place: str) -> str:
    if place.startswith(TABLET_OF):
        return f"máy đánh giá ở quầy {place.removeprefix(TABLET_OF)}"
    return _NAMES.get(place, f"quầy {place}")
