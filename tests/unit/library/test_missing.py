"""Files that went away are told as missing, those that came back as there; no slow drive holds that up."""

from __future__ import annotations

import os
import threading
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import anyio
import anyio.lowlevel
import pytest

from gptimg_desktop.core.lookout import FileState, Seen
from gptimg_desktop.services.library.care import missing as module
from gptimg_desktop.services.library.care.missing import Lookout, state_at
from gptimg_desktop.services.library.files.content import sha256_at
from gptimg_desktop.services.stop import Stop
from tests.support.imported import Shelf, shelf
from tests.unit.library.pictures import png

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from gptimg_desktop.core.progress import Progress

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def stocked(tmp_path: Path, count: int = 6) -> AsyncIterator[tuple[Shelf, Path]]:
    """A library of so many pictures that lie in a folder of the user's, three in each folder there."""
    source = tmp_path / "source"
    for number in range(count):
        path = source / f"day-{number // 3}" / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(png(20, 20 + number))
    async with shelf(tmp_path / "home") as library:
        await library.take(source, copies=False)
        yield library, source


async def missing_names(library: Shelf) -> list[str]:
    jobs = await library.jobs()
    return sorted(job.request.prompt for job in jobs if job.images[0].is_missing)


def a_lookout(library: Shelf, news: set[int], *, patience_s: float = 20.0) -> Lookout:
    return Lookout(library.places, changed=news.update, patience_s=patience_s)


def nothing(_progress: Progress) -> None:
    pass


async def test_a_file_that_went_away_is_missing_and_one_that_came_back_is_not(tmp_path: Path) -> None:
    async with stocked(tmp_path) as (library, source):
        news: set[int] = set()
        lookout = a_lookout(library, news)
        assert await lookout.look_at_all(Stop(), nothing) == Seen(looked_at=6)
        assert news == set()

        (source / "day-0" / "1.png").rename(tmp_path / "elsewhere.png")
        seen = await lookout.look_at_all(Stop(), nothing)
        gone = [job.seq for job in await library.jobs() if job.images[0].is_missing]
        assert (seen, await missing_names(library), sorted(news)) == (
            Seen(looked_at=6, missing=1),
            ["1"],
            gone,
        )

        (tmp_path / "elsewhere.png").rename(source / "day-0" / "1.png")
        seen = await lookout.look_at_all(Stop(), nothing)
        assert (seen, await missing_names(library)) == (Seen(looked_at=6, came_back=1), [])


async def test_a_whole_folder_that_went_away_is_missing(tmp_path: Path) -> None:
    async with stocked(tmp_path) as (library, source):
        (source / "day-1").rename(source / "moved")
        seen = await a_lookout(library, set()).look_at_all(Stop(), nothing)
        assert (seen.missing, await missing_names(library)) == (3, ["3", "4", "5"])


async def test_only_the_jobs_that_are_asked_for_are_looked_at(tmp_path: Path) -> None:
    async with stocked(tmp_path) as (library, source):
        for path in source.rglob("*.png"):
            path.unlink()
        wanted = [job.seq for job in await library.jobs() if job.request.prompt in {"0", "5"}]
        seen = await a_lookout(library, set()).look_at_jobs(wanted)
        assert (seen.looked_at, await missing_names(library)) == (2, ["0", "5"])


async def test_a_drive_that_does_not_answer_says_nothing_and_holds_nothing_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    over, asked = threading.Event(), []
    look = module.state_at

    def slow(path: str, size_bytes: int) -> FileState | None:
        if "day-0" in path or "day-1" in path:
            asked.append(path)
            over.wait()
        return look(path, size_bytes)

    async with stocked(tmp_path, 9) as (library, source):
        for folder in ("day-0", "day-1", "day-2"):
            other = source / folder / "deep"
            other.mkdir()
        monkeypatch.setattr(module, "state_at", slow)
        try:
            seen = await a_lookout(library, set(), patience_s=0.2).look_at_all(Stop(), nothing)
        finally:
            over.set()
        assert seen.missing == 0
        assert seen.unseen + seen.looked_at == 9
        assert seen.unseen >= 6
        assert len(asked) == 1, "what lies beside a folder that does not answer is not asked either"
        assert await missing_names(library) == []


async def test_a_drive_that_answers_again_is_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    over, look = threading.Event(), module.state_at

    def slow(path: str, size_bytes: int) -> FileState | None:
        over.wait()
        return look(path, size_bytes)

    async with stocked(tmp_path, 1) as (library, _):
        monkeypatch.setattr(module, "state_at", slow)
        lookout = a_lookout(library, set(), patience_s=0.2)
        wanted = [job.seq for job in await library.jobs()]
        try:
            assert (await lookout.look_at_jobs(wanted)).unseen == 1
        finally:
            over.set()
        with anyio.fail_after(20):
            while (await lookout.look_at_jobs(wanted)).unseen:
                await anyio.lowlevel.checkpoint()


async def test_what_lies_in_the_bin_is_told_apart(tmp_path: Path) -> None:
    async with stocked(tmp_path, 2) as (library, source):
        for path in (source / "day-0").iterdir():
            path.unlink()
        await library.database.write(
            lambda connection: connection.execute("UPDATE job SET binned_at = 1 WHERE seq = 1").rowcount
        )
        seen = await a_lookout(library, set()).look_at_all(Stop(), nothing)
        assert (seen.missing, seen.in_bin) == (2, 1)


async def test_a_round_reaches_its_end_where_something_was_removed_for_good(tmp_path: Path) -> None:
    async with stocked(tmp_path, 3) as (library, _):
        await library.database.write(
            lambda connection: (
                connection.execute("UPDATE job SET binned_at = 1, removed_at = 2 WHERE seq = 1").rowcount
            )
        )
        told: list[Progress] = []
        await a_lookout(library, set()).look_at_all(Stop(), told.append)
        assert (told[-1].done, told[-1].total) == (2, 2)


async def test_what_the_system_does_not_tell_stays_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_path: str) -> None:
        raise PermissionError(13, "Permission denied")

    async with stocked(tmp_path, 3) as (library, _):
        monkeypatch.setattr(os, "stat", refuse)
        seen = await a_lookout(library, set()).look_at_all(Stop(), nothing)
        monkeypatch.undo()
        assert (seen.unseen, await missing_names(library)) == (3, [])


async def test_what_takes_the_place_of_a_file_is_none(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "file").write_bytes(b"")
    for none in (tmp_path, tmp_path / "pipe", tmp_path / "file" / "below", "a\0b"):
        assert state_at(str(none), 0) is FileState.MISSING
    assert state_at(str(tmp_path / "file"), 0) is FileState.AS_SAVED
    assert state_at(str(tmp_path / "file"), 1) is FileState.CHANGED


async def test_a_round_goes_through_more_than_one_page_and_can_be_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gptimg_desktop.services.library.image_places.PAGE", 2)
    async with stocked(tmp_path, 7) as (library, _):
        told: list[Progress] = []
        seen = await a_lookout(library, set()).look_at_all(Stop(), told.append)
        assert seen.looked_at == 7
        assert [(progress.done, progress.total) for progress in told] == [
            (0, 0),
            (2, 7),
            (4, 7),
            (6, 7),
            (7, 7),
        ]

        stop = Stop()
        seen = await a_lookout(library, set()).look_at_all(stop, lambda _progress: stop.set())
        assert (seen.was_cancelled, seen.looked_at) == (True, 0)


async def test_a_mark_that_somebody_changed_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    """The file was moved, and found again, between the look and its writing."""
    async with stocked(tmp_path, 1) as (library, source):
        (place,) = await library.places.page()
        await library.database.write(
            lambda connection: connection.execute("UPDATE image SET path = ?", (str(source / "new.png"),))
        )
        assert await library.places.note([place], FileState.MISSING) == frozenset()
        assert await missing_names(library) == []


# Changed since


async def changed_names(library: Shelf) -> list[str]:
    jobs = await library.jobs()
    return sorted(job.request.prompt for job in jobs if job.images[0].is_changed)


def flip(path: Path) -> None:
    """Turn a bit over in the middle: as long as before, and another picture."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


async def test_a_file_of_another_size_is_seen_by_any_look(tmp_path: Path) -> None:
    async with stocked(tmp_path) as (library, source):
        news: set[int] = set()
        path = source / "day-0" / "1.png"
        before = path.read_bytes()
        path.write_bytes(before + b"more")
        seen = await a_lookout(library, news).look_at_all(Stop(), nothing)
        assert (seen, await changed_names(library)) == (Seen(looked_at=6, changed=1), ["1"])
        assert await missing_names(library) == []
        assert len(news) == 1
        assert path.read_bytes() == before + b"more", "whatever it is now, it is left alone"

        path.write_bytes(before)
        seen = await a_lookout(library, news).look_at_all(Stop(), nothing)
        assert (seen, await changed_names(library)) == (Seen(looked_at=6), [])


async def test_a_bit_that_was_turned_over_is_seen_where_the_file_is_opened(tmp_path: Path) -> None:
    async with stocked(tmp_path) as (library, source):
        lookout, path = a_lookout(library, set()), source / "day-0" / "1.png"
        assert await lookout.look_closely([str(path)]) == frozenset()
        flip(path)
        assert (await lookout.look_at_all(Stop(), nothing)).changed == 0
        assert await lookout.look_closely([str(path)]) == {str(path)}
        assert await changed_names(library) == ["1"]
        assert (await lookout.look_at_all(Stop(), nothing)).changed == 1, (
            "it is not forgotten by a quick look"
        )
        flip(path)
        assert await lookout.look_closely([str(path)]) == frozenset()
        assert await changed_names(library) == []


async def test_what_was_read_once_is_not_read_again_before_somebody_writes_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def counted(path: str) -> str | None:
        read.append(path)
        return sha256_at(path)

    monkeypatch.setattr(module, "sha256_at", counted)
    async with stocked(tmp_path, 1) as (library, source):
        lookout, path = a_lookout(library, set()), source / "day-0" / "0.png"
        for _ in range(3):
            await lookout.look_closely([str(path)])
        assert len(read) == 1
        os.utime(path, (1.0, 1.0))
        await lookout.look_closely([str(path)])
        assert len(read) == 2


async def test_a_file_that_is_gone_when_it_is_opened_is_missing(tmp_path: Path) -> None:
    async with stocked(tmp_path, 2) as (library, source):
        path = source / "day-0" / "1.png"
        path.unlink()
        assert await a_lookout(library, set()).look_closely([str(path)]) == frozenset()
        assert await missing_names(library) == ["1"]


async def test_what_has_changed_is_neither_missing_nor_looked_for_elsewhere(tmp_path: Path) -> None:
    async with stocked(tmp_path, 2) as (library, source):
        (source / "day-0" / "1.png").write_bytes(b"something else")
        await a_lookout(library, set()).look_at_all(Stop(), nothing)
        assert await library.places.missing() == ()
        assert await library.places.count_missing() == Seen()
