"""The ground that all choices in the composer share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QPushButton, QSizePolicy

from gptimg_desktop.ui.theme import RADIUS, Tokens, tokens_for

if TYPE_CHECKING:
    from collections.abc import Hashable

    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QWidget


class ChoiceButton(QPushButton):
    """One of several exclusive choices. It paints its own ground; subclasses paint what stands on it."""

    def __init__(self, label: str, parent: QWidget | None = None) -> None:
        self._look: tuple[Hashable, ...] = ()
        self._drawing: QPixmap | None = None
        super().__init__(label, parent)
        self.setProperty("role", "choice")
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(1)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """From the drawing of the same look, where there is one: the choices are painted anew whenever the
        window has another size, though nothing of them has changed."""
        look = self._look_now()
        if self._drawing is None or look != self._look:
            self._look, self._drawing = look, self._drawn()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._drawing)
        painter.end()

    def look(self) -> tuple[Hashable, ...]:
        """What makes the drawing another one; subclasses add what else their face shows."""
        return self.text(), self.isChecked(), self.isEnabled(), self.isDown(), self.hasFocus()

    def _look_now(self) -> tuple[Hashable, ...]:
        surroundings = (
            self.size().toTuple(),
            self.devicePixelRatioF(),
            self.palette().cacheKey(),
            self.font().key(),
        )
        return self.look(), self.underMouse(), surroundings

    def _drawn(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        pixels = self.size() * ratio
        drawing = QPixmap(pixels.width(), pixels.height())
        drawing.setDevicePixelRatio(ratio)
        drawing.fill(Qt.GlobalColor.transparent)
        painter = QPainter(drawing)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self.font())
        tokens = tokens_for(self.palette())
        self.paint_ground(painter, tokens)
        if not self.isEnabled() and not self.isChecked():
            painter.setOpacity(0.55)
        self.paint_face(painter, tokens)
        painter.end()
        return drawing

    def paint_face(self, painter: QPainter, tokens: Tokens) -> None:
        """Draw what the choice is; the ground is there already."""

    def paint_ground(self, painter: QPainter, tokens: Tokens) -> None:
        """Draw what the face stands on."""
        ground, edge = tokens.raised, tokens.border
        if self.isChecked():
            ground, edge = tokens.accent_soft, tokens.accent
        elif self.isDown() or (self.underMouse() and self.isEnabled()):
            ground, edge = tokens.hover, tokens.border_strong
        focused = self.hasFocus()
        width = 2.0 if focused else 1.0
        painter.setPen(QPen(QColor(tokens.accent if focused else edge), width))
        painter.setBrush(QColor(ground))
        inset = width / 2
        painter.drawRoundedRect(
            QRectF(self.rect()).adjusted(inset, inset, -inset, -inset),
            RADIUS,
            RADIUS,
            Qt.SizeMode.AbsoluteSize,
        )
