"""What really happened at the service: what it took, what it told, and the picture of each task."""

from __future__ import annotations

import hashlib
import io
import json
import random
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from pathlib import Path

WIDTH, HEIGHT = 200, 160


@lru_cache(maxsize=64)
def picture_of(task_id: str) -> bytes:
    """The PNG that a task makes, unlike that of any other task."""
    noise = random.Random(task_id).randbytes(WIDTH * HEIGHT * 3)
    file = io.BytesIO()
    Image.frombytes("RGB", (WIDTH, HEIGHT), noise).save(file, "PNG")
    return file.getvalue()


@lru_cache(maxsize=4096)
def hash_of(task_id: str) -> str:
    """The sha256 of a task's picture."""
    return hashlib.sha256(picture_of(task_id)).hexdigest()


@dataclass(kw_only=True)
class Charge:
    """One task that was taken and is paid. `way` names how it was answered, `names_it` whether that answer
    bears the task's id; `told` is set once all of it was handed to the socket. `due_at` is in seconds of the
    clock `time.monotonic`."""

    task_id: str
    prompt: str
    way: str
    names_it: bool
    due_at: float
    fails: bool = False
    told: bool = False


class Truth:
    """The record of one service, on disk as well: a line of JSON for each event."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", encoding="utf-8")
        self.charges: dict[str, Charge] = {}

    def close(self) -> None:
        self._file.close()

    def note(self, event: str, **facts: object) -> None:
        """Write down that something happened."""
        self._file.write(json.dumps({"at": round(time.time(), 4), "event": event, **facts}) + "\n")
        self._file.flush()

    def take(self, charge: Charge) -> None:
        """From here on the task is paid."""
        self.charges[charge.task_id] = charge
        self.note("taken", task=charge.task_id, prompt=charge.prompt, way=charge.way, fails=charge.fails)

    def tell(self, task_id: str) -> None:
        """An answer that bears the task's id is on its way as a whole."""
        self.charges[task_id].told = True
        self.note("told", task=task_id)

    def of_prompt(self, prompt: str) -> list[Charge]:
        """Every task that was taken for a prompt."""
        return [charge for charge in self.charges.values() if charge.prompt == prompt]
