"""What stands at the lower edge of every picture: that it is practice, and what was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PIL import ImageDraw

from gptimg_desktop.services.practice.captions import caption_of, shortened
from gptimg_desktop.services.practice.outlines import arc

if TYPE_CHECKING:
    from PIL import ImageFont

    from gptimg_desktop.services.practice.canvas import Canvas
    from gptimg_desktop.services.practice.captions import Typesetter

MARK: Final = "PRACTICE"

_PLATE: Final = (16, 17, 22)
_LETTERS: Final = (255, 255, 255)


def sign(canvas: Canvas, prompt: str, typesetter: Typesetter) -> None:
    """Set the mark at the lower right, and the caption at the lower left where a font covers it."""
    size = max(9.0, canvas.unit * 2.2)
    margin = size * 1.1
    font = typesetter.font_for(MARK, size * 0.82)
    if font is None:
        return
    wide = font.getlength(MARK) + size * 1.5
    _plate(canvas, MARK, font, (canvas.width - margin - wide, size), margin)
    text = caption_of(prompt)
    font = typesetter.font_for(text, size)
    if font is None:
        return
    text = shortened(text, font, canvas.width - wide - 3 * margin - size * 1.5)
    if text:
        _plate(canvas, text, font, (margin, size), margin)


def _plate(
    canvas: Canvas, text: str, font: ImageFont.FreeTypeFont, place: tuple[float, float], margin: float
) -> None:
    """A text on a dark rounded plate; `place` is its left edge and the size that its height follows."""
    left, size = place
    radius, middle = size * 0.95, canvas.height - margin - size * 0.95
    right = left + font.getlength(text) + size * 1.5
    ends = arc((right - radius, middle), radius, -90, 90) + arc((left + radius, middle), radius, 90, 270)
    canvas.fill([ends], _PLATE, opacity=0.62)
    draw = ImageDraw.Draw(canvas.image)
    draw.text(((left + right) / 2, middle), text, fill=_LETTERS, font=font, anchor="mm")
