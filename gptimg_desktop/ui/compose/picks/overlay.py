"""A card that floats over the window, beside what it belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtWidgets import QApplication, QFrame, QWidget
from shiboken6 import isValid

from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent, QShowEvent

_GAP: Final = UNIT // 2
_LEAST_HEIGHT: Final = 12 * UNIT
_MOVES: Final = frozenset({QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Hide})


class Overlay(QFrame):
    """Lies over everything else in its anchor's window, below a spot of the anchor or, where there is more
    room, above it. It is no window of its own, so the keys stay where they are until somebody moves them.

    A press elsewhere closes it, and so does the keyboard's focus once it goes to neither the card nor the
    anchor. `closed` comes each time, whatever closed it.
    """

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        self._anchor: QWidget | None = None
        self._spot = QRect()
        self._opener: QWidget | None = None
        self._room: QWidget | None = None
        self._watches = False
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setProperty("floats", True)
        self.hide()

    def open_at(self, anchor: QWidget, spot: QRect, opener: QWidget | None = None) -> None:
        """Show it by a spot of the anchor, in the anchor's coordinates; again where it is shown already.

        `opener`: a button whose press closes it by itself, so that a press there is none elsewhere.
        """
        self._anchor, self._spot, self._opener = anchor, spot, opener
        if self.parentWidget() is not anchor.window():
            self.setParent(anchor.window())
        self.place()
        self.show()
        self.raise_()

    def keep_above(self, room: QWidget) -> None:
        """Reach no lower than `room` does, unless that leaves too little: what lies below may cost."""
        self._room = room

    def shut(self) -> None:
        """Close it; the keys go back to the anchor if they were in here."""
        focus = QApplication.focusWidget()
        had_keys = focus is not None and self.isAncestorOf(focus)
        self.hide()
        if had_keys and self._anchor is not None:
            self._anchor.setFocus(Qt.FocusReason.PopupFocusReason)

    def wanted_size(self) -> QSize:
        """How large it would like to be."""
        return self.sizeHint()

    def place(self) -> None:
        """Take size and place anew."""
        anchor, window = self._anchor, self.parentWidget()
        if not self._is_whole() or anchor is None or window is None or not window.isAncestorOf(anchor):
            return
        spot = QRect(anchor.mapTo(window, self._spot.topLeft()), self._spot.size())
        wanted = self.wanted_size()
        above = spot.top() - 2 * _GAP
        below = self._lowest(window) - spot.bottom() - 2 * _GAP
        if max(above, below) < min(wanted.height(), _LEAST_HEIGHT):
            below = window.height() - spot.bottom() - 2 * _GAP
        is_below = below >= min(wanted.height(), max(_LEAST_HEIGHT, above))
        height = max(0, min(wanted.height(), below if is_below else above))
        width = min(wanted.width(), window.width() - 2 * _GAP)
        left = max(_GAP, min(spot.left(), window.width() - width - _GAP))
        top = spot.bottom() + _GAP if is_below else spot.top() - _GAP - height
        self.setGeometry(QRect(QPoint(left, top), QSize(width, height)))

    # Qt's side

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        application = QApplication.instance()
        if isinstance(application, QApplication) and not self._watches:
            self._watches = True
            application.installEventFilter(self)
            application.focusChanged.connect(self._on_focus_changed)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        application = QApplication.instance()
        if isinstance(application, QApplication) and self._watches:
            self._watches = False
            application.removeEventFilter(self)
            application.focusChanged.disconnect(self._on_focus_changed)
        self.closed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """While it is open: a press elsewhere closes it, and it goes with what it stands by."""
        kind = event.type()
        if not self._is_whole():
            return False
        if kind == QEvent.Type.MouseButtonPress and isinstance(watched, QWidget):
            if not self._holds(watched):
                self.hide()
        elif kind in _MOVES and isinstance(watched, QWidget) and self._leans_on(watched):
            if self._anchor is not None and self._anchor.isVisible():
                self.place()
            else:
                self.hide()
        return False

    def _on_focus_changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        if now is not None and self._is_whole() and not self._holds(now):  # None: another program's turn
            self.hide()

    def _is_whole(self) -> bool:
        """False while the window that it lies in goes, piece by piece."""
        return all(each is None or isValid(each) for each in (self, self._anchor, self._opener, self._room))

    def _lowest(self, window: QWidget) -> int:
        """Where the room below the anchor ends, in the window's coordinates."""
        room = self._room
        if room is None or not window.isAncestorOf(room):
            return window.height()
        return room.mapTo(window, QPoint(0, room.height())).y()

    def _leans_on(self, widget: QWidget) -> bool:
        """True where its own place follows from the widget's."""
        return self._anchor is not None and (widget is self._anchor or widget.isAncestorOf(self._anchor))

    def _holds(self, widget: QWidget) -> bool:
        """True for a widget of its own, of its anchor and of its opener."""
        owners = [owner for owner in (self, self._anchor, self._opener) if owner is not None]
        return any(owner is widget or owner.isAncestorOf(widget) for owner in owners)
