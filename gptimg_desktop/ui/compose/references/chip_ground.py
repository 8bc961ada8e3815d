"""What can be let go among the chips: pictures from elsewhere, and the chips themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QByteArray, QMimeData, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QDrag, QPainter
from PySide6.QtWidgets import QWidget

from gptimg_desktop.core.reference import MOST_REFERENCES
from gptimg_desktop.ui.compose.references.chip_aim import Aim, aim_at
from gptimg_desktop.ui.compose.references.offer import Offer, brings_picture, read_offer
from gptimg_desktop.ui.theme import tokens_for

if TYPE_CHECKING:
    from PySide6.QtGui import (
        QDragEnterEvent,
        QDragLeaveEvent,
        QDragMoveEvent,
        QDropEvent,
        QPaintEvent,
    )

    from gptimg_desktop.ui.compose.references.place import Place
    from gptimg_desktop.ui.compose.references.reference_chip import ReferenceChip

_OWN: Final = "application/x-gptimg-desktop-reference"


@dataclass(frozen=True, slots=True, kw_only=True)
class Landing:
    """What was let go above the chips: before number `at` from 0, or on the place that it `replaces`."""

    offer: Offer
    at: int
    replaces: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceMove:
    """A place is to have the number `index`, from 0."""

    place: Place
    index: int


class ChipGround(QWidget):
    """What the chips lie on. It shows where something would land: a line between two, or the chip that it
    would replace.

    `move_wanted` carries a `PlaceMove`, `landed` a `Landing`; `hovering` tells whether something is held
    above that would be taken.
    """

    move_wanted = Signal(object)
    landed = Signal(object)
    hovering = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        self._chips: list[ReferenceChip] = []
        self._dragged: Place | None = None
        self._is_wanted = False
        self._is_single = False
        super().__init__(parent)
        self.setAcceptDrops(True)
        self._mark = _Mark(self)

    # Drops

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        mime = event.mimeData()
        is_ours = self._dragged is not None and mime.hasFormat(_OWN)
        self._is_wanted = is_ours or brings_picture(mime)
        self._is_single = not is_ours and len(mime.urls() if mime.hasUrls() else ()) <= 1
        self._aim(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._aim(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._end_aiming()
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        if not self._is_wanted:
            event.ignore()
            return
        aim = self._aimed(event)
        self._end_aiming()
        self._accept(event)
        if self._dragged is not None:
            self._drop_dragged(self._dragged, aim.at)
            return
        offer = read_offer(event.mimeData())
        replaces = self._chips[aim.at].place if aim.on else None
        self.landed.emit(Landing(offer=offer, at=aim.at, replaces=replaces))

    def _drop_dragged(self, place: Place, at: int) -> None:
        """Nothing where it was taken out meanwhile, or stays where it is."""
        start = next((index for index, chip in enumerate(self._chips) if chip.place is place), -1)
        index = at - 1 if start < at else at
        if start >= 0 and index != start:
            self.move_wanted.emit(PlaceMove(place=place, index=index))

    def _aim(self, event: QDropEvent) -> None:
        if not self._is_wanted:
            event.ignore()
            return
        self._accept(event)
        aim = self._aimed(event)
        for index, chip in enumerate(self._chips):
            chip.set_target(is_target=aim.on and index == aim.at)
        self._mark.setVisible(not aim.mark.isEmpty())
        self._mark.setGeometry(aim.mark)
        self._mark.raise_()
        self.hovering.emit(self._dragged is None)

    def _accept(self, event: QDropEvent) -> None:
        ours = self._dragged is not None
        event.setDropAction(Qt.DropAction.MoveAction if ours else Qt.DropAction.CopyAction)
        event.accept()

    def _end_aiming(self) -> None:
        self._mark.hide()
        for chip in self._chips:
            chip.set_target(is_target=False)
        self.hovering.emit(False)

    def _aimed(self, event: QDropEvent) -> Aim:
        is_full = self._dragged is None and len(self._chips) >= MOST_REFERENCES
        point = event.position().toPoint()
        return aim_at(self._chips, point, may_replace=self._is_single, is_full=is_full)

    # Dragging a chip

    def carry(self, chip: ReferenceChip) -> None:
        """Let the mouse carry a chip to another place."""
        if self._dragged is None:
            self._dragged = chip.place
            QTimer.singleShot(0, self, self._drag)  # the chip may go before the drag is over

    def _drag(self) -> None:
        """Carry a chip; it has a meaning here only, other programs find nothing of use in it."""
        chip = next((each for each in self._chips if each.place is self._dragged), None)
        if chip is not None:
            mime = QMimeData()
            mime.setData(_OWN, QByteArray(b"1"))
            drag = QDrag(self)
            drag.setMimeData(mime)
            picture = chip.grab()
            drag.setPixmap(picture)
            drag.setHotSpot(chip.rect().center())
            drag.exec(Qt.DropAction.MoveAction)
        self._dragged = None
        self._end_aiming()


class _Mark(QWidget):
    """Where it would land."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens_for(self.palette()).accent))
        painter.drawRoundedRect(self.rect(), 1.5, 1.5)
        painter.end()
