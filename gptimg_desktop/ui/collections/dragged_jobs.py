"""Tiles that are dragged inside the window, as the numbers of their jobs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from PySide6.QtGui import QDrag

from gptimg_desktop.ui.gallery.tile_drag import JOBS_MIME

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData, QObject
    from PySide6.QtGui import QDropEvent


def carries_jobs(event: QDropEvent) -> bool:
    """True for tiles of this window; another program's drag has no source that can be seen from here."""
    return event.source() is not None and event.mimeData().hasFormat(JOBS_MIME)


def drags_of(event: QDropEvent) -> list[QDrag]:
    """The drag that an event of this window belongs to."""
    source: QObject | None = event.source()
    return [] if source is None else source.findChildren(QDrag)


def jobs_in(data: QMimeData) -> tuple[int, ...]:
    """The jobs that a drag carries, each once; none where it makes no sense."""
    try:
        found = json.loads(bytes(data.data(JOBS_MIME).data()))
    except (ValueError, RecursionError):
        return ()
    if not isinstance(found, list):
        return ()
    return tuple(dict.fromkeys(seq for seq in found if type(seq) is int and seq > 0))
