"""What was written stays written, as a whole."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import NoReturn

import pytest

from gptimg_desktop.services.durable import create, remove_unfinished, write_atomically


def test_a_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "file"
    for content in (b"first and long", b"second"):
        write_atomically(path, content)
        assert path.read_bytes() == content
    assert list(tmp_path.iterdir()) == [path]


def test_the_content_is_durable_before_it_gets_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    really_sync, really_replace = os.fsync, Path.replace

    def fsync(descriptor: int) -> None:
        status = os.fstat(descriptor)
        steps.append("sync folder" if stat.S_ISDIR(status.st_mode) else f"sync {status.st_size} bytes")
        really_sync(descriptor)

    def replace(self: Path, target: Path) -> Path:
        steps.append("name")
        return really_replace(self, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "replace", replace)
    write_atomically(tmp_path / "file", b"content")
    assert steps == ["sync 7 bytes", "name", "sync folder"]


def test_a_failed_write_leaves_the_old_content_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: int) -> NoReturn:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    path = tmp_path / "file"
    write_atomically(path, b"old")
    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("planted", ["file", "link", "dangling link"])
def test_a_new_file_is_never_somebody_elses(tmp_path: Path, planted: str) -> None:
    path, victim = tmp_path / "file", tmp_path / "victim"
    if planted != "dangling link":
        victim.write_text("precious")
    if planted == "file":
        victim.rename(path)
    else:
        path.symlink_to(victim)
    with pytest.raises(FileExistsError):
        create(path)
    assert planted == "dangling link" or path.read_text() == "precious"
    assert victim.exists() == (planted == "link")


def test_what_a_kill_left_unfinished_goes_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = [
        tmp_path / name for name in ("settings.json", ".hidden", "library-12345678", ".a-folder-12345678")
    ]
    for path in kept[:3]:
        path.write_bytes(b"")
    kept[3].mkdir()
    with monkeypatch.context() as patch:  # the end comes before the name, and before anything is tidied
        patch.setattr(Path, "replace", _killed)
        patch.setattr(Path, "unlink", _nothing)
        with pytest.raises(KeyboardInterrupt):
            write_atomically(tmp_path / "settings.json", b"new")
    assert len(list(tmp_path.iterdir())) == 5
    remove_unfinished(tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted(kept)


def test_a_folder_that_is_not_there_has_nothing_unfinished(tmp_path: Path) -> None:
    remove_unfinished(tmp_path / "none")


def _killed(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def _nothing(*_: object) -> None:
    pass
