"""What the prompt had better not say, a quiet line each, with a button that mends it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gptimg_desktop.core.lint import Finding, FindingKind, MendKind
from gptimg_desktop.core.sizes import PixelSize
from gptimg_desktop.ui.compose.second_click import SecondClick
from gptimg_desktop.ui.icon_label import IconLabel
from gptimg_desktop.ui.plain_label import PlainLabel
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_LINES: Final = 3
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
            return self.tr("There is no reference {number}").format(number=words.strip("[]"))
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
    """Shows the first few findings and how many there are besides; takes no room where there is none.

    `mend_wanted` carries the `Finding` whose button was pressed.
    """

    mend_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._found: tuple[Finding, ...] = ()
        self._second_click = SecondClick(self)
        self.setObjectName("lintLines")
        self.setAccessibleName(self.tr("What to mend in the prompt"))
        self._lines = tuple(LintLine() for _ in range(MOST_LINES))
        self._more = PlainLabel(role="muted")
        self._more.setContentsMargins(3 * UNIT, 0, 0, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(UNIT // 2)
        for line in self._lines:
            column.addWidget(line)
            line.mend_wanted.connect(self._pass_on)
        column.addWidget(self._more)
        self.hide()

    def _pass_on(self, finding: Finding) -> None:
        self._second_click.expect()  # the next line comes under the mouse
        self.mend_wanted.emit(finding)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All that is told, or counted, here."""
        return self._found

    def show_findings(self, found: Sequence[Finding]) -> None:
        self._found = tuple(found)
        for number, line in enumerate(self._lines):
            line.show_finding(found[number] if number < len(found) else None)
        more = len(found) - MOST_LINES
        self._more.say(self.tr("and {count} more").format(count=more) if more > 0 else "")
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
