"""Whatever comes back when files are sent or fetched: only a whole picture is saved, and it is paid once."""

from __future__ import annotations

from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gptimg_desktop.core.settings import Delivery
from tests.faults.by_case import charged, each, generate_all, once, submits, until_all
from tests.faults.odd_bodies import BLANKS, PAGE, USELESS, assert_plain_all_along, envelope
from tests.support import scripted_server as scripts
from tests.support.bench import Bench, bench
from tests.support.scripted_server import Act, answer, picture, scripted_server

if TYPE_CHECKING:
    from gptimg_desktop.core.reference import FileReference
    from gptimg_desktop.engine import Engine
    from tests.support.scripted_server import Exchange

pytestmark = pytest.mark.anyio

# Uploads of references

UPLOADS: dict[str, Act] = {
    "empty": answer(200, b""),
    "a page": answer(200, PAGE),
    "deep": answer(200, USELESS["deep data"]),
    "another charset": answer(200, USELESS["another charset"]),
    "no address": answer(200, {"url": None}),
    "an address that is a list": answer(200, {"url": ["https://files.example/1.png"]}),
    "a way into this machine": answer(200, {"url": "file:///etc/passwd"}),
    "an address of two lines": answer(200, {"url": "https://files.example/1.png\r\nX: y"}),
    "400": answer(400, envelope(400)),
    "413 page": answer(413, PAGE),
}


async def test_an_odd_answer_to_an_upload_sends_the_picture_inside_the_request(home: Path) -> None:
    def by_upload(engine: Engine) -> None:
        engine.queue.delivery = Delivery.UPLOAD

    async with scripted_server() as server:
        for number, act in enumerate(UPLOADS.values()):
            server.uploads, server.requests = deque([act]), []
            data = home / str(number)
            async with bench(data, server, prepare=by_upload) as desk:
                desk.generate(references=(_kept(desk),))
                await desk.until_states("saved")
                (submit,) = server.of_kind("submit")
                assert submit.json()["image_urls"][0].startswith("data:image/png;base64,")
                assert_plain_all_along(desk)


def _kept(desk: Bench) -> FileReference:
    reference, _ = desk.engine.references.add_bytes(picture(), "a.png")
    return reference


# Downloads


async def in_circles(exchange: Exchange) -> None:
    await exchange.reply(302, b"", headers={"Location": exchange.request.path})


GOOD = picture(160, 90)
FILES: dict[str, Act] = {
    **{name: answer(200, body) for name, body in USELESS.items()},
    "blanks without end": answer(200, BLANKS),
    "expired": answer(403, b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>"),
    "gone": answer(404, PAGE),
    "500": answer(500, PAGE),
    "half a picture": scripts.cut_file(GOOD),
    "quietly half a picture": scripts.quietly_cut_file(GOOD),
    "all but its last bytes": answer(200, GOOD[:-6]),
    "a picture's first bytes": answer(200, GOOD[:8]),
    "a picture with zeros in it": answer(200, GOOD[:60] + bytes(len(GOOD) - 60)),
    "another kind of picture": answer(200, b"GIF89a" + bytes(300)),
    "a drawing": answer(200, b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    "in circles": in_circles,
    "to somewhere unsafe": answer(302, b"", location="http://169.254.169.254/latest"),
    "to nowhere": answer(302, b"", location="http://[broken"),
    "squeezed": answer(200, GOOD, content_encoding="gzip"),
    "only a part": answer(206, GOOD),
    "no content": answer(204, b""),
}


async def test_only_a_whole_picture_is_ever_saved(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.queries = deque([scripts.completed])
        server.downloads = each({case: [act, act, scripts.whole_file(GOOD)] for case, act in FILES.items()})
        generate_all(desk, FILES)
        await until_all(desk, FILES, "saved")
        for job in desk.jobs.values():
            (image,) = job.images
            assert Path(image.path).read_bytes() == GOOD
        kept = [file for file in (home / "data" / "images").rglob("*") if file.is_file()]
        assert len(kept) == len(FILES)
        assert submits(server) == charged(server) == once(FILES)
        assert_plain_all_along(desk)
