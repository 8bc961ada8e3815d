"""Jobs with pictures, and pictures to look at."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gptimg_desktop.core.bitmap import Bitmap
from gptimg_desktop.core.job import Job, JobState
from gptimg_desktop.core.sizes import PixelSize
from gptimg_desktop.ui.viewer.viewed import ViewedPicture
from tests.ui.jobs import a_job

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

PIXELS = PixelSize(1600, 1200)


def saved(number: int, *, images: int = 1, pixels: PixelSize = PIXELS) -> Job:
    """A finished job; its files are named after it: "chair-3_1.png"."""
    job = a_job(JobState.SAVED, number, pixels=pixels)
    first = job.images[0]
    paths = [f"/pictures/chair-{number}_{index + 1}.png" for index in range(images)]
    return replace(job, images=tuple(replace(first, index=i, path=path) for i, path in enumerate(paths)))


def viewed(number: int, index: int = 0) -> ViewedPicture:
    return ViewedPicture(job_id=f"job-{number}", index=index)


def striped(pixels: PixelSize = PIXELS) -> Bitmap:
    """Columns of black and white pixels in turn, with a red frame of one pixel."""
    red = b"\xff\x00\x00\xff"
    stripes = (b"\x00\x00\x00\xff\xff\xff\xff\xff" * (pixels.width // 2 + 1))[4 : 4 * (pixels.width - 1)]
    edge = red * pixels.width
    return Bitmap(
        width=pixels.width,
        height=pixels.height,
        rgba=edge + (red + stripes + red) * (pixels.height - 2) + edge,
    )


def plain(colour: tuple[int, int, int], pixels: PixelSize = PIXELS) -> Bitmap:
    return Bitmap(
        width=pixels.width,
        height=pixels.height,
        rgba=bytes((*colour, 255)) * pixels.pixels,
    )


def colour_at(image: QImage, across: int, down: int) -> str:
    return image.pixelColor(across, down).name()
