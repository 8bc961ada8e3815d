"""The room above the gallery for what is to be told: as high as its lines, up to a part of the window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

_LEAST: Final = 13 * UNIT
"""Two lines of it are seen in any window."""
_PART: Final = 6
"""Beyond that it takes one part of so many of the window's height."""


class NoticeArea(QScrollArea):
    """Lines of `parts`, one below the other; what does not fit is scrolled to. Takes no room without any."""

    def __init__(self, parts: tuple[QWidget, ...], parent: QWidget) -> None:
        self._content: QWidget | None = None
        super().__init__(parent)
        self.setObjectName("noticeArea")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        content = QWidget(self)
        content.setProperty("role", "content")
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in parts:
            column.addWidget(part)
        column.addStretch(1)
        self.setWidget(content)
        self._content = content
        content.installEventFilter(self)
        self._fit()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def _fit(self) -> None:
        """As high as the lines are at this width."""
        layout = None if self._content is None else self._content.layout()
        if layout is None:
            return
        width = self.viewport().width()
        wanted = layout.sizeHint().height()
        if layout.hasHeightForWidth():
            wanted = layout.totalHeightForWidth(width)
        most = max(_LEAST, self.window().height() // _PART)
        self.setFixedHeight(max(0, min(wanted, most)))
