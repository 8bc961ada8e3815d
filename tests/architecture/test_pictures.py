"""The pictures of README and guide: each is made by the script, each that is shown is there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from docs.screenshots.shots import NAMES

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs" / "images"
HEAVIEST_KB = 400
DOCUMENTS = [*ROOT.glob("*.md"), *sorted((ROOT / "docs").rglob("*.md"))]
SHOWN = re.compile(r"!\[[^\]]*\]\(([^)\s]+)\)|<img[^>]*\ssrc=\"([^\"]+)\"")


def shown_in(document: Path) -> list[str]:
    """The local pictures that a document shows, as it names them."""
    found = ("".join(pair) for pair in SHOWN.findall(document.read_text(encoding="utf-8")))
    return [name for name in found if not name.startswith("https://")]


def test_every_picture_has_a_scene_and_every_scene_a_picture() -> None:
    assert sorted(file.name for file in IMAGES.iterdir()) == sorted(f"{name}.png" for name in NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_pictures_are_sharp_and_light(name: str) -> None:
    file = IMAGES / f"{name}.png"
    with Image.open(file) as picture:
        assert picture.size == (2880, 1840)
    assert file.stat().st_size < HEAVIEST_KB * 1024


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: str(document.relative_to(ROOT)))
def test_every_picture_that_is_shown_is_there(document: Path) -> None:
    assert [name for name in shown_in(document) if not (document.parent / name).is_file()] == []


def test_the_search_for_pictures_sees_both_ways_to_show_one(tmp_path: Path) -> None:
    document = tmp_path / "guide.md"
    document.write_text('![a](images/a.png) <img width="3" src="b.png"> ![c](https://c.example/c.png)')
    assert shown_in(document) == ["images/a.png", "b.png"]


def test_the_script_lists_its_pictures_and_knows_no_others() -> None:
    command = [sys.executable, "-m", "docs.screenshots"]
    listed = subprocess.run(
        [*command, "--list"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert listed.stdout.split() == list(NAMES)
    refused = subprocess.run(
        [*command, "main-purple"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert refused.returncode == 2
    assert "main-purple" in refused.stderr
