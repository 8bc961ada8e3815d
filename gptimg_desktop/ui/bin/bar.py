"""Above the tiles of the bin: how long it keeps them, what is in it, and the way to empty it."""

from __future__ import annotations

from PySide6.QtCore import QLocale, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gptimg_desktop.core.bin import KEPT_DAYS, BinContents
from gptimg_desktop.ui.details.action_button import ActionButton
from gptimg_desktop.ui.icon_label import IconLabel
from gptimg_desktop.ui.messages import file_size
from gptimg_desktop.ui.plain_label import PlainLabel
from gptimg_desktop.ui.theme import UNIT


class BinBar(QWidget):
    """Hidden but for the bin's own view. It destroys nothing: `empty_requested` leads to a question."""

    empty_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        self._contents = BinContents()
        self._has_no_trash = False
        super().__init__(parent)
        self.setObjectName("binBar")
        self.setAccessibleName(self.tr("Bin"))
        self._text = PlainLabel(role="muted", parent=self)
        self._text.setObjectName("binText")
        self._empty = ActionButton("emptyBin", self.tr("Empty bin…"), "trash-2", self)
        self._empty.clicked.connect(self.empty_requested)
        row = QHBoxLayout(self)
        row.setContentsMargins(UNIT + UNIT // 2, UNIT // 2, UNIT, UNIT // 2)
        row.setSpacing(UNIT)
        row.addWidget(IconLabel("clock", "muted", parent=self))
        row.addWidget(self._text, 1)
        row.addWidget(self._empty)
        self._say()
        self.hide()

    def set_contents(self, contents: BinContents) -> None:
        """What is in the bin now."""
        self._contents = contents
        self._say()

    def set_trash_refuses(self, *, refuses: bool) -> None:
        """Whether the computer's trash did not take what was due: then all of it stays here."""
        self._has_no_trash = refuses
        self._say()

    def _say(self) -> None:
        if self._has_no_trash:
            kept = self.tr(
                "This computer's trash does not take these files, so they stay here until you delete them."
            )
        else:
            kept = self.tr("Kept for {days} days, then moved to this computer's trash.")
        told = [kept.format(days=KEPT_DAYS), *filter(None, (self._amount(), self._held()))]
        self._text.say(" ".join(told))
        self._empty.setEnabled(self._contents.count > 0)

    def _amount(self) -> str:
        if not self._contents.count:
            return ""
        amount = self.tr("{count} in the bin, {size}.")
        if self._contents.count == 1:
            amount = self.tr("1 in the bin, {size}.")
        count = QLocale().toString(self._contents.count)
        return amount.format(count=count, size=file_size(self._contents.size_bytes))

    def _held(self) -> str:
        if not self._contents.held:
            return ""
        said = self.tr("{count} stay: they go on, or nobody knows yet what became of them.")
        if self._contents.held == 1:
            said = self.tr("1 stays: it goes on, or nobody knows yet what became of it.")
        return said.format(count=QLocale().toString(self._contents.held))
