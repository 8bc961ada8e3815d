"""Pictures of the practice service: drawn from prompt, seed and references, and marked as practice."""

from __future__ import annotations

import io
import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from gptimg_desktop.services.practice import landscapes, posters
from gptimg_desktop.services.practice.canvas import Canvas
from gptimg_desktop.services.practice.chance import drawn
from gptimg_desktop.services.practice.palettes import palette_for, palette_of_pictures
from gptimg_desktop.services.practice.prints import pin_up
from gptimg_desktop.services.practice.signature import sign

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Mapping, Sequence

    from PIL import Image

    from gptimg_desktop.services.practice.captions import Typesetter
    from gptimg_desktop.services.practice.palettes import Palette

    Scene = Callable[[Canvas, Palette, random.Random], None]

SCENES: Final = {
    landscapes.hills: (
        "hill",
        "hills",
        "field",
        "landscape",
        "valley",
        "meadow",
        "forest",
        "丘",
        "田",
        "森林",
        "风景",
    ),
    landscapes.mountains: ("mountain", "mountains", "alps", "peak", "cliff", "山", "峰"),
    landscapes.sea: (
        "sea",
        "ocean",
        "wave",
        "waves",
        "beach",
        "lake",
        "river",
        "water",
        "海",
        "湖",
        "河",
        "浪",
    ),
    landscapes.town: ("city", "town", "street", "building", "skyline", "house", "城", "街", "楼"),
    posters.tiles: ("bauhaus", "geometric", "pattern", "tiles", "abstract", "poster", "几何", "图案", "抽象"),
    posters.paper: ("paper", "layers", "collage", "map", "cave", "纸", "剪"),
    posters.orbits: ("space", "planet", "galaxy", "cosmos", "rocket", "astronaut", "宇宙", "星", "太空"),
    posters.arches: ("arch", "retro", "modern", "interior", "rainbow", "architecture", "拱", "彩虹", "室内"),
    posters.figure: ("portrait", "woman", "man", "girl", "boy", "face", "person", "人", "肖像", "女", "男"),
    posters.mark: ("logo", "icon", "emblem", "brand", "badge", "标志", "图标", "徽"),
    posters.plants: (
        "flower",
        "flowers",
        "plant",
        "garden",
        "leaf",
        "leaves",
        "tree",
        "花",
        "草",
        "树",
        "植物",
    ),
}
"""The scenes, and the words that call for them; Chinese ones count anywhere in the prompt."""

FITTING: Final[Mapping[Scene, tuple[str, ...]]] = MappingProxyType(
    {
        landscapes.sea: ("lagoon", "harbour", "nordic", "dusk", "iris", "rose"),
        landscapes.town: ("dusk", "harbour", "nordic", "desert", "iris", "amber"),
        posters.orbits: ("dusk", "harbour", "iris", "lagoon", "rose", "vermilion", "nordic"),
    }
)
"""Palettes for the scenes that do not look right in every colour."""

NIGHT_WORDS: Final = ("night", "midnight", "moon", "moonlight", "dark", "stars", "夜", "月", "星空")

COMPRESSION: Final = 4


class Painter:
    """Draws one picture after another; the same arguments give the same pixels on the same machine."""

    def __init__(self, typesetter: Typesetter) -> None:
        self._typesetter = typesetter

    def paint(
        self, prompt: str, seed: str, size: tuple[int, int], references: Sequence[bytes] = ()
    ) -> Image.Image:
        """A picture (RGB) of exactly the size. `references` are small PNG files, all of which show in it."""
        source = drawn(f"{seed}/{prompt!a}", "picture")
        words = frozenset(re.findall(r"[a-z]+", prompt.lower()))
        scene = _scene(words, prompt, source)
        palette = (
            palette_of_pictures(references)
            if references
            else palette_for(words, prompt, FITTING.get(scene, ()), source)
        )
        if _names(NIGHT_WORDS, words, prompt):
            palette = palette.at_night()
        canvas = Canvas(size, palette.paper)
        scene(canvas, palette, source)
        if references:
            pin_up(canvas, palette, source, references)
        canvas.grain(source)
        sign(canvas, prompt, self._typesetter)
        return canvas.image


def png(picture: Image.Image) -> bytes:
    """The picture as a PNG file."""
    file = io.BytesIO()
    picture.save(file, "PNG", compress_level=COMPRESSION)
    return file.getvalue()


def _names(keys: tuple[str, ...], words: frozenset[str], prompt: str) -> bool:
    return any(key in words if key.isascii() else key in prompt for key in keys)


def _scene(words: frozenset[str], prompt: str, source: random.Random) -> Scene:
    """A scene that the prompt calls for, any one where it calls for none."""
    named = [scene for scene, keys in SCENES.items() if _names(keys, words, prompt)]
    return source.choice(named or list(SCENES))
