"""What will come back, before it is paid for: frames to scale, pixels, shape, print size, price, time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from gptimg_desktop.core.prices import PUBLISHED, PriceTable, money
from gptimg_desktop.core.sizes import AUTO, PixelSize, Size, Tier, is_impossible, outcomes, probable_tier
from gptimg_desktop.core.usual_times import UsualTime, UsualTimes
from gptimg_desktop.ui.compose.size.outcome_facts import OutcomeFacts, fact_label, paper, pixels_and_shape
from gptimg_desktop.ui.compose.size.ratio_button import small_font
from gptimg_desktop.ui.compose.size.size_drawing import SizeDrawing
from gptimg_desktop.ui.compose.size.size_warning import SizeWarning
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent
    from PySide6.QtWidgets import QWidget

_SMALL_LINES: Final = 3
_FOOT: Final = 30
_SHARES: Final = (6, 7)
"""The second outcome has an "or" before it."""
_IN_MINUTES_FROM_S: Final = 120


class SizePlate(QFrame):
    """Shows one size at one tier. A warning takes its room from the drawing, so that the height stays and
    nothing moves under the mouse."""

    _column: QVBoxLayout | None = None

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._prices: PriceTable = PUBLISHED
        self._times = UsualTimes()
        self._is_free = False
        self._size: Size = AUTO
        self._tier = Tier.K1
        self.setObjectName("sizePlate")
        self.setAccessibleName(self.tr("Size of the result"))
        self.setToolTip(self.tr("Millimetres are for print at 300 ppi."))
        self._drawing = SizeDrawing()
        self._outcomes = (OutcomeFacts(), OutcomeFacts())
        self._price, self._time = fact_label("muted"), fact_label("muted")
        self._warning = SizeWarning()
        self._column = self._lay_out()
        self.show_size(self._size, self._tier)

    @property
    def warning(self) -> SizeWarning:
        return self._warning

    def set_prices(self, prices: PriceTable, *, is_free: bool) -> None:
        """`is_free`: the practice service makes the image."""
        self._prices, self._is_free = prices, is_free
        self._warning.set_prices(prices, is_free=is_free)
        self._show()

    def set_usual_times(self, times: UsualTimes) -> None:
        if times != self._times:
            self._times = times
            self._show()

    def show_size(self, size: Size, tier: Tier) -> None:
        self._size = size
        self._tier = probable_tier(size) if isinstance(size, PixelSize) else tier
        self._warning.show_size(size, tier)
        self._show()

    def facts(self) -> str:
        """All that the plate says, as one text."""
        told = self._told_outcomes(with_unit=True)
        texts = [text for outcome in told for text in outcome] + [self._price_words(), self._time_words()]
        return ". ".join(text.rstrip(".") for text in texts if text)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._hold_height()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._hold_height()

    def _lay_out(self) -> QVBoxLayout:
        cells = QHBoxLayout()
        cells.setSpacing(UNIT)
        for outcome, share in zip(self._outcomes, _SHARES, strict=True):
            cells.addWidget(outcome, share)
        facts = QVBoxLayout()
        facts.setSpacing(0)
        facts.addLayout(cells)
        facts.addWidget(self._price)
        facts.addWidget(self._time)
        facts.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(UNIT + UNIT // 2)
        row.addWidget(self._drawing)
        row.addLayout(facts, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(UNIT // 2)
        column.addLayout(row, 1)
        column.addWidget(self._warning)
        return column

    def _hold_height(self) -> None:
        """Room for the facts and for a warning below them, whether there is one or not; more only where words
        are so long that they take more lines. Known at once, and not when the layout comes round to it."""
        if self._column is None:
            return
        small = QFontMetrics(small_font(self.font())).lineSpacing()
        line = self.fontMetrics().lineSpacing()
        usual = line + _SMALL_LINES * small + UNIT // 2 + max(_FOOT, 2 * line)
        self.setFixedHeight(max(usual, self._column.totalHeightForWidth(self.width())))

    def _show(self) -> None:
        found = outcomes(self._size, self._tier)
        self._drawing.show_sizes(found)
        told = self._told_outcomes(with_unit=len(found) == 1)
        for outcome, texts in zip(self._outcomes, [*told, ("",), ("",)], strict=False):
            outcome.say(*texts)
        price, time = self._price_words(), self._time_words()
        if not isinstance(self._size, PixelSize):
            price, time = " · ".join(text for text in (price, time) if text), ""
        for label, text in ((self._price, price), (self._time, time[:1].upper() + time[1:])):
            label.setText(text)
            label.setVisible(bool(text))
        self._hold_height()

    def _told_outcomes(self, *, with_unit: bool) -> list[tuple[str, ...]]:
        """Title and details of each size that may come back."""
        if self._size == AUTO:
            return [(self.tr("The service decides"), self.tr("Shape and pixels follow the prompt."))]
        found = outcomes(self._size, self._tier)
        return [
            (self._title(index, size, with_unit=with_unit), *self._details(size))
            for index, size in enumerate(found)
        ]

    def _title(self, index: int, size: PixelSize, *, with_unit: bool) -> str:
        label = self.tr("{size} px").format(size=size.label) if with_unit else size.label
        return self.tr("or {size}").format(size=label) if index else label

    def _details(self, size: PixelSize) -> tuple[str, ...]:
        if isinstance(self._size, PixelSize):  # one line, for it has more to tell about the price
            return (" · ".join(text for text in (pixels_and_shape(size), paper(size)) if text),)
        is_only_one = len(outcomes(self._size, self._tier)) == 1
        return pixels_and_shape(size), paper(size, with_ppi=is_only_one)

    def _price_words(self) -> str:
        if self._is_hopeless():
            return ""
        if self._is_free:
            return self.tr("Free")
        price = money(self._prices.estimate(self._size, self._tier))
        if isinstance(self._size, PixelSize):
            words = self.tr("Probably billed as {tier}: {price}")
            return words.format(tier=self._tier.label, price=price)
        return price

    def _time_words(self) -> str:
        """How long it usually takes: from the user's own pictures once there are some."""
        if self._is_hopeless():
            return ""
        usual = self._times.of(self._tier, is_practice=self._is_free)
        if usual is None:
            return "" if self._is_free else self.tr("usually 30–60 s")
        if self._warning.text:  # the room is needed
            return self.tr("usually {time}").format(time=self._span(usual))
        words = self.tr("usually {time} (your last {count})")
        return words.format(time=self._span(usual), count=usual.count)

    def _span(self, usual: UsualTime) -> str:
        if usual.high < _IN_MINUTES_FROM_S:
            return self.tr("{span} s").format(span=_from_to(usual.low, usual.high))
        return self.tr("{span} min").format(span=_from_to(usual.low / 60, usual.high / 60))

    def _is_hopeless(self) -> bool:
        return isinstance(self._size, PixelSize) and is_impossible(self._size)


def _from_to(low: float, high: float) -> str:
    """Two numbers as a span, or the one that they round to."""
    first, last = max(1, round(low)), max(1, round(high))
    return str(first) if first == last else f"{first}–{last}"
