"""The program's own icon, at any size.

`resources/app` holds the drawing and two that were made for few pixels, where every line stands on a whole
pixel. They are drawn by Qt's SVG renderer, so that no plugin for image formats is needed.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtSvg import QSvgRenderer

from gptimg_desktop.resources import resource
from gptimg_desktop.ui.icons import square

_WINDOW_EDGES: Final = (16, 24, 32, 48, 64, 128)
_MARGIN_OF_24: Final = 1


def app_icon() -> QIcon:
    """The icon for windows, in the sizes that desktops ask windows for."""
    result = QIcon()
    for edge in _WINDOW_EDGES:
        result.addPixmap(QPixmap.fromImage(app_picture(edge)))
    return result


def app_picture(edge: int) -> QImage:
    """The icon as a transparent square of `edge` pixels, as it is drawn for that size."""
    renderer = QSvgRenderer(str(resource("app", f"{_drawing_for(edge)}.svg")))
    if edge == 22:  # the drawing for 24 without its margin: not one line between two pixels
        renderer.setViewBox(QRectF(_MARGIN_OF_24, _MARGIN_OF_24, edge, edge))
    return square(renderer, edge)


def _drawing_for(edge: int) -> str:
    if edge < 22:
        return "gptimg-desktop-16"
    return "gptimg-desktop-24" if edge < 32 else "gptimg-desktop"
