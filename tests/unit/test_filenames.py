"""File names out of prompts: readable, and safe whatever the prompt says."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from pathlib import PurePosixPath

import pytest

from gptimg_desktop.core.filenames import (
    LONGEST_PATH,
    MOST_BYTES,
    extension,
    image_path,
    is_stem_of,
    numbered,
    safe_stem,
)

DAY = datetime(2026, 11, 22, 18, 30, tzinfo=UTC)

DEVICES = {"con", "prn", "aux", "nul"} | {f"{port}{n}" for port in ("com", "lpt") for n in "0123456789¹²³"}

HOSTILE = [
    "../../etc/passwd",
    "..",
    ".",
    "...",
    "/etc/passwd",
    r"C:\Windows\system32",
    r"\\server\share",
    "-rf",
    "--help",
    ".hidden",
    "~",
    "a\0b",
    "a\nb\r\tc",
    "photo\u202egnp.exe",
    "zero\u200bwidth\ufeff",
    "\u2066isolated\u2069",
    "surrogate\ud800here",
    "private\ue000use",
    "con",
    "CON",
    "nul.txt",
    "com1",
    "COM¹.png",
    "lpt³",
    "aux.tar.gz",
    "con ",
    "trailing dot.",
    "trailing space ",
    "a" * 10_000,
    "é" * 500,
    "😀" * 200,
    "字" * 200,
    'quo"te<d>|?*:',
    "100%",
    "",
    " \t\n",
    "\u0301",
    "a/../../b",
]


@pytest.mark.parametrize("prompt", HOSTILE, ids=ascii)
def test_s19_name_is_safe_everywhere(prompt: str) -> None:
    stem = safe_stem(prompt)
    assert stem
    assert len(stem.encode()) <= MOST_BYTES
    assert unicodedata.is_normalized("NFC", stem)
    assert not any(unicodedata.category(character).startswith("C") for character in stem)
    assert not set(stem) & set('<>:"/\\|?*%\0')
    assert stem[0] not in "-. "
    assert stem[-1] not in ". "
    assert stem.split(".")[0].rstrip().casefold() not in DEVICES


@pytest.mark.parametrize("prompt", HOSTILE, ids=ascii)
def test_s19_path_stays_below_the_picture_folder(prompt: str) -> None:
    path = PurePosixPath(image_path(prompt, DAY, 1, "png"))
    assert len(path.parts) == 2
    assert path.parts[0] == "2026-11-22"
    assert ".." not in path.parts
    assert path.suffix == ".png"


@pytest.mark.parametrize(
    ("prompt", "stem"),
    [
        ("oak chair by a window", "oak-chair-by-a-window"),
        ("Oak  Chair,\nby the window", "Oak-Chair-by-the-window"),
        ("one two three four five six seven eight nine", "one-two-three-four-five-six-seven-eight"),
        ("一只猫 在窗边", "一只猫-在窗边"),
        ("Cafe\u0301", "Café"),
        ("50% off: 'now'", "50-off-now"),
        ("a\u202eb", "a-b"),
        ("con", "image"),
        ("con.fusion", "image"),
        ("constable", "constable"),
        ("...", "image"),
    ],
)
def test_first_words_of_the_prompt(prompt: str, stem: str) -> None:
    assert safe_stem(prompt) == stem


def test_length_is_counted_in_bytes_and_cuts_no_character() -> None:
    assert safe_stem("é" * 100, most_bytes=7) == "ééé"
    assert safe_stem("ab cdef", most_bytes=3) == "ab"


def test_path_of_an_image() -> None:
    assert image_path("Oak chair", DAY, 42, "jpeg") == "2026-11-22/Oak-chair_0042.jpg"
    assert image_path("x", DAY, 12_345, "webp") == "2026-11-22/x_12345.webp"


def test_extensions_are_those_of_known_formats_only() -> None:
    assert [extension(found) for found in ("png", "jpeg", "webp")] == ["png", "jpg", "webp"]
    with pytest.raises(KeyError):
        extension("svg")


@pytest.mark.parametrize(
    ("path", "copy", "expected"),
    [
        ("2026-11-22/a_0001.png", 1, "2026-11-22/a_0001.png"),
        ("2026-11-22/a_0001.png", 2, "2026-11-22/a_0001 (2).png"),
        ("2026-11-22/v1.2_0001.png", 10, "2026-11-22/v1.2_0001 (10).png"),
    ],
)
def test_84_taken_name_gets_a_number(path: str, copy: int, expected: str) -> None:
    assert numbered(path, copy) == expected


@pytest.mark.parametrize("prompt", ["an oak chair by the window " * 8, "字" * 200, "😀 " * 100, "oak"])
@pytest.mark.parametrize("depth", [0, 60, 120, 180, 205])
def test_a_path_is_short_enough_for_every_system_where_its_folder_leaves_room(
    prompt: str, depth: int
) -> None:
    folder = "C:/" + "d" * depth
    relative = image_path(prompt, DAY, 4242, "webp", folder=folder)
    path = f"{folder}/{numbered(relative, 99)}.damaged"
    assert len(path.encode("utf-16-le")) // 2 <= LONGEST_PATH
    stem = PurePosixPath(relative).stem.removesuffix("_4242")
    assert is_stem_of(stem, prompt)
    assert not is_stem_of(stem, "a lamp")


def test_a_short_name_is_no_cut_of_a_longer_one() -> None:
    assert is_stem_of("oak", "oak")
    assert not is_stem_of("oak", "oak chair")
