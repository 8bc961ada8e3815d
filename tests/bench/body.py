"""A request with heavy references: its body is made as it is when it is sent, and then really sent.

Usage: python -m tests.bench.body FOLDER

Makes 16 references of 10.5 MB, 224 MB of JSON. Tells seconds and growth of memory for encoding the pictures
alone (each at a stroke), for the whole body, and for the body on its way to a local server that throws it
away, there with the longest gaps of a bare window's thread.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import qasync
from PySide6.QtWidgets import QApplication, QMainWindow

from gptimg_desktop.core.reference import FileReference
from gptimg_desktop.core.request import GenerationRequest
from gptimg_desktop.core.sizes import Ratio, Tier
from gptimg_desktop.services.api.body import RequestBody
from gptimg_desktop.services.api.client import ApiClient
from tests.bench.child import Companion, tell
from tests.bench.effort import Effort
from tests.bench.gap import measured_gaps

if TYPE_CHECKING:
    from collections.abc import Sequence

REFERENCES: Final = 16
BYTES: Final = 10_500_000
TIMES: Final = 5


async def main(folder: Path) -> None:
    window = QMainWindow()
    window.resize(1400, 900)
    window.show()
    references = await asyncio.to_thread(make_references, folder)
    request = GenerationRequest(prompt="a chair", size=Ratio.R1X1, tier=Tier.K1, references=references)
    await asyncio.sleep(1.0)  # the start is measured elsewhere
    found: dict[str, list[Any]] = {"alone_s": [], "body": [], "sent": [], "gaps": []}
    with Companion("sink") as sink:
        for _ in range(TIMES + 1):
            found["alone_s"].append(await asyncio.to_thread(alone_s, folder, references))
            found["body"].append(await drained(RequestBody(request, folder.joinpath)))
            took, gaps = await sent(RequestBody(request, folder.joinpath), str(sink.told["url"]))
            found["sent"].append(took)
            found["gaps"].append(gaps)
    window.close()
    first_left_out = {name: figures[1:] for name, figures in found.items()}  # it fills the disk's cache
    tell(first_left_out | {"bytes": RequestBody(request, folder.joinpath).length})


def make_references(folder: Path) -> tuple[FileReference, ...]:
    made = []
    for number in range(REFERENCES):
        content = os.urandom(BYTES)
        sha256 = hashlib.sha256(content).hexdigest()
        (folder / sha256).write_bytes(content)
        made.append(
            FileReference(
                sha256=sha256,
                media_type="image/png",
                size_bytes=BYTES,
                width=1,
                height=1,
                name=f"{number}.png",
            )
        )
    return tuple(made)


def alone_s(folder: Path, references: Sequence[FileReference]) -> float:
    """Seconds that b64encode takes, with the pictures in memory already."""
    seconds = 0.0
    for reference in references:
        content = (folder / reference.sha256).read_bytes()
        began = time.perf_counter()
        base64.b64encode(content)
        seconds += time.perf_counter() - began
    return seconds


async def drained(body: RequestBody) -> dict[str, Any]:
    effort = Effort()
    async with contextlib.aclosing(body.all_but_last_byte()) as pieces:
        async for _ in pieces:
            pass
    return effort.as_json()


async def sent(body: RequestBody, url: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    client = ApiClient(service=url, key="sk-bench-0123456789")
    try:
        with measured_gaps() as meter:
            effort = Effort()
            evidence = await client.submit(body, let_go)
            took = effort.as_json()
    finally:
        await client.aclose()
    assert evidence.status == 200, evidence
    return took, meter.as_json()


async def let_go() -> None:
    """An arming that succeeds."""


if __name__ == "__main__":
    application = QApplication(sys.argv[:1])
    with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(application)) as runner:
        runner.run(main(Path(sys.argv[1])))
