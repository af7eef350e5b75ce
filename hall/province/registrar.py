"""Who belongs to the province, and by which password: kept in the database, told to the broker."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from hall.province.database import Cursor, Database
from hall.province.registry import Registry
from hall.runtime.settings import ConfigError, Mistake

# A hall whose clock is further off than this is named, in seconds.
SKEW_S = 120.0
SILENT = timedelta(minutes=10)


class NoSuchHall(Exception):
    """No hall of this id is registered."""


class UnitInUse(Exception):
    """It has halls, which are told by their ids."""


@dataclass(frozen=True, slots=True)
class Registered:
    """How many are new, how many have another name now."""

    units: int
    halls: int
    renamed: int


def register(database: Database, registry: Registry) -> Registered:
    """All of the file or nothing. Raises ConfigError, StoreAway, StoreRefuses."""
    with database.transaction() as cursor:
        units = dict(cursor.rows("SELECT id, name FROM unit ORDER BY id FOR UPDATE"))
        halls = {
            hall: (unit, name)
            for hall, unit, name in cursor.rows("SELECT id, unit, name FROM hall ORDER BY id")
        }
        wrong = tuple(_conflicts(registry, units, halls))
        if wrong:
            raise ConfigError(registry.file, wrong)
        for each in registry.units:
            cursor.run(
                "INSERT INTO unit VALUES (%s, %s) ON CONFLICT (id) DO UPDATE SET name = "
                "excluded.name",
                (each.unit.id, each.unit.name),
            )
        for placed in registry.halls:
            _put_hall(cursor, placed.hall.id, placed.hall.unit, placed.hall.name)
    new_halls = [p for p in registry.halls if p.hall.id not in halls]
    renamed = [
        p for p in registry.halls if p.hall.id in halls and halls[p.hall.id][1] != p.hall.name
    ]
    new_units = [each for each in registry.units if each.unit.id not in units]
    return Registered(len(new_units), len(new_halls), len(renamed))


def _put_hall(cursor: Cursor, hall: str, unit: str, name: str) -> None:
    cursor.run(
        "INSERT INTO hall VALUES (%s, %s, %s) ON CONFLICT (id) DO UPDATE SET name = excluded.name",
        (hall, unit, name),
    )
    cursor.run("INSERT INTO place (hall) VALUES (%s) ON CONFLICT DO NOTHING", (hall,))
    cursor.run("DELETE FROM stranger WHERE hall = %s", (hall,))


def _conflicts(
    registry: Registry, units: dict[str, str], halls: dict[str, tuple[str, str]]
) -> Iterator[Mistake]:
    """A second hall of an id is told together with the first, whose unit it is not."""
    known = {*units, *(each.unit.id for each in registry.units)}
    for placed in registry.halls:
        hall = placed.hall
        if hall.unit not in known:
            yield Mistake(placed.line, 1, "unit", f"chưa có đơn vị '{hall.unit}'")
        first = halls.get(hall.id)
        if first is not None and first[0] != hall.unit:
            text = (
                f"mã '{hall.id}' đã là của “{first[1]}” (đơn vị {first[0]}), không thể là của "
                f"“{hall.name}” (đơn vị {hall.unit}) nữa: chọn mã khác"
            )
            yield Mistake(placed.line, 1, "hall", text)


def remove_hall(database: Database, hall: str) -> bool:
    """With its password and its place in the row of events, which stay. Whether there was one."""
    with database.transaction() as cursor:
        return cursor.run("DELETE FROM hall WHERE id = %s", (hall,)) > 0


def remove_unit(database: Database, unit: str) -> bool:
    """Whether there was one. Raises UnitInUse."""
    with database.transaction() as cursor:
        halls = cursor.rows("SELECT id FROM hall WHERE unit = %s ORDER BY id", (unit,))
        if halls:
            raise UnitInUse(", ".join(hall for (hall,) in halls))
        return cursor.run("DELETE FROM unit WHERE id = %s", (unit,)) > 0


def issue(database: Database, hall: str, hashed: str, now: datetime) -> None:
    """A new password takes the place of the old one. Raises NoSuchHall."""
    with database.transaction() as cursor:
        _require(cursor, hall)
        cursor.run(
            "INSERT INTO credential VALUES (%s, %s, %s) ON CONFLICT (hall) DO UPDATE "
            "SET hash = excluded.hash, issued_at = excluded.issued_at",
            (hall, hashed, now),
        )


def revoke(database: Database, hall: str) -> bool:
    """Whether there was one. Raises NoSuchHall."""
    with database.transaction() as cursor:
        _require(cursor, hall)
        return cursor.run("DELETE FROM credential WHERE hall = %s", (hall,)) > 0


def credentials(database: Database) -> dict[str, tuple[str, str]]:
    """Of each hall that has one its unit, and the password as mosquitto keeps it."""
    with database.transaction() as cursor:
        found = cursor.rows(
            "SELECT hall, unit, hash FROM credential JOIN hall ON hall.id = hall ORDER BY hall"
        )
    return {hall: (unit, hashed) for hall, unit, hashed in found}


def units(database: Database) -> dict[str, str]:
    """Every hall and its unit."""
    with database.transaction() as cursor:
        return dict(cursor.rows("SELECT id, unit FROM hall"))


def adopt(database: Database, hall: str) -> tuple[str, str] | None:
    """The machine that was turned away is this hall's from now on: the old host and the new one.

    None: nobody was turned away. Raises NoSuchHall.
    """
    with database.transaction() as cursor:
        _require(cursor, hall)
        found = cursor.rows(
            "SELECT host, refused_source, refused_host FROM place WHERE hall = %s FOR UPDATE",
            (hall,),
        )
        host, source, other = found[0]
        if source is None:
            return None
        cursor.run(
            "UPDATE place SET source = refused_source, host = refused_host, refused = NULL, "
            "refused_source = NULL, refused_host = NULL, refused_at = NULL WHERE hall = %s",
            (hall,),
        )
        return str(host), str(other)


def _require(cursor: Cursor, hall: str) -> None:
    if not cursor.rows("SELECT 1 FROM hall WHERE id = %s", (hall,)):
        raise NoSuchHall(hall)


def new_password() -> str:
    return secrets.token_urlsafe(24)


@dataclass(frozen=True, slots=True)
class HallNote:
    """Something about one hall that a person should know. `kind`: for a program."""

    hall: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class ProvinceStatus:
    halls: int
    heard: int
    events: int
    stale_days: int
    notes: tuple[HallNote, ...]


def status(database: Database, now: datetime) -> ProvinceStatus:
    with database.transaction() as cursor:
        rows = cursor.rows(
            "SELECT place.hall, hall.name, heard_at, skew_s, refused, refused_at, hash IS NOT NULL "
            "FROM place JOIN hall ON hall.id = place.hall "
            "LEFT JOIN credential ON credential.hall = place.hall ORDER BY place.hall"
        )
        strangers = cursor.rows("SELECT hall, host, last_at, batches FROM stranger ORDER BY hall")
        events = cursor.rows(
            "SELECT coalesce(sum(greatest(reltuples, 0)), 0)::bigint FROM pg_class "
            "WHERE oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = 'event'::regclass)"
        )[0][0]
        stale = cursor.rows("SELECT count(*) FROM stale_day")[0][0]
    notes = [note for row in rows for note in _notes(row, now)]
    notes += [
        HallNote(
            hall,
            "unknown",
            f"chưa có trong danh sách mà vẫn gửi: máy {host}, {batches} lô, lần cuối {_at(last)}",
        )
        for hall, host, last, batches in strangers
    ]
    heard = sum(row[2] is not None for row in rows)
    return ProvinceStatus(len(rows), heard, int(events), int(stale), tuple(notes))


def _notes(row: tuple[object, ...], now: datetime) -> Iterator[HallNote]:
    hall, name, heard_at, skew_s, refused, refused_at, credential = row
    hall, name = str(hall), str(name)
    if refused is not None:
        since = f" (từ {_at(refused_at)})" if isinstance(refused_at, datetime) else ""
        yield HallNote(hall, "refused", f"{name}: không nhận{since}: {refused}")
    if not credential:
        yield HallNote(hall, "credential", f"{name}: chưa có mật khẩu hoặc đã thu hồi")
    elif not isinstance(heard_at, datetime):
        yield HallNote(hall, "never", f"{name}: chưa gửi gì")
    elif now - heard_at > SILENT:
        yield HallNote(hall, "silent", f"{name}: không có sự kiện mới từ {_at(heard_at)}")
    if isinstance(skew_s, float) and abs(skew_s) > SKEW_S:
        way = "chậm" if skew_s > 0 else "nhanh"
        yield HallNote(hall, "clock", f"{name}: đồng hồ {way} {abs(skew_s):.0f} giây so với tỉnh")


def _at(moment: datetime) -> str:
    return f"{moment:%H:%M %d/%m/%Y} UTC"
