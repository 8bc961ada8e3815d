"""Reading the form of an upload: one picture in the field `file`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gptimg_desktop.services.practice.exchange import RefusedError, documented_error
from gptimg_desktop.services.practice.multipart import find_field
from gptimg_desktop.services.practice.reference_files import UNREADABLE, media_type
from gptimg_desktop.services.practice.uploads import MOST_BYTES

_MOST_AROUND: Final = 64 * 1024  # what may stand around the file in the form
_LONGEST_NAME: Final = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class SentPicture:
    """A picture file as it was sent; `media_type` by its bytes, whatever the form calls it."""

    filename: str
    media_type: str
    content: bytes


def read_upload(content_type: str, body: bytes | bytearray) -> SentPicture:
    """The picture in a form; RefusedError with the documented answer where there is none to be taken."""
    if len(body) > MOST_BYTES + _MOST_AROUND:
        raise _too_large()
    try:
        field = find_field(content_type, body, "file")
    except ValueError as error:
        raise _refused(400, str(error)) from None
    if field is None or not field.content:
        raise _refused(400, "the field file is required")
    if len(field.content) > MOST_BYTES:
        raise _too_large()
    try:
        kind = media_type(field.content)
    except UNREADABLE:
        raise _refused(400, "the file is not a readable JPEG, PNG, WebP or GIF image") from None
    return SentPicture(filename=field.filename[:_LONGEST_NAME], media_type=kind, content=field.content)


def _too_large() -> RefusedError:
    return _refused(413, "the file is larger than 20 MB")


def _refused(status: int, message: str) -> RefusedError:
    return RefusedError(documented_error(status, message))
