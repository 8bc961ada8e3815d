"""Where a task id is written down when the library cannot take it.

The file has its full size from the start, and an entry is written in place: a full disk has room for it. The
next start reads it and puts into the library what stands here.
"""

from __future__ import annotations

import contextlib
import json
import os
import struct
import threading
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.errors import Problem, ProblemKind, StorageError
from gptimg_desktop.services.durable import BINARY, NO_FOLLOW, close_to_others, sync_folder
from gptimg_desktop.services.storage_errors import storage_errors

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

SLOT_BYTES: Final = 512  # a sector, which a disk writes whole or not at all
SLOTS: Final = 128
_HEADER: Final = struct.Struct(">4sIH")  # mark, checksum and length of the entry
_MARK: Final = b"TASK"
_EMPTY: Final = bytes(SLOT_BYTES)


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEntry:
    """The service took the job's attempt as this task."""

    job_id: str
    attempt: int
    task_id: str


class EmergencyJournal:
    """Up to `SLOTS` entries on disk. Every method blocks; call them in a worker thread.

    The file stays open, so that an entry needs no file descriptor of its own.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None
        self._lock = threading.Lock()

    @property
    def is_open(self) -> bool:
        """True once the file is there at its full size."""
        return self._descriptor is not None

    def open(self) -> None:
        """Open the file or make it, at its full size and on the disk; StorageError where that cannot be."""
        with self._lock, storage_errors(self._path.parent):
            self._opened()

    def note(self, entries: Iterable[JournalEntry]) -> None:
        """Write entries down, on the disk at return; StorageError where that cannot be."""
        with self._lock, storage_errors(self._path.parent):
            descriptor = self._opened()
            kept = self._slots(descriptor)
            places = {entry: number for number, entry in kept.items()}
            free = (number for number in range(SLOTS) if number not in kept)
            for entry in entries:  # written again where it stands: a sync that failed may have dropped it
                place = places[entry] if entry in places else self._free(free)
                _write(descriptor, place, _packed(entry))
            os.fsync(descriptor)

    def entries(self) -> tuple[JournalEntry, ...]:
        """Everything that stands here, in the order of the file; StorageError where it cannot be read."""
        with self._lock, storage_errors(self._path.parent):
            return tuple(self._slots(self._opened()).values())

    def clear(self, entries: Iterable[JournalEntry]) -> None:
        """Let go of entries that the library has taken over; one that stays does no harm."""
        gone = frozenset(entries)
        with self._lock, storage_errors(self._path.parent):
            descriptor = self._opened()
            for number, entry in self._slots(descriptor).items():
                if entry in gone:
                    _write(descriptor, number, _EMPTY)

    def close(self) -> None:
        """Let go of the file; safe to call twice."""
        with self._lock:
            if self._descriptor is not None:
                os.close(self._descriptor)
                self._descriptor = None

    def _opened(self) -> int:
        if self._descriptor is None:
            self._descriptor = _open_at_full_size(self._path)
        return self._descriptor

    def _slots(self, descriptor: int) -> dict[int, JournalEntry]:
        """The entries by their slots; what is empty, torn or foreign is none."""
        found = {}
        for number in range(SLOTS):
            os.lseek(descriptor, number * SLOT_BYTES, os.SEEK_SET)
            entry = _unpacked(os.read(descriptor, SLOT_BYTES))
            if entry is not None:
                found[number] = entry
        return found

    def _free(self, free: Iterable[int]) -> int:
        for number in free:
            return number
        raise StorageError(Problem.of(ProblemKind.LIBRARY_UNWRITABLE, reason="the emergency journal is full"))


def _open_at_full_size(path: Path) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | NO_FOLLOW | BINARY, 0o600)
    try:
        missing = SLOTS * SLOT_BYTES - os.fstat(descriptor).st_size
        if missing > 0:
            os.lseek(descriptor, 0, os.SEEK_END)
            _write_all(descriptor, bytes(missing))
            os.fsync(descriptor)
            sync_folder(path.parent)
        close_to_others(path, 0o600)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _write(descriptor: int, slot: int, content: bytes) -> None:
    os.lseek(descriptor, slot * SLOT_BYTES, os.SEEK_SET)
    _write_all(descriptor, content)


def _write_all(descriptor: int, content: bytes) -> None:
    while content:
        content = content[os.write(descriptor, content) :]


def _packed(entry: JournalEntry) -> bytes:
    text = json.dumps([entry.job_id, entry.attempt, entry.task_id]).encode()
    if len(text) > SLOT_BYTES - _HEADER.size:
        raise StorageError(Problem.of(ProblemKind.LIBRARY_UNWRITABLE, reason="the task id is too long"))
    return (_HEADER.pack(_MARK, zlib.crc32(text), len(text)) + text).ljust(SLOT_BYTES, b"\0")


def _unpacked(slot: bytes) -> JournalEntry | None:
    if len(slot) < SLOT_BYTES:
        return None
    mark, checksum, length = _HEADER.unpack_from(slot)
    text = slot[_HEADER.size : _HEADER.size + length]
    if mark != _MARK or zlib.crc32(text) != checksum:
        return None
    with contextlib.suppress(ValueError, TypeError):
        job_id, attempt, task_id = json.loads(text)
        if isinstance(job_id, str) and isinstance(attempt, int) and isinstance(task_id, str):
            return JournalEntry(job_id=job_id, attempt=attempt, task_id=task_id)
    return None
