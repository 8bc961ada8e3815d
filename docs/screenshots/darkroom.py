"""What is on the screen as a picture file: the window, what lies over it, in few colours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PIL import Image, ImageChops, ImageDraw, ImageFilter
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QDialog

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

Colour = tuple[int, int, int]

COLOURS: Final = 256
_SHADE: Final = 0.4
"""How much darker a window gets behind a dialog."""
_SHADOW: Final = 28
_CORNER: Final = 10
_EXACT: Final = 40
_STEPS: Final = 0xFC
"""Colours that differ in the last two bits only count as one where the palette is chosen."""
_GRAIN: Final = 8


def over(window: QWidget) -> list[QWidget]:
    """The dialogs and popups that lie over the window."""
    return [each for each in QApplication.topLevelWidgets() if each is not window and each.isVisible()]


def photograph(window: QWidget) -> Image.Image:
    """The window with its dialogs and popups, in the pixels of the screen."""
    picture, ratio = _grabbed(window), window.devicePixelRatioF()
    for each in over(window):
        if isinstance(each, QDialog):
            picture = Image.blend(picture, Image.new("RGBA", picture.size, "black"), _SHADE)
            _put_dialog(picture, _grabbed(each), ratio)
        else:
            place = (each.mapToGlobal(QPoint()) - window.mapToGlobal(QPoint())) * ratio
            picture.alpha_composite(_grabbed(each), (place.x(), place.y()))
    return picture.convert("RGB")


def save(picture: Image.Image, file: Path, *, is_smooth: bool = False) -> None:
    """As a small PNG file with a palette. Large grounds keep their very colours, and rare colours a place:
    a small sign must not turn grey because pictures need so many. `is_smooth`: skies are made of dots
    instead of bands, for half as many bytes again."""
    picture = _without_grain(picture)
    exact = [colour for _, colour in sorted(_counted(picture), reverse=True)[:_EXACT]]
    dither = Image.Dither.FLOYDSTEINBERG if is_smooth else Image.Dither.NONE
    few = picture.quantize(palette=_palette(picture, exact), dither=dither)
    few.putpalette(_set_right(few, exact))
    few.save(file, optimize=True)


def _without_grain(picture: Image.Image) -> Image.Image:
    """The practice service lays a fine grain over its pictures, with which no file can be small: pixels that
    hardly differ from those around them become like these. Letters and lines differ more."""
    calm = picture.filter(ImageFilter.MedianFilter(5))
    red, green, blue = ImageChops.difference(picture, calm).split()
    most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return Image.composite(calm, picture, most.point([255 * (value <= _GRAIN) for value in range(256)]))


def _palette(picture: Image.Image, exact: list[Colour]) -> Image.Image:
    """These colours, and the best others: chosen where twice as many pixels make a colour count for hardly
    more."""
    coarse = _counted(picture.point(lambda value: value & _STEPS))
    sample = _strip([colour for count, colour in coarse for _ in range(count.bit_length())])
    others = sample.quantize(COLOURS - len(exact), Image.Quantize.MEDIANCUT, kmeans=2).getpalette() or []
    palette = Image.new("P", (1, 1))
    palette.putpalette([value for colour in exact for value in colour] + others)
    return palette


def _set_right(few: Image.Image, exact: list[Colour]) -> list[int]:
    """The palette in which each of these colours, the most frequent ones first, is its very self again:
    Pillow takes neighbours in a palette for the same."""
    colours = few.getpalette() or []
    places = _strip(exact).quantize(palette=few, dither=Image.Dither.NONE).tobytes()
    for place, colour in reversed(list(zip(places, exact, strict=True))):
        colours[3 * place : 3 * place + 3] = colour
    return colours


def _strip(colours: list[Colour]) -> Image.Image:
    return Image.frombytes("RGB", (len(colours), 1), bytes(value for colour in colours for value in colour))


def _counted(picture: Image.Image) -> list[tuple[int, Colour]]:
    return picture.getcolors(picture.width * picture.height) or []  # type: ignore[return-value]


def _grabbed(widget: QWidget) -> Image.Image:
    shown = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGBA8888)
    return Image.frombytes("RGBA", (shown.width(), shown.height()), bytes(shown.constBits()))


def _put_dialog(picture: Image.Image, dialog: Image.Image, ratio: float) -> None:
    """In the middle, with round corners and a shadow, as desktops show it."""
    left, top = (picture.width - dialog.width) // 2, (picture.height - dialog.height) // 2
    corner, blur = round(_CORNER * ratio), round(_SHADOW * ratio)
    shape = Image.new("L", dialog.size, 0)
    ImageDraw.Draw(shape).rounded_rectangle((0, 0, dialog.width - 1, dialog.height - 1), corner, fill=255)
    shadow = Image.new("L", picture.size, 0)
    shadow.paste(shape.point(lambda value: value // 2), (left, top + blur // 3))
    shadow = shadow.filter(ImageFilter.GaussianBlur(blur / 2))
    picture.paste(Image.new("RGBA", picture.size, "black"), (0, 0), shadow)
    picture.paste(dialog, (left, top), shape)
