"""References: the pictures that a request shows to the service, and what is known about each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from gptimg_desktop.core.errors import Problem, ProblemKind

MOST_REFERENCES: Final = 16
MOST_REFERENCE_BYTES: Final = 20 * 1024 * 1024
"""What one picture may weigh as it is sent. Source: the vendor's upload page."""
MOST_REFERENCES_BYTES: Final = 256 * 1000 * 1000
"""What all pictures of a request may weigh together, as files. Source: the vendor's other pages."""
MOST_URL_CHARACTERS: Final = 4_096


class Change(StrEnum):
    """What was done to a picture of the user's before it was kept for sending."""

    TURNED = "turned"  # the camera's orientation was applied
    STRIPPED = "stripped"  # place, camera, comments and other data beside the picture were removed
    TO_SRGB = "to_srgb"  # CMYK or wide gamut became sRGB
    TO_8_BIT = "to_8_bit"
    FIRST_FRAME = "first_frame"  # of an animation
    CONVERTED = "converted"  # from a format that the service does not take
    SHRUNK = "shrunk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The file that a reference was read from, as it was at that moment; `modified_ns` since 1970."""

    path: str
    size_bytes: int
    modified_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReference:
    """A picture of the user's, kept by content: `sha256` finds the bytes that are sent in the library's
    references, `media_type`, `size_bytes`, `width` and `height` are those of these bytes."""

    sha256: str
    media_type: str  # image/png, image/jpeg or image/webp
    size_bytes: int
    width: int
    height: int
    name: str  # what the user knows it as; shown, never used as a path
    came_as: str = ""  # the format it was given in ("tiff"); empty where not known
    changes: tuple[Change, ...] = ()
    job_id: str = ""  # the job that made the picture; empty for a picture from elsewhere
    origin: Origin | None = None  # while it is in the composer; what is sent depends on no file

    def settled(self) -> FileReference:
        """The same as part of a job: whatever becomes of the file that it was read from."""
        return replace(self, origin=None)

    def made_by(self, job_id: str) -> FileReference:
        """The same as a result of one of our jobs; with "" as a picture from elsewhere."""
        return replace(self, job_id=job_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class UrlReference:
    """A picture that the service fetches itself; the program only hands the address on."""

    url: str

    @property
    def host(self) -> str:
        try:
            return urlsplit(self.url).hostname or self.url
        except ValueError:
            return self.url

    def settled(self) -> UrlReference:
        """The same as part of a job."""
        return self


Reference = FileReference | UrlReference


@dataclass(frozen=True, slots=True, kw_only=True)
class Shrink:
    """How pictures are made lighter for sending: `longest_edge` in pixels, `quality` of JPEG and WebP from 1
    to 100. The kept original stays as it is."""

    longest_edge: int
    quality: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShrinkWish:
    """One picture to be made lighter in one way."""

    reference: FileReference
    shrink: Shrink


def weight(references: tuple[Reference, ...]) -> int:
    """How many bytes the references take in the body of a request: pictures as base64, addresses as text."""
    return sum(
        len(item.url) if isinstance(item, UrlReference) else (item.size_bytes + 2) // 3 * 4
        for item in references
    )


def count_problem(count: int) -> Problem | None:
    if count > MOST_REFERENCES:
        return Problem.of(ProblemKind.TOO_MANY_REFERENCES, limit=MOST_REFERENCES)
    return None


def weight_problem(references: tuple[Reference, ...]) -> Problem | None:
    """A picture, or all of them together, heavier than the service takes."""
    files = [item for item in references if isinstance(item, FileReference)]
    for number, item in enumerate(references, 1):
        if isinstance(item, FileReference) and item.size_bytes > MOST_REFERENCE_BYTES:
            return Problem.of(
                ProblemKind.REFERENCE_TOO_HEAVY,
                number=number,
                name=item.name,
                size_bytes=item.size_bytes,
                limit_bytes=MOST_REFERENCE_BYTES,
            )
    total = sum(item.size_bytes for item in files)
    if total > MOST_REFERENCES_BYTES:
        return Problem.of(
            ProblemKind.REFERENCES_TOO_HEAVY, size_bytes=total, limit_bytes=MOST_REFERENCES_BYTES
        )
    return None


def url_problem(url: str) -> Problem | None:
    """An address that the service could not fetch: not http(s), no host, credentials or blanks inside."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.username is None
    except ValueError:
        usable = False
    if usable and url.isascii() and url.isprintable() and " " not in url and len(url) <= MOST_URL_CHARACTERS:
        return None
    return Problem.of(ProblemKind.REFERENCE_URL_INVALID, url=url[:200])
