"""Taking a few words out of a text so that nobody sees where they were."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from gptimg_desktop.core.prompt_grammar import Span

_BLANKS: Final = " \t\u3000\u00a0"
_COMMAS: Final = ",;，；、"
_STOPS: Final = ".!?。！？:："
_BRACKETS: Final = frozenset({"()", "（）", "[]", "【】", "«»", "“”", '""'})
_OPENING: Final = "([{（【“«"
_CLOSING: Final = ")]}）】”»"


@dataclass(frozen=True, slots=True)
class Edit:
    """A change of a text: what stands at `span` becomes `text`."""

    span: Span
    text: str


def clean_cut(text: str, span: Span, *, keep_brackets: bool = False) -> Edit:
    """The change that takes out what stands at `span`, with the blanks, the comma, the brackets or the line
    that stood there for its sake only. `keep_brackets`: what stands there has brackets of its own."""
    start, end = _with_blanks(text, span.start, span.end)
    while not keep_brackets and text[start - 1 : start] + text[end : end + 1] in _BRACKETS and start > 0:
        start, end = _with_blanks(text, start - 1, end + 1)
    return _closed(text, start, end, type(span))


def _closed(text: str, start: int, end: int, span: type[Span]) -> Edit:
    """Join what is left on both sides; `start` and `end` stand at no blank."""
    left, right = text[start - 1 : start] if start else "", text[end : end + 1]
    if left in {"", "\n"} and right in {"", "\n"}:
        return Edit(_line(text, start, end, span), "")
    if left in {"", "\n"} or left in _OPENING:
        return Edit(span(start, _past_comma(text, end)), "")
    if left in _COMMAS and (not right or right in _COMMAS + _STOPS + _CLOSING + "\n"):
        return Edit(span(_before_comma(text, start), end), "")
    is_tight = not right or right in _COMMAS + _STOPS + _CLOSING + "\n"
    return Edit(span(start, end), "" if is_tight else _joint(text, start, end))


def _joint(text: str, start: int, end: int) -> str:
    """One blank where there was one on either side."""
    had_blank = start < end and (text[start] in _BLANKS or text[end - 1] in _BLANKS)
    return " " if had_blank else ""


def _with_blanks(text: str, start: int, end: int) -> tuple[int, int]:
    while start > 0 and text[start - 1] in _BLANKS:
        start -= 1
    while end < len(text) and text[end] in _BLANKS:
        end += 1
    return start, end


def _past_comma(text: str, end: int) -> int:
    """Behind the comma that would begin the line now, and its blanks."""
    while end < len(text) and text[end] in _COMMAS + _BLANKS:
        end += 1
    return end


def _before_comma(text: str, start: int) -> int:
    while start > 0 and text[start - 1] in _COMMAS + _BLANKS:
        start -= 1
    return start


def _line(text: str, start: int, end: int, span: type[Span]) -> Span:
    """A line that holds nothing else goes with its end."""
    if end < len(text):
        return span(start, end + 1)
    return span(max(0, start - 1), end)
