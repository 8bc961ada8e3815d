"""The real window over a library of many jobs: what everyday work in the gallery costs the GUI thread.

Usage: python -m tests.bench.gallery_work DATA_DIR

Every figure is in milliseconds on the wall, from the deed until the tiles are painted again. Nothing else
waits while it is measured, but what the deed itself set going may come in between.
"""

from __future__ import annotations

import asyncio
import gc
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import qasync
from PySide6.QtCore import QCoreApplication, QTimer

from gptimg_desktop.app import open_app
from gptimg_desktop.core.filter import JobFilter, Sort, View
from gptimg_desktop.core.job import JobState
from gptimg_desktop.options import Options
from gptimg_desktop.ui.desktop.application import Application
from tests.bench.child import tell
from tests.bench.gallery_tiles import is_full

if TYPE_CHECKING:
    from collections.abc import Callable

    from gptimg_desktop.app import App

INSERTS: Final = 40
RESIZES: Final = 40
FRAMES: Final = 400
FRAME_S: Final = 1 / 60
CALM_S: Final = 0.05
PATIENCE_S: Final = 20.0
SEARCHES: Final = (
    JobFilter(text="e"),
    JobFilter(text="ei"),
    JobFilter(text="oak"),
    JobFilter(text="the window soft light"),
    JobFilter(text="椅"),
    JobFilter(text="椅子"),
    JobFilter(text="-oak"),
    JobFilter(text='"ein Fuchs" -Aquarell'),
    JobFilter(text="size:16:9 tier:4k since:monday -cat"),
    JobFilter(text="is:missing"),
    JobFilter(text="state:saved"),
    JobFilter(text="zebra on the moon"),
    JobFilter(text="window", sort=Sort.COST),
    JobFilter(text="e", sort=Sort.SIZE, reverse=True),
    JobFilter(view=View.PICKS),
    JobFilter(view=View.BIN),
    JobFilter(collection=1),
    JobFilter(sort=Sort.COST),
    JobFilter(),
)
"""Words that nearly all prompts have, or none; short ones; fields; every order."""


Took = tuple[float, float]
"""Milliseconds on the wall, and those that the GUI thread computed of them."""


class Work:
    """One library, open in its window."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._view = app.window.gallery.view

    async def all(self) -> dict[str, Any]:
        await self._calm()
        found: dict[str, Any] = {"rows": self._app.model.rowCount()}
        found["insert_ms"] = await self._inserts()
        found["resize_ms"] = await self._resizes()
        found["select_ms"] = [await self._timed(self._view.selectAll)]
        found["selected"] = self._view.selected_count()
        self._view.clearSelection()
        found["frame_ms"] = await self._frames()
        found["search_ms"] = await self._searches()
        return found

    async def _inserts(self) -> list[Took]:
        """A job that was just asked for, and then its picture: by turns."""
        first = self._app.model.job_at(0)
        assert first is not None
        times = []
        for number in range(1, INSERTS // 2 + 1):
            fresh = replace(first, id=f"bench-{number}", seq=first.seq + number)
            for job in (replace(fresh, state=JobState.ACCEPTED, images=()), fresh):
                await asyncio.sleep(CALM_S)  # each has a frame of its own
                times.append(await self._timed(lambda job=job: self._app.publish(job)))  # type: ignore[misc]
        return times

    async def _resizes(self) -> list[Took]:
        size = self._app.window.size()
        times = []
        for step in range(RESIZES):
            width = size.width() + 8 * (step if step < RESIZES // 2 else RESIZES - step)
            times.append(await self._timed(lambda width=width: self._app.window.resize(width, size.height())))  # type: ignore[misc]
            await asyncio.sleep(FRAME_S)
        return times

    async def _frames(self) -> list[Took]:
        """Scrolled steadily, a good half of a row in every frame, while pages and pictures come."""
        bar = self._view.verticalScrollBar()
        step = self._view.visualRect(self._app.model.index(0)).height() // 2
        times = []
        for _ in range(FRAMES):
            times.append(await self._timed(lambda: bar.setValue(bar.value() + step)))
            await asyncio.sleep(max(0.0, FRAME_S - times[-1][0] / 1000))
        return times

    async def _searches(self) -> list[tuple[str, float]]:
        return [(_name(wanted), await self._searched(wanted)) for wanted in SEARCHES]

    async def _searched(self, wanted: JobFilter) -> float:
        """From the wish until the list was swapped."""
        swapped = asyncio.get_running_loop().create_future()
        await self._calm()
        model = self._app.model

        def note() -> None:
            if model.filter == wanted and not swapped.done():
                swapped.set_result(time.perf_counter())

        model.modelReset.connect(note)
        began = time.perf_counter()
        self._app.browsing.show(wanted)
        try:
            async with asyncio.timeout(PATIENCE_S):
                return float(await swapped - began) * 1000
        finally:
            model.modelReset.disconnect(note)

    async def _timed(self, deed: Callable[[], object]) -> Took:
        """Run a deed from the bare event loop, as Qt would, and paint what it changed."""
        took: asyncio.Future[Took] = asyncio.get_running_loop().create_future()

        def run() -> None:
            began, computed = time.perf_counter(), time.thread_time()
            deed()
            QCoreApplication.sendPostedEvents()  # painting is one of them
            took.set_result(((time.perf_counter() - began) * 1000, (time.thread_time() - computed) * 1000))

        QTimer.singleShot(0, self._view, run)
        return await took

    async def _calm(self) -> None:
        """Wait until the screen is full, and a little longer."""
        async with asyncio.timeout(PATIENCE_S):
            while not (self._app.model.rowCount() == 0 or is_full(self._view)):  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(CALM_S)
        await asyncio.sleep(4 * CALM_S)


def _name(wanted: JobFilter) -> str:
    order = wanted.sort.value + (" reversed" if wanted.reverse else "")
    place = f"collection {wanted.collection}" if wanted.collection else wanted.view.value
    return f"{wanted.text or place} by {order}"


async def main(data_dir: Path) -> None:
    async with open_app(Options(data_dir=data_dir, practice=True)) as app:
        gc.freeze()  # as `gptimg_desktop.start` does
        app.window.resize(1400, 900)
        await asyncio.sleep(1.0)  # the start is measured elsewhere
        tell(await Work(app).all())


if __name__ == "__main__":
    application = Application(sys.argv[:1])
    with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(application)) as runner:
        runner.run(main(Path(sys.argv[1])))
