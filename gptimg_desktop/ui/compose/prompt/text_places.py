"""Places in a prompt as Qt counts them: a character beyond the first plane (an emoji) counts twice there."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QTextCursor

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from PySide6.QtGui import QTextDocument

    from gptimg_desktop.core.prompt_grammar import Span

_COUNTS_TWICE: Final = re.compile("[\U00010000-\U0010ffff]")


def qt_length(text: str) -> int:
    """How many positions a text takes in a document."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def cursors_at(document: QTextDocument, text: str, spans: Iterable[Span]) -> Iterator[QTextCursor]:
    """A cursor for each span of the document's text, which has it selected. Spans are in any order."""
    twice = [] if text.isascii() else [found.start() for found in _COUNTS_TWICE.finditer(text)]
    for span in spans:
        cursor = QTextCursor(document)
        cursor.setPosition(span.start + bisect_left(twice, span.start))
        cursor.setPosition(span.end + bisect_left(twice, span.end), QTextCursor.MoveMode.KeepAnchor)
        yield cursor
