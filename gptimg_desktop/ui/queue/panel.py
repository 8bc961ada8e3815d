"""The queue's controls: what waits, in which order, and whether anything is sent at all."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QLocale, QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gptimg_desktop.core.connection import PRACTICE
from gptimg_desktop.core.prices import money
from gptimg_desktop.ui.compose.icon_button import IconButton
from gptimg_desktop.ui.details.action_button import ActionButton
from gptimg_desktop.ui.plain_label import PlainLabel
from gptimg_desktop.ui.queue.cancel_all import CancelAll
from gptimg_desktop.ui.queue.model import LineModel
from gptimg_desktop.ui.queue.view import LineView
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent

    from gptimg_desktop.core.job import Job

_WIDTH: Final = 55 * UNIT
_GAP: Final = UNIT
_MOVES: Final = frozenset({QEvent.Type.Move, QEvent.Type.Resize})


class QueuePanel(QFrame):
    """Floats in its parent above a widget, beside what it must not cover.

    Escape, a press outside and a second `toggle_over` close it.
    """

    pause_requested = Signal()
    resume_requested = Signal()
    cancel_requested = Signal(object)  # tuple[str, ...], job ids
    move_requested = Signal(object)  # Move

    def __init__(self, parent: QWidget) -> None:
        self._anchor: QWidget | None = None
        self._beside: QWidget | None = None
        self._is_paused = False
        super().__init__(parent)
        self.setObjectName("queuePanel")
        self.setAccessibleName(self.tr("Queue"))
        self.setProperty("role", "card")
        self._make_parts()
        self._lay_out()
        self.set_jobs(0, ())
        self.set_paused(False)
        self.hide()

    # What is told

    def set_jobs(self, running: int, line: tuple[Job, ...]) -> None:
        """How many are being made, and those that wait, in the order of sending."""
        row = self._line.row_of(self._list.chosen)
        self._line.set_line(line)
        if line and not self._list.chosen:
            self._list.choose(row)
        elif self._line.row_of(self._list.chosen) != row:
            self._list.scrollTo(self._list.currentIndex())
        self._heading.setText(self._counted(len(line)))
        self._making.say(self.tr("{count} being made").format(count=running) if running else "")
        self._making.setVisible(bool(running))
        self._sum.say(self._sum_text(line))
        self._cancel_all.set_waiting(tuple(job.id for job in line))
        for part in (self._list, self._tools, self._cancel_all):
            part.setVisible(bool(line))
        self._empty.setVisible(not line)
        self._list.updateGeometry()
        self._show_possible()
        self._place()

    def set_paused(self, is_paused: bool) -> None:
        """Whether sending is held by the user."""
        self._is_paused = is_paused
        self._pause.say(self.tr("Resume") if is_paused else self.tr("Pause sending"))
        self._pause.show_sign("play" if is_paused else "pause")
        self._paused.setVisible(is_paused)
        self._place()

    def popup_over(self, widget: QWidget, *, beside: QWidget | None = None) -> None:
        """Open above a widget of the same window, its left edge in line with it where there is room.

        With `beside`, another one, it never reaches farther to the left than that: a press meant for what was
        here a moment ago must not hit a button that costs.
        """
        self._anchor, self._beside = widget, beside
        self.show()
        self.raise_()
        self._place()
        (self._list if self._line.rowCount() else self._pause).setFocus(Qt.FocusReason.PopupFocusReason)

    def toggle_over(self, widget: QWidget, *, beside: QWidget | None = None) -> None:
        """Open as `popup_over` does, or close."""
        if self.isVisible():
            self._close()
        else:
            self.popup_over(widget, beside=beside)

    # Qt's side

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        application = QApplication.instance()
        if application is not None:
            application.installEventFilter(self)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        application = QApplication.instance()
        if application is not None:
            application.removeEventFilter(self)
        self._cancel_all.withdraw()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """While it is open: a press elsewhere closes it, and it goes with what it stands by."""
        kind = event.type()
        if kind == QEvent.Type.MouseButtonPress and isinstance(watched, QWidget):
            if not self._holds(watched):
                self.hide()
        elif kind in _MOVES and isinstance(watched, QWidget) and self._leans_on(watched):
            self._place()
        return False

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and _is_escape(event):
            event.accept()  # before any shortcut of the window
            return True
        was_taken = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._place()  # the question may need more lines than its button
        return was_taken

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._close()
        else:
            super().keyPressEvent(event)

    # Parts

    def _make_parts(self) -> None:
        self._heading = QLabel(self)
        self._heading.setProperty("role", "heading")
        self._heading.setObjectName("queueHeading")
        self._sum = PlainLabel(role="muted", parent=self)
        self._sum.setObjectName("queueSum")
        self._making = PlainLabel(role="muted", parent=self)
        self._making.setObjectName("queueMaking")
        self._paused = PlainLabel(
            self.tr("Paused: what was sent goes on, nothing new is sent."), "warning", self
        )
        self._paused.setObjectName("queuePaused")
        self._empty = PlainLabel(self.tr("Jobs stand here until it is their turn to be sent."), "muted", self)
        self._pause = ActionButton("queuePause", self.tr("Pause sending"), "pause", self)
        self._pause.clicked.connect(self._pause_or_resume)
        self._line = LineModel(self)
        self._list = LineView(self._line, self)
        self._list.move_requested.connect(self.move_requested)
        self._list.cancel_requested.connect(self.cancel_requested)
        self._list.selection_changed.connect(self._show_possible)
        self._tools = self._make_tools()
        self._cancel_all = CancelAll(self)
        self._cancel_all.confirmed.connect(self.cancel_requested)

    def _make_tools(self) -> QWidget:
        tools = QWidget(self)
        self._up = self._tool("queueUp", "arrow-up", self.tr("Earlier (Alt+↑)"), tools)
        self._down = self._tool("queueDown", "arrow-down", self.tr("Later (Alt+↓)"), tools)
        self._first = self._tool("queueFirst", "arrow-up-to-line", self.tr("Send next (Alt+Home)"), tools)
        self._cancel_one = ActionButton(
            "queueCancelOne", self.tr("Cancel this one"), "x", tools, role="quiet"
        )
        self._cancel_one.setToolTip(self.tr("Del"))
        self._up.clicked.connect(self._move_up)
        self._down.clicked.connect(self._move_down)
        self._first.clicked.connect(self._list.move_first)
        self._cancel_one.clicked.connect(self._list.cancel_chosen)
        row = QHBoxLayout(tools)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(UNIT // 2)
        for button in (self._up, self._down, self._first):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self._cancel_one)
        return tools

    def _tool(self, name: str, sign: str, tip: str, parent: QWidget) -> IconButton:
        button = IconButton(sign, tip, parent)
        button.setObjectName(name)
        return button

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(UNIT // 4)
        words.addWidget(self._heading)
        words.addWidget(self._sum)
        words.addWidget(self._making)
        head = QHBoxLayout()
        head.setSpacing(UNIT)
        head.addLayout(words, 1)
        head.addWidget(self._pause, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * UNIT, 2 * UNIT, 2 * UNIT, 2 * UNIT)
        column.setSpacing(UNIT)
        column.addLayout(head)
        for part in (self._paused, self._empty, self._list, self._tools, self._cancel_all):
            column.addWidget(part)
        column.setStretchFactor(self._list, 1)

    # Texts

    def _counted(self, waiting: int) -> str:
        if not waiting:
            return self.tr("Nothing is waiting")
        if waiting == 1:
            return self.tr("1 waiting")
        return self.tr("{count} waiting").format(count=QLocale().toString(waiting))

    def _sum_text(self, line: tuple[Job, ...]) -> str:
        """What all that waits will probably cost."""
        paid = [job.estimate for job in line if job.service != PRACTICE]
        if not paid:
            return ""
        return self.tr("about {amount} in all").format(amount=money(sum(paid, Decimal(0))))

    # Place

    def _place(self) -> None:
        """Above the anchor, as high as the content wants, inside the parent."""
        parent, anchor = self.parentWidget(), self._anchor
        if parent is None or anchor is None or not self.isVisible():
            return
        self._sum.setVisible(bool(self._sum.text()))
        is_inside = parent.isAncestorOf(anchor)
        foot = anchor.mapTo(parent, QPoint(0, 0)) if is_inside else QPoint(0, parent.height())
        edge = self._left_edge(parent)
        width = min(_WIDTH, parent.width() - edge - _GAP)
        layout = self.layout()
        wanted = layout.totalHeightForWidth(width) if layout is not None else self.sizeHint().height()
        height = max(0, min(max(wanted, 0), foot.y() - 2 * _GAP))
        left = max(edge, min(foot.x(), parent.width() - width - _GAP))
        self.setGeometry(left, foot.y() - _GAP - height, width, height)

    def _left_edge(self, parent: QWidget) -> int:
        """How far to the left it may reach, in the parent's coordinates."""
        beside = self._beside
        if beside is None or not parent.isAncestorOf(beside):
            return _GAP
        return beside.mapTo(parent, QPoint(0, 0)).x() + _GAP

    def _leans_on(self, widget: QWidget) -> bool:
        """True where its own place follows from the widget's."""
        supports = [support for support in (self._anchor, self._beside) if support is not None]
        return any(widget is support or widget.isAncestorOf(support) for support in supports)

    def _holds(self, widget: QWidget) -> bool:
        """True for a widget of its own and for the one that opened it, which closes it by itself."""
        owners = [owner for owner in (self, self._anchor) if owner is not None]
        return any(owner is widget or owner.isAncestorOf(widget) for owner in owners)

    def _close(self) -> None:
        """Close, giving the keys back to what opened it."""
        focus = QApplication.focusWidget()
        had_keys = focus is not None and self.isAncestorOf(focus)
        self.hide()
        if had_keys and self._anchor is not None:
            self._anchor.setFocus(Qt.FocusReason.PopupFocusReason)

    # Wishes

    def _pause_or_resume(self) -> None:
        (self.resume_requested if self._is_paused else self.pause_requested).emit()

    def _move_up(self) -> None:
        self._list.move_by(-1)

    def _move_down(self) -> None:
        self._list.move_by(1)

    def _show_possible(self) -> None:
        """Only moves that lead somewhere can be pressed."""
        row, last = self._line.row_of(self._list.chosen), self._line.rowCount() - 1
        self._up.setEnabled(row > 0)
        self._first.setEnabled(row > 0)
        self._down.setEnabled(0 <= row < last)
        self._cancel_one.setEnabled(row >= 0)


def _is_escape(event: QEvent) -> bool:
    key = getattr(event, "key", None)
    return callable(key) and key() == Qt.Key.Key_Escape
