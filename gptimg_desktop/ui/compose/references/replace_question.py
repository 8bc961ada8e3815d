"""Which reference makes room for one more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QColor, QKeySequence, QPainter, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout

from gptimg_desktop.core.reference import MOST_REFERENCES
from gptimg_desktop.ui.compose.references.offer import Item, name_of
from gptimg_desktop.ui.details.action_button import ActionButton
from gptimg_desktop.ui.plain_label import PlainLabel
from gptimg_desktop.ui.theme import RADIUS, UNIT, tokens_for

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QFocusEvent, QKeyEvent, QPaintEvent
    from PySide6.QtWidgets import QWidget

WAY_IN: Final = QKeySequence("Alt+R")
"""The keys that lead to the pictures from anywhere in the composer."""

_ARROWS: Final = frozenset({Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down})
_KEYPAD: Final = Qt.KeyboardModifier.KeypadModifier


class ReplaceQuestion(QFrame):
    """Asks for one item after the other; to be seen as long as there is one. Nothing is read before it has a
    place. `was_seen`: it has been in sight since it came, so that a click on a picture can be an answer.

    It may have the focus itself: then an arrow key leads to the pictures, and Enter chooses nothing, since
    nobody has gone to a picture yet. `left_out`: the item that is asked about shall not come.
    `all_left_out`: none of them shall. `pictures_wanted`: the focus shall go to the pictures.
    """

    left_out = Signal()
    all_left_out = Signal()
    pictures_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        self._items: list[Item] = []
        self._was_seen = False
        super().__init__(parent)
        self.setObjectName("replaceQuestion")
        self._text = PlainLabel()
        self._hint = PlainLabel(self._ways(), "muted")
        self._leave = ActionButton("leaveOutButton", self.tr("Leave out"), "")
        self._leave_all = ActionButton("leaveOutRestButton", self.tr("Leave out the rest"), "")
        self._leave.setToolTip(self.tr("Esc"))
        self._leave.clicked.connect(self.left_out)
        self._leave_all.clicked.connect(self.all_left_out)
        self._lay_out()
        self.hide()

    @property
    def items(self) -> tuple[Item, ...]:
        """What has no place yet, in its order; the first is asked about."""
        return tuple(self._items)

    @property
    def was_seen(self) -> bool:
        return self._was_seen

    @property
    def name(self) -> str:
        """What the user knows the item as that is asked about."""
        return name_of(self._items[0]) if self._items else ""

    def add(self, items: Iterable[Item]) -> None:
        """Ask about these after what is asked about already."""
        self._items += items
        self._show()

    def take(self) -> Item:
        """The item that is asked about; it has found its place, or is left out."""
        item = self._items.pop(0)
        self._show()
        return item

    def drop_all(self) -> None:
        self._items.clear()
        self._show()

    # Qt's side

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.hasFocus() and event.key() in _ARROWS and not event.modifiers() & ~_KEYPAD:
            self.pictures_wanted.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        self._note_sight()
        tokens = tokens_for(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        focused = self.hasFocus()
        painter.setPen(QPen(QColor(tokens.accent), 2) if focused else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.accent_soft))
        inset = 1.0 if focused else 0.0
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), RADIUS, RADIUS)
        painter.end()

    # Inside

    def _note_sight(self) -> None:
        """What is scrolled away for the most part cannot be read."""
        shown = self._text.visibleRegion().boundingRect().height()
        self._was_seen = self._was_seen or 2 * shown > self._text.height()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(UNIT, UNIT, UNIT, UNIT)
        column.setSpacing(UNIT // 2)
        column.addWidget(self._text)
        column.addWidget(self._hint)
        row = QHBoxLayout()
        row.setContentsMargins(0, UNIT // 2, 0, 0)
        row.setSpacing(UNIT)
        for button in (self._leave, self._leave_all):
            button.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)

    def _show(self) -> None:
        if self._items:
            sentence = self._sentence()
            self._text.say(sentence)
            self.setAccessibleName(sentence)
            self.setAccessibleDescription(self._ways())
            self._leave_all.setVisible(len(self._items) > 1)
            QAccessible.updateAccessibility(QAccessibleEvent(self._text, QAccessible.Event.Alert))
        else:
            self._was_seen = False
        self.setVisible(bool(self._items))

    def _ways(self) -> str:
        keys = WAY_IN.toString(QKeySequence.SequenceFormat.NativeText)
        return self.tr("Click a picture; by keyboard: {keys}, arrows, Enter.").format(keys=keys)

    def _sentence(self) -> str:
        facts = {"most": MOST_REFERENCES, "name": self.name, "more": len(self._items) - 1}
        if len(self._items) == 1:
            text = self.tr("{most} of {most} are used. Choose what “{name}” replaces.")
        elif len(self._items) == 2:
            text = self.tr("{most} of {most} are used. Choose what “{name}” replaces; 1 more waits.")
        else:
            text = self.tr("{most} of {most} are used. Choose what “{name}” replaces; {more} more wait.")
        return text.format_map(facts)
