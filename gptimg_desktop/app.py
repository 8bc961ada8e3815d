"""The composition root: the window, beside it the library, then all that talks to a service; and the end of
it all in order. `wiring` is the map of what is connected with what."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import logging
import os
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import QLocale, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from gptimg_desktop.browsing import Browsing
from gptimg_desktop.core.activity import Tally
from gptimg_desktop.core.errors import AppError, Problem, ProblemKind
from gptimg_desktop.core.gate import Gate, GateKind
from gptimg_desktop.core.prices import PUBLISHED
from gptimg_desktop.core.progress import Errand, Progress
from gptimg_desktop.core.usual_times import MOST_LOOKED_AT, DoneJobs
from gptimg_desktop.folders import pictures_folder, prepare_data_folder
from gptimg_desktop.opening import Opening
from gptimg_desktop.services import settings_file
from gptimg_desktop.services.instance_lock import instance_lock
from gptimg_desktop.services.logs import log_to
from gptimg_desktop.services.tasks import Tasks, complaining
from gptimg_desktop.ui import theme
from gptimg_desktop.ui.gallery.model import JobListModel
from gptimg_desktop.ui.main_window import MainWindow
from gptimg_desktop.ui.notice_bar import NAMES_A_PAID_TASK

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from types import ModuleType

    from gptimg_desktop.core.account import Balance
    from gptimg_desktop.core.job import Job
    from gptimg_desktop.core.settings import Settings
    from gptimg_desktop.engine import Engine, Reports
    from gptimg_desktop.library import Library
    from gptimg_desktop.options import Options
    from gptimg_desktop.wiring import Ground, Parts

logger = logging.getLogger(__name__)

ACTIVITY_PAUSE_MS: Final = 100
USER_GRACE_S: Final = 60.0
"""How long a submit's answer is awaited after the window was closed; the window itself goes at once."""
ERRANDS_GRACE_S: Final = 5.0
LOCKED_PAUSE_S: Final = 1.0
"""Between two tries to open a library that another program holds; each waits five seconds by itself."""
LEARNT_AT_ONCE: Final = 50
LATELY_S: Final = 2 * 86_400.0
"""What was asked for before that was not asked for today, wherever in the world today began."""


class App(QObject):
    """The open program: its window, and once the library is open its engine."""

    def __init__(self, options: Options, data_dir: Path, settings: Settings) -> None:
        super().__init__()
        self.options = options
        self.data_dir = data_dir
        self.first_settings = settings
        self.closed = asyncio.Event()
        self.wants_restart = False
        self.grace_s = USER_GRACE_S
        self.model = JobListModel()
        self.window = MainWindow(self.model)
        self.window.details.share_silences(self.window.gallery.view.silences)
        self.window.restore_window_state(settings.window)
        self.window.compose.set_prices(PUBLISHED)
        self.window.compose.set_ask_above(settings.ask_above)
        self.window.compose.set_favourites(settings.favourite_sizes)
        self.window.closed.connect(self.closed.set)
        self.window.stayed.connect(self._stay)
        self.tasks = Tasks()
        self._tally = Tally()
        self._done = DoneJobs()
        self._pauses: tuple[Gate, ...] = ()
        self._activity_timer = QTimer(self, singleShot=True, interval=ACTIVITY_PAUSE_MS)
        self._activity_timer.timeout.connect(self._show_activity)

    def browse(self, library: Library) -> None:
        """Show what the library holds, while everything else is still made."""
        self.browsing = Browsing(library=library, window=self.window, model=self.model, tasks=self.tasks)
        self.browsing.begin()

    def ground(self, wiring: ModuleType) -> Ground:
        """What everything else is built on."""
        from gptimg_desktop.ui.desktop.network import Network  # noqa: PLC0415 - brings Qt's network

        self.network = Network(self)
        ground: Ground = wiring.Ground(
            options=self.options,
            settings=self.first_settings,
            window=self.window,
            model=self.model,
            tasks=self.tasks,
            browsing=self.browsing,
            network=self.network,
            publish=self.publish,
            complain=self.complain,
            pauses=self.pauses,
        )
        return ground

    async def work(self, engine: Engine, parts: Parts) -> None:
        """Bring window and engine together, and let the queue begin."""
        self.engine, self.parts = engine, parts
        parts.safekeeping.restart_wanted.connect(self._restart)
        parts.wire()
        parts.collecting.give()
        parts.connecting.show()
        parts.prompting.give()
        await self.browsing.listed()
        draft = await parts.composing.bring_draft()
        if parts.preferences.settings.kept_keys:
            await parts.connecting.load_key()
        lately = await self._look_back()
        self._done.begin(time.time())
        jobs = await engine.start()
        if engine.safety.view_only is not None:  # what waits in it waits for the program that may write
            lately = tuple(job for job in lately if not job.is_running)
        self._tally.begin((*lately, *jobs))
        for job in jobs:
            self.model.upsert_in_frame(job)
        self.tasks.start("tidy", engine.tidy(draft))
        self.tasks.start("usual times", complaining(self._learn(), self.window.notices.show_problem))
        if engine.safety.view_only is None:
            parts.emptying.sweep()
        parts.caring.look_in_a_while()
        await parts.safekeeping.begin()
        parts.connecting.load_keys_of(jobs)
        self._show_activity()
        self.window.compose.start_with(tuple(map(str, self.options.files)))
        if engine.safety.view_only is None:
            self.window.compose.set_queue_open(True)
        else:
            self.window.compose.close_for(engine.safety.view_only)
        self.network.watch()

    async def _look_back(self) -> tuple[Job, ...]:
        """The jobs of late, for the money of the day; what was paid does not wait for them."""
        try:
            return await self.engine.history.since(time.time() - LATELY_S)
        except AppError as error:
            self.window.notices.show_problem(error.problem)
            return ()

    async def _learn(self) -> None:
        """What is usual, from the jobs before this start; a few at a time, as nobody waits for it."""
        history = self.engine.history
        seqs = await history.recent_numbers(MOST_LOOKED_AT)
        for first in range(0, len(seqs), LEARNT_AT_ONCE):
            self._done.learn(await history.jobs(seqs[first : first + LEARNT_AT_ONCE]))
        self._show_activity()

    # What the engine reports

    def reports(self, engines: ModuleType) -> Reports:
        """Who is told what."""
        reports: Reports = engines.Reports(
            publish=self.publish,
            show_gates=self.show_gates,
            complain=self.complain,
            show_unkept=self.window.set_unkept,
            show_balance=self.show_balance,
            show_findings=self.window.details.set_findings,
        )
        return reports

    def publish(self, job: Job) -> None:
        """A job was committed: its tile, the counts and the balance follow, each at its own pace."""
        self._tally.put(job)
        self._done.put(job)
        self.model.upsert_in_frame(job)
        self.parts.connecting.note(job)
        self.parts.safekeeping.note(job)
        self.parts.collecting.count_soon()
        self.parts.emptying.count_soon()
        if not self._activity_timer.isActive():
            self._activity_timer.start()

    def show_gates(self, gates: tuple[Gate, ...]) -> None:
        """The queue waits for these; a pause is also told where the queue is told."""
        self._pauses = tuple(gate for gate in gates if gate.kind is GateKind.USER_PAUSE)
        self.window.notices.set_gates(gates)
        self.window.gallery.view.set_gates(gates)
        self.window.notices.set_unfetched(self._tally.running())
        self.window.queue.set_paused(bool(self._pauses))
        self.window.status.set_paused(bool(self._pauses))

    def pauses(self) -> tuple[Gate, ...]:
        """Those of the user's that hold the queue at the moment."""
        return self._pauses

    def show_balance(self, balance: Balance) -> None:
        """What the account has left is known anew, which may tell more about what is unconfirmed."""
        self.parts.connecting.show_balance(balance)
        self.window.details.want_findings()

    def complain(self, job_id: str, problem: Problem) -> None:
        """Say a problem where its job is shown, else above the gallery."""
        self.model.show_now()  # what led to it comes first
        shown = self.window.details.job
        is_shown = bool(job_id) and shown is not None and shown.id == job_id
        if is_shown and problem.kind not in NAMES_A_PAID_TASK:  # an id must stay in sight
            self.window.details.show_problem(problem)
        else:
            self.window.notices.show_problem(problem)

    def raise_window(self, files: tuple[str, ...]) -> None:
        """Come to the front, and take the files of the start that asked for it."""
        self.window.setWindowState(self.window.windowState() & ~Qt.WindowState.WindowMinimized)
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()
        if files:
            self.window.compose.offer_paths(files)

    def _show_activity(self) -> None:
        now = datetime.fromtimestamp(time.time()).astimezone()
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        activity = self._tally.activity(since=midnight.timestamp())
        self.window.status.set_activity(activity)
        usual = self._done.usual_times()
        self.window.compose.set_usual_times(usual)
        self.window.gallery.view.set_usual_times(usual)
        line = self._tally.line()
        self.window.gallery.view.set_line(line)
        self.window.queue.set_jobs(activity.running, line)
        self.window.top_bar.set_needs_you(activity.needs_user)
        self.window.notices.set_unfetched(self._tally.running())

    # Its end

    async def put_away(self) -> None:
        """Keep what the window holds: the composer's content, its own shape."""
        try:
            async with asyncio.timeout(ERRANDS_GRACE_S):
                await self.tasks.finish()
        except TimeoutError:
            await self.tasks.cancel()
        try:
            if self.engine.safety.view_only is None:
                await self.parts.composing.save_draft()
            await self.parts.preferences.keep_window()
        except AppError as error:
            logger.warning("not everything could be kept at the end: %s", error.problem.kind)

    def say_unkept(self) -> None:
        """The last place for ids of paid tasks that no disk took: where the program was started from."""
        for task_id in self.window.unkept:
            print(f"gptimg-desktop: a paid task could not be written down: {task_id}", file=sys.stderr)  # noqa: T201

    def end_within(self, grace_s: float) -> None:
        """The system ends the program: wait no longer than that for an answer, in an end under way too."""
        self.grace_s = grace_s
        if self.closed.is_set():
            self.engine.queue.hurry(grace_s)

    def _restart(self) -> None:
        """Close the window and open it again, on the library that the next start makes; what closing asks
        about it asks here too."""
        self.wants_restart = True
        self.window.close()

    def _stay(self) -> None:
        """The user did not close after all, so nothing is gone back to either."""
        if self.wants_restart:
            self.wants_restart = False
            self.parts.safekeeping.stay()

    async def end(self) -> None:
        """The window was closed: nothing new leaves, what may be paid is heard out, everything is kept."""
        self.window.hide()
        self.engine.queue.stop_sending()
        self.model.blockSignals(True)  # nothing is brought for a window that is gone
        self.parts.stop()
        try:
            await self.parts.safekeeping.stop()
            await self.put_away()
        finally:
            await self.engine.queue.aclose(grace_s=self.grace_s)
            self.say_unkept()
            self._activity_timer.stop()


@contextlib.asynccontextmanager
async def open_app(options: Options) -> AsyncIterator[App]:
    """The whole program, open and working; at the end it is closed in order and nothing is lost.

    StorageError where the data folder cannot be used, AlreadyRunningError where another process has it.
    """
    data_dir = prepare_data_folder(options.data_dir)
    with _held(data_dir):
        settings = settings_file.load(data_dir / "settings.json")

        def complain(problem: Problem) -> None:
            app.window.notices.show_problem(problem)

        def say_restoring() -> None:
            app.window.progress.show_progress(Progress(errand=Errand.RESTORE))

        folder = pictures_folder(settings.pictures_folder, options.data_dir)
        opening = Opening(
            data_dir,
            folder,
            complain,
            now=time.time,
            former_folders=tuple(map(Path, settings.former_folders)),
            restoring=say_restoring,
        )
        opening.begin()  # the loop, and with it what is told, goes on once the window is there
        async with contextlib.aclosing(opening):
            application = cast("QApplication", QApplication.instance())
            theme.colour(application, settings.theme)
            app = App(options, data_dir, settings)
            theme.apply(application, settings.theme)
            app.window.show()
            app.window.gallery.begin_opening()
            try:
                async with _working(app, opening):
                    yield app
            finally:
                app.window.close_at_once()
                app.window.deleteLater()


@contextlib.contextmanager
def _held(data_dir: Path) -> Iterator[None]:
    """The data folder for this process alone, and its log; a folder that is only looked at needs neither."""
    if not os.access(data_dir, os.W_OK):
        yield
        return
    with instance_lock(data_dir), log_to(data_dir / "logs"):
        yield


@contextlib.asynccontextmanager
async def _working(app: App, opening: Opening) -> AsyncIterator[None]:
    """The library first, so that the gallery shows what there is; then all that talks to a service."""
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(opening.aclose)
        try:
            library = await _opened(app, opening)
        except AppError as error:
            app.window.notices.show_problem(error.problem)  # Generate stays closed; the window says why
            library = None
        if library is None:
            app.window.gallery.end_opening()
            yield
            return
        if library.safety.view_only is not None:  # before a read fails because of it
            app.window.notices.show_problem(library.safety.view_only)
        app.browse(library)
        await app.browsing.first_shown()  # what is imported now would only be in its way
        engines, wiring = await asyncio.to_thread(_import_the_rest)
        starting = engines.open_engine(
            app.options,
            app.data_dir,
            app.first_settings,
            app.reports(engines),
            library=library,
            language=_language(),
        )
        try:
            engine = await stack.enter_async_context(starting)
        except AppError as error:
            app.window.notices.show_problem(error.problem)
            yield
            await app.tasks.cancel()
            return
        try:
            await app.work(engine, wiring.Parts(app.ground(wiring), engine))
        except AppError as error:
            app.window.notices.show_problem(error.problem)
        try:
            yield
        finally:
            await app.end()


async def _opened(app: App, opening: Opening) -> Library | None:
    """The library, as soon as no other program holds it; None where the window was closed first."""
    while True:
        try:
            library = await opening.library()
        except AppError as error:
            if error.problem.kind is not ProblemKind.LIBRARY_LOCKED:
                raise
            app.window.notices.show_problem(error.problem)
        else:
            app.window.notices.forget(ProblemKind.LIBRARY_LOCKED)
            return library
        finally:
            app.window.progress.finish(Errand.RESTORE)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOCKED_PAUSE_S):
                await app.closed.wait()
        if app.closed.is_set():
            return None
        opening.begin()


def _language() -> str:
    """The language of the system, where the service is known to speak it; "" for its own choice."""
    name = QLocale.system().name().partition("_")[0]
    return name if name == "zh" else ""


def _import_the_rest() -> tuple[ModuleType, ...]:
    """httpx and all that stands on it: in a thread, while the window is painted already.

    httpx takes its command line along wherever what that stands on happens to be installed, which nobody
    here has use for. anyio would import its asyncio side at the first request, on the window's thread.
    """
    nothing = cast("ModuleType", None)  # Python's way to say that a module cannot be imported
    sys.modules.setdefault("httpx._main", nothing)
    for name in ("anyio._backends._asyncio", "gptimg_desktop.ui.desktop.network"):
        importlib.import_module(name)
    return tuple(importlib.import_module(f"gptimg_desktop.{name}") for name in ("engine", "wiring"))
