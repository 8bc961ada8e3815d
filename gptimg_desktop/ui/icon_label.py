"""An icon that stands in a layout like a label, in a colour of the theme."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gptimg_desktop.ui.icons import pixmap
from gptimg_desktop.ui.theme import tokens_for


class IconLabel(QWidget):
    """Draws `name` in the colour that the theme calls `tone` ("muted", "warning", "accent", …)."""

    def __init__(self, name: str, tone: str = "muted", size: int = 16, parent: QWidget | None = None) -> None:
        self._name = name
        self._tone = tone
        self._edge = size
        super().__init__(parent)
        self.setFixedSize(size, size)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_icon(self, name: str, tone: str) -> None:
        self._name = name
        self._tone = tone
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._edge, self._edge)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        colour = getattr(tokens_for(self.palette()), self._tone)
        painter = QPainter(self)
        painter.drawPixmap(0, 0, pixmap(self._name, colour, self._edge, self.devicePixelRatioF()))
        painter.end()
