"""Which files on the disk are the library's to remove: those that it made, where it made them, as they were.

A file is removed only where all of this is true; whatever else is found stays, and is told:

- the library put it there itself: it was fetched by a job, or copied in by an import, and never missed since;
  what was found elsewhere later may as well be a copy that the user made, so that also our own pictures stay
  on the disk once their folder was moved and they were found in it;
- it lies in a picture folder, that of now or a former one, also once every link in its path is followed, and
  is a plain file itself;
- it is what was saved, byte for byte: somebody's work may be in one that has changed;
- no other job that is still there has it, under this name or another.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING

from gptimg_desktop.core.bin import Fate
from gptimg_desktop.services.library.files.content import sha256_at

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFile:
    """A file as the library remembers it. `is_ours`: the library put it there. `twins` are the other jobs
    that have the same picture, by number, and the paths under which they have it."""

    path: str
    sha256: str
    size_bytes: int
    is_ours: bool
    twins: frozenset[tuple[int, str]] = field(default_factory=frozenset)


def remove(known: KnownFile, folders: Iterable[Path], take: Callable[[Path], None], done: Fate) -> Fate:
    """Let `take` remove the file where it is the library's to remove, and tell what became of it: `done` or
    why it stayed. Blocks; StorageError comes from `take`."""
    path = Path(known.path)
    fate = _why_not(known, path, folders)
    if fate is None:
        take(path)
        return done
    return fate


def _why_not(known: KnownFile, path: Path, folders: Iterable[Path]) -> Fate | None:
    """Why a file stays; None where it may go."""
    try:
        return _why_not_this(known, path, path.lstat(), folders)
    except (FileNotFoundError, NotADirectoryError):
        return Fate.MISSING
    except (OSError, ValueError):  # what cannot even be looked at is left alone
        return Fate.NOT_OURS


def _why_not_this(
    known: KnownFile, path: Path, found: os.stat_result, folders: Iterable[Path]
) -> Fate | None:
    if not known.is_ours or not S_ISREG(found.st_mode) or not _lies_in(path, folders):
        return Fate.NOT_OURS
    if any(_is_same(path, other) for _, other in known.twins):
        return Fate.SHARED
    if found.st_size != known.size_bytes or sha256_at(path) != known.sha256:
        return Fate.CHANGED
    return None if _stamp(path.lstat()) == _stamp(found) else Fate.CHANGED  # while it was read


def _stamp(found: os.stat_result) -> tuple[int, int, int]:
    return found.st_ino, found.st_size, found.st_mtime_ns


def _lies_in(path: Path, folders: Iterable[Path]) -> bool:
    """True where the file really is in one of the folders, whatever links lead there."""
    try:
        really = path.parent.resolve(strict=True)
        known = [folder.resolve(strict=True) for folder in folders if folder.is_dir()]
    except (OSError, RuntimeError):
        return False
    return any(really.is_relative_to(folder) for folder in known)


def _is_same(path: Path, other: str) -> bool:
    """True where another name leads to the same file; a name that cannot be followed might."""
    if str(path) == other:
        return True
    try:
        return path.samefile(other)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except (OSError, ValueError):
        return True
