"""Everything that is told about the prompt's text: its colours, what to mend, and the run that it makes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gptimg_desktop.core.lint import Finding, FindingKind, lint
from gptimg_desktop.core.prompt import Reading, read
from gptimg_desktop.core.sizes import AUTO, Size, Tier
from gptimg_desktop.ui.compose.prompt.line_mode import LineMode
from gptimg_desktop.ui.compose.prompt.lint_lines import LintLines
from gptimg_desktop.ui.compose.prompt.prompt_highlighter import PromptHighlighter
from gptimg_desktop.ui.compose.prompt.run_preview import Run, RunPreview
from gptimg_desktop.ui.compose.prompt.text_places import cursors_at
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from decimal import Decimal

    from PySide6.QtWidgets import QPlainTextEdit

PAUSE_MS: Final = 400
"""How long nothing may be typed before something new is found fault with."""
MANY_SIGNS: Final = 1_500
"""A text with more braces, bars and ends of lines is read at a pause of typing: it takes longer than the eye
forgives at a key press."""
_SIGNS: Final = "{}|\n"


class PromptNotes(QWidget):
    """Stands below an editor and follows its text, also where that is changed silently.

    `mode_changed`: the user turned "one prompt per line" on or off. `size_wanted` carries the `Size` that the
    text asked for and the user took; the text is mended by then. `caught_up`: a text that takes long to read
    was read some time after it changed.
    """

    mode_changed = Signal()
    size_wanted = Signal(object)
    caught_up = Signal()

    def __init__(self, edit: QPlainTextEdit, parent: QWidget | None = None) -> None:
        self._edit = edit
        self._reading = read("")
        self._is_per_line = False
        self._size: Size = AUTO
        self._tier = Tier.K1
        self._reference_count = 0
        self._copies = 1
        self._price: Decimal | None = None
        super().__init__(parent)
        self._highlighter = PromptHighlighter(edit)
        self._lint = LintLines()
        self._run = RunPreview()
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.setObjectName("lintPause")
        self._lay_out()
        self._pause.timeout.connect(self._find_fault)
        self._line_mode = LineMode(edit)
        self._line_mode.moved.connect(self._run.set_one_per_line)
        edit.document().contentsChanged.connect(self._follow)
        self._lint.mend_wanted.connect(self._mend)
        self._run.one_per_line_chosen.connect(self._on_mode_chosen)

    def reading(self) -> Reading:
        """The text as it stands, read; while one types in a text that takes long to read, as it stood when
        that was done last. `catch_up` does it now."""
        text = self._edit.toPlainText()
        return self._reading if self._is_behind(text) else self._read(text)

    def catch_up(self) -> None:
        """Read the text as it stands, however long that takes, where it is not read yet."""
        text = self._edit.toPlainText()
        if self._is_behind(text):
            self._read(text)
            self._show_reading()
            self.caught_up.emit()

    def first_blank(self) -> str:
        """The first blank that is not filled in; empty where there is none."""
        blanks = self._read(self._edit.toPlainText()).blanks
        return blanks[0].of(self._reading.text)[1:-1].strip() if blanks else ""

    def first_stray_mention(self) -> str:
        """The first mention of a reference that is not there, as "image 20"; empty where there is none."""
        found = (each.words for each in self._findings() if each.kind is FindingKind.MENTION)
        return next(found, "")

    def is_one_per_line(self) -> bool:
        return self._run.is_one_per_line()

    def set_one_per_line(self, is_one_per_line: bool) -> None:
        """Show the mode, telling nobody."""
        self._run.set_one_per_line(is_one_per_line)
        self._line_mode.set_on(is_one_per_line)
        self._follow()

    def set_run(self, *, copies: int, price: Decimal | None) -> None:
        """How many images each prompt makes, and what one costs; None where it is free."""
        self._copies, self._price = copies, price
        self._show_run()

    def set_surroundings(self, *, size: Size, tier: Tier, reference_count: int) -> None:
        """What the text is compared with."""
        if (size, tier, reference_count) == (self._size, self._tier, self._reference_count):
            return
        self._size, self._tier, self._reference_count = size, tier, reference_count
        self._look_again()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(UNIT)
        column.addWidget(self._lint)
        column.addWidget(self._run)
        self.hide()

    def _is_known(self, text: str) -> bool:
        return text == self._reading.text and self.is_one_per_line() == self._is_per_line

    def _is_behind(self, text: str) -> bool:
        return not self._is_known(text) and sum(map(text.count, _SIGNS)) > MANY_SIGNS

    def _read(self, text: str) -> Reading:
        if not self._is_known(text):
            self._is_per_line = self.is_one_per_line()
            self._reading = read(text, one_per_line=self._is_per_line)
        return self._reading

    def _follow(self) -> None:
        """The text changed: what was mended goes at once, what is new is told at a pause."""
        if self._is_behind(self._edit.toPlainText()):
            self._lint.show_findings(())  # nobody knows where they are by now
            self._take_room()
        else:
            self.reading()
            self._show_reading()
            if self._lint.findings:
                self._tell(self._findings(), is_new_told=False)
        self._pause.start()

    def _show_reading(self) -> None:
        self._highlighter.show_reading(self._reading)
        self._show_run()

    def _look_again(self) -> None:
        """What the text is compared with changed: told at once, but not in the middle of typing."""
        if not self._pause.isActive():
            self._find_fault()
        elif self._lint.findings:
            self._tell(self._findings(), is_new_told=False)

    def _find_fault(self) -> None:
        self.catch_up()
        self._tell(self._findings(), is_new_told=True)

    def _findings(self) -> tuple[Finding, ...]:
        return lint(self.reading(), size=self._size, tier=self._tier, reference_count=self._reference_count)

    def _tell(self, found: tuple[Finding, ...], *, is_new_told: bool) -> None:
        if is_new_told:
            self._lint.show_findings(found)
        else:
            self._lint.keep_only(found)
        self._highlighter.show_findings(finding.span for finding in self._lint.findings)
        self._take_room()

    def _show_run(self) -> None:
        run = Run(
            reading=self.reading(),
            is_one_per_line=self.is_one_per_line(),
            copies=self._copies,
            price=self._price,
        )
        self._run.show_run(run)
        self._take_room()

    def _take_room(self) -> None:
        self.setVisible(not self._lint.isHidden() or not self._run.isHidden())

    def _on_mode_chosen(self) -> None:
        self._line_mode.set_on(self.is_one_per_line())
        self._follow()
        self.mode_changed.emit()

    def _mend(self, finding: Finding) -> None:
        """Change the text in one step of undo, or go where the user is to write."""
        edit = finding.mend.edit
        span = finding.span if edit is None else edit.span
        (cursor,) = cursors_at(self._edit.document(), self.reading().text, (span,))
        if edit is None:
            self._edit.setTextCursor(cursor)
        else:
            cursor.insertText(edit.text) if edit.text else cursor.removeSelectedText()
        self._edit.setFocus(Qt.FocusReason.OtherFocusReason)
        if finding.mend.size is not None:
            self.size_wanted.emit(finding.mend.size)
