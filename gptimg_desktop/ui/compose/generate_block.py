"""Size, price and button, as one block that never scrolls away."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout

from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.core.lint import number_in
from gptimg_desktop.core.prices import FREE, PUBLISHED, PriceTable, money
from gptimg_desktop.core.prompt import MOST_PROMPTS
from gptimg_desktop.core.settings import Settings
from gptimg_desktop.core.sizes import AUTO, PixelSize, Size, Tier, is_impossible
from gptimg_desktop.ui.compose.copies import Copies
from gptimg_desktop.ui.compose.generate_button import GenerateButton
from gptimg_desktop.ui.compose.message_line import MessageLine
from gptimg_desktop.ui.compose.second_press import SecondPress
from gptimg_desktop.ui.compose.size.size_plate import SizePlate
from gptimg_desktop.ui.compose.size.tier_picker import TierPicker
from gptimg_desktop.ui.compose.size.tier_row import TierRow
from gptimg_desktop.ui.compose.switch import Switch
from gptimg_desktop.ui.messages import sentence
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from decimal import Decimal

    from PySide6.QtWidgets import QWidget

    from gptimg_desktop.core.draft import Draft
    from gptimg_desktop.core.usual_times import UsualTimes


class _Note(Enum):
    """What a note by the button is about."""

    QUESTION = auto()
    WAITING = auto()
    OTHER = auto()


class GenerateBlock(QFrame):
    """Messages, tier or pixels, size plate, copies, channel and the button with the price of the whole press.

    `changed`: the user changed something here. `pressed`: Generate was pressed.
    """

    changed = Signal()
    pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._prices: PriceTable = PUBLISHED
        self._is_free = True
        self._size: Size = AUTO
        self._prompts = 1
        self._ask_above = Settings().ask_above
        self._note: _Note | None = None
        self._closed_for: Problem | None = None
        self._second_press = SecondPress(self)
        self._said = ""
        self._tiers = TierPicker()
        self._tier_row = TierRow(self._tiers)
        self._plate = SizePlate()
        self._copies = Copies()
        self._channel = self._build_channel()
        self._message = MessageLine(self)
        self._settling = MessageLine(self)
        self._button = self._build_button()
        self._no = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        self._no.setEnabled(False)
        self._lay_out()
        self._tiers.tier_chosen.connect(self._on_changed)
        self._plate.warning.tier_wanted.connect(self._use_tier)
        self._copies.changed.connect(self._on_changed)
        self._channel.toggled.connect(self._on_changed)
        self._second_press.changed.connect(self._on_asking_changed)
        self._no.activated.connect(self.clear_problem)
        self._show_prices()

    def tier(self) -> Tier:
        return self._tiers.tier()

    def copies(self) -> int:
        return self._copies.value()

    def is_official(self) -> bool:
        return self._channel.isChecked()

    def set_choices(self, *, tier: Tier, copies: int, is_official: bool) -> None:
        """Show these, telling nobody."""
        self._channel.blockSignals(True)
        self._channel.setChecked(is_official)
        self._channel.blockSignals(False)
        self._copies.set_value(copies)
        self._tiers.set_tier(tier)
        self._refresh()

    @property
    def prompts(self) -> int:
        """How many prompts the price on the button is for."""
        return self._prompts

    def set_run(self, prompts: int) -> None:
        """How many prompts the text stands for: each makes so many images as there are copies."""
        self._prompts = max(1, prompts)
        self._say_price()

    def set_ask_above(self, amount: Decimal) -> None:
        """From more than this on, in US dollars, one press is not enough."""
        if amount != self._ask_above:
            self._ask_above = amount
            self._take_back()

    def price_each(self) -> Decimal | None:
        """What one image costs, in US dollars; None where it is free."""
        return None if self._is_free else self._prices.estimate(self._size, self.tier())

    def question_about(self, price: Decimal) -> Problem | None:
        """What is to be asked before a press elsewhere that costs so much, in US dollars; None where it may
        go at once."""
        if self._is_free or price <= self._ask_above:
            return None
        return Problem.of(ProblemKind.ASKED_FIRST, price=money(price), limit=money(self._ask_above))

    def lets_go(self, draft: Draft, *, blank: str, mention: str) -> bool:
        """Whether this press may send the draft. What costs much, and a text with a blank left in it or with
        a mention of a reference that is not there, is asked about: the first press changes the button, and
        the next one counts."""
        price = (self.price_each() or FREE) * self._count()
        costs_much = price > self._ask_above and not self._is_free
        if not costs_much and not blank and not mention:
            return True
        if self._second_press.lets_go((draft, price, blank, mention)):
            return True
        if self._second_press.is_asking:
            self._tell(_Note.QUESTION, self._reasons(blank, mention, costs_much=costs_much), "circle-alert")
        return False

    def set_tier(self, tier: Tier) -> None:
        """Show a tier, telling nobody."""
        self._tiers.set_tier(tier)
        self._refresh()

    def set_size(self, size: Size) -> None:
        self._size = size
        self._refresh()

    def set_tier_following(self, is_following: bool) -> None:
        self._tiers.set_following(is_following)
        self._tier_row.show_fields(is_following)

    def set_prices(self, prices: PriceTable, *, is_free: bool) -> None:
        self._take_back()
        self._prices, self._is_free = prices, is_free
        self._show_prices()

    def set_size_fields(self, fields: QWidget) -> None:
        """What stands in place of the tiers for a size in pixels."""
        self._tier_row.set_fields(fields)

    def set_usual_times(self, times: UsualTimes) -> None:
        self._plate.set_usual_times(times)
        self._refresh()

    def set_open(self, is_open: bool) -> None:
        self._button.setEnabled(is_open)

    def close_for(self, problem: Problem) -> None:
        """Nothing can be made in this session, for this reason."""
        self._closed_for = problem
        self._button.setEnabled(False)
        self._button.setToolTip(sentence(problem))
        self._button.setAccessibleDescription(sentence(problem))

    def press(self) -> None:
        """As if Generate were clicked; where it is closed for good it is told why."""
        if self._closed_for is not None:
            self.show_problem(self._closed_for)
        self._button.click()

    def show_problem(self, problem: Problem) -> None:
        self._note = None
        self._message.show_problem(problem)

    def repeat_size_warning(self) -> None:
        """What speaks against the size stands here already: read it out again."""
        self.clear_message()
        self._plate.warning.read_out()

    def clear_problem(self) -> None:
        """Tell and ask nothing: what it was about may be different now."""
        self._second_press.take_back()
        self.clear_message()

    def clear_message(self) -> None:
        """Tell nothing."""
        self._note = None
        self._message.clear()

    def show_waiting(self, count: int) -> None:
        """Tell why nothing was sent: so many references are still being read."""
        if count == 1:
            note = self.tr("Still reading a picture. Nothing was sent; press again when it is there.")
        else:
            note = self.tr(
                "Still reading {count} pictures. Nothing was sent; press again when they are there."
            )
        self._tell(_Note.WAITING, note.format(count=count), "hourglass")

    def show_settling(self, count: int) -> None:
        """Tell that so many presses were heard and are being looked at; 0 where none is any more."""
        if count == 0:
            self._settling.clear()
        elif count == 1:
            self._settling.show_note(self.tr("Looking at your pictures… 1 press follows"))
        else:
            note = self.tr("Looking at your pictures… {count} presses follow")
            self._settling.show_note(note.format(count=count))

    def show_composing(self) -> None:
        """Tell why nothing was sent: an input method is in the middle of a word."""
        note = self.tr("Nothing was sent: a word is still being written. Finish it, then press again.")
        self._tell(_Note.OTHER, note, "circle-alert")

    def show_held_back(self) -> None:
        """Tell why nothing was sent: what was pasted is not in the prompt, and may be what was meant."""
        note = self.tr("Nothing was sent. To generate your prompt as it is, press again in a moment.")
        self._tell(_Note.OTHER, note, "circle-alert")

    def show_other_count(self) -> None:
        """Tell why nothing was sent: the button had named another number of images, or another price."""
        note = self.tr("Nothing was sent: the price on the button has changed. Look at it, then press again.")
        self._tell(_Note.OTHER, note, "circle-alert")

    @property
    def tells_waiting(self) -> bool:
        """True while it says that references are still being read."""
        return self._note is _Note.WAITING

    def _tell(self, note: _Note, text: str, sign: str) -> None:
        self._note = note
        self._message.show_note(text, sign, "warning" if note is _Note.QUESTION else "muted")

    def _take_back(self) -> None:
        """Ask no more, and do not say either that something was asked."""
        self._second_press.take_back()
        if self._note is _Note.QUESTION:
            self.clear_message()

    def _build_channel(self) -> Switch:
        switch = Switch(self.tr("Official channel"))
        switch.setObjectName("officialFallback")
        switch.setAccessibleName(self.tr("Official channel"))
        switch.setToolTip(
            self.tr("Lets the service make the image over its official channel. The price may differ.")
        )
        switch.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        return switch

    def _build_button(self) -> GenerateButton:
        button = GenerateButton()
        button.setToolTip(self.tr("Ctrl+Enter"))
        button.setEnabled(False)
        button.pressed.connect(self._note_said)
        button.clicked.connect(self._on_clicked)
        return button

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(UNIT)
        row.addWidget(self._copies)
        row.addStretch(1)
        row.addWidget(self._channel)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * UNIT, UNIT, 2 * UNIT, UNIT)
        layout.setSpacing(UNIT * 3 // 4)  # it never scrolls: what it takes, all else has not
        layout.addStretch(1)
        layout.addWidget(self._settling)
        layout.addWidget(self._message)  # at the top: what follows keeps its place when it comes and goes
        layout.addWidget(self._tier_row)
        layout.addWidget(self._plate)
        layout.addLayout(row)
        layout.addWidget(self._button)

    def _note_said(self) -> None:
        """A click begins."""
        self._said = self._button.text()

    def _on_clicked(self) -> None:
        """A click is meant for what the button said when it began."""
        if self._button.text() != self._said:
            self.show_other_count()
        else:
            self.pressed.emit()

    def _on_changed(self) -> None:
        self._refresh()
        self.changed.emit()

    def _use_tier(self, tier: Tier) -> None:
        self._tiers.set_tier(tier)
        self._on_changed()

    def _show_prices(self) -> None:
        self._tiers.set_prices(self._prices, is_free=self._is_free)
        self._plate.set_prices(self._prices, is_free=self._is_free)
        self._refresh()

    def _refresh(self) -> None:
        self._plate.show_size(self._size, self.tier())
        told = (self._plate.facts(), self._plate.warning.text.rstrip("."))
        self._plate.setAccessibleDescription(". ".join(text for text in told if text))
        self._say_price()

    def _count(self) -> int:
        """How many images one press makes."""
        return self._prompts * self.copies()

    def _is_refused(self) -> bool:
        """True where a press would only tell why nothing can be made: a price would promise something."""
        is_hopeless = isinstance(self._size, PixelSize) and is_impossible(self._size)
        return is_hopeless or self._count() > MOST_PROMPTS

    def _say_price(self) -> None:
        is_asking = self._second_press.is_asking
        is_refused = self._is_refused()
        text = self._question() if is_asking else self.tr("Generate") if is_refused else self._button_text()
        self._button.say(text, is_asking=is_asking, is_refused=is_refused)

    def _on_asking_changed(self) -> None:
        self._no.setEnabled(self._second_press.is_asking)
        self._say_price()

    def _button_text(self) -> str:
        count, price = self._count(), self.price_each()
        number = QLocale().toString(count)
        if price is None:
            if count == 1:
                return self.tr("Generate (practice, free)")
            return self.tr("Generate {count} (practice, free)").format(count=number)
        if count == 1:
            return self.tr("Generate {price}").format(price=money(price))
        return self.tr("Generate {count} · {price}").format(count=number, price=money(price * count))

    def _question(self) -> str:
        count, each = self._count(), self.price_each()
        price = self.tr("free") if each is None else money(each * count)
        if count == 1:
            return self.tr("Press again: 1 image · {price}").format(price=price)
        return self.tr("Press again: {count} images · {price}").format(count=count, price=price)

    def _reasons(self, blank: str, mention: str, *, costs_much: bool) -> str:
        """Why one press is not enough, and the two ways on."""
        told = []
        if blank:
            told.append(self.tr("“{blank}” is not filled in.").format(blank=blank))
        if mention:
            told.append(self.tr("There is no reference {number}.").format(number=number_in(mention)))
        if costs_much and self._ask_above:
            told.append(self.tr("This press costs more than {sum}.").format(sum=money(self._ask_above)))
        told.append(self.tr("Nothing was sent yet: press again to generate, Esc to leave it."))
        return " ".join(told)
