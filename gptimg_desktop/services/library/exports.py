"""Copies of pictures where the user wants them, as they are or in another format."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import shutil
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from gptimg_desktop.core.errors import Problem, ProblemKind, StorageError
from gptimg_desktop.core.export_format import format_of
from gptimg_desktop.core.filenames import alternatives
from gptimg_desktop.services import durable
from gptimg_desktop.services.library.imaging.exporting import UnfitError, exported
from gptimg_desktop.services.library.imaging.readers import (
    UndecodedError,
    UnreadableImageError,
    UnsupportedError,
)
from gptimg_desktop.services.storage_errors import storage_errors

if TYPE_CHECKING:
    from collections.abc import Callable

    from gptimg_desktop.core.export_format import ExportFormat
    from gptimg_desktop.services.library.imaging.imaging import Imaging


class Exports:
    """Saves copies of pictures. What a name stood for is there until the new file is whole."""

    def __init__(self, imaging: Imaging) -> None:
        self._imaging = imaging

    async def save(self, source: Path, wished: Path) -> Path:
        """Copy the file `source`: byte by byte, or in the format that the wished name's ending names. Gives
        the path of the copy, which has another name only where its ending would lie; StorageError."""
        wanted = _other_format(source, wished)
        if wanted is None:
            target = await asyncio.to_thread(_honest_name, source, wished)
            await asyncio.to_thread(_copy, source, target)
            return target
        content = await asyncio.to_thread(_read, source)
        made = await self._imaging.run(partial(_converted, source, content, wanted))
        await asyncio.to_thread(_replace, source, wished, lambda part: part.write_bytes(made))
        return wished


def _other_format(source: Path, wished: Path) -> ExportFormat | None:
    """The format to convert to; None where the copy is one byte by byte."""
    wanted = _format_of(wished)
    return None if wanted is _format_of(source) else wanted


def _format_of(path: Path) -> ExportFormat | None:
    return format_of(path.suffix.removeprefix("."))


def _honest_name(source: Path, wished: Path) -> Path:
    """The wished path, with the ending that the bytes have; where that makes it another name, a free one."""
    if _format_of(wished) is not None or wished.suffix.lower() == source.suffix.lower():
        return wished
    return next(path for path in map(Path, alternatives(f"{wished}{source.suffix}")) if not path.exists())


def _read(source: Path) -> bytes:
    try:
        return source.read_bytes()
    except OSError:
        raise StorageError(Problem.of(ProblemKind.IMAGE_FILE_MISSING, path=str(source))) from None


def _converted(source: Path, content: bytes, wanted: ExportFormat) -> bytes:
    try:
        return exported(content, wanted)
    except (UnfitError, UndecodedError, UnsupportedError):
        problem = Problem.of(ProblemKind.IMAGE_NOT_CONVERTED, path=str(source))
        raise StorageError(problem) from None
    except UnreadableImageError:
        raise StorageError(Problem.of(ProblemKind.IMAGE_FILE_DAMAGED, path=str(source))) from None


def _behind(target: Path) -> Path:
    try:
        return target.resolve()
    except RuntimeError as error:  # links that lead in a circle
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP)) from error


def _copy(source: Path, target: Path) -> None:
    """Copy a picture; StorageError tells a missing source from a target that takes nothing."""
    if not source.is_file():
        raise StorageError(Problem.of(ProblemKind.IMAGE_FILE_MISSING, path=str(source)))
    with storage_errors(target.parent):
        is_there = target.exists() and target.samefile(source)
    if not is_there:
        _replace(source, target, partial(shutil.copyfile, source))


def _replace(source: Path, target: Path, fill: Callable[[Path], object]) -> None:
    """Fill a part file beside the target and give it the name. A link stands for the file behind it, but not
    for the source; a file that is replaced leaves its mode, and one that may not be written stays."""
    with storage_errors(target.parent):
        place = _behind(target)
        if place.exists() and place.samefile(source):
            place = target
        if place.exists() and not os.access(place, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        part = place.with_name(f".gptimg-{os.urandom(6).hex()}.part")
        try:
            durable.create(part).close()
            fill(part)
            durable.sync_file(part)
            if place.exists() and not place.samefile(source):
                shutil.copymode(place, part)
            part.replace(place)
        except BaseException:
            with contextlib.suppress(OSError):
                part.unlink()
            raise
