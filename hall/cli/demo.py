"""`motcua demo`: what it is given, and the place where it is played."""

import argparse
import json
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hall.cli.checking import parts
from hall.cli.checking.check import judge
from hall.cli.stand_ins import STAND_INS
from hall.demo import rehearsal
from hall.demo.play import Course, Demo, play
from hall.runtime import logs, settings
from hall.runtime.daemon import Fatal

PROFILES = ("mu-cang-chai", "phu-tien", "dien-hong", "bac-tu-liem")
# Less leaves no morning between the start and the last pictures.
SHORTEST_S = 22.0
USUAL_PORT = 8080
_LAST_PORT = 65_535


def arguments(parser: argparse.ArgumentParser, _command: str) -> None:
    parser.add_argument(
        "--headless", action="store_true", help="chạy, ghi ảnh và tóm tắt, rồi kết thúc"
    )
    parser.add_argument(
        "--seconds", type=float, metavar="N", help="chạy bao nhiêu giây (tối thiểu 22)"
    )
    parser.add_argument("--out", type=Path, metavar="DIR", help="thư mục ảnh và summary.json")
    parser.add_argument(
        "--port",
        type=_port_number,
        metavar="PORT",
        help="cổng HTTP, thường là 8080; 0: cổng trống bất kỳ",
    )
    parser.add_argument(
        "--profile", choices=PROFILES, default="phu-tien", help="số liệu của đơn vị nào"
    )
    parser.add_argument("--speed", type=float, default=1.0, metavar="X", help="nhanh gấp mấy lần")
    parser.add_argument("--seed", type=int, default=7, help="hạt giống của buổi sáng")
    parser.add_argument(
        "-c", "--config", type=Path, help="hội trường của tệp này, mọi thiết bị thành mô phỏng"
    )


def _port_number(text: str) -> int:
    if not text.isdecimal() or not 0 <= int(text) <= _LAST_PORT:
        raise argparse.ArgumentTypeError(f"cổng từ 0 đến {_LAST_PORT}, không phải '{text}'")
    return int(text)


def main(args: argparse.Namespace) -> int:
    logs.start(systemd=False, level=30)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        with _prepared(args) as demo:
            return play(demo, Course(_seconds(args), args.speed, args.seed, args.headless))
    except settings.ConfigError as err:
        print(err, file=sys.stderr)
        return 2
    except (Fatal, OSError) as err:
        print(f"motcua demo: {err}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


@contextmanager
def _prepared(args: argparse.Namespace) -> Iterator[Demo]:
    """A fresh state folder, an empty place for pictures, the hall's file with all simulated."""
    source = args.config or demo_file()
    document, _ = judge(source)
    with tempfile.TemporaryDirectory(prefix="motcua-demo-") as folder:
        state = Path(folder)
        out = args.out or state / "out"
        _empty(out)
        port = port_of(args.port)
        # A morning pressed into seconds needs a printer as quick as its citizens.
        speed = 0 if args.seconds or args.headless else None
        wishes = rehearsal.Wishes(args.profile, port, speed)
        played = rehearsal.rehearsed(document.values, source.resolve().parent, wishes, STAND_INS)
        config = state / "demo.yaml"
        # JSON is YAML.
        config.write_text(json.dumps(played), encoding="utf-8")
        document, shared = judge(config)
        roles, kept = parts.runnable(document), args.out is not None
        yield Demo(shared.hall.id, config, document, roles, state, out, port, kept)


def demo_file() -> Path:
    for root in (Path(__file__).parents[2], Path(sys.prefix, "share", "motcua-hall")):
        found = root / "config" / "demo.yaml"
        if found.is_file():
            return found
    raise FileNotFoundError("không thấy config/demo.yaml")


def port_of(wanted: int | None) -> int:
    """The wanted HTTP port; 0 finds a free one, and so does a busy 8080 that nobody asked for.

    Raises OSError when the wanted port is taken.
    """
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind(("127.0.0.1", USUAL_PORT if wanted is None else wanted))
        except OSError as err:
            if wanted is not None:
                text = f"cổng {wanted} đang bận; chọn cổng khác bằng --port, hoặc --port 0"
                raise OSError(text) from err
            sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def _empty(out: Path) -> None:
    """Remove what an earlier demo left here, and nothing else."""
    out.mkdir(parents=True, exist_ok=True)
    for name in ("tickets", "logs"):
        shutil.rmtree(out / name, ignore_errors=True)
    for pattern in ("kiosk*.png", "board.png", "face-*.png", "summary.json"):
        for old in out.glob(pattern):
            old.unlink()
    (out / "tickets").mkdir()


def _seconds(args: argparse.Namespace) -> float | None:
    """Without --headless it runs until Ctrl-C."""
    if args.seconds is not None:
        return max(SHORTEST_S, float(args.seconds))
    return 40.0 if args.headless else None
