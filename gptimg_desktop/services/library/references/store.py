"""Reference pictures, kept by content as they are sent: a copy taken and made ready when the user gives them,
so that later changes to their files change nothing of what was asked for."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.errors import BadInputError, Problem, ProblemKind
from gptimg_desktop.core.filenames import shown_name
from gptimg_desktop.core.reference import Change, FileReference, Origin
from gptimg_desktop.services.durable import NO_FOLLOW, make_folder, write_atomically
from gptimg_desktop.services.library.imaging.formats import HEAD_BYTES, recognise
from gptimg_desktop.services.library.imaging.imaging import decode
from gptimg_desktop.services.library.imaging.preparation import lighter, prepare
from gptimg_desktop.services.library.imaging.readers import (
    DecoderMissingError,
    NoPictureError,
    TooManyPixelsError,
    UndecodedError,
    UnreadableImageError,
    UnsupportedError,
)
from gptimg_desktop.services.storage_errors import storage_errors

if TYPE_CHECKING:
    from pathlib import Path

    from gptimg_desktop.core.bitmap import Bitmap
    from gptimg_desktop.core.reference import Shrink
    from gptimg_desktop.services.library.imaging.preparation import Prepared

MOST_READ_BYTES: Final = 100 * 1000 * 1000
"""What a file may weigh to be read at all; what it weighs once it is ready, or shrunk, is judged when it is
to be sent."""
THUMBNAIL_BOX: Final = 192
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_NON_BLOCKING: Final = getattr(os, "O_NONBLOCK", 0)
_NO_FILE: Final = frozenset({errno.ELOOP, errno.ENXIO})  # a link in a circle, a socket


class ReferenceStore:
    """The folder `references/`. Every method blocks; call them in a worker thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._shrunk: dict[tuple[str, Shrink], FileReference] = {}

    def path(self, sha256: str) -> Path:
        """Where the bytes of a reference are."""
        if not _SHA256.fullmatch(sha256):
            raise ValueError("not a sha256")
        return self._folder / sha256

    def add_bytes(
        self, content: bytes, name: str, *, origin: Origin | None = None
    ) -> tuple[FileReference, Bitmap]:
        """Keep a picture, ready for sending; BadInputError where it is none, damaged or too large. `origin`
        is the file that the bytes were read from."""
        name = shown_name(name)
        if len(content) > MOST_READ_BYTES:
            raise _too_large(name, len(content))
        prepared = _prepared(content, name)
        reference = FileReference(
            sha256=self._keep(prepared.content),
            media_type=f"image/{prepared.format}",
            size_bytes=len(prepared.content),
            width=prepared.pixels.width,
            height=prepared.pixels.height,
            name=name,
            came_as=prepared.came_as,
            changes=prepared.changes,
            origin=origin,
        )
        return reference, prepared.bitmap

    def shrunk(self, reference: FileReference, shrink: Shrink) -> FileReference:
        """The picture as it is sent where that is to be lighter, kept beside its original; the same reference
        where it would not be any lighter. BadInputError where its copy is gone or cannot be read."""
        known = self._shrunk.get((reference.sha256, shrink))
        if known is None or not self._is_kept(known.sha256):
            known = self._lighter(reference, shrink)
            self._shrunk[reference.sha256, shrink] = known
        if known.sha256 == reference.sha256:
            return reference
        return replace(
            reference,
            sha256=known.sha256,
            media_type=known.media_type,
            size_bytes=known.size_bytes,
            width=known.width,
            height=known.height,
            changes=tuple(change for change in Change if change in {*reference.changes, Change.SHRUNK}),
        )

    def _lighter(self, reference: FileReference, shrink: Shrink) -> FileReference:
        try:
            original = self.path(reference.sha256).read_bytes()
        except OSError:
            raise _bad(ProblemKind.REFERENCE_MISSING, reference.name) from None
        if hashlib.sha256(original).hexdigest() != reference.sha256:
            raise _bad(ProblemKind.REFERENCE_DAMAGED, reference.name)
        try:
            content, image_format, pixels = lighter(original, shrink)
        except UnreadableImageError as error:
            raise _refusal(error, original, reference.name) from None
        if len(content) >= reference.size_bytes:
            return reference
        return replace(
            reference,
            sha256=self._keep(content),
            media_type=f"image/{image_format}",
            size_bytes=len(content),
            width=pixels.width,
            height=pixels.height,
        )

    def thumbnail(self, reference: FileReference) -> Bitmap:
        """The kept picture, small; BadInputError where its copy is gone or cannot be read."""
        try:
            return decode(self.path(reference.sha256), THUMBNAIL_BOX)
        except UndecodedError:
            raise _bad(ProblemKind.REFERENCE_NOT_READ, reference.name) from None
        except UnreadableImageError:
            raise _bad(ProblemKind.REFERENCE_DAMAGED, reference.name) from None
        except OSError:
            raise _bad(ProblemKind.REFERENCE_MISSING, reference.name) from None

    def _keep(self, content: bytes) -> str:
        """Write bytes under their hash, which is the result, unless they are there."""
        sha256 = hashlib.sha256(content).hexdigest()
        with storage_errors(self._folder):
            make_folder(self._folder, mode=0o700)
            if not self._is_kept(sha256):
                write_atomically(self.path(sha256), content)
        return sha256

    def _is_kept(self, sha256: str) -> bool:
        """Whether the very bytes are there; if so they are in use again, and `unused_references` leaves them
        alone."""
        path = self.path(sha256)
        try:
            with path.open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                    return False
            os.utime(path)
        except OSError:
            return False
        return True


def _prepared(content: bytes, name: str) -> Prepared:
    try:
        return prepare(content, THUMBNAIL_BOX)
    except UnreadableImageError as error:
        raise _refusal(error, content, name) from None


def _refusal(error: UnreadableImageError, content: bytes, name: str) -> BadInputError:
    """Why a picture is not taken."""
    match error:
        case DecoderMissingError():
            return _bad(ProblemKind.REFERENCE_NEEDS_DECODER, name, format=_format_name(error.format))
        case TooManyPixelsError():
            width, height = error.pixels.width, error.pixels.height
            return _bad(ProblemKind.REFERENCE_TOO_MANY_PIXELS, name, width=width, height=height)
        case UndecodedError():
            return _bad(ProblemKind.REFERENCE_NOT_READ, name)
        case UnsupportedError():
            kind = _format_name(recognise(content[:HEAD_BYTES]) or "")
            return _bad(ProblemKind.REFERENCE_KIND_UNKNOWN, name, format=kind)
        case NoPictureError() if content:
            return _bad(ProblemKind.REFERENCE_NOT_A_PICTURE, name)
    return _bad(ProblemKind.REFERENCE_DAMAGED, name)


def _format_name(image_format: str) -> str:
    return "WebP" if image_format == "webp" else image_format.upper()


def read_regular(path: Path) -> tuple[bytes, Origin]:
    """The content of a regular file, size-checked before it is read; never waits on a pipe or device.

    What is known of the file is as it was before it was read: one that changes meanwhile counts as changed.
    """
    name = shown_name(path.name)
    try:
        descriptor = os.open(path.resolve(strict=True), os.O_RDONLY | _NON_BLOCKING | NO_FOLLOW)
    except (OSError, RuntimeError, ValueError) as error:
        raise _unopened(error, name) from None
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise _bad(ProblemKind.REFERENCE_NOT_A_FILE, name)
        if status.st_size > MOST_READ_BYTES:
            raise _too_large(name, status.st_size)
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            content = file.read(MOST_READ_BYTES + 1)
    except OSError as error:
        raise _bad(ProblemKind.REFERENCE_UNREADABLE, name, reason=_reason(error)) from None
    finally:
        os.close(descriptor)
    origin = Origin(path=str(path.absolute()), size_bytes=status.st_size, modified_ns=status.st_mtime_ns)
    return content, origin


def _unopened(error: Exception, name: str) -> BadInputError:
    """Why a path could not be opened. A link that leads in a circle is a RuntimeError up to Python 3.12."""
    if isinstance(error, FileNotFoundError):
        return _bad(ProblemKind.REFERENCE_MISSING, name)
    if isinstance(error, RuntimeError) or getattr(error, "errno", None) in _NO_FILE:
        return _bad(ProblemKind.REFERENCE_NOT_A_FILE, name)
    return _bad(ProblemKind.REFERENCE_UNREADABLE, name, reason=_reason(error))


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def _too_large(name: str, size_bytes: int) -> BadInputError:
    return _bad(ProblemKind.REFERENCE_TOO_LARGE, name, size_bytes=size_bytes, limit_bytes=MOST_READ_BYTES)


def _bad(kind: ProblemKind, name: str, **facts: int | str) -> BadInputError:
    return BadInputError(Problem.of(kind, name=name, **facts))
