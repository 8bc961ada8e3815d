"""The file of a saved picture is gone: its link brings it back, and nothing is ever paid for that."""

from __future__ import annotations

import asyncio
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from gptimg_desktop.core.bin import Clearing
from gptimg_desktop.core.errors import Problem, ProblemKind, StorageError
from gptimg_desktop.core.lookout import FileState
from gptimg_desktop.core.mark import Mark
from gptimg_desktop.services.library.files.picture_folder import DAMAGED, PartFile, PictureFolder
from gptimg_desktop.services.library.image_places import Move
from gptimg_desktop.services.library.jobs import JobStore
from gptimg_desktop.services.queue.fetcher import SAME_TRIES
from tests.support.bench import bench
from tests.support.jobs import every_job
from tests.support.ranged_file import RangedFile
from tests.support.scripted_server import answer, cut_file, hold, picture, scripted_server, task, whole_file
from tests.unit.library.pictures import grey_png

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from gptimg_desktop.core.job import Job
    from tests.support.bench import Bench
    from tests.support.scripted_server import Act, Exchange, ScriptedServer

pytestmark = [pytest.mark.anyio, pytest.mark.row(87)]

GOOD = picture(160, 90)
OTHER = picture(90, 160, colour="maroon")
HALF = grey_png(64, 48, rows=24)


async def saved(desk: Bench, server: ScriptedServer, content: bytes = GOOD) -> Path:
    """Press once; where the picture is."""
    server.downloads = deque([whole_file(content)])
    desk.generate()
    await desk.until_states("saved")
    return path_of(desk.job)


async def note_missing(desk: Bench) -> None:
    """The files are looked at, and what is gone is known as that."""
    places = await desk.engine.places.of_jobs([desk.job.seq])
    gone = [place for place in places if not Path(place.path).exists()]
    await desk.engine.places.note(gone, FileState.MISSING)
    await desk.engine.queue.let_go([desk.job.seq])
    desk.jobs[desk.job.id] = await committed(desk)
    assert is_missing(desk)


async def lost_file(desk: Bench, server: ScriptedServer) -> Path:
    path = await saved(desk, server)
    path.unlink()
    await note_missing(desk)
    return path


async def damaged(desk: Bench, server: ScriptedServer) -> Path:
    """A picture that was kept although it is damaged, and whose file is gone; where it was."""
    server.downloads = deque([whole_file(HALF)] * SAME_TRIES)
    desk.generate()
    await desk.until_states("saved")
    path = path_of(desk.job)
    assert path.name.endswith(DAMAGED)
    path.unlink()
    await note_missing(desk)
    return path


def path_of(job: Job) -> Path:
    return Path(job.images[0].path)


def is_missing(desk: Bench) -> bool:
    """As it was told last."""
    return any(image.is_missing for image in desk.job.images)


def files(home: Path) -> list[Path]:
    """Everything in the picture folder, what is hidden too."""
    return sorted(path for path in (home / "data" / "images").rglob("*") if path.is_file())


async def two_links(exchange: Exchange) -> None:
    """A task that is done, with two pictures."""
    links = [f"{exchange.server.url}/files/{name}.png" for name in ("a", "b")]
    await task("completed", result={"images": [{"url": links}]})(exchange)


async def fetch_while(
    desk: Bench, server: ScriptedServer, happens: Callable[[], Awaitable[object]], content: bytes = GOOD
) -> None:
    """Wish for the file, and let something happen while it is on its way."""
    may_go = asyncio.Event()
    asked = len(server.of_kind("download"))
    server.downloads = deque([hold(may_go, whole_file(content))])
    async with asyncio.TaskGroup() as wishes:
        wishes.create_task(desk.engine.queue.fetch_again(desk.job.id))
        await desk.until(lambda: len(server.of_kind("download")) > asked)
        await happens()
        may_go.set()


async def move_to(desk: Bench, found: Path) -> None:
    """As after "A folder was moved": the one picture is known to be in another file."""
    (place,) = await desk.engine.places.of_jobs([desk.job.seq])
    assert await desk.engine.places.move([Move(place=place, path=str(found))])


def refuse_to_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """The program ends, as far as anybody can tell, before a file has its name."""

    def end(*_: object) -> None:
        raise SystemError("the end")

    monkeypatch.setattr(PictureFolder, "place", end)


async def committed(desk: Bench) -> Job:
    (job,) = await every_job(desk.engine.store)
    return job


async def test_the_link_brings_a_deleted_file_back(home: Path) -> None:
    async with scripted_server() as server:
        async with bench(home / "data", server) as desk:
            path = await lost_file(desk, server)
            await desk.engine.queue.fetch_again(desk.job.id)
            assert not is_missing(desk)
            assert path.read_bytes() == GOOD
            assert files(home) == [path]
        async with bench(home / "data", server) as desk:
            assert not is_missing(desk)
            assert path_of(desk.job) == path
        assert len(server.of_kind("submit")) == 1
        assert len(server.of_kind("download")) == 2


async def test_who_looks_at_the_job_is_told_that_its_file_is_there(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        await lost_file(desk, server)
        told = len(desk.history)
        await desk.engine.queue.fetch_again(desk.job.id)
        assert not is_missing(desk)
        assert [job.state for job in desk.history[told:]] == ["saved"]
        assert desk.complaints == []


@pytest.mark.parametrize(
    ("acts", "kind"),
    [
        ([answer(403, b"<Error/>")], ProblemKind.LINK_GIVES_NOTHING),
        ([answer(404, b"")], ProblemKind.LINK_GIVES_NOTHING),
        ([answer(500, b"")], ProblemKind.NOT_FETCHED_AGAIN),
        ([answer(200, b"<html>sign in</html>")], ProblemKind.NOT_FETCHED_AGAIN),
        ([cut_file(GOOD)], ProblemKind.NOT_FETCHED_AGAIN),
        ([RangedFile(GOOD, goes=(100,)).act], ProblemKind.NOT_FETCHED_AGAIN),
    ],
    ids=["refused", "unknown", "trouble", "no-picture", "cut", "cut-and-could-go-on"],
)
async def test_what_does_not_come_leaves_all_as_it_was(
    home: Path, acts: Sequence[Act], kind: ProblemKind
) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        path = await lost_file(desk, server)
        before = await committed(desk)
        server.downloads = deque(acts)
        await desk.engine.queue.fetch_again(desk.job.id)
        assert [(job_id, problem.kind) for job_id, problem in desk.complaints] == [(desk.job.id, kind)]
        assert await committed(desk) == before
        assert before.images[0].is_missing
        assert files(home) == []
        asked = len(server.of_kind("download"))
        server.downloads = deque([whole_file(GOOD)])
        await desk.engine.queue.fetch_again(desk.job.id)  # it can be wished once more
        assert not is_missing(desk)
        assert path.read_bytes() == GOOD
        assert len(server.of_kind("download")) == asked + 1
        assert len(server.of_kind("submit")) == 1


async def test_a_file_that_is_there_after_all_is_not_fetched(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        path = await lost_file(desk, server)
        path.write_bytes(GOOD)
        await desk.engine.queue.fetch_again(desk.job.id)
        assert not is_missing(desk)
        assert len(server.of_kind("download")) == 1


async def test_what_stands_at_its_name_by_now_stays(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        path = await lost_file(desk, server)
        path.write_bytes(OTHER)
        await desk.engine.queue.fetch_again(desk.job.id)
        assert not is_missing(desk)
        assert path.read_bytes() == OTHER
        assert path_of(desk.job) != path
        assert path_of(desk.job).read_bytes() == GOOD


async def test_two_wishes_at_once_fetch_it_once(home: Path) -> None:
    may_go = asyncio.Event()
    async with scripted_server() as server, bench(home / "data", server) as desk:
        await lost_file(desk, server)
        server.downloads = deque([hold(may_go, whole_file(GOOD))])
        async with asyncio.TaskGroup() as wishes:
            for _ in range(3):
                wishes.create_task(desk.engine.queue.fetch_again(desk.job.id))
            await desk.until(lambda: len(server.of_kind("download")) == 2)
            may_go.set()
        assert not is_missing(desk)
        assert len(server.of_kind("download")) == 2
        assert len(files(home)) == 1


async def test_an_end_before_the_file_has_its_name_leaves_it_missing(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scripted_server() as server:
        async with bench(home / "data", server) as desk:
            await lost_file(desk, server)
            with monkeypatch.context() as patched:
                refuse_to_place(patched)
                with pytest.raises(SystemError):
                    await desk.engine.queue.fetch_again(desk.job.id)
        async with bench(home / "data", server) as desk:
            assert desk.states == ["saved"]
            assert is_missing(desk)
            await desk.engine.queue.fetch_again(desk.job.id)
            assert not is_missing(desk)
            assert files(home) == [path_of(desk.job)]


async def test_only_what_is_gone_of_several_is_fetched(home: Path) -> None:
    first, second = picture(40, 40), picture(50, 50)

    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.queries = deque([two_links])
        server.downloads = deque([whole_file(first), whole_file(second)])
        desk.generate()
        await desk.until_states("saved")
        kept, gone = (Path(image.path) for image in desk.job.images)
        gone.unlink()
        kept.write_bytes(OTHER)  # it was drawn on: nobody wished to have it anew
        await note_missing(desk)
        await desk.engine.queue.fetch_again(desk.job.id)
        assert not is_missing(desk)
        assert (kept.read_bytes(), gone.read_bytes()) == (OTHER, second)
        assert [request.path for request in server.of_kind("download")][2:] == ["/files/b.png"]


async def test_without_a_key_of_its_service_that_is_said(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        await lost_file(desk, server)
        desk.engine.queue.disconnect(desk.job.service)
        await desk.engine.queue.fetch_again(desk.job.id)
        assert [problem.kind for _, problem in desk.complaints] == [ProblemKind.KEY_MISSING]
        assert is_missing(desk)


async def test_a_job_whose_files_are_there_asks_nobody(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        await saved(desk, server)
        told = len(desk.history)
        await desk.engine.queue.fetch_again(desk.job.id)
        assert len(server.of_kind("download")) == 1
        assert len(desk.history) == told


# What becomes known meanwhile


async def test_a_full_disk_leaves_all_that_is_known_of_the_file(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise StorageError(Problem.of(ProblemKind.DISK_FULL, folder="images"))

    async with scripted_server() as server, bench(home / "data", server) as desk:
        await lost_file(desk, server)
        before = await committed(desk)
        server.downloads = deque(
            [whole_file(OTHER)]
        )  # the service made it anew: other bytes by the same link
        with monkeypatch.context() as patched:
            patched.setattr(PictureFolder, "place", refuse)
            await desk.engine.queue.fetch_again(desk.job.id)
        assert [problem.kind for _, problem in desk.complaints] == [ProblemKind.DISK_FULL]
        assert await committed(desk) == before
        assert files(home) == []


async def test_other_bytes_by_the_same_link_are_known_as_what_they_are(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        path = await lost_file(desk, server)
        server.downloads = deque([whole_file(OTHER)])
        await desk.engine.queue.fetch_again(desk.job.id)
        (image,) = (await committed(desk)).images
        assert (image.path, image.size_bytes, str(image.pixels)) == (str(path), len(OTHER), "90x160")
        assert image == desk.job.images[0]
        assert path.read_bytes() == OTHER


async def test_a_picture_that_is_found_meanwhile_stays_where_it_was_found(home: Path) -> None:
    found = home / "moved" / "chair.png"
    found.parent.mkdir()
    found.write_bytes(GOOD)
    async with scripted_server() as server, bench(home / "data", server) as desk:
        await lost_file(desk, server)
        await fetch_while(desk, server, lambda: move_to(desk, found))
        (image,) = (await committed(desk)).images
        assert (image.path, image.is_missing) == (str(found), False)
        assert files(home) == []
        assert found.read_bytes() == GOOD
        assert desk.complaints == []


async def test_a_job_that_is_removed_meanwhile_does_not_come_back(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        await lost_file(desk, server)
        job = desk.job
        await desk.mark(Mark.BINNED, job)
        told = len(desk.history)

        async def empty_the_bin() -> None:
            assert (await desk.engine.bin.clear(Clearing(forever=True))).removed == (job.seq,)
            await desk.engine.queue.let_go([job.seq])

        await fetch_while(desk, server, empty_the_bin)
        assert len(desk.history) == told
        assert desk.engine.queue.in_hand([job.seq]) == ()
        assert files(home) == []


async def test_a_file_that_was_there_already_is_not_taken_back(home: Path) -> None:
    """What this try did not bring is not its own to remove."""
    found = home / "chair.png"
    found.write_bytes(GOOD)
    async with scripted_server() as server, bench(home / "data", server) as desk:
        path = await lost_file(desk, server)

        async def both() -> None:
            path.write_bytes(GOOD)  # out of the trash
            await move_to(desk, found)

        await fetch_while(desk, server, both)
        (image,) = (await committed(desk)).images
        assert image.path == str(found)
        assert files(home) == [path]


async def test_a_file_that_is_seen_before_it_is_told_of_stays(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The files are looked at just when this one has its name, and the library has noted that it is there."""
    note_there = JobStore.note_there

    async with scripted_server() as server, bench(home / "data", server) as desk:
        path = await lost_file(desk, server)

        async def seen_first(store: JobStore, *told: Any) -> bool:
            places = await desk.engine.places.of_jobs([desk.job.seq])
            await desk.engine.places.note(places, FileState.AS_SAVED)
            return await note_there(store, *told)

        monkeypatch.setattr(JobStore, "note_there", seen_first)
        await desk.engine.queue.fetch_again(desk.job.id)
        assert not is_missing(desk)
        assert path.read_bytes() == GOOD


@pytest.mark.parametrize("content", [GOOD, OTHER], ids=["same-bytes", "other-bytes"])
@pytest.mark.parametrize("is_taken", [False, True], ids=["its-name", "another-name"])
async def test_an_end_before_the_file_is_known_leaves_it_to_the_next_wish(
    home: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, *, is_taken: bool
) -> None:
    async def end(*_: object) -> bool:
        raise SystemError("the end")

    async with scripted_server() as server:
        async with bench(home / "data", server) as desk:
            path = await lost_file(desk, server)
            if is_taken:
                path.write_bytes(HALF)
            server.downloads = deque([whole_file(content)])
            with monkeypatch.context() as patched:
                patched.setattr(JobStore, "note_there", end)
                with pytest.raises(SystemError):
                    await desk.engine.queue.fetch_again(desk.job.id)
            left = files(home)
        async with bench(home / "data", server) as desk:
            assert is_missing(desk)
            asked = len(server.of_kind("download"))
            server.downloads = deque([whole_file(content)])
            await desk.engine.queue.fetch_again(desk.job.id)
            assert not is_missing(desk)
            assert path_of(desk.job).read_bytes() == content
            assert files(home) == left
            assert len(server.of_kind("download")) == asked + (content != GOOD)


async def test_a_picture_that_was_moved_within_the_folder_comes_back_there(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        path = await saved(desk, server)
        chairs = path.parent.parent / "chairs" / "mine.png"
        chairs.parent.mkdir()
        path.rename(chairs)
        await move_to(desk, chairs)
        chairs.unlink()
        await note_missing(desk)
        await desk.engine.queue.fetch_again(desk.job.id)
        assert files(home) == [chairs]
        assert path_of(desk.job) == chairs


@pytest.mark.parametrize("where", ["data/images/chairs/mine.png", "outside/mine.png"])
async def test_a_folder_of_the_users_is_neither_made_anew_nor_filled(home: Path, where: str) -> None:
    """It went away with the file, or is none of ours."""
    there = home / where
    is_outside = where.startswith("outside")
    async with scripted_server() as server, bench(home / "data", server) as desk:
        path = await saved(desk, server)
        there.parent.mkdir()
        path.rename(there)
        await move_to(desk, there)
        there.unlink()
        if not is_outside:
            there.parent.rmdir()
        await note_missing(desk)
        await desk.engine.queue.fetch_again(desk.job.id)
        assert path_of(desk.job) == path
        assert files(home) == [path]
        assert there.parent.exists() == is_outside
        assert not there.exists()


async def test_a_file_that_is_back_where_it_was_moved_is_not_fetched(home: Path) -> None:
    there = home / "mine.png"
    async with scripted_server() as server, bench(home / "data", server) as desk:
        path = await saved(desk, server)
        path.rename(there)
        await move_to(desk, there)
        there.rename(path.with_name("away.png"))
        await note_missing(desk)
        path.with_name("away.png").rename(there)
        await desk.engine.queue.fetch_again(desk.job.id)
        assert (path_of(desk.job), is_missing(desk)) == (there, False)
        assert files(home) == []
        assert len(server.of_kind("download")) == 1


async def test_a_name_that_is_only_held_is_free_again(home: Path) -> None:
    """Without hard links a try that ended right then leaves an empty file."""
    async with scripted_server() as server, bench(home / "data", server) as desk:
        path = await lost_file(desk, server)
        path.touch()
        await desk.engine.queue.fetch_again(desk.job.id)
        assert files(home) == [path]
        assert path.read_bytes() == GOOD


async def test_a_name_that_is_taken_at_the_last_moment_is_not_overwritten(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = PictureFolder.place

    def too_late(folder: PictureFolder, part: PartFile, path: Path) -> None:
        if not path.parent.joinpath("taken").exists():
            path.parent.joinpath("taken").touch()
            path.write_bytes(OTHER)
        place(folder, part, path)

    async with scripted_server() as server, bench(home / "data", server) as desk:
        path = await lost_file(desk, server)
        monkeypatch.setattr(PictureFolder, "place", too_late)
        await desk.engine.queue.fetch_again(desk.job.id)
        assert not is_missing(desk)
        assert path.read_bytes() == OTHER
        assert path_of(desk.job).read_bytes() == GOOD


# Several pictures, and odd ones


async def test_a_dead_link_keeps_no_other_picture_away(home: Path) -> None:
    first, second = picture(40, 40), picture(50, 50)
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.queries = deque([two_links])
        server.downloads = deque([whole_file(first), whole_file(second)])
        desk.generate()
        await desk.until_states("saved")
        for image in desk.job.images:
            Path(image.path).unlink()
        await note_missing(desk)
        server.downloads = deque([answer(404, b""), answer(500, b"")])
        await desk.engine.queue.fetch_again(desk.job.id)  # the first that stays gone is told of
        assert [problem.kind for _, problem in desk.complaints] == [ProblemKind.LINK_GIVES_NOTHING]
        desk.complaints.clear()
        server.downloads = deque([answer(404, b""), whole_file(second)])
        await desk.engine.queue.fetch_again(desk.job.id)
        assert [problem.kind for _, problem in desk.complaints] == [ProblemKind.LINK_GIVES_NOTHING]
        assert [image.is_missing for image in desk.job.images] == [True, False]
        assert [path.read_bytes() for path in files(home)] == [second]
        server.downloads = deque([answer(500, b"")])
        await desk.engine.queue.fetch_again(desk.job.id)
        assert [problem.kind for _, problem in desk.complaints][1:] == [ProblemKind.NOT_FETCHED_AGAIN]


async def test_two_pictures_of_the_same_bytes_have_a_file_each(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.queries = deque([two_links])
        server.downloads = deque([whole_file(GOOD), whole_file(GOOD)])
        desk.generate()
        await desk.until_states("saved")
        paths = [Path(image.path) for image in desk.job.images]
        for path in paths:
            path.unlink()
        await note_missing(desk)
        server.downloads = deque([whole_file(GOOD), whole_file(GOOD)])
        await desk.engine.queue.fetch_again(desk.job.id)
        assert not is_missing(desk)
        assert files(home) == sorted(paths)


async def test_a_picture_that_was_kept_damaged_comes_back_as_it_was(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        path = await damaged(desk, server)
        asked = len(server.of_kind("download"))
        server.downloads = deque([whole_file(HALF)])
        await desk.engine.queue.fetch_again(desk.job.id)
        assert not is_missing(desk)
        assert desk.complaints == []
        assert path_of(desk.job) == path
        assert (files(home), path.read_bytes()) == ([path], HALF)
        assert len(server.of_kind("download")) == asked + 1


async def test_other_damaged_bytes_are_not_what_was_kept(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        await damaged(desk, server)
        server.downloads = deque([whole_file(grey_png(64, 48, rows=20))])
        await desk.engine.queue.fetch_again(desk.job.id)
        assert [problem.kind for _, problem in desk.complaints] == [ProblemKind.NOT_FETCHED_AGAIN]
        assert is_missing(desk)
        assert files(home) == []


async def test_a_whole_picture_instead_of_a_damaged_one_is_not_called_damaged(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        path = await damaged(desk, server)
        server.downloads = deque([whole_file(GOOD)])
        await desk.engine.queue.fetch_again(desk.job.id)
        assert not is_missing(desk)
        assert path_of(desk.job) == Path(str(path).removesuffix(DAMAGED))
        assert path_of(desk.job).read_bytes() == GOOD


async def test_a_link_into_the_dark_is_told_as_that(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        await lost_file(desk, server)
        server.downloads = deque([answer(302, b"", Location="http://192.168.0.1/a.png")])
        await desk.engine.queue.fetch_again(desk.job.id)
        told = Problem.of(ProblemKind.LINK_NOT_FOLLOWED, host="192.168.0.1")
        assert desk.complaints == [(desk.job.id, told)]
        assert is_missing(desk)
