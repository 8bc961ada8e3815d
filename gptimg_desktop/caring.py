"""Care of the library's files: what the user asks of the library menu, and a quiet look at each start."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QFileInfo, QObject, QStandardPaths, QTimer
from PySide6.QtWidgets import QFileDialog

from gptimg_desktop.core.errors import AppError
from gptimg_desktop.core.filenames import shown_name
from gptimg_desktop.core.filter import View
from gptimg_desktop.core.progress import Errand, Progress
from gptimg_desktop.services.library.care.missing import Lookout
from gptimg_desktop.services.library.care.relinking import Relinking
from gptimg_desktop.services.library.files.drives import Drives
from gptimg_desktop.services.library.imports.copies import ImportedCopies
from gptimg_desktop.services.library.imports.errand import Import
from gptimg_desktop.services.stop import Stop, StoppedError
from gptimg_desktop.ui.care.outcomes import imported_text, relinked_text, seen_text
from gptimg_desktop.ui.messages import sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any

    from gptimg_desktop.browsing import Browsing
    from gptimg_desktop.core.errors import Problem
    from gptimg_desktop.core.importing import Imported, ImportWish
    from gptimg_desktop.core.job import Job
    from gptimg_desktop.core.lookout import Seen
    from gptimg_desktop.engine import Engine
    from gptimg_desktop.services.tasks import Tasks
    from gptimg_desktop.ui.main_window import MainWindow

logger = logging.getLogger(__name__)

TELL_EVERY_S: Final = 0.05
FIRST_ROUND_AFTER_S: Final = 5.0
"""What a start has to do comes first."""
IN_SIGHT_AFTER_MS: Final = 400
LOOK_AGAIN_AFTER_S: Final = 60.0
MOST_IN_SIGHT: Final = 500
_SHOWN_BY: Final = {Errand.LOOK_FOR_FILES: "is:missing", Errand.IMPORT: "is:imported"}
"""The search that finds what an errand tells of."""


class Caring(QObject):
    """Runs each errand as a task, shows how far it is, and says how it ended. `publish` is told of every job
    that an import brings."""

    def __init__(
        self,
        *,
        engine: Engine,
        window: MainWindow,
        tasks: Tasks,
        browsing: Browsing,
        publish: Callable[[Job], None],
    ) -> None:
        super().__init__()
        self._engine = engine
        self._window = window
        self._tasks = tasks
        self._browsing = browsing
        self._publish = publish
        self._lookout = Lookout(engine.places, changed=self._show_changed)
        self._drives = Drives()
        self._stops: dict[Errand, list[Stop]] = defaultdict(list)
        self._quiet_round = Stop()
        self._in_order = asyncio.Lock()
        self._told_at: dict[Errand, float] = {}
        self._left_out: tuple[Problem, ...] = ()
        self._seen: Seen | None = None
        self._copies = True
        self._looked_at: dict[int, float] = {}
        self._in_sight: dict[int, None] = {}
        self._pause = QTimer(self, singleShot=True, interval=IN_SIGHT_AFTER_MS)
        self._pause.timeout.connect(self._look_at_sight)

    # Import

    def ask_for_files(self) -> None:
        """Let the user choose files to import."""
        from gptimg_desktop.ui.compose.references.reference_dialog import PATTERNS  # noqa: PLC0415

        dialog = self._file_dialog(self._window.tr("Import images"))
        dialog.setObjectName("importFilesDialog")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        pictures = self._window.tr("Pictures")
        dialog.setNameFilters([f"{pictures} ({PATTERNS})", self._window.tr("All files (*)")])
        dialog.filesSelected.connect(self.offer)
        dialog.open()

    def ask_for_folder(self) -> None:
        """Let the user choose a folder to import."""
        dialog = self._folder_dialog(self._window.tr("Import a folder and the folders in it"))
        dialog.setObjectName("importFolderDialog")
        dialog.filesSelected.connect(self.offer)
        dialog.open()

    def offer(self, paths: list[str] | tuple[str, ...]) -> None:
        """Ask where the files shall live, then import them."""
        from gptimg_desktop.ui.care.import_dialog import ImportDialog  # noqa: PLC0415

        folder = str(self._engine.pictures_folder)
        dialog = ImportDialog(tuple(paths), folder, self._window, copies=self._copies)
        dialog.chosen.connect(self.import_)
        dialog.open()

    def import_(self, wish: ImportWish) -> None:
        """Import files and folders; of several imports one goes after the other."""
        self._copies = wish.are_copied
        self._begin(Errand.IMPORT, lambda stop: self._import(wish, stop))

    async def _import(self, wish: ImportWish, stop: Stop) -> None:
        engine = self._engine
        async with self._in_order:
            outcome = await Import(
                wish,
                places=engine.places,
                copies=ImportedCopies(engine.pictures_folder),
                drives=self._drives,
                imaging=engine.imaging,
                thumbnails=engine.thumbnails,
                now=time.time(),
                stop=stop,
                report=self._tell,
                publish=self._publish,
                moved=self._show_changed,
            ).run()
        self._finish_import(outcome)

    def _finish_import(self, outcome: Imported) -> None:
        self._left_out = outcome.problems
        more = self._window.tr("Show them") if outcome.added else ""
        if outcome.problems:
            more = self._window.tr("Which ones…")
        self._finish(
            Errand.IMPORT,
            imported_text(outcome),
            more=more,
            is_trouble=bool(outcome.problems or outcome.ended_by),
        )

    # Missing files

    def look_for_missing(self) -> None:
        """Look whether every file is where it was saved."""
        self._begin(Errand.LOOK_FOR_FILES, self._look_for_missing)

    async def _look_for_missing(self, stop: Stop) -> None:
        outcome = await self._lookout.look_at_all(stop, self._tell)
        self._tell_seen(outcome)

    def _tell_seen(self, outcome: Seen) -> None:
        self._seen = outcome
        more = self._window.tr("Show them") if outcome.missing > outcome.in_bin else ""
        is_trouble = bool(outcome.missing or outcome.unseen)
        self._finish(Errand.LOOK_FOR_FILES, seen_text(outcome), more=more, is_trouble=is_trouble)

    async def _tell_what_is_missing_now(self) -> None:
        """What was told of missing files follows what came back, went, or was found, as long as it stands."""
        if not self._window.progress.tells_end_of(Errand.LOOK_FOR_FILES):
            return
        now = await self._engine.places.count_missing()
        before = self._seen if self._window.progress.tells_end_of(Errand.LOOK_FOR_FILES) else None
        if before is not None and (before.missing, before.in_bin) != (now.missing, now.in_bin):
            back = before.came_back + max(0, before.missing - now.missing)
            self._tell_seen(replace(before, missing=now.missing, in_bin=now.in_bin, came_back=back))

    async def _count_missing_anew(self) -> None:
        """As `_tell_what_is_missing_now`, where nobody waits for an answer."""
        try:
            await self._tell_what_is_missing_now()
        except AppError as error:
            logger.warning("missing files could not be counted: %s", error.problem.kind)

    def fetch_again(self, job_id: str) -> None:
        """Bring back the file of a picture that is gone, by its link."""
        self._tasks.start("fetch a file again", self._fetch_again(job_id))

    async def _fetch_again(self, job_id: str) -> None:
        await self._engine.queue.fetch_again(job_id)
        await self._count_missing_anew()

    def look_in_a_while(self) -> None:
        """After a start, look at everything once without a word; the tiles tell what is missing."""
        self._tasks.start("look for missing files", self._look_quietly())

    async def _look_quietly(self) -> None:
        try:
            await self._quiet_round.unless_set(asyncio.sleep(FIRST_ROUND_AFTER_S))
            seen = await self._lookout.look_at_all(self._quiet_round, _say_nothing)
            logger.info("%d files are missing, %d could not be looked at", seen.missing, seen.unseen)
        except StoppedError:
            return
        except AppError as error:
            logger.warning("the files could not be looked for: %s", error.problem.kind)

    def look_at(self, seqs: tuple[int, ...]) -> None:
        """Tiles are in sight: look at their files soon, unless that was done shortly before."""
        now = time.monotonic()
        for seq in seqs:
            if now - self._looked_at.get(seq, -LOOK_AGAIN_AFTER_S) >= LOOK_AGAIN_AFTER_S:
                self._in_sight[seq] = None
        if self._in_sight and not self._quiet_round.is_set:
            self._pause.start()

    def _look_at_sight(self) -> None:
        now = time.monotonic()
        seqs = tuple(self._in_sight)[-MOST_IN_SIGHT:]
        self._in_sight.clear()
        self._looked_at = {
            seq: at for seq, at in self._looked_at.items() if now - at < LOOK_AGAIN_AFTER_S
        } | dict.fromkeys(seqs, now)
        self._tasks.start("look at files in sight", self._look_at_jobs(seqs))

    async def _look_at_jobs(self, seqs: tuple[int, ...]) -> None:
        try:
            await self._quiet_round.unless_set(self._lookout.look_at_jobs(seqs))
        except StoppedError:
            return
        except AppError as error:
            logger.warning("files in sight could not be looked at: %s", error.problem.kind)

    def look_closely(self, paths: tuple[str, ...]) -> None:
        """Files of pictures were opened: see whether they are still what was saved; the tiles tell it."""
        if not self._quiet_round.is_set:
            self._tasks.start("look closely at files", self._look_closely(paths))

    def look_at_copied(self, paths: tuple[str, ...]) -> None:
        """As `look_closely`, of files that may be pictures; they were saved elsewhere or made references, so
        it is also said in words."""
        if not self._quiet_round.is_set:
            self._tasks.start("look closely at files", self._look_at_copied(paths))

    async def _look_at_copied(self, paths: tuple[str, ...]) -> None:
        changed = await self._look_closely(paths)
        name = next((QFileInfo(path).fileName() for path in paths if path in changed), "")
        if name:
            told = self._window.tr("“{name}” has been changed since it was saved; it was taken as it is now.")
            self._window.status.set_message(told.format(name=shown_name(name)))
            self._window.viewer.say(told.format(name=shown_name(name)))

    async def _look_closely(self, paths: tuple[str, ...]) -> frozenset[str]:
        try:
            return await self._quiet_round.unless_set(self._lookout.look_closely(paths))
        except StoppedError:
            return frozenset()
        except AppError as error:
            logger.warning("opened files could not be looked at: %s", error.problem.kind)
            return frozenset()

    def ask_for_moved_folder(self) -> None:
        """Let the user say where a folder was moved to."""
        dialog = self._folder_dialog(self._window.tr("Where is the folder now?"))
        dialog.setObjectName("movedFolderDialog")
        dialog.fileSelected.connect(self.relink)
        dialog.open()

    def relink(self, folder: str) -> None:
        """Find missing files below a folder."""
        self._begin(Errand.RELINK, lambda stop: self._relink(folder, stop))

    async def _relink(self, folder: str, stop: Stop) -> None:
        await self._lookout.look_at_all(stop, self._tell_as_relinking)
        if stop.is_set:
            self._finish(Errand.RELINK)
            return
        relinking = Relinking(self._engine.places, stop=stop, told=self._tell, changed=self._show_changed)
        outcome = await relinking.run(folder)
        is_trouble = outcome.found < outcome.missing and not outcome.was_cancelled
        self._finish(Errand.RELINK, relinked_text(outcome), is_trouble=is_trouble)
        self._window.viewer.say(relinked_text(outcome))  # it covers the place where the line stands

    def _tell_as_relinking(self, progress: Progress) -> None:
        self._tell(replace(progress, errand=Errand.RELINK))

    # Thumbnails

    def rebuild_thumbnails(self) -> None:
        """Make every thumbnail anew."""
        self._begin(Errand.THUMBNAILS, self._rebuild_thumbnails)

    async def _rebuild_thumbnails(self, stop: Stop) -> None:
        self._tell(Progress(errand=Errand.THUMBNAILS))
        places, done = self._engine.places, 0
        total, page = await places.count(), await places.page()

        def told(progress: Progress) -> None:
            self._tell(Progress(errand=Errand.THUMBNAILS, done=done + progress.done, total=total))

        try:
            while page and not stop.is_set:
                images = [each.image for each in page if not each.is_missing]
                await stop.unless_set(self._engine.thumbnails.rebuild(images, told))
                done += len(page)
                self._browsing.bring_anew(tuple({each.seq for each in page}))
                page = await places.page(before=page[-1].row)
        except StoppedError:
            pass
        told_end = (
            self._window.tr("Cancelled.") if stop.is_set else self._window.tr("Thumbnails are rebuilt.")
        )
        self._finish(Errand.THUMBNAILS, told_end)

    # What all of them share

    def cancel(self, errand: Errand) -> None:
        """The user does not want to wait; what was done stays done."""
        for stop in self._stops[errand]:
            stop.set()

    def show_more(self, errand: Errand) -> None:
        """What else there is to say about how an errand ended."""
        from gptimg_desktop.ui.care.left_out_dialog import LeftOutDialog  # noqa: PLC0415

        if errand is Errand.IMPORT and self._left_out:
            LeftOutDialog(self._left_out, self._window).open()
        elif errand in _SHOWN_BY:
            top_bar = self._window.top_bar
            shown = replace(top_bar.filter, view=View.ALL, collection=0, text=_SHOWN_BY[errand])
            top_bar.set_filter(shown)

    def stop(self) -> None:
        """The window is closed: every errand ends after what it has in hand."""
        self._pause.stop()
        self._quiet_round.set()
        for errand in tuple(self._stops):
            self.cancel(errand)

    def _begin(self, errand: Errand, work: Callable[[Stop], Coroutine[Any, Any, None]]) -> None:
        """Start an errand, unless the same goes on already; of imports each brings something else."""
        if self._quiet_round.is_set or (self._stops[errand] and errand is not Errand.IMPORT):
            return
        stop = Stop()
        self._stops[errand].append(stop)
        self._tasks.start(errand, self._run(errand, stop, work(stop)))

    async def _run(self, errand: Errand, stop: Stop, work: Coroutine[Any, Any, None]) -> None:
        is_told = False
        try:
            await work
            is_told = True
        except AppError as error:
            self._finish(errand, sentence(error.problem), is_trouble=True)
            is_told = True
        finally:
            self._stops[errand].remove(stop)
            if not is_told:
                self._finish(errand)

    def _tell(self, progress: Progress) -> None:
        """Show how far an errand is, not more often than anybody can read."""
        now = time.monotonic()
        is_due = now - self._told_at.get(progress.errand, 0.0) >= TELL_EVERY_S
        if is_due or not progress.done or progress.done == progress.total:
            self._told_at[progress.errand] = now
            self._window.progress.show_progress(progress)

    def _finish(self, errand: Errand, text: str = "", *, more: str = "", is_trouble: bool = False) -> None:
        self._window.progress.finish(errand, text, more=more, is_trouble=is_trouble)

    def _show_changed(self, seqs: frozenset[int]) -> None:
        """Files of these jobs came, went or moved."""
        if seqs:
            self._tasks.start("show changed files", self._show_as_kept(tuple(seqs)))

    async def _show_as_kept(self, seqs: tuple[int, ...]) -> None:
        """The queue, which knows them as they were, lets go of them before they are read anew."""
        await self._engine.queue.let_go(seqs)
        self._browsing.refresh(seqs)
        await self._count_missing_anew()

    def _folder_dialog(self, title: str) -> QFileDialog:
        dialog = self._file_dialog(title)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        return dialog

    def _file_dialog(self, title: str) -> QFileDialog:
        places = map(
            QStandardPaths.writableLocation,
            (QStandardPaths.StandardLocation.PicturesLocation, QStandardPaths.StandardLocation.HomeLocation),
        )
        start = next((place for place in places if place and QFileInfo(place).isDir()), "")
        dialog = QFileDialog(self._window, title, start)
        dialog.finished.connect(dialog.deleteLater)
        return dialog


def _say_nothing(_progress: Progress) -> None:
    """Nobody waits for it."""
