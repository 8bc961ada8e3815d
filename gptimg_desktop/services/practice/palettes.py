"""Colours that go together, and which of them a prompt or its references call for."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from PIL import Image

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

Colour = tuple[int, int, int]


def colour(text: str) -> Colour:
    """A colour from six hexadecimal digits."""
    value = int(text, 16)
    return value >> 16, value >> 8 & 255, value & 255


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """The colour that lies at `share` (0 to 1) of the way from one to the other."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def brightness(value: Colour) -> float:
    """How light a colour looks, 0 to 255."""
    return 0.299 * value[0] + 0.587 * value[1] + 0.114 * value[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """Five steps from dark to light and two accents."""

    ink: Colour
    deep: Colour
    middle: Colour
    soft: Colour
    paper: Colour
    accent: Colour
    spark: Colour
    is_night: bool = False

    @classmethod
    def of(cls, colours: str) -> Palette:
        """A palette from seven colours in the order of the fields."""
        ink, deep, middle, soft, paper, accent, spark = map(colour, colours.split())
        return cls(ink=ink, deep=deep, middle=middle, soft=soft, paper=paper, accent=accent, spark=spark)

    @property
    def steps(self) -> tuple[Colour, ...]:
        """The five steps, darkest first."""
        return self.ink, self.deep, self.middle, self.soft, self.paper

    @property
    def lively(self) -> tuple[Colour, ...]:
        """The colours for shapes on a light ground."""
        return self.deep, self.middle, self.accent, self.spark, self.soft

    def step(self, place: float) -> Colour:
        """The colour at a place between darkest (0) and lightest (1), in between mixed."""
        position = min(max(place, 0.0), 1.0) * (len(self.steps) - 1)
        index = min(int(position), len(self.steps) - 2)
        return mixed(self.steps[index], self.steps[index + 1], position - index)

    def at_night(self) -> Palette:
        """The same colours after sunset; the accents stay bright."""
        dark = colour("060a1c")
        return replace(
            self,
            ink=mixed(self.ink, dark, 0.7),
            deep=mixed(self.deep, dark, 0.72),
            middle=mixed(self.deep, dark, 0.2),
            soft=mixed(self.middle, dark, 0.35),
            paper=mixed(self.middle, self.soft, 0.45),
            accent=mixed(self.accent, colour("fff3cf"), 0.55),
            is_night=True,
        )


#            ink    deep   middle soft   paper  accent spark
CURATED: Final = {
    "dusk": Palette.of("1f1a38 4b2e63 a04a7d f08a7b fde3c8 ffb347 e85d75"),
    "rose": Palette.of("3a1626 7c2a45 c9506b f2a3a0 fdeee6 f4b860 4f7f86"),
    "vermilion": Palette.of("2a1418 7a1f1f c8362c ee8a5b fbe8d3 f4b942 1f5c63"),
    "amber": Palette.of("2b1d12 7a3e16 d97a1e f5b84b fff1d0 c8412b 2e6f6b"),
    "wheat": Palette.of("2e2a1c 7d6a24 d9b036 f3d77a fdf6dc e0702f 3c6e71"),
    "moss": Palette.of("14231b 2b4d37 5f8a4c b5cc85 f3f3da e8a33d c9553f"),
    "lagoon": Palette.of("0c2530 135063 2b93a1 8fd3c8 f2f7ec f4a259 e4572e"),
    "harbour": Palette.of("0e1b33 1f3f73 3f7cbf 9cc7e8 f3f6f7 f2b33d e5593b"),
    "iris": Palette.of("1a1440 3b2f8f 7767d3 b9b0f0 f4f0fb f7b2b7 f5d06f"),
    "cocoa": Palette.of("23160f 573a27 96694a d1a983 f6ebdd c65d3b 4c7a74"),
    "stone": Palette.of("1b1d20 45494f 868c93 c5c8c9 f5f3ee e0523a e3b341"),
    "desert": Palette.of("2b2333 6b4a5b c07a63 e8b796 f9ecdd f2c14e 4f8a83"),
    "nordic": Palette.of("172a3a 33556b 7098a0 bcd0c7 f4f1e6 d96c4b eac35a"),
    "orchard": Palette.of("24302a 3f5e4d 8a9a5b e6c98f fbf3e1 d1495b edae49"),
}

COLOUR_WORDS: Final = {
    "vermilion": ("red", "crimson", "scarlet", "ruby", "红", "赤", "朱"),
    "amber": ("orange", "copper", "tangerine", "橙", "橘"),
    "wheat": ("yellow", "gold", "golden", "lemon", "黄", "金"),
    "moss": ("green", "emerald", "olive", "forest", "jade", "绿", "翠", "森"),
    "lagoon": ("teal", "turquoise", "cyan", "aqua", "mint", "青", "碧"),
    "harbour": ("blue", "azure", "navy", "indigo", "cobalt", "蓝"),
    "iris": ("purple", "violet", "lavender", "lilac", "紫"),
    "rose": ("pink", "magenta", "blush", "cherry", "sakura", "粉", "樱"),
    "cocoa": ("brown", "wood", "wooden", "coffee", "chocolate", "棕", "褐", "木"),
    "stone": ("grey", "gray", "black", "white", "monochrome", "silver", "灰", "黑", "白", "银"),
    "dusk": ("sunset", "dusk", "twilight", "黄昏", "日落", "晚霞"),
    "desert": ("desert", "sand", "dune", "沙"),
    "nordic": ("winter", "snow", "ice", "nordic", "雪", "冬", "冰"),
    "orchard": ("autumn", "harvest", "fruit", "秋", "果"),
}


def named_palettes(words: frozenset[str], prompt: str) -> list[Palette]:
    """The palettes whose words stand in a prompt, `words` being its Latin ones in lower case."""
    return [
        CURATED[name]
        for name, keys in COLOUR_WORDS.items()
        if any(key in words if key.isascii() else key in prompt for key in keys)
    ]


def palette_for(words: frozenset[str], prompt: str, fitting: Sequence[str], source: random.Random) -> Palette:
    """A palette that the prompt's colour words call for, a second colour giving the accent; where there are
    none, one of the `fitting` (names), or any.
    """
    any_palette = CURATED[source.choice(fitting or list(CURATED))]
    named = named_palettes(words, prompt)
    if not named:
        return any_palette
    source.shuffle(named)
    return named[0] if len(named) == 1 else replace(named[0], accent=named[1].middle)


def palette_of_pictures(files: Sequence[bytes]) -> Palette:
    """A palette out of the pictures' own colours, spread so that light and dark are told apart."""
    strip = Image.new("RGB", (48 * len(files), 48))
    for index, file in enumerate(files):
        with Image.open(io.BytesIO(file), formats=("PNG",)) as picture:
            strip.paste(picture.convert("RGB").resize((48, 48), Image.Resampling.BOX), (48 * index, 0))
    found = sorted(_main_colours(strip, 5), key=brightness)
    liveliest = sorted(_main_colours(strip, 12), key=lambda item: max(item) - min(item))
    return Palette(
        ink=mixed(found[0], (12, 14, 20), 0.6),
        deep=mixed(found[1], (20, 24, 32), 0.35),
        middle=found[2],
        soft=mixed(found[3], (255, 255, 255), 0.3),
        paper=mixed(found[4], (250, 247, 240), 0.75),
        accent=liveliest[-1],
        spark=liveliest[len(liveliest) * 2 // 3],
    )


def _main_colours(picture: Image.Image, count: int) -> list[Colour]:
    """`count` colours that a picture is mostly made of; the last is repeated where it has fewer."""
    values = picture.quantize(count).getpalette("RGB") or [128, 128, 128]
    colours = [
        (values[at], values[at + 1], values[at + 2]) for at in range(0, min(len(values), 3 * count), 3)
    ]
    return colours + [colours[-1]] * (count - len(colours))
