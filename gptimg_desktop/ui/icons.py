"""Icons of one family (Lucide) in any colour, sharp at any scale."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from gptimg_desktop.resources import resource

_EDGES: Final = (16, 20, 32, 48)  # the sizes in use, at both scales; each takes its time at every start
_DISABLED_OPACITY: Final = 0.4
_GAP: Final = 3 / 8
_MOST_KEPT: Final = 256  # some twenty kilobytes each: every icon in both themes

BESIDE_TEXT: Final = QSize(22, 16)
"""The icon size of a button whose icon was made for standing `beside_text`."""


def icon(name: str, color: QColor | str, *, beside_text: bool = False) -> QIcon:
    """The icon `resources/icons/NAME.svg` in one colour, paler where its control is disabled.

    `beside_text`: with some room after it, which a styled button does not give by itself; goes with the
    icon size `BESIDE_TEXT`. FileNotFoundError where the program ships no such icon. Call it again when the
    theme changes.
    """
    result = QIcon()
    for drawn, paler in _both(name, QColor(color).name(), _GAP if beside_text else 0.0):
        result.addPixmap(QPixmap.fromImage(drawn))
        result.addPixmap(QPixmap.fromImage(paler), QIcon.Mode.Disabled)
    return result


def pixmap(name: str, color: QColor | str, size: int, ratio: float) -> QPixmap:
    """The icon as a square of `size` device-independent pixels, for a screen of pixel ratio `ratio`."""
    drawn = _alone(name, QColor(color).name(), max(1, round(size * ratio)))
    result = QPixmap.fromImage(drawn)
    result.setDevicePixelRatio(ratio)
    return result


# What is kept are images: unlike pixmaps they may outlive the application.


@lru_cache(maxsize=_MOST_KEPT)
def _both(name: str, color: str, gap: float) -> tuple[tuple[QImage, QImage], ...]:
    """The drawing in every size in use, each as it is and paler."""
    renderer = _renderer(name, color)
    drawings = (square(renderer, edge, gap) for edge in _EDGES)
    return tuple((drawn, _paler(drawn)) for drawn in drawings)


@lru_cache(maxsize=_MOST_KEPT)
def _alone(name: str, color: str, edge: int) -> QImage:
    return square(_renderer(name, color), edge)


def _renderer(name: str, color: str) -> QSvgRenderer:
    drawing = resource("icons", f"{name}.svg").read_text(encoding="utf-8").replace("currentColor", color)
    return QSvgRenderer(QByteArray(drawing.encode()))


def square(renderer: QSvgRenderer, edge: int, gap: float = 0.0) -> QImage:
    """The drawing as a transparent square of `edge` real pixels, with `gap` times as much room after it."""
    result = QImage(round(edge * (1 + gap)), edge, QImage.Format.Format_ARGB32_Premultiplied)
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    renderer.render(painter, QRectF(0, 0, edge, edge))
    painter.end()
    return result


def _paler(drawn: QImage) -> QImage:
    result = QImage(drawn.width(), drawn.height(), drawn.format())
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    painter.setOpacity(_DISABLED_OPACITY)
    painter.drawImage(0, 0, drawn)
    painter.end()
    return result
