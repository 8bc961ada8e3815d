"""What of a download is on the disk while it is under way, and after it was broken off."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import io
import os
import random
import threading
from collections import deque
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest
from PIL import Image

from gptimg_desktop.core.errors import DownloadError, NetworkError, StorageError
from gptimg_desktop.services.api.downloads import Downloader
from gptimg_desktop.services.durable import create
from gptimg_desktop.services.library.files import picture_folder as files
from gptimg_desktop.services.library.files.picture_folder import PictureFolder
from gptimg_desktop.services.queue.fetcher import Fetcher
from tests.support import scripted_server as scripts
from tests.support.bench import bench
from tests.support.ranged_file import RangedFile
from tests.support.scripted_server import scripted_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from gptimg_desktop.core.job import Job
    from tests.support.scripted_server import ScriptedServer

pytestmark = pytest.mark.anyio


def noise() -> bytes:
    """A picture that comes in several pieces."""
    file = io.BytesIO()
    Image.frombytes("RGB", (300, 300), random.Random(3).randbytes(300 * 300 * 3)).save(file, "PNG")
    return file.getvalue()


CONTENT = noise()


class Kit:
    """A fetcher of its own beside an engine that waits, and a job whose links are two files."""

    def __init__(self, fetcher: Fetcher, job: Job, server: ScriptedServer, folder: Path) -> None:
        self.fetcher = fetcher
        self.job = replace(job, links=(f"{server.url}/files/a.png", f"{server.url}/files/b.png"))
        self.folder = folder

    @property
    def files(self) -> list[str]:
        return sorted(path.name for path in self.folder.rglob("*") if path.is_file())

    async def fetch(self, index: int = 0, **limits: float) -> bytes:
        """One try; the bytes that are kept then."""
        downloader = Downloader(loopback=True, **limits)  # type: ignore[arg-type]
        try:
            fetched = await self.fetcher.fetch(self.job, index, downloader)
        finally:
            await downloader.aclose()
        return Path(fetched.image.path).read_bytes()


@contextlib.asynccontextmanager
async def kit(home: Path, server: ScriptedServer) -> AsyncIterator[Kit]:
    server.queries = deque([scripts.pending])
    folder = home / "pictures"
    async with bench(home / "data", server) as desk:
        desk.generate()
        await desk.until_states("accepted")
        engine = desk.engine
        fetcher = Fetcher(
            store=engine.store, folder_for=lambda _: PictureFolder(folder), imaging=engine.imaging
        )
        try:
            yield Kit(fetcher, desk.job, server, folder)
        finally:
            await fetcher.aclose()


# A disk that hangs


class StuckFile(io.FileIO):
    """The first write waits until a test lets it go."""

    def __init__(self, path: Path, may_go: threading.Event) -> None:
        super().__init__(path, "xb")
        self._may_go = may_go

    def write(self, piece: Any) -> int:
        self._may_go.wait(10)
        return super().write(piece)


@pytest.mark.row(59)
async def test_no_two_tries_write_while_a_write_of_the_first_hangs(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The try is over only when its write is, and then nothing is left of it."""
    may_go, begun = threading.Event(), []

    def stuck(path: Path) -> io.BufferedWriter:
        begun.append(path)
        return io.BufferedWriter(StuckFile(path, may_go))

    monkeypatch.setattr(files, "create", stuck)
    file = RangedFile(CONTENT)
    async with scripted_server() as server, kit(home, server) as tools:
        server.downloads = deque([file.act])
        first = asyncio.ensure_future(tools.fetch(deadline_s=0.2))
        done, _ = await asyncio.wait([first], timeout=0.6)
        assert not done
        may_go.set()
        with pytest.raises(NetworkError):
            await first
        assert tools.files == []
        assert await tools.fetch() == CONTENT
        assert len(tools.files) == 1
        assert file.asked == [(None, None)] * 2
        assert len(begun) == 2


@pytest.mark.row(59)
async def test_a_part_that_is_made_after_its_try_was_cancelled_is_removed(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_go, made, begun = threading.Event(), threading.Event(), threading.Event()

    def slow(path: Path) -> Any:
        begun.set()
        may_go.wait(10)
        try:
            return create(path)
        finally:
            made.set()

    monkeypatch.setattr(files, "create", slow)
    async with scripted_server() as server, kit(home, server) as tools:
        trying = asyncio.ensure_future(tools.fetch())
        await asyncio.to_thread(begun.wait)
        trying.cancel()
        asyncio.get_running_loop().call_soon(may_go.set)
        with pytest.raises(asyncio.CancelledError):
            await trying
        await asyncio.to_thread(made.wait)
        assert tools.files == []


async def test_all_of_a_job_is_forgotten_however_many_links_it_has_now(home: Path) -> None:
    async with scripted_server() as server, kit(home, server) as tools:
        server.downloads = deque([RangedFile(CONTENT, goes=[100_000] * 2).act])
        for index in range(2):
            with pytest.raises(NetworkError):
                await tools.fetch(index)
        assert len(tools.files) == 2
        await tools.fetcher.forget(replace(tools.job, links=tools.job.links[:1]))
        assert tools.files == []


async def test_all_counts_of_a_job_are_forgotten_however_many_links_it_has_now(home: Path) -> None:
    """What was damaged four times before is fetched as if for the first time."""
    damaged = CONTENT[: len(CONTENT) // 2]
    async with scripted_server() as server, kit(home, server) as tools:
        server.downloads = deque([scripts.whole_file(damaged)])
        for _ in range(2):
            for _ in range(4):
                with pytest.raises(DownloadError):
                    await tools.fetch(1)
            await tools.fetcher.forget(replace(tools.job, links=tools.job.links[:1]))
        for _ in range(4):
            with pytest.raises(DownloadError):
                await tools.fetch(1)
        assert await tools.fetch(1) == damaged


# A file system without hard links


def refuse_links(*_: Any, **__: Any) -> NoReturn:
    raise OSError(errno.EPERM, os.strerror(errno.EPERM))


async def test_a_name_that_an_earlier_try_left_held_is_taken_over(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace_file = Path.replace

    def ended(*_: object) -> NoReturn:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "link", refuse_links)
    async with scripted_server() as server, kit(home, server) as tools:
        server.downloads = deque([scripts.whole_file(CONTENT)])
        monkeypatch.setattr(Path, "replace", ended)
        with pytest.raises(StorageError):
            await tools.fetch()
        (held,) = tools.files
        monkeypatch.setattr(Path, "replace", replace_file)
        assert await tools.fetch() == CONTENT
        assert tools.files == [held]
