"""What a panel looks like, shown in its stead while the window is being given another width."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QPaintEvent, QResizeEvent

_RESTS_MS: Final = 150
_LASTS_S: Final = 1.0


class StillPicture(QWidget):
    """Lies over `panel`. Qt paints all of a window that has another size, and a panel of a hundred parts
    takes a third of that, though it looks the same as long as it keeps its own size.

    It comes with the second of several steps and goes a moment after the last one, or as soon as the panel
    itself has another size. What changes in the panel meanwhile is seen after a second at the latest. Mouse
    and keys go to the panel. `clock` gives seconds.
    """

    def __init__(self, panel: QWidget, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._panel = panel
        self._clock = clock
        self._picture = QPixmap()
        self._taken = 0.0
        super().__init__(panel)
        self.setObjectName("stillPicture")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._taking = QTimer(self, singleShot=True, interval=0)
        self._taking.timeout.connect(self._take)
        self._resting = QTimer(self, singleShot=True, interval=_RESTS_MS)
        self._resting.timeout.connect(self.leave)
        panel.installEventFilter(self)
        self.hide()

    def follow(self, event: QResizeEvent) -> None:
        """The window has another size."""
        if event.size().height() != event.oldSize().height():
            self.leave()
            return
        goes_on = self._resting.isActive()
        self._resting.start()
        if goes_on and (self.isHidden() or self._clock() - self._taken > _LASTS_S):
            self._taking.start()

    def leave(self) -> None:
        """The panel shows itself again."""
        self._taking.stop()
        self._resting.stop()
        self.hide()
        self._picture = QPixmap()

    def _take(self) -> None:
        """Between two steps, so that none takes longer for it."""
        self.hide()
        if self._panel.isVisible():
            self._picture = self._panel.grab()
            self._taken = self._clock()
            self.setGeometry(self._panel.rect())
            self.show()
            self.raise_()

    # Qt's side

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002
        """A panel of another size looks otherwise."""
        if event.type() is QEvent.Type.Resize:
            self.leave()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._picture)
        painter.end()
