"""Sizes by what a picture is for, and what each is asked for as.

A shape that has a name is asked for by it, at the lowest tier whose picture has that shape for sure and is
never smaller than what the purpose needs (1080×1920 for a story, say). Any other is a free size that
upstream's rule has nothing against. For paper its shape is within a thousandth of the paper's; for A4 and
Letter it is the paper's very shape, at the most pixels that the rule allows, which is less than 300 ppi on
the whole sheet.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from gptimg_desktop.core.sizes import PixelSize, Ratio, Size, SizeChoice, Tier, probable_tier


class Purpose(StrEnum):
    """What a picture is for."""

    STORY = "story"
    REEL = "reel"
    PORTRAIT_POST = "portrait_post"
    SQUARE_POST = "square_post"
    LINK_PREVIEW = "link_preview"
    PROFILE_HEADER = "profile_header"
    VIDEO_THUMBNAIL = "video_thumbnail"
    BANNER = "banner"
    WEB_HERO = "web_hero"
    SLIDE = "slide"
    SLIDE_4_3 = "slide_4_3"
    WALLPAPER = "wallpaper"
    A4_PORTRAIT = "a4_portrait"
    A4_LANDSCAPE = "a4_landscape"
    LETTER = "letter"
    POSTCARD = "postcard"
    PHOTO_PRINT = "photo_print"
    BUSINESS_CARD = "business_card"


class Use(StrEnum):
    """Where it will be seen."""

    SOCIAL = "social"
    SCREEN = "screen"
    PRINT = "print"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadySize:
    """A purpose with its choice. `needs`: the pixels that the purpose asks for, or, for print, the paper in
    millimetres as (width, height)."""

    purpose: Purpose
    use: Use
    choice: SizeChoice
    needs: tuple[int, int]

    @property
    def is_for_print(self) -> bool:
        return self.use is Use.PRINT


def _ready(purpose: Purpose, use: Use, size: Size, tier: Tier, needs: tuple[int, int]) -> ReadySize:
    return ReadySize(purpose=purpose, use=use, choice=SizeChoice(size, tier), needs=needs)


def _free(purpose: Purpose, use: Use, width: int, height: int, needs: tuple[int, int]) -> ReadySize:
    size = PixelSize(width, height)
    return _ready(purpose, use, size, probable_tier(size), needs)


READY_SIZES: Final = (
    _ready(Purpose.STORY, Use.SOCIAL, Ratio.R9X16, Tier.K2, (1080, 1920)),
    _ready(Purpose.REEL, Use.SOCIAL, Ratio.R9X16, Tier.K2, (1080, 1920)),
    _ready(Purpose.PORTRAIT_POST, Use.SOCIAL, Ratio.R4X5, Tier.K2, (1080, 1350)),
    _ready(Purpose.SQUARE_POST, Use.SOCIAL, Ratio.R1X1, Tier.K2, (1080, 1080)),
    _free(Purpose.LINK_PREVIEW, Use.SOCIAL, 1216, 640, (1200, 630)),
    _ready(Purpose.PROFILE_HEADER, Use.SOCIAL, Ratio.R3X1, Tier.K2, (1500, 500)),
    _ready(Purpose.VIDEO_THUMBNAIL, Use.SOCIAL, Ratio.R16X9, Tier.K1, (1280, 720)),
    _ready(Purpose.BANNER, Use.SCREEN, Ratio.R2X1, Tier.K2, (2400, 1200)),
    _ready(Purpose.WEB_HERO, Use.SCREEN, Ratio.R21X9, Tier.K2, (2560, 1097)),
    _ready(Purpose.SLIDE, Use.SCREEN, Ratio.R16X9, Tier.K2, (1920, 1080)),
    _ready(Purpose.SLIDE_4_3, Use.SCREEN, Ratio.R4X3, Tier.K2, (1600, 1200)),
    _ready(Purpose.WALLPAPER, Use.SCREEN, Ratio.R16X9, Tier.K4, (3840, 2160)),
    _free(Purpose.A4_PORTRAIT, Use.PRINT, 2240, 3168, (210, 297)),
    _free(Purpose.A4_LANDSCAPE, Use.PRINT, 3168, 2240, (297, 210)),
    _free(Purpose.LETTER, Use.PRINT, 2448, 3168, (216, 279)),
    _free(Purpose.POSTCARD, Use.PRINT, 1760, 1248, (148, 105)),
    _ready(Purpose.PHOTO_PRINT, Use.PRINT, Ratio.R3X2, Tier.K2, (150, 100)),
    _free(Purpose.BUSINESS_CARD, Use.PRINT, 1088, 704, (85, 55)),
)
