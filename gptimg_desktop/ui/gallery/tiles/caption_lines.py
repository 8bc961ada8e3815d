"""The two lines below a tile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt

from gptimg_desktop.core.connection import PRACTICE
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from PySide6.QtGui import QFontMetrics

    from gptimg_desktop.ui.gallery.tiles.brush import Brush
    from gptimg_desktop.ui.gallery.tiles.known import Known
    from gptimg_desktop.ui.gallery.tiles.shape import TileShape

_SIGN: Final = 12


def caption_height(metrics: QFontMetrics) -> int:
    """The room for two lines."""
    return 2 * metrics.lineSpacing() + UNIT


def paint_caption(brush: Brush, shape: TileShape, known: Known) -> None:
    """The beginning of the prompt, and what came or where it stands."""
    if not shape.has_caption:
        return
    tokens, job = brush.tokens, known.job
    line = brush.lettering.line
    first = shape.caption.adjusted(2, UNIT // 2, -2, 0)
    first.setHeight(line)
    left = Qt.AlignmentFlag.AlignLeft
    is_faint = job.rejected
    brush.text(first, known.words[0], tokens.muted if is_faint else tokens.text, left)
    second = first.translated(0, line + 1)
    if job.service == PRACTICE:
        brush.icon("flask-conical", tokens.muted, _SIGN, second.left(), second.top() + (line - _SIGN) // 2)
        second.adjust(_SIGN + UNIT // 2, 0, 0, 0)
    brush.text(second, known.words[1], tokens.muted, left, font=brush.lettering.small)
