"""Text inside pictures, only ever in fonts that have a glyph for each of its characters."""

from __future__ import annotations

import functools
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PIL import ImageFont, features

if TYPE_CHECKING:
    from collections.abc import Sequence

_LINUX: Final = Path("/usr/share/fonts")
_MAC: Final = Path("/System/Library/Fonts")
_WINDOWS: Final = Path("C:/Windows/Fonts")

SYSTEM_FONTS: Final = (
    _LINUX / "opentype/noto/NotoSansCJK-Regular.ttc",
    _LINUX / "noto-cjk/NotoSansCJK-Regular.ttc",
    _LINUX / "google-noto-cjk/NotoSansCJK-Regular.ttc",
    _LINUX / "google-noto-sans-cjk-fonts/NotoSansCJK-Regular.ttc",
    _LINUX / "truetype/wqy/wqy-microhei.ttc",
    _LINUX / "truetype/wqy/wqy-zenhei.ttc",
    _LINUX / "wenquanyi/wqy-zenhei/wqy-zenhei.ttc",
    _LINUX / "truetype/droid/DroidSansFallbackFull.ttf",
    _LINUX / "truetype/dejavu/DejaVuSans.ttf",
    _LINUX / "TTF/DejaVuSans.ttf",
    _LINUX / "dejavu-sans-fonts/DejaVuSans.ttf",
    _MAC / "PingFang.ttc",
    _MAC / "Hiragino Sans GB.ttc",
    _MAC / "STHeiti Medium.ttc",
    _MAC / "Supplemental/Arial Unicode.ttf",
    _WINDOWS / "msyh.ttc",
    _WINDOWS / "simsun.ttc",
    _WINDOWS / "malgun.ttf",
    _WINDOWS / "segoeui.ttf",
)
"""Where systems keep fonts of many scripts, the better-looking ones first."""

_PROBE_SIZE: Final = 32
_NEVER_DRAWN: Final = ("\ufffe", "\uffff", "\U0010ffff")  # no font has glyphs for these
_FEWEST_CHARACTERS: Final = 3
_MOST_WORDS: Final = 7
_MOST_CHARACTERS: Final = 42
_MOST_WIDE_CHARACTERS: Final = 16


def caption_of(prompt: str) -> str:
    """The prompt's first words in one line, with an ellipsis where something was left out."""
    text = unicodedata.normalize("NFC", " ".join(prompt.split()))
    short = " ".join(text.split(" ")[:_MOST_WORDS])
    wide = any(unicodedata.east_asian_width(character) in "WF" for character in short)
    limit = _MOST_WIDE_CHARACTERS if wide else _MOST_CHARACTERS
    if len(short) > limit:
        short = short[:limit] if wide else short[: limit + 1].rpartition(" ")[0] or short[:limit]
    return short if short == text else short.rstrip(" ,.;:，。、；：") + "…"


class Typesetter:
    """Finds a font for a text. `fonts` are files that may or may not exist, tried after the bundled one."""

    def __init__(self, fonts: Sequence[Path] = SYSTEM_FONTS) -> None:
        self._fonts = (None, *fonts)

    def font_for(self, text: str, size: float) -> ImageFont.FreeTypeFont | None:
        """The first font that really covers the whole text, in pixels of `size`; None where none does."""
        if _needs_shaping(text) and not features.check("raqm"):
            return None
        for path in self._fonts:
            if _covers(path, frozenset(text)):
                return _font(path, size)
        return None


def _needs_shaping(text: str) -> bool:
    """True for scripts that are wrong when letter is simply put beside letter."""
    return any(
        unicodedata.bidirectional(character) in {"R", "AL"} or unicodedata.category(character) in {"Mn", "Mc"}
        for character in text
    )


@functools.lru_cache(maxsize=64)
def _font(path: Path | None, size: float) -> ImageFont.FreeTypeFont | None:
    """A font file at a size, the bundled font for None; None where the file is missing or no font."""
    if path is not None and not path.is_file():
        return None  # asked for a missing file, Pillow would go looking for another of that name
    try:
        font = ImageFont.load_default(size) if path is None else ImageFont.truetype(str(path), size)
    except OSError:
        return None
    return font if isinstance(font, ImageFont.FreeTypeFont) else None


@functools.lru_cache(maxsize=512)
def _covers(path: Path | None, characters: frozenset[str]) -> bool:
    """True where every character but the space leaves a mark of its own, not that of a missing glyph."""
    font = _font(path, _PROBE_SIZE)
    if font is None:
        return False
    missing = {_mark(font, character) for character in _NEVER_DRAWN}
    marks = [_mark(font, character) for character in characters - {" "}]
    return all(mark is not None and mark not in missing for mark in marks)


def _mark(font: ImageFont.FreeTypeFont, character: str) -> tuple[tuple[int, int], bytes] | None:
    """What a character looks like on its own; None where nothing is seen."""
    mask = font.getmask(character, mode="L")
    pixels = bytes(mask)
    return (mask.size, pixels) if any(pixels) else None


def shortened(text: str, font: ImageFont.FreeTypeFont, room: float) -> str:
    """The text, or as much of its beginning as fits the room (pixels) with an ellipsis; empty for nothing."""
    if font.getlength(text) <= room:
        return text
    kept = text.rstrip("…")
    while kept and font.getlength(kept + "…") > room:
        kept = kept[:-1].rstrip(" ,.;:，。、；：")
    return kept + "…" if len(kept) >= _FEWEST_CHARACTERS else ""
