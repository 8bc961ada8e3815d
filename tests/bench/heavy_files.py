"""Pictures of ten megabytes each, as they come from a camera or a painting program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PIL import Image, ImageChops, ImageFilter

if TYPE_CHECKING:
    from pathlib import Path

FILES: Final = 16
_PAINTING: Final = (2_700, 1_800)
_PHOTO: Final = (5_600, 3_740)


def make_files(folder: Path) -> list[Path]:
    """PNG and JPEG by turns, no two alike."""
    photo = _noise(_PHOTO, 60).filter(ImageFilter.GaussianBlur(1.2))
    painting = _noise(_PAINTING, 64).filter(ImageFilter.BoxBlur(1))
    files = []
    for number in range(FILES):
        is_photo = number % 2 == 1
        picture = photo if is_photo else painting
        path = folder / f"reference {number}.{'jpg' if is_photo else 'png'}"
        part = picture.crop((number, 0, picture.width - FILES + number, picture.height))
        part.save(path, quality=96) if is_photo else part.save(path, compress_level=1)
        files.append(path)
    return files


def _noise(size: tuple[int, int], strength: int) -> Image.Image:
    """Coloured noise: a channel is made once and shifted, which takes a third of the time."""
    grey = Image.effect_noise(size, strength)
    return Image.merge("RGB", [grey, ImageChops.offset(grey, 7), ImageChops.offset(grey, 0, 11)])
