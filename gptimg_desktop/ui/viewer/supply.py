"""The full pictures of what is looked at and of what lies beside it: asked for in time, let go in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.ui.images import image_of
from gptimg_desktop.ui.viewer.picture_cache import PictureCache

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QImage

    from gptimg_desktop.core.bitmap import Bitmap
    from gptimg_desktop.ui.viewer.viewed import ViewedPicture


class PictureSupply(QObject):
    """Keeps pictures, or why they cannot be had, for those that are near: the one looked at comes first.

    `wanted` asks for a ViewedPicture; `arrived` tells that a near one is settled now, for better or worse.
    `size_of` foretells how many bytes a picture will take.
    """

    wanted = Signal(object)  # ViewedPicture
    arrived = Signal(object)  # ViewedPicture

    def __init__(self, size_of: Callable[[ViewedPicture], int], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._size_of = size_of
        self._near: tuple[ViewedPicture, ...] = ()
        self._asked: set[ViewedPicture] = set()
        self._problems: dict[ViewedPicture, Problem] = {}
        self._cache = PictureCache()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.timeout.connect(self._ask_for_first)

    # What is told

    def keep_near(self, near: tuple[ViewedPicture, ...]) -> None:
        """These count from now on; everything else is let go."""
        self._near = near
        self._cache.keep_only(near)
        self._asked.intersection_update(near)
        self._problems = {viewed: problem for viewed, problem in self._problems.items() if viewed in near}

    def take_picture(self, viewed: ViewedPicture, bitmap: Bitmap) -> None:
        """A picture came; one that is not near any more is dropped."""
        self._asked.discard(viewed)
        if viewed not in self._near:
            return
        image = image_of(bitmap)
        if image.isNull():
            self.take_problem(viewed, Problem.of(ProblemKind.INTERNAL, name="Bitmap"))
            return
        self._problems.pop(viewed, None)
        self._cache.put(viewed, image)
        self._settle(viewed)

    def take_problem(self, viewed: ViewedPicture, problem: Problem) -> None:
        """A picture cannot be had."""
        self._asked.discard(viewed)
        if viewed in self._near:
            self._problems[viewed] = problem
            self._settle(viewed)

    def forget_problem(self, viewed: ViewedPicture) -> None:
        """Whoever comes back to it looks once more."""
        self._problems.pop(viewed, None)

    # What can be asked

    def image(self, viewed: ViewedPicture) -> QImage | None:
        return self._cache.get(viewed)

    def problem(self, viewed: ViewedPicture) -> Problem | None:
        return self._problems.get(viewed)

    def is_settled(self, viewed: ViewedPicture) -> bool:
        return self._cache.get(viewed) is not None or viewed in self._problems

    # Asking

    def ask(self, pause_ms: int = 0) -> None:
        """See to it that what is near comes; leafing on within the pause asks for nothing."""
        if self._near and not self.is_settled(self._near[0]):
            self._pause.start(pause_ms)
        else:
            self._pause.stop()
            self._ask_for_neighbours()

    def _settle(self, viewed: ViewedPicture) -> None:
        self.arrived.emit(viewed)
        self._ask_for_neighbours()

    def _ask_for_first(self) -> None:
        if self._near:
            self._want(self._near[0])

    def _ask_for_neighbours(self) -> None:
        """Once the first is settled, those beside it, as far as there is room."""
        if not self._near or not self.is_settled(self._near[0]):
            return
        for viewed in self._near[1:]:
            if self._cache.has_room_for(self._size_of(viewed)):
                self._want(viewed)

    def _want(self, viewed: ViewedPicture) -> None:
        if viewed not in self._asked and not self.is_settled(viewed):
            self._asked.add(viewed)
            self.wanted.emit(viewed)
