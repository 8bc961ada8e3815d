"""1K, 2K, 4K with what one image of each costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QWidget

from gptimg_desktop.core.prices import PUBLISHED, PriceTable, money
from gptimg_desktop.core.sizes import Tier
from gptimg_desktop.ui.compose.choice_button import ChoiceButton
from gptimg_desktop.ui.compose.size.ratio_button import small_font
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from collections.abc import Hashable

    from gptimg_desktop.ui.theme import Tokens

_STEPS: Final[dict[int, int]] = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Down: 1,
}


class TierButton(ChoiceButton):
    """A tier, its price below in small."""

    def __init__(self, tier: Tier, parent: QWidget | None = None) -> None:
        self._price = ""
        super().__init__(tier.label, parent)
        self.setObjectName(f"tier_{tier.value}")

    def set_price(self, price: str) -> None:
        self._price = price
        self.setAccessibleName(self.tr("{tier}, {price} an image").format(tier=self.text(), price=price))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(64, 2 * self.fontMetrics().height() + 8)

    def look(self) -> tuple[Hashable, ...]:
        return *super().look(), self._price

    def paint_face(self, painter: QPainter, tokens: Tokens) -> None:
        inside = self.rect().adjusted(4, 4, -4, -4)
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        painter.setFont(bold)
        painter.setPen(QColor(tokens.accent if self.isChecked() else tokens.text))
        painter.drawText(inside, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, self.text())
        painter.setFont(small_font(self.font()))
        painter.setPen(QColor(tokens.accent if self.isChecked() else tokens.muted))
        painter.drawText(inside, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom, self._price)


class TierPicker(QWidget):
    """Exactly one tier is on. `tier_chosen` carries the `Tier` that the user took. Tab stops at the one that
    is on, the arrows go on from there."""

    tier_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._prices: PriceTable = PUBLISHED
        self._is_free = False
        self._group = QButtonGroup(self)
        self._buttons = {tier: TierButton(tier) for tier in Tier}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(UNIT // 2)
        for button in self._buttons.values():
            self._group.addButton(button)
            button.installEventFilter(self)
            layout.addWidget(button, 1)
        self.set_tier(Tier.K1)
        self._show_prices()
        self._group.buttonClicked.connect(self._on_clicked)

    def tier(self) -> Tier:
        return next(tier for tier, button in self._buttons.items() if button.isChecked())

    def set_tier(self, tier: Tier) -> None:
        """Turn a tier on, telling nobody; the focus goes with it where it is in here."""
        had_focus = any(button.hasFocus() for button in self._buttons.values())
        self._buttons[tier].setChecked(True)
        self._hold_tab()
        if had_focus:
            self._buttons[tier].setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrow keys move the choice."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in _STEPS:
            self._step(_STEPS[event.key()])
            return True
        return super().eventFilter(watched, event)

    def set_prices(self, prices: PriceTable, *, is_free: bool) -> None:
        self._prices, self._is_free = prices, is_free
        self._show_prices()

    def set_following(self, is_following: bool) -> None:
        """With a size in pixels the tier follows from the pixels and cannot be chosen."""
        hint = self.tr("A custom size is billed by its pixels.") if is_following else ""
        for button in self._buttons.values():
            button.setEnabled(not is_following)
            button.setToolTip(hint)

    def _show_prices(self) -> None:
        for tier, button in self._buttons.items():
            price = self.tr("free") if self._is_free else money(self._prices.per_image[tier])
            button.set_price(price)

    def _hold_tab(self) -> None:
        """Only the tier that is on is a stop of the Tab key."""
        for button in self._buttons.values():
            strong, click = Qt.FocusPolicy.StrongFocus, Qt.FocusPolicy.ClickFocus
            button.setFocusPolicy(strong if button.isChecked() else click)

    def _step(self, steps: int) -> None:
        """Take a neighbour; at the edge nothing."""
        tiers = list(self._buttons)
        place = tiers.index(self.tier()) + steps
        if 0 <= place < len(tiers):
            button = self._buttons[tiers[place]]
            button.setFocus(Qt.FocusReason.TabFocusReason)
            button.click()

    def _on_clicked(self) -> None:
        self._hold_tab()
        self.tier_chosen.emit(self.tier())
