"""Old copies that nobody needs go; one that a job or the draft needs, or may need soon, never does."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from gptimg_desktop.services.durable import remove_unfinished
from gptimg_desktop.services.library.jobs import NamedReferences
from gptimg_desktop.services.library.references.store import ReferenceStore
from gptimg_desktop.services.library.references.unused import remove_unused
from tests.unit.library.pictures import png

if TYPE_CHECKING:
    import pytest

NOW = time.time()
DAY_S = 86_400
SINCE = NOW - 100 * DAY_S
OLD = NOW - 2 * DAY_S


def sha(number: int) -> str:
    return f"{number:064x}"


def keep(folder: Path, *names: str, at: float = OLD) -> None:
    for name in names:
        (folder / name).write_bytes(b"content")
        os.utime(folder / name, (at, at))


def left(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def named(*sha256: str, since: float | None = SINCE) -> NamedReferences:
    return NamedReferences(sha256=frozenset(sha256), since=since)


def test_what_nobody_names_goes_and_what_is_named_stays(tmp_path: Path) -> None:
    keep(tmp_path, sha(1), sha(2), sha(3))
    assert remove_unused(tmp_path, named(sha(2)), now=NOW) == 2
    assert left(tmp_path) == {sha(2)}


def test_what_is_not_a_day_old_stays(tmp_path: Path) -> None:
    keep(tmp_path, sha(1), at=NOW - DAY_S + 60)
    keep(tmp_path, sha(2), at=NOW + DAY_S)  # by a clock that was wrong
    keep(tmp_path, sha(3), at=NOW - DAY_S - 60)
    remove_unused(tmp_path, named(), now=NOW)
    assert left(tmp_path) == {sha(1), sha(2)}


def test_what_is_older_than_the_library_belongs_to_another_one(tmp_path: Path) -> None:
    keep(tmp_path, sha(1), at=SINCE - 60)
    keep(tmp_path, sha(2), at=SINCE + 60)
    remove_unused(tmp_path, named(), now=NOW)
    assert left(tmp_path) == {sha(1)}


def test_a_library_without_jobs_removes_nothing(tmp_path: Path) -> None:
    keep(tmp_path, sha(1))
    assert remove_unused(tmp_path, named(since=None), now=NOW) == 0
    assert left(tmp_path) == {sha(1)}


def test_nothing_but_copies_is_touched(tmp_path: Path) -> None:
    others = ["notes.txt", sha(1)[:-1], sha(2).replace("2", "G"), f".{sha(3)}-abcd1234"]
    keep(tmp_path, *others)
    (tmp_path / sha(4)).mkdir()
    os.utime(tmp_path / sha(4), (OLD, OLD))
    target = tmp_path.parent / "elsewhere.png"
    target.write_bytes(b"content")
    os.utime(target, (OLD, OLD))
    (tmp_path / sha(5)).symlink_to(target)
    os.utime(tmp_path / sha(5), (OLD, OLD), follow_symlinks=False)
    assert remove_unused(tmp_path, named(), now=NOW) == 0
    assert left(tmp_path) == {*others, sha(4), sha(5)}
    assert remove_unused(tmp_path / "missing", named(), now=NOW) == 0


def test_what_is_given_again_is_young_again(tmp_path: Path) -> None:
    store = ReferenceStore(tmp_path)
    kept = [store.add_bytes(png(width), "a.png")[0].sha256 for width in (20, 30)]
    for sha256 in kept:
        os.utime(tmp_path / sha256, (OLD, OLD))
    assert store.add_bytes(png(20), "b.png")[0].sha256 == kept[0]
    assert remove_unused(tmp_path, named(), now=NOW) == 1
    assert left(tmp_path) == {kept[0]}


def test_what_comes_into_use_at_the_last_moment_is_given_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(tmp_path, sha(1))
    rename = Path.rename

    def touched_before(self: Path, target: Path) -> Path:
        if self.name == sha(1):
            os.utime(self)
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", touched_before)
    assert remove_unused(tmp_path, named(), now=NOW) == 0
    assert left(tmp_path) == {sha(1)}


def test_what_a_kill_leaves_aside_is_cleared_away_by_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(tmp_path, sha(1))

    def killed(_: Path) -> None:
        raise OSError

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", killed)
        assert remove_unused(tmp_path, named(), now=NOW) == 0
    assert len(left(tmp_path)) == 1
    remove_unfinished(tmp_path)
    assert left(tmp_path) == set()
