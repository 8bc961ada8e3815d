"""Image files in the picture folder: written aside, checked, synced, then named; never overwritten.

The bytes stay exactly as the service delivered them.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import tempfile
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final

from gptimg_desktop.core.errors import DownloadError, Problem, ProblemKind, StorageError
from gptimg_desktop.core.filenames import LEAST_BYTES, alternatives
from gptimg_desktop.core.job import SavedImage
from gptimg_desktop.services.durable import create, make_folder, sync_file, sync_folder
from gptimg_desktop.services.library.files.content import sha256_at
from gptimg_desktop.services.library.imaging.completeness import picture_end
from gptimg_desktop.services.library.imaging.imaging import Inspection, decode, inspect
from gptimg_desktop.services.library.imaging.readers import UndecodedError, UnreadableImageError
from gptimg_desktop.services.storage_errors import storage_errors

ROOM_PER_IMAGE: Final = 40_000_000
ROOM_TO_SPARE: Final = 50_000_000
DAMAGED: Final = ".damaged"
"""What the name of a file ends in that is kept although it is no whole picture."""
_CHECK_BOX: Final = 64
_LONG_NAME: Final = f"0000-00-00/{'x' * LEAST_BYTES}_000000.webp{DAMAGED}"
"""As long as a name of ours may be where there is little room for it."""
_NO_LINKS: Final = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EMLINK, errno.ENOSYS})


class NameTakenError(Exception):
    """Something stands at the path already."""


class PartFile:
    """A download on its way: hidden, in the picture folder, named after its job.

    `extra_bytes` tells, once it is finished, how many bytes follow the picture's end.
    """

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self.path = path
        self._file = file
        self._hash = hashlib.sha256()
        self._size_bytes = 0
        self.extra_bytes = 0

    @property
    def sha256(self) -> str:
        """The hash of all that was written."""
        return self._hash.hexdigest()

    def write(self, piece: bytes) -> None:
        with storage_errors(self.path.parent):
            self._file.write(piece)
        self._hash.update(piece)
        self._size_bytes += len(piece)

    def begin_anew(self) -> None:
        """Throw away what was written."""
        with storage_errors(self.path.parent):
            self._file.seek(0)
            self._file.truncate()
        self._hash = hashlib.sha256()
        self._size_bytes = 0

    def finish(self, *, index: int, host: str) -> SavedImage:
        """Check that the whole picture is here and make it durable; the result's path is still empty.

        DownloadError where the bytes are no picture (NOT_AN_IMAGE), or one that is damaged or not all here
        (IMAGE_INCOMPLETE).
        """
        with storage_errors(self.path.parent):
            self._file.flush()
            found, end = _inspected(self.path, host)
            self.extra_bytes = self._size_bytes - end
            return self._made_durable(index, found)

    def finish_damaged(self, *, index: int) -> SavedImage:
        """Make what `finish` found to be damaged durable as it is; the result's path is still empty."""
        with storage_errors(self.path.parent):
            return self._made_durable(index, inspect(self.path))

    def seal(self) -> None:
        """Make what was written durable, whatever it is; nothing more can be written."""
        with storage_errors(self.path.parent):
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()

    def _made_durable(self, index: int, found: Inspection) -> SavedImage:
        self.seal()
        return SavedImage(
            index=index,
            path="",
            sha256=self.sha256,
            size_bytes=self._size_bytes,
            pixels=found.pixels,
            format=found.format,
        )

    def discard(self) -> None:
        """Close and remove the part, after a write that a thread may still be making; what is gone already
        is fine."""
        with contextlib.suppress(OSError):  # a full disk refuses the rest that closing would write
            self._file.close()
        with contextlib.suppress(OSError):
            self.path.unlink()


class PictureFolder:
    """The folder that the user sees. Every method blocks; call them in a worker thread."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def preflight(self, images: int) -> None:
        """StorageError unless that many more images could be kept here."""
        with storage_errors(self.folder):
            make_folder(self.folder)
            with tempfile.TemporaryFile(dir=self.folder):
                pass
            with contextlib.suppress(FileNotFoundError):
                os.lstat(self.folder / _LONG_NAME)  # says so where the paths would be too long
            free = shutil.disk_usage(self.folder).free
        needed = images * ROOM_PER_IMAGE + ROOM_TO_SPARE
        if free < needed:
            problem = Problem.of(
                ProblemKind.DISK_NEARLY_FULL,
                folder=str(self.folder),
                free_bytes=free,
                needed_bytes=needed,
            )
            raise StorageError(problem)

    def begin(self, job_id: str, index: int) -> PartFile:
        """A fresh part file for one image; what an earlier try left is thrown away."""
        path = self._part(job_id, index)
        with storage_errors(self.folder):
            make_folder(self.folder)
            with contextlib.suppress(FileNotFoundError):
                path.unlink()
            return PartFile(path, create(path))

    def _part(self, job_id: str, index: int) -> Path:
        return self.folder / f".gptimg-{job_id}-{index}.part"

    def free_path(self, relative: str) -> Path:
        """The first path like the wished one at which nothing stands."""
        paths = (self.folder / name for name in alternatives(relative))
        return next(path for path in paths if not os.path.lexists(path))

    def place(self, part: PartFile, path: Path) -> None:
        """Give a finished part its name, durably; NameTakenError where something took it meanwhile."""
        with storage_errors(self.folder):
            make_folder(path.parent)
            _move_without_overwriting(part.path, path)
            _sync_names(path)

    def adopt(self, image: SavedImage) -> bool:
        """True where exactly this image stands at its path, durable from now on; it may have been placed by
        a try that ended before its syncs."""
        path = Path(image.path)
        if not _holds(path, image):
            return False
        with storage_errors(path.parent):
            sync_file(path)
            _sync_names(path)
        return True

    def let_go(self, image: SavedImage) -> None:
        """Free a planned path that was only held: without hard links a name is taken by an empty file, and a
        try that ended right then left it there."""
        path = Path(image.path)
        with contextlib.suppress(OSError):
            if path.is_file() and not path.is_symlink() and not path.stat().st_size:
                path.unlink()

    def remove_part(self, job_id: str, index: int) -> None:
        """Throw away what an earlier try left of one image."""
        with contextlib.suppress(OSError):
            self._part(job_id, index).unlink()

    def jobs_of_parts(self) -> frozenset[str]:
        """The jobs whose downloads left something behind; none where the folder cannot be read."""
        return frozenset(map(_job_of, self._parts()))

    def remove_parts(self, of_jobs: frozenset[str]) -> None:
        """Throw away what downloads of these jobs left behind, as far as the folder lets it."""
        for part in self._parts():
            if _job_of(part) in of_jobs:
                with contextlib.suppress(OSError):
                    part.unlink()

    def _parts(self) -> list[Path]:
        try:
            return list(self.folder.glob(".gptimg-*.part"))
        except OSError:
            return []


def _job_of(part: Path) -> str:
    """The job that an unfinished download belongs to."""
    return part.name.removeprefix(".gptimg-").rpartition("-")[0]


def extra_bytes(image: SavedImage) -> int:
    """How many bytes of a picture's file follow its end."""
    end = picture_end(Path(image.path), image.format)
    return 0 if end is None else image.size_bytes - end


def _inspected(path: Path, host: str) -> tuple[Inspection, int]:
    """What the file is and where its picture ends, once it is sure that all of it is here."""
    try:
        found = inspect(path)
    except UnreadableImageError:
        raise DownloadError(Problem.of(ProblemKind.NOT_AN_IMAGE, host=host)) from None
    end = picture_end(path, found.format)
    if end is None or not _can_be_read(path):
        raise DownloadError(Problem.of(ProblemKind.IMAGE_INCOMPLETE, host=host))
    return found, end


def _can_be_read(path: Path) -> bool:
    try:
        with contextlib.suppress(UndecodedError):  # kept as it is, only not to be shown
            decode(path, _CHECK_BOX)
    except UnreadableImageError:
        return False
    return True


def _move_without_overwriting(source: Path, target: Path) -> None:
    try:
        os.link(source, target, follow_symlinks=False)
    except FileExistsError:
        raise NameTakenError from None
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        _hold_name(target)  # a file system without links: hold the name, then take it over
        source.replace(target)
    else:
        source.unlink()


def _holds(path: Path, image: SavedImage) -> bool:
    """True where exactly this image's bytes stand at a path."""
    try:
        if not path.is_file():  # opening a pipe would wait for its other end
            return False
    except OSError:
        return False
    return sha256_at(path) == image.sha256


def _sync_names(path: Path) -> None:
    """Make a picture's name durable: in the folder of its day, that one's in the picture folder, and that
    one's in the folder above."""
    for folder in islice(path.parents, 3):
        sync_folder(folder)


def _hold_name(target: Path) -> None:
    try:
        create(target).close()
    except FileExistsError:
        raise NameTakenError from None
