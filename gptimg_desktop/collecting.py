"""Collections as the window sees them: each wish is committed, then shown, and can be undone."""

from __future__ import annotations

import asyncio
import time
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

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
    from gptimg_desktop.undoing import Step, Undoing

T = TypeVar("T")
MANY: Final = 200
"""Of more jobs it is not told which."""
PAUSE_MS: Final = 300
"""Counts are read anew so long after a change, once for all changes of that time."""


class Collecting(QObject):
    """Wishes are done one after the other. `members_changed` tells the jobs (a tuple of numbers) that came
    into a collection or left one, where that may change what is shown; `lists_changed` comes for many.
    """

    members_changed = Signal(object)
    lists_changed = Signal()

    def __init__(
        self,
        *,
        engine: Engine,
        window: MainWindow,
        model: JobListModel,
        undoing: Undoing,
        tasks: Tasks,
    ) -> None:
        super().__init__()
        self._model = model
        self._store = engine.collections
        self._window = window
        self._bar = window.collections
        self._undoing = undoing
        self._tasks = tasks
        self._in_order = asyncio.Lock()
        self._collections: tuple[Collection, ...] = ()
        self._chosen = 0
        self._has_ended = False
        self._offered: Step | None = None
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self.give)

    def give(self) -> None:
        """Bring the window the collections as they are."""
        self._run("give collections", self._give())

    def count_soon(self) -> None:
        """A job may have come into a collection, or gone out of sight."""
        if self._collections and not self._has_ended and not self._pause.isActive():
            self._pause.start()

    def follow(self) -> None:
        """The gallery has another list."""
        self._chosen = self._model.filter.collection
        self._bar.set_chosen(self._chosen)

    def ask_where(self, seqs: tuple[int, ...]) -> None:
        """Let the user pick a collection for these jobs."""
        self._window.collection_picker.open_for(seqs, self._window.gallery)

    def stop(self) -> None:
        """The program ends: what was wished comes true, and nothing more is asked of the library."""
        self._has_ended = True
        self._pause.stop()
        self._bar.forget_done()

    # Wishes

    def create(self, gathering: Gathering) -> None:
        self._change(partial(self._create, gathering))

    def gather(self, gathering: Gathering) -> None:
        """Put jobs into a collection: one that is there, or a new one."""
        self._change(partial(self._gather if gathering.number else self._create, gathering))

    def take_out(self, gathering: Gathering) -> None:
        self._change(partial(self._take_out, gathering))

    def rename(self, naming: Naming) -> None:
        self._change(partial(self._rename, naming))

    def remove(self, number: int) -> None:
        self._change(partial(self._remove, number))

    def make_current(self, number: int) -> None:
        """What is generated from now on goes into this one; into none for 0."""
        self._change(partial(self._make_current, number))

    def undo(self) -> None:
        """Take back what the bar tells of."""
        if self._offered is not None:
            self._undoing.undo(self._offered)

    async def _create(self, gathering: Gathering, step: Step) -> None:
        made = await self._store.create(gathering.name, time.time())
        added = await self._store.add(made.number, gathering.seqs)
        self._tell_members(added)
        back = partial(self._unmake, made.number, added)
        if added:
            await self._give()
            self._offer(step, self._put_in(len(added), made.name), back, weight=len(added))
        else:
            self._settle(step, self.tr("“{name}” made.").format(name=made.name), back)

    async def _gather(self, gathering: Gathering, step: Step) -> None:
        name, number = self._name_of(gathering.number), gathering.number
        added = await self._store.add(number, gathering.seqs)
        self._tell_members(added)
        if added:
            back = partial(self._move_back, number, out=added)
            self._offer(step, self._put_in(len(added), name), back, weight=len(added))
        else:
            self._window.status.set_message(self.tr("Already in “{name}”.").format(name=name))

    async def _take_out(self, gathering: Gathering, step: Step) -> None:
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
            self._offer(step, told, partial(self._move_back, number, back=taken), weight=len(taken))

    async def _rename(self, naming: Naming, step: Step) -> None:
        before = self._name_of(naming.number)
        after = await self._store.rename(naming.number, naming.name)
        told = self.tr("Renamed to “{name}”.").format(name=after)
        self._offer(step, told, partial(self._rename_quietly, naming.number, before))

    async def _remove(self, number: int, step: Step) -> None:
        removed = await self._store.remove(number)
        if removed is None:
            return
        self._leave(number)
        told = self.tr("“{name}” removed; its pictures stay.").format(name=removed.collection.name)
        self._offer(step, told, partial(self._bring_back, removed), weight=len(removed.seqs))

    async def _make_current(self, number: int, step: Step) -> None:
        before, name = await self._store.make_current(number), self._name_of(number)
        if before == number:
            return
        told = self.tr("New generations go into “{name}” from now on.").format(name=name)
        if not name:
            told = self.tr("New generations go into no collection from now on.")
        self._offer(step, told, partial(self._make_current_quietly, before))

    # The way back: true where it changed anything

    async def _move_back(self, number: int, *, out: tuple[int, ...] = (), back: tuple[int, ...] = ()) -> bool:
        moved = await self._store.take_out(number, out) + await self._store.add(number, back)
        self._tell_members(moved)
        return bool(moved)

    async def _unmake(self, number: int, seqs: tuple[int, ...]) -> bool:
        """Without an offer to bring it back: it was new. BadInputError where it has filled since."""
        is_gone = await self._store.unmake(number, seqs)
        self._leave(number)
        self._tell_members(seqs)
        return is_gone

    async def _make_current_quietly(self, number: int) -> bool:
        return await self._store.make_current(number) != number

    async def _rename_quietly(self, number: int, name: str) -> bool:
        if not self._name_of(number):
            return False
        await self._store.rename(number, name)
        return True

    async def _bring_back(self, removed: RemovedCollection) -> bool:
        back = await self._store.bring_back(removed)
        if removed.collection.is_current and not any(each.is_current for each in self._collections):
            await self._store.make_current(back.number)
        return True

    # What is shown

    async def _give(self) -> None:
        self._collections = await self._store.all()
        self._bar.set_collections(self._collections)
        self._window.top_bar.set_collections(self._collections)
        self._window.collection_picker.set_collections(self._collections)

    def _change(self, change: Callable[[Step], Coroutine[Any, Any, None]]) -> None:
        self._run("change collections", self._change_in_turn(change, self._undoing.begin()))

    async def _change_in_turn(self, change: Callable[[Step], Coroutine[Any, Any, None]], step: Step) -> None:
        try:
            await self._in_turn(self._try(change(step)))
        finally:
            step.settle()

    async def _try(self, change: Coroutine[Any, Any, None]) -> None:
        try:
            await change
        except BadInputError as error:
            self._bar.show_problem(sentence(error.problem))

    async def _take_back(self, step: Step, undo: Callable[[], Coroutine[Any, Any, bool]]) -> bool:
        if step is self._offered:
            self._offered = None
            self._bar.forget_done()
        return await self._in_turn(undo())

    async def _in_turn(self, change: Coroutine[Any, Any, T]) -> T:
        """What is shown afterwards is what is kept, also where the change was refused."""
        async with self._in_order:
            try:
                return await change
            finally:
                await self._give()

    def _offer(
        self, step: Step, told: str, undo: Callable[[], Coroutine[Any, Any, bool]], *, weight: int = 0
    ) -> None:
        self._settle(step, told, undo, weight=weight)
        self._offered = step
        self._bar.offer_undo(told)

    def _settle(
        self, step: Step, told: str, undo: Callable[[], Coroutine[Any, Any, bool]], *, weight: int = 0
    ) -> None:
        words = self.tr("Undone: {deed}").format(deed=told)
        step.settle(partial(self._take_back, step, undo), weight=weight, words=words)

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
