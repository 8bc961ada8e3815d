"""The practice service itself: which address answers what. Knows no sockets, no httpx and no event loop."""

from __future__ import annotations

import hashlib
import re
import secrets
import time
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from gptimg_desktop.core.connection import PRACTICE
from gptimg_desktop.core.prices import PUBLISHED, PriceTable
from gptimg_desktop.services.practice.captions import Typesetter
from gptimg_desktop.services.practice.chance import SLOWEST_S, duration_s, pixel_size
from gptimg_desktop.services.practice.exchange import (
    Answer,
    Asked,
    RefusedError,
    as_json,
    documented_error,
    observed_error,
    storage_error,
)
from gptimg_desktop.services.practice.moderation import FAILING_WORDS, contains, refusal
from gptimg_desktop.services.practice.pictures import Painter, png
from gptimg_desktop.services.practice.submission import read_submission
from gptimg_desktop.services.practice.tasks import Task, TaskStore, new_task_id

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FILES: Final = "https://files.practice.invalid"
"""The address of the host that the result links name."""

UNKNOWN_TASK: Final = "task does not exist or has expired"
_FILES_HOST: Final = urlsplit(FILES).hostname
_API_HOST: Final = urlsplit(PRACTICE).hostname
_TASK_PATH: Final = re.compile(r"/v1/tasks/([^/]+)")
_FILE_PATH: Final = re.compile(r"/f/image/([0-9a-z]{26})-[0-9a-f]{8}\.png")


class PracticeService:
    """Answers requests as the image API does, from a folder of tasks and its own brush.

    `folder`: where tasks outlive the program, None for memory only. `speed`: 1 is the pace of the real
    service, 0 finishes every task at once. `clock` gives Unix seconds. `prices`: what a task says it cost.
    Safe to call from several threads; `answer` may take seconds, for it draws.
    """

    def __init__(
        self,
        *,
        folder: Path | None,
        speed: float,
        clock: Callable[[], float] = time.time,
        prices: PriceTable = PUBLISHED,
    ) -> None:
        if speed < 0:
            raise ValueError("speed must not be negative")
        self._tasks = TaskStore(folder)
        self._speed = speed
        self._clock = clock
        self._prices = prices
        self._painter = Painter(Typesetter())

    def answer(self, asked: Asked) -> Answer:
        """The answer to one whole request."""
        try:
            if asked.host == _FILES_HOST:
                return self._file(asked)
            return self._api(asked)
        except RefusedError as refused:
            return refused.answer

    def is_for_files(self, host: str) -> bool:
        """True where a request to the host is one for a picture, which takes long to draw."""
        return host == _FILES_HOST

    def _api(self, asked: Asked) -> Answer:
        if asked.host != _API_HOST:
            return documented_error(404, f"unknown host: {asked.host}")
        if not _has_key(asked.authorization):
            return documented_error(401, "Invalid API key: send it as Authorization: Bearer KEY")
        if (asked.method, asked.path) == ("POST", "/v1/images/generations"):
            return self._submit(asked.body)
        if asked.method == "GET" and (match := _TASK_PATH.fullmatch(asked.path)):
            return self._look(match[1])
        return documented_error(404, f"Invalid URL ({asked.method} {asked.path})")

    def _submit(self, body: bytes | bytearray) -> Answer:
        submission = read_submission(body)
        refused = refusal(submission.prompt)
        if refused is not None:
            return refused
        now, seed = self._clock(), secrets.token_hex(16)
        pixels = pixel_size(submission.size, submission.tier, seed)
        fails = contains(submission.prompt, FAILING_WORDS)
        task = Task(
            id=new_task_id(now),
            seed=seed,
            prompt=submission.prompt,
            width=pixels.width,
            height=pixels.height,
            created=now,
            finishes=now + (duration_s(seed) / self._speed if self._speed else 0.0),
            fails=fails,
            cost=0.0 if fails else float(self._prices.estimate(submission.size, submission.tier)),
        )
        try:
            self._tasks.add(task, submission.references)
        except OSError:  # a full disk, say: nothing was taken, and later it may work
            return observed_error(503, "get_channel_failed", "Please wait and try again later.")
        return as_json(200, {"code": 200, "data": [{"status": "submitted", "task_id": task.id}]})

    def _look(self, task_id: str) -> Answer:
        now = self._clock()
        task = self._tasks.get(task_id, now)
        if task is None:
            return documented_error(400, UNKNOWN_TASK)
        return as_json(200, {"code": 200, "data": self._described(task, now)})

    def _described(self, task: Task, now: float) -> dict[str, Any]:
        """The task as a poll shows it: progress jumps from 0 to 100."""
        common: dict[str, Any] = {
            "cost": task.cost,
            "created": int(task.created),
            "estimated_time": round(SLOWEST_S / self._speed) if self._speed else 0,
            "id": task.id,
        }
        if not task.is_finished(now):
            return common | {"progress": 0, "status": "pending"}
        common |= {
            "actual_time": round(task.finishes - task.created),
            "completed": int(task.finishes),
            "progress": 100,
        }
        if task.fails:
            message = "The practice service failed this task on purpose, because its prompt asked for it."
            error = {"code": 500, "message": message, "type": "server_error"}
            return common | {"error": error, "status": "failed"}
        image = {"expires_at": task.expires, "url": [f"{FILES}/f/image/{task.file_name}"]}
        return common | {"result": {"images": [image]}, "status": "completed"}

    def _file(self, asked: Asked) -> Answer:
        match = _FILE_PATH.fullmatch(asked.path)
        if asked.method != "GET" or match is None:
            return storage_error(404, "NoSuchKey", "The specified key does not exist.")
        now = self._clock()
        task = self._tasks.get(f"task_{match[1].upper()}", now)
        if task is not None and task.is_finished(now) and now >= task.expires:
            return storage_error(403, "AccessDenied", "Request has expired")
        wanted = asked.path.rpartition("/")[2]
        if task is None or task.fails or not task.is_finished(now) or task.file_name != wanted:
            return storage_error(404, "NoSuchKey", "The specified key does not exist.")
        return self._picture(task)

    def _picture(self, task: Task) -> Answer:
        """The picture of a finished task, drawn anew each time: the same bytes every time."""
        references = self._tasks.references(task.id)
        data = png(self._painter.paint(task.prompt, task.seed, (task.width, task.height), references))
        tag = hashlib.md5(data, usedforsecurity=False).hexdigest()
        return Answer(status=200, headers={"Content-Type": "image/png", "ETag": f'"{tag}"'}, body=data)


def _has_key(authorization: str) -> bool:
    scheme, _, key = authorization.partition(" ")
    return scheme.lower() == "bearer" and bool(key.strip())
