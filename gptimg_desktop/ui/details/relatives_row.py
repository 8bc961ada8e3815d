"""Jobs that have to do with the shown one in one way, as small pictures in a line or two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLocale, QRect, QSize, Qt, Signal
from PySide6.QtWidgets import QWidget

from gptimg_desktop.ui.details.relative_tile import EDGE, RelativeTile
from gptimg_desktop.ui.plain_label import PlainLabel
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from PySide6.QtGui import QImage, QResizeEvent

    from gptimg_desktop.core.job import Job

_MOST_LINES: Final = 2
_GAP: Final = UNIT // 2
_HEADING: Final = 2 * UNIT + 4


class RelativesRow(QWidget):
    """A heading over tiles, as many as two lines hold; how many more there are stands after them.

    One stop for the Tab key; the arrows go on from there. `chosen` carries the id of a job.
    """

    chosen = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        self._tiles: list[RelativeTile] = []
        self._count = 0
        self._columns = 1
        self._shown_at = 0
        super().__init__(parent)
        self.setObjectName(name)
        self._heading = PlainLabel(role="muted", parent=self)
        self._more = PlainLabel(role="muted", parent=self)
        self._more.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._more.hide()
        self.hide()

    @property
    def tiles(self) -> tuple[RelativeTile, ...]:
        """Those that can be seen, in their order."""
        return tuple(tile for tile in self._tiles if not tile.isHidden())

    def show_jobs(self, heading: str, jobs: tuple[Job, ...], count: int, shown_id: str) -> None:
        """These jobs, the first of `count`; without any the row takes no room. `shown_id` is the one that the
        panel is about."""
        self._heading.say(heading)
        self._count = max(count, len(jobs))
        self._shown_at = next((index for index, job in enumerate(jobs) if job.id == shown_id), 0)
        while len(self._tiles) < len(jobs):
            self._tiles.append(self._new_tile())
        for tile in self._tiles[len(jobs) :]:
            tile.hide()
            tile.deleteLater()
        del self._tiles[len(jobs) :]
        for tile, job in zip(self._tiles, jobs, strict=True):
            tile.show_job(job, is_shown=job.id == shown_id)
            tile.setEnabled(True)
        self._arrange()
        self.setVisible(bool(jobs))

    def set_waiting(self) -> None:
        """What stands here is of another job; its places stay until it is known what comes there."""
        for tile in self._tiles:
            tile.setEnabled(False)

    def note(self, job: Job, shown_id: str) -> bool:
        """A job has changed; False where it does not stand here."""
        found = [tile for tile in self._tiles if tile.job is not None and tile.job.id == job.id]
        for tile in found:
            tile.show_job(job, is_shown=job.id == shown_id)
        return bool(found)

    def set_picture(self, job_id: str, image: QImage) -> None:
        for tile in self._tiles:
            if tile.job is not None and tile.job.id == job_id:
                tile.show_image(image)

    def lacking(self) -> tuple[Job, ...]:
        """Those that can be seen and have no picture here yet."""
        return tuple(tile.job for tile in self.tiles if tile.job is not None and tile.lacks_picture)

    # Qt's side

    def sizeHint(self) -> QSize:
        return QSize(self._columns * EDGE, self._height())

    def minimumSizeHint(self) -> QSize:
        return QSize(EDGE, self._height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    # How

    def _new_tile(self) -> RelativeTile:
        tile = RelativeTile(self)
        tile.clicked.connect(self._choose)
        tile.step_wanted.connect(self._step)
        tile.show()
        return tile

    def _choose(self) -> None:
        tile = self.sender()
        if isinstance(tile, RelativeTile) and tile.job is not None:
            self.chosen.emit(tile.job.id)

    def _step(self, step: int) -> None:
        tile, tiles = self.sender(), self.tiles
        if isinstance(tile, RelativeTile) and tile in tiles:
            index = tiles.index(tile) + step
            if 0 <= index < len(tiles):
                tiles[index].setFocus(Qt.FocusReason.TabFocusReason)

    def _arrange(self) -> None:
        """Tiles in lines from the left, the shown job among them; the last place tells how many more there
        are."""
        self._columns = max(1, (self.width() + _GAP) // (EDGE + _GAP))
        places = self._columns * _MOST_LINES
        fitting = len(self._tiles) if self._count <= places else min(len(self._tiles), places - 1)
        first = max(0, min(self._shown_at - fitting // 2, len(self._tiles) - fitting))
        for index, tile in enumerate(self._tiles):
            tile.setVisible(first <= index < first + fitting)
            tile.setGeometry(self._place(index - first))
            is_stop = index == first
            tile.setFocusPolicy(Qt.FocusPolicy.StrongFocus if is_stop else Qt.FocusPolicy.ClickFocus)
        left = self._count - fitting
        self._more.say(f"+{QLocale().toString(left)}")
        self._more.setVisible(left > 0)
        self._more.setGeometry(self._place(fitting))
        self._heading.setGeometry(0, 0, self.width(), _HEADING)
        self.setFixedHeight(self._height())

    def _place(self, index: int) -> QRect:
        line, column = divmod(index, self._columns)
        return QRect(column * (EDGE + _GAP), _HEADING + line * (EDGE + _GAP), EDGE, EDGE)

    def _height(self) -> int:
        shown = min(max(1, self._count), self._columns * _MOST_LINES)
        lines = -(-shown // self._columns)
        return _HEADING + lines * EDGE + (lines - 1) * _GAP
