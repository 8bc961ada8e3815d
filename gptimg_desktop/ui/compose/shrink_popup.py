"""Ways to make references lighter for sending."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from gptimg_desktop.core.reference import Shrink
from gptimg_desktop.ui.compose.heading import heading
from gptimg_desktop.ui.messages import file_size
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

EDGES: Final = (2048, 1536, 1024)
QUALITIES: Final = (90, 80, 70)
_USUAL_QUALITY: Final = 80


class ShrinkPopup(QFrame):
    """Each choice works at once and is told by `chosen`: a `Shrink`, or None for off. It stays open until
    something else is clicked, or Esc."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._quality = _USUAL_QUALITY
        self._edge = 0  # 0 for off
        self.setObjectName("shrinkPopup")
        self.setProperty("role", "card")
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
        """Show a choice, telling nobody."""
        self._edge = shrink.longest_edge if shrink else 0
        self._quality = shrink.quality if shrink else self._quality
        self._show_choice(self._edges, self._edge)
        self._show_choice(self._qualities, self._quality)
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

    def open_below(self, button: QWidget) -> None:
        """Right edges in line; above where the screen ends."""
        self.adjustSize()
        corner = button.mapToGlobal(QPoint(button.width() - self.width(), button.height() + UNIT // 2))
        screen = button.screen().availableGeometry()
        if corner.y() + self.height() > screen.bottom():
            corner.setY(button.mapToGlobal(QPoint(0, 0)).y() - self.height() - UNIT // 2)
        corner.setX(max(screen.left(), corner.x()))
        self.move(corner)
        self.show()
        checked = self._edges.checkedButton() or self._edges.buttons()[0]
        checked.setFocus(Qt.FocusReason.PopupFocusReason)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * UNIT, UNIT + UNIT // 2, 2 * UNIT, UNIT + UNIT // 2)
        column.setSpacing(UNIT)
        column.addWidget(heading(self.tr("Shrink what is sent")))
        grid = QGridLayout()
        grid.setHorizontalSpacing(UNIT)
        grid.setVerticalSpacing(UNIT // 2)
        self._add_row(grid, 0, self.tr("Longest edge"), self._edges, (0, *EDGES))
        self._add_row(grid, 1, self.tr("Quality"), self._qualities, QUALITIES)
        column.addLayout(grid)
        column.addWidget(self._weights)
        note = QLabel(self.tr("Your files and the originals here stay untouched."))
        note.setProperty("role", "muted")
        column.addWidget(note)

    def _add_row(
        self, grid: QGridLayout, row: int, title: str, group: QButtonGroup, values: tuple[int, ...]
    ) -> None:
        label = QLabel(title)
        label.setProperty("role", "muted")
        grid.addWidget(label, row, 0)
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
        grid.addLayout(buttons, row, 1)

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
