"""A small picture of a job that has to do with the shown one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from gptimg_desktop.ui.gallery.caption import accessible_text, state_line, title
from gptimg_desktop.ui.gallery.tiles.state_icons import STATE_ICONS
from gptimg_desktop.ui.icons import pixmap
from gptimg_desktop.ui.theme import UNIT, tokens_for

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QPaintEvent

    from gptimg_desktop.core.job import Job
    from gptimg_desktop.ui.theme import Tokens

EDGE: Final = 44
"""With the gap to the next one six units of the grid."""
_RADIUS: Final = UNIT // 2
_SIGN: Final = 16
_MOST_WORDS: Final = 80
_STEPS: Final = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}


class RelativeTile(QAbstractButton):
    """Shows the middle of the picture, or a sign for what there is instead. `is_shown` marks the job that the
    panel is about. `step_wanted` carries 1 or -1: an arrow key goes to a neighbour.
    """

    step_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        self._job: Job | None = None
        self._image = QImage()
        self._is_shown = False
        self._is_hovered = False
        super().__init__(parent)
        self.setObjectName("relativeTile")
        self.setFixedSize(EDGE, EDGE)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @property
    def job(self) -> Job | None:
        return self._job

    @property
    def image(self) -> QImage:
        return self._image

    def show_job(self, job: Job, *, is_shown: bool) -> None:
        """Stand for a job; `is_shown` where it is the one that the details show."""
        if self._job is None or self._job.id != job.id or self._job.images != job.images:
            self._image = QImage()
        self._job, self._is_shown = job, is_shown
        words = accessible_text(job)
        self.setAccessibleName(self.tr("{words}, shown now").format(words=words) if is_shown else words)
        self.setToolTip(f"<p>{_escaped(title(job)[:_MOST_WORDS])}<br>{_escaped(state_line(job))}</p>")
        self.setCursor(Qt.CursorShape.ArrowCursor if is_shown else Qt.CursorShape.PointingHandCursor)
        self.update()

    def show_image(self, image: QImage) -> None:
        self._image = image
        self.update()

    @property
    def lacks_picture(self) -> bool:
        return self._job is not None and bool(self._job.images) and self._image.isNull()

    # Qt's side

    def sizeHint(self) -> QSize:
        return QSize(EDGE, EDGE)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _STEPS:
            self.step_wanted.emit(_STEPS[key])
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if not event.isAutoRepeat():
                self.click()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.Enter, QEvent.Type.Leave}:
            self._is_hovered = event.type() == QEvent.Type.Enter
            self.update()
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        tokens = tokens_for(self.palette())
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        place = self.rect()
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(place), _RADIUS, _RADIUS)
        painter.fillPath(shape, QColor(tokens.canvas))
        if self._image.isNull():
            self._paint_sign(painter, place, tokens.muted)
        else:
            painter.save()
            painter.setClipPath(shape)
            painter.drawImage(QRectF(place), self._image, QRectF(_middle(self._image)))
            painter.restore()
        self._paint_frame(painter, tokens)
        painter.end()

    def _paint_frame(self, painter: QPainter, tokens: Tokens) -> None:
        """The shown one and the one with the keys have the accent round them, apart from the picture."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._is_shown or self.hasFocus():
            self._frame(painter, tokens.panel, 2.5, 1.0)
            self._frame(painter, tokens.accent, 1.0, 2.0)
        elif self._is_hovered:
            self._frame(painter, tokens.border_strong, 0.5, 1.0)

    def _frame(self, painter: QPainter, colour: str, inset: float, width: float) -> None:
        painter.setPen(QPen(QColor(colour), width))
        place = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(place, _RADIUS, _RADIUS)

    def _paint_sign(self, painter: QPainter, place: QRect, colour: str) -> None:
        if self._job is None:
            return
        sign = pixmap(STATE_ICONS[self._job.state], colour, _SIGN, self.devicePixelRatioF())
        painter.drawPixmap(place.center().x() - _SIGN // 2 + 1, place.center().y() - _SIGN // 2 + 1, sign)


def _middle(image: QImage) -> QRect:
    """The largest square in the middle of a picture."""
    edge = min(image.width(), image.height())
    return QRect((image.width() - edge) // 2, (image.height() - edge) // 2, edge, edge)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
