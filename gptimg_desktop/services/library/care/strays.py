"""Pictures of ours on disk that a library does not know: those whose names and places say that this program
put them there. What else lies in the folder is the user's own and none of our business."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.filenames import is_stem_of
from gptimg_desktop.core.job import SavedImage
from gptimg_desktop.services.library.imaging.imaging import inspect
from gptimg_desktop.services.library.imaging.readers import UnreadableImageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gptimg_desktop.core.job import Job

CLOCKS_DIFFER_S: Final = 60.0
"""How much older than its job a picture may seem, on a drive with a clock of its own."""
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
# A longer number is a time or a serial number, as cameras write them.
_NAME: Final = re.compile(r"(?P<stem>.+)_(?P<number>\d{4,9})(?: \(\d+\))?\.(?:png|jpg|webp)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stray:
    """A picture of ours: the number of its job and the words of its prompt, as its name tells them, and when
    it was written (Unix seconds)."""

    path: Path
    number: int
    stem: str
    written_at: float

    def is_of(self, job: Job) -> bool:
        """True where the name was made for this job."""
        is_its_name = job.seq == self.number and is_stem_of(self.stem, job.request.prompt)
        return is_its_name and self.written_at >= job.created_at - CLOCKS_DIFFER_S


def strays(folders: Iterable[Path], known: frozenset[str]) -> Iterator[Stray]:
    """All that lie in the folders of days below picture folders, by name; `known` are paths of images that
    the library names. Waits for the drives; a folder that cannot be read has none."""
    for folder in folders:
        for day in _sorted(folder):
            if _DAY.fullmatch(day.name):
                for path in _sorted(day):
                    stray = _stray(path)
                    if stray is not None and str(path) not in known:
                        yield stray


def image_in(stray: Stray) -> SavedImage | None:
    """The image in a stray's file; None where it is none that can be read."""
    with contextlib.suppress(OSError, UnreadableImageError):
        found = inspect(stray.path)
        with stray.path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        return SavedImage(
            index=0,
            path=str(stray.path),
            sha256=sha256,
            size_bytes=stray.path.stat().st_size,
            pixels=found.pixels,
            format=found.format,
        )
    return None


def _stray(path: Path) -> Stray | None:
    name = _NAME.fullmatch(path.name)
    if name is None:
        return None
    with contextlib.suppress(OSError):
        if path.is_file() and not path.is_symlink():
            number, stem = int(name["number"]), name["stem"]
            return Stray(path=path, number=number, stem=stem, written_at=path.stat().st_mtime)
    return None


def _sorted(folder: Path) -> list[Path]:
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        return sorted(Path(entry.path) for entry in entries)
    return []
