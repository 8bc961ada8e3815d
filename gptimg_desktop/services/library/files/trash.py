"""The system's trash. Files go there one by one: two at once might take the same name there.

Every method blocks; call them in a worker thread.
"""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.errors import Problem, ProblemKind, StorageError

if TYPE_CHECKING:
    from pathlib import Path

_TOO_OFTEN: Final = 2
"""So many refusals in a row on one drive, and it is asked no more: it has no trash that takes anything."""


class Trash:
    """Remembers the drives whose files it does not take, as long as it lives."""

    def __init__(self) -> None:
        self._one_by_one = threading.Lock()
        self._refusals: dict[int, int] = {}
        self._reasons: dict[int, str] = {}

    def put(self, path: Path) -> None:
        """Move a file to the trash; StorageError (TRASH_REFUSED) where it is still in its place."""
        with self._one_by_one:
            drive = _drive(path)
            if self._refusals.get(drive, 0) >= _TOO_OFTEN:
                raise _refused(self._reasons[drive])
            try:
                _send(path)
            except OSError as error:
                if not os.path.lexists(path):
                    return  # it has gone all the same, by this hand or by another
                reason = error.strerror or str(error)
                self._note_refusal(drive, path, reason)
                raise _refused(reason) from error
            self._refusals.pop(drive, None)

    def delete(self, path: Path) -> None:
        """Delete a file for ever; StorageError (TRASH_REFUSED) where it is still in its place."""
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise _refused(error.strerror or str(error)) from error

    def _note_refusal(self, drive: int, path: Path, reason: str) -> None:
        """A file that nobody may write to says nothing about the others of its drive."""
        if os.access(path, os.W_OK):
            self._refusals[drive] = self._refusals.get(drive, 0) + 1
            self._reasons[drive] = reason


def _send(path: Path) -> None:
    from send2trash import send2trash  # type: ignore[import-untyped]  # noqa: PLC0415 - most runs need none

    send2trash(path)


def _drive(path: Path) -> int:
    try:
        return path.lstat().st_dev
    except OSError:
        return 0


def _refused(reason: str) -> StorageError:
    return StorageError(Problem.of(ProblemKind.TRASH_REFUSED, reason=reason))
