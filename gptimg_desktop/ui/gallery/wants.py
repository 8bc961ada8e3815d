"""What the gallery asks for: the jobs and the pictures that are looked at and are not here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from gptimg_desktop.ui.gallery.rows import Rows
from gptimg_desktop.ui.gallery.sight import Sight, in_sight_and_near, lacking_jobs

if TYPE_CHECKING:
    from gptimg_desktop.core.listing import Listing
    from gptimg_desktop.ui.gallery.pages import Pages
    from gptimg_desktop.ui.gallery.pictures import TilePictures

_FIRST_SCREEN: Final = 24
"""So many tiles are taken for a screen as long as nobody said."""


class Wants(QObject):
    """Gathers what somebody looked for, and asks for all of it soon, never from inside a paint event.

    `rows` are those that are shown; who swaps the list swaps them here too. `jobs_wanted` and
    `pictures_wanted` name numbers, the most urgent first.
    """

    jobs_wanted = Signal(object)  # tuple[int, ...]
    pictures_wanted = Signal(object)  # tuple[int, ...]

    def __init__(self, parent: QObject, *, rows: Rows, pages: Pages, pictures: TilePictures) -> None:
        super().__init__(parent)
        self.rows = rows
        self._pages = pages
        self._pictures = pictures
        self._sight = Sight()
        self._first_look = 0
        self._asking = QTimer(self, singleShot=True, interval=0)
        self._asking.timeout.connect(self._ask)

    def ask_soon(self) -> None:
        """Something that may be wanted has changed."""
        self._asking.start()

    def look_at(self, first: int, last: int) -> None:
        """The rows that are in sight, both included."""
        if self._sight.look_at(first, last):
            self.ask_soon()

    def look_first_at(self, seq: int) -> None:
        """The next list will be looked at around this number; 0 for none."""
        self._first_look = seq

    def want(self, row: int | None, seq: int) -> None:
        """What belongs to a number is not here; its row, where it has one, tells whether it is in sight."""
        if row is None or not self._sight.shows(row):
            self._sight.ask(seq)
        if not self._asking.isActive():
            self.ask_soon()

    def satisfy(self, seq: int) -> None:
        """It came, or cannot be had."""
        self._sight.satisfy(seq)

    def first_of(self, listing: Listing) -> tuple[int, ...]:
        """The numbers of a list that will be in sight once it is shown: those around what is in sight now
        where it is the same list, told anew, else its first ones."""
        rows, sight = Rows(listing), self._sight.rows()
        here = self._first_look
        if not here and listing.filter == self.rows.filter:
            here = next(iter(self.rows.seqs_in(sight.start, sight.start)), 0)
        row = rows.row_of(here, self._pages.get(here)) or 0
        screen = max(_FIRST_SCREEN, len(sight))
        return rows.seqs_in(row - screen // 2, row + screen - 1)

    def _ask(self) -> None:
        lacking = lacking_jobs(self.rows, self._pages, self._sight)
        if lacking:
            self.jobs_wanted.emit(lacking)
        self.pictures_wanted.emit(self._lacking_pictures())

    def _lacking_pictures(self) -> tuple[int, ...]:
        near = in_sight_and_near(self.rows, self._sight, self._pictures.room())
        unseen = (seq for seq in near if not self._pictures.is_settled(seq))
        return tuple(seq for seq in unseen if self._pictures.lacks(self._pages.get(seq)))
