"""A look at files tells what they are now, and never waits for a drive that does not answer."""

from __future__ import annotations

import asyncio
import os
import threading
from typing import TYPE_CHECKING

import pytest

from gptimg_desktop.core.reference import Origin
from gptimg_desktop.services.library.references import origins as module
from gptimg_desktop.services.library.references.origins import Origins

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.anyio


def origin(path: Path) -> Origin:
    found = path.stat()
    return Origin(path=str(path), size_bytes=found.st_size, modified_ns=found.st_mtime_ns)


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    made = [tmp_path / f"{number}.png" for number in range(5)]
    for path in made:
        path.write_bytes(b"as it was")
    return made


async def test_each_file_is_told_as_it_is_now(pictures: list[Path]) -> None:
    same, longer, touched, gone, folder = pictures
    before = [origin(path) for path in pictures]
    longer.write_bytes(b"as it was, and more")
    os.utime(touched, ns=(1, before[2].modified_ns + 1))
    gone.unlink()
    folder.unlink()
    folder.mkdir()
    findings = await Origins().begin(before).findings()
    assert findings == {
        before[0]: origin(same),
        before[1]: origin(longer),
        before[2]: origin(touched),
        before[3]: None,
        before[4]: None,
    }
    assert findings[before[0]] == before[0]
    assert findings[before[1]] != before[1]
    assert findings[before[2]] != before[2]


async def test_paths_that_no_system_takes_are_gone_and_nothing_breaks() -> None:
    odd = [Origin(path=path, size_bytes=1, modified_ns=1) for path in ("", "/a\0b", "/\udcff", "x" * 9_999)]
    assert await Origins().begin(odd).findings() == dict.fromkeys(odd)


async def test_without_files_there_is_nothing_to_wait_for() -> None:
    assert await Origins().begin(()).findings() == {}


@pytest.fixture
def dead_drive(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[[], list[str]]]:
    """Whatever is asked in the folder "dead" gets its answer when the test ends; tells what was asked."""
    asked: list[str] = []
    answers = threading.Event()
    present = module._present

    def hanging(path: str) -> Origin | None:
        if path.startswith(str(tmp_path / "dead")):
            asked.append(path)
            assert answers.wait(30)
        return present(path)

    monkeypatch.setattr(module, "_present", hanging)
    yield lambda: asked
    answers.set()


async def test_a_drive_that_does_not_answer_is_left_out_and_asked_once(
    pictures: list[Path], dead_drive: Callable[[], list[str]], tmp_path: Path
) -> None:
    looks = Origins(patience_s=0.05)
    dead = [Origin(path=str(tmp_path / "dead" / name), size_bytes=1, modified_ns=1) for name in "ab"]
    alive = origin(pictures[0])
    first = looks.begin([*dead, alive])
    assert await first.findings() == {alive: alive}
    async with asyncio.timeout(1):
        for _ in range(20):
            assert await looks.begin([*dead, alive]).findings() == {alive: alive}
    assert len(dead_drive()) == 1


async def test_the_time_of_a_look_runs_from_its_beginning(dead_drive: object, tmp_path: Path) -> None:
    """Twenty presses in a row wait together, not one after the other."""
    looks = Origins(patience_s=0.3)
    dead = [Origin(path=str(tmp_path / "dead" / "a"), size_bytes=1, modified_ns=1)]
    begun = [looks.begin(dead) for _ in range(20)]
    started = asyncio.get_running_loop().time()
    assert [await look.findings() for look in begun] == [{}] * 20
    assert asyncio.get_running_loop().time() - started < 1
