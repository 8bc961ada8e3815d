"""One edge of a size in pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QValidator

from gptimg_desktop.core.sizes import GRID, PixelSize, parse_size
from gptimg_desktop.ui.compose.steady_spin_box import SteadySpinBox

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QWidget

MOST_TYPED: Final = 99_999
"""More than any service makes, so that the answer is a sentence and not a dead key."""

_LEAST_WIDTH: Final = 60
_CROSSES: Final = frozenset("xX×*")


class EdgeSpinBox(SteadySpinBox):
    """What is typed stands as it is typed. An emptied field counts as 0, and never as the number before.

    `cross_typed`: an "x" was typed after the number, as in 1888x832. `size_pasted` carries a `PixelSize`.
    """

    cross_typed = Signal()
    size_pasted = Signal(object)

    def __init__(self, object_name: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(object_name, name, parent)
        self.setToolTip(name)
        self.setRange(0, MOST_TYPED)
        self.setSingleStep(GRID)
        self.setMinimumWidth(_LEAST_WIDTH)

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        if not text:
            return QValidator.State.Acceptable, text, position
        return super().validate(text, position)

    def valueFromText(self, text: str) -> int:
        return super().valueFromText(text) if text else 0

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text() in _CROSSES and event.text():
            self.cross_typed.emit()
        elif event.matches(QKeySequence.StandardKey.Paste) and (size := _size_on_clipboard()) is not None:
            self.size_pasted.emit(size)
        else:
            super().keyPressEvent(event)

    def take_focus(self) -> None:
        """Be where the next digit goes, which replaces the number."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.selectAll()


def _size_on_clipboard() -> PixelSize | None:
    """A size such as 1888x832 that was copied elsewhere."""
    words = QGuiApplication.clipboard().text()[:32].lower().removesuffix("px")
    try:
        size = parse_size(words)
    except ValueError:
        return None
    return size if isinstance(size, PixelSize) else None
