"""Texts broken into as many lines as there is room for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

if TYPE_CHECKING:
    from PySide6.QtGui import QFontMetrics

_EDGE = 1
"""Widths are told in whole pixels: what is drawn may be a fraction wider, and would be cut."""


def wrapped(metrics: QFontMetrics, text: str, width: int, most: int, *, last: str = "") -> list[str]:
    """A text in up to `most` lines, broken at blanks (anywhere in a script without blanks), the last one
    ending in an ellipsis where more would follow; then `last`, where there is one, has the last line."""
    lines: list[str] = []
    rest, width = text.strip(), width - _EDGE
    while rest and len(lines) < most - 1:
        cut = _cut(metrics, rest, width)
        lines.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    if last and most > 0 and metrics.horizontalAdvance(rest) > width:
        *lines, rest = [*wrapped(metrics, text, width + _EDGE, most - 1), last]
    if rest and most > 0:
        lines.append(metrics.elidedText(rest, Qt.TextElideMode.ElideRight, width))
    return lines


def _cut(metrics: QFontMetrics, text: str, width: int) -> int:
    """How many characters of a text make its first line: one at least."""
    fits = len(text)
    while fits > 1 and metrics.horizontalAdvance(text[:fits]) > width:
        fits -= 1
    if fits == len(text):
        return fits
    blank = text.rfind(" ", 0, fits + 1)
    return blank + 1 if blank > 0 else fits
