"""The window: where the panels stand, and nothing of what they do."""

from __future__ import annotations

import base64
import binascii
import json
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QByteArray, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QFrame, QMainWindow, QSplitter, QVBoxLayout, QWidget

from gptimg_desktop.core.filter import JobFilter
from gptimg_desktop.ui.bin.bar import BinBar
from gptimg_desktop.ui.care.import_drop import ImportDrop
from gptimg_desktop.ui.care.progress_strip import ProgressStrip
from gptimg_desktop.ui.collections.bar import CollectionBar
from gptimg_desktop.ui.compose.panel import ComposePanel
from gptimg_desktop.ui.compose.still_picture import StillPicture
from gptimg_desktop.ui.connect_panel import ConnectPanel
from gptimg_desktop.ui.details.panel import DetailsPanel
from gptimg_desktop.ui.details.save_as import SavePlace
from gptimg_desktop.ui.gallery.panel import GalleryPanel
from gptimg_desktop.ui.notice_area import NoticeArea
from gptimg_desktop.ui.notice_bar import NoticeBar
from gptimg_desktop.ui.repeated_column import RepeatedColumn
from gptimg_desktop.ui.status_strip import StatusStrip
from gptimg_desktop.ui.theme import UNIT
from gptimg_desktop.ui.top_bar import TopBar

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QCloseEvent, QResizeEvent, QScreen, QShowEvent

    from gptimg_desktop.ui.care.restored_panel import RestoredPanel
    from gptimg_desktop.ui.collections.picker import CollectionPicker
    from gptimg_desktop.ui.gallery.model import JobListModel
    from gptimg_desktop.ui.queue.panel import QueuePanel
    from gptimg_desktop.ui.unkept_dialog import UnkeptDialog
    from gptimg_desktop.ui.viewer.viewer import Viewer

_FIRST_SIZE: Final = QSize(1360, 860)
_LEAST_SIZE: Final = QSize(900, 600)
_LEAST_WITH_DETAILS: Final = 1060
_TITLE_BAR: Final = 4 * UNIT
"""What the system's frame takes of the screen's height."""
_LEAST_COLUMNS: Final = (40 * UNIT, 32 * UNIT, 35 * UNIT)
"""How narrow composer, gallery and details can be made."""
_LEAST_ON_A_SMALL_SCREEN: Final = (36 * UNIT, 32 * UNIT, 30 * UNIT)
_DETAILS_FROM: Final = 1200
"""The width below which the details fold away by themselves."""
_SPLIT: Final = (360, 700, 300)


class MainWindow(QMainWindow):
    """Holds the panels as `top_bar`, `compose`, `connect_panel`, `notices`, `progress`, `gallery`, `details`,
    `status`; above them, made when they are first asked for, `viewer` and `queue`.

    `closed` comes once, from the first close. Closing never asks, but where ids of paid tasks would be lost;
    `stayed` comes where the window is still open after the question.
    """

    closed = Signal()
    stayed = Signal()
    settings_requested = Signal()
    import_requested = Signal()

    def __init__(self, model: JobListModel, parent: QWidget | None = None) -> None:
        self._model = model
        self._was_closed = False
        self.unkept: tuple[str, ...] = ()
        self._may_ask = True
        self._question: UnkeptDialog | None = None
        self._wants_details = True
        self._is_wide: bool | None = None
        self._splitter: QSplitter | None = None
        self._follows_screen = False
        self._still: StillPicture | None = None
        super().__init__(parent)
        self.setObjectName("mainWindow")
        self.setWindowTitle("GPTImg")
        self.top_bar = TopBar(self)
        self.compose = ComposePanel(self)
        self.connect_panel = ConnectPanel(self)
        self.notices = NoticeBar(self)
        self.progress = ProgressStrip(self)
        self.collections = CollectionBar(self)
        self.bin_bar = BinBar(self)
        save_place = SavePlace()
        self.gallery = GalleryPanel(model, self, save_place=save_place)
        self.import_drop = ImportDrop(self.gallery)
        self.details = DetailsPanel(self, save_place=save_place)
        self.status = StatusStrip(self)
        self._notice_area = NoticeArea((self.notices, self.progress), self)
        self._lay_out()
        self._still = StillPicture(self.compose)
        self._wire()
        self._take_first_size()
        self.compose.focus_prompt()

    # What lies above the panels; not imported before the window is on the screen

    @cached_property
    def viewer(self) -> Viewer:
        """Shows one picture over everything."""
        from gptimg_desktop.ui.viewer.viewer import Viewer  # noqa: PLC0415

        viewer = Viewer(self._model, self)
        viewer.closed.connect(self.gallery.return_to)
        return viewer

    @cached_property
    def queue(self) -> QueuePanel:
        """The queue's controls, opened by the counts in the status strip."""
        from gptimg_desktop.ui.queue.panel import QueuePanel  # noqa: PLC0415

        return QueuePanel(self)

    @cached_property
    def collection_picker(self) -> CollectionPicker:
        """Asks which collection tiles go into."""
        from gptimg_desktop.ui.collections.picker import CollectionPicker  # noqa: PLC0415

        return CollectionPicker(self)

    @cached_property
    def restored(self) -> RestoredPanel:
        """Tells what was restored, under the notices; made when there is something to tell."""
        from gptimg_desktop.ui.care.restored_panel import RestoredPanel  # noqa: PLC0415

        panel = RestoredPanel(self)
        holder = self._notice_area.parentWidget()
        column = None if holder is None else holder.layout()
        if isinstance(column, QVBoxLayout):
            column.insertWidget(column.indexOf(self._notice_area) + 1, panel)
        return panel

    # State across restarts

    def window_state(self) -> str:
        """Geometry, panel widths, whether details are wanted, the order and how the gallery was left, as text
        for `restore_window_state`. What narrowed the gallery is left out: nobody begins before pictures
        that seem to be gone."""
        state = {
            "geometry": self.saveGeometry().toBase64().toStdString(),
            "split": self._splitter.sizes() if self._splitter is not None else [],
            "details": self._wants_details,
            "order": self.top_bar.order_state(),
            "gallery": self.gallery.view.view_state(),
        }
        return base64.b64encode(json.dumps(state).encode()).decode("ascii")

    def restore_window_state(self, text: str) -> None:
        """Take over an earlier state; anything that is none is ignored."""
        try:
            state = json.loads(base64.b64decode(text, validate=True))
        except (ValueError, binascii.Error, RecursionError):
            return
        if isinstance(state, dict):
            self._restore(state)

    def _restore(self, state: dict[str, Any]) -> None:
        geometry = state.get("geometry")
        if isinstance(geometry, str) and geometry.isascii():
            self.restoreGeometry(QByteArray.fromBase64(geometry.encode("ascii")))
        widths = _widths_in(state.get("split"))
        if widths and self._splitter is not None:
            self._splitter.setSizes(widths)
        if isinstance(state.get("details"), bool):
            self._wants_details = state["details"]
        self._fold()
        self.top_bar.restore_order(state.get("order"))
        view = self.gallery.view
        view.restore_view_state(state.get("gallery"))
        self.top_bar.set_tile_size(view.tile_size)
        self.top_bar.set_captions(shown=view.shows_captions)

    # What would be lost

    def set_unkept(self, task_ids: tuple[str, ...]) -> None:
        """The ids of paid tasks that are on no disk; with none closing is as quiet as ever."""
        self.unkept = task_ids
        if self._question is not None:
            self._question.show_ids(task_ids)

    def close_at_once(self) -> None:
        """Close without a question: nobody is there to answer it."""
        self._may_ask = False
        self.close()

    def _ask_about_unkept(self) -> None:
        from gptimg_desktop.ui.unkept_dialog import UnkeptDialog  # noqa: PLC0415

        if self._question is None:
            self._question = UnkeptDialog(self.unkept, self)
            self._question.gave_up.connect(self.close_at_once)
            self._question.finished.connect(self._forget_question)
            self._question.open()

    def _forget_question(self) -> None:
        self._question = None
        if not self._was_closed:
            self.stayed.emit()

    # Qt's side

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.unkept and self._may_ask and not self._was_closed:
            event.ignore()
            self._ask_about_unkept()
            return
        event.accept()
        if not self._was_closed:
            self._was_closed = True
            self.closed.emit()

    def showEvent(self, event: QShowEvent) -> None:
        """From now on it has a place on a screen, and may be taken to another one."""
        super().showEvent(event)
        if not self._follows_screen:
            self._follows_screen = True
            self.windowHandle().screenChanged.connect(self._fit_screen)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._still is not None:
            self._still.follow(event)
        if self._splitter is not None:
            self._notice_area.fit()  # what it may take depends on the window's height
        is_wide = event.size().width() >= _DETAILS_FROM
        if self._splitter is not None and is_wide != self._is_wide:
            self._is_wide = is_wide
            self._fold()

    # Layout

    def _lay_out(self) -> None:
        self._splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self._splitter.setHandleWidth(1)
        self._splitter.setChildrenCollapsible(False)
        for panel in (self.compose, self._gallery_column(), self.details):
            self._splitter.addWidget(panel)
        for position, stretch in enumerate((0, 1, 0)):
            self._splitter.setStretchFactor(position, stretch)
        self._splitter.setSizes(list(_SPLIT))
        frame = QWidget(self)
        column = QVBoxLayout(frame)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top_bar)
        column.addWidget(self._hairline())
        column.addWidget(self._splitter, 1)
        column.addWidget(self._hairline())
        column.addWidget(self.status)
        self.setCentralWidget(frame)

    def _gallery_column(self) -> QWidget:
        holder = QWidget(self)
        column = RepeatedColumn()
        holder.setLayout(column)
        strip = QVBoxLayout()
        strip.setContentsMargins(UNIT, UNIT, UNIT, 0)
        strip.addWidget(self.connect_panel)
        column.addLayout(strip)
        column.addWidget(self._notice_area)
        column.addWidget(self.collections)
        column.addWidget(self.bin_bar)
        column.addSpacing(UNIT)
        column.addWidget(self.gallery, 1)
        return holder

    def _hairline(self) -> QFrame:
        line = QFrame(self)
        line.setProperty("role", "line")
        return line

    def _take_first_size(self) -> None:
        self._fit_screen()
        self.resize(_FIRST_SIZE.boundedTo(self._room()))

    def _room(self) -> QSize:
        """What the screen has for the window inside its frame."""
        screen: QScreen | None = self.screen()
        return _FIRST_SIZE if screen is None else screen.availableSize() - QSize(0, _TITLE_BAR)

    def _fit_screen(self) -> None:
        """The least sizes are such that the window fits the screen that it is on."""
        columns = _LEAST_ON_A_SMALL_SCREEN if self._is_screen_small() else _LEAST_COLUMNS
        for position, width in enumerate(columns):
            column = None if self._splitter is None else self._splitter.widget(position)
            if column is not None:
                column.setMinimumWidth(width)
        self._show_details_panel(shown=not self.details.isHidden())

    def _is_screen_small(self) -> bool:
        """True where three columns do not fit the screen."""
        return self._room().width() < _LEAST_WITH_DETAILS

    def _hold_least_size(self) -> None:
        """Details that were asked for in a narrow window keep it as wide as three columns need; those of a
        wide one fold away by themselves when it gets narrow."""
        is_held = not self.details.isHidden() and self.width() < _DETAILS_FROM
        least = QSize(_LEAST_WITH_DETAILS, _LEAST_SIZE.height()) if is_held else _LEAST_SIZE
        self.setMinimumSize(least.boundedTo(self._room()))

    # Wires inside the window

    def _wire(self) -> None:
        self.gallery.current_changed.connect(self._show_details)
        self.gallery.counted.connect(self.details.set_selected)
        self.gallery.counted.connect(self.status.set_counted)
        self.gallery.view_requested.connect(self._view)
        self.gallery.view.decision_wanted.connect(self._open_details)
        self.gallery.view.drag_began.connect(self.collections.make_room)
        self.gallery.view.new_wanted.connect(self._show_everything_new)
        self.gallery.view.tile_size_changed.connect(self.top_bar.set_tile_size)
        self.gallery.view.caption_room_changed.connect(self._show_caption_room)
        self.top_bar.left.connect(self.gallery.view.setFocus)
        self.gallery.wider_filter_wanted.connect(self.top_bar.set_filter)
        self.top_bar.tile_size_changed.connect(self.gallery.view.set_tile_size)
        self.top_bar.captions_toggled.connect(self.gallery.view.set_captions)
        self.details.view_requested.connect(self._view)
        self.status.queue_requested.connect(self._toggle_queue)
        self._model.job_changed.connect(self._refresh_details)
        self.top_bar.settings_requested.connect(self.settings_requested)
        self.top_bar.details_toggled.connect(self._want_details)
        self.notices.change_key_requested.connect(self.connect_panel.open_field)
        self.notices.keyless.connect(self.connect_panel.set_keyless)
        self.connect_panel.key_asked_changed.connect(self.notices.set_key_asked)
        self.notices.set_key_asked(self.connect_panel.asks_for_key)
        for fact in (
            self.details.take_requested,
            self.details.references_requested,
            self.gallery.take_requested,
            self.gallery.references_requested,
        ):
            fact.connect(self._show_composer)
        self._add_key("Ctrl+L", self._go_to_prompt)
        self._add_key("Ctrl+F", self.top_bar.focus_search)
        self._add_key("Ctrl+,", self._ask_for_settings)
        self._add_key("Ctrl+I", self._ask_for_import)
        self._add_key("F9", self._toggle_details)
        self._add_key("Ctrl+Q", self.close)  # Qt's own key for it is empty on some systems

    def _add_key(self, keys: str, wish: Callable[[], object]) -> None:
        QShortcut(QKeySequence(keys), self).activated.connect(wish)

    def _show_details(self, job_id: str) -> None:
        self.details.set_job(self._model.job(job_id))

    def _refresh_details(self, job_id: str) -> None:
        """The shown job follows its changes, whatever the filter shows."""
        shown = self.details.job
        if shown is not None and shown.id == job_id:
            self.details.set_job(self._model.job(job_id))

    def _show_caption_room(self, is_there: bool) -> None:
        self.top_bar.set_caption_room(is_there=is_there)

    def _show_everything_new(self) -> None:
        """A list that hides nothing but what is in the bin, in the order that is wanted."""
        wanted = self.top_bar.filter
        self.top_bar.set_filter(JobFilter(sort=wanted.sort, reverse=wanted.reverse))

    def _view(self, job_id: str) -> None:
        self.viewer.open_at(job_id)

    def _toggle_queue(self) -> None:
        """Beside the composer, so that nothing of it lies over Generate."""
        self.queue.toggle_over(self.status.queue_button, beside=self.gallery)

    def _go_to_prompt(self) -> None:
        self._show_composer()
        self.compose.focus_prompt()

    def _show_composer(self) -> None:
        """What is used again goes into the composer: it is to be seen."""
        if self.compose.isHidden():
            self._want_details(False)

    def _ask_for_import(self) -> None:
        self.import_requested.emit()

    def _ask_for_settings(self) -> None:
        self.settings_requested.emit()

    # Details

    def _open_details(self) -> None:
        """Where the answers are to what the current tile asks."""
        self._want_details(True)

    def _toggle_details(self) -> None:
        self._want_details(not self.details.isVisible())

    def _want_details(self, wanted: bool) -> None:
        self._wants_details = wanted
        self._show_details_panel(shown=wanted)

    def _fold(self) -> None:
        """A narrow window has no details until they are asked for; a wide one has them unless sent away."""
        is_wide = self.width() >= _DETAILS_FROM if self._is_wide is None else self._is_wide
        self._show_details_panel(shown=self._wants_details and is_wide)

    def _show_details_panel(self, *, shown: bool) -> None:
        """Three columns need more room than two: a window that is too narrow for them grows; where the screen
        is too narrow as well, the details take the composer's place."""
        self.details.setVisible(shown)
        takes_place = shown and self._is_screen_small() and self.width() < _LEAST_WITH_DETAILS
        if takes_place and self.compose.isAncestorOf(QApplication.focusWidget() or self):
            self.gallery.view.setFocus(Qt.FocusReason.OtherFocusReason)  # else the field of the key has it
        self.compose.setVisible(not takes_place)
        self._hold_least_size()
        self.top_bar.set_details_shown(shown=shown)


def _widths_in(split: object) -> list[int]:
    """Three panel widths, a folded panel having its first one; empty where `split` is nothing of the kind."""
    if not isinstance(split, list) or len(split) != len(_SPLIT):
        return []
    if not all(type(width) is int and 0 <= width < 100_000 for width in split):
        return []
    return [width or first for width, first in zip(split, _SPLIT, strict=True)]
