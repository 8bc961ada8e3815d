"""What one press makes, where that is more than one prompt: how many images, why, at what price."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLocale, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gptimg_desktop.core.prices import money
from gptimg_desktop.core.prompt import MOST_PROMPTS, Reading, read
from gptimg_desktop.core.prompt_grammar import MOST_COUNTED
from gptimg_desktop.ui.compose.icon_button import IconButton
from gptimg_desktop.ui.compose.prompt.run_list import RunList
from gptimg_desktop.ui.compose.switch import Switch
from gptimg_desktop.ui.plain_label import PlainLabel
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from decimal import Decimal

_PAUSE_MS: Final = 120
"""How long the list waits for the end of a burst of changes."""
_MOST_FACTORS: Final = 6
_BEFORE: Final = 24
_BEHIND: Final = 72
"""How much of a prompt is told on both sides of the first place where it is not the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One press: the text as it is read, how many images of each prompt, and what one costs; None is free."""

    reading: Reading
    is_one_per_line: bool = False
    copies: int = 1
    price: Decimal | None = None

    @property
    def count(self) -> int:
        return self.reading.count * self.copies

    @property
    def is_too_large(self) -> bool:
        return self.count > MOST_PROMPTS


class RunPreview(QWidget):
    """Takes no room for a prompt that is only itself; where it is not the text as it was written, tells what
    it is. `one_per_line_chosen`: the user moved the switch."""

    one_per_line_chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run = Run(reading=read(""))
        self.setObjectName("runPreview")
        self._switch = Switch(self.tr("One prompt per line"))
        self._switch.setObjectName("onePerLine")
        self._switch.setAccessibleName(self.tr("One prompt per line"))
        self._switch.setToolTip(self.tr("Each line is a prompt of its own and makes images of its own."))
        self._words = PlainLabel()
        self._unfold = IconButton("chevron-down", self.tr("Show what will be sent"))
        self._unfold.setObjectName("runPreviewUnfold")
        self._unfold.setProperty("role", "small")
        self._unfold.setCheckable(True)
        self._list = RunList()
        self._refill = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._refill.setObjectName("runPreviewRefill")
        self._lay_out()
        self._switch.toggled.connect(self.one_per_line_chosen)
        self._unfold.toggled.connect(self._on_unfolded)
        self._refill.timeout.connect(self._fill)

    def is_one_per_line(self) -> bool:
        return self._switch.isChecked()

    def set_one_per_line(self, is_one_per_line: bool) -> None:
        """Show the mode, telling nobody."""
        self._switch.blockSignals(True)
        self._switch.setChecked(is_one_per_line)
        self._switch.blockSignals(False)

    def show_run(self, run: Run) -> None:
        """Tell what one press makes now."""
        self._run = run
        is_many = run.reading.count > 1 or (run.is_one_per_line and run.reading.count > 0)
        self._switch.setVisible(run.is_one_per_line or _has_lines(run.reading.text))
        self._colour_words("warning" if run.is_too_large else "")
        told = self._told() if is_many else self._told_of_one()
        self._words.say(told)
        self.setAccessibleName(told)
        self._words.setVisible(bool(told))
        self._unfold.setVisible(bool(told))
        self._unfold.setEnabled(not run.is_too_large)
        self._show_list()
        self.setVisible(bool(told) or not self._switch.isHidden())

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(UNIT)
        row.addWidget(self._words, 1)
        row.addWidget(self._unfold)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(UNIT // 2)
        column.addWidget(self._switch)
        column.addLayout(row)
        column.addWidget(self._list)
        self._list.hide()
        self.hide()

    def _colour_words(self, role: str) -> None:
        if role != (self._words.property("role") or ""):
            self._words.setProperty("role", role)
            self._words.style().unpolish(self._words)
            self._words.style().polish(self._words)

    def _told(self) -> str:
        run = self._run
        images = self._images(run.count)
        factors = self._factors()
        told = f"{images}: {factors}" if factors else images
        if run.is_too_large:
            limit = self.tr("up to {limit} at once").format(limit=MOST_PROMPTS)
            return f"{told} · {limit}"
        price = self.tr("free") if run.price is None else money(run.price * run.count)
        return f"{told} · {price}"

    def _told_of_one(self) -> str:
        """What the prompt is where that is not the text; empty where it is."""
        (sent,) = self._run.reading.prompts or ("",)
        text = self._run.reading.text
        if not sent or sent == text or self._run.is_one_per_line:
            return ""
        place = next((place for place, letter in enumerate(sent) if letter != text[place]), len(sent))
        return self.tr("Will be sent as: {prompt}").format(prompt=_excerpt(sent, place))

    def _images(self, count: int) -> str:
        if count == 1:
            return self.tr("1 image")
        number = QLocale().toString(min(count, MOST_COUNTED))
        if count >= MOST_COUNTED:
            return self.tr("Over {count} images").format(count=number)
        return self.tr("{count} images").format(count=number)

    def _factors(self) -> str:
        """Where the number comes from: "3 × 2 × 4 copies"; empty where it comes from nowhere else."""
        run = self._run
        variables = run.reading.variables
        is_matrix = len(variables) > 1 and _product(run.reading) == run.reading.count
        if run.is_one_per_line and not (is_matrix and len(run.reading.texts) == 1):
            factors = [self._lines()]
        else:
            factors = [str(variable.count) for variable in variables]
            if _product(run.reading) != run.reading.count:
                factors = [self.tr("{count} different prompts").format(count=run.reading.count)]
        if len(factors) > _MOST_FACTORS:
            factors[_MOST_FACTORS:] = ["…"]
        if run.copies > 1:
            factors.append(self.tr("{count} copies").format(count=run.copies))
        return " × ".join(factors) if len(factors) > 1 or run.is_one_per_line else ""

    def _lines(self) -> str:
        lines, prompts = len(self._run.reading.texts), self._run.reading.count
        told = self.tr("1 line") if lines == 1 else self.tr("{count} lines").format(count=lines)
        if lines == prompts:
            return told
        number = QLocale().toString(prompts)
        return self.tr("{prompts} prompts from {lines}").format(prompts=number, lines=told)

    def _on_unfolded(self) -> None:
        is_open = self._unfold.isChecked()
        name = self.tr("Hide what will be sent") if is_open else self.tr("Show what will be sent")
        self._unfold.show_sign("chevron-up" if is_open else "chevron-down")
        self._unfold.setAccessibleName(name)
        self._unfold.setToolTip(name)
        self._show_list()
        if is_open:
            self._refill.stop()
            self._fill()

    def _show_list(self) -> None:
        is_open = self._unfold.isChecked() and not self._run.is_too_large and self._run.count > 0
        self._list.setVisible(is_open and not self._unfold.isHidden())
        if is_open:
            self._refill.start()

    def _fill(self) -> None:
        self._list.show_prompts(self._run.reading.pieces)


def _excerpt(prompt: str, place: int) -> str:
    """The words round a place, on one line."""
    start, end = max(0, place - _BEFORE), place + _BEHIND
    words = " ".join(prompt[start:end].split())
    return f"{'…' if start else ''}{words}{'…' if end < len(prompt) else ''}"


def _has_lines(text: str) -> bool:
    """True where more than one line holds something."""
    first, _, others = text.strip().partition("\n")
    return bool(first and others)


def _product(reading: Reading) -> int:
    result = 1
    for variable in reading.variables:
        result = min(MOST_COUNTED, result * variable.count)
    return result
