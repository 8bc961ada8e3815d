"""The window closes and opens again by itself, to go back to a backup."""

from __future__ import annotations

import asyncio
import contextlib
import gc
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from PySide6.QtWidgets import QAbstractButton

from gptimg_desktop import start
from gptimg_desktop.app import App, open_app
from tests.support.desk import Desk
from tests.support.starts import quick_options
from tests.ui.compose.hands import chips

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from gptimg_desktop.options import Options

pytestmark = pytest.mark.anyio


def untold(_done: int, _total: int) -> None:
    """Nobody watches."""


@pytest.fixture
def thawed() -> Iterator[None]:
    """The rubbish of a start can be found again."""
    yield
    gc.unfreeze()


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> asyncio.Queue[App]:
    """Every window that a start opens."""
    apps: asyncio.Queue[App] = asyncio.Queue()

    @contextlib.asynccontextmanager
    async def seen(options: Options) -> AsyncIterator[App]:
        async with open_app(options) as app:
            apps.put_nowait(app)
            yield app

    monkeypatch.setattr(start, "open_app", seen)
    return apps


async def next_desk(opened: asyncio.Queue[App]) -> Desk:
    """The next window that is opened, once it can be worked with."""
    async with asyncio.timeout(20):
        desk = Desk(await opened.get())
    await desk.until(desk.find(QAbstractButton, "generateButton").isEnabled, "the queue is open")
    return desk


@pytest.mark.usefixtures("thawed")
@pytest.mark.qt_log_ignore(r"does not support raise\(\)")  # offscreen
async def test_files_of_the_command_line_are_taken_once(home: Path, opened: asyncio.Queue[App]) -> None:
    """Once by each start, whether it opens the window or finds it open."""
    home.mkdir(exist_ok=True)
    file = home / "chair.png"
    Image.new("RGB", (20, 30), (20, 90, 60)).save(file)
    running = asyncio.ensure_future(start._open_or_raise(quick_options(home / "data", None, files=(file,))))
    desk = await next_desk(opened)
    await desk.until(lambda: len(desk.app.window.compose.draft().references) == 1, "the file")
    await desk.app.engine.safety.back_up(untold)
    desk.app.parts.safekeeping.choose_backup()
    await desk.until(lambda: desk.app.window.findChild(QAbstractButton, "backupsRestore") is not None)
    await desk.until(lambda: desk.find(QAbstractButton, "backupsRestore").isEnabled())
    desk.click("backupsRestore")
    again = await next_desk(opened)
    assert [chip.title for chip in chips(again.app.window.compose)] == ["chair.png"]
    again.app.raise_window(())
    again.app.raise_window((str(file),))  # as another start on the same folder asks for it
    await again.until(lambda: len(again.app.window.compose.draft().references) == 2, "the file once more")
    again.app.window.close()
    assert await running == 0
