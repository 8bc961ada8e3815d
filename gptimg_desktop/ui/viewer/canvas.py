"""The picture itself: painted at any scale, zoomed and moved by hand."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QNativeGestureEvent, QPainter, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from gptimg_desktop.core.sizes import PixelSize
from gptimg_desktop.ui.theme import UNIT, tokens_for
from gptimg_desktop.ui.viewer.sight import Sight

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent, QPaintEvent, QResizeEvent, QWheelEvent

_log = logging.getLogger(__name__)

NOTCH: Final = 1.25
"""How much nearer one notch of the wheel or one press of a key brings the picture."""
_NOTCH_ANGLE: Final = 120
_PAUSE_MS: Final = 90
"""The rest after which a picture that is drawn smaller than it is gets drawn anew with care."""
_CRISP_FROM: Final = 2.0
"""The scale from which single pixels are shown as the squares they are."""
_STEP: Final = 10 * UNIT


class PictureCanvas(QWidget):
    """Shows one picture on neutral ground. Scales are device pixels for one pixel of the picture.

    `sight_changed`: scale or place are others now.
    """

    sight_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        self._image = QImage()
        self._sight: Sight | None = None
        self._careful: tuple[Sight, QPointF, QPixmap] | None = None
        self._grip: QPointF | None = None
        self._rest: QTimer | None = None
        super().__init__(parent)
        self.setObjectName("viewerCanvas")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self._draw_carefully)

    # What is told

    def begin(self, pixels: PixelSize, preview: QImage | None) -> None:
        """Another picture, fitted: its size, and a smaller one to show until it is there."""
        self._image = QImage() if preview is None else preview
        self._see(Sight.fitted(pixels, *self._room()))

    def show_preview(self, preview: QImage) -> None:
        """The smaller picture came late; what is looked at stays in its place."""
        self._image = preview
        self._forget_careful()

    def show_image(self, image: QImage) -> None:
        """The picture itself; scale and place stay where it has the size that was told before."""
        pixels = PixelSize(image.width(), image.height())
        self._image = image
        if self._sight is None or self._sight.picture != pixels:
            self._see(Sight.fitted(pixels, *self._room()))
        self._rest_soon(0)  # apart from the conversion that has just taken its time
        self.update()

    def clear(self) -> None:
        """Nothing to show."""
        self._image = QImage()
        self._sight = None
        self._forget_careful()
        self.sight_changed.emit()

    # What can be asked

    @property
    def scale(self) -> float | None:
        """None where nothing is shown."""
        return None if self._sight is None else self._sight.scale

    @property
    def is_fitted(self) -> bool:
        return self._sight is not None and self._sight.is_fitted

    @property
    def can_pan(self) -> bool:
        return self._sight is not None and self._sight.can_pan

    @property
    def can_pan_across(self) -> bool:
        """True where there is more of the picture to the left or to the right."""
        return self._sight is not None and self._sight.can_pan_across

    # Other sights

    def fit(self) -> None:
        if self._sight is not None:
            self._see(self._sight.fit())

    def show_full(self) -> None:
        """One pixel of the picture on one of the screen."""
        self.zoom_to(1.0)

    def zoom_to(self, scale: float, at: QPointF | None = None) -> None:
        if self._sight is not None:
            self._see(self._sight.zoomed_to(scale, self._on_device(at)))

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Nearer or farther; the spot `at` (the middle where None) stays where it is."""
        if self._sight is not None:
            self._see(self._sight.zoomed_by(factor, self._on_device(at)))

    def pan(self, across: float, down: float) -> None:
        """Look farther to the right and down by so many steps; negative ones go back."""
        step = -_STEP * self.devicePixelRatioF()
        if self._sight is not None:
            self._see(self._sight.panned(across * step, down * step))

    # Qt's side

    def sizeHint(self) -> QSize:
        return QSize(80 * UNIT, 60 * UNIT)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        try:
            painter.fillRect(self.rect(), QColor(tokens_for(self.palette()).canvas))
            if self._sight is not None:
                self._paint(painter, self._sight)
        except Exception:  # noqa: BLE001 - one that leaves a paint event can end the process
            _log.exception("picture not painted")
        finally:
            painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._follow_room()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._follow_room()
        if isinstance(event, QNativeGestureEvent):
            return self._pinch(event)
        return super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        notches = event.angleDelta().y() / _NOTCH_ANGLE
        if notches:
            self.zoom_by(NOTCH**notches, event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()
        if event.button() == Qt.MouseButton.LeftButton and self.can_pan:
            self._grip = event.position()
            self._show_hand()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip is not None and self._sight is not None:
            moved = (event.position() - self._grip) * self.devicePixelRatioF()
            self._grip = event.position()
            self._see(self._sight.panned(moved.x(), moved.y()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._grip = None
            self._show_hand()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """All of it, or 100 % of the spot under the pointer."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if self.is_fitted:
            self.zoom_to(1.0, event.position())
        else:
            self.fit()

    def _pinch(self, event: QNativeGestureEvent) -> bool:
        if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self.zoom_by(max(0.1, 1 + event.value()), event.position())
        elif event.gestureType() == Qt.NativeGestureType.SmartZoomNativeGesture:
            self.zoom_to(1.0, event.position()) if self.is_fitted else self.fit()
        return True

    # Sight

    def _see(self, sight: Sight) -> None:
        self._sight = sight
        if self._careful is not None and self._careful[0] != sight:
            self._forget_careful()
        self._show_hand()
        self._rest_soon()
        self.update()
        self.sight_changed.emit()

    def _follow_room(self) -> None:
        if self._sight is not None:
            self._see(self._sight.resized(*self._room()))

    def _room(self) -> tuple[PixelSize, int]:
        """Size of this widget and margin round a fitted picture, in device pixels."""
        ratio = self.devicePixelRatioF()
        width, height = max(1, round(self.width() * ratio)), max(1, round(self.height() * ratio))
        return PixelSize(width, height), round(2 * UNIT * ratio)

    def _on_device(self, at: QPointF | None) -> tuple[float, float] | None:
        ratio = self.devicePixelRatioF()
        return None if at is None else (at.x() * ratio, at.y() * ratio)

    def _show_hand(self) -> None:
        if not self.can_pan:
            self.unsetCursor()
        elif self._grip is not None:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        else:
            self.setCursor(Qt.CursorShape.OpenHandCursor)

    # Strokes

    def _paint(self, painter: QPainter, sight: Sight) -> None:
        ratio = self.devicePixelRatioF()
        painter.scale(1 / ratio, 1 / ratio)
        if self._careful is not None and self._careful[0] == sight:
            painter.drawPixmap(self._careful[1], self._careful[2])
            return
        is_whole = self._is_whole(sight)
        smooth = not is_whole or (sight.scale != 1.0 and sight.scale < _CRISP_FROM)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        if self._image.isNull():
            painter.fillRect(sight.place, QColor(tokens_for(self.palette()).raised))
            return
        if not is_whole:
            painter.drawImage(QRectF(sight.place), self._image)
            return
        source, target = sight.piece()
        painter.drawImage(target, self._image, QRectF(source))

    def _is_whole(self, sight: Sight) -> bool:
        """False for the small picture that stands in for the one which is awaited."""
        return self._image.size() == QSize(sight.picture.width, sight.picture.height)

    def _rest_soon(self, pause_ms: int = _PAUSE_MS) -> None:
        if self._rest is not None:
            self._rest.start(pause_ms)

    def _forget_careful(self) -> None:
        self._careful = None
        self._rest_soon()
        self.update()

    def _draw_carefully(self) -> None:
        """What is made smaller in haste loses detail: draw the part that is seen once with care."""
        sight = self._sight
        if sight is None or sight.scale >= 1.0 or not self._is_whole(sight):
            return
        source, target = sight.piece()
        size = QSize(max(1, round(target.width())), max(1, round(target.height())))
        part = self._image if source == self._image.rect() else self._image.copy(source)
        scaled = part.scaled(
            size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        self._careful = (sight, QPointF(target.topLeft().toPoint()), QPixmap.fromImage(scaled))
        self.update()
