"""The groups of facts on one grid, so that all their texts begin on one line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from gptimg_desktop.ui.details.copy_button import CopyButton
from gptimg_desktop.ui.details.copy_field import CopyField
from gptimg_desktop.ui.details.selectable import SelectableLabel
from gptimg_desktop.ui.details.use_button import UseButton
from gptimg_desktop.ui.plain_label import PlainLabel
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from gptimg_desktop.ui.details.facts import Fact, FactGroup

_LABEL_WIDTH: Final = 12 * UNIT
_LABEL, _TEXT, _BUTTON = range(3)
_TOP: Final = Qt.AlignmentFlag.AlignTop


class FactsGrid(QWidget):
    """Shows groups of facts; only texts are exchanged while their shape stays the same, so that a clock may
    tick here and walking through pictures costs little. `part_wanted` carries the Part of the settings that a
    group tells and that is to be used again."""

    part_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shape: tuple[object, ...] = ()
        self._lines: list[CopyField | _FactLine] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(UNIT + UNIT // 2)
        self._grid.setVerticalSpacing(UNIT // 2)
        self._grid.setColumnMinimumWidth(_LABEL, _LABEL_WIDTH)
        self._grid.setColumnStretch(_TEXT, 1)

    def set_groups(self, groups: tuple[FactGroup, ...]) -> None:
        """Show these facts; the lines stay where groups and facts are of the same kinds as before."""
        shape = tuple(_shape_of(group) for group in groups)
        if shape != self._shape:
            self._rebuild(groups)
            self._shape = shape
        facts = [fact for group in groups for fact in group.facts]
        for line, fact in zip(self._lines, facts, strict=True):
            if isinstance(line, CopyField):
                line.set_text(fact.text, shows_end=fact.shows_end)
            else:
                line.show_fact(fact)

    def _rebuild(self, groups: tuple[FactGroup, ...]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._lines = []
        self._row = 0
        for position, group in enumerate(groups):
            self._add_heading(group, is_first=position == 0)
            for fact in group.facts:
                self._add(fact)

    def _add_heading(self, group: FactGroup, *, is_first: bool) -> None:
        heading = _Heading(group, self)
        heading.setContentsMargins(0, 0 if is_first else UNIT + UNIT // 2, 0, 0)
        if heading.button is not None:
            heading.button.part_wanted.connect(self.part_wanted)
        self._grid.addWidget(heading, self._row, _LABEL, 1, 3)
        self._row += 1

    def _add(self, fact: Fact) -> None:
        if fact.is_long:
            field = CopyField(fact.label, self)
            self._grid.addWidget(field, self._row, _LABEL, 1, 3)
            self._lines.append(field)
        else:
            self._add_line(fact)
        self._row += 1

    def _add_line(self, fact: Fact) -> None:
        line = _FactLine(fact, self)
        first, last = (_TEXT if fact.label else _LABEL), (_BUTTON if line.button is None else _TEXT)
        if fact.label:
            label = PlainLabel(fact.label, "muted", self)
            self._grid.addWidget(label, self._row, _LABEL, _TOP)
        self._grid.addWidget(line, self._row, first, 1, last - first + 1, _TOP)
        if line.button is not None:
            self._grid.addWidget(line.button, self._row, _BUTTON, _TOP)
        self._lines.append(line)


class _Heading(QWidget):
    """What a group is called, and `button`, which uses it again, where it can be."""

    def __init__(self, group: FactGroup, parent: QWidget) -> None:
        super().__init__(parent)
        label = PlainLabel(group.heading, "muted", self)
        font = label.font()
        font.setWeight(QFont.Weight.DemiBold)
        label.setFont(font)
        self.button = None if group.part is None else UseButton(group.part, self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(label, 1)
        if self.button is not None:
            row.addWidget(self.button)


class _FactLine(QWidget):
    """A text, a quieter one below it, and `button`, which copies, where there is something to copy."""

    def __init__(self, fact: Fact, parent: QWidget) -> None:
        super().__init__(parent)
        self._text = SelectableLabel(parent=self, is_narrow=True)
        self._detail = SelectableLabel(role="muted", parent=self, is_narrow=True)
        self.button = CopyButton(fact.text, parent) if fact.copied else None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._text)
        column.addWidget(self._detail)
        self._detail.setVisible(bool(fact.detail))

    def show_fact(self, fact: Fact) -> None:
        self._text.say_if_new(fact.text)
        self._detail.say_if_new(fact.detail)
        if self.button is not None:
            self.button.set_text(fact.copied, fact.text)


def _shape_of(group: FactGroup) -> tuple[object, ...]:
    """All of a group but its texts."""
    lines = ((fact.label, fact.is_long, bool(fact.detail), bool(fact.copied)) for fact in group.facts)
    return group.heading, group.part, *lines
