"""The tasks of the practice service, kept where a killed and restarted program finds them again."""

from __future__ import annotations

import base64
import json
import threading
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from gptimg_desktop.services.practice.identifiers import moment_of, new_identifier

if TYPE_CHECKING:
    from pathlib import Path

RETENTION_S: Final = 7 * 86_400.0
LINK_LIFE_S: Final = 86_400.0

_SWEEP_EVERY_S: Final = 3_600.0
_PREFIX: Final = "task_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """All that is decided about a task when it is accepted. Times are Unix seconds.

    `cost`: its price in US dollars, given back by a task that `fails`. `blocked`: it fails for its content.
    """

    id: str
    seed: str
    prompt: str
    width: int
    height: int
    created: float
    finishes: float
    fails: bool = False
    blocked: bool = False
    cost: float = 0.0

    def is_finished(self, now: float) -> bool:
        return now >= self.finishes

    @property
    def expires(self) -> int:
        """When its link stops working."""
        return int(self.finishes + LINK_LIFE_S)

    @property
    def file_name(self) -> str:
        """The name of its picture at the file host; cannot be guessed from the id alone."""
        return f"{self.id.removeprefix(_PREFIX).lower()}-{self.seed[:8]}.png"


def new_task_id(now: float) -> str:
    """An id as the live service makes them."""
    return _PREFIX + new_identifier(now)


def created_at(task_id: str) -> float | None:
    """The moment (Unix seconds) that stands in a task id; None where the text is no id of ours."""
    return moment_of(task_id.removeprefix(_PREFIX)) if task_id.startswith(_PREFIX) else None


class TaskStore:
    """Tasks by id, with the small copies of their references; safe to use from several threads.

    With a folder each task is one JSON file, complete or not there at all; without one it lives in memory.
    Nothing is synced to the disk: a file outlives the program, which is all that is promised here.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._tasks: dict[str, Task] = {}
        self._references: dict[str, tuple[bytes, ...]] = {}
        self._next_sweep = float("-inf")

    def add(self, task: Task, references: tuple[bytes, ...]) -> None:
        """Keep a new task; OSError where the folder does not take it."""
        with self._lock:
            self._sweep(task.created)
            if self._folder is None:
                self._references[task.id] = references
            else:
                self._write(self._folder, task, references)
            self._tasks[task.id] = task

    def get(self, task_id: str, now: float) -> Task | None:
        """The task, or None where there is none or it is too old to be remembered."""
        born = created_at(task_id)
        if born is None or now - born > RETENTION_S:
            return None
        with self._lock:
            if task_id not in self._tasks and (content := self._read(task_id)) is not None:
                self._tasks[task_id] = content[0]
            return self._tasks.get(task_id)

    def references(self, task_id: str) -> tuple[bytes, ...]:
        """The small copies of the task's references, in their order."""
        with self._lock:
            if self._folder is None:
                return self._references.get(task_id, ())
            content = self._read(task_id)
            return () if content is None else content[1]

    @staticmethod
    def _write(folder: Path, task: Task, references: tuple[bytes, ...]) -> None:
        content = {
            "task": asdict(task),
            "references": [base64.b64encode(item).decode() for item in references],
        }
        folder.mkdir(parents=True, exist_ok=True)
        temporary = folder / f"{task.id}.part"
        temporary.write_text(json.dumps(content), encoding="utf-8")
        temporary.replace(folder / f"{task.id}.json")

    def _read(self, task_id: str) -> tuple[Task, tuple[bytes, ...]] | None:
        """A task's file; one that is missing or damaged is a task that is not known."""
        if self._folder is None:
            return None
        try:
            content: dict[str, Any] = json.loads((self._folder / f"{task_id}.json").read_bytes())
            return Task(**content["task"]), tuple(base64.b64decode(item) for item in content["references"])
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def _sweep(self, now: float) -> None:
        """Forget what is past its retention, from time to time."""
        if now < self._next_sweep:
            return
        self._next_sweep = now + _SWEEP_EVERY_S
        for task_id in [known for known in self._tasks if _is_old(known, now)]:
            del self._tasks[task_id]
            self._references.pop(task_id, None)
        if self._folder is not None and self._folder.is_dir():
            for file in self._folder.glob(f"{_PREFIX}*"):
                if _is_old(file.stem, now):
                    file.unlink(missing_ok=True)


def _is_old(task_id: str, now: float) -> bool:
    born = created_at(task_id)
    return born is not None and now - born > RETENTION_S
