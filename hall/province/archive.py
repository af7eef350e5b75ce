"""Backups of a province: the database, and the files that a new machine needs to be the same one.

    /var/backups/motcua-province/
        2026-11-30T020000/          whole, since it has its name
            database.dump           pg_dump -Fc: events, figures, registry, hashes of passwords
            files.tar               province.yaml, passwords, broker's files, certificates, CA
        2026-12-01T020000.part/     being made, or left by a power cut

A restore fills a database beside, and only when that is whole takes the old one's place; the old
one stays under another name.
"""

import os
import re
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from hall.province.installing import OWNER, let_root_be_owner
from hall.province.postgres_tools import PostgresTools
from hall.runtime import durable
from hall.runtime.ownership import private_files

DUMP, FILES = "database.dump", "files.tar"
# Below the root of the machine; folders with all that is in them.
KEPT = (
    "etc/motcua/province.yaml",
    "etc/motcua/credentials",
    "etc/motcua/ca",
    "etc/motcua/ca.crt",
    "etc/mosquitto/certs",
    "etc/mosquitto/conf.d/motcua-province.conf",
    "etc/mosquitto/motcua-province.passwords",
    "etc/mosquitto/motcua-province.acl",
)
_NAME = re.compile(r"\d{4}-\d\d-\d\dT\d{6}")
_FORM = "%Y-%m-%dT%H%M%S"
_PART = ".part"


class StillInUse(Exception):
    """Somebody is connected to the database that is to be replaced; the text says who."""


@dataclass(frozen=True, slots=True)
class Restored:
    """`before`: the name that the old database has now, "" where there was none.

    `files`: what was missing on this machine and came from the backup. `rights`: what is wrong with
    those of readers whom this server does not know, or "".
    """

    before: str
    rights: str
    files: tuple[str, ...]


def backups(folder: Path) -> tuple[Path, ...]:
    """The whole ones, oldest first."""
    found = folder.iterdir() if folder.is_dir() else ()
    return tuple(sorted(each for each in found if _NAME.fullmatch(each.name)))


def made_at(backup: Path, now: datetime) -> datetime:
    """By its name, in the zone of `now`."""
    return datetime.strptime(backup.name, _FORM).replace(tzinfo=now.tzinfo)


def back_up(tools: PostgresTools, root: Path, folder: Path, now: datetime) -> Path:
    """A new backup; readable by its owner alone. Raises ToolFailed, OSError."""
    with private_files():
        folder.mkdir(parents=True, exist_ok=True)
        made = folder / f"{now:{_FORM}}"
        part = made.with_name(made.name + _PART)
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir()
        tools.dump(part / DUMP)
        with tarfile.open(part / FILES, "w") as tar:
            for name in KEPT:
                if (root / name).exists():
                    tar.add(root / name, name)
        for each in (part / DUMP, part / FILES, part):
            durable.sync(each)
        part.rename(made)
        durable.sync(folder)
    return made


def rotate(folder: Path, keep: int) -> tuple[Path, ...]:
    """Older ones go, and what was left half made; those that went. Raises OSError."""
    old = backups(folder)[:-keep]
    broken = tuple(each for each in folder.glob(f"*{_PART}") if _NAME.fullmatch(each.stem))
    for each in (*old, *broken):
        shutil.rmtree(each)
    return old


def restore(tools: PostgresTools, root: Path, backup: Path, now: datetime) -> Restored:
    """Raises StillInUse, ToolFailed, OSError; the old database is then as it was."""
    name, new = tools.name, f"{tools.name}-restoring"
    _refuse_while_used(tools)
    there = _owner(tools)
    owner = there or _known_role(tools, OWNER)
    tools.administer(f'DROP DATABASE IF EXISTS "{new}"')
    of_whom = f'OWNER "{owner}"' if owner else ""
    tools.administer(
        f"CREATE DATABASE \"{new}\" {of_whom} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'"
    )
    rights = tools.read_back(backup / DUMP, new)
    before = f"{name}-before-{now:{_FORM}}" if there else ""
    aside = f'ALTER DATABASE "{name}" RENAME TO "{before}";' if before else ""
    # One string is one transaction: there is a database of this name at any moment.
    tools.administer(f'BEGIN; {aside} ALTER DATABASE "{new}" RENAME TO "{name}"; COMMIT;')
    let_root_be_owner(tools)
    return Restored(before, rights, tuple(_put_missing(root, backup / FILES)))


def _owner(tools: PostgresTools) -> str:
    """Of the database that is there, or ""."""
    asked = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = '{}'"
    return tools.administer(asked.format(tools.name)).strip()


def _known_role(tools: PostgresTools, name: str) -> str:
    """Or "", where the server has none of this name."""
    asked = "SELECT rolname FROM pg_roles WHERE rolname = '{}'"
    return tools.administer(asked.format(name)).strip()


def _refuse_while_used(tools: PostgresTools) -> None:
    asked = (
        "SELECT DISTINCT coalesce(nullif(application_name, ''), usename) "
        "FROM pg_stat_activity WHERE datname = '{}'"
    )
    found = tools.administer(asked.format(tools.name)).split()
    if found:
        raise StillInUse(", ".join(found))


def _put_missing(root: Path, archive: Path) -> Iterator[str]:
    """What is there already is this machine's own and stays. Names, below the root."""
    with tarfile.open(archive) as tar, private_files():
        for member in tar.getmembers():
            place = root / member.name
            if not _is_kept(member) or place.exists():
                continue
            if member.isdir():
                place.mkdir(parents=True)
            else:
                _write(tar, member, place)
                yield member.name
            _as_it_was(member, place)


def _is_kept(member: tarfile.TarInfo) -> bool:
    """Never outside the root; a plain file or folder. Python 3.11.2 has no filter for that."""
    known = any(member.name == each or member.name.startswith(f"{each}/") for each in KEPT)
    return known and ".." not in member.name.split("/") and (member.isfile() or member.isdir())


def _write(tar: tarfile.TarFile, member: tarfile.TarInfo, place: Path) -> None:
    source = tar.extractfile(member)
    if source is None:
        raise OSError(f"{member.name}: không phải tệp")
    place.parent.mkdir(parents=True, exist_ok=True)
    with source, place.open("xb") as out:
        shutil.copyfileobj(source, out)


def _as_it_was(member: tarfile.TarInfo, place: Path) -> None:
    """Its mode and, where root restores, its owner: by name where this machine knows it."""
    if os.geteuid() == 0:
        os.chown(place, member.uid, member.gid)
        with suppress(LookupError):
            shutil.chown(place, user=member.uname)
        with suppress(LookupError):
            shutil.chown(place, group=member.gname)
    place.chmod(member.mode)
