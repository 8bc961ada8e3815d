"""What will come back, before it is paid for: frames to scale, pixels, megapixels, true shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout

from gptimg_desktop.core.prices import PUBLISHED, PriceTable, money
from gptimg_desktop.core.sizes import (
    AUTO,
    PixelSize,
    Ratio,
    Size,
    Tier,
    is_impossible,
    outcomes,
    outcomes_that_miss,
    probable_tier,
    simplest_ratio,
)
from gptimg_desktop.ui.compose.size_drawing import SizeDrawing
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_MM_PER_PIXEL: Final = 25.4 / 300


class SizePlate(QFrame):
    """Shows one size at one tier. `tier_wanted` carries the `Tier` of the offer that was taken."""

    tier_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._prices: PriceTable = PUBLISHED
        self._is_free = False
        self._size: Size = AUTO
        self._tier = Tier.K1
        self._offered: Tier | None = None
        self.setObjectName("sizePlate")
        self.setAccessibleName(self.tr("Size of the result"))
        self._drawing = SizeDrawing()
        self._titles = [_label("heading") for _ in range(2)]
        self._details = [_label("muted") for _ in range(2)]
        self._note = _label("muted")
        self._warning = _label("warning")
        self._use = QPushButton()
        self._use.setAutoDefault(False)
        self._use.setAccessibleName(self.tr("Use a higher resolution"))
        self._use.clicked.connect(self._take_offer)
        self._lay_out()
        self.show_size(self._size, self._tier)

    def set_prices(self, prices: PriceTable, *, is_free: bool) -> None:
        self._prices, self._is_free = prices, is_free
        self.show_size(self._size, self._tier)

    def show_size(self, size: Size, tier: Tier) -> None:
        self._size, self._tier = size, tier
        found = outcomes(size, tier)
        self._drawing.show_sizes(found)
        if size == AUTO:
            self._show_lines(
                [(self.tr("The service decides"), self.tr("Shape and pixels follow the prompt."))]
            )
        else:
            self._show_lines([self._line(index, pixels) for index, pixels in enumerate(found)])
        self._show_note()
        self._show_warning()
        self.setAccessibleDescription(self.facts())

    def facts(self) -> str:
        """All that the plate says, as one text."""
        labels = [label for pair in zip(self._titles, self._details, strict=True) for label in pair]
        texts = [label.text() for label in [*labels, self._note, self._warning]]
        return ". ".join(text.rstrip(".") for text in texts if text)

    def _lay_out(self) -> None:
        facts = QVBoxLayout()
        facts.setSpacing(0)
        for title, detail in zip(self._titles, self._details, strict=True):
            facts.addWidget(title)
            facts.addWidget(detail)
        facts.addWidget(self._note)
        facts.addStretch(1)
        top = QHBoxLayout()
        top.setSpacing(UNIT + UNIT // 2)
        top.addWidget(self._drawing, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(facts, 1)
        bottom = QHBoxLayout()
        bottom.setSpacing(UNIT)
        bottom.addWidget(self._warning, 1)
        bottom.addWidget(self._use)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(UNIT)
        layout.addLayout(top)
        layout.addLayout(bottom)

    def _line(self, index: int, size: PixelSize) -> tuple[str, str]:
        """Title and detail of one outcome."""
        words = self.tr("or {size} px") if index else self.tr("{size} px")
        if is_impossible(size):
            return words.format(size=size.label), ""
        detail = self.tr("{megapixels} MP · {ratio} · {width}×{height} mm")
        return words.format(size=size.label), detail.format(
            megapixels=f"{size.megapixels:.2f}",
            ratio=simplest_ratio(size),
            width=round(size.width * _MM_PER_PIXEL),
            height=round(size.height * _MM_PER_PIXEL),
        )

    def _show_lines(self, lines: list[tuple[str, str]]) -> None:
        for index in range(len(self._titles)):
            title, detail = lines[index] if index < len(lines) else ("", "")
            for label, text in ((self._titles[index], title), (self._details[index], detail)):
                label.setText(text)
                label.setVisible(bool(text))
        self.setToolTip(self.tr("Millimetres are for print at 300 ppi."))

    def _show_note(self) -> None:
        text = ""
        if isinstance(self._size, PixelSize):
            text = self.tr("Probably billed as {tier}").format(tier=probable_tier(self._size).label)
        elif not self._is_free:
            text = self.tr("Usually ready in 30–60 s")
        self._note.setText(text)
        self._note.setVisible(bool(text))

    def _show_warning(self) -> None:
        missing = outcomes_that_miss(self._size, self._tier)
        text = ""
        if missing and isinstance(self._size, Ratio):
            text = self.tr("May come back as {found}, not {asked}.").format(
                found=simplest_ratio(missing[0]), asked=self._size.value
            )
        self._warning.setText(text)
        self._warning.setVisible(bool(text))
        self._offered = _true_tier(self._size, self._tier) if missing else None
        self._use.setVisible(self._offered is not None)
        if self._offered is not None:
            price = (
                self.tr("free") if self._is_free else money(self._prices.estimate(self._size, self._offered))
            )
            self._use.setText(self.tr("Use {tier} ({price})").format(tier=self._offered.label, price=price))
            self._use.setAccessibleName(self._use.text())

    def _take_offer(self) -> None:
        if self._offered is not None:
            self.tier_wanted.emit(self._offered)


def _true_tier(size: Size, tier: Tier) -> Tier | None:
    """The next tier up at which the shape comes out as asked."""
    tiers = list(Tier)
    return next(
        (found for found in tiers[tiers.index(tier) + 1 :] if not outcomes_that_miss(size, found)), None
    )


def _label(role: str) -> QLabel:
    label = QLabel()
    label.setProperty("role", role)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setMinimumWidth(1)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return label
