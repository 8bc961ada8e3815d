"""The pictures in a folder, for a user who gives the folder as a whole."""

from __future__ import annotations

import os
import re
import stat
from itertools import islice
from pathlib import Path
from typing import Final

MOST_LOOKED_AT: Final = 10_000
"""How many names of a folder are read: a whole archive takes no longer than a desktop."""
MOST_PICTURES: Final = 200
ENDINGS: Final = frozenset(
    {
        *(".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp"),
        *(".tif", ".tiff", ".bmp", ".dib", ".gif", ".avif", ".heic", ".heif"),
    }
)
_DIGITS: Final = re.compile(r"(\d+)")
_HIDDEN_ON_WINDOWS: Final = getattr(stat, "FILE_ATTRIBUTE_HIDDEN", 0)


def folder_content(path: str) -> tuple[Path, ...] | None:
    """The pictures of a folder, as `pictures_in`; None where the path is no folder. Waits for the drive."""
    return pictures_in(Path(path)) if is_folder(path) else None


def is_folder(path: str) -> bool:
    try:
        return os.path.isdir(path)  # noqa: PTH112 - foreign text stays text
    except ValueError:
        return False


def pictures_in(folder: Path) -> tuple[Path, ...]:
    """The files directly in a folder whose names say that they are pictures, in the order of their names as
    people count; none where the folder cannot be read. Hidden ones are left out."""
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in islice(entries, MOST_LOOKED_AT) if is_picture(entry)]
    except (OSError, ValueError):
        return ()
    return tuple(folder / name for name in sorted(names, key=_as_people_count)[:MOST_PICTURES])


def is_picture(entry: os.DirEntry[str]) -> bool:
    """True for a file whose name says that it is a picture; waits for the drive."""
    ending = os.path.splitext(entry.name)[1].lower()  # noqa: PTH122 - an entry is no path yet
    try:
        return ending in ENDINGS and not is_hidden(entry) and entry.is_file()
    except OSError:
        return False


def is_hidden(entry: os.DirEntry[str]) -> bool:
    """True for what a file manager does not show either."""
    if entry.name.startswith("."):
        return True
    attributes = getattr(entry.stat(follow_symlinks=False), "st_file_attributes", 0)
    return bool(attributes & _HIDDEN_ON_WINDOWS)


def _as_people_count(name: str) -> tuple[tuple[tuple[int, int | str], ...], str]:
    """A name in pieces, its numbers as numbers: `view 9` comes before `view 10`."""
    pieces = [piece for piece in _DIGITS.split(name.casefold()) if piece]
    return tuple((0, int(piece)) if piece.isdecimal() else (1, piece) for piece in pieces), name
