"""Why a picture cannot be shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gptimg_desktop.ui.icon_label import IconLabel
from gptimg_desktop.ui.messages import sentence
from gptimg_desktop.ui.plain_label import PlainLabel
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from gptimg_desktop.core.errors import Problem

_WIDTH: Final = 60 * UNIT
_ICON: Final = 5 * UNIT


class ProblemPage(QWidget):
    """An icon and a sentence in the middle of the ground."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("viewerProblem")
        self._small = QLabel(self)
        self._small.setObjectName("viewerSmall")
        self._small.hide()
        self._icon = IconLabel("image-off", "muted", _ICON, self)
        self._text = PlainLabel("", "", self)
        self._text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._text.setMaximumWidth(_WIDTH)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(self._text, 1000)
        middle.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(4 * UNIT, 4 * UNIT, 4 * UNIT, 4 * UNIT)
        column.setSpacing(2 * UNIT)
        column.addStretch(2)
        column.addWidget(self._small, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addLayout(middle)
        column.addStretch(3)

    def explain(self, problem: Problem, small: QImage | None = None) -> None:
        """Tell it, below what is remembered of the picture where that is known."""
        has_small = small is not None and not small.isNull()
        if small is not None:
            self._small.setPixmap(QPixmap.fromImage(small))
        self._small.setVisible(has_small)
        self._icon.setVisible(not has_small)
        self._text.say(sentence(problem))

    @property
    def text(self) -> str:
        return self._text.text()
