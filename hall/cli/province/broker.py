"""What the commands of a province write for its mosquitto, and where its own password lies."""

import argparse
import os
from pathlib import Path

from hall.province import broker_files, registrar
from hall.province.broker_files import ProvinceFiles
from hall.province.database import Database
from hall.province.settings import ProvinceFile
from hall.runtime import durable, ownership
from hall.runtime.broker_files import hashed_password, write_credentials
from hall.runtime.state_folders import state_folder

# The password of the one-stop software at the province's broker, user `onestop`.
VENDOR_CREDENTIAL = "onestop-broker"


def state(args: argparse.Namespace, wanted: ProvinceFile) -> Path:
    """--state; else a unit's own; else that of province.yaml, where its passwords lie beside it."""
    beside = Path(args.config).absolute().parent
    in_unit = "STATE_DIRECTORY" in os.environ
    if args.state is None and not in_unit and (beside / "credentials").is_dir():
        return beside
    return state_folder(wanted.province.id, args.state)


def tell_broker(
    args: argparse.Namespace, wanted: ProvinceFile, database: Database, root: Path
) -> str:
    """Passwords and ACL as the database has them; what came of it, in words."""
    wanted_words = wanted.broker.credential, VENDOR_CREDENTIAL
    own = write_credentials(state(args, wanted) / "credentials", wanted_words)
    ownership.become_owner(root)
    hashed, vendor = (hashed_password(own[each]) for each in wanted_words)
    broker_files.write(ProvinceFiles(root), hashed, registrar.credentials(database), vendor)
    if broker_files.reload(Path(wanted.broker.pid_file)):
        return "Broker đã đọc lại."
    return "Broker chưa chạy: có hiệu lực khi nó khởi động."


def write_config(root: Path, tls: Path | None, port: int) -> bool:
    """Whether it is another one now: mosquitto takes it when it starts."""
    files = ProvinceFiles(root)
    text = broker_files.config(ProvinceFiles(Path("/")), tls, port).encode("ascii")
    if files.config.is_file() and files.config.read_bytes() == text:
        return False
    files.config.parent.mkdir(parents=True, exist_ok=True)
    durable.replace(files.config, text, mode=0o644)
    return True
