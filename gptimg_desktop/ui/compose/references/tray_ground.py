"""What the tray looks like: its frame, and what stands in it from top to bottom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from gptimg_desktop.ui.compose.icon_button import IconButton
from gptimg_desktop.ui.compose.references.address_edit import AddressEdit
from gptimg_desktop.ui.compose.references.chip_grid import ChipGrid
from gptimg_desktop.ui.compose.references.missing_question import MissingQuestion
from gptimg_desktop.ui.compose.references.replace_question import ReplaceQuestion
from gptimg_desktop.ui.compose.references.tray_message import TrayMessage
from gptimg_desktop.ui.compose.references.undo_line import UndoLine
from gptimg_desktop.ui.compose.references.weight_line import WeightLine
from gptimg_desktop.ui.plain_label import PlainLabel
from gptimg_desktop.ui.theme import RADIUS, UNIT, tokens_for

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QWidget

_FLAT: Final = 5
"""What a flat button keeps free beside its sign or its words: so much further out it stands, so that what is
seen of it is in line with everything else."""


class TrayGround(QFrame):
    """A dashed frame that lights up while a picture is held above. It knows what stands where, not what it
    means."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._is_target = False
        super().__init__(parent)
        self.setObjectName("referenceTray")
        self.setAccessibleName(self.tr("References: drop pictures here"))
        self._hint = PlainLabel(self.tr("Drop pictures here, paste them, or add files."), "muted")
        self._grid = ChipGrid()
        self._question = ReplaceQuestion()
        self._missing = MissingQuestion()
        self._message = TrayMessage()
        self._undo_line = UndoLine()
        self._weights = WeightLine(self._undo_line)
        self._add = IconButton("image-plus", self.tr("Add reference files"), size=18)
        self._add.setObjectName("addReferenceButton")
        self._url = AddressEdit()
        self._lay_out()

    def set_target(self, is_target: bool) -> None:
        """Show that a picture held above would be taken."""
        self._is_target = is_target
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        tokens = tokens_for(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(
            QColor(tokens.accent if self._is_target else tokens.border_strong), 1.5 if self._is_target else 1
        )
        pen.setDashPattern([4, 3])
        painter.setPen(pen)
        painter.setBrush(QColor(tokens.accent_soft if self._is_target else tokens.panel))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), RADIUS, RADIUS)
        painter.end()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(UNIT - _FLAT, UNIT, UNIT - _FLAT, UNIT)
        layout.setSpacing(UNIT)
        for line in (self._hint, self._grid, self._question, self._missing, self._message):
            layout.addLayout(_row(line, left=_FLAT, right=_FLAT))
        layout.addLayout(_row(self._weights, left=_FLAT, right=0))
        layout.addLayout(_row(self._add, self._url, left=0, right=_FLAT))


def _row(*widgets: QWidget, left: int, right: int) -> QHBoxLayout:
    """Widgets side by side, the last one taking the room; it takes none while none of them is shown."""
    row = QHBoxLayout()
    row.setContentsMargins(left, 0, right, 0)
    row.setSpacing(UNIT // 2)
    for widget in widgets:
        row.addWidget(widget, 1 if widget is widgets[-1] else 0)
    return row
