"""Libraries for the bench of the gallery, and picture files that have no thumbnail yet."""

from __future__ import annotations

import contextlib
import sqlite3
from typing import TYPE_CHECKING

from PIL import Image, ImageChops, ImageFilter

from tests.support.seeded import Wishes, seed

if TYPE_CHECKING:
    from pathlib import Path

KINDS = 10
_PIXELS = (1536, 1024)


def make_library(folder: Path, jobs: int) -> Path:
    """A data folder with so many jobs, none of them in hand, and their thumbnails, but no picture file."""
    seed(folder, Wishes(jobs=jobs))
    return folder


def make_fresh(folder: Path, count: int) -> Path:
    """A data folder whose jobs have a picture file each and no thumbnail."""
    seed(folder, Wishes(jobs=count, has_thumbnails=False))
    kinds = _kinds(folder / "images")
    with contextlib.closing(sqlite3.connect(folder / "library.sqlite3")) as library, library:
        images = library.execute("SELECT rowid FROM image WHERE saved").fetchall()
        for number, (image,) in enumerate(images):
            path = folder / "images" / f"picture {number:04}.png"
            path.hardlink_to(kinds[number % len(kinds)])
            library.execute("UPDATE image SET path = ?, missing = 0 WHERE rowid = ?", (str(path), image))
    return folder


def _kinds(folder: Path) -> list[Path]:
    """PNG files as heavy as those that the service sends, each with a content of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"kind {number}.png" for number in range(KINDS)]
    for number, path in enumerate(paths):
        _picture(number).save(path, compress_level=3)
    return paths


def _picture(number: int) -> Image.Image:
    """Soft shapes with some grain, as heavy to read as a drawing."""
    grain = Image.effect_noise(_PIXELS, 24)
    soft = Image.effect_noise(_PIXELS, 200).filter(ImageFilter.GaussianBlur(24 + number))
    grey = ImageChops.blend(soft, grain, 0.25)
    return Image.merge("RGB", [grey, ImageChops.offset(grey, 31 * number + 9), ImageChops.invert(grey)])
