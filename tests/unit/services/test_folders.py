"""The data folder is ours alone."""

from __future__ import annotations

import os
import stat
import sys
from typing import TYPE_CHECKING

import pytest

from gptimg_desktop.core.errors import ProblemKind, StorageError
from gptimg_desktop.folders import pictures_folder, prepare_data_folder

if TYPE_CHECKING:
    from pathlib import Path

posix = pytest.mark.skipif(sys.platform == "win32", reason="modes and owners are POSIX")
as_root = pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root may chown")


def refusal(folder: Path) -> str:
    with pytest.raises(StorageError) as refused:
        prepare_data_folder(folder)
    problem = refused.value.problem
    assert problem.kind is ProblemKind.DATA_FOLDER_UNUSABLE
    assert problem.facts["folder"] == str(folder)
    return str(problem.facts["reason"])


@posix
def test_a_new_folder_is_closed_to_others(tmp_path: Path) -> None:
    folder = prepare_data_folder(tmp_path / "far" / "away")
    assert folder == tmp_path / "far" / "away"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_folder_is_used_again(tmp_path: Path) -> None:
    (tmp_path / "library.sqlite3").write_text("kept")
    assert prepare_data_folder(tmp_path) == tmp_path
    assert (tmp_path / "library.sqlite3").read_text() == "kept"


def test_without_a_wish_it_is_the_systems_place(home: Path) -> None:
    assert prepare_data_folder(None) == (home / ".local" / "share" / "gptimg-desktop").resolve()


def test_a_relative_folder_stays_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    assert prepare_data_folder((tmp_path / "data").relative_to(tmp_path)) == tmp_path / "data"


@posix
@pytest.mark.parametrize("mode", [0o755, 0o770, 0o707 & ~0o002])
def test_s21_a_folder_of_ours_is_closed_to_others(tmp_path: Path, mode: int) -> None:
    tmp_path.chmod(mode)
    prepare_data_folder(tmp_path)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700


@posix
def test_a_file_system_without_modes_is_fine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError

    tmp_path.chmod(0o755)
    monkeypatch.setattr(os, "chmod", refuse)
    monkeypatch.setattr(type(tmp_path), "chmod", refuse)
    assert prepare_data_folder(tmp_path) == tmp_path


@posix
def test_a_folder_that_everybody_may_write_to_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    assert "everybody" in refusal(tmp_path)


@posix
@as_root
def test_a_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "theirs"
    folder.mkdir()
    os.chown(folder, 65_534, 65_534)
    assert "somebody else" in refusal(folder)


@posix
@as_root
def test_a_link_to_a_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "theirs"
    folder.mkdir()
    os.chown(folder, 65_534, 65_534)
    (tmp_path / "link").symlink_to(folder)
    assert "somebody else" in refusal(tmp_path / "link")


@posix
@pytest.mark.row(92)
def test_a_folder_that_takes_nothing_is_given_to_be_looked_at(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    assert prepare_data_folder(tmp_path) == tmp_path
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o500  # closed to others, and no more open than it was


@pytest.mark.parametrize("below", ["", "below"])
def test_a_file_in_its_place_is_refused(tmp_path: Path, below: str) -> None:
    (tmp_path / "file").write_text("no folder")
    assert refusal(tmp_path / "file" / below)
    assert (tmp_path / "file").read_text() == "no folder"


def test_pictures_go_where_the_user_looks(home: Path, tmp_path: Path) -> None:
    assert pictures_folder("", None) == home / "Pictures" / "GPTImg"
    assert pictures_folder("", tmp_path) == tmp_path / "images"
