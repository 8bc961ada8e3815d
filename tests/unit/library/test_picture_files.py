"""A folder stands for the pictures directly in it, in the order in which people count."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from gptimg_desktop.services.library.files import folder_content as picture_files
from gptimg_desktop.services.library.files.folder_content import is_folder, pictures_in

if TYPE_CHECKING:
    import pytest


def fill(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).write_bytes(b"")


def names_in(folder: Path) -> list[str]:
    return [path.name for path in pictures_in(folder)]


def test_the_pictures_come_in_the_order_of_their_names_as_people_count(tmp_path: Path) -> None:
    fill(tmp_path, "view 10.png", "View 9.JPG", "view 1b.webp", "view 1a.tiff", "素描 2.heic")
    fill(tmp_path, "12.png", "3.png")
    assert names_in(tmp_path) == [
        "3.png",
        "12.png",
        "view 1a.tiff",
        "view 1b.webp",
        "View 9.JPG",
        "view 10.png",
        "素描 2.heic",
    ]


def test_what_is_hidden_no_picture_or_further_inside_is_left_out(tmp_path: Path) -> None:
    fill(tmp_path, "a.png", ".b.png", "._c.jpg", "notes.txt", "d.psd", "png", "e.svg")
    (tmp_path / "inside.png").mkdir()
    fill(tmp_path / "inside.png", "f.png")
    os.mkfifo(tmp_path / "pipe.png")
    (tmp_path / "nowhere.png").symlink_to(tmp_path / "missing.png")
    (tmp_path / "g.png").symlink_to(tmp_path / "a.png")
    assert names_in(tmp_path) == ["a.png", "g.png"]


def test_a_name_with_bytes_that_are_no_text_is_a_name_like_any_other(tmp_path: Path) -> None:
    fill(tmp_path, "a.png", os.fsdecode(b"\xff.png"))
    assert set(names_in(tmp_path)) == {"a.png", "\udcff.png"}


def test_no_more_is_looked_at_than_can_be_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path, *(f"{number}.png" for number in range(60)))
    monkeypatch.setattr(picture_files, "MOST_PICTURES", 25)
    assert names_in(tmp_path) == [f"{number}.png" for number in range(25)]
    monkeypatch.setattr(picture_files, "MOST_LOOKED_AT", 7)
    assert len(names_in(tmp_path)) == 7


def test_a_folder_that_cannot_be_read_has_no_pictures(tmp_path: Path) -> None:
    fill(tmp_path, "a.png")
    for path in (tmp_path / "missing", tmp_path / "a.png", Path("a\0b")):
        assert pictures_in(path) == ()
        assert not is_folder(str(path))
    assert is_folder(str(tmp_path))
