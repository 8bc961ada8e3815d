"""Hundreds of jobs change at once, and the window goes on answering."""

from __future__ import annotations

import asyncio
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QAbstractButton

from gptimg_desktop.core.job import JobState
from tests.support.desk import window
from tests.ui.jobs import a_job

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gptimg_desktop.ui.gallery.model import JobListModel

pytestmark = pytest.mark.anyio

JOBS = 100
WAY = (JobState.QUEUED, JobState.SENDING, JobState.ACCEPTED, JobState.READY, JobState.LOST)
AT_A_STRETCH = 10
LONGEST_S = 0.1


class Heart:
    """Beats in every turn of the event loop. A gap is what the thread computed between two beats: how long it
    waits for a processor besides is not ours to answer for."""

    def __init__(self) -> None:
        self.longest_s = 0.0
        self._last = time.thread_time()
        self._beats = True

    @classmethod
    @contextmanager
    def beating(cls) -> Iterator[Heart]:
        heart = cls()
        heart._beat()
        try:
            yield heart
        finally:
            heart._beats = False

    def _beat(self) -> None:
        now = time.thread_time()
        self.longest_s = max(self.longest_s, now - self._last)
        self._last = now
        if self._beats:
            asyncio.get_running_loop().call_later(0.001, self._beat)


class Views:
    """How often those who look at a model have something to do."""

    def __init__(self, model: JobListModel) -> None:
        self.times = 0
        for signal in (model.rowsInserted, model.rowsRemoved, model.dataChanged, model.modelReset):
            signal.connect(self._count)

    def _count(self, *_: object) -> None:
        self.times += 1


@pytest.mark.row(134)
async def test_five_hundred_changes_are_told_in_portions(tmp_path: Path) -> None:
    async with window(tmp_path) as desk:
        await desk.until(desk.find(QAbstractButton, "generateButton").isEnabled)
        changes = [
            a_job(state, number, practice=True, at=time.time())
            for state in WAY
            for number in range(1, JOBS + 1)
        ]
        assert len(changes) == 500
        views = Views(desk.app.model)
        with Heart.beating() as heart:
            for number, job in enumerate(changes, 1):
                desk.app.publish(job)
                if number % AT_A_STRETCH == 0:
                    await asyncio.sleep(0)
            await desk.until_states(*["lost"] * JOBS)
            needs = desk.find(QAbstractButton, "filter_needs_you")
            await desk.until(lambda: str(JOBS) in needs.text(), "the count beside the filter")
        assert views.times < len(changes) / AT_A_STRETCH
        assert heart.longest_s < LONGEST_S
