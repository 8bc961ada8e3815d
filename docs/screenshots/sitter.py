"""A user at the window who has a clock in his hand."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from docs.screenshots.darkroom import over
from gptimg_desktop.core.draft import Draft
from gptimg_desktop.core.filter import JobFilter
from gptimg_desktop.ui.collections.done_line import DoneLine
from gptimg_desktop.ui.details.preview import Preview
from tests.support.desk import Desk

if TYPE_CHECKING:
    from pathlib import Path

    from docs.screenshots.order import Order
    from docs.screenshots.posed_service import Clock, PosedServer
    from gptimg_desktop.app import App
    from gptimg_desktop.core.job import Job
    from gptimg_desktop.ui.main_window import MainWindow

UNSENT: Final = frozenset({"queued", "sending"})
UNDER_WAY: Final = UNSENT | {"accepted", "ready"}
_STILL_LOOKS: Final = 3
_MOST_LOOKS: Final = 20
_LOOK_S: Final = 0.05


class Sitter(Desk):
    """Works the window as its user would, and waits until what is to be seen stands still."""

    def __init__(self, app: App, clock: Clock, server: PosedServer) -> None:
        super().__init__(app)
        self.clock = clock
        self.server = server

    @property
    def window(self) -> MainWindow:
        return self.app.window

    # Generating

    def compose(self, order: Order) -> None:
        """Fill the composer; its references stay."""
        self.window.compose.set_draft(
            replace(
                self.window.compose.draft(),
                prompt=order.prompt,
                size=order.size,
                tier=order.tier,
            )
        )

    async def ask(self, order: Order, *, state: str = "accepted") -> None:
        """Fill the composer and press Generate; until the new tile is in this state."""
        self.clock.pass_on(order.pause_s)
        self.compose(order)
        before = len(self.jobs())
        self.click("generateButton")
        await self.until(lambda: len(self.jobs()) == before + 1, "a new tile")
        await self.until(lambda: self.states()[0] == state, f"it is {state}")

    async def make(self, *orders: Order) -> None:
        """Generate, one after the other, and have the pictures."""
        for order in orders:
            await self.ask(order)
            await self.finish()

    async def finish(self) -> None:
        """Let as much time pass as is needed, until nothing is under way."""
        await self.until(lambda: not UNSENT & set(self.states()), "everything is sent")
        self.clock.pass_on(max(0.0, self.server.posed.ends - self.clock.now()) + 0.1)
        await self.until(lambda: not UNDER_WAY & set(self.states()), "everything is made")

    async def bring(self, *files: Path) -> None:
        """Add reference files."""
        self.window.compose.offer_paths(tuple(map(str, files)))
        await self.until(lambda: len(self.window.compose.draft().references) == len(files), "references")

    # The gallery

    def named(self, start: str) -> Job:
        """The newest job whose prompt begins like this."""
        return next(job for job in self.jobs() if job.request.prompt.startswith(start))

    def choose(self, *starts: str) -> None:
        """Select the newest job of each such prompt, the first one as the current one."""
        view, model = self.window.gallery.view, self.app.model
        self.window.gallery.select(self.named(starts[0]).id)
        for start in starts[1:]:
            row = self.jobs().index(self.named(start))
            view.selectionModel().select(model.index(row, 0), QItemSelectionModel.SelectionFlag.Select)

    def press(self, key: Qt.Key) -> None:
        """A key in the gallery."""
        view = self.window.gallery.view
        view.setFocus()
        QTest.keyClick(view, key)

    async def gather(self, name: str, *starts: str) -> None:
        """Put pictures into a collection: the key, its name, Enter."""
        self.choose(*starts)
        self.press(Qt.Key.Key_C)
        field = self.find(QLineEdit, "collectionListSearch")
        field.setText(name)
        QTest.keyClick(field, Qt.Key.Key_Return)
        await self.until(lambda: f"{name}  {len(starts)}" in self.texts(), f"the collection {name}")

    def type_into(self, name: str, text: str) -> None:
        """Type as an input method does, which knows every script."""
        field = self.find(QLineEdit, name)
        field.setFocus()
        for letter in text:
            event = QInputMethodEvent()
            event.setCommitString(letter)
            QApplication.sendEvent(field, event)

    # Waiting and tidying

    async def settle(self) -> None:
        """Until the list is there and the window looks the same at several looks; where something moves all
        the time, for three seconds."""
        await self.until(lambda: self.app.model.is_settled, "the list")
        await self.until(self._shows_details, "the picture in the details")
        last, still = None, 0
        for _ in range(_MOST_LOOKS):
            await asyncio.sleep(_LOOK_S)
            shown = self.window.grab().toImage()
            still = still + 1 if shown == last else 0
            last = shown
            if still == _STILL_LOOKS:
                return

    def _shows_details(self) -> bool:
        job = self.window.details.job
        previews = self.window.details.findChildren(Preview)
        return job is None or not job.images or any(not preview.image.isNull() for preview in previews)

    async def tidy(self) -> None:
        """Put away all that was opened, asked and selected."""
        for each in over(self.window):
            each.close()
        if self.window.viewer.isVisible():
            self.window.viewer.leave()
        self.window.queue.hide()
        self.window.status.set_message("")
        for line in self.window.findChildren(DoneLine):
            line.end()
        self.window.top_bar.set_filter(JobFilter())
        self.window.compose.set_draft(Draft())
        self.window.gallery.view.clearSelection()
        self.window.gallery.view.setCurrentIndex(QModelIndex())
        self.window.gallery.view.scrollToTop()
        self.window.compose.focus_prompt()
        await self.settle()
