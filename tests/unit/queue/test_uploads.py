"""References can be uploaded first; where that does not work they go inside the request as ever."""

from __future__ import annotations

import base64
import itertools
from collections import deque
from typing import TYPE_CHECKING, Any

import pytest

from gptimg_desktop.core.gate import GateKind
from gptimg_desktop.core.reference import FileReference, Reference, UrlReference
from gptimg_desktop.core.settings import Delivery
from tests.support import scripted_server as scripts
from tests.support.bench import Bench, bench
from tests.support.scripted_server import Act, ScriptedServer, answer, picture, scripted_server

if TYPE_CHECKING:
    from pathlib import Path

    from gptimg_desktop.engine import Engine
    from tests.support.scripted_server import Exchange

pytestmark = pytest.mark.anyio

WEB = UrlReference(url="https://web.example/chair.png")


def by_upload(engine: Engine) -> None:
    engine.queue.delivery = Delivery.UPLOAD


def taken() -> Act:
    """Takes uploads, and names each by its number."""
    numbers = itertools.count(1)

    async def act(exchange: Exchange) -> None:
        await exchange.read_body()
        await exchange.reply(200, {"url": f"https://upload.example/{next(numbers)}.png", "bytes": 1})

    return act


def keep(desk: Bench, colour: str) -> FileReference:
    reference, _ = desk.engine.references.add_bytes(picture(colour=colour), f"{colour}.png")
    return reference


def inline(colour: str) -> str:
    return "data:image/png;base64," + base64.b64encode(picture(colour=colour)).decode()


def sent(server: ScriptedServer) -> list[Any]:
    """The `image_urls` of each submit."""
    return [request.json()["image_urls"] for request in server.of_kind("submit")]


async def test_uploaded_pictures_and_addresses_keep_their_order(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server, prepare=by_upload) as desk:
        server.uploads = deque([taken()])
        references: tuple[Reference, ...] = (keep(desk, "red"), WEB, keep(desk, "blue"))
        desk.generate(references=references)
        await desk.until_states("saved")
        assert sent(server) == [["https://upload.example/1.png", WEB.url, "https://upload.example/2.png"]]
        kinds = [request.path.rpartition("/")[2] for request in server.requests[:3]]
        assert kinds == ["images", "images", "generations"]  # first all uploads, then the request


async def test_inside_the_request_is_the_way_unless_the_user_chose_another(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.uploads = deque([taken()])
        desk.generate(references=(keep(desk, "red"),))
        await desk.until_states("saved")
        assert sent(server) == [[inline("red")]]
        assert server.of_kind("upload") == []


async def test_a_picture_is_uploaded_once_for_all_jobs(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server, prepare=by_upload) as desk:
        server.uploads = deque([taken()])
        desk.generate(references=(keep(desk, "red"),), copies=4)
        await desk.until_states(*["saved"] * 4)
        assert len(server.of_kind("upload")) == 1
        assert sent(server) == [["https://upload.example/1.png"]] * 4


@pytest.mark.parametrize("act", [scripts.not_here, answer(405, b""), answer(200, b"<html>")])
async def test_a_service_without_uploads_is_asked_once(home: Path, act: Act) -> None:
    async with scripted_server() as server, bench(home / "data", server, prepare=by_upload) as desk:
        server.uploads = deque([act])
        desk.generate(references=(keep(desk, "red"), keep(desk, "blue")), copies=2)
        await desk.until_states("saved", "saved")
        assert len(server.of_kind("upload")) == 1
        assert sent(server) == [[inline("red"), inline("blue")]] * 2


async def test_a_picture_that_is_not_taken_goes_inside(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server, prepare=by_upload) as desk:
        server.uploads = deque([answer(413, b"too large"), taken()])
        desk.generate(references=(keep(desk, "red"), keep(desk, "blue")))
        await desk.until_states("saved")
        assert sent(server) == [[inline("red"), "https://upload.example/1.png"]]


@pytest.mark.parametrize(
    ("status", "gate"), [(401, GateKind.KEY), (402, GateKind.BALANCE), (429, GateKind.RATE)]
)
async def test_a_refused_upload_holds_the_queue_and_sends_nothing(
    home: Path, status: int, gate: GateKind
) -> None:
    async with scripted_server() as server, bench(home / "data", server, prepare=by_upload) as desk:
        headers = {"retry_after": "600"} if status == 429 else {}
        server.uploads = deque([answer(status, b"", **headers)])
        desk.generate(references=(keep(desk, "red"),))
        await desk.until(lambda: desk.gate_kinds == {gate})
        assert desk.states == ["queued"]
        assert server.of_kind("submit") == []


async def test_a_broken_upload_is_tried_again_and_paid_once(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server, prepare=by_upload) as desk:
        server.uploads = deque([scripts.drop_in_mid_body, scripts.drop_in_mid_body, taken()])
        desk.generate(references=(keep(desk, "red"),))
        await desk.until_states("saved")
        assert len(server.accepted) == 1
        assert len(server.of_kind("upload")) == 3


async def test_after_a_refusal_a_picture_is_uploaded_anew(home: Path) -> None:
    refused = answer(400, {"error": {"code": 400, "message": "cannot fetch image_urls[0]"}})
    async with scripted_server() as server, bench(home / "data", server, prepare=by_upload) as desk:
        server.uploads, server.submits = deque([taken()]), deque([refused, scripts.accept])
        references = (keep(desk, "red"),)
        desk.generate(references=references)
        await desk.until_states("rejected")
        desk.generate(references=references)
        await desk.until_states("rejected", "saved")
        assert sent(server) == [["https://upload.example/1.png"], ["https://upload.example/2.png"]]


async def test_a_reference_that_is_gone_refuses_the_job_before_anything_leaves(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server, prepare=by_upload) as desk:
        server.uploads = deque([taken()])
        reference = keep(desk, "red")
        desk.engine.references.path(reference.sha256).unlink()
        desk.generate(references=(reference,))
        await desk.until_states("rejected")
        assert server.of_kind("submit") == []
        assert not any(request.is_whole for request in server.of_kind("upload"))
