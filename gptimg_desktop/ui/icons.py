"""Icons of one family (Lucide) in any colour, sharp at any scale."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from gptimg_desktop.resources import resource

_EDGES: Final = (16, 20, 24, 32, 40, 48, 64)
_DISABLED_OPACITY: Final = 0.4


def icon(name: str, color: QColor | str) -> QIcon:
    """The icon `resources/icons/NAME.svg` in one colour, paler where its control is disabled.

    FileNotFoundError where the program ships no such icon. Call it again when the theme changes.
    """
    renderer = _renderer(name, QColor(color))
    result = QIcon()
    for edge in _EDGES:
        result.addPixmap(_rendered(renderer, edge))
        result.addPixmap(_rendered(renderer, edge, _DISABLED_OPACITY), QIcon.Mode.Disabled)
    return result


def pixmap(name: str, color: QColor | str, size: int, ratio: float) -> QPixmap:
    """The icon as a square of `size` device-independent pixels, for a screen of pixel ratio `ratio`."""
    result = _rendered(_renderer(name, QColor(color)), max(1, round(size * ratio)))
    result.setDevicePixelRatio(ratio)
    return result


def _renderer(name: str, color: QColor) -> QSvgRenderer:
    drawing = resource("icons", f"{name}.svg").read_text(encoding="utf-8")
    return QSvgRenderer(QByteArray(drawing.replace("currentColor", color.name()).encode()))


def _rendered(renderer: QSvgRenderer, edge: int, opacity: float = 1.0) -> QPixmap:
    """The drawing as a transparent square of `edge` real pixels."""
    result = QPixmap(edge, edge)
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    painter.setOpacity(opacity)
    renderer.render(painter, QRectF(0, 0, edge, edge))
    painter.end()
    return result
