"""Rows of the API's page that only the whole way from request to file can show."""

from __future__ import annotations

import io
from collections import deque
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from gptimg_desktop.core.draft import Draft
from gptimg_desktop.core.schedule import PollTimes
from gptimg_desktop.core.sizes import TABLE, PixelSize
from tests.support import scripted_server as scripts
from tests.support.bench import bench
from tests.support.scripted_server import KEY, Exchange, batch, scripted_server

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.anyio


def plain_picture(size: PixelSize) -> bytes:
    """A grey PNG of exactly these pixels."""
    file = io.BytesIO()
    Image.new("L", (size.width, size.height), 128).save(file, "PNG", compress_level=1)
    return file.getvalue()


async def test_each_size_of_the_table_is_saved_with_the_pixels_that_came(home: Path) -> None:
    """Where the table names two sizes, either may come: what counts is in the bytes."""
    wanted = {
        f"{ratio} {tier} {size}": (ratio, tier, size)
        for ratio, row in TABLE.items()
        for tier, sizes in row.items()
        for size in sizes
    }

    async def paint(exchange: Exchange) -> None:
        accepted = exchange.server.accepted
        name = next(prompt for task_id, prompt in accepted if task_id in exchange.request.path)
        await exchange.reply(200, plain_picture(wanted[name][2]), headers={"Content-Type": "image/png"})

    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.batches, server.queries = deque([batch()]), deque([scripts.completed])
        server.downloads = deque([paint])
        for name, (ratio, tier, _) in wanted.items():
            desk.engine.submit(Draft(prompt=name, size=ratio, tier=tier))
        await desk.until(lambda: desk.states == ["saved"] * 56)
        for job in desk.jobs.values():
            assert job.images[0].pixels == wanted[job.request.prompt][2]
        asked = {
            (request.json()["prompt"], request.json()["size"], request.json()["resolution"])
            for request in server.of_kind("submit")
        }
        assert asked == {(name, ratio.value, tier.value) for name, (ratio, tier, _) in wanted.items()}


async def test_every_call_to_the_service_carries_the_key_and_no_other_call_does(home: Path) -> None:
    async with (
        scripted_server() as server,
        bench(home / "data", server, poll_first_s=0.1, poll_every_s=0.05) as desk,
    ):
        server.batches = deque([batch("processing"), batch()])
        server.balances = deque([scripts.answer(200, {"remain_balance": 5})])
        await desk.engine.balance()
        await desk.engine.try_key(KEY)
        desk.generate()
        await desk.until_states("saved")
        desk.generate(copies=2)
        await desk.until_states("saved", "saved", "saved")
        seen = {kind for kind in ("submit", "query", "batch", "balance", "download") if server.of_kind(kind)}
        assert seen == {"submit", "query", "batch", "balance", "download"}
        for request in server.requests:
            expected = None if request.path.startswith("/files/") else f"Bearer {KEY}"
            assert request.headers.get("authorization") == expected, request.path


async def test_the_real_service_is_looked_at_as_its_page_advises(home: Path) -> None:
    async with (
        scripted_server() as server,
        bench(home / "data", server, poll_first_s=None, poll_every_s=None) as desk,
    ):
        connection = desk.engine._connections.get(server.url)
        assert connection is not None
        assert connection.poll_times == PollTimes()
        desk.generate()
        await desk.until_states("accepted")
        assert server.of_kind("query") == server.of_kind("batch") == []


async def test_the_dates_of_a_result_are_kept_as_a_hint_and_never_stop_a_download(home: Path) -> None:
    long_ago = scripts.task("completed", result={"images": [{"url": ["{url}"], "expires_at": 1_000_000_000}]})
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.queries = deque([long_ago])
        desk.generate()
        await desk.until_states("saved")
        assert desk.job.expires_at == 1_000_000_000
        assert len(server.of_kind("download")) == 1
