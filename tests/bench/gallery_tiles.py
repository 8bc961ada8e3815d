"""What the gallery shows at this moment, read from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gptimg_desktop.core.job import JobState
from gptimg_desktop.ui.gallery.model import JobListModel, Role

if TYPE_CHECKING:
    from gptimg_desktop.ui.gallery.view import GalleryView


def model_of(view: GalleryView) -> JobListModel:
    model = view.model()
    assert isinstance(model, JobListModel)
    return model


def is_full(view: GalleryView) -> bool:
    """True where every tile in sight that has a picture shows it; False where there is no tile."""
    rows = view.rows_in_sight()
    return len(rows) > 0 and all(_is_shown(model_of(view), row) for row in rows)


def shape(view: GalleryView) -> list[int]:
    """Width and height of the viewport and of a cell, and the box of the pictures: what a bare grid needs."""
    model, room = model_of(view), view.viewport().size()
    first, second = view.visualRect(model.index(0)), view.visualRect(model.index(1))
    below = next(
        row for row in range(1, model.rowCount()) if view.visualRect(model.index(row)).top() > first.top()
    )
    width = second.left() - first.left() or first.width()
    height = view.visualRect(model.index(below)).top() - first.top()
    return [room.width(), room.height(), width, height, model.thumbnail_box]


def _is_shown(model: JobListModel, row: int) -> bool:
    job = model.job_at(row)
    if job is None:
        return False
    if job.state is not JobState.SAVED or model.index(row).data(Role.UNSEEN) is not None:
        return True
    image = model.thumbnail(job.id)
    return image is not None and image.width() > 0
