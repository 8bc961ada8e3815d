"""What the prompt had better not say, a quiet line each, with a button that mends it."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gptimg_desktop.core.lint import Finding, FindingKind, MendKind, number_in
from gptimg_desktop.core.sizes import PixelSize
from gptimg_desktop.ui.compose.second_click import SecondClick
from gptimg_desktop.ui.icon_label import IconLabel
from gptimg_desktop.ui.plain_label import PlainLabel
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_LINES: Final = 3
_LINES_MORE: Final = 10
_WORDS_LEFT: Final = 19  # of the button, so that its words begin where those of the lines do
_SIGNS: Final = {
    FindingKind.RATIO: "ratio",
    FindingKind.PIXELS: "ratio",
    FindingKind.BLANK: "pencil",
    FindingKind.MENTION: "image-off",
    FindingKind.OPEN_BRACE: "circle-help",
}


class LintLine(QWidget):
    """One finding: a sign, its words, the button. `mend_wanted` carries the `Finding`."""

    mend_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._finding: Finding | None = None
        self._sign = IconLabel("circle-help", "warning")
        self._words = PlainLabel(role="muted")
        self._mend = QPushButton()
        self._mend.setObjectName("lintMend")
        self._mend.setAccessibleName(self.tr("Mend"))
        self._mend.setProperty("role", "small")
        self._mend.setAutoDefault(False)
        self._mend.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the focus in the prompt
        self._mend.clicked.connect(self._on_clicked)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(UNIT)
        row.addWidget(self._sign)
        row.addWidget(self._words, 1)
        row.addWidget(self._mend)
        self.hide()

    @property
    def button(self) -> QPushButton:
        """The one that mends."""
        return self._mend

    def show_finding(self, finding: Finding | None) -> None:
        """Tell a finding; None tells nothing and takes no room."""
        if finding is not None and finding != self._finding:
            words, mend = self._said(finding), self._offered(finding)
            self._sign.show_icon(_SIGNS[finding.kind], "warning")
            self._words.say(words)
            self._mend.setText(mend)
            self._mend.setAccessibleName(f"{mend}: {words}")
            self._mend.setToolTip(self._reason(finding))
            self._mend.setAccessibleDescription(self._reason(finding))
        self._finding = finding
        self.setVisible(finding is not None)

    def _said(self, finding: Finding) -> str:
        kind, words = finding.kind, finding.words
        if kind is FindingKind.BLANK:
            return self.tr("“{blank}” is still a blank").format(blank=words)
        if kind is FindingKind.MENTION:
            return self.tr("There is no reference {number}").format(number=number_in(words))
        if kind is FindingKind.OPEN_BRACE:
            return self.tr("A brace never closes")
        if finding.mend.kind is MendKind.TAKE_SIZE:
            return self.tr("The text asks for {size}").format(size=words)
        return self.tr("The text repeats {size}").format(size=words)

    def _offered(self, finding: Finding) -> str:
        mend = finding.mend
        if mend.kind is MendKind.TAKE_SIZE:
            size = mend.size.label if isinstance(mend.size, PixelSize) else str(mend.size)
            return self.tr("Use {size}").format(size=size)
        if mend.kind is MendKind.FILL:
            return self.tr("Fill in")
        if mend.kind is MendKind.CLOSE:
            return self.tr("Close it")
        if finding.kind is FindingKind.MENTION:
            return self.tr("Remove {mention}").format(mention=finding.words)
        return self.tr("Remove")

    def _reason(self, finding: Finding) -> str:
        if finding.kind in {FindingKind.RATIO, FindingKind.PIXELS}:
            return self.tr(
                "The service reads shape and pixels from their own fields; in the text they disturb."
            )
        return ""

    def _on_clicked(self) -> None:
        if self._finding is not None:
            self.mend_wanted.emit(self._finding)


class LintLines(QWidget):
    """Shows the first few findings and how many there are besides, which come to light a few at a time when
    that is pressed; takes no room where there is none.

    `mend_wanted` carries the `Finding` whose button was pressed.
    """

    mend_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._found: tuple[Finding, ...] = ()
        self._second_click = SecondClick(self)
        self.setObjectName("lintLines")
        self.setAccessibleName(self.tr("What to mend in the prompt"))
        self._lines: list[LintLine] = []
        self._more = self._build_more()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(UNIT // 2)
        self._add_lines(MOST_LINES)
        row = QHBoxLayout()
        row.setContentsMargins(_WORDS_LEFT, 0, 0, 0)
        row.addWidget(self._more)
        row.addStretch(1)
        self._column.addLayout(row)
        self.hide()

    def _build_more(self) -> QPushButton:
        more = QPushButton()
        more.setObjectName("lintMore")
        more.setAccessibleName(self.tr("Show more to mend"))
        more.setProperty("role", "link")
        more.setAutoDefault(False)
        more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        more.clicked.connect(self._open_more)
        return more

    def _add_lines(self, count: int) -> None:
        for _ in range(count):
            line = LintLine()
            line.mend_wanted.connect(self._pass_on)
            self._column.insertWidget(len(self._lines), line)
            self._lines.append(line)

    def _open_more(self) -> None:
        """The next few; the focus goes to the first of them where there is nothing more to press."""
        self._second_click.expect()  # one of them comes under the mouse
        first = len(self._lines)
        had_focus = self._more.hasFocus()
        self._add_lines(_LINES_MORE)
        buttons = [line.button for line in self._lines[first - 1 :]]
        for before, after in pairwise((*buttons, self._more)):
            self.setTabOrder(before, after)
        self.show_findings(self._found)
        if had_focus and self._more.isHidden():
            self._lines[first].button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fold(self) -> None:
        """Back to the first few."""
        for line in self._lines[MOST_LINES:]:
            line.hide()
            line.deleteLater()
        del self._lines[MOST_LINES:]

    def _pass_on(self, finding: Finding) -> None:
        self._second_click.expect()  # the next line comes under the mouse
        self.mend_wanted.emit(finding)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All that is told, or counted, here."""
        return self._found

    def show_findings(self, found: Sequence[Finding]) -> None:
        """Show the first of them, and how many more there are; hide where there are none."""
        self._found = tuple(found)
        if len(found) <= MOST_LINES:
            self._fold()
        for number, line in enumerate(self._lines):
            line.show_finding(found[number] if number < len(found) else None)
        more = len(found) - len(self._lines)
        self._more.setText(self.tr("and {count} more").format(count=more))
        self._more.setAccessibleName(self.tr("Show {count} more to mend").format(count=more))
        self._more.setVisible(more > 0)
        self.setVisible(bool(found))

    def keep_only(self, found: Sequence[Finding]) -> None:
        """Of what is told here leave what was found again, at its present place; nothing new comes."""
        known = Counter(map(_what, self._found))
        still: list[Finding] = []
        for finding in found:
            if known[_what(finding)] > 0:
                known[_what(finding)] -= 1
                still.append(finding)
        self.show_findings(still)


def _what(finding: Finding) -> tuple[object, ...]:
    return finding.kind, finding.words, finding.mend.kind
