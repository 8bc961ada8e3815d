"""Tiles on their way out of the window, or to another place in it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QDrag

from gptimg_desktop.ui.gallery.drag_picture import drag_picture
from gptimg_desktop.ui.theme import tokens_for

if TYPE_CHECKING:
    from gptimg_desktop.ui.gallery.model import JobListModel
    from gptimg_desktop.ui.gallery.view import GalleryView

JOBS_MIME: Final = "application/x-gptimg-jobs"
"""For this program itself: the numbers of the jobs, as a JSON list."""
_MOST_FILES: Final = 500
_ON_TOP: Final = 3


def make_drag(view: GalleryView, model: JobListModel) -> QDrag | None:
    """A drag of the selected tiles; None where none of them has a file to carry.

    Files are copied, never moved. Rows that nobody has read yet carry their number only: the badge counts
    the files.
    """
    rows = [
        row
        for first, last in view.selected_runs()
        for row in range(first, min(last, first + _MOST_FILES) + 1)
    ][:_MOST_FILES]
    jobs = [job for job in map(model.job_at, rows) if job is not None and job.images]
    if not jobs:
        return None
    mime = model.mimeData([model.index_of(job.id) for job in jobs])
    numbers = json.dumps(view.selected_seqs())
    mime.setData(JOBS_MIME, QByteArray(numbers.encode("ascii")))
    shown = [model.thumbnail(job.id) for job in jobs[:_ON_TOP]]
    tokens = tokens_for(view.palette())
    picture, hot_spot = drag_picture(shown, len(mime.urls()), tokens, view.devicePixelRatioF())
    drag = QDrag(view)
    drag.setMimeData(mime)
    drag.setPixmap(picture)
    drag.setHotSpot(hot_spot)
    return drag


def carry(drag: QDrag, supported_actions: Qt.DropAction) -> None:
    """Let the hand take it; what comes of it is the other side's affair."""
    drag.exec(supported_actions, Qt.DropAction.CopyAction)
