"""The formats that a copy of a picture can be saved in, besides its own."""

from __future__ import annotations

from enum import Enum
from typing import Final


class ExportFormat(Enum):
    """A format that pictures are written in."""

    PNG = "png"
    JPEG = "jpeg"
    WEBP = "webp"

    @property
    def endings(self) -> tuple[str, ...]:
        """The endings of its files, the usual one first."""
        return _ENDINGS[self]


_ENDINGS: Final = {
    ExportFormat.PNG: ("png",),
    ExportFormat.JPEG: ("jpg", "jpeg"),
    ExportFormat.WEBP: ("webp",),
}


def format_of(ending: str) -> ExportFormat | None:
    """The format that a file's ending, without its dot and in any case, names; None where it names none."""
    return next((each for each in ExportFormat if ending.lower() in each.endings), None)
