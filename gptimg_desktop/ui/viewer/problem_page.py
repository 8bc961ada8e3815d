"""Why a picture cannot be shown, and the way to it where it only lies elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gptimg_desktop.core.errors import ProblemKind
from gptimg_desktop.ui.icon_label import IconLabel
from gptimg_desktop.ui.icons import BESIDE_TEXT, icon
from gptimg_desktop.ui.messages import sentence
from gptimg_desktop.ui.plain_label import PlainLabel
from gptimg_desktop.ui.theme import UNIT, tokens_for

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QImage

    from gptimg_desktop.core.errors import Problem

_WIDTH: Final = 60 * UNIT
_ICON: Final = 5 * UNIT


class ProblemPage(QWidget):
    """An icon and a sentence in the middle of the ground; below a picture that is not where it was the button
    that lets it be found."""

    folder_moved_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        self._moved: QPushButton | None = None
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
        self._moved = self._make_button()
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
        column.addWidget(self._moved, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

    def explain(self, problem: Problem, small: QImage | None = None) -> None:
        """Tell it, below what is remembered of the picture where that is known."""
        has_small = small is not None and not small.isNull()
        if small is not None:
            self._small.setPixmap(QPixmap.fromImage(small))
        self._small.setVisible(has_small)
        self._icon.setVisible(not has_small)
        self._text.say(sentence(problem))
        if self._moved is not None:
            self._moved.setVisible(problem.kind is ProblemKind.IMAGE_FILE_MISSING)

    @property
    def text(self) -> str:
        return self._text.text()

    def buttons(self) -> tuple[QWidget, ...]:
        """Those that can take the focus now."""
        is_there = self._moved is not None and self._moved.isVisible()
        return (self._moved,) if self._moved is not None and is_there else ()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == event.Type.PaletteChange:
            self._dress()

    def _make_button(self) -> QPushButton:
        button = QPushButton(self.tr("A folder was moved…"), self)
        button.setObjectName("viewerFolderMoved")
        button.setAccessibleName(button.text())
        button.setToolTip(self.tr("Say where the files are now. They are found by their content."))
        button.setAutoDefault(False)
        button.setIconSize(BESIDE_TEXT)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # after a click the keys still belong to the viewer
        button.clicked.connect(self._ask_for_folder)
        button.hide()
        button.setIcon(icon("folder-open", tokens_for(self.palette()).text, beside_text=True))
        return button

    def _dress(self) -> None:
        if self._moved is not None:
            self._moved.setIcon(icon("folder-open", tokens_for(self.palette()).text, beside_text=True))

    def _ask_for_folder(self) -> None:
        self.folder_moved_requested.emit()
