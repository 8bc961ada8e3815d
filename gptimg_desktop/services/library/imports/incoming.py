"""A picture file that the user brings along: read whole, told by its content alone, found sound or refused.

Reading may wait for a drive and decoding takes its time, so that they are two steps: `read` belongs into a
thread of its own, `examine` into those for pictures.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.errors import BadInputError, Problem, ProblemKind
from gptimg_desktop.core.filenames import shown_name
from gptimg_desktop.core.sizes import PixelSize
from gptimg_desktop.services.library.imaging.completeness import is_whole_png
from gptimg_desktop.services.library.imaging.formats import HEAD_BYTES, recognise
from gptimg_desktop.services.library.imaging.imaging import decode, orientation
from gptimg_desktop.services.library.imaging.readers import (
    STUMBLES,
    DecoderMissingError,
    NoPictureError,
    TooManyPixelsError,
    UndecodedError,
    UnreadableImageError,
    UnsupportedError,
    headed,
    reading,
)

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile

    from gptimg_desktop.core.bitmap import Bitmap

MOST_BYTES: Final = 250 * 1000 * 1000
"""Two of them are in memory at a time; a photograph of 64 megapixels has less in any usual format."""
EARLIEST: Final = 631_152_000.0
"""The year 1990: what a camera or a file says to be older has a clock that was never set."""
_A_DAY_S: Final = 86_400.0
_NON_BLOCKING: Final = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_SIDEWAYS: Final = frozenset({5, 6, 7, 8})
"""Orientations that turn a picture by a quarter."""
_CAMERA_FIELDS: Final = 0x8769
_TAKEN: Final = 0x9003
_CHANGED: Final = 0x0132


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """The content of a file; `path` is absolute, `modified_at` is in Unix seconds."""

    path: str
    content: bytes
    sha256: str
    modified_at: float

    @property
    def name(self) -> str:
        """What the user knows it as, fit to be shown."""
        return told_name(self.path)

    @property
    def title(self) -> str:
        """Its name without the ending."""
        return told_name(os.path.splitext(self.path)[0])  # noqa: PTH122 - foreign text stays text


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """What a sound picture is: its format, its pixels as it is seen upright, when it was made as far as it
    says so, and a bitmap of it."""

    format: str
    pixels: PixelSize
    made_at: float | None
    bitmap: Bitmap


def told_name(path: str) -> str:
    """The last part of a path, fit to be shown whatever is in it."""
    return shown_name(os.path.basename(path))  # noqa: PTH119 - as above


def read(path: str) -> Incoming:
    """A regular file as it is now, never waiting for a pipe or a device; BadInputError says why not."""
    try:
        descriptor = os.open(path, os.O_RDONLY | _NON_BLOCKING)
        try:
            content, status = _content(path, descriptor)
        finally:
            os.close(descriptor)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _refused(ProblemKind.IMPORT_UNREADABLE, path, reason=reason) from None
    return Incoming(
        path=os.path.abspath(path),  # noqa: PTH100 - as above
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        modified_at=status.st_mtime,
    )


def _content(path: str, descriptor: int) -> tuple[bytes, os.stat_result]:
    """The bytes of an open file, and what is known of it. Its first ones decide whether all are read."""
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        raise _refused(ProblemKind.IMPORT_NOT_A_PICTURE, path)
    with os.fdopen(descriptor, "rb", closefd=False) as file:
        if recognise(file.read(HEAD_BYTES)) is None:
            raise _refused(ProblemKind.IMPORT_NOT_A_PICTURE, path)
        if status.st_size > MOST_BYTES:
            raise _too_large(path, status.st_size)
        file.seek(0)
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:  # it grows while it is read
        raise _too_large(path, len(content))
    return content, status


def examine(incoming: Incoming, box: int, *, now: float) -> Examined:
    """Decode a picture, within a square of `box` pixels; BadInputError where it is damaged or cannot be read.
    Blocks; `now` is what no picture can be younger than."""
    try:
        return _examined(incoming, box, now)
    except UnreadableImageError as error:
        raise _refusal(error, incoming) from None


def _examined(incoming: Incoming, box: int, now: float) -> Examined:
    content = incoming.content
    found = recognise(content[:HEAD_BYTES])
    if found is None:
        raise NoPictureError("no known format")
    bitmap = decode(content, box, is_users=True)
    if found == "png" and not is_whole_png(content):  # the only one of which half is read without a word
        raise UnreadableImageError("not all of it is there")
    with headed(content, found) as image:
        pixels = PixelSize(*image.size)
        is_sideways = orientation(image) in _SIDEWAYS
        return Examined(
            format=found,
            pixels=pixels.swapped() if is_sideways else pixels,
            made_at=_made_at(image, now),
            bitmap=bitmap,
        )


def sane_moment(moment: float, now: float) -> bool:
    """True for a time at which a picture may have been made."""
    return EARLIEST <= moment <= now + _A_DAY_S  # a camera's clock knows of no time zone


def _made_at(image: ImageFile, now: float) -> float | None:
    """When a camera or a program says that it made the picture, in the local time of here; None without a
    word that makes sense."""
    with contextlib.suppress(UnreadableImageError), reading(*STUMBLES):
        fields = image.getexif()
        for told in (fields.get_ifd(_CAMERA_FIELDS).get(_TAKEN), fields.get(_CHANGED)):
            moment = _moment(told)
            if moment is not None and sane_moment(moment, now):
                return moment
    return None


def _moment(told: object) -> float | None:
    try:
        return time.mktime(time.strptime(str(told)[:19], "%Y:%m:%d %H:%M:%S"))
    except (ValueError, OverflowError):
        return None


# Refusals


def unkeepable(path: str) -> BadInputError | None:
    """Why a file cannot be named in the library where it lies: its path is no text; None where it can."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return _refused(ProblemKind.IMPORT_UNKEEPABLE_NAME, path)
    return None


def silent(path: str) -> BadInputError:
    """The drive of a file does not answer."""
    return _refused(ProblemKind.IMPORT_SILENT, path)


def _refusal(error: UnreadableImageError, incoming: Incoming) -> BadInputError:
    path = incoming.path
    match error:
        case NoPictureError():
            return _refused(ProblemKind.IMPORT_NOT_A_PICTURE, path)
        case TooManyPixelsError():
            width, height = error.pixels.width, error.pixels.height
            return _refused(ProblemKind.IMPORT_TOO_MANY_PIXELS, path, width=width, height=height)
        case UndecodedError():
            return _refused(ProblemKind.IMPORT_NOT_READ, path)
        case DecoderMissingError() | UnsupportedError():
            kind = (recognise(incoming.content[:HEAD_BYTES]) or "").upper()
            return _refused(ProblemKind.IMPORT_KIND_UNKNOWN, path, format=kind)
    return _refused(ProblemKind.IMPORT_DAMAGED, path)


def _too_large(path: str, size_bytes: int) -> BadInputError:
    return _refused(ProblemKind.IMPORT_TOO_LARGE, path, size_bytes=size_bytes, limit_bytes=MOST_BYTES)


def _refused(kind: ProblemKind, path: str, **facts: int | str) -> BadInputError:
    return BadInputError(Problem.of(kind, name=told_name(path), **facts))
