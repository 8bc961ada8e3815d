"""One program at a time on one data folder: two could send the same job twice."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from gptimg_desktop.core.errors import ProblemKind
from gptimg_desktop.services.storage_errors import storage_errors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class AlreadyRunningError(Exception):
    """Another process works on the data folder."""


@contextmanager
def instance_lock(folder: Path) -> Iterator[None]:
    """Hold the folder; AlreadyRunningError where somebody does, StorageError where it takes no lock.

    The system frees it when a process dies.
    """
    lock = FileLock(folder / "lock", timeout=0)
    with storage_errors(folder, ProblemKind.DATA_FOLDER_UNUSABLE):
        try:
            lock.acquire()
        except Timeout:
            raise AlreadyRunningError from None
    try:
        yield
    finally:
        lock.release()
