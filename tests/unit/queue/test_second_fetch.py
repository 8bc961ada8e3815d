"""The file of a saved picture is gone: its link brings it back, and nothing is ever paid for that."""

from __future__ import annotations

import asyncio
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gptimg_desktop.core.errors import ProblemKind
from gptimg_desktop.core.lookout import FileState
from gptimg_desktop.services.library.files.picture_folder import PictureFolder
from tests.support.bench import bench
from tests.support.jobs import every_job
from tests.support.ranged_file import RangedFile
from tests.support.scripted_server import answer, cut_file, hold, picture, scripted_server, task, whole_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gptimg_desktop.core.job import Job
    from tests.support.bench import Bench
    from tests.support.scripted_server import Act, Exchange, ScriptedServer

pytestmark = [pytest.mark.anyio, pytest.mark.row(87)]

GOOD = picture(160, 90)
OTHER = picture(90, 160, colour="maroon")


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


def path_of(job: Job) -> Path:
    return Path(job.images[0].path)


def is_missing(desk: Bench) -> bool:
    """As it was told last."""
    return any(image.is_missing for image in desk.job.images)


def files(home: Path) -> list[Path]:
    """Everything in the picture folder, what is hidden too."""
    return sorted(path for path in (home / "data" / "images").rglob("*") if path.is_file())


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

    async def two(exchange: Exchange) -> None:
        links = [f"{exchange.server.url}/files/{name}.png" for name in ("a", "b")]
        await task("completed", result={"images": [{"url": links}]})(exchange)

    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.queries = deque([two])
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
