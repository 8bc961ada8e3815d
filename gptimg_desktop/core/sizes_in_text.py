"""Where a text names the shape or the pixels of a picture, as far as a few words beside it tell.

What may be a time of day, a score, a scale or a length is let pass.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.prompt_grammar import Span
from gptimg_desktop.core.sizes import PixelSize, Ratio, is_impossible

if TYPE_CHECKING:
    from collections.abc import Iterator

_TALK_OF_RATIO: Final = (
    r"(?:aspect[ -]?ratio|(?:image |picture )?(?:ratio|format|size|proportions?)|aspect|seitenverhältnis|"
    r"(?:宽高|长宽|纵横|横纵|画面|画幅|图片)?(?:比例|比)|画幅|尺寸)"
)
_ENTRY: Final = r"(?:\b(?:in|with|im|mit|at|as|als|auf)\s+(?:(?:an?|the|dem|einem|das)\s+)?)"
_LINK: Final = r"\s*(?:of|is|von|ist|为|是|[:：=])?\s*"
_BEFORE_RATIO: Final = re.compile(
    rf"(?:(?:{_ENTRY}?{_TALK_OF_RATIO}{_LINK})|{_ENTRY}|(?:--?(?:ar|aspect)[\s=]+))\Z", re.IGNORECASE
)
_AFTER_RATIO: Final = re.compile(
    r"\s?-?(?:aspect[ -]?ratio|ratio|format|aspect|seitenverhältnis)\b"
    r"|\s?的?(?:宽高|画面|长宽)?(?:比例|画幅)的?",
    re.IGNORECASE,
)
_SAYS_RATIO: Final = re.compile(
    r"aspect|--?ar\b|seitenverhältnis|(?:宽高|长宽|纵横|横纵)比|比例|画幅|(?<!contrast )\bratio\b",
    re.IGNORECASE,
)
_RATIO: Final = re.compile(
    r"(?<![A-Za-z0-9:：.,/])(\d{1,2}(?:\.\d{1,2})?) ?([:：∶x×]) ?(\d{1,2}(?:\.\d{1,2})?)"
    r"(?![A-Za-z0-9:：/]|[.,]\d)",
    re.ASCII | re.IGNORECASE,
)
_SCREEN_SHAPES: Final = frozenset({Ratio.R16X9, Ratio.R9X16, Ratio.R21X9, Ratio.R9X21})
"""What nobody writes with a × to say how many of something there are."""
_TIMES_OF_DAY: Final = frozenset({Ratio.R9X16, Ratio.R9X21})
_TIME_BEFORE: Final = re.compile(
    r"(?:\b(?:at|by|until|till|since|from|around|um|gegen|bis|ab|clock|time|reads?|shows?|showing)"
    r"|时间|上午|下午|早上|晚上|凌晨)[\s:：]*\Z",
    re.IGNORECASE,
)
_TIME_AFTER: Final = re.compile(r"\s*(?:[ap]\.?m\b|o'?clock|uhr\b|h\b|hrs?\b|[-–—]\s?\d|点)", re.IGNORECASE)
_COUNTED_BEFORE: Final = re.compile(
    r"\b(?:scor\w*|w[io]ns?|lost|loses?|beats?|leads?|led|result|final|odds|scales?|scaled|ma(?:ß|ss)stab|gear"
    r"|contrast|macro|magnification|lens|mix\w*|dilut\w*|genesis|psalms?|john|mark|luke|matthew|chapter|verse)\b[\w\s]{0,12}[:：]?\s*\Z"
    r"|比分\W?\Z",
    re.IGNORECASE,
)
_COUNTED_AFTER: Final = re.compile(
    r"\s?-?(?:scales?\b|ma(?:ß|ss)stab|victory|wins?\b|win\b|lead\b|score|mix|odds|goal|defeat|lens|macro"
    r"|magnification)",
    re.IGNORECASE,
)

_PIXELS: Final = re.compile(
    r"(?<![A-Za-z0-9.,/])(\d{2,5}) ?(?:px|像素)? ?(?:[x×✕*]|by) ?(\d{2,5})(?![0-9]|[.,]\d)"
    r"(\s?(?:px|pixels?|像素)(?![A-Za-z]))?",
    re.ASCII | re.IGNORECASE,
)
_BEFORE_PIXELS: Final = re.compile(
    rf"{_ENTRY}?(?:(?:(?:image |output |canvas )?(?:resolution|size|dimensions?|auflösung|größe)"
    rf"|分辨率|尺寸|大小){_LINK})?\Z",
    re.IGNORECASE,
)
_AFTER_PIXELS: Final = re.compile(r"(?:\s(?:resolution|size|canvas|auflösung)\b|\s?的?分辨率)", re.IGNORECASE)
_LENGTH_AFTER: Final = re.compile(
    r"\s?(?:mm|cm|m|km|in|inch(?:es)?|ft|feet|foot|yards?|met(?:er|re)s?|meilen|miles?|kg|dpi|people|[\"”″'′]|厘米|毫米|米)"
    r"(?![A-Za-z])",
    re.IGNORECASE,
)
_LEAST_PIXEL_EDGE: Final = 256
"""Below that two numbers are pixels only where they say so."""
_WINDOW: Final = 40
"""How many characters beside a number are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeSighting:
    """Where the text names a size, with the words round it that belong to it. `words`: the size alone, as one
    would write it. `size`: what the API takes for it, None where it takes nothing like that."""

    span: Span
    words: str
    size: Ratio | PixelSize | None


def sizes_in(text: str, *, most: int) -> Iterator[SizeSighting]:
    """Sizes in the order of the text, none inside another; about `most` of them."""
    end = 0
    each = (islice(seen, most) for seen in (_pixels(text), _ratios(text)))
    for seen in sorted(chain.from_iterable(each), key=_start):
        if seen.span.start >= end:
            end = seen.span.end
            yield seen


def _ratios(text: str) -> Iterator[SizeSighting]:
    for match in _RATIO.finditer(text):
        before, after = _beside(text, match)
        ratio = _ratio(f"{match[1]}:{match[3]}")
        lead, tail = _BEFORE_RATIO.search(before), _AFTER_RATIO.match(after)
        said = (lead[0] if lead else "") + (tail[0] if tail else "")
        if not _SAYS_RATIO.search(said) and not _is_bare_ratio(ratio, match[2], before, after):
            continue
        if _COUNTED_BEFORE.search(before):
            continue
        start = match.start() - (len(lead[0]) if lead else 0)
        span = Span(start, match.end() + (len(tail[0]) if tail else 0))
        yield SizeSighting(span=span, words=f"{match[1]}:{match[3]}", size=ratio)


def _is_bare_ratio(ratio: Ratio | None, sign: str, before: str, after: str) -> bool:
    """Whether two numbers that nothing calls a ratio are one all the same."""
    if ratio is None or _COUNTED_AFTER.match(after):
        return False
    if sign in "x×X":
        return ratio in _SCREEN_SHAPES and not _LENGTH_AFTER.match(after)
    is_time = ratio in _TIMES_OF_DAY and bool(_TIME_BEFORE.search(before) or _TIME_AFTER.match(after))
    return not is_time and not _TIME_AFTER.match(after)


def _pixels(text: str) -> Iterator[SizeSighting]:
    for match in _PIXELS.finditer(text):
        before, after = _beside(text, match)
        width, height = int(match[1]), int(match[2])
        is_named = "px" in match[0].lower() or "像素" in match[0] or match[3] is not None
        if not is_named and (min(width, height) < _LEAST_PIXEL_EDGE or _LENGTH_AFTER.match(after)):
            continue
        lead, tail = _BEFORE_PIXELS.search(before), _AFTER_PIXELS.match(after)
        start = match.start() - (len(lead[0]) if lead else 0)
        span = Span(start, match.end() + (len(tail[0]) if tail else 0))
        size = PixelSize(width, height)
        yield SizeSighting(
            span=span,
            words=size.label,
            size=None if is_impossible(size) else size,
        )


def _beside(text: str, match: re.Match[str]) -> tuple[str, str]:
    """What stands before and after a match on its line, as far as it is looked at."""
    before = text[max(0, match.start() - _WINDOW) : match.start()]
    after = text[match.end() : match.end() + _WINDOW]
    return before.rpartition("\n")[2], after.partition("\n")[0]


def _ratio(text: str) -> Ratio | None:
    return next((ratio for ratio in Ratio if ratio.value == text), None)


def _start(seen: SizeSighting) -> int:
    return seen.span.start
