"""What the system says about a folder, as a problem that can be told."""

from __future__ import annotations

import errno
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.errors import Problem, ProblemKind, StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_TOO_LONG_ON_WINDOWS: Final = 206
_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@contextmanager
def storage_errors(folder: Path, kind: ProblemKind = ProblemKind.FOLDER_UNWRITABLE) -> Iterator[None]:
    """Turn an OSError into a StorageError: of `kind` (facts `folder`, `reason`), or that the disk is full, or
    that a path is too long."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise StorageError(Problem.of(ProblemKind.DISK_FULL, folder=str(folder))) from error
        if error.errno == errno.ENAMETOOLONG or getattr(error, "winerror", None) == _TOO_LONG_ON_WINDOWS:
            raise StorageError(Problem.of(ProblemKind.PATH_TOO_LONG, folder=str(folder))) from error
        reason = error.strerror or str(error)
        raise StorageError(Problem.of(kind, folder=str(folder), reason=reason)) from error
