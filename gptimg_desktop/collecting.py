"""Collections as the window sees them: each wish is committed, then shown, and the last one can be undone."""

from __future__ import annotations

import asyncio
import time
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QLocale, QObject, QTimer, Signal

from gptimg_desktop.core.errors import BadInputError
from gptimg_desktop.services.tasks import complaining
from gptimg_desktop.ui.messages import sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from gptimg_desktop.core.collection import Collection, Gathering, Naming
    from gptimg_desktop.engine import Engine
    from gptimg_desktop.services.library.collections import RemovedCollection
    from gptimg_desktop.services.tasks import Tasks
    from gptimg_desktop.ui.gallery.model import JobListModel
    from gptimg_desktop.ui.main_window import MainWindow

MANY: Final = 200
"""Of more jobs it is not told which."""
PAUSE_MS: Final = 300
"""Counts are read anew so long after a change, once for all changes of that time."""


class Collecting(QObject):
    """Wishes are done one after the other. `members_changed` tells the jobs (a tuple of numbers) that came
    into a collection or left one, where that may change what is shown; `lists_changed` comes for many.

    `undo_last` takes back what was done here, unless something was done elsewhere since: then
    `undo_elsewhere_wanted`. `done` comes with each wish that can be undone.
    """

    members_changed = Signal(object)
    lists_changed = Signal()
    done = Signal()
    undo_elsewhere_wanted = Signal()

    def __init__(self, *, engine: Engine, window: MainWindow, model: JobListModel, tasks: Tasks) -> None:
        super().__init__()
        self._model = model
        self._store = engine.collections
        self._window = window
        self._bar = window.collections
        self._tasks = tasks
        self._in_order = asyncio.Lock()
        self._collections: tuple[Collection, ...] = ()
        self._chosen = 0
        self._was_last = False
        self._undo: Callable[[], Coroutine[Any, Any, None]] | None = None
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self.give)

    def give(self) -> None:
        """Bring the window the collections as they are."""
        self._run("give collections", self._give())

    def count_soon(self) -> None:
        """A job may have come into a collection, or gone out of sight."""
        if self._collections and not self._pause.isActive():
            self._pause.start()

    def follow(self) -> None:
        """The gallery has another list."""
        self._chosen = self._model.filter.collection
        self._bar.set_chosen(self._chosen)

    def ask_where(self, seqs: tuple[int, ...]) -> None:
        """Let the user pick a collection for these jobs."""
        self._window.collection_picker.open_for(seqs, self._window.gallery)

    def stop(self) -> None:
        """The program ends."""
        self._pause.stop()
        self._bar.forget_done()

    # Wishes

    def create(self, gathering: Gathering) -> None:
        self._change(self._create(gathering))

    def gather(self, gathering: Gathering) -> None:
        """Put jobs into a collection: one that is there, or a new one."""
        self._change(self._gather(gathering) if gathering.number else self._create(gathering))

    def take_out(self, gathering: Gathering) -> None:
        self._change(self._take_out(gathering))

    def rename(self, naming: Naming) -> None:
        self._change(self._rename(naming))

    def remove(self, number: int) -> None:
        self._change(self._remove(number))

    def make_current(self, number: int) -> None:
        self._change(self._store.make_current(number))

    def undo(self) -> None:
        """Take back what was done last."""
        undo, self._undo = self._undo, None
        if undo is not None:
            self._change(undo())

    def undo_last(self) -> None:
        """Take back what was done last in the window, where that was here."""
        if self._was_last and self._undo is not None:
            self._bar.forget_done()
            self.undo()
        else:
            self.undo_elsewhere_wanted.emit()

    def note_elsewhere(self) -> None:
        """Something else was done since, which is what an undo means now."""
        self._was_last = False

    async def _create(self, gathering: Gathering) -> None:
        made = await self._store.create(gathering.name, time.time())
        added = await self._store.add(made.number, gathering.seqs)
        self._tell_members(added)
        if added:
            await self._give()
            self._offer(self._put_in(len(added), made.name), partial(self._remove_quietly, made.number))

    async def _gather(self, gathering: Gathering) -> None:
        name, number = self._name_of(gathering.number), gathering.number
        added = await self._store.add(number, gathering.seqs)
        self._tell_members(added)
        if added:
            self._offer(self._put_in(len(added), name), partial(self._move_back, number, out=added))
        else:
            self._window.status.set_message(self.tr("Already in “{name}”.").format(name=name))

    async def _take_out(self, gathering: Gathering) -> None:
        name, number = self._name_of(gathering.number), gathering.number
        taken = await self._store.take_out(number, gathering.seqs)
        self._tell_members(taken)
        if taken:
            told = (
                self.tr("{count} taken out of “{name}”.")
                if len(taken) != 1
                else self.tr("Taken out of “{name}”.")
            )
            told = told.format(count=QLocale().toString(len(taken)), name=name)
            self._offer(told, partial(self._move_back, number, back=taken))

    async def _rename(self, naming: Naming) -> None:
        before = self._name_of(naming.number)
        after = await self._store.rename(naming.number, naming.name)
        told = self.tr("Renamed to “{name}”.").format(name=after)
        self._offer(told, partial(self._rename_quietly, naming.number, before))

    async def _remove(self, number: int) -> None:
        removed = await self._store.remove(number)
        if removed is None:
            return
        self._leave(number)
        told = self.tr("“{name}” removed; its pictures stay.").format(name=removed.collection.name)
        self._offer(told, partial(self._bring_back, removed))

    # The way back

    async def _move_back(self, number: int, *, out: tuple[int, ...] = (), back: tuple[int, ...] = ()) -> None:
        self._tell_members(await self._store.take_out(number, out) + await self._store.add(number, back))

    async def _remove_quietly(self, number: int) -> None:
        """Without an offer to bring it back: it was new."""
        await self._store.remove(number)
        self._leave(number)

    async def _rename_quietly(self, number: int, name: str) -> None:
        await self._store.rename(number, name)

    async def _bring_back(self, removed: RemovedCollection) -> None:
        back = await self._store.bring_back(removed)
        if removed.collection.is_current and not any(each.is_current for each in self._collections):
            await self._store.make_current(back.number)

    # What is shown

    async def _give(self) -> None:
        self._collections = await self._store.all()
        self._bar.set_collections(self._collections)
        self._window.top_bar.set_collections(self._collections)
        self._window.top_bar.set_collections(self._collections)
        self._window.collection_picker.set_collections(self._collections)

    def _change(self, change: Coroutine[Any, Any, None]) -> None:
        self._run("change collections", self._change_in_order(change))

    async def _change_in_order(self, change: Coroutine[Any, Any, None]) -> None:
        """What is shown afterwards is what is kept, also where the change was refused."""
        async with self._in_order:
            try:
                await change
            except BadInputError as error:
                self._bar.show_problem(sentence(error.problem))
            finally:
                await self._give()

    def _offer(self, told: str, undo: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._undo, self._was_last = undo, True
        self._bar.offer_undo(told)
        self.done.emit()

    def _leave(self, number: int) -> None:
        if number == self._chosen:
            self._window.top_bar.set_collection(0)

    def _tell_members(self, seqs: tuple[int, ...]) -> None:
        """Nobody has to know where neither a collection nor a search decides what is shown."""
        if not seqs or not self._model.filter.asks_library:
            return
        if len(seqs) > MANY:
            self.lists_changed.emit()
        else:
            self.members_changed.emit(seqs)

    def _name_of(self, number: int) -> str:
        return next((each.name for each in self._collections if each.number == number), "")

    def _put_in(self, count: int, name: str) -> str:
        told = self.tr("{count} put into “{name}”.") if count != 1 else self.tr("Put into “{name}”.")
        return told.format(count=QLocale().toString(count), name=name)

    def _run(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.start(name, complaining(work, self._window.notices.show_problem))
