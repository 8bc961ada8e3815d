"""How large the tiles of the gallery are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSlider, QWidget

from gptimg_desktop.ui.compose.icon_button import IconButton
from gptimg_desktop.ui.gallery.tile_size import LEAST_TILE, MOST_TILE, TILE, larger, smaller
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from collections.abc import Callable

_STEP: Final = 16
_PAGE: Final = 48


class TileSlider(QWidget):
    """A slider between a small and a large picture, which are buttons for one step. `changed` carries the
    width of a tile in device-independent pixels, while the slider is being moved too."""

    changed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._slider = self._make_slider()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(UNIT // 4)
        row.addWidget(self._end("tilesSmaller", self.tr("Smaller tiles (Ctrl+wheel)"), 12, self._shrink))
        row.addWidget(self._slider)
        row.addWidget(self._end("tilesLarger", self.tr("Larger tiles (Ctrl+wheel)"), 18, self._grow))

    @property
    def value(self) -> int:
        return self._slider.value()

    def set_value(self, size: int) -> None:
        """Show a size that came from elsewhere; nothing is told."""
        was_silent = self._slider.blockSignals(True)
        self._slider.setValue(size)
        self._slider.blockSignals(was_silent)

    def _make_slider(self) -> QSlider:
        made = QSlider(Qt.Orientation.Horizontal, self)
        made.setObjectName("tileSizeSlider")
        made.setAccessibleName(self.tr("Size of the tiles"))
        made.setToolTip(self.tr("Size of the tiles (Ctrl+wheel)"))
        made.setRange(LEAST_TILE, MOST_TILE)
        made.setSingleStep(_STEP)
        made.setPageStep(_PAGE)
        made.setValue(TILE)
        made.setFixedWidth(9 * UNIT)
        made.valueChanged.connect(self.changed)
        return made

    def _end(self, name: str, text: str, size: int, wish: Callable[[], None]) -> IconButton:
        """One step by mouse; the keys have the slider for it."""
        made = IconButton("image", text, self, size=size)
        made.setObjectName(name)
        made.setProperty("role", "small")
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        made.setAutoRepeat(True)
        made.clicked.connect(wish)
        return made

    def _shrink(self) -> None:
        self._slider.setValue(smaller(self._slider.value()))

    def _grow(self) -> None:
        self._slider.setValue(larger(self._slider.value()))
