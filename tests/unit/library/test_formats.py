"""A format is told by the first bytes of a file, and by nothing else."""

from __future__ import annotations

import pytest

from gptimg_desktop.services.library.imaging.formats import HEAD_BYTES, SENT, recognise, sniff
from tests.unit.library.pictures import encoded, gradient


@pytest.mark.parametrize("image_format", ["png", "jpeg", "webp", "tiff", "bmp", "gif", "avif"])
def test_a_picture_is_known_by_its_head(image_format: str) -> None:
    head = encoded(gradient(), image_format.upper())[:HEAD_BYTES]
    assert recognise(head) == image_format
    assert sniff(head) == (image_format if image_format in SENT else None)


@pytest.mark.parametrize(
    ("head", "image_format"),
    [
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "heic"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "heic"),
        (b"\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf", "avif"),
        (b"\0\0\0\x10ftypavis\0\0\0\0", "avif"),
        (b"\0\0\0\x10ftypmp42\0\0\0\0avif", None),  # behind the box is something else
        (b"\0\0\0\x18ftypmp42\0\0\0\0isommp41", None),
        (b"MM\0*\0\0\0\x08", "tiff"),
        (b"BM", None),
        (b"BMW makes cars and more", None),
        (b"GIF90a", None),
        (b"8BPS\0\1", None),
        (b"%PDF-1.7", None),
        (b"\0\0\1\0\1\0", None),
        (b"\xff\x0a", None),
        (b"", None),
    ],
)
def test_containers_are_told_by_their_brands(head: bytes, image_format: str | None) -> None:
    assert recognise(head) == image_format
