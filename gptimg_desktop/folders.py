"""Where the program keeps things on this system."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from typing import Final

import platformdirs

from gptimg_desktop.core.errors import Problem, ProblemKind, StorageError
from gptimg_desktop.services.durable import close_to_others

NAME: Final = "gptimg-desktop"
PICTURES: Final = "GPTImg"
PRACTICE_FOLDER: Final = "Practice"
"""Below the pictures folder: practice ones stay apart."""


def prepare_data_folder(wished: Path | None) -> Path:
    """The data folder, made if need be and closed to others; StorageError where it is not ours.

    One that takes nothing is given all the same: what is in it can be looked at.
    """
    folder = wished or Path(platformdirs.user_data_dir(NAME, appauthor=False))
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.stat()
    except OSError as error:
        raise _unusable(folder, error.strerror or str(error)) from None
    if sys.platform != "win32":
        if status.st_uid != os.getuid():
            raise _unusable(folder, "it belongs to somebody else")
        if status.st_mode & stat.S_IWOTH:
            raise _unusable(folder, "everybody may write to it")
        close_to_others(folder, stat.S_IMODE(status.st_mode) & 0o700)
    return folder.resolve()


def pictures_folder(chosen: str, data_dir: Path | None) -> Path:
    """Where pictures go: the user's choice, beside an explicit data folder, or the system's place."""
    if chosen:
        return Path(chosen)
    if data_dir is not None:
        return data_dir.resolve() / "images"
    return Path(platformdirs.user_pictures_dir()) / PICTURES


def _unusable(folder: Path, reason: str) -> StorageError:
    problem = Problem.of(ProblemKind.DATA_FOLDER_UNUSABLE, folder=str(folder), reason=reason)
    return StorageError(problem)
