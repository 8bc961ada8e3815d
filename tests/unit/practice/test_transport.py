"""The road between httpx and the service: whole bodies only, pieces back, clean ends."""

from __future__ import annotations

import asyncio
import hashlib
import json
import threading
from typing import TYPE_CHECKING

import httpx
import pytest

from gptimg_desktop.core.connection import PRACTICE
from gptimg_desktop.services.practice import PracticeService
from gptimg_desktop.services.practice.exchange import Answer, Asked
from gptimg_desktop.services.practice.transport import PIECE, PracticeTransport
from tests.unit.practice.visitor import Clock, Visitor, names_in

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

SUBMIT = f"{PRACTICE}/v1/images/generations"
BODY = json.dumps({"model": "gpt-image-2", "prompt": "a bay"}).encode()


async def pieces(*parts: bytes, ending: BaseException | None = None) -> AsyncIterator[bytes]:
    for part in parts:
        yield part
    if ending is not None:
        raise ending


@pytest.mark.anyio
async def test_a_body_in_pieces_is_taken_at_its_end(tmp_path: Path) -> None:
    async with Visitor(tmp_path) as visitor:
        assert (await visitor.client.post(SUBMIT, content=pieces(BODY[:9], BODY[9:]))).status_code == 200
        assert len(names_in(tmp_path)) == 1


@pytest.mark.parametrize("sent", [BODY[:-1], BODY])
@pytest.mark.anyio
async def test_a_body_that_breaks_off_is_not_taken_and_its_error_comes_through(
    tmp_path: Path, sent: bytes
) -> None:
    async with Visitor(tmp_path) as visitor:
        with pytest.raises(KeyError, match="the record"):
            await visitor.client.post(SUBMIT, content=pieces(sent, ending=KeyError("the record")))
        assert names_in(tmp_path) == set()


@pytest.mark.parametrize("declared", [len(BODY) + 1, len(BODY) - 1])
@pytest.mark.anyio
async def test_a_body_of_another_length_than_declared_is_not_taken(tmp_path: Path, declared: int) -> None:
    async with Visitor(tmp_path) as visitor:
        with pytest.raises(httpx.LocalProtocolError):
            await visitor.client.post(SUBMIT, content=pieces(BODY), headers={"Content-Length": str(declared)})
        assert names_in(tmp_path) == set()


@pytest.mark.anyio
async def test_a_caller_cancelled_in_its_body_leaves_nothing(tmp_path: Path) -> None:
    reached = asyncio.Event()

    async def endless() -> AsyncIterator[bytes]:
        yield BODY
        reached.set()
        await asyncio.Event().wait()

    async with Visitor(tmp_path) as visitor:
        call = asyncio.create_task(visitor.client.post(SUBMIT, content=endless()))
        await reached.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        assert names_in(tmp_path) == set()


@pytest.mark.anyio
async def test_a_picture_comes_in_pieces_with_its_length_and_tag() -> None:
    async with Visitor(speed=0) as visitor:
        link = await visitor.link(await visitor.submit(prompt="paper layers"))
        async with visitor.client.stream("GET", link) as answer:
            parts = [part async for part in answer.aiter_raw()]
        data = b"".join(parts)
        assert max(map(len, parts)) == PIECE
        assert answer.headers["content-type"] == "image/png"
        assert answer.headers["content-length"] == str(len(data))
        assert answer.headers["etag"] == f'"{hashlib.md5(data, usedforsecurity=False).hexdigest()}"'


@pytest.mark.anyio
async def test_the_file_host_takes_no_key_and_knows_no_api() -> None:
    async with Visitor(speed=0) as visitor:
        link = await visitor.link(await visitor.submit())
        async with httpx.AsyncClient(transport=PracticeTransport(visitor.service)) as bare:
            assert (await bare.get(link)).status_code == 200
        elsewhere = link.rpartition("/f/")[0] + "/v1/images/generations"
        assert (await visitor.client.post(elsewhere, content=BODY)).status_code == 404


@pytest.mark.anyio
async def test_the_work_is_done_off_the_loop_s_thread() -> None:
    seen: list[int] = []

    class Watching(Clock):
        def __call__(self) -> float:
            seen.append(threading.get_ident())
            return super().__call__()

    async with Visitor(speed=0, clock=Watching()) as visitor:
        await visitor.client.get(await visitor.link(await visitor.submit()))
    assert seen
    assert threading.get_ident() not in seen


class CountingService(PracticeService):
    """Counts how many pictures are in the making at once."""

    now = peak = 0

    def answer(self, asked: Asked) -> Answer:
        drawing = self.draws(asked)
        self.now += drawing
        self.peak = max(self.peak, self.now)
        try:
            return super().answer(asked)
        finally:
            self.now -= drawing


@pytest.mark.anyio
async def test_pictures_are_drawn_two_at_a_time_and_polls_pass_them() -> None:
    service = CountingService(folder=None, speed=0)
    async with Visitor(service=service) as visitor:
        task_id = await visitor.submit(resolution="4k")
        link = await visitor.link(task_id)
        downloads = [asyncio.create_task(visitor.client.get(link)) for _ in range(5)]
        assert (await visitor.look(task_id))["status"] == "completed"
        assert not any(download.done() for download in downloads)
        answers = await asyncio.gather(*downloads)
        assert len({answer.content for answer in answers}) == 1
        assert service.peak == 2


@pytest.mark.anyio
async def test_a_cancelled_download_gives_its_brush_back() -> None:
    async with Visitor(speed=0) as visitor:
        link = await visitor.link(await visitor.submit())
        for _ in range(3):
            call = asyncio.create_task(visitor.client.get(link))
            await asyncio.sleep(0)
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
        assert (await visitor.client.get(link)).status_code == 200


def test_the_service_itself_knows_no_httpx() -> None:
    answer = Visitor().service.answer(Asked(method="GET", host="practice.invalid", path="/v1/tasks/x"))
    assert isinstance(answer, Answer)
    assert answer.status == 401
