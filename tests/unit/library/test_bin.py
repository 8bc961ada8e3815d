"""Emptying the bin: what is over leaves the gallery, what is ours goes to the trash, all else stays."""

from __future__ import annotations

import asyncio
import os
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gptimg_desktop.core.bin import KEPT_S, BinContents, Clearing, Fate
from gptimg_desktop.core.connection import IMPORTED, PRACTICE
from gptimg_desktop.core.job import OVER, RUNNING, JobState
from gptimg_desktop.core.mark import Mark
from gptimg_desktop.services.library import removals
from gptimg_desktop.services.library.files.trash import Trash
from tests.support.trashes import HomeTrash, use_home_trash, use_no_trash
from tests.unit.library.shelves import DAY, NOW, a_shelf, an_image

if TYPE_CHECKING:
    from collections.abc import Callable


pytestmark = pytest.mark.anyio

ALL = Clearing()
FOREVER = Clearing(forever=True)


@pytest.fixture(autouse=True)
def trash(home: Path, monkeypatch: pytest.MonkeyPatch) -> HomeTrash:
    return use_home_trash(monkeypatch, home)


# What goes


async def test_a_picture_goes_to_the_trash_and_its_job_stays_for_the_money(
    tmp_path: Path, trash: HomeTrash
) -> None:
    async with a_shelf(tmp_path) as shelf:
        path = shelf.picture(content=b"a paid picture")
        job = await shelf.binned(path)

        cleared = await shelf.bin.clear(ALL)

        assert cleared.removed == (job.seq,)
        assert cleared.files == {Fate.IN_TRASH: 1}
        assert not path.exists()
        assert trash.origins() == {str(path): b"a paid picture"}
        kept = await shelf.rows("SELECT seq, state, estimate, removed_at FROM job")
        assert kept == [(job.seq, "saved", "0.0085", NOW)]
        assert await shelf.bin.contents() == BinContents()


async def test_nothing_that_is_not_in_the_bin_is_touched(tmp_path: Path, trash: HomeTrash) -> None:
    async with a_shelf(tmp_path) as shelf:
        path = shelf.picture()
        job = await shelf.add(JobState.SAVED, path)

        assert (await shelf.bin.clear(ALL)).removed == ()
        assert (await shelf.bin.clear(Clearing(seqs=(job.seq,)))).removed == ()
        assert path.exists()
        assert trash.origins() == {}


async def test_all_pictures_of_a_job_go(tmp_path: Path, trash: HomeTrash) -> None:
    async with a_shelf(tmp_path) as shelf:
        paths = [shelf.picture(), shelf.picture(), shelf.picture()]
        await shelf.binned(*paths)

        assert (await shelf.bin.clear(ALL)).files == {Fate.IN_TRASH: 3}
        assert set(trash.origins()) == set(map(str, paths))


async def test_only_the_named_ones_go(tmp_path: Path) -> None:
    async with a_shelf(tmp_path) as shelf:
        first, second = [await shelf.binned(shelf.picture()) for _ in range(2)]

        assert (await shelf.bin.clear(Clearing(seqs=(second.seq, 999)))).removed == (second.seq,)
        assert Path(first.images[0].path).exists()


async def test_what_is_thirty_days_in_the_bin_goes_and_what_is_not_stays(tmp_path: Path) -> None:
    async with a_shelf(tmp_path) as shelf:
        old = await shelf.binned(shelf.picture(), binned_at=NOW - KEPT_S - 1)
        young = await shelf.binned(shelf.picture(), binned_at=NOW - KEPT_S + 1)

        cleared = await shelf.bin.clear(Clearing(before=NOW - KEPT_S))

        assert cleared.removed == (old.seq,)
        assert Path(young.images[0].path).exists()


async def test_a_bin_that_begins_anew_keeps_everything_for_thirty_days_more(tmp_path: Path) -> None:
    """A library out of a backup does not know what was brought back since."""
    async with a_shelf(tmp_path) as shelf:
        await shelf.binned(shelf.picture(), binned_at=NOW - 99 * DAY)
        kept = await shelf.add(JobState.SAVED, shelf.picture())

        await shelf.removals.begin_anew(NOW)

        assert (await shelf.bin.clear(Clearing(before=NOW - KEPT_S))).removed == ()
        assert await shelf.rows("SELECT binned_at FROM job WHERE seq = ?", kept.seq) == [(None,)]


@pytest.mark.parametrize("state", sorted(RUNNING | {JobState.UNCONFIRMED}))
async def test_a_removed_job_that_goes_on_after_all_has_its_place_again(
    tmp_path: Path, state: JobState
) -> None:
    async with a_shelf(tmp_path) as shelf:
        job = await shelf.binned(state=JobState.CLOSED)
        await shelf.bin.clear(ALL)
        assert await shelf.removed() == [job.seq]

        await shelf.jobs.advance(job, replace(job, state=state))

        assert await shelf.removed() == []


async def test_a_removed_job_that_is_only_marked_stays_removed(tmp_path: Path) -> None:
    async with a_shelf(tmp_path) as shelf:
        job = await shelf.binned(state=JobState.CLOSED)
        await shelf.bin.clear(ALL)

        await shelf.jobs.advance(job, job.marked(Mark.PICKED, NOW))

        assert await shelf.removed() == [job.seq]


# What cannot go


@pytest.mark.parametrize("state", sorted(set(JobState) - OVER))
async def test_what_is_in_flight_or_unconfirmed_is_never_removed(tmp_path: Path, state: JobState) -> None:
    async with a_shelf(tmp_path) as shelf:
        job = await shelf.binned(state=state, task_ids=("task_1",), binned_at=NOW - 99 * DAY)

        assert (await shelf.bin.clear(FOREVER)).removed == ()
        assert (await shelf.bin.clear(Clearing(seqs=(job.seq,), forever=True))).removed == ()
        assert await shelf.bin.contents() == BinContents(held=1)


@pytest.mark.parametrize("state", sorted(OVER))
async def test_what_is_over_can_be_removed(tmp_path: Path, state: JobState) -> None:
    async with a_shelf(tmp_path) as shelf:
        job = await shelf.binned(state=state, task_ids=("task_1",), finished_at=NOW - DAY)

        assert await shelf.bin.contents() == BinContents(count=1, paid=state is JobState.SAVED)
        assert (await shelf.bin.clear(ALL)).removed == (job.seq,)


async def test_what_failed_a_moment_ago_stays_as_long_as_its_picture_may_come(tmp_path: Path) -> None:
    async with a_shelf(tmp_path) as shelf:
        job = await shelf.binned(state=JobState.FAILED, task_ids=("task_1",), finished_at=NOW - 60)

        assert (await shelf.bin.clear(ALL)).removed == ()
        assert await shelf.bin.contents() == BinContents(held=1)
        shelf.now = NOW + removals.MAY_COME_LATE_S
        assert (await shelf.bin.clear(ALL)).removed == (job.seq,)


async def test_one_that_is_brought_back_in_time_is_kept(tmp_path: Path, trash: HomeTrash) -> None:
    """The user presses Ctrl+Z while the bin is being emptied."""
    async with a_shelf(tmp_path) as shelf:
        first, second = [await shelf.binned(shelf.picture()) for _ in range(2)]
        (_, doomed) = await shelf.removals.doomed((first.seq, second.seq))
        await shelf.mark(second, Mark.RESTORED)

        assert await shelf.removals.claim(doomed, NOW) is None
        await shelf.bin.clear(ALL)
        assert list(trash.origins()) == [first.images[0].path]


# Files that are not ours to remove


async def test_a_picture_that_was_imported_where_it_lies_only_leaves_the_gallery(
    tmp_path: Path, trash: HomeTrash
) -> None:
    """Even one that lies in the picture folder."""
    async with a_shelf(tmp_path) as shelf:
        outside = tmp_path / "client" / "photo.png"
        outside.parent.mkdir()
        outside.write_bytes(b"the client's own")
        inside = shelf.picture("photo.png")
        jobs = [await shelf.binned(path, service=IMPORTED) for path in (outside, inside)]

        cleared = await shelf.bin.clear(FOREVER)

        assert cleared.removed == tuple(job.seq for job in jobs)
        assert cleared.files == {Fate.NOT_OURS: 2}
        assert outside.exists()
        assert inside.exists()
        assert trash.origins() == {}


async def test_a_picture_that_was_copied_in_goes_like_our_own(tmp_path: Path, trash: HomeTrash) -> None:
    async with a_shelf(tmp_path) as shelf:
        path = shelf.picture("photo.png")
        await shelf.binned(path, service=IMPORTED, links=(removals.COPIED,))

        assert (await shelf.bin.clear(ALL)).files == {Fate.IN_TRASH: 1}
        assert list(trash.origins()) == [str(path)]


async def test_a_file_outside_the_picture_folders_stays(tmp_path: Path) -> None:
    """Found again in another place, or from the time of another folder."""
    async with a_shelf(tmp_path) as shelf:
        outside = tmp_path / "Pictures-of-somebody" / "chair.png"
        outside.parent.mkdir()
        outside.write_bytes(b"chair")
        job = await shelf.binned(outside)

        cleared = await shelf.bin.clear(FOREVER)

        assert cleared.removed == (job.seq,)
        assert cleared.files == {Fate.NOT_OURS: 1}
        assert outside.exists()
        assert cleared.left_in_place == 1


async def test_a_link_in_the_picture_folder_leads_nobody_outside(tmp_path: Path) -> None:
    """A link as the file, and a link as one of the folders above it."""
    async with a_shelf(tmp_path) as shelf:
        outside = tmp_path / "client"
        outside.mkdir()
        (outside / "logo.png").write_bytes(b"logo")
        as_file = shelf.folder / "2026-11-22" / "logo.png"
        as_file.parent.mkdir()
        as_file.symlink_to(outside / "logo.png")
        (shelf.folder / "elsewhere").symlink_to(outside, target_is_directory=True)
        await shelf.binned(as_file)
        await shelf.binned(shelf.folder / "elsewhere" / "logo.png")

        assert (await shelf.bin.clear(FOREVER)).files == {Fate.NOT_OURS: 2}
        assert (outside / "logo.png").read_bytes() == b"logo"
        assert as_file.is_symlink()


async def test_a_picture_folder_behind_a_link_is_still_ours(tmp_path: Path) -> None:
    async with a_shelf(tmp_path) as shelf:
        really = tmp_path / "drive"
        really.mkdir()
        link = tmp_path / "GPTImg"
        link.symlink_to(really, target_is_directory=True)
        shelf.folder, shelf.folders = link, [link]
        await shelf.binned(shelf.picture())

        assert (await shelf.bin.clear(ALL)).files == {Fate.IN_TRASH: 1}


async def test_a_file_that_changed_since_stays(tmp_path: Path) -> None:
    """Somebody's work may be in it; of the same length, and of another."""
    async with a_shelf(tmp_path) as shelf:
        same, longer = shelf.picture(content=b"picture 1"), shelf.picture(content=b"picture 2")
        await shelf.binned(same)
        await shelf.binned(longer)
        same.write_bytes(b"painted 1")
        longer.write_bytes(b"painted over")

        cleared = await shelf.bin.clear(FOREVER)

        assert cleared.files == {Fate.CHANGED: 2}
        assert len(cleared.removed) == 2
        assert same.read_bytes() == b"painted 1"
        assert longer.exists()


async def test_a_missing_file_holds_nothing_up(tmp_path: Path) -> None:
    async with a_shelf(tmp_path) as shelf:
        gone, there = shelf.picture(), shelf.picture()
        jobs = [await shelf.binned(path) for path in (gone, there)]
        gone.unlink()

        cleared = await shelf.bin.clear(ALL)

        assert cleared.removed == tuple(job.seq for job in jobs)
        assert cleared.files == {Fate.MISSING: 1, Fate.IN_TRASH: 1}


async def test_a_folder_in_the_place_of_a_picture_stays(tmp_path: Path) -> None:
    async with a_shelf(tmp_path) as shelf:
        path = shelf.picture()
        await shelf.binned(path)
        path.unlink()
        path.mkdir()
        (path / "work.psd").write_bytes(b"work")

        assert (await shelf.bin.clear(FOREVER)).files == {Fate.NOT_OURS: 1}
        assert (path / "work.psd").exists()


# Files that several have


async def test_a_file_that_another_job_has_stays_until_that_one_goes_too(tmp_path: Path) -> None:
    async with a_shelf(tmp_path) as shelf:
        path = shelf.picture()
        await shelf.binned(path)
        other = await shelf.add(JobState.SAVED, path)

        assert (await shelf.bin.clear(FOREVER)).files == {Fate.SHARED: 1}
        assert path.exists()

        await shelf.mark(other, Mark.BINNED)
        assert (await shelf.bin.clear(FOREVER)).files == {Fate.DELETED: 1}
        assert not path.exists()


async def test_a_file_that_is_planned_for_another_job_stays(tmp_path: Path) -> None:
    async with a_shelf(tmp_path) as shelf:
        path = shelf.picture()
        await shelf.binned(path)
        other = await shelf.add(JobState.READY, links=("https://files.example/1.png",))
        await shelf.jobs.plan_image(other, replace(an_image(0, path), sha256="0" * 64))

        assert (await shelf.bin.clear(FOREVER)).files == {Fate.SHARED: 1}
        assert path.exists()


@pytest.mark.parametrize("link", [os.link, os.symlink])
async def test_one_file_under_two_names_stays_while_one_of_them_is_wanted(
    tmp_path: Path, link: Callable[[Path, Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(removals, "AT_ONCE", 1)  # the other one is found by another question
    async with a_shelf(tmp_path) as shelf:
        path = shelf.picture()
        other_name = path.with_name("other.png")
        link(path, other_name)
        await shelf.binned(path)
        await shelf.add(JobState.SAVED, other_name)

        assert (await shelf.bin.clear(FOREVER)).files == {Fate.SHARED: 1}
        assert path.exists()
        assert other_name.exists()


async def test_two_jobs_with_one_file_both_go_and_the_file_with_the_last(
    tmp_path: Path, trash: HomeTrash
) -> None:
    async with a_shelf(tmp_path) as shelf:
        path = shelf.picture()
        alias = shelf.folder / "alias"
        alias.symlink_to(path.parent, target_is_directory=True)
        jobs = [await shelf.binned(path), await shelf.binned(alias / path.name)]

        cleared = await shelf.bin.clear(ALL)

        assert cleared.removed == tuple(job.seq for job in jobs)
        assert cleared.files == {Fate.SHARED: 1, Fate.IN_TRASH: 1}
        assert len(trash.origins()) == 1


async def test_a_file_that_one_job_names_twice_goes_once(tmp_path: Path) -> None:
    async with a_shelf(tmp_path) as shelf:
        path = shelf.picture()
        await shelf.binned(path, path)

        assert (await shelf.bin.clear(ALL)).files == {Fate.IN_TRASH: 1}


async def test_equal_pictures_in_two_files_are_two_files(tmp_path: Path) -> None:
    async with a_shelf(tmp_path) as shelf:
        mine, other = shelf.picture(content=b"the same"), shelf.picture(content=b"the same")
        await shelf.binned(mine)
        await shelf.add(JobState.SAVED, other)

        assert (await shelf.bin.clear(ALL)).files == {Fate.IN_TRASH: 1}
        assert other.read_bytes() == b"the same"


# Where there is no trash


async def test_without_a_trash_nothing_is_deleted_and_everything_is_in_the_bin_as_before(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_no_trash(monkeypatch, home)
    async with a_shelf(tmp_path) as shelf:
        jobs = [await shelf.binned(shelf.picture()) for _ in range(4)]
        bare = await shelf.binned(state=JobState.CANCELLED)
        before = await shelf.bin.contents()

        cleared = await shelf.bin.clear(ALL)

        assert cleared.removed == (bare.seq,)
        assert cleared.refused == tuple(job.seq for job in jobs)
        assert cleared.reason
        assert all(Path(job.images[0].path).exists() for job in jobs)
        assert (await shelf.bin.contents()).count == before.count - 1
        assert await shelf.removed() == [bare.seq]


async def test_only_the_word_for_ever_deletes_without_a_trash(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_no_trash(monkeypatch, home)
    async with a_shelf(tmp_path) as shelf:
        path = shelf.picture()
        job = await shelf.binned(path)
        refused = (await shelf.bin.clear(ALL)).refused

        cleared = await shelf.bin.clear(Clearing(seqs=refused, forever=True))

        assert cleared.removed == (job.seq,)
        assert cleared.files == {Fate.DELETED: 1}
        assert not path.exists()


async def test_a_drive_without_a_trash_is_not_asked_for_each_file(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_no_trash(monkeypatch, home)
    asked: list[str] = []
    send = Trash.put.__globals__["_send"]

    def note(path: Path) -> None:
        asked.append(str(path))
        send(path)

    monkeypatch.setitem(Trash.put.__globals__, "_send", note)
    async with a_shelf(tmp_path) as shelf:
        for _ in range(5):
            await shelf.binned(shelf.picture())

        assert len((await shelf.bin.clear(ALL)).refused) == 5
        assert len(asked) == 2


async def test_two_files_of_one_name_are_both_in_the_trash(tmp_path: Path, trash: HomeTrash) -> None:
    async with a_shelf(tmp_path) as shelf:
        second_day = shelf.folder / "2026-11-23"
        second_day.mkdir()
        (second_day / "chair.png").write_bytes(b"two")
        paths = {shelf.picture("chair.png", b"one"): b"one", second_day / "chair.png": b"two"}
        for path in paths:
            await shelf.binned(path)

        await shelf.bin.clear(ALL)

        assert trash.origins() == {str(path): content for path, content in paths.items()}


# On the way


async def test_progress_is_told_and_a_stop_ends_it_after_the_job_at_hand(
    tmp_path: Path, trash: HomeTrash
) -> None:
    async with a_shelf(tmp_path) as shelf:
        jobs = [await shelf.binned(shelf.picture()) for _ in range(4)]
        stop, told = asyncio.Event(), []

        def tell(done: int, total: int) -> None:
            told.append((done, total))
            if done == 2:
                stop.set()

        cleared = await shelf.bin.clear(ALL, tell=tell, stop=stop)

        assert told == [(0, 4), (1, 4), (2, 4)]
        assert cleared.was_stopped
        assert cleared.removed == tuple(job.seq for job in jobs[:2])
        assert len(trash.origins()) == 2
        assert all(Path(job.images[0].path).exists() for job in jobs[2:])


async def test_a_drive_that_does_not_answer_gives_its_job_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()

    def wait(_path: Path) -> None:
        go_on.wait(20)
        raise OSError("gone")

    monkeypatch.setitem(Trash.put.__globals__, "_send", wait)
    async with a_shelf(tmp_path) as shelf:
        shelf.drives.patience_s = 0.05
        job = await shelf.binned(shelf.picture())
        try:
            cleared = await shelf.bin.clear(ALL)
        finally:
            go_on.set()

        assert cleared.refused == (job.seq,)
        assert await shelf.removed() == []
        assert Path(job.images[0].path).exists()


@pytest.mark.parametrize("count", [0, 1, 450])
async def test_the_bin_tells_what_is_in_it(tmp_path: Path, count: int) -> None:
    async with a_shelf(tmp_path) as shelf:
        path = shelf.picture(content=b"x" * 1000)
        for _ in range(count):
            await shelf.binned(path)
        await shelf.add(JobState.SAVED, path)

        assert await shelf.bin.contents() == BinContents(count=count, paid=count, size_bytes=1000 * count)
        assert len((await shelf.bin.clear(ALL)).removed) == count


async def test_paid_is_what_brought_a_picture_for_money(tmp_path: Path) -> None:
    async with a_shelf(tmp_path) as shelf:
        for service in ("https://api.example.com", PRACTICE, IMPORTED):
            await shelf.binned(shelf.picture(), service=service)
        await shelf.binned(state=JobState.FAILED)
        contents = await shelf.bin.contents()

        assert (contents.count, contents.paid) == (4, 1)
