"""Making what was written stay written."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
import sys
import tempfile
from pathlib import Path
from typing import BinaryIO, Final

NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
BINARY = getattr(os, "O_BINARY", 0)
_NO_SYNC: Final = frozenset({errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS})
"""How a file system says that its folders cannot be synced."""

_UNFINISHED: Final = re.compile(r"\..+-[a-z0-9_]{8}")
"""The names that `write_atomically` gives to what is not whole yet."""


def create(path: Path) -> BinaryIO:
    """A new file of ours alone; FileExistsError where the name is taken, by a link too."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | NO_FOLLOW | BINARY
    return os.fdopen(os.open(path, flags, 0o644), "wb")


def make_private(path: Path) -> None:
    """See to it that a file is there and that nobody else may read it; its content stays as it is."""
    os.close(os.open(path, os.O_RDONLY | os.O_CREAT | BINARY, 0o600))
    close_to_others(path, 0o600)


def close_to_others(path: Path, mode: int) -> None:
    """Give a path of ours its mode; some file systems have none, and there it stays as it is."""
    if stat.S_IMODE(path.stat().st_mode) != mode:
        with contextlib.suppress(OSError):
            path.chmod(mode)


def make_folder(folder: Path, mode: int = 0o777) -> None:
    """Make a folder and those above it that are missing, each with a durable name."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(mode=mode, parents=True, exist_ok=True)
    for each in missing:
        sync_folder(each.parent)


def sync_file(path: Path) -> None:
    """Make the bytes of a file durable that somebody else may have written."""
    writable = os.O_RDWR if sys.platform == "win32" else os.O_RDONLY  # Windows syncs what it may write
    descriptor = os.open(path, writable | BINARY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable; nothing happens where the system or the file system cannot."""
    if sys.platform == "win32":
        return
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except PermissionError:  # a folder to write into but not to read; there is no other way to sync it
        return
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NO_SYNC:
            raise
    finally:
        os.close(descriptor)


def remove_unfinished(folder: Path) -> None:
    """Throw away what `write_atomically` left in a folder when the program was killed; nobody may write there
    meanwhile."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if _UNFINISHED.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                with contextlib.suppress(OSError):
                    Path(entry.path).unlink()


def write_atomically(path: Path, content: bytes) -> None:
    """Replace a file of ours as a whole: afterwards there is the old content or the new, never a part."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}-", delete=False) as file:
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            file.close()
            Path(file.name).replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(file.name).unlink()
            raise
    sync_folder(path.parent)
