"""Ways to make references lighter for sending."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from gptimg_desktop.core.reference import Shrink
from gptimg_desktop.ui.compose.heading import heading
from gptimg_desktop.ui.compose.picks.overlay import Overlay
from gptimg_desktop.ui.messages import file_size
from gptimg_desktop.ui.plain_label import PlainLabel
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

EDGES: Final = (2048, 1536, 1024)
QUALITIES: Final = (90, 80, 70)
_USUAL_QUALITY: Final = 80
_NONE: Final = -1


class ShrinkPopup(Overlay):
    """Each choice works at once and is told by `chosen`: a `Shrink`, or None for off. It stays open until
    something else is clicked, or Esc. Tab goes round in it."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._quality = _USUAL_QUALITY
        self._edge = 0  # 0 for off
        self.setObjectName("shrinkPopup")
        self.setAccessibleName(self.tr("Shrink what is sent"))
        self._edges = QButtonGroup(self)
        self._qualities = QButtonGroup(self)
        self._weights = QLabel()
        self._weights.setObjectName("shrinkWeights")
        self._lay_out()
        self._edges.idClicked.connect(self._on_edge)
        self._qualities.idClicked.connect(self._on_quality)
        self.set_shrink(None)

    @property
    def shrink(self) -> Shrink | None:
        return Shrink(longest_edge=self._edge, quality=self._quality) if self._edge else None

    def set_shrink(self, shrink: Shrink | None) -> None:
        """Show a choice, telling nobody. While nothing is shrunk, no quality is chosen to be seen."""
        self._edge = shrink.longest_edge if shrink else 0
        self._quality = shrink.quality if shrink else self._quality
        self._show_choice(self._edges, self._edge)
        self._show_choice(self._qualities, self._quality if shrink else _NONE)
        for button in self._qualities.buttons():
            button.setEnabled(bool(self._edge))

    def show_weights(self, before: int, after: int, *, awaited: int) -> None:
        """Bytes of the request with and without; `awaited` pictures are still being made lighter."""
        if self._edge and awaited:
            text = self.tr("{before} → working…").format(before=file_size(before))
        elif self._edge:
            text = self.tr("{before} → {after}").format(before=file_size(before), after=file_size(after))
        else:
            text = file_size(before)
        self._weights.setText(text)

    def open_by(self, button: QWidget) -> None:
        """Right edges in line, however wide the button becomes."""
        self.open_at(button, _right_end(button, self.wanted_size().width()), opener=button)
        checked = self._edges.checkedButton() or self._edges.buttons()[0]
        checked.setFocus(Qt.FocusReason.PopupFocusReason)

    def place(self) -> None:
        if self._anchor is not None and self._is_whole():
            self._spot = _right_end(self._anchor, self.wanted_size().width())
        super().place()

    def wanted_size(self) -> QSize:
        layout = self.layout()
        if layout is None:
            return super().wanted_size()
        layout.activate()
        width = layout.totalSizeHint().width()
        return QSize(width, layout.totalHeightForWidth(width))

    # Qt's side

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and _is_escape(event):
            event.accept()  # before any shortcut of the window
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """None of its keys goes on to what lies below it."""
        if _is_escape(event):
            self.shut()
        event.accept()

    def focusNextPrevChild(self, is_next: bool) -> bool:
        buttons = [button for button in self.findChildren(QPushButton) if button.isEnabled()]
        focused = next((index for index, button in enumerate(buttons) if button.hasFocus()), 0)
        beside = buttons[(focused + (1 if is_next else -1)) % len(buttons)]
        beside.setFocus(Qt.FocusReason.TabFocusReason if is_next else Qt.FocusReason.BacktabFocusReason)
        return True

    # Inside

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * UNIT, UNIT + UNIT // 2, 2 * UNIT, UNIT + UNIT // 2)
        column.setSpacing(UNIT)
        column.addWidget(heading(self.tr("Shrink what is sent")))
        column.addLayout(self._choices(self.tr("Longest edge"), self._edges, (0, *EDGES)))
        column.addLayout(self._choices(self.tr("Quality"), self._qualities, QUALITIES))
        column.addWidget(self._weights)
        column.addWidget(PlainLabel(self.tr("Your files and the originals here stay untouched."), "muted"))

    def _choices(self, title: str, group: QButtonGroup, values: tuple[int, ...]) -> QVBoxLayout:
        """A button for each value, under what they are values of."""
        column = QVBoxLayout()
        column.setSpacing(UNIT // 2)
        column.addWidget(PlainLabel(title, "muted"))
        buttons = QHBoxLayout()
        buttons.setSpacing(UNIT // 2)
        for value in values:
            button = QPushButton(str(value) if value else self.tr("Off"))
            button.setObjectName(f"shrink_{value or 'off'}")
            button.setProperty("role", "chip")
            button.setCheckable(True)
            button.setAutoDefault(False)
            button.setAccessibleName(f"{title}: {button.text()}")
            group.addButton(button, value)
            buttons.addWidget(button)
        buttons.addStretch(1)
        column.addLayout(buttons)
        return column

    def _show_choice(self, group: QButtonGroup, value: int) -> None:
        """Check the button of a value; none for a value that has none."""
        group.setExclusive(False)
        for button in group.buttons():
            button.setChecked(group.id(button) == value)
        group.setExclusive(True)

    def _on_edge(self, edge: int) -> None:
        self._edge = edge
        self._tell()

    def _on_quality(self, quality: int) -> None:
        self._quality = quality
        self._tell()

    def _tell(self) -> None:
        self.set_shrink(self.shrink)
        self.chosen.emit(self.shrink)


def _right_end(button: QWidget, width: int) -> QRect:
    """A spot so wide, as high as the button, that ends where it does."""
    return QRect(button.width() - width, 0, width, button.height())


def _is_escape(event: QEvent) -> bool:
    return isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
