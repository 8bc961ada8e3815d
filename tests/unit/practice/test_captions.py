"""The words under a picture: the right ones, and never in a font that does not have them."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageFont

from gptimg_desktop.services.practice.captions import SYSTEM_FONTS, Typesetter, caption_of, shortened
from gptimg_desktop.services.practice.pictures import Painter

BUNDLED_ONLY = Typesetter(fonts=())
DEJAVU = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")


def changed(one: Image.Image, other: Image.Image) -> tuple[int, int, int, int] | None:
    """The box of what differs by more than grain."""
    away = ImageChops.difference(one, other).convert("L").point([0] * 8 + [255] * 248)
    return away.getbbox()


@pytest.mark.parametrize("text", ["a quiet bay at dawn", '50 % & "more"…', "PRACTICE"])
def test_the_bundled_font_sets_latin(text: str) -> None:
    assert BUNDLED_ONLY.font_for(text, 20) is not None


@pytest.mark.parametrize(
    "text",
    [
        "海边的清晨",
        "a bay 海",
        "Straße",
        "привет" * 3 + "ѿ",
        "🙂",
        "שלום",
        "हिन्दी",
        "a\u200db",
        "\ufffe",
        "x\u0007",
    ],
)
def test_no_font_is_offered_where_a_character_is_missing(text: str) -> None:
    assert BUNDLED_ONLY.font_for(text, 20) is None


@pytest.mark.skipif(not DEJAVU.exists(), reason="DejaVu is not installed")
def test_a_font_without_chinese_is_not_taken_for_one_that_has_it() -> None:
    only_dejavu = Typesetter(fonts=(DEJAVU,))
    assert only_dejavu.font_for("Ωμέγα и кириллица", 20) is not None
    assert only_dejavu.font_for("海边", 20) is None
    assert only_dejavu.font_for("a\u200bb", 20) is None  # there, but nothing is to be seen of it


def test_a_file_that_is_missing_or_no_font_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "broken.ttf").write_bytes(b"not a font")
    typesetter = Typesetter(fonts=(tmp_path / "none.ttf", tmp_path / "broken.ttf"))
    assert typesetter.font_for("bay", 20) is not None
    assert typesetter.font_for("海", 20) is None


@pytest.mark.skipif(
    not any(font.exists() and "CJK" in font.name for font in SYSTEM_FONTS), reason="no CJK font"
)
def test_chinese_is_set_where_the_system_has_a_font_for_it() -> None:
    assert Typesetter().font_for("海边的清晨…", 20) is not None


@pytest.mark.parametrize(
    ("prompt", "caption"),
    [
        ("a bay", "a bay"),
        ("  a\n quiet\tbay ", "a quiet bay"),
        ("one two three four five six seven, eight", "one two three four five six seven…"),
        ("x" * 60, "x" * 42 + "…"),
        ("清晨的海边有一座白色的灯塔和许多小船", "清晨的海边有一座白色的灯塔和许多…"),
        (unicodedata.normalize("NFD", "é"), "é"),
    ],
)
def test_a_caption_is_the_first_words(prompt: str, caption: str) -> None:
    assert caption_of(prompt) == caption


def test_a_caption_is_cut_to_its_room() -> None:
    font = BUNDLED_ONLY.font_for("a quiet bay", 20)
    assert isinstance(font, ImageFont.FreeTypeFont)
    room = font.getlength("a quiet b")
    short = shortened("a quiet bay", font, room)
    assert short.startswith("a qu")
    assert short.endswith("…")
    assert font.getlength(short) <= room
    assert shortened("a quiet bay", font, 5) == ""


def painted(prompt: str, typesetter: Typesetter, size: tuple[int, int] = (900, 600)) -> Image.Image:
    return Painter(typesetter).paint(prompt, "seed", size)


@pytest.mark.skipif(not any(font.exists() for font in SYSTEM_FONTS), reason="no system font")
@pytest.mark.parametrize("prompt", ["海边", "ωμέγα"])
def test_a_script_that_no_font_covers_leaves_the_lower_left_empty(prompt: str) -> None:
    full = Typesetter()
    if full.font_for(prompt, 20) is None:
        pytest.skip("no font for this script")
    box = changed(painted(prompt, full), painted(prompt, BUNDLED_ONLY))
    assert box is not None
    assert box[0] < 60
    assert box[1] > 500
    assert box[2] < 450


@pytest.mark.parametrize("size", [(1024, 1024), (512, 1536), (1536, 512), (820, 1915)])
def test_every_picture_is_marked_at_its_lower_right(
    size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    marked = painted("hills", BUNDLED_ONLY, size)
    monkeypatch.setattr("gptimg_desktop.services.practice.signature.MARK", "")
    box = changed(marked, painted("hills", BUNDLED_ONLY, size))
    assert box is not None
    assert box[2] > size[0] - 0.05 * min(size)
    assert box[3] > size[1] - 0.08 * min(size)
    assert 40 < box[2] - box[0] < size[0] / 3
