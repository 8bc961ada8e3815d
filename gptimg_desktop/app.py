"""The composition root: builds every object, connects every signal, opens and closes in order.

`App._wire` is the map of the program. The window comes first; everything else is imported and built once it
is on the screen.
"""

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
from typing import TYPE_CHECKING, Any, Final, cast

from PySide6.QtCore import QLocale, QObject, Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication

from gptimg_desktop.browsing import Browsing
from gptimg_desktop.collecting import Collecting
from gptimg_desktop.core.activity import Tally
from gptimg_desktop.core.draft import Draft
from gptimg_desktop.core.errors import AppError, Problem, ProblemKind
from gptimg_desktop.core.gate import Gate, GateKind
from gptimg_desktop.core.line import Move
from gptimg_desktop.core.prices import PUBLISHED
from gptimg_desktop.core.reference import UrlReference
from gptimg_desktop.core.usual_times import MOST_LOOKED_AT, DoneJobs
from gptimg_desktop.emptying import Emptying
from gptimg_desktop.folders import prepare_data_folder
from gptimg_desktop.marking import Marks
from gptimg_desktop.preferences import Preferences
from gptimg_desktop.prompting import Prompting
from gptimg_desktop.relating import Relating
from gptimg_desktop.reuse import Reuse
from gptimg_desktop.safekeeping import Safekeeping
from gptimg_desktop.services import settings_file
from gptimg_desktop.services.instance_lock import instance_lock
from gptimg_desktop.services.logs import log_to
from gptimg_desktop.services.tasks import Tasks, complaining
from gptimg_desktop.ui import theme
from gptimg_desktop.ui.compose.repeat_press import RepeatPress
from gptimg_desktop.ui.desktop.network import Network
from gptimg_desktop.ui.gallery.model import JobListModel
from gptimg_desktop.ui.main_window import MainWindow
from gptimg_desktop.ui.notice_bar import NAMES_A_PAID_TASK

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from types import ModuleType

    from gptimg_desktop.caring import Caring
    from gptimg_desktop.composing import Composing
    from gptimg_desktop.connecting import Connecting
    from gptimg_desktop.core.account import Balance
    from gptimg_desktop.core.job import Job
    from gptimg_desktop.core.reference import Reference
    from gptimg_desktop.core.settings import Settings
    from gptimg_desktop.engine import Engine, Reports
    from gptimg_desktop.errands import Errands
    from gptimg_desktop.options import Options
    from gptimg_desktop.ui.details.wishes import TaskIdEntry

logger = logging.getLogger(__name__)

ACTIVITY_PAUSE_MS: Final = 100
USER_GRACE_S: Final = 60.0
"""How long a submit's answer is awaited after the window was closed; the window itself goes at once."""
ERRANDS_GRACE_S: Final = 5.0
LOCKED_PAUSE_S: Final = 1.0
"""Between two tries to open a library that another program holds; each waits five seconds by itself."""
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
        self.tasks = Tasks()
        self.network = Network(self)
        self._pauses: tuple[Gate, ...] = ()
        self._tally = Tally()
        self._repeats = RepeatPress(self)
        self._done = DoneJobs()
        self._activity_timer = QTimer(self, singleShot=True, interval=ACTIVITY_PAUSE_MS)
        self._activity_timer.timeout.connect(self._show_activity)

    async def work(
        self,
        engine: Engine,
        composing: Composing,
        errands: Errands,
        preferences: Preferences,
        connecting: Connecting,
        *,
        prompting: Prompting,
        browsing: Browsing,
        marks: Marks,
    ) -> None:
        """Bring window and engine together, and let the queue begin."""
        self.browsing, self.marks = browsing, marks
        self.engine, self.composing, self.errands = engine, composing, errands
        self.preferences, self.connecting, self.prompting = preferences, connecting, prompting
        shared: dict[str, Any] = {"engine": engine, "window": self.window, "tasks": self.tasks}
        self.reuse = Reuse(model=self.model, browsing=browsing, **shared)
        self.relating = Relating(model=self.model, **shared)
        self.collecting = Collecting(model=self.model, **shared)
        self.emptying = Emptying(model=self.model, **shared)
        self.caring = _caring(browsing=browsing, publish=self.publish, **shared)
        self.safekeeping = Safekeeping(engine=engine, window=self.window)
        self.safekeeping.restart_wanted.connect(self._restart)
        self._wire()
        self._wire_prompts()
        self._wire_browsing()
        self._wire_pictures()
        self._wire_relatives()
        self._wire_collections()
        self._wire_bin()
        self._wire_care()
        await complaining(browsing.begin(), self.window.notices.show_problem)
        self.collecting.give()
        connecting.show()
        prompting.give()
        draft = await composing.bring_draft()
        if preferences.settings.kept_keys:
            await connecting.load_key()
        lately = await self._look_back()
        jobs = await engine.start()
        self._tally.reset((*lately, *jobs))
        for job in jobs:
            self.model.upsert_in_frame(job)
        self.tasks.start("tidy", engine.tidy(draft))
        if engine.safety.view_only is None:
            self.emptying.sweep()
        self.caring.look_in_a_while()
        await self.safekeeping.begin()
        connecting.load_keys_of(jobs)
        self._show_activity()
        self.window.compose.offer_paths(tuple(map(str, self.options.files)))
        self.window.compose.set_queue_open(True)
        self.network.watch()

    async def _look_back(self) -> tuple[Job, ...]:
        """The jobs of late, for the money of the day, and what is usual; what was paid waits for neither."""
        history, now = self.engine.history, time.time()
        try:
            lately, done = await history.since(now - LATELY_S), await history.recent(MOST_LOOKED_AT)
        except AppError as error:
            self.window.notices.show_problem(error.problem)
            return ()
        self._done.reset(done, now=now)
        return lately

    def _wire(self) -> None:
        window, queue = self.window, self.engine.queue
        composing, errands = self.composing, self.errands
        connecting, preferences = self.connecting, self.preferences

        window.compose.generate_requested.connect(composing.generate)
        window.compose.generate_requested.connect(window.top_bar.show_new)
        window.compose.copies_accepted.connect(composing.pressing.send_copies)
        window.compose.presses_dropped.connect(composing.pressing.drop)
        window.compose.references_offered.connect(composing.take_files)
        window.compose.picture_pasted.connect(composing.take_picture)
        window.compose.thumbnail_wanted.connect(composing.show_reference)
        window.compose.show_reference_requested.connect(self._show_reference)
        window.compose.draft_changed.connect(composing.keep_draft_soon)
        window.compose.favourites_changed.connect(preferences.keep_favourites)
        window.compose.shrink_wanted.connect(composing.shrink)

        window.details.preview_wanted.connect(errands.show_preview)
        window.details.revive_requested.connect(queue.revive)
        window.details.findings_wanted.connect(queue.find_out)
        window.details.look_again_requested.connect(queue.look_again)
        window.details.task_id_entered.connect(self._enter_task_id)
        window.details.send_again_requested.connect(queue.send_again)
        window.details.close_requested.connect(queue.close_unconfirmed)

        window.queue.move_requested.connect(queue.move)
        window.queue.cancel_requested.connect(queue.cancel_all)
        window.queue.pause_requested.connect(self._pause)
        window.queue.resume_requested.connect(self._resume_all)
        window.notices.pause_requested.connect(self._pause)
        window.notices.resume_requested.connect(self._resume)
        window.notices.restore_requested.connect(queue.restore)
        window.notices.choose_folder_requested.connect(preferences.choose_folder)

        window.connect_panel.key_entered.connect(connecting.use_key)
        window.connect_panel.test_cancelled.connect(connecting.cancel_test)
        window.connect_panel.disconnect_requested.connect(connecting.forget_key)
        window.settings_requested.connect(preferences.open_dialog)
        preferences.service_changed.connect(connecting.service_changed)
        self.network.came_back.connect(queue.go_on)

    def _wire_browsing(self) -> None:
        model, browsing = self.model, self.browsing
        self.window.top_bar.filter_changed.connect(browsing.show)
        model.listing_wanted.connect(browsing.list_again)
        model.page_wanted.connect(browsing.bring_jobs)
        model.placement_wanted.connect(browsing.bring_places)
        model.thumbnails_wanted.connect(browsing.bring_thumbnails)

    def _wire_pictures(self) -> None:
        """What is wished about pictures, alike in the gallery, the details and the viewer."""
        window, queue, errands = self.window, self.engine.queue, self.errands
        for panel in (window.gallery, window.details):
            panel.take_requested.connect(self.reuse.take)
            panel.generate_again_requested.connect(self._generate_again)
            panel.references_requested.connect(self.reuse.use_as_references)
            panel.send_next_requested.connect(self._send_next)
            panel.save_as_requested.connect(errands.save_as)
            panel.show_in_folder_requested.connect(self._show_in_folder)
            panel.cancel_requested.connect(queue.cancel)
            panel.mark_requested.connect(self.marks.mark)
            panel.mark_requested.connect(self.reuse.note_mark)
            panel.undo_requested.connect(self.reuse.undo)
            panel.reopen_requested.connect(queue.reopen)

        window.viewer.picture_wanted.connect(errands.show_whole)
        window.viewer.mark_requested.connect(self.marks.mark)
        window.viewer.mark_requested.connect(self.reuse.note_mark)
        window.viewer.take_requested.connect(self.reuse.take)
        window.viewer.references_requested.connect(self.reuse.use_as_references)
        window.viewer.undo_requested.connect(self.reuse.undo)
        self.reuse.told.connect(window.viewer.say)
        self.reuse.undo_mark_wanted.connect(self.collecting.undo_last)

    def _wire_care(self) -> None:
        window, caring = self.window, self.caring
        menu = window.top_bar.library_menu
        menu.import_files_requested.connect(caring.ask_for_files)
        menu.import_folder_requested.connect(caring.ask_for_folder)
        menu.look_for_missing_requested.connect(caring.look_for_missing)
        menu.folder_moved_requested.connect(caring.ask_for_moved_folder)
        menu.rebuild_thumbnails_requested.connect(caring.rebuild_thumbnails)
        menu.back_up_requested.connect(self.safekeeping.back_up)
        menu.restore_requested.connect(self.safekeeping.choose_backup)
        window.import_requested.connect(caring.ask_for_files)
        window.import_drop.offered.connect(caring.offer)
        window.progress.cancel_requested.connect(caring.cancel)
        window.progress.more_requested.connect(caring.show_more)
        self.model.thumbnails_wanted.connect(caring.look_at)

    def _wire_collections(self) -> None:
        window, bar, collecting = self.window, self.window.collections, self.collecting
        bar.chosen.connect(window.top_bar.set_collection)
        bar.create_requested.connect(collecting.create)
        bar.gather_requested.connect(collecting.gather)
        bar.rename_requested.connect(collecting.rename)
        bar.remove_requested.connect(collecting.remove)
        bar.current_requested.connect(collecting.make_current)
        bar.undo_requested.connect(collecting.undo)
        window.collection_picker.gather_requested.connect(collecting.gather)
        window.gallery.gather_requested.connect(collecting.ask_where)
        window.details.gather_requested.connect(collecting.ask_where)
        window.gallery.take_out_requested.connect(collecting.take_out)
        self.model.modelReset.connect(collecting.follow)
        collecting.members_changed.connect(self.browsing.refresh)
        collecting.lists_changed.connect(self.browsing.list_again)
        collecting.done.connect(self.reuse.note_mark)
        collecting.undo_elsewhere_wanted.connect(self.marks.undo)
        for panel in (window.gallery, window.details, window.viewer):
            panel.mark_requested.connect(collecting.note_elsewhere)

    def _wire_bin(self) -> None:
        window, emptying = self.window, self.emptying
        self.model.modelReset.connect(emptying.follow)
        window.bin_bar.empty_requested.connect(emptying.ask_about_all)
        window.top_bar.library_menu.empty_bin_requested.connect(emptying.ask_about_all)
        window.gallery.clearing_requested.connect(emptying.ask)
        window.progress.cancel_requested.connect(emptying.cancel)
        emptying.removed.connect(self.browsing.refresh)
        emptying.lists_changed.connect(self.browsing.list_again)

    def _wire_relatives(self) -> None:
        details, relating = self.window.details, self.relating
        details.lineage_wanted.connect(relating.tell)
        details.small_pictures_wanted.connect(relating.bring_pictures)
        details.show_job_requested.connect(self.browsing.show_job)
        self.model.job_changed.connect(relating.note)

    def _wire_prompts(self) -> None:
        compose, prompting = self.window.compose, self.prompting
        compose.generate_requested.connect(prompting.note)
        prompts = compose.prompts
        prompts.prompts_wanted.connect(prompting.find)
        prompts.prompt_forgotten.connect(prompting.forget)
        prompts.template_saved.connect(prompting.save_template)
        prompts.template_renamed.connect(prompting.rename_template)
        prompts.template_removed.connect(prompting.remove_template)
        prompts.template_used.connect(prompting.use_template)

    # What the engine reports

    def publish(self, job: Job) -> None:
        """A job was committed: its tile, the counts and the balance follow, each at its own pace."""
        self._tally.put(job)
        self._done.put(job)
        self.model.upsert_in_frame(job)
        self.connecting.note(job)
        self.safekeeping.note(job)
        self.collecting.count_soon()
        self.emptying.count_soon()
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

    def show_balance(self, balance: Balance) -> None:
        """What the account has left is known anew, which may tell more about what is unconfirmed."""
        self.connecting.show_balance(balance)
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

    def raise_window(self) -> None:
        """Come to the front; another start asked for it."""
        self.window.setWindowState(self.window.windowState() & ~Qt.WindowState.WindowMinimized)
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()

    def _show_activity(self) -> None:
        now = datetime.fromtimestamp(time.time()).astimezone()
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        activity = self._tally.activity(since=midnight.timestamp())
        self.window.status.set_activity(activity)
        self.window.compose.set_usual_times(self._done.usual_times())
        self.window.gallery.view.set_usual_times(self._done.usual_times())
        line = self._tally.line()
        self.window.gallery.view.set_line(line)
        self.window.queue.set_jobs(activity.running, line)
        self.window.top_bar.set_needs_you(activity.needs_user)
        self.window.notices.set_unfetched(self._tally.running())

    # Small wishes

    def _pause(self) -> None:
        self.engine.queue.pause()
        self.preferences.set_paused(paused=True)

    def _resume(self, gate: Gate) -> None:
        self.engine.queue.resume(gate)
        if gate.kind is GateKind.USER_PAUSE:
            self.preferences.set_paused(paused=False)

    def _resume_all(self) -> None:
        for gate in self._pauses:
            self._resume(gate)

    def _send_next(self, job_id: str) -> None:
        self.engine.queue.move(Move(job_id=job_id, first=True))

    def _generate_again(self, job_id: str) -> None:
        job = self.model.job(job_id)
        if job is None:
            return
        draft = Draft.of(job.request)
        question = self.window.compose.question_about(draft)
        if self._repeats.lets_go(job_id, question and (question, self.engine.payer)):
            self.window.details.clear_problem()
            self.window.notices.forget(ProblemKind.ASKED_FIRST)
            self.composing.generate(draft)
            self.window.top_bar.show_new()
        elif question is not None:
            self.complain(job_id, question)

    def _enter_task_id(self, entry: TaskIdEntry) -> None:
        self.engine.queue.enter_task_id(entry.job_id, entry.task_id)

    def _show_reference(self, reference: Reference) -> None:
        """Go where a reference lives: to its tile, its folder, or its address in the browser."""
        if isinstance(reference, UrlReference):
            QDesktopServices.openUrl(QUrl(reference.url))
        elif reference.job_id:
            self.browsing.show_job(reference.job_id)
        elif reference.origin is not None:
            self._show_in_folder(reference.origin.path)

    def _show_in_folder(self, path: str) -> None:
        folder = Path(path).parent
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            self.window.status.set_message(self.window.tr("The folder is {folder}").format(folder=folder))

    async def put_away(self) -> None:
        """Keep what the window holds: the composer's content, its own shape."""
        try:
            async with asyncio.timeout(ERRANDS_GRACE_S):
                await self.tasks.finish()
        except TimeoutError:
            await self.tasks.cancel()
        try:
            if self.engine.safety.view_only is None:
                await self.composing.save_draft()
            await self.preferences.keep_window()
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
        """Close the window and open it again, on the library that the next start makes."""
        self.wants_restart = True
        self.window.close_at_once()

    def stop(self) -> None:
        """Nothing changes any more."""
        self._activity_timer.stop()


@contextlib.asynccontextmanager
async def open_app(options: Options) -> AsyncIterator[App]:
    """The whole program, open and working; at the end it is closed in order and nothing is lost.

    StorageError where the data folder cannot be used, AlreadyRunningError where another process has it.
    """
    data_dir = prepare_data_folder(options.data_dir)
    with _held(data_dir):
        settings = settings_file.load(data_dir / "settings.json")
        theme.apply(cast("QApplication", QApplication.instance()), settings.theme)
        app = App(options, data_dir, settings)
        app.window.show()
        try:
            async with _working(app):
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
async def _working(app: App) -> AsyncIterator[None]:
    engines, composing, errands, connections, _ = await asyncio.to_thread(_import_the_rest)
    reports = engines.Reports(
        publish=app.publish,
        show_gates=app.show_gates,
        complain=app.complain,
        show_unkept=app.window.set_unkept,
        show_balance=app.show_balance,
        show_findings=app.window.details.set_findings,
    )
    async with contextlib.AsyncExitStack() as stack:
        try:
            engine = await _opened(app, engines, reports, stack)
        except AppError as error:
            app.window.notices.show_problem(error.problem)  # Generate stays closed; the window says why
            yield
            return
        if engine is None:
            yield
            return
        try:
            shared: dict[str, Any] = {"engine": engine, "window": app.window, "tasks": app.tasks}
            preferences = Preferences(app.first_settings, options=app.options, **shared)
            await app.work(
                engine,
                composing.Composing(**shared),
                errands.Errands(model=app.model, **shared),
                preferences,
                connections.Connecting(kept=preferences.key_was_kept, **shared),
                prompting=Prompting(**shared),
                browsing=Browsing(model=app.model, **shared),
                marks=Marks(model=app.model, **shared),
            )
        except AppError as error:
            app.window.notices.show_problem(error.problem)
        try:
            yield
        finally:
            app.window.hide()
            engine.queue.stop_sending()
            app.model.blockSignals(True)  # nothing is brought for a window that is gone
            app.connecting.stop()
            app.composing.stop()
            app.relating.stop()
            app.collecting.stop()
            app.emptying.stop()
            app.caring.stop()
            app.network.blockSignals(True)
            try:
                await app.safekeeping.stop()
                await app.put_away()
            finally:
                await engine.queue.aclose(grace_s=app.grace_s)
                app.say_unkept()
                app.stop()


async def _opened(
    app: App, engines: ModuleType, reports: Reports, stack: contextlib.AsyncExitStack
) -> Engine | None:
    """The engine, as soon as no other program holds the library; None where the window was closed first."""
    while True:
        opening = engines.open_engine(
            app.options, app.data_dir, app.first_settings, reports, language=_language()
        )
        try:
            engine: Engine = await stack.enter_async_context(opening)
        except AppError as error:
            if error.problem.kind is not ProblemKind.LIBRARY_LOCKED:
                raise
            app.window.notices.show_problem(error.problem)
        else:
            app.window.notices.forget(ProblemKind.LIBRARY_LOCKED)
            return engine
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOCKED_PAUSE_S):
                await app.closed.wait()
        if app.closed.is_set():
            return None


def _language() -> str:
    """The language of the system, where the service is known to speak it; "" for its own choice."""
    name = QLocale.system().name().partition("_")[0]
    return name if name == "zh" else ""


def _caring(**given: Any) -> Caring:
    """Pillow stands behind it, which is imported by now, and was not when the window was shown."""
    from gptimg_desktop.caring import Caring  # noqa: PLC0415

    return Caring(**given)


def _import_the_rest() -> tuple[ModuleType, ...]:
    """httpx, Pillow and all that stands on them: in a thread, while the window is painted already.

    anyio would import its asyncio side at the first request, on the window's thread.
    """
    importlib.import_module("anyio._backends._asyncio")
    names = ("engine", "composing", "errands", "connecting", "caring")
    return tuple(importlib.import_module(f"gptimg_desktop.{name}") for name in names)
