"""All files below a folder, for whoever looks for many: pictures to import, files that were moved."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gptimg_desktop.services.library.files.folder_content import is_hidden

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from threading import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFile:
    """A file by its path; `modified_at` is in Unix seconds."""

    path: str
    size_bytes: int
    modified_at: float


@dataclass(slots=True, kw_only=True)
class Walk:
    """What a walk through a folder found; `unread` are the folders in it that could not be read, with the
    system's words. Filled while the walk goes on."""

    files: list[FoundFile] = field(default_factory=list)
    unread: list[tuple[str, str]] = field(default_factory=list)


def walk(folder: str, wanted: Callable[[os.DirEntry[str]], bool], stop: Event) -> Walk:
    """Every wanted file in a folder and in those inside it; hidden folders are passed by, and so are links to
    folders, which may lead in a circle. Waits for the drive; ends early once `stop` is set."""
    found = Walk()
    folders = [folder]
    while folders and not stop.is_set():
        here = folders.pop()
        try:
            with os.scandir(here) as entries:
                folders += _take(entries, wanted, found, stop)
        except (OSError, ValueError) as error:
            found.unread.append((here, getattr(error, "strerror", None) or str(error)))
    return found


def _take(
    entries: Iterator[os.DirEntry[str]], wanted: Callable[[os.DirEntry[str]], bool], found: Walk, stop: Event
) -> list[str]:
    """Note the files of one folder; the folders in it come back."""
    inside: list[str] = []
    for entry in entries:
        if stop.is_set():
            break
        try:
            if entry.is_dir(follow_symlinks=False):
                if not is_hidden(entry):
                    inside.append(entry.path)
            elif wanted(entry):
                status = entry.stat()
                found.files.append(
                    FoundFile(path=entry.path, size_bytes=status.st_size, modified_at=status.st_mtime)
                )
        except OSError:  # gone since, or not ours to see
            continue
    return inside
