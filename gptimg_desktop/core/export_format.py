"""The formats that a copy of a picture can be saved in, besides its own."""

from __future__ import annotations

from enum import Enum

from gptimg_desktop.core.filenames import extension


class ExportFormat(Enum):
    """A format that pictures are written in."""

    PNG = "png"
    JPEG = "jpeg"
    WEBP = "webp"

    @property
    def endings(self) -> tuple[str, ...]:
        """The endings of its files, the usual one first."""
        return tuple(dict.fromkeys((extension(self.value), self.value)))


def format_of(ending: str) -> ExportFormat | None:
    """The format that a file's ending, without its dot and in any case, names; None where it names none."""
    return next((each for each in ExportFormat if ending.lower() in each.endings), None)
