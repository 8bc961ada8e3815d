"""The image API as a quick local service needs it: tasks that take their time, counts of what was asked."""

from __future__ import annotations

import hashlib
import io
import json
import struct
import time
import zlib
from collections import Counter
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageFilter

PICTURES = 5
EDGE = 1024
_END_BYTES = 12
"""The length of a PNG's last chunk."""
COST = 0.0085
MOST_IDS = 50
BALANCE = {"success": True, "remain_balance": 10.5, "used_balance": 2.3, "unlimited_quota": False}

Answer = tuple[int, str, bytes]
"""Status, content type and content."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A task that is done `lasts_s` seconds after it was accepted (Unix seconds)."""

    id: str
    accepted_at: float
    lasts_s: float
    link: str

    @property
    def done_at(self) -> float:
        return self.accepted_at + self.lasts_s

    def report(self, now: float) -> dict[str, Any]:
        """What the service says of it."""
        common = {"id": self.id, "created": int(self.accepted_at), "cost": COST, "estimated_time": 100}
        if now < self.done_at:
            return common | {"status": "processing", "progress": 0}
        image = {"url": [self.link], "expires_at": int(self.done_at) + 86_400}
        done = {"status": "completed", "progress": 100, "completed": int(self.done_at)}
        return common | done | {"result": {"images": [image]}}


class Service:
    """Answers requests and counts them by kind. A task takes from `shortest_s` to `longest_s` seconds.

    Pictures are squares with an edge of `edge` pixels, no two of them alike.
    """

    def __init__(self, shortest_s: float, longest_s: float, *, edge: int = EDGE) -> None:
        self._shortest_s = shortest_s
        self._spread_s = longest_s - shortest_s
        self._pictures = [_picture(number, edge) for number in range(PICTURES)]
        self.address = ""
        self.tasks: dict[str, Task] = {}
        self.counts: Counter[str] = Counter()

    def answer(self, method: str, path: str, body: bytes) -> Answer:
        if method == "GET" and path.startswith("/files/"):
            return self._file(int(path.rpartition("/")[2].partition(".")[0]))
        if (method, path) == ("POST", "/v1/images/generations"):
            return _json(200, {"code": 200, "data": [self._submit(json.loads(body))]})
        if (method, path) == ("POST", "/v1/tasks/batch"):
            return self._batch(json.loads(body)["task_ids"])
        if method == "GET" and path.startswith("/v1/tasks/"):
            return self._single(path.partition("?")[0].rpartition("/")[2])
        if (method, path) == ("GET", "/v1/balance"):
            return _json(200, BALANCE)
        self.counts[f"other: {method} {path}"] += 1
        return _error(404, "there is nothing here")

    def found(self) -> dict[str, Any]:
        """The counts; by task id how long it took and when it was done, and the hash of its picture."""
        tasks = {task.id: {"lasts_s": task.lasts_s, "done_at": task.done_at} for task in self.tasks.values()}
        hashes = {
            task_id: hashlib.sha256(self._bytes_of(number)).hexdigest()
            for number, task_id in enumerate(self.tasks)
        }
        return {"counts": dict(self.counts), "tasks": tasks, "sha256": hashes}

    def _submit(self, request: dict[str, Any]) -> dict[str, str]:
        self.counts["submits"] += 1
        number = len(self.tasks)
        task = Task(
            id=f"task_{number:04d}_{request['resolution']}",
            accepted_at=time.time(),
            lasts_s=self._shortest_s + self._spread_s * (number * 7 % 11) / 10,
            link=f"{self.address}/files/{number}.png",
        )
        self.tasks[task.id] = task
        return {"status": "submitted", "task_id": task.id}

    def _single(self, task_id: str) -> Answer:
        self.counts["single status requests"] += 1
        task = self.tasks.get(task_id)
        if task is None:
            return _error(400, "task does not exist or has expired")
        return _json(200, {"code": 200, "data": task.report(time.time())})

    def _batch(self, task_ids: list[str]) -> Answer:
        self.counts["batch status requests"] += 1
        if len(task_ids) > MOST_IDS:
            return _error(400, f"at most {MOST_IDS} task_ids")
        now = time.time()
        known = [task for task_id in task_ids if (task := self.tasks.get(task_id)) is not None]
        return _json(200, {"code": 200, "data": [task.report(now) for task in reversed(known)]})

    def _file(self, number: int) -> Answer:
        self.counts["downloads"] += 1
        return 200, "image/png", self._bytes_of(number)

    def _bytes_of(self, number: int) -> bytes:
        """One of the pictures, with its number in a text chunk before the last one."""
        picture = self._pictures[number % PICTURES]
        words = b"tEXt" + b"Title\0" + str(number).encode()
        chunk = struct.pack(">I", len(words) - 4) + words + struct.pack(">I", zlib.crc32(words))
        return picture[:-_END_BYTES] + chunk + picture[-_END_BYTES:]


def _json(status: int, content: object) -> Answer:
    return status, "application/json", json.dumps(content).encode()


def _error(status: int, message: str) -> Answer:
    error = {"code": status, "message": message, "type": "invalid_request_error"}
    return _json(status, {"error": error})


def _picture(number: int, edge: int) -> bytes:
    """A PNG that weighs about as much as a real result of its size: noise, made a little softer."""
    bands = [Image.effect_noise((edge, edge), 40 + 5 * number).filter(ImageFilter.BoxBlur(2)) for _ in "rgb"]
    file = io.BytesIO()
    Image.merge("RGB", bands).save(file, "PNG")
    return file.getvalue()
