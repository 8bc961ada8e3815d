"""What the gallery shows and how, and the ways to library, details and settings."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QWidget

from gptimg_desktop.core.filter import JobFilter, Sort, View
from gptimg_desktop.ui.compose.icon_button import IconButton
from gptimg_desktop.ui.library_menu import LibraryMenu
from gptimg_desktop.ui.search.search_field import SearchField
from gptimg_desktop.ui.sort_menu import SortMenu
from gptimg_desktop.ui.theme import UNIT
from gptimg_desktop.ui.tile_slider import TileSlider
from gptimg_desktop.ui.view_button import ViewButton

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QResizeEvent
    from PySide6.QtWidgets import QMenu, QToolButton

    from gptimg_desktop.core.collection import Collection

_LEAST_SEARCH: Final = 12 * UNIT
_SEARCH: Final = 34 * UNIT
"""The search has this much room before the views are told by name."""


class TopBar(QFrame):
    """One filter for the gallery, out of a text, a view, a collection and an order.

    `filter_changed` comes at every key. `left` tells that the keys are wanted in the gallery again. The
    entries of `library_menu` are wishes for whoever fulfils them.
    """

    filter_changed = Signal(object)  # JobFilter
    left = Signal()
    tile_size_changed = Signal(int)
    captions_toggled = Signal(bool)
    settings_requested = Signal()
    details_toggled = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        self._filter = JobFilter()
        self._row: QHBoxLayout | None = None
        self._views: dict[View, ViewButton] = {}
        self._is_short = False
        self._is_filling = False
        super().__init__(parent)
        self.setObjectName("topBar")
        self.setProperty("role", "panel")
        self._search = SearchField(self)
        self._search.setMinimumWidth(_LEAST_SEARCH)
        self._search.setMaximumWidth(52 * UNIT)
        self._search.sought.connect(self._tell)
        self._search.left.connect(self.left)
        self._make_views()
        self._sort_menu = SortMenu(self)
        self._sort_menu.chosen.connect(self._tell)
        self._sort = self._tool("sortButton", "arrow-down-wide-narrow", self.tr("Order"))
        self._sort.clicked.connect(self._open_order)
        self._tiles = TileSlider(self)
        self._tiles.changed.connect(self.tile_size_changed)
        self._captions = self._tool("captionsButton", "captions", self.tr("Captions"))
        self._captions.setCheckable(True)
        self._captions.setChecked(True)
        self._captions.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # the frame of the focus would look like on
        self._captions.clicked.connect(self.captions_toggled)
        self.library_menu = LibraryMenu(self)
        self._library = self._tool("libraryButton", "library", self.tr("Library"))
        self._library.clicked.connect(self._open_library)
        self._details = self._tool("detailsButton", "panel-right", self.tr("Details (F9)"))
        self._details.setCheckable(True)
        self._details.setChecked(True)
        self._details.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._details.clicked.connect(self.details_toggled)
        self._settings = self._tool("settingsButton", "settings", self.tr("Settings"))
        self._settings.clicked.connect(self._ask_for_settings)
        self._lay_out()
        self._say_order()

    @property
    def filter(self) -> JobFilter:
        return self._filter

    def set_filter(self, wanted: JobFilter) -> None:
        """Show what another part of the window wants to be shown, and tell it."""
        self._is_filling = True
        self._search.search_for(wanted.text)
        self._views[wanted.view].setChecked(True)
        self._sort_menu.show_order(wanted.sort, is_reverse=wanted.reverse)
        self._is_filling = False
        self._take(wanted)

    def order_state(self) -> dict[str, Any]:
        """The order, for `restore_order`."""
        return {"sort": self._filter.sort.value, "reverse": self._filter.reverse}

    def restore_order(self, state: object) -> None:
        """Take over an earlier order; what is none is ignored."""
        if not isinstance(state, dict):
            return
        sort, reverse = state.get("sort"), state.get("reverse")
        if sort in tuple(Sort) and isinstance(reverse, bool):
            self.set_filter(replace(self._filter, sort=Sort(sort), reverse=reverse))

    def set_collection(self, number: int) -> None:
        """Show one collection alone; 0 for all jobs."""
        self._take(replace(self._filter, collection=number))

    def show_view(self, view: View) -> None:
        """Another view, with the same search."""
        self.set_filter(replace(self._filter, view=view))

    def show_new(self) -> None:
        """Leave a view in which new jobs would not be seen."""
        if self._filter.view not in {View.ALL, View.RUNNING}:
            self.show_view(View.ALL)

    def set_needs_you(self, count: int) -> None:
        """How many jobs wait for a decision; shown on the button."""
        self._views[View.NEEDS_YOU].set_count(count)
        self._fit()

    def set_collections(self, collections: Iterable[Collection]) -> None:
        """The collections whose names the search completes."""
        self._search.set_collections(tuple(each.name for each in collections))

    def set_tile_size(self, size: int) -> None:
        """The size that the gallery's tiles have (their width, in device-independent pixels)."""
        self._tiles.set_value(size)

    def set_captions(self, *, shown: bool) -> None:
        self._captions.setChecked(shown)

    def set_caption_room(self, *, is_there: bool) -> None:
        """Whether tiles are wide enough for captions; where they are not, nothing can be switched."""
        self._captions.setEnabled(is_there)
        small = self.tr("Captions: the tiles are too small for them")
        self._captions.setToolTip(self.tr("Captions") if is_there else small)
        self._captions.setAccessibleDescription("" if is_there else small)

    def set_details_shown(self, *, shown: bool) -> None:
        self._details.setChecked(shown)

    def focus_search(self) -> None:
        self._search.begin()

    # Qt's side

    def minimumSizeHint(self) -> QSize:
        """As narrow as it can be, however it is now."""
        hint = super().minimumSizeHint()
        return hint if self._is_short else QSize(hint.width() - self._shortening(), hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    # Parts

    def _make_views(self) -> None:
        group = QButtonGroup(self)
        group.setExclusive(True)
        for view, button in {
            View.ALL: ViewButton(View.ALL, self.tr("All"), parent=self),
            View.PICKS: ViewButton(View.PICKS, self.tr("Picks"), "star", parent=self),
            View.RUNNING: ViewButton(
                View.RUNNING, self.tr("Running"), "hourglass", only_when_short=True, parent=self
            ),
            View.NEEDS_YOU: ViewButton(View.NEEDS_YOU, self.tr("Needs you"), "circle-alert", parent=self),
            View.BIN: ViewButton(View.BIN, self.tr("Bin"), "trash-2", parent=self),
        }.items():
            button.clicked.connect(self._tell)
            group.addButton(button)
            self._views[view] = button
        self._views[View.ALL].setChecked(True)

    def _tool(self, name: str, sign: str, text: str) -> IconButton:
        button = IconButton(sign, text, self, size=18)
        button.setObjectName(name)
        return button

    def _lay_out(self) -> None:
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(2 * UNIT, UNIT, UNIT + UNIT // 2, UNIT)
        self._row.setSpacing(UNIT // 2)
        self._row.addWidget(self._search, 100)  # all room is the search's, up to what it can use
        self._row.addSpacing(UNIT)
        for button in self._views.values():
            self._row.addWidget(button)
        self._row.addStretch(1)
        self._row.addSpacing(UNIT // 2)
        self._row.addWidget(self._sort)
        self._row.addWidget(self._tiles)
        for tool in (self._captions, self._library, self._details, self._settings):
            self._row.addWidget(tool)

    def _shortening(self) -> int:
        return sum(button.shortening for button in self._views.values())

    def _fit(self) -> None:
        """The views keep their names while there is room for them."""
        if self._row is None:
            return
        needed = self._row.minimumSize().width() + (self._shortening() if self._is_short else 0)
        needed += _SEARCH - self._search.minimumWidth()
        is_short = needed > self.width()
        if is_short != self._is_short:
            self._is_short = is_short
            for button in self._views.values():
                button.set_short(short=is_short)
            self._row.activate()

    # The filter

    def _tell(self) -> None:
        if self._is_filling:
            return
        view = next((view for view, button in self._views.items() if button.isChecked()), View.ALL)
        menu = self._sort_menu
        wanted = replace(self._filter, view=view, text=self._search.words, sort=menu.sort)
        self._take(replace(wanted, reverse=menu.is_reverse))

    def _take(self, wanted: JobFilter) -> None:
        if wanted != self._filter:
            self._filter = wanted
            self._say_order()
            self.filter_changed.emit(wanted)

    def _say_order(self) -> None:
        name = self.tr("Order: {order}").format(order=self._sort_menu.label)
        self._sort.setAccessibleName(name)
        self._sort.setToolTip(name)
        differs = (self._sort_menu.sort, self._sort_menu.is_reverse) != (Sort.TIME, False)
        if differs != bool(self._sort.property("differs")):
            self._sort.setProperty("differs", differs)
            self._sort.style().unpolish(self._sort)
            self._sort.style().polish(self._sort)

    # Menus and wishes

    def _open_order(self) -> None:
        self._open(self._sort_menu, self._sort)

    def _open_library(self) -> None:
        self._open(self.library_menu, self._library)

    @staticmethod
    def _open(menu: QMenu, button: QToolButton) -> None:
        """Below its button, and no further to the right than that."""
        right = button.mapToGlobal(QPoint(button.width(), button.height() + UNIT // 2))
        menu.popup(right - QPoint(menu.sizeHint().width(), 0))

    def _ask_for_settings(self) -> None:
        self.settings_requested.emit()
