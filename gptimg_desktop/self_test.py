"""`--self-test`: the real window, offscreen, makes one practice image by the widgets of a user."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from gptimg_desktop import __version__
from gptimg_desktop.options import Options

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from gptimg_desktop.app import App

W = TypeVar("W", bound="QWidget")

PATIENCE_S: Final = 60.0
PROMPT: Final = "a walnut chair by a window"
PIXELS: Final = (2048, 1152)


class SelfTestError(Exception):
    """A step did not do what it should; its text says which and how."""


def run_self_test() -> int:
    """Run every step and print a line for each; 0 where all are well, 1 at the first that is not."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    import qasync  # noqa: PLC0415 - Qt may only be loaded once it is told to stay off the screen

    from gptimg_desktop.ui.desktop.application import Application  # noqa: PLC0415

    folder = Path(tempfile.mkdtemp(prefix="gptimg-self-test-"))
    application = Application(sys.argv[:1])
    try:
        with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(application)) as runner:
            runner.run(_run(folder))
    except SelfTestError as error:
        _say(f"FAILED  {error}")
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    _say("self-test passed")
    return 0


async def _run(folder: Path) -> None:
    from gptimg_desktop.app import open_app  # noqa: PLC0415

    _say(f"gptimg-desktop {__version__}, Python {sys.version.split()[0]}")
    options = Options(data_dir=folder, practice=True, practice_speed=0, notice_s=0)
    async with open_app(options) as app:
        _say("ok  the window is open and the library is ready")
        await _ask(app)
        path = await _wait_for_picture(app)
        _check_file(path, folder)
    if (folder / "library.sqlite3-wal").exists():
        raise SelfTestError("the library was not closed")
    _say("ok  the window is closed and everything is put away")


async def _ask(app: App) -> None:
    from PySide6.QtCore import Qt  # noqa: PLC0415
    from PySide6.QtTest import QTest  # noqa: PLC0415
    from PySide6.QtWidgets import QAbstractButton, QPlainTextEdit  # noqa: PLC0415

    prompt = _widget(app, QPlainTextEdit, "promptEdit")
    generate = _widget(app, QAbstractButton, "generateButton")
    await _until(generate.isEnabled, "Generate can be pressed")
    QTest.keyClicks(prompt, PROMPT)
    for name in ("ratio_16x9", "tier_2k"):
        QTest.mouseClick(_widget(app, QAbstractButton, name), Qt.MouseButton.LeftButton)
    if prompt.toPlainText() != PROMPT:
        raise SelfTestError(f"the prompt reads {prompt.toPlainText()!r}")
    _say("ok  a prompt is typed, 16:9 and 2K are chosen")
    QTest.mouseClick(generate, Qt.MouseButton.LeftButton)
    await _until(lambda: app.model.rowCount() == 1, "a tile appears")
    _say("ok  Generate is pressed and a tile is there")


async def _wait_for_picture(app: App) -> Path:
    roles = {bytes(name.data()).decode(): role for role, name in app.model.roleNames().items()}

    def read(name: str) -> str:
        return str(app.model.data(app.model.index(0, 0), roles[name]))

    await _until(lambda: read("state") == "saved", "the picture is saved")
    _say("ok  the tile says saved")
    return Path(read("path"))


def _check_file(path: Path, folder: Path) -> None:
    from PIL import Image  # noqa: PLC0415

    if not path.is_relative_to(folder.resolve() / "images") or not path.is_file():
        raise SelfTestError(f"no picture at {path}")
    with Image.open(path) as image:
        image.load()
        found = image.size
    if found != PIXELS:
        raise SelfTestError(f"the picture has {found} pixels instead of {PIXELS}")
    _say(f"ok  {path.name} is a whole picture of {found[0]} × {found[1]} pixels")


def _widget(app: App, kind: type[W], name: str) -> W:
    found = app.window.findChild(kind, name)
    if found is None:
        raise SelfTestError(f"the window has no {name}")
    return found


async def _until(condition: Callable[[], bool], what: str) -> None:
    """Wait for something that the window will show; SelfTestError where it does not come."""
    end = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > end:
            raise SelfTestError(f"waited {PATIENCE_S:.0f} s in vain: {what}")
        await asyncio.sleep(0.02)


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - the terminal is the place for it
