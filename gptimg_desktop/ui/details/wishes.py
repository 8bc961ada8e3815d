"""Wishes of the details panel that need more than a job's id."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveAs:
    """Copy the file `source` to the path `target`, chosen by the user, replaced if it exists. The ending of
    `target` says in which format."""

    source: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskIdEntry:
    """The user's own finding: this unconfirmed job is that task. `task_id` is as typed, trimmed."""

    job_id: str
    task_id: str
