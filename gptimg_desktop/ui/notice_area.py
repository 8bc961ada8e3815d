"""The room above the gallery for what is to be told: whole cards, the rest of them behind one line."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from gptimg_desktop.ui import icons
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from PySide6.QtGui import QResizeEvent

_LEAST: Final = 16 * UNIT
"""Two cards of two lines each are seen in any window."""
_PART: Final = 6
"""Beyond that they take one part of so many of the window's height."""
_OPEN_PART: Final = 3
"""The same where all of them are to be seen."""
_MOST_WORDS: Final = 160


class Weight(IntEnum):
    """How much it matters that a card is seen."""

    CHARGE = 0  # what it tells of is paid in a moment, unless the user says no
    MONEY = 1
    DEED = 2
    TOLD = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A card that is to be seen, and what it says."""

    card: QWidget
    weight: Weight
    text: str


class Teller(QWidget):
    """A column of cards, hidden while none is seen. `changed` comes where others are to be seen."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        self._folded: Collection[QWidget] = ()
        super().__init__(parent)

    def told(self) -> Sequence[Told]:
        """The cards that are to be seen, from top to bottom."""
        raise NotImplementedError

    def fold(self, cards: Collection[QWidget]) -> None:
        """Hide these cards: there is no room for them."""
        self._folded = cards
        self._show_unfolded()

    def settle(self) -> None:
        """Other cards are to be seen."""
        self._show_unfolded()
        self.changed.emit()

    def _show_unfolded(self) -> None:
        cards = [each.card for each in self.told()]
        for card in cards:
            card.setVisible(card not in self._folded)
        self.setVisible(any(card not in self._folded for card in cards))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """What is seen at a width: `height` is that of the whole area; `scrolled` where the cards are higher than
    their room."""

    height: int = 0
    folded: tuple[Told, ...] = ()
    has_more: bool = False
    scrolled: bool = False


class NoticeArea(QWidget):
    """The cards of `parts`, one below the other. A card is seen whole or not at all: where there is no room
    for all, those of least weight fold into one line that opens them. Takes no room without any."""

    def __init__(self, parts: tuple[Teller, ...], parent: QWidget) -> None:
        self._tellers: tuple[Teller, ...] = ()
        self._is_open = False
        super().__init__(parent)
        self.setObjectName("noticeArea")
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._column = QVBoxLayout()
        self._scroll = self._make_scroll(parts)
        self._more = QPushButton(self)
        self._more.setObjectName("noticeMore")
        self._more.setAccessibleName(self.tr("More notices"))
        self._more.setProperty("role", "quiet")
        self._more.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the focus where it was
        self._more.clicked.connect(self._turn)
        self._more.hide()
        self._tellers = parts
        for teller in self._tellers:
            teller.changed.connect(self.fit)
        self.fit()

    def _make_scroll(self, parts: tuple[Teller, ...]) -> QScrollArea:
        scroll = QScrollArea(self)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        content = QWidget(scroll)
        content.setProperty("role", "content")
        content.setLayout(self._column)
        self._column.setSpacing(0)
        for part in parts:
            self._column.addWidget(part)
        self._column.addStretch(1)
        scroll.setWidget(content)
        content.installEventFilter(self)
        return scroll

    # Its size: worked out from its cards at a width, so that one pass of the layout around it suffices

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._plan(width).height

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._plan(self.width()).height)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)

    def _plan(self, width: int) -> _Plan:
        told = [each for teller in self._tellers for each in teller.told()]
        heights = {id(each.card): UNIT + _height(each.card, width - 2 * UNIT) for each in told}
        total, window = sum(heights.values()), self.window().height()
        most = max(_LEAST, window // _PART)
        if total <= most:
            return _Plan(height=total)
        if self._is_open and len(told) > 1:
            room = max(most, window // _OPEN_PART)
            foot = self._more_height()
            return _Plan(height=min(total, room) + foot, has_more=True, scrolled=total > room)
        return self._fold_at(told, heights, most)

    def _fold_at(self, told: Sequence[Told], heights: dict[int, int], most: int) -> _Plan:
        """The weightiest cards as far as they fit, and at least one."""
        left = most - self._more_height()
        order = sorted(told, key=lambda each: each.weight)
        seen = 0
        while seen < len(order) and (not seen or heights[id(order[seen].card)] <= left):
            left -= heights[id(order[seen].card)]
            seen += 1
        shown, folded = order[:seen], tuple(order[seen:])
        high = sum(heights[id(each.card)] for each in shown)
        room = max(most, self.window().height() // _OPEN_PART)
        foot = self._more_height() if folded else 0
        return _Plan(
            height=min(high, room) + foot, folded=folded, has_more=bool(folded), scrolled=high > room
        )

    def _more_height(self) -> int:
        return self._more.sizeHint().height()

    # What is seen

    def fit(self) -> None:
        """Other cards, other texts or another window: see anew what there is room for."""
        self.updateGeometry()
        self._apply()

    def _apply(self) -> None:
        plan = self._plan(self.width())
        hidden = {each.card for each in plan.folded}
        for teller in self._tellers:
            teller.fold({each.card for each in teller.told()} & hidden)
        self._is_open = self._is_open and plan.has_more
        self._more.setVisible(plan.has_more)
        self._column.setContentsMargins(UNIT, 0, 0 if plan.scrolled else UNIT, 0)
        bar = Qt.ScrollBarPolicy.ScrollBarAlwaysOn if plan.scrolled else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self._scroll.setVerticalScrollBarPolicy(bar)
        foot = self._more_height() if plan.has_more else 0
        self._scroll.setGeometry(0, 0, self.width(), max(0, self.height() - foot))
        if plan.has_more:
            self._word_more(plan.folded)

    def _word_more(self, folded: Sequence[Told]) -> None:
        """How many are folded away, and the beginning of the first of them."""
        room = self.width() - 2 * UNIT
        if self._is_open:
            text = name = self.tr("Show fewer")
        else:
            told = self.tr("{count} more: {words}").format(
                count=len(folded), words=folded[0].text[:_MOST_WORDS]
            )
            text = self.fontMetrics().elidedText(told, Qt.TextElideMode.ElideRight, room - 6 * UNIT)
            name = self.tr("{count} more notices").format(count=len(folded))
        self._more.setText(text.replace("&", "&&"))
        self._more.setAccessibleName(name)
        sign = "chevron-up" if self._is_open else "chevron-down"
        self._more.setIcon(icons.icon(sign, self.palette().color(QPalette.ColorRole.WindowText)))
        size = self._more.sizeHint()
        self._more.setGeometry(UNIT, self.height() - size.height(), min(size.width(), room), size.height())

    def _turn(self) -> None:
        self._is_open = not self._is_open
        self.fit()

    # Qt's side

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.fit()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._apply()


def _height(card: QWidget, width: int) -> int:
    layout = card.layout()
    if layout is not None and layout.hasHeightForWidth():
        return layout.totalHeightForWidth(max(0, width))
    return card.sizeHint().height()
