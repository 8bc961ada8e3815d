"""Decoded pictures between the program and Qt."""

from __future__ import annotations

from PySide6.QtGui import QImage

from gptimg_desktop.core.bitmap import Bitmap


def image_of(bitmap: Bitmap) -> QImage:
    """A bitmap as an image that owns its pixels; a null image where the bytes do not fit the size."""
    row = bitmap.width * 4
    if bitmap.width < 1 or bitmap.height < 1 or len(bitmap.rgba) != row * bitmap.height:
        return QImage()
    shared = QImage(bitmap.rgba, bitmap.width, bitmap.height, row, QImage.Format.Format_RGBA8888)
    return shared.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)


def bitmap_of(image: QImage) -> Bitmap:
    """An image as a bitmap; 4K takes a blink, where encoding it would take a quarter of a second."""
    plain = image.convertToFormat(QImage.Format.Format_RGBA8888)  # 4 bytes a pixel: rows need no padding
    return Bitmap(width=plain.width(), height=plain.height(), rgba=bytes(plain.constBits()))
