"""Pictures that do not compress, and of which no two are alike."""

from __future__ import annotations

import io
import random

from PIL import Image


def noise(width: int, height: int, seed: int | str) -> bytes:
    """A PNG of pixels by chance, the same for the same seed."""
    pixels = random.Random(seed).randbytes(width * height * 3)
    file = io.BytesIO()
    Image.frombytes("RGB", (width, height), pixels).save(file, "PNG")
    return file.getvalue()
