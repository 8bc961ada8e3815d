"""Where images come from, as the window sees it: keys that are tried, kept and removed, and the balance."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject

from gptimg_desktop.core.account import KeyStanding, KeyTest
from gptimg_desktop.core.connection import clean_key
from gptimg_desktop.core.errors import AppError, AuthError
from gptimg_desktop.core.job import JobState
from gptimg_desktop.core.prices import PUBLISHED
from gptimg_desktop.services.tasks import complaining

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any

    from gptimg_desktop.core.account import Balance
    from gptimg_desktop.core.connection import Connection
    from gptimg_desktop.core.job import Job
    from gptimg_desktop.engine import Engine
    from gptimg_desktop.services.tasks import Tasks
    from gptimg_desktop.ui.main_window import MainWindow

LOADING_PATIENCE_S: Final = 3.0
"""How long the start waits for the system's key store, which may be asking the user for a password."""
_PROVED: Final = frozenset({KeyStanding.WORKS, KeyStanding.NO_BALANCE})


class Connecting(QObject):
    """Brings keys from the window to the engine, and what is known about the connection back.

    `kept` is told of each service whether its key is in the system's key store.
    """

    def __init__(
        self, *, engine: Engine, window: MainWindow, tasks: Tasks, kept: Callable[[str, bool], None]
    ) -> None:
        super().__init__()
        self._engine = engine
        self._window = window
        self._tasks = tasks
        self._kept = kept
        self._test: asyncio.Task[Any] | None = None
        self._questions: set[asyncio.Task[Any]] = set()
        self._unproved: dict[str, str] = {}
        self._is_stopped = False

    # Keys

    async def load_key(self) -> None:
        """Connect with a key that an earlier run kept; a store that is slow to answer holds nothing up."""
        loading = self._ask("load key", self._load_key)
        await asyncio.wait({loading}, timeout=LOADING_PATIENCE_S)

    async def _load_key(self) -> None:
        before = self._engine.present
        await self._engine.load_key()
        if self._engine.present is not before:
            self.show()

    def use_key(self, text: str) -> None:
        """Try what was typed, and connect with it unless the service refuses it."""
        panel = self._window.connect_panel
        try:
            clean_key(text)
        except AppError as error:
            panel.show_problem(error.problem)
            return
        self.cancel_test()
        panel.show_testing()
        self._test = self._tasks.start("try key", self._use_key(text))

    def cancel_test(self) -> None:
        """Never mind the key that is being tried; what was typed stays."""
        if self._test is not None and not self._test.done():
            self._test.cancel()
            self._window.connect_panel.hide_testing()

    async def _use_key(self, text: str) -> None:
        """Is cancelled where the address changes: a key that was tried at one service is used at no other."""
        panel, service = self._window.connect_panel, self._engine.service
        try:
            test = await self._engine.try_key(text)
            if test.standing is not KeyStanding.REFUSED:
                self._engine.use_key(text)
                self._unproved[service] = text
            if test.standing in _PROVED:
                self._keep_proved(service)
        except AppError as error:
            panel.show_problem(error.problem)
            return
        if test.standing is not KeyStanding.REFUSED:
            self.show()
            self._window.compose.focus_prompt()
        panel.show_test(test)

    def _keep_proved(self, service: str) -> None:
        """A typed key goes into the key store once the service has taken it: it replaces another there."""
        text = self._unproved.pop(service, "")
        if text and not self._is_stopped:
            work = self._keep_key(service, text)
            self._tasks.start("keep key", complaining(work, self._window.connect_panel.show_problem))

    async def _keep_key(self, service: str, text: str) -> None:
        """The key is in use already; whatever the key store says only decides where it is kept."""
        self._kept(service, await self._engine.keep_key(service, text))
        self._show_connection()

    def forget_key(self) -> None:
        """Remove the key wherever it is kept; it is not used any more from this moment on."""
        self.cancel_test()
        service = self._engine.service
        self._unproved.pop(service, None)
        try:
            self._engine.drop_key()
        except AppError as error:
            self._window.notices.show_problem(error.problem)
        self.show()
        self._kept(service, False)
        self._start("remove key", self._remove_key(service))

    async def _remove_key(self, service: str) -> None:
        try:
            await self._engine.remove_key(service)
        finally:
            self._show_connection()

    def load_keys_of(self, jobs: tuple[Job, ...]) -> None:
        """Unfinished jobs of other services are followed too, where their keys are kept."""
        self._ask("load other keys", partial(self._engine.load_keys_of, jobs))

    def service_changed(self) -> None:
        """The settings name another address, or another way to it."""
        self.cancel_test()
        self.show()
        self._ask("load key", self._load_key)

    # What is shown

    def show(self) -> None:
        """Tell every part of the window where the next image comes from, and ask for the balance there."""
        connection = self._show_connection()
        self._window.status.set_balance(None)
        if not connection.is_practice and not self._is_stopped:
            self._ask("balance", self._ask_for_balance)

    def _show_connection(self) -> Connection:
        connection, window = self._engine.connection, self._window
        window.compose.set_connection(connection)
        window.connect_panel.set_connection(connection)
        window.status.set_connection(connection)
        for panel in (window.gallery, window.details):
            panel.set_prices(PUBLISHED, connection.is_practice)
        return connection

    def note(self, job: Job) -> None:
        """A job has moved on, and with it a key may have shown that it is good."""
        if self._is_stopped:
            return
        if job.state is JobState.ACCEPTED and self._engine.sent_with_present_key(job):
            self._keep_proved(job.service)

    def stop(self) -> None:
        """Nothing is asked any more, whatever jobs that are still heard out may tell. What was asked for the
        window alone is not waited for; a key that is being kept or removed is."""
        self._is_stopped = True
        self.cancel_test()
        for question in tuple(self._questions):
            question.cancel()

    def show_balance(self, balance: Balance) -> None:
        """What the account that pays for the next image has left; who was told that has taken the key."""
        if self._is_stopped:
            return
        self._window.status.set_balance(balance)
        self._window.connect_panel.set_balance(balance)
        if not self._engine.connection.is_practice:
            self._keep_proved(self._engine.service)

    async def _ask_for_balance(self) -> None:
        """The answer comes by `show_balance`; a refused key alone is told here, the rest by the queue."""
        asked = self._engine.present
        try:
            await self._engine.balance()
        except AppError as error:
            if asked is self._engine.present and isinstance(error, AuthError):
                refused = KeyTest(standing=KeyStanding.REFUSED, problem=error.problem)
                self._window.connect_panel.show_refused(refused)

    def _ask(self, name: str, ask: Callable[[], Coroutine[Any, Any, None]]) -> asyncio.Task[Any]:
        """Start what is asked for the window alone: it is dropped when that goes, begun or not."""
        question = self._tasks.start(name, self._asked(ask))
        self._questions.add(question)
        question.add_done_callback(self._questions.discard)
        return question

    async def _asked(self, ask: Callable[[], Coroutine[Any, Any, None]]) -> None:
        await complaining(ask(), self._window.notices.show_problem)

    def _start(self, name: str, work: Coroutine[Any, Any, None]) -> asyncio.Task[Any]:
        return self._tasks.start(name, complaining(work, self._window.notices.show_problem))
