"""Reference pictures, kept by content: a copy taken when the user gives them, so that later changes to their
files change nothing of what was asked for."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.errors import BadInputError, Problem, ProblemKind
from gptimg_desktop.core.reference import FileReference
from gptimg_desktop.services.durable import NO_FOLLOW, make_folder, write_atomically
from gptimg_desktop.services.library.imaging import (
    MOST_PIXELS,
    TooManyPixelsError,
    UnreadableImageError,
    decode,
    inspect,
    sniff,
)
from gptimg_desktop.services.storage_errors import storage_errors

if TYPE_CHECKING:
    from pathlib import Path

    from gptimg_desktop.core.bitmap import Bitmap

MOST_BYTES: Final = 20 * 1024 * 1024
THUMBNAIL_BOX: Final = 192
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_NON_BLOCKING: Final = getattr(os, "O_NONBLOCK", 0)
_NO_FILE: Final = frozenset({errno.ELOOP, errno.ENXIO})  # a link in a circle, a socket


class ReferenceStore:
    """The folder `references/`. Every method blocks; call them in a worker thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, sha256: str) -> Path:
        """Where the bytes of a reference are."""
        if not _SHA256.fullmatch(sha256):
            raise ValueError("not a sha256")
        return self._folder / sha256

    def add_file(self, path: Path) -> tuple[FileReference, Bitmap]:
        """Keep a copy of a picture file; BadInputError says what is wrong with it, by its name."""
        return self.add_bytes(_read_regular(path), shown_name(path.name))

    def add_bytes(self, content: bytes, name: str) -> tuple[FileReference, Bitmap]:
        """Keep a picture; BadInputError where it is none, damaged, or too large to send."""
        if len(content) > MOST_BYTES:
            raise _too_large(name, len(content))
        try:
            found = inspect(content)
        except UnreadableImageError:
            raise _bad(_kind_of_wreck(content), name) from None
        if found.pixels.pixels > MOST_PIXELS:
            raise _bad(
                ProblemKind.REFERENCE_TOO_MANY_PIXELS,
                name,
                width=found.pixels.width,
                height=found.pixels.height,
            )
        try:
            bitmap = decode(content, THUMBNAIL_BOX)
        except UnreadableImageError:
            raise _bad(ProblemKind.REFERENCE_DAMAGED, name) from None
        sha256 = hashlib.sha256(content).hexdigest()
        self._keep(sha256, content)
        reference = FileReference(
            sha256=sha256,
            media_type=f"image/{found.format}",
            size_bytes=len(content),
            width=found.pixels.width,
            height=found.pixels.height,
            name=name,
        )
        return reference, bitmap

    def thumbnail(self, reference: FileReference) -> Bitmap:
        """The kept picture, small; BadInputError where its copy is gone."""
        try:
            return decode(self.path(reference.sha256), THUMBNAIL_BOX)
        except (UnreadableImageError, TooManyPixelsError, OSError):
            raise _bad(ProblemKind.REFERENCE_MISSING, reference.name) from None

    def _keep(self, sha256: str, content: bytes) -> None:
        with storage_errors(self._folder):
            make_folder(self._folder, mode=0o700)
            path = self.path(sha256)
            if not path.exists() or path.stat().st_size != len(content):
                write_atomically(path, content)


def shown_name(name: str) -> str:
    """A file's name, fit to be shown: no control or bidi characters, no undecodable bytes, bounded."""
    readable = name.encode("utf-8", "replace").decode("utf-8")
    return "".join(character for character in readable if character.isprintable())[:120]


def _read_regular(path: Path) -> bytes:
    """The content of a regular file, size-checked before it is read; never waits on a pipe or device."""
    name = shown_name(path.name)
    try:
        descriptor = os.open(path.resolve(strict=True), os.O_RDONLY | _NON_BLOCKING | NO_FOLLOW)
    except (OSError, RuntimeError, ValueError) as error:
        raise _unopened(error, name) from None
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise _bad(ProblemKind.REFERENCE_NOT_A_FILE, name)
        if status.st_size > MOST_BYTES:
            raise _too_large(name, status.st_size)
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise _bad(ProblemKind.REFERENCE_UNREADABLE, name, reason=_reason(error)) from None
    finally:
        os.close(descriptor)


def _unopened(error: Exception, name: str) -> BadInputError:
    """Why a path could not be opened. A link that leads in a circle is a RuntimeError up to Python 3.12."""
    if isinstance(error, FileNotFoundError):
        return _bad(ProblemKind.REFERENCE_MISSING, name)
    if isinstance(error, RuntimeError) or getattr(error, "errno", None) in _NO_FILE:
        return _bad(ProblemKind.REFERENCE_NOT_A_FILE, name)
    return _bad(ProblemKind.REFERENCE_UNREADABLE, name, reason=_reason(error))


def _kind_of_wreck(content: bytes) -> ProblemKind:
    """What to call bytes whose head cannot be read: a picture that lost it, or no picture at all."""
    if not content or sniff(content) is not None:
        return ProblemKind.REFERENCE_DAMAGED
    return ProblemKind.REFERENCE_NOT_A_PICTURE


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def _too_large(name: str, size_bytes: int) -> BadInputError:
    return _bad(ProblemKind.REFERENCE_TOO_LARGE, name, size_bytes=size_bytes, limit_bytes=MOST_BYTES)


def _bad(kind: ProblemKind, name: str, **facts: int | str) -> BadInputError:
    return BadInputError(Problem.of(kind, name=name, **facts))
