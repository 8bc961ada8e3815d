"""From Generate to a picture on disk, through the real window and a real server that follows a script."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import random
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from PySide6.QtWidgets import QPlainTextEdit, QSpinBox

from gptimg_desktop.core.gate import Gate, GateKind
from tests.support import scripted_server as scripts
from tests.support.desk import window
from tests.support.scripted_server import KEY, picture, scripted_server

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.anyio


async def test_a_click_becomes_a_picture(home: Path) -> None:
    content = picture(160, 90)
    async with scripted_server() as server, window(home / "data", server) as desk:
        server.downloads = deque([scripts.whole_file(content)])
        desk.click("ratio_16x9")
        desk.click("tier_2k")
        desk.generate("an oak chair")
        await desk.until_states("saved")
        (job,) = desk.jobs()
        path = Path(job.images[0].path)
        assert path.read_bytes() == content
        assert path.parent.parent == (home / "data" / "images").resolve()
        assert path.name == "an-oak-chair_0001.png"
        (submit,) = server.of_kind("submit")
        assert submit.json() == {
            "model": "gpt-image-2",
            "prompt": "an oak chair",
            "n": 1,
            "size": "16:9",
            "resolution": "2k",
        }
        assert submit.headers["authorization"] == f"Bearer {KEY}"
        assert not list(path.parent.parent.glob(".gptimg-*"))


async def test_the_key_never_goes_to_the_file_host(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        desk.generate()
        await desk.until_states("saved")
        (download,) = server.of_kind("download")
        assert "authorization" not in download.headers
        assert KEY not in str(download)


@pytest.mark.row(37)
async def test_every_press_is_a_job(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        desk.type_prompt("twenty chairs")
        for _ in range(20):
            desk.click("generateButton")
        await desk.until_states(*["saved"] * 20)
        assert len(server.accepted) == 20
        assert len({job.images[0].path for job in desk.jobs()}) == 20


@pytest.mark.row(19)
async def test_a_refused_prompt_says_why_and_costs_nothing(home: Path) -> None:
    error = {"error": {"code": "moderation_blocked", "message": "Rejected by the safety system", "type": ""}}
    async with scripted_server() as server, window(home / "data", server) as desk:
        server.submits = deque([scripts.answer(400, error)])
        desk.generate("something forbidden")
        await desk.until_states("rejected")
        desk.select()
        assert "Rejected by the safety system" in desk.texts()
        assert "Not charged" in desk.texts()
        assert desk.find(QPlainTextEdit, "promptEdit").toPlainText() == "something forbidden"
        assert len(server.of_kind("submit")) == 1


async def test_a_failed_task_says_why_and_costs_nothing(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        server.queries = deque([scripts.failed])
        desk.generate()
        await desk.until_states("failed")
        desk.select()
        assert "the model gave up" in desk.texts()
        assert "Not charged" in desk.texts()


@pytest.mark.parametrize("cut", [scripts.cut_file, scripts.quietly_cut_file])
async def test_a_cut_download_is_never_saved_and_tried_again(
    home: Path, cut: Callable[[bytes], scripts.Act]
) -> None:
    content = picture()
    async with scripted_server() as server, window(home / "data", server) as desk:
        server.downloads = deque([cut(content), cut(content), scripts.whole_file(content)])
        desk.generate()
        await desk.until_states("saved")
        assert Path(desk.jobs()[0].images[0].path).read_bytes() == content
        assert len(server.of_kind("download")) == 3
        assert len(server.accepted) == 1


async def test_a_dead_link_is_asked_for_afresh(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        server.downloads = deque([scripts.answer(403, b"<Error/>"), scripts.whole_file(picture())])
        server.queries = deque([scripts.completed])
        desk.generate()
        await desk.until_states("saved")
        assert len(server.of_kind("query")) == 2
        assert len(server.accepted) == 1


@pytest.mark.parametrize(
    "act",
    [
        scripts.accept_and_drop,
        pytest.param(scripts.answer(502, b"<html>bad gateway</html>"), id="html"),
        pytest.param(scripts.answer(200, b"<html>hotel wifi</html>"), id="portal"),
        pytest.param(scripts.answer(200, {"code": 200, "data": []}), id="no_task"),
    ],
)
async def test_a_lost_answer_is_never_sent_again(home: Path, act: scripts.Act) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        server.submits = deque([act, scripts.accept])
        desk.generate()
        await desk.until_states("unconfirmed")
        desk.select()
        assert "may have been charged" in desk.texts()
        desk.generate("another one")  # the queue goes on with what is new
        await desk.until_states("saved", "unconfirmed")
        prompts = [request.json()["prompt"] for request in server.of_kind("submit")]
        assert prompts == ["an oak chair", "another one"]


@pytest.mark.row(13)
@pytest.mark.row(107)
async def test_an_upload_that_breaks_off_is_sent_again(home: Path) -> None:
    noise = home / "noise.png"
    Image.frombytes("RGB", (2200, 2200), random.Random(1).randbytes(2200 * 2200 * 3)).save(noise)
    async with scripted_server() as server, window(home / "data", server, files=(noise,)) as desk:
        server.submits = deque([scripts.drop_in_mid_body, scripts.drop_in_mid_body, scripts.accept])
        await desk.until(lambda: desk.app.window.compose.draft().references)
        desk.generate()
        await desk.until_states("saved")
        assert len(server.accepted) == 1
        assert [request.is_whole for request in server.of_kind("submit")] == [False, False, True]


async def test_references_arrive_as_data_uris_in_order(home: Path) -> None:
    folder = home / "references"
    folder.mkdir()
    files = []
    for number, colour in enumerate(("red", "green", "blue")):
        file = folder / f"{number}.png"
        file.write_bytes(picture(20 + number, 20, colour))
        files.append(file)
    async with scripted_server() as server, window(home / "data", server, files=tuple(files)) as desk:
        await desk.until(lambda: len(desk.app.window.compose.draft().references) == 3)
        desk.generate("all three together")
        await desk.until_states("saved")
        uris = server.of_kind("submit")[0].json()["image_urls"]
        assert len(uris) == 3
        for number, (uri, colour) in enumerate(zip(uris, ("red", "green", "blue"), strict=True)):
            assert uri == _data_uri(picture(20 + number, 20, colour))


def _data_uri(content: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(content).decode()


async def test_the_official_channel_and_a_pixel_size_are_sent(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        desk.click("ratio_custom")
        desk.find(QSpinBox, "customWidth").setValue(1881)
        desk.find(QSpinBox, "customHeight").setValue(836)
        desk.click("officialFallback")
        desk.generate()
        await desk.until_states("saved")
        fields = server.of_kind("submit")[0].json()
        assert (fields["size"], fields["official_fallback"]) == ("1881x836", True)


async def test_practice_makes_a_picture_of_the_promised_size(home: Path) -> None:
    async with window(home / "data") as desk:
        desk.click("ratio_4x3")
        desk.generate("a blue mountain")
        await desk.until_states("saved")
        (job,) = desk.jobs()
        image = job.images[0]
        with Image.open(image.path) as found:
            assert found.size == (1024, 768) == (image.pixels.width, image.pixels.height)
        assert hashlib.sha256(Path(image.path).read_bytes()).hexdigest() == image.sha256
        assert Path(image.path).is_relative_to(home.resolve() / "data" / "images" / "Practice")


@pytest.mark.row(98)
async def test_closing_the_window_hears_a_submit_out(home: Path) -> None:
    answer_now = asyncio.Event()

    async def slow_accept(exchange: scripts.Exchange) -> None:
        await exchange.read_body()
        task_id = exchange.accept()
        await answer_now.wait()
        await exchange.reply(200, {"code": 200, "data": [{"task_id": task_id}]})

    async with scripted_server() as server:
        server.submits = deque([slow_accept])
        async with window(home / "data", server) as desk:
            desk.generate()
            await desk.until(lambda: server.accepted)
            desk.app.window.close()
            asyncio.get_running_loop().call_later(0.05, answer_now.set)
        async with window(home / "data", server) as desk:
            await desk.until_states("saved")
        assert len(server.accepted) == 1


async def test_nothing_new_is_sent_once_the_window_is_closed(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        desk.app.engine.queue.pause()
        for _ in range(3):
            desk.generate()
        await desk.until_states("queued", "queued", "queued")
        desk.app.engine.queue.resume(Gate(kind=GateKind.USER_PAUSE))
        desk.app.window.close()
    assert server.accepted == []
