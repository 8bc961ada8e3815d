"""The second half of a double click, when the first one has closed what was under the mouse."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication


class SecondClick(QObject):
    """Keeps it from whatever came to light there, which may be a button that costs."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._waiting = QTimer(self, singleShot=True)
        self._waiting.timeout.connect(self._stop)

    def expect(self) -> None:
        """Something closes under the mouse now."""
        application = QApplication.instance()
        if isinstance(application, QApplication):
            self._waiting.start(application.doubleClickInterval())
            application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002
        """True for a second click, which then reaches nobody."""
        return event.type() == QEvent.Type.MouseButtonDblClick

    def _stop(self) -> None:
        application = QApplication.instance()
        if application is not None:
            application.removeEventFilter(self)
