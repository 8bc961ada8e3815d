"""Says what the tiles have come to while the user moves through much of them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject

from gptimg_desktop.ui.gallery.caption import scroll_words
from gptimg_desktop.ui.gallery.scroll_label import ScrollLabel

if TYPE_CHECKING:
    from gptimg_desktop.ui.gallery.grid_view import GridView
    from gptimg_desktop.ui.gallery.model import JobListModel

_LEAST_PAGES: Final = 3


class Whereabouts(QObject):
    """Shows a word beside the scroll bar of a view that is some pages long, whenever the view has moved."""

    def __init__(self, view: GridView, model: JobListModel) -> None:
        super().__init__(view)
        self._view = view
        self._jobs = model
        self._label = ScrollLabel(view)
        view.moved.connect(self._tell)
        model.dataChanged.connect(self._tell_again)
        view.verticalScrollBar().sliderReleased.connect(self._label.let_go)

    def stop(self) -> None:
        """Another list is shown."""
        self._label.stop()

    def _tell(self) -> None:
        bar = self._view.verticalScrollBar()
        if bar.maximum() < _LEAST_PAGES * bar.pageStep():
            return
        rows = self._view.rows_whole_in_sight()
        job = self._jobs.job_at(rows.start) if rows else None
        words = "" if job is None else scroll_words(job, self._jobs.filter.sort, time.time())
        self._label.tell(words, bar.value() / bar.maximum(), is_held=bar.isSliderDown())

    def _tell_again(self) -> None:
        """What the tiles have come to may be known by now."""
        if self._label.waits:
            self._tell()
