"""What a prompt says that this API does not want to be told, or that was left unfinished.

The API's page says that ratios and pixel sizes belong into their own fields: repeated in the text they make
results worse. A blank, a mention of a reference that is not there, and a brace that never closes are slips.
Everything here is advice.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, islice
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.clean_cut import Edit, clean_cut
from gptimg_desktop.core.prompt_grammar import Span
from gptimg_desktop.core.sizes import PixelSize, Ratio, Tier, is_impossible, outcomes
from gptimg_desktop.core.sizes_in_text import sizes_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gptimg_desktop.core.prompt import Reading
    from gptimg_desktop.core.prompt_grammar import OpenBrace
    from gptimg_desktop.core.sizes import Size

MOST_FINDINGS: Final = 99
_SAME_SHAPE: Final = 0.005
"""How far a shape in pixels may be off the one that it was rounded from."""


class FindingKind(StrEnum):
    """What kind of slip it is."""

    RATIO = "ratio"
    PIXELS = "pixels"
    BLANK = "blank"
    MENTION = "mention"
    OPEN_BRACE = "open_brace"


class MendKind(StrEnum):
    """What one click does."""

    TAKE_SIZE = "take_size"  # choose the size, take it out of the text
    REMOVE = "remove"  # take it out of the text
    FILL = "fill"  # go there, to write something in its place
    CLOSE = "close"  # put the missing brace


@dataclass(frozen=True, slots=True, kw_only=True)
class Mend:
    """`edit` is the change of the text, None where the user writes; `size` is for TAKE_SIZE."""

    kind: MendKind
    edit: Edit | None = None
    size: Size | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing found at a place; `words` is the heart of what stands there ("16:9", "image 3", "oak")."""

    kind: FindingKind
    span: Span
    words: str
    mend: Mend


def lint(reading: Reading, *, size: Size, tier: Tier = Tier.K1, reference_count: int) -> tuple[Finding, ...]:
    """Everything to be mended in a prompt, the first `MOST_FINDINGS`: slips before sizes that are asked for,
    and these before sizes that are only repeated; each sort in the order of the text."""
    text = reading.text
    each = (
        _blanks(reading),
        _mentions(text, reference_count),
        _open_braces(reading),
        _sizes(text, size, tier),
    )
    found = chain.from_iterable(islice(kind, MOST_FINDINGS) for kind in each)
    return tuple(sorted(found, key=_rank)[:MOST_FINDINGS])


_NUMBER: Final = (
    r"[1-9]\d?(?![\dA-Za-z%°]|[.,]\d|\s?[:：∶x×/–-]\s?\d"
    r"|\s?(?:[mck]?m|metres?|meters?|inch(?:es)?|px|pixels?|m(?:ega)?p(?:ixels?)?|times)\b"
    r"|\s?(?:[张張幅个個米倍次年月]|厘米|毫米|像素|英寸))"
)
"""A number that counts nothing and measures nothing."""
MENTION: Final = re.compile(
    rf"\[[1-9]\d?\]"
    rf"|(?<![A-Za-z0-9_-])(?<!gpt )(?:reference )?(?:images?|bild)[ ]?(?:no\.?[ ]?|nr\.?[ ]?|\#)?{_NUMBER}"
    rf"|(?<![地插草截构構蓝藍版意企试試绘繪制製画畫贴貼配拼附底视視程面果框])[图圖](?:片|像)?[ ]?{_NUMBER}",
    re.ASCII | re.IGNORECASE,
)
"""A reference by its number, as the tray counts them: "image 2", "图2", "[2]"."""


def number_in(mention: str) -> int:
    """Which reference a mention speaks of."""
    return int("".join(filter(str.isdigit, mention)))


def _sizes(text: str, chosen: Size, tier: Tier) -> Iterator[Finding]:
    for seen in sizes_in(text, most=MOST_FINDINGS):
        is_new = seen.size is not None and not _comes_anyway(seen.size, chosen, tier)
        yield Finding(
            kind=FindingKind.PIXELS if "×" in seen.words else FindingKind.RATIO,
            span=seen.span,
            words=seen.words,
            mend=Mend(
                kind=MendKind.TAKE_SIZE if is_new else MendKind.REMOVE,
                edit=clean_cut(text, seen.span),
                size=seen.size if is_new else None,
            ),
        )


def _comes_anyway(asked: Size, chosen: Size, tier: Tier) -> bool:
    """Whether the size that is chosen gives what the text asks for: the same, its very pixels, its shape."""
    if asked == chosen:
        return True
    if isinstance(asked, PixelSize):
        return set(outcomes(chosen, tier)) == {asked}
    if isinstance(asked, Ratio) and isinstance(chosen, PixelSize) and not is_impossible(chosen):
        return abs(chosen.ratio / asked.value_as_float - 1) < _SAME_SHAPE
    return False


def _blanks(reading: Reading) -> Iterator[Finding]:
    for span in reading.blanks:
        words = span.of(reading.text)[1:-1].strip()
        yield Finding(kind=FindingKind.BLANK, span=span, words=words, mend=Mend(kind=MendKind.FILL))


def _mentions(text: str, reference_count: int) -> Iterator[Finding]:
    for match in MENTION.finditer(text):
        if number_in(match[0]) > reference_count:
            span = Span(match.start(), match.end())
            has_brackets = match[0].startswith("[")
            mend = Mend(kind=MendKind.REMOVE, edit=clean_cut(text, span, keep_brackets=has_brackets))
            yield Finding(kind=FindingKind.MENTION, span=span, words=match[0], mend=mend)


def _open_braces(reading: Reading) -> Iterator[Finding]:
    """Those that begin a list of alternatives, or a word."""
    text = reading.text
    for brace in reading.open_braces:
        span = Span(brace.position, brace.position + 1)
        if brace.bars:
            end = _probable_end(text, brace, _end_of(reading.texts, brace.position))
            mend = Mend(kind=MendKind.CLOSE, edit=Edit(Span(end, end), "}"))
        elif text[span.end : span.end + 1].isalpha():
            mend = Mend(kind=MendKind.REMOVE, edit=Edit(span, ""))
        else:
            continue
        yield Finding(kind=FindingKind.OPEN_BRACE, span=span, words="{", mend=mend)


def _end_of(texts: Sequence[Span], position: int) -> int:
    """Where the text ends in which a place lies."""
    return texts[bisect_right(texts, position, key=_span_start) - 1].end


def _span_start(span: Span) -> int:
    return span.start


def _probable_end(text: str, brace: OpenBrace, end: int) -> int:
    """Where the missing brace belongs: behind as many words of the last alternative as the first one has."""
    words = len(text[brace.position + 1 : brace.bars[0]].split()) or 1
    pattern = re.compile(rf"\s*(?:[^\s.,;:!?，。；：！？{{}}]+[^\S\n]*){{0,{words}}}")
    match = pattern.match(text, brace.bars[-1] + 1, end)
    return brace.bars[-1] + 1 + len(match[0].rstrip()) if match else end


def _rank(found: Finding) -> tuple[int, int]:
    """What counts most first: a slip is paid for, a repetition only disturbs."""
    is_size = found.kind in {FindingKind.RATIO, FindingKind.PIXELS}
    weight = 0 if not is_size else 1 if found.mend.kind is MendKind.TAKE_SIZE else 2
    return weight, found.span.start
