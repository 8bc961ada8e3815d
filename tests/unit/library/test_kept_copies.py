"""A copy counts as kept only as long as it is what was kept."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING, Any

import pytest

from gptimg_desktop.core.reference import FileReference
from gptimg_desktop.services.library.references.kept_copies import KeptCopies

if TYPE_CHECKING:
    from pathlib import Path


def keep(folder: Path, content: bytes) -> FileReference:
    sha256 = hashlib.sha256(content).hexdigest()
    (folder / sha256).write_bytes(content)
    return FileReference(
        sha256=sha256, media_type="image/png", size_bytes=len(content), width=1, height=1, name="a.png"
    )


@pytest.fixture
def copies(tmp_path: Path) -> KeptCopies:
    return KeptCopies(tmp_path.joinpath)


def test_what_is_as_it_was_kept_is_not_lost(tmp_path: Path, copies: KeptCopies) -> None:
    references = [keep(tmp_path, b"one"), keep(tmp_path, b"two")]
    assert copies.lost(references) == frozenset()


@pytest.mark.parametrize("is_trusted", [False, True])
def test_what_is_gone_cut_or_overwritten_is_lost(
    is_trusted: bool, tmp_path: Path, copies: KeptCopies
) -> None:
    gone, cut, other, folder, same = (keep(tmp_path, bytes([number]) * 9) for number in range(5))
    if is_trusted:
        for each in (gone, cut, other, folder, same):
            copies.trust(each)
    (tmp_path / gone.sha256).unlink()
    (tmp_path / cut.sha256).write_bytes(b"short")
    (tmp_path / other.sha256).write_bytes(b"nine byte")
    os.utime(tmp_path / other.sha256, ns=(1, 1))
    (tmp_path / folder.sha256).unlink()
    (tmp_path / folder.sha256).mkdir()
    assert copies.lost([gone, cut, other, folder, same]) == {gone, cut, other, folder}


def test_a_copy_is_read_whole_once(
    tmp_path: Path, copies: KeptCopies, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Any] = []
    digest = hashlib.file_digest

    def watched(file: Any, name: Any) -> Any:
        read.append(file)
        return digest(file, name)

    monkeypatch.setattr(hashlib, "file_digest", watched)
    reference, trusted = keep(tmp_path, b"one"), keep(tmp_path, b"two")
    copies.trust(trusted)
    for _ in range(3):
        assert copies.lost([reference, trusted]) == frozenset()
    assert len(read) == 1
    os.utime(tmp_path / reference.sha256, ns=(1, 1))
    assert copies.lost([reference]) == frozenset()
    assert len(read) == 2
