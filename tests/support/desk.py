"""Hands that work the real window, and eyes that read it."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QPlainTextEdit, QWidget

from gptimg_desktop.app import App, open_app
from tests.support.starts import quick_options

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from gptimg_desktop.core.job import Job
    from gptimg_desktop.core.settings import Settings
    from tests.support.scripted_server import ScriptedServer

W = TypeVar("W", bound=QWidget)
PATIENCE_S = 20.0


class Desk:
    """A user at the window. Reads only what the window shows or its model tells."""

    def __init__(self, app: App) -> None:
        self.app = app

    @property
    def settings(self) -> Settings:
        return self.app.parts.preferences.settings

    def find(self, kind: type[W], name: str) -> W:
        found = self.app.window.findChild(kind, name)
        assert found is not None, f"the window has no {name}"
        return found

    def click(self, name: str) -> None:
        QTest.mouseClick(self.find(QAbstractButton, name), Qt.MouseButton.LeftButton)

    def type_prompt(self, text: str) -> None:
        self.find(QPlainTextEdit, "promptEdit").setPlainText("")
        QTest.keyClicks(self.find(QPlainTextEdit, "promptEdit"), text)

    def generate(self, prompt: str = "an oak chair") -> None:
        self.type_prompt(prompt)
        self.click("generateButton")

    def jobs(self) -> list[Job]:
        """The jobs in the gallery, newest first."""
        model = self.app.model
        return [job for row in range(model.rowCount()) if (job := model.job_at(row)) is not None]

    def states(self) -> list[str]:
        roles = {bytes(name.data()).decode(): role for role, name in self.app.model.roleNames().items()}
        model = self.app.model
        return [str(model.data(model.index(row, 0), roles["state"])) for row in range(model.rowCount())]

    def select(self, row: int = 0) -> None:
        self.app.window.gallery.select(self.jobs()[row].id)

    def texts(self) -> str:
        """Every text that stands in the window and can be seen, as one."""
        shown = (widget for widget in self.app.window.findChildren(QWidget) if widget.isVisible())
        joined = "\n".join(str(text) for widget in shown if (text := _text(widget)))
        return joined.replace("\u200b", "")  # places where a long word may break

    def press_notice(self, text: str) -> None:
        """Click a button of a notice above the gallery."""
        buttons = self.app.window.notices.findChildren(QAbstractButton)
        next(button for button in buttons if button.isVisible() and button.text() == text).click()

    async def until(self, condition: Callable[[], Any], what: str = "") -> None:
        """Wait for a condition, looked at after every change of the gallery and every few milliseconds."""
        changed = asyncio.Event()
        model = self.app.model
        signals = (model.dataChanged, model.rowsInserted, model.rowsRemoved, model.modelReset)
        for signal in signals:
            signal.connect(changed.set)
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not condition():
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(0.01):
                            await changed.wait()
                    changed.clear()
        except TimeoutError:
            raise AssertionError(f"waited in vain: {what or condition}; tiles: {self.states()}") from None
        finally:
            for signal in signals:
                signal.disconnect(changed.set)

    async def until_states(self, *states: str) -> None:
        """Wait until the tiles, newest first, stand like this."""
        await self.until(lambda: self.states() == list(states), f"states {states}")


def _text(widget: QWidget) -> object:
    for name in ("text", "toPlainText"):
        read = getattr(widget, name, None)
        if callable(read):
            return read()
    return None


@contextlib.asynccontextmanager
async def window(
    data_dir: Path, server: ScriptedServer | None = None, *, grace_s: float = 5.0, **more: Any
) -> AsyncIterator[Desk]:
    """The whole program on a data folder, connected to a server, or else practising."""
    async with open_app(quick_options(data_dir, server, **more)) as app:
        app.grace_s = grace_s
        app.window.resize(1400, 900)
        yield Desk(app)
