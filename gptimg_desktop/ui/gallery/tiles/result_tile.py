"""A job with a picture: the picture, what is wrong with it, or why it cannot be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect, QSize

from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.ui.gallery.caption import damage, delivered, expected
from gptimg_desktop.ui.gallery.tiles.lines import wrapped
from gptimg_desktop.ui.gallery.tiles.marks import paint_foot_mark
from gptimg_desktop.ui.gallery.tiles.shape import fit
from gptimg_desktop.ui.messages import unseen_picture

if TYPE_CHECKING:
    from gptimg_desktop.core.job import Job
    from gptimg_desktop.ui.gallery.tiles.brush import Brush
    from gptimg_desktop.ui.gallery.tiles.known import Known
    from gptimg_desktop.ui.gallery.tiles.shape import TileShape

_LOUD: Final = frozenset(
    {ProblemKind.DELIVERED_DAMAGED, ProblemKind.IMAGE_FILE_DAMAGED, ProblemKind.IMAGE_FILE_MISSING}
)
_DIMMED: Final = 0.32
"""How much of a picture is left to see that the user rejected or whose file is gone."""


def paint_result(brush: Brush, shape: TileShape, known: Known) -> None:
    """Dimmed where the user rejected it or its file is gone; marked where something is wrong with it."""
    job, picture, wrong = known.job, known.picture, trouble(known)
    if picture.isNull() and wrong is not None:
        _paint_unseen(brush, shape, wrong)
        return
    if picture.isNull():
        brush.fill(framed(shape, job), brush.tokens.border, 2)
        return
    is_gone = wrong is not None and wrong.kind is ProblemKind.IMAGE_FILE_MISSING
    opacity = _DIMMED if job.rejected or is_gone else 1.0
    brush.picture(fit(picture.size(), shape.room), picture, opacity)
    if wrong is not None:
        paint_foot_mark(brush, shape, "triangle-alert", unseen_picture(wrong)[0])


def framed(shape: TileShape, job: Job) -> QRect:
    """The picture's place on the stage, in the shape that came or was asked for."""
    pixels = delivered(job) or expected(job)
    size = QSize(1, 1) if pixels is None else QSize(pixels.width, pixels.height)
    return fit(size, shape.room)


def trouble(known: Known) -> Problem | None:
    """What is wrong with a picture: as it came, on the disk, or on its way to the screen."""
    job = known.job
    came = damage(job)
    if came is not None:
        return came
    if any(image.is_missing for image in job.images):
        path = next(image.path for image in job.images if image.is_missing)
        return Problem.of(ProblemKind.IMAGE_FILE_MISSING, path=path)
    if known.picture.isNull():
        return known.unseen
    changed = next((image.path for image in job.images if image.is_changed), None)
    return None if changed is None else Problem.of(ProblemKind.IMAGE_FILE_CHANGED, path=changed)


def _paint_unseen(brush: Brush, shape: TileShape, problem: Problem) -> None:
    tokens = brush.tokens
    loud = problem.kind in _LOUD
    colour = tokens.warning if loud else tokens.muted
    brush.fill(shape.stage, tokens.warning_soft if loud else tokens.raised, 6)
    if not shape.has_words:
        brush.lone_icon("image-off", colour, shape.stage)
        return
    label, more = unseen_picture(problem)
    fits = (shape.room.height() - 28) // brush.line - 2
    lines = wrapped(brush.metrics, more, shape.room.width(), fits) if fits > 1 else []
    brush.block(shape.room, "image-off", label, colour, [(text, tokens.text) for text in lines], most_label=2)
