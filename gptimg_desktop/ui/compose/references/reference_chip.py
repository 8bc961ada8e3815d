"""One reference in the tray: its number, its picture, its name; or the place that is kept for one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtWidgets import QApplication, QFrame, QSizePolicy

from gptimg_desktop.core.reference import MOST_REFERENCE_BYTES, FileReference
from gptimg_desktop.ui.compose.icon_button import IconButton
from gptimg_desktop.ui.compose.references.chip_drawing import NAME_HEIGHT, PICTURE_HEIGHT, ChipDrawing, Look
from gptimg_desktop.ui.compose.references.chip_facts import described, spoken, tool_tip
from gptimg_desktop.ui.messages import file_size

if TYPE_CHECKING:
    from PySide6.QtGui import (
        QContextMenuEvent,
        QEnterEvent,
        QFocusEvent,
        QImage,
        QKeyEvent,
        QMouseEvent,
        QPaintEvent,
        QResizeEvent,
    )
    from PySide6.QtWidgets import QWidget

    from gptimg_desktop.core.reference import Reference
    from gptimg_desktop.ui.compose.references.place import Place

_BADGE: Final = 20


class ReferenceChip(QFrame):
    """Shows what is at its place; keys are the grid's. The button that takes it out is there while the mouse
    is above it or the focus on it.

    Each wish carries the chip itself: `remove_requested` by its button, `picked` by a click, `drag_wanted`
    where the mouse carries it away, `menu_wanted` where its menu is asked for, at `menu_point`. `focused`: it
    has the focus now; `keyed`: a key was pressed on it.
    """

    remove_requested = Signal(object)
    picked = Signal(object)
    drag_wanted = Signal(object)
    menu_wanted = Signal(object)
    focused = Signal(object)
    keyed = Signal(object)

    def __init__(self, place: Place, parent: QWidget | None = None) -> None:
        self._place = place
        self._sent: Reference | None = place.reference
        self._number = 0
        self._is_light = True  # False while its lighter copy is still to be made
        self._is_target = False
        self._is_choice = False
        self._pressed_at: QPoint | None = None
        self._drawing = ChipDrawing()
        self.menu_point = QPoint()
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(PICTURE_HEIGHT + NAME_HEIGHT)
        self._remove = IconButton("x", "", self, size=12)
        self._remove.setProperty("role", "badge")
        self._remove.setFixedSize(_BADGE, _BADGE)
        self._remove.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Delete does the same
        self._remove.clicked.connect(self._ask_removal)
        self._remove.hide()

    @property
    def place(self) -> Place:
        return self._place

    @property
    def reference(self) -> Reference | None:
        """What stands here, as it was given; None while it is awaited."""
        return self._place.reference

    @property
    def image(self) -> QImage | None:
        return self._place.image

    @property
    def title(self) -> str:
        """The file's name, or the host that the address names."""
        return self._place.title

    def show_place(self, number: int, sent: Reference | None, *, is_light: bool = True) -> None:
        """Show its place as it is now, under a number from 1, with the reference as it is sent."""
        self._number, self._sent, self._is_light = number, sent, is_light
        self._tell()

    def set_target(self, *, is_target: bool) -> None:
        """Show that what is held above would replace this."""
        if is_target != self._is_target:
            self._is_target = is_target
            self.update()

    def set_choice(self, *, is_choice: bool) -> None:
        """Show that a click chooses this; one that began before chooses nothing."""
        if is_choice == self._is_choice:
            return
        self._is_choice = is_choice
        self._pressed_at = None
        self._show_remove()
        self.setCursor(Qt.CursorShape.PointingHandCursor if is_choice else Qt.CursorShape.ArrowCursor)
        self._tell()

    def sizeHint(self) -> QSize:
        return QSize(64, PICTURE_HEIGHT + NAME_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(40, PICTURE_HEIGHT + NAME_HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._remove.move(self.width() - self._remove.width() - 2, 2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.keyed.emit(self)
        event.ignore()  # the grid takes it

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed_at = event.position().toPoint()
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed_at is None or self._is_choice:
            return
        distance = (event.position().toPoint() - self._pressed_at).manhattanLength()
        if distance >= QApplication.startDragDistance():
            self._pressed_at = None
            self.drag_wanted.emit(self)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        was_pressed, self._pressed_at = self._pressed_at is not None, None
        if was_pressed and self.rect().contains(event.position().toPoint()):
            self.picked.emit(self)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == event.Reason.Keyboard
        self.menu_point = self.mapToGlobal(self.rect().center()) if by_key else event.globalPos()
        event.accept()
        self.menu_wanted.emit(self)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._show_remove()
        self.focused.emit(self)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._show_remove()

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._show_remove()
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._show_remove()
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        self._drawing.paint(self, self._look())

    def _look(self) -> Look:
        hovered = self.underMouse()
        return Look(
            place=self._place,
            number=self._number,
            weight=self._weight(),
            is_too_heavy=isinstance(self._sent, FileReference)
            and self._sent.size_bytes > MOST_REFERENCE_BYTES,
            is_changed=self._place.was_read_anew
            or (isinstance(self._sent, FileReference) and bool(self._sent.changes)),
            is_focused=self.hasFocus(),
            is_choice=self._is_choice,
            is_target=self._is_target or (self._is_choice and (hovered or self.hasFocus())),
        )

    def _weight(self) -> str:
        if not isinstance(self._sent, FileReference):
            return ""
        return file_size(self._sent.size_bytes) if self._is_light else "…"

    def _show_remove(self) -> None:
        """It covers a part of the picture, so it is there only where it may be wanted."""
        self._remove.setVisible(not self._is_choice and (self.underMouse() or self.hasFocus()))

    def _ask_removal(self) -> None:
        self.remove_requested.emit(self)

    def _tell(self) -> None:
        content = self._place.content
        name = self.tr("Reference {number}: {name}").format(number=self._number, name=spoken(content))
        self.setAccessibleName(name)
        lines = described(content, self._sent)
        if self._place.was_read_anew:
            lines = (*lines, self.tr("The file had changed: this is how it was when Generate was pressed."))
        deed = (self.tr("Replace"),) if self._is_choice else ()
        self.setAccessibleDescription(". ".join((*deed, *lines[1:])))
        self.setToolTip(tool_tip(lines))
        removal = self.tr("Remove reference {number}, {name}").format(number=self._number, name=self.title)
        self._remove.setAccessibleName(removal)
        self._remove.setToolTip(self.tr("Remove"))
        self.update()
