"""Whose a state folder is: files in it stay its owner's alone, whoever runs a tool.

A tool that root starts goes on as the owner. Nothing of root's is left in the folder, not even by a
kill, and a link that the owner's user has laid there leads root nowhere.
"""

import grp
import os
import pwd
import shutil
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

# The groups by which the units reach their devices (systemd/sysusers.d/motcua.conf).
DEVICE_GROUPS = ("audio", "dialout", "gpio", "input", "lp", "render", "spi", "video")
_ROOT = 0


@contextmanager
def private_files() -> Iterator[None]:
    """In here this process makes files 0600 and folders 0700, as our units do."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def become_owner(folder: Path) -> None:
    """Go on as the owner of `folder`, for good, with the groups that reach devices.

    Where it is not there yet, of the folder that it will stand in. Only root can; for everybody
    else, and where the folder is root's, nothing changes. What root has left in it earlier is
    handed to the owner.
    """
    if (owner := _other_owner(folder)) is None:
        return
    if folder.is_dir():
        _hand_over(folder, owner)
    os.setgroups(sorted({owner.st_gid, *_groups_of(owner.st_uid)}))
    os.setgid(owner.st_gid)
    os.setuid(owner.st_uid)


@contextmanager
def acting_as_owner(folder: Path) -> Iterator[None]:
    """As `become_owner`, and then as whoever asked again, who writes where they may."""
    if (owner := _other_owner(folder)) is None:
        yield
        return
    if folder.is_dir():
        _hand_over(folder, owner)
    groups = sorted({owner.st_gid, *_groups_of(owner.st_uid)})
    with acting_as(owner.st_uid, owner.st_gid, groups):
        yield


@contextmanager
def acting_as(user: int, group: int, groups: Sequence[int]) -> Iterator[None]:
    """Root goes on as somebody else, and then as root again."""
    before, own = os.getgroups(), os.getegid()
    os.setgroups(groups)
    os.setegid(group)
    os.seteuid(user)
    try:
        yield
    finally:
        os.seteuid(_ROOT)
        os.setegid(own)
        os.setgroups(before)


@contextmanager
def lent(source: Path, folder: Path) -> Iterator[Path]:
    """`source` where the owner of `folder` can read it, though only root may read the original."""
    if (owner := _other_owner(folder)) is None:
        yield source
        return
    with TemporaryDirectory(prefix="motcua-") as place:
        copy = Path(place) / source.name
        shutil.copyfile(source, copy)
        for each in (copy, Path(place)):
            os.chown(each, owner.st_uid, owner.st_gid)
        yield copy


def _other_owner(folder: Path) -> os.stat_result | None:
    if os.geteuid() != _ROOT:
        return None
    near = folder.absolute()
    owner = next(each for each in (near, *near.parents) if each.is_dir()).stat()
    return None if owner.st_uid == _ROOT else owner


def _groups_of(uid: int) -> Iterator[int]:
    for name in DEVICE_GROUPS:
        with suppress(KeyError):
            yield grp.getgrnam(name).gr_gid
    with suppress(KeyError):
        user = pwd.getpwuid(uid)
        yield from os.getgrouplist(user.pw_name, user.pw_gid)


def _hand_over(folder: Path, owner: os.stat_result) -> None:
    for _, folders, files, place in os.fwalk(folder):
        for name in (*folders, *files):
            with suppress(OSError):
                _give_entry(name, place, owner)


def _give_entry(name: str, place: int, owner: os.stat_result) -> None:
    """Root's own files and folders alone; a second link may be to a file that is elsewhere."""
    handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=place)
    try:
        found = os.fstat(handle)
        alone = stat.S_ISDIR(found.st_mode) or (stat.S_ISREG(found.st_mode) and found.st_nlink == 1)
        if found.st_uid == _ROOT and alone:
            os.fchown(handle, owner.st_uid, owner.st_gid)
            os.fchmod(handle, found.st_mode & stat.S_IRWXU)
    finally:
        os.close(handle)
