"""A caller of the practice service as the program is one: httpx over the transport, and a clock in hand."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Self

import httpx
from PIL import Image

from gptimg_desktop.core.connection import PRACTICE
from gptimg_desktop.services.practice import PracticeService, PracticeTransport

if TYPE_CHECKING:
    from decimal import Decimal
    from pathlib import Path

NOON = 1_780_400_000.0


class Clock:
    """Unix seconds that stand still until a test moves them."""

    def __init__(self, now: float = NOON) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


class Visitor:
    """Opens the service on a folder (None: memory) and talks to it with a key."""

    def __init__(
        self,
        folder: Path | None = None,
        *,
        speed: float = 1,
        clock: Clock | None = None,
        service: PracticeService | None = None,
        balance: Decimal | None = None,
        key: str = "a-key",
    ) -> None:
        self.clock = clock or Clock()
        self.service = service or PracticeService(
            folder=folder, speed=speed, clock=self.clock, balance=balance
        )
        self.client = httpx.AsyncClient(
            transport=PracticeTransport(self.service), headers={"Authorization": f"Bearer {key}"}
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.client.aclose()

    async def get(self, path: str) -> httpx.Response:
        """What the API answers to a question."""
        return await self.client.get(PRACTICE + path)

    async def ask_batch(self, content: Any, query: str = "") -> httpx.Response:
        """A batch query with a JSON body."""
        return await self.client.post(f"{PRACTICE}/v1/tasks/batch{query}", json=content)

    async def batch(self, *task_ids: str) -> list[dict[str, Any]]:
        """What a batch query says about tasks."""
        answer = await self.ask_batch({"task_ids": task_ids})
        assert answer.status_code == 200, answer.text
        assert answer.json()["code"] == 200
        tasks: list[dict[str, Any]] = answer.json()["data"]
        return tasks

    async def upload(
        self, content: bytes, name: str = "a.png", kind: str = "image/png", field: str = "file"
    ) -> httpx.Response:
        """A picture sent to be kept."""
        files = {field: (name, content, kind)}
        return await self.client.post(f"{PRACTICE}/v1/uploads/images", files=files)

    async def post(self, **fields: Any) -> httpx.Response:
        """Submit with the fields given; the rest as the program sends it. None leaves a field out."""
        body = {"model": "gpt-image-2", "prompt": "a quiet bay", "n": 1, "size": "1:1", "resolution": "1k"}
        content = {name: value for name, value in (body | fields).items() if value is not None}
        return await self.client.post(f"{PRACTICE}/v1/images/generations", json=content)

    async def submit(self, **fields: Any) -> str:
        """The id of a new task."""
        answer = await self.post(**fields)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["data"][0]["task_id"])

    async def look(self, task_id: str) -> dict[str, Any]:
        """What a poll says about a task."""
        answer = await self.client.get(f"{PRACTICE}/v1/tasks/{task_id}")
        assert answer.status_code == 200, answer.text
        data: dict[str, Any] = answer.json()["data"]
        return data

    async def link(self, task_id: str) -> str:
        """The address of a finished picture."""
        return str((await self.look(task_id))["result"]["images"][0]["url"][0])

    async def picture(self, **fields: Any) -> bytes:
        """The file that a submit leads to, the clock moved on to its end."""
        task_id = await self.submit(**fields)
        self.clock.now += 60
        answer = await self.client.get(await self.link(task_id))
        assert answer.status_code == 200, answer.text
        return answer.content


def names_in(folder: Path) -> set[str]:
    """The names of all files in a folder."""
    return {file.name for file in folder.iterdir()}


def opened(data: bytes) -> Image.Image:
    """The picture in a file, decoded to its end."""
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture
