"""What the files generate: schema and reference of the YAML, AsyncAPI, ACL, broker files."""

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any

from hall.cli import unit_groups, wire
from hall.cli.checking.check import judge
from hall.cli.checking.hallfile import hall_file
from hall.contract import asyncapi
from hall.contract.acl import HallIds, acl
from hall.runtime import (
    broker,
    broker_files,
    certificates,
    durable,
    lan_listener,
    ownership,
    settings,
)
from hall.runtime.roles import CONFIG_ERROR

DOCUMENT_VERSION = "1.0"


def arguments(parser: argparse.ArgumentParser, command: str) -> None:
    parser.set_defaults(command=command)
    if command in ("acl", "broker-config", "grouped-units"):
        parser.add_argument("-c", "--config", type=Path, required=True, help="tệp cấu hình")
    if command == "broker-config":
        parser.add_argument(
            "--listen",
            type=_address,
            nargs="?",
            const="",
            metavar="ĐỊA_CHỈ",
            help="cho máy khác trong hội trường nối bằng TLS, chỉ ở địa chỉ này của máy, hoặc ở "
            "mọi địa chỉ khi không ghi; không có --listen: giữ cổng mạng như đang có",
        )
        parser.add_argument(
            "--local", action="store_true", help="bỏ cổng mạng, chỉ phục vụ chính máy này"
        )
        parser.add_argument(
            "--tls", default=certificates.FOLDER, metavar="DIR", help="thư mục chứng chỉ"
        )
    if command in ("broker-config", "grouped-units"):
        parser.add_argument(
            "--write",
            type=Path,
            metavar="ROOT",
            help="ghi các tệp vào dưới thư mục này (/ = máy này); không có: in cấu hình ra",
        )


def _address(text: str) -> str:
    """It stands in mosquitto's configuration, where a blank would begin another word."""
    if not re.fullmatch(r"[A-Za-z0-9.:_-]*", text):
        raise argparse.ArgumentTypeError(f"'{text}' không phải địa chỉ")
    return text


def main(args: argparse.Namespace) -> int:
    try:
        text = _text(args)
    except settings.ConfigError as err:
        print(err, file=sys.stderr)
        return CONFIG_ERROR
    sys.stdout.write(text)
    return 0


def _text(args: argparse.Namespace) -> str:
    match args.command:
        case "acl":
            document, _ = judge(args.config)
            return acl(broker.hall_ids(document.values))
        case "broker-config":
            return _broker(args)
        case "grouped-units":
            return _grouped(args)
        case command:
            return _PLAIN[command]()


def schema() -> str:
    """The JSON Schema of the YAML, for editors."""
    return _json({"$schema": "https://json-schema.org/draft/2020-12/schema"} | _schema())


def bus_document() -> str:
    """The AsyncAPI document of the bus."""
    return _json(asyncapi.document(DOCUMENT_VERSION))


def _schema() -> dict[str, Any]:
    return hall_file().model_json_schema()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _broker(args: argparse.Namespace) -> str:
    document, _ = judge(args.config)
    config = broker_files.hall_config()
    lan = "" if args.listen is None else lan_listener.config(args.listen, args.tls)
    if args.write is None:
        return config + lan
    ownership.become_owner(args.write)
    written = _write(args.write, broker.hall_ids(document.values), config)
    if lan or args.local:
        written += lan_listener.put(args.write, lan)
    lines = "\n".join(f"  {path}" for path in written)
    return (
        f"Đã ghi:\n{lines}\nBước tiếp: {_next(args)}sudo systemctl restart mosquitto. "
        "Mật khẩu từng máy nằm trong thư mục credentials; chép sang đúng máy dùng nó.\n"
    )


def _next(args: argparse.Namespace) -> str:
    return "" if args.listen is None else "sudo motcua ca --write / (chứng chỉ); "


def _grouped(args: argparse.Namespace) -> str:
    document, _ = judge(args.config)
    made = tuple(unit_groups.units(document))
    if args.write is None:
        return "\n".join(f"# {unit.name}\n{unit.text}" for unit in made)
    folder = args.write / "etc/systemd/system"
    folder.mkdir(parents=True, exist_ok=True)
    for unit in made:
        durable.replace(folder / unit.name, unit.text.encode(), mode=0o644)
    names = " ".join(unit.name for unit in made)
    alone = " ".join(name for unit in made for name in unit.alone)
    return (
        f"Đã ghi vào {folder}: {names}\nBước tiếp: sudo systemctl daemon-reload; "
        f"sudo systemctl disable --now {alone}; sudo systemctl enable --now {names}\n"
    )


def _write(root: Path, ids: HallIds, config: str) -> list[Path]:
    """Put the broker's files in place; passwords that exist are kept."""
    passwords = broker_files.write_credentials(root / "etc/motcua/credentials", ids.clients)
    mosquitto = root / "etc/mosquitto"
    texts = {
        mosquitto / "conf.d/motcua.conf": config,
        mosquitto / "motcua.passwords": broker_files.passwords_file(passwords),
        mosquitto / "motcua.acl": acl(ids),
    }
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        # Mosquitto opens its files after it has dropped to its own user.
        durable.replace(path, text.encode(), mode=0o640, group=broker_files.BROKER)
    return [*texts, root / "etc/motcua/credentials"]


def reference() -> str:
    """REFERENCE.md: every key of the YAML, from the same models that check it."""
    root = _schema()
    lines = [
        "# Bảng tra tệp cấu hình",
        "",
        "Sinh từ chính mã kiểm tra (`motcua reference`); không sửa tay.",
        "",
    ]
    names = {"HallFile": "Các mục lớn"}
    for name, model in {"HallFile": root, **root.get("$defs", {})}.items():
        if "properties" not in model:
            continue
        lines += [f"## {names.get(name, name)}", ""]
        lines += ["| khoá | kiểu | mặc định | ý nghĩa |", "|---|---|---|---|"]
        required = set(model.get("required", ()))
        for key, value in model["properties"].items():
            default = "**bắt buộc**" if key in required else f"`{_short(value.get('default'))}`"
            about = str(value.get("description", "")).replace("|", "\\|").replace("\n", " ")
            lines.append(f"| `{key}` | {_kind(value)} | {default} | {about} |")
        lines.append("")
    return "\n".join(lines)


def _kind(value: dict[str, Any]) -> str:
    if "$ref" in value:
        name = value["$ref"].rsplit("/", 1)[-1]
        return f"[{name}](#{name.lower()})"
    if "enum" in value or "const" in value:
        return " \\| ".join(f"`{v}`" for v in value.get("enum", [value.get("const")]))
    for key in ("anyOf", "oneOf"):
        if key in value:
            kinds = [_kind(v) for v in value[key] if v.get("type") != "null"]
            return " hoặc ".join(kinds)
    if value.get("type") == "array":
        return f"danh sách {_kind(value.get('items', {}))}".rstrip()
    return _TYPES.get(str(value.get("type", "")), "")


_TYPES = {
    "string": "chữ",
    "integer": "số nguyên",
    "number": "số",
    "boolean": "true/false",
    "object": "bảng",
}


def _short(value: object) -> str:
    if value is None:
        return "–"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:57] + "…"  # noqa: PLR2004


_PLAIN = {
    "schema": schema,
    "reference": reference,
    "asyncapi": bus_document,
    "wire": wire.tables,
}
