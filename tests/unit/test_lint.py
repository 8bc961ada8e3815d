"""What is found fault with in a prompt, what is let pass, and what one click makes of it."""

from __future__ import annotations

import random
import re
import time
from itertools import pairwise

import pytest

from gptimg_desktop.core.clean_cut import Edit, clean_cut
from gptimg_desktop.core.lint import MOST_FINDINGS, Finding, FindingKind, MendKind, lint, number_in
from gptimg_desktop.core.prompt import expand, read
from gptimg_desktop.core.prompt_grammar import Span
from gptimg_desktop.core.sizes import AUTO, PixelSize, Ratio, Size

HD = PixelSize(1920, 1080)


def found(text: str, *, size: Size = Ratio.R1X1, references: int = 1, lines: bool = False) -> list[Finding]:
    return list(lint(read(text, one_per_line=lines), size=size, reference_count=references))


def mended(text: str, finding: Finding) -> str:
    assert finding.mend.edit is not None
    return applied(finding.mend.edit, text)


def applied(edit: Edit, text: str) -> str:
    """The text after a change."""
    return text[: edit.span.start] + edit.text + text[edit.span.end :]


@pytest.mark.parametrize(
    ("text", "size", "left"),
    [
        ("a cat, 16:9, dark", Ratio.R16X9, "a cat, dark"),
        ("a cat, 16:9", Ratio.R16X9, "a cat"),
        ("a cat in 16:9.", Ratio.R16X9, "a cat."),
        ("a cat 16:9 dark", Ratio.R16X9, "a cat dark"),
        ("16:9, a cat", Ratio.R16X9, "a cat"),
        ("a cat (16:9) in rain", Ratio.R16X9, "a cat in rain"),
        ("a cat ( 16 : 9 )", Ratio.R16X9, "a cat"),
        ("with an aspect ratio of 16:9, a cat", Ratio.R16X9, "a cat"),
        ("a cat, Aspect Ratio: 3:2", Ratio.R3X2, "a cat"),
        ("a cat in a 16:9 aspect ratio, at night", Ratio.R16X9, "a cat, at night"),
        ("a cat --ar 9:16 --v 5", Ratio.R9X16, "a cat --v 5"),
        ("a cat --ar 16:9", Ratio.R16X9, "a cat"),
        ("一只猫，比例16:9，夜晚", Ratio.R16X9, "一只猫，夜晚"),
        ("一只猫，16：9", Ratio.R16X9, "一只猫"),
        ("一只猫，宽高比为3：2。", Ratio.R3X2, "一只猫。"),
        ("16:9画幅的猫", Ratio.R16X9, "猫"),
        ("eine Katze im Format 21:9", Ratio.R21X9, "eine Katze"),
        ("a cat\n16:9\nat night", Ratio.R16X9, "a cat\nat night"),
        ("a cat, 16x9", Ratio.R16X9, "a cat"),
        ("a cat at 9:16, dark", None, ""),  # may be a time of day
        ("a cat, 1920x1080", HD, "a cat"),
        ("a cat, 1920 × 1080 px, dark", HD, "a cat, dark"),
        ("a cat, resolution 1920*1080", HD, "a cat"),
        ("a cat, 1920 by 1080 pixels", HD, "a cat"),
        ("分辨率1920x1080，一只猫", HD, "一只猫"),
        ("1024像素x1024像素的猫", PixelSize(1024, 1024), "的猫"),
        ("64x64 pixels", PixelSize(64, 64), ""),
    ],
)
def test_a_size_in_the_text_can_be_taken(text: str, size: Size | None, left: str) -> None:
    if size is None:
        assert found(text) == []
        return
    (finding,) = found(text)
    assert finding.kind is (FindingKind.PIXELS if isinstance(size, PixelSize) else FindingKind.RATIO)
    assert (finding.mend.kind, finding.mend.size) == (MendKind.TAKE_SIZE, size)
    assert mended(text, finding) == left
    assert found(left) == []


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("a cat, 16:9", Ratio.R16X9),
        ("a cat, 1920x1080", HD),
        ("a cat, aspect ratio 2.39:1", Ratio.R21X9),
        ("a cat, --ar 7:5", AUTO),
        ("a cat, 20000x20000 px", AUTO),
    ],
)
def test_what_is_chosen_already_or_cannot_be_chosen_is_only_removed(text: str, chosen: Size) -> None:
    (finding,) = found(text, size=chosen)
    assert (finding.mend.kind, finding.mend.size) == (MendKind.REMOVE, None)
    assert mended(text, finding) == "a cat"


@pytest.mark.parametrize(
    "text",
    [
        "at 16:30",
        "7:05 pm",
        "the bus at 9:16",
        "a clock that shows 9:21",
        "9:16 am, first light",
        "open 9:16-18:00",
        "上午9:16",
        "they won 3:2",
        "a score of 2:1",
        "a 2:1 victory",
        "比分3:2",
        "a 3x2 grid of icons",
        "2x1 tiles",
        "shot on 4x5 film",
        "a model at scale 1:2",
        "1:1 scale",
        "macro lens 1:1",
        "contrast ratio 3:1",
        "a 200x300 cm rug",
        "1000 x 2000 mm",
        "24x36",
        "100 x 200",
        "12:16:9",
        "1.16:9.5",
        "v16:9b",
        "https://example.com/16:9/1024x1024.png",
        "#102030",
        "a [chair] and [a3] and [100]",
        '{"style": "oak", "n": 1}',
        "{oak|walnut}",
        r"\{material\}",
        ":-{ ",
    ],
)
def test_what_is_no_slip_is_let_pass(text: str) -> None:
    assert found(text, references=0) == []


def test_a_mention_needs_its_reference() -> None:
    text = "the chair of [2] in the room of [3], not [1]"
    assert [each.words for each in found(text, references=2)] == ["[3]"]
    assert [each.words for each in found(text, references=0)] == ["[2]", "[3]", "[1]"]
    assert found(text, references=3) == []
    (finding,) = found(text, references=2)
    assert finding.kind is FindingKind.MENTION
    assert mended(text, finding) == "the chair of [2] in the room of, not [1]"


@pytest.mark.parametrize(
    "mention",
    [
        *("image 7", "Image 7", "reference image 7", "images 7", "image #7", "Bild 7"),
        *("图7", "图 7", "图片7", "图像7", "圖7"),
    ],
)
@pytest.mark.parametrize(
    "text", ["the chair of {}", "{}: the chair.", "把{}的椅子放在这里", "the {}'s chair, red"]
)
def test_a_mention_in_words_needs_its_reference_too(text: str, mention: str) -> None:
    text = text.format(mention)
    (finding,) = found(text, references=6)
    assert (finding.kind, number_in(finding.words)) == (FindingKind.MENTION, 7)
    assert mention.endswith(finding.words)
    assert found(text, references=7) == []


@pytest.mark.parametrize(
    "text",
    [
        "an image 2 m wide",
        "an image 30 cm wide",
        "image 16:9",
        "image 1024x1024",
        "image 2024",
        "image 3D",
        "image 50%",
        "画图2张",
        "图3D",
        "地图2",
        "构图2",
        "a picture 7 chairs fit in",
        "1. a calm image\n2. a chair",
        "in the manner of gpt-image-2",
        "in the manner of GPT Image 2",
    ],
)
def test_a_number_that_counts_or_measures_is_no_mention(text: str) -> None:
    assert [each for each in found(text, references=0) if each.kind is FindingKind.MENTION] == []


def test_a_mention_in_words_goes_with_what_stood_there_for_its_sake() -> None:
    text = "an oak chair (image 7), from above"
    (finding,) = found(text, references=2)
    assert mended(text, finding) == "an oak chair, from above"


def test_a_blank_is_filled_in_where_it_stands() -> None:
    text = "🪑 a {material} chair"
    (finding,) = found(text)
    assert (finding.kind, finding.mend.kind, finding.words) == (FindingKind.BLANK, MendKind.FILL, "material")
    assert finding.span.of(text) == "{material}"
    assert finding.mend.edit is None


@pytest.mark.parametrize(
    ("text", "mend", "left"),
    [
        ("a {oak|walnut chair", MendKind.CLOSE, "a {oak|walnut} chair"),
        ("a {red oak|dark walnut chair", MendKind.CLOSE, "a {red oak|dark walnut} chair"),
        ("a {oak|walnut, polished", MendKind.CLOSE, "a {oak|walnut}, polished"),
        ("a {oak|", MendKind.CLOSE, "a {oak|}"),
        ("{oak|{red|blue}", MendKind.CLOSE, "{oak|}{red|blue}"),
        ("a {oak chair", MendKind.REMOVE, "a oak chair"),
    ],
)
def test_a_brace_that_never_closes(text: str, mend: MendKind, left: str) -> None:
    (finding,) = found(text)
    assert (finding.kind, finding.mend.kind) == (FindingKind.OPEN_BRACE, mend)
    assert mended(text, finding) == left


def test_with_one_prompt_per_line_a_brace_must_close_on_its_line() -> None:
    text = "a {oak\n|walnut} chair"
    assert found(text) == []
    (finding,) = found(text, lines=True)
    assert finding.kind is FindingKind.OPEN_BRACE
    text = "one\na {oak|ash chair"
    assert mended(text, found(text, lines=True)[0]) == "one\na {oak|ash} chair"


def test_slips_come_before_sizes_and_new_sizes_before_repeated_ones() -> None:
    text = "1:1, format 3:2, a {material} chair [9], 1024x1024"
    kinds = [(each.kind, each.words) for each in found(text)]
    assert kinds == [
        (FindingKind.BLANK, "material"),
        (FindingKind.MENTION, "[9]"),
        (FindingKind.RATIO, "3:2"),
        (FindingKind.PIXELS, "1024×1024"),
        (FindingKind.RATIO, "1:1"),
    ]


def test_a_slip_is_told_however_many_sizes_stand_before_it() -> None:
    (first, *others) = found("16:9, " * 200 + "[9]")
    assert first.kind is FindingKind.MENTION
    assert len(others) == MOST_FINDINGS - 1


def test_findings_of_a_sort_come_in_the_order_of_the_text_and_none_overlap() -> None:
    text = "{a} 16:9 [9] 1024x1024, aspect ratio 1024x1024 {b}, format 3:2 {oak|ash"
    spans = sorted((each.span for each in found(text)), key=lambda span: span.start)
    assert len(spans) == 8
    assert all(left.end <= right.start for left, right in pairwise(spans))


def test_every_mend_leaves_clean_text() -> None:
    chance = random.Random(3)
    slips = ["16:9", "aspect ratio 3:2", "1024x1024 px", "[7]", "(4:3)", "--ar 2:1", "比例9:21", "in 5:4"]
    for _ in range(3_000):
        parts = [chance.choice([*slips, "a cat", "dark", "雨夜", "very old chairs"]) for _ in range(4)]
        joint = chance.choice([", ", " ", "，", "\n", ". "])
        text = joint.join(parts) + chance.choice(["", ".", "\n"])
        for _ in range(9):
            found_now = found(text, references=0)
            if not found_now:
                break
            before, text = text, mended(text, found_now[0])
            assert len(text) < len(before)
            assert not re.search(r"  |, ,|,,|，，| [,.]|\(\)|^[ ,]", text), (before, text)
        assert found(text, references=0) == []


@pytest.mark.parametrize(
    ("text", "what", "left"),
    [
        ("X", "X", ""),
        ("a, X", "X", "a"),
        ("X, a", "X", "a"),
        ("a X, b", "X", "a, b"),
        ("a, X.", "X", "a."),
        ("a, X b", "X", "a, b"),
        ("a【X】b", "X", "ab"),
        ('a "X" b', "X", "a b"),
        ("a\n\nX\n\nb", "X", "a\n\n\nb"),
        ("a\nX", "X", "a"),
        ("(X, b)", "X", "(b)"),
        ("(b, X)", "X", "(b)"),
        ("aXb", "X", "ab"),
    ],
)
def test_a_cut_takes_along_what_stood_there_for_its_sake_only(text: str, what: str, left: str) -> None:
    start = text.index(what)
    assert applied(clean_cut(text, Span(start, start + len(what))), text) == left


@pytest.mark.parametrize(
    "text",
    [
        "word 16:9 " * 3_200,
        "[3]" * 10_000,
        "image 7 " * 4_000,
        "image " * 5_000,
        "图7" * 16_000,
        "{a|" * 10_000,
        "{a}" * 10_000,
        "1024x1024 " * 3_200,
        "1" * 32_000,
        " " * 32_000,
        "aspect ratio " * 2_400,
        "in a " * 6_400,
        "{" * 32_000,
    ],
    ids=lambda text: text[:10],
)
def test_no_text_takes_long_to_look_through(text: str) -> None:
    begun = time.perf_counter()
    assert len(found(text, references=0)) <= MOST_FINDINGS
    assert time.perf_counter() - begun < 1.0


def test_a_mend_of_alternatives_makes_variables_of_them() -> None:
    text = "a {oak|walnut chair"
    assert expand(mended(text, found(text)[0])).prompts == ("a oak chair", "a walnut chair")
