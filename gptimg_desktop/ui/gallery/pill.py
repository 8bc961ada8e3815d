"""Says above the tiles that there is something new, and leads there."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QLocale, QSize, Qt
from PySide6.QtGui import QCursor, QIcon
from PySide6.QtWidgets import QPushButton

from gptimg_desktop.ui.icons import BESIDE_TEXT, icon
from gptimg_desktop.ui.theme import UNIT, tokens_for

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_TOP = UNIT


class Way(Enum):
    """Where something new is, seen from what is looked at."""

    UP = auto()
    DOWN = auto()
    ELSEWHERE = auto()  # in another list


_SIGNS: Final = {Way.UP: "arrow-up", Way.DOWN: "arrow-down", Way.ELSEWHERE: ""}


class NewPill(QPushButton):
    """Lies over the upper edge of `ground`, which it is a child of. It comes and goes with its number.

    It never comes under a mouse that is there for something else: then it waits until the mouse has gone.
    """

    def __init__(self, ground: QWidget) -> None:
        self._count = 0
        self._way: Way | None = None
        super().__init__(ground)
        self.setObjectName("newPill")
        self.setAccessibleName(self.tr("Go to what is new"))
        self.setProperty("role", "pill")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setIconSize(QSize(BESIDE_TEXT))
        self.hide()

    def tell(self, count: int, way: Way) -> None:
        """So many are new, and the first of them is that way; none hides it."""
        if count and way is not self._way:
            self._way = way
            self._dress()
        elif count == self._count:
            return
        self._count = count
        number = QLocale().toString(count)
        self.setText(self.tr("%n new", "", count).replace("%n", number))
        self.setAccessibleName(self.tr("Go to what is new ({count})").format(count=number))
        self.settle()

    def settle(self) -> None:
        """Stand in the middle above, where there is something to tell and no mouse in the way."""
        parent = self.parentWidget()
        if not self._count or parent is None:
            if not self.isHidden():
                self._leave()
            return
        self.adjustSize()
        self.move((parent.width() - self.width()) // 2, _TOP)
        if self.isHidden() and not self.geometry().contains(parent.mapFromGlobal(QCursor.pos())):
            self.show()
            self.raise_()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in {QEvent.Type.PaletteChange, QEvent.Type.StyleChange} and self._way is not None:
            self._dress()

    def _leave(self) -> None:
        parent = self.parentWidget()
        if self.hasFocus() and parent is not None:
            parent.setFocus(Qt.FocusReason.OtherFocusReason)
        self.hide()

    def _dress(self) -> None:
        parent = self.parentWidget()
        palette = self.palette() if parent is None else parent.palette()
        sign = "" if self._way is None else _SIGNS[self._way]
        self.setIcon(icon(sign, tokens_for(palette).accent, beside_text=True) if sign else QIcon())
