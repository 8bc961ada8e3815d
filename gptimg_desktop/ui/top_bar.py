"""Search, the views of the gallery, and the ways to details and settings."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QSize, QTimer, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QLineEdit, QPushButton, QToolButton, QWidget

from gptimg_desktop.core.filter import JobFilter, View
from gptimg_desktop.ui.clear_button import add_clear_button
from gptimg_desktop.ui.icon_label import IconLabel
from gptimg_desktop.ui.icons import BESIDE_TEXT, icon
from gptimg_desktop.ui.theme import UNIT, tokens_for

_PAUSE_MS: Final = 120
"""Typing is followed by a search once it pauses this long."""


class TopBar(QFrame):
    """One filter for the gallery, out of a text and a view."""

    filter_changed = Signal(object)  # JobFilter
    settings_requested = Signal()
    details_toggled = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        self._filter = JobFilter()
        self._needs_you = 0
        self._views: dict[View, QPushButton] = {}
        self._is_ready = False
        super().__init__(parent)
        self.setObjectName("topBar")
        self.setProperty("role", "panel")
        self._make_search()
        self._make_views()
        self._details = self._tool("detailsButton", self.tr("Details (F9)"))
        self._details.setCheckable(True)
        self._details.setChecked(True)
        self._details.clicked.connect(self.details_toggled)
        self._settings = self._tool("settingsButton", self.tr("Settings"))
        self._settings.clicked.connect(self._ask_for_settings)
        self._lay_out()
        self._is_ready = True
        self._dress()

    @property
    def filter(self) -> JobFilter:
        return self._filter

    def set_needs_you(self, count: int) -> None:
        """How many jobs wait for a decision; shown on the button."""
        if count == self._needs_you:
            return  # told after every change of a job, and drawing an icon takes its time
        was_calm = not self._needs_you
        self._needs_you = count
        button = self._views[View.NEEDS_YOU]
        text = self.tr("Needs you")
        button.setText(f"{text}  {count}" if count else text)
        button.setAccessibleName(
            self.tr("Needs you: {count}").format(count=count) if count else self.tr("Needs you")
        )
        if was_calm or not count:
            self._dress_needs_you()

    def set_details_shown(self, *, shown: bool) -> None:
        self._details.setChecked(shown)

    def show_new(self) -> None:
        """Leave a view in which new jobs would not be seen."""
        if self._filter.view not in {View.ALL, View.RUNNING}:
            self._views[View.ALL].click()

    def focus_search(self) -> None:
        self._search.setFocus()
        self._search.selectAll()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()

    def _make_search(self) -> None:
        self._search = QLineEdit(self)
        self._search.setObjectName("searchEdit")
        self._search.setAccessibleName(self.tr("Search"))
        self._search.setPlaceholderText(self.tr("Search prompts and sizes"))
        add_clear_button(self._search, self.tr("Clear the search"))
        self._search.setMinimumWidth(20 * UNIT)
        self._search.setMaximumWidth(44 * UNIT)
        self._search.setTextMargins(3 * UNIT, 0, 0, 0)
        glass = QHBoxLayout(self._search)
        glass.setContentsMargins(UNIT + 2, 0, 0, 0)
        glass.addWidget(IconLabel("search", "muted", 16, self._search))
        glass.addStretch(1)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._tell)
        self._search.textChanged.connect(self._wait)
        self._search.returnPressed.connect(self._tell)

    def _make_views(self) -> None:
        names = {
            View.ALL: self.tr("All"),
            View.PICKS: self.tr("Picks"),
            View.RUNNING: self.tr("Running"),
            View.NEEDS_YOU: self.tr("Needs you"),
            View.BIN: self.tr("Bin"),
        }
        group = QButtonGroup(self)
        group.setExclusive(True)
        for view, name in names.items():
            button = QPushButton(name, self)
            button.setObjectName(f"filter_{view}")
            button.setAccessibleName(name)
            button.setCheckable(True)
            button.setProperty("role", "chip")
            button.clicked.connect(self._tell)
            group.addButton(button)
            self._views[view] = button
        self._views[View.ALL].setChecked(True)

    def _tool(self, name: str, text: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setAccessibleName(text)
        button.setToolTip(text)
        button.setProperty("role", "quiet")
        button.setIconSize(QSize(18, 18))
        return button

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * UNIT, UNIT, 2 * UNIT, UNIT)
        row.setSpacing(UNIT)
        row.addWidget(self._search, 1)
        row.addSpacing(UNIT)
        for button in self._views.values():
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self._details)
        row.addWidget(self._settings)

    def _wait(self) -> None:
        self._pause.start()

    def _tell(self) -> None:
        self._pause.stop()
        view = next((view for view, button in self._views.items() if button.isChecked()), View.ALL)
        wanted = JobFilter(view=view, text=self._search.text().strip())
        if wanted != self._filter:
            self._filter = wanted
            self.filter_changed.emit(wanted)

    def _ask_for_settings(self) -> None:
        self.settings_requested.emit()

    def _dress(self) -> None:
        if not self._is_ready:
            return
        tokens = tokens_for(self.palette())
        self._details.setIcon(icon("panel-right", tokens.text))
        self._settings.setIcon(icon("settings", tokens.text))
        self._dress_view(View.PICKS, "star", tokens.muted)
        self._dress_view(View.BIN, "trash-2", tokens.muted)
        self._dress_needs_you()

    def _dress_needs_you(self) -> None:
        tokens = tokens_for(self.palette())
        self._dress_view(View.NEEDS_YOU, "circle-alert", tokens.warning if self._needs_you else tokens.muted)

    def _dress_view(self, view: View, name: str, colour: str) -> None:
        self._views[view].setIconSize(BESIDE_TEXT)
        self._views[view].setIcon(icon(name, colour, beside_text=True))
