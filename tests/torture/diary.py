"""What a process that may be killed at any moment writes down before it does it, and what it was told."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from pathlib import Path

    from gptimg_desktop.core.job import Job

NAME = "diary.txt"


class Diary:
    """One line for each press and for each step that the program showed, in one write each.

    A press is on the disk before it is made: a process killed between the two has pressed, and perhaps there
    is no job; it never presses twice.
    """

    def __init__(self, folder: Path) -> None:
        entries = Entries.read(folder)
        self._pressed, self._sent_again = set(entries.pressed), entries.sent_again
        self._descriptor = os.open(folder / NAME, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def may_press(self, prompt: str) -> bool:
        """False where an earlier life pressed for this prompt already."""
        return prompt not in self._pressed

    def press(self, prompt: str) -> None:
        """Make durable that Generate is pressed for a prompt now."""
        self._pressed.add(prompt)
        self._write("pressed", prompt)
        os.fsync(self._descriptor)

    def may_send_again(self, prompt: str) -> bool:
        """False where the user did so already, in this life or an earlier one."""
        return prompt not in self._sent_again

    def send_again(self, prompt: str) -> None:
        """Make durable that the user says now that the job for a prompt may be paid once more."""
        self._sent_again.add(prompt)
        self._write("sent again", prompt)
        os.fsync(self._descriptor)

    def shown(self, job: Job) -> None:
        """A step of a job was published."""
        self._write("shown", job.id, job.state.value, job.request.prompt)

    def journalled(self, task_id: str) -> None:
        """The user was told that a paid task stands in the emergency journal."""
        self._write("journalled", task_id)

    def _write(self, *words: str) -> None:
        os.write(self._descriptor, ("\t".join(words) + "\n").encode())


@dataclass(kw_only=True)
class Entries:
    """A diary as it stands: prompts in the order of pressing; each job's last state that was shown, and its
    prompt; the tasks that were told to be in the journal; the prompts that the user sent again."""

    pressed: list[str] = field(default_factory=list)
    states: dict[str, str] = field(default_factory=dict)
    prompts: dict[str, str] = field(default_factory=dict)
    journalled: set[str] = field(default_factory=set)
    sent_again: set[str] = field(default_factory=set)

    @classmethod
    def read(cls, folder: Path) -> Self:
        """The diary of a folder; empty where there is none."""
        entries, path = cls(), folder / NAME
        for line in path.read_text("utf-8").splitlines() if path.exists() else ():
            match line.split("\t"):
                case ["pressed", prompt]:
                    entries.pressed.append(prompt)
                case ["shown", job_id, state, prompt]:
                    entries.states[job_id] = state
                    entries.prompts[job_id] = prompt
                case ["journalled", task_id]:
                    entries.journalled.add(task_id)
                case ["sent again", prompt]:
                    entries.sent_again.add(prompt)
        return entries

    def by_prompt(self) -> dict[str, str]:
        """The last shown state of the job for each prompt."""
        return {self.prompts[job_id]: state for job_id, state in self.states.items()}
