"""What really happened at the service: what it took, what it told, and the picture of each task."""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from tests.support.noise import noise

if TYPE_CHECKING:
    from pathlib import Path

WIDTH, HEIGHT = 200, 160


@lru_cache(maxsize=64)
def picture_of(name: str) -> bytes:
    """The PNG of a name, unlike that of any other name."""
    return noise(WIDTH, HEIGHT, name)


@lru_cache(maxsize=4096)
def hash_of(name: str) -> str:
    """The sha256 of a name's picture."""
    return hashlib.sha256(picture_of(name)).hexdigest()


@dataclass(kw_only=True)
class Charge:
    """One task that was taken and is paid. `way` names how it was answered, `names_it` whether that answer
    bears the task's id. `due_at` is in seconds of the clock `time.monotonic`. `is_first`: of the tasks that
    were made of one submit it is the first. `pictures` are the names of what it makes."""

    task_id: str
    prompt: str
    way: str
    names_it: bool
    due_at: float
    pictures: tuple[str, ...]
    is_first: bool = True
    fails: bool = False

    @property
    def hashes(self) -> set[str]:
        """Of the pictures that there will be."""
        return set() if self.fails else set(map(hash_of, self.pictures))


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

    def last_of(self, prompt: str) -> list[Charge]:
        """The tasks of the latest submit that was taken for a prompt."""
        charges = self.of_prompt(prompt)
        first = max((number for number, charge in enumerate(charges) if charge.is_first), default=0)
        return charges[first:]

    def submits(self, prompt: str) -> int:
        """How often the service took a prompt."""
        return sum(charge.is_first for charge in self.of_prompt(prompt))

    def of_prompt(self, prompt: str) -> list[Charge]:
        """Every task that was taken for a prompt."""
        return [charge for charge in self.charges.values() if charge.prompt == prompt]
