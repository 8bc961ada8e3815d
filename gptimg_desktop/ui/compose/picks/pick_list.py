"""A list to pick from that floats by its anchor: searched with the keys in its own field, or steered by the
keys of the widget that it stands by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from gptimg_desktop.ui.clear_button import add_clear_button
from gptimg_desktop.ui.compose.picks.overlay import Overlay
from gptimg_desktop.ui.compose.picks.pick_model import PickModel
from gptimg_desktop.ui.compose.picks.pick_view import PickView
from gptimg_desktop.ui.compose.picks.removal import Removal
from gptimg_desktop.ui.compose.second_click import SecondClick
from gptimg_desktop.ui.key_presses import KeyPresses
from gptimg_desktop.ui.plain_label import PlainLabel
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QHideEvent

    from gptimg_desktop.ui.compose.picks.pick import Pick, RowShape

_WIDTH: Final = 52 * UNIT
_BORDER: Final = 1  # of a card, as the style sheet draws it
_LONGEST_SEARCH: Final = 200
_PLAIN: Final = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
_ENTER: Final = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})


class PickList(Overlay):
    """`taken` carries the value of the row that was picked, `removed` that of one that is gone for good: a
    row that is taken out can be brought back until the next one follows or the list closes. `edit_wanted`
    carries the value whose second small button, or F2, was pressed. `sought` carries what is typed in the
    search field; `set_items` answers it.

    The first small button of a row takes it out.
    """

    taken = Signal(object)
    removed = Signal(object)
    edit_wanted = Signal(object)
    sought = Signal(str)

    def __init__(
        self,
        name: str,
        title: str,
        *,
        shape: RowShape,
        describe: Callable[[Any], Pick],
        parent: QWidget | None = None,
    ) -> None:
        self._shape = shape
        self._presses = KeyPresses()
        self._has_keys = False
        self._is_composing = False
        self._awaits_answer = False
        self._takes_answer = False
        super().__init__(parent)
        self.setObjectName(f"{name}Popup")
        self.setAccessibleName(title)
        self._model = PickModel(describe, self)
        self._search = self._make_search(name, title)
        self._view = PickView(self._model, shape, self)
        self._view.setObjectName(name)
        self._view.setAccessibleName(title)
        self._empty = PlainLabel(role="muted", parent=self)
        self._removal = Removal(name, self)
        self._second_click = SecondClick(self)
        self._footer: QWidget | None = None
        self._lay_out()
        self._view.row_taken.connect(self._take_clicked)
        self._view.button_pressed.connect(self._on_button)
        self._removal.confirmed.connect(self.removed)
        self._removal.undone.connect(self._bring_back)
        self._removal.layout_changed.connect(self.place)

    @property
    def search_field(self) -> QLineEdit:
        return self._search

    @property
    def words(self) -> str:
        """What is sought now."""
        return self._search.text()

    @property
    def is_steered(self) -> bool:
        """True while it is open by another widget's keys."""
        return self.isVisible() and not self._has_keys

    def set_footer(self, footer: QWidget) -> None:
        """Put a widget below the rows; it is there in a list with its own keys only."""
        self._footer = footer
        self._column.addWidget(footer)
        footer.hide()

    def confirm_removal(self) -> None:
        """What was taken out cannot be brought back any more."""
        self._removal.confirm()
        self.place()

    def set_items(self, items: Sequence[Any], empty: str) -> None:
        """These rows from now on, the first one chosen; `empty` is said where there are none."""
        gone = self._removal.item
        self._model.set_items([item for item in items if gone is None or item != gone])
        self._empty.say(empty)
        self._show_rows()
        self._view.scrollToTop()
        self._view.choose(0)
        was_taken, self._takes_answer, self._awaits_answer = self._takes_answer, False, False
        if was_taken and self.isVisible():
            self._take(self._view.chosen)

    def await_answer(self) -> None:
        """The rows belong to an earlier search until `set_items`: Enter takes the first of the new ones."""
        self._awaits_answer = True

    def open_with_keys(self, anchor: QWidget, spot: QRect, opener: QWidget | None = None) -> None:
        """Open with an empty search field that has the keys."""
        self._has_keys = True
        self._search.clear()
        self._search.show()
        if self._footer is not None:
            self._footer.show()
        self._show_rows()
        self.open_at(anchor, spot, opener)
        self._search.setFocus(Qt.FocusReason.PopupFocusReason)

    def open_steered(self, anchor: QWidget, spot: QRect) -> None:
        """Open, or go on, with the keys staying in the anchor, which hands them on to `take_key`."""
        self._has_keys = False
        self._search.hide()
        if self._footer is not None:
            self._footer.hide()
        self._show_rows()
        self.open_at(anchor, spot)

    def take_key(self, event: QKeyEvent) -> bool:
        """Arrows, Enter and Escape; True where the key was for the list."""
        if event.modifiers() not in _PLAIN:
            return False
        key = event.key()
        steps = {
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_PageUp: -self._view.rows_in_sight(),
            Qt.Key.Key_PageDown: self._view.rows_in_sight(),
        }
        if key in steps:
            self._view.choose(max(0, self._view.chosen + steps[Qt.Key(key)]))
        elif key in _ENTER or (key == Qt.Key.Key_Tab and not self._has_keys):
            self._take(self._view.chosen)
        elif key == Qt.Key.Key_Escape:
            self.shut()
        else:
            return False
        return True

    def focus_search(self) -> None:
        self._search.setFocus(Qt.FocusReason.OtherFocusReason)

    def wanted_size(self) -> QSize:
        layout = self.layout()
        if layout is None:
            return super().wanted_size()
        layout.invalidate()
        margins = layout.contentsMargins()
        height = margins.top() + margins.bottom() + 2 * _BORDER
        parts = [part for part in self._parts() if not part.isHidden()]
        width = _WIDTH - margins.left() - margins.right()
        height += layout.spacing() * max(0, len(parts) - 1)
        return QSize(_WIDTH, height + sum(_height(part, width) for part in parts))

    # Qt's side

    def hideEvent(self, event: QHideEvent) -> None:
        self._takes_answer = False
        self._removal.confirm()
        super().hideEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and _is_escape(event):
            event.accept()  # before any shortcut of the window
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that no widget in here wanted: none goes on to what lies below the list."""
        if event.key() == Qt.Key.Key_Escape:
            self.shut()
        event.accept()

    def focusNextPrevChild(self, is_next: bool) -> bool:
        """Tab stays in here: what lies below the list is not in reach."""
        around = [widget for widget in self.findChildren(QWidget) if _takes_tab(widget)]
        if not around:
            return True
        focus = self.focusWidget()
        at = around.index(focus) if focus in around else -1
        reason = Qt.FocusReason.TabFocusReason if is_next else Qt.FocusReason.BacktabFocusReason
        around[(at + (1 if is_next else -1)) % len(around)].setFocus(reason)
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """While it is open: the keys of the search field that are for the list."""
        if watched is self._search:
            if isinstance(event, QInputMethodEvent):
                self._is_composing = bool(event.preeditString())
            elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
                return self._on_search_key(event)
            elif event.type() == QEvent.Type.KeyRelease and isinstance(event, QKeyEvent):
                self._presses.note_release(event)
        return super().eventFilter(watched, event)

    # Parts

    def _make_search(self, name: str, title: str) -> QLineEdit:
        field = QLineEdit(self)
        field.setObjectName(f"{name}Search")
        field.setAccessibleName(title)
        field.setPlaceholderText(title)
        field.setMaxLength(_LONGEST_SEARCH)
        add_clear_button(field, self.tr("Clear the search"))
        field.textChanged.connect(self.sought)
        return field

    def _lay_out(self) -> None:
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(UNIT // 2, UNIT // 2, UNIT // 2, UNIT // 2)
        self._column.setSpacing(UNIT // 2)
        for part in self._parts():
            self._column.addWidget(part)
        self._empty.setMargin(UNIT)
        self._column.setStretchFactor(self._view, 1)

    def _parts(self) -> tuple[QWidget, ...]:
        """From top to bottom."""
        parts = (self._search, self._view, self._empty, self._removal)
        return parts if self._footer is None else (*parts, self._footer)

    def _show_rows(self) -> None:
        has_rows = self._model.rowCount() > 0
        self._view.setVisible(has_rows)
        self._empty.setVisible(not has_rows)
        self.place()

    # What the user does

    def _on_search_key(self, event: QKeyEvent) -> bool:
        if self._is_composing:
            return False
        key, modifiers = event.key(), event.modifiers()
        is_delete = key == Qt.Key.Key_Delete and (
            modifiers == Qt.KeyboardModifier.ShiftModifier or self._has_nothing_to_delete()
        )
        if is_delete and self._shape.signs:
            if self._presses.is_new(event):
                self._remove(self._view.chosen)
            return True
        if key == Qt.Key.Key_F2 and len(self._shape.signs) > 1:
            self._on_button(self._view.chosen, 1)
            return True
        if key in _ENTER and self._awaits_answer:
            self._takes_answer = True
            return True
        return self.take_key(event)

    def _has_nothing_to_delete(self) -> bool:
        field = self._search
        return not field.hasSelectedText() and field.cursorPosition() == len(field.text())

    def _take_clicked(self, row: int) -> None:
        self._second_click.expect()
        self._take(row)

    def _take(self, row: int) -> None:
        item = self._model.item(row)
        if item is not None:
            self.shut()
            self.taken.emit(item)

    def _on_button(self, row: int, button: int) -> None:
        item = self._model.item(row)
        if item is None:
            return
        if button == 0:
            self._remove(row)
        else:
            self.edit_wanted.emit(item)

    def _remove(self, row: int) -> None:
        item = self._model.item(row)
        if item is None:
            return
        index = self._model.index(row)
        self._removal.ask(item, row, str(index.data() or ""))
        self._model.take_out(row)
        self._view.choose(row)
        self._show_rows()

    def _bring_back(self, item: object, row: int) -> None:
        self._model.put_in(row, item)
        self._view.choose(row)
        self._show_rows()
        if self._has_keys:
            self.focus_search()


def _height(part: QWidget, width: int) -> int:
    if isinstance(part, PickView):
        return part.wanted_height()
    return part.heightForWidth(width) if part.hasHeightForWidth() else part.sizeHint().height()


def _takes_tab(widget: QWidget) -> bool:
    return widget.isVisible() and widget.isEnabled() and bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)


def _is_escape(event: QEvent) -> bool:
    return isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
