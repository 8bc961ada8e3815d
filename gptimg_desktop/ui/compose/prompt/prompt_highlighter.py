"""Colours in the prompt: what is a variable, a blank or a mention, and what is to be mended."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QColor, QTextCharFormat
from PySide6.QtWidgets import QTextEdit

from gptimg_desktop.core.lint import MENTION
from gptimg_desktop.core.prompt_grammar import Span
from gptimg_desktop.ui.compose.prompt.text_places import cursors_at
from gptimg_desktop.ui.theme import tokens_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from PySide6.QtGui import QTextCursor
    from PySide6.QtWidgets import QPlainTextEdit

    from gptimg_desktop.core.prompt import Reading

MOST_MARKS: Final = 300
"""What lies beyond stays plain: so many places nobody reads, and each costs time at every key press."""


class PromptHighlighter(QObject):
    """Marks places of an editor's text.

    The marks are laid over the text when it is painted. Formats within the document, which Qt's own
    highlighter sets, would count as changes of the text: each time one of them changes, all that listens to
    the editor would take it for typing.
    """

    def __init__(self, edit: QPlainTextEdit) -> None:
        self._edit = edit
        self._text = ""
        self._variables: Sequence[Span] = ()
        self._blanks: Sequence[Span] = ()
        self._mentions: Sequence[Span] = ()
        self._findings: Sequence[Span] = ()
        super().__init__(edit)
        edit.installEventFilter(self)

    def show_reading(self, reading: Reading) -> None:
        """Mark what the text holds now; what was found in an earlier text is no longer underlined."""
        self._text = reading.text
        self._variables = _first(variable.span for variable in reading.variables)
        self._blanks = _first(reading.blanks)
        self._mentions = _first(Span(*found.span()) for found in MENTION.finditer(reading.text))
        self._findings = ()
        self._paint()

    def show_findings(self, spans: Iterable[Span]) -> None:
        """Underline places of the text that was last read."""
        self._findings = _first(spans)
        self._paint()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002
        """The editor wears another theme."""
        if event.type() == QEvent.Type.PaletteChange:
            self._paint()
        return False

    def _paint(self) -> None:
        """Lay the marks over the text in the colours of the theme."""
        tokens = tokens_for(self._edit.palette())
        accent, ground, warning = QColor(tokens.accent), QColor(tokens.accent_soft), QColor(tokens.warning)
        variable, blank, mention, finding = (QTextCharFormat() for _ in range(4))
        for coloured in (variable, blank, mention):
            coloured.setForeground(accent)
        variable.setBackground(ground)
        blank.setBackground(ground)
        blank.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DashUnderline)
        blank.setUnderlineColor(accent)
        finding.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        finding.setUnderlineColor(warning)
        marks = (
            *self._marks(self._variables, variable),
            *self._marks(self._blanks, blank),
            *self._marks(self._mentions, mention),
            *self._marks(self._findings, finding),
        )
        if marks or self._edit.extraSelections():
            self._edit.setExtraSelections(marks)

    def _marks(self, spans: Iterable[Span], look: QTextCharFormat) -> list[QTextEdit.ExtraSelection]:
        return [_mark(cursor, look) for cursor in cursors_at(self._edit.document(), self._text, spans)]


def _mark(cursor: QTextCursor, look: QTextCharFormat) -> QTextEdit.ExtraSelection:
    mark = QTextEdit.ExtraSelection()
    mark.cursor = cursor
    mark.format = look
    return mark


def _first(spans: Iterable[Span]) -> tuple[Span, ...]:
    return tuple(islice(spans, MOST_MARKS))
