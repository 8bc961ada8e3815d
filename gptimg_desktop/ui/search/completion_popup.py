"""What can follow in a search, as a list below the field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QVBoxLayout, QWidget

from gptimg_desktop.ui.compose.picks.overlay import Overlay
from gptimg_desktop.ui.search.option_delegate import OptionDelegate
from gptimg_desktop.ui.search.option_model import OptionModel
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from collections.abc import Callable

    from gptimg_desktop.core.completion import Option

_WIDTH: Final = 40 * UNIT
_MOST_ROWS: Final = 12
_MARGIN: Final = UNIT // 2
_BORDER: Final = 1  # of a card, as the style sheet draws it


class CompletionPopup(Overlay):
    """Never takes the focus: the field has the keys, and tells it which row is meant. `taken` carries the
    option that was clicked."""

    taken = Signal(object)  # Option

    def __init__(self, clock: Callable[[], float], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("searchCompletions")
        self.setAccessibleName(self.tr("What can follow in the search"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._model = OptionModel(clock, self)
        self._list = self._make_list()
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        column.addWidget(self._list)

    def offer(self, options: tuple[Option, ...], field: QWidget, spot: QRect, *, typed: str) -> None:
        """Show options below a spot of the field, none of them chosen; hide where there are none. What was
        `typed` of them stands out."""
        self._model.set_options(options, typed)
        self._list.scrollToTop()
        if options:
            self.open_at(field, spot)
        else:
            self.hide()

    @property
    def chosen(self) -> Option | None:
        """The option that the arrows led to."""
        return self._model.option(self._list.currentIndex().row())

    @property
    def first(self) -> Option | None:
        return self._model.option(0)

    def step(self, rows: int) -> None:
        """Choose another option; from beyond either end on to the other, none being in between."""
        count = self._model.rowCount() + 1
        row = (self._list.currentIndex().row() + 1 + rows) % count - 1
        index = self._model.index(row, 0) if row >= 0 else QModelIndex()
        self._list.setCurrentIndex(index)
        if index.isValid():
            self._list.scrollTo(index)
            told = str(index.data(Qt.ItemDataRole.AccessibleTextRole) or "")
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, told))

    def wanted_size(self) -> QSize:
        rows = min(_MOST_ROWS, self._model.rowCount())
        edges = 2 * (_MARGIN + _BORDER)
        return QSize(_WIDTH, rows * max(1, self._list.sizeHintForRow(0)) + edges)

    def _make_list(self) -> QListView:
        made = QListView(self)
        made.setObjectName("searchCompletionList")
        made.setAccessibleName(self.tr("What can follow in the search"))
        made.setModel(self._model)
        made.setItemDelegate(OptionDelegate(made))
        made.setFrameShape(QFrame.Shape.NoFrame)
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        made.setMouseTracking(True)
        made.setUniformItemSizes(True)
        made.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        made.clicked.connect(self._take)
        return made

    def _take(self, index: QModelIndex) -> None:
        option = self._model.option(index.row())
        if option is not None:
            self.taken.emit(option)
