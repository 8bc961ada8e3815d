"""Icons of one family (Lucide) in any colour, sharp at any scale."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from gptimg_desktop.resources import resource

_EDGES: Final = (16, 20, 32, 48)  # the sizes in use, at both scales; each takes its time at every start
_DISABLED_OPACITY: Final = 0.4
_GAP: Final = 3 / 8

BESIDE_TEXT: Final = QSize(22, 16)
"""The icon size of a button whose icon was made for standing `beside_text`."""


def icon(name: str, color: QColor | str, *, beside_text: bool = False) -> QIcon:
    """The icon `resources/icons/NAME.svg` in one colour, paler where its control is disabled.

    `beside_text`: with some room after it, which a styled button does not give by itself; goes with the
    icon size `BESIDE_TEXT`. FileNotFoundError where the program ships no such icon. Call it again when the
    theme changes.
    """
    renderer = _renderer(name, QColor(color))
    gap = _GAP if beside_text else 0.0
    result = QIcon()
    for edge in _EDGES:
        drawn = _rendered(renderer, edge, gap=gap)
        result.addPixmap(drawn)
        result.addPixmap(_paler(drawn), QIcon.Mode.Disabled)
    return result


def pixmap(name: str, color: QColor | str, size: int, ratio: float) -> QPixmap:
    """The icon as a square of `size` device-independent pixels, for a screen of pixel ratio `ratio`."""
    result = _rendered(_renderer(name, QColor(color)), max(1, round(size * ratio)))
    result.setDevicePixelRatio(ratio)
    return result


def _renderer(name: str, color: QColor) -> QSvgRenderer:
    drawing = resource("icons", f"{name}.svg").read_text(encoding="utf-8")
    return QSvgRenderer(QByteArray(drawing.replace("currentColor", color.name()).encode()))


def _rendered(renderer: QSvgRenderer, edge: int, *, gap: float = 0.0) -> QPixmap:
    """The drawing as a transparent square of `edge` real pixels, with `gap` times as much room after it."""
    result = QPixmap(round(edge * (1 + gap)), edge)
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    renderer.render(painter, QRectF(0, 0, edge, edge))
    painter.end()
    return result


def _paler(drawn: QPixmap) -> QPixmap:
    result = QPixmap(drawn.width(), drawn.height())
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    painter.setOpacity(_DISABLED_OPACITY)
    painter.drawPixmap(0, 0, drawn)
    painter.end()
    return result
