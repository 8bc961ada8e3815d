"""What can be taken back, wherever in the window it was done: one line of it, in the order of the presses."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, Signal

from gptimg_desktop.core.errors import BadInputError
from gptimg_desktop.services.tasks import complaining

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from gptimg_desktop.services.tasks import Tasks
    from gptimg_desktop.ui.main_window import MainWindow

    WayBack = Callable[[], Awaitable[bool]]
    """Takes a deed back; True where that changed anything."""

MOST_STEPS: Final = 100
MOST_KEPT: Final = 500_000
"""How many numbers of jobs the steps hold in all, but for the last one, which may hold any number."""


def _always() -> bool:
    return True


class Step:
    """One deed. It has its place in the line from the press on, and is settled once, when it is done."""

    def __init__(self) -> None:
        self._done = asyncio.Event()
        self._way_back: WayBack | None = None
        self._stands: Callable[[], bool] = _always
        self.weight = 0
        self.words = ""

    def settle(
        self,
        way_back: WayBack | None = None,
        *,
        weight: int = 0,
        stands: Callable[[], bool] = _always,
        words: str = "",
    ) -> None:
        """Tell how it is taken back: not at all where nothing was changed, and only as long as it `stands`.
        `weight` is how many numbers the way back holds, `words` tell that it was gone. The first word counts.
        """
        if not self._done.is_set():
            self._way_back, self._stands, self.weight, self.words = way_back, stands, weight, words
            self._done.set()

    async def take_back(self) -> bool:
        """Wait until it is done, and take it back; False where that changed nothing."""
        await self._done.wait()
        return self._way_back is not None and self._stands() and await self._way_back()


class UndoLine:
    """Everything that was done last, the oldest first."""

    def __init__(self) -> None:
        self._steps: deque[Step] = deque()
        self._in_order = asyncio.Lock()

    def begin(self) -> Step:
        """A deed was wished for: called at the press, since deeds take their time."""
        self._steps.append(Step())
        while len(self._steps) > MOST_STEPS or self._is_too_heavy():
            self._steps.popleft()
        return self._steps[-1]

    def undo(self, only: Step | None = None) -> Coroutine[Any, Any, Step | None]:
        """Take back what was done last before this call, or `only` one deed; returns what was taken back.

        A deed that takes long is waited for; one that changed nothing, does not stand any more, or has
        nothing left to be taken back, is passed over. What is refused stays in the line (StorageError); what
        cannot be done does not (BadInputError).
        """
        return self._undo((only,) if only is not None else tuple(self._steps))

    async def _undo(self, pressed: tuple[Step, ...]) -> Step | None:
        async with self._in_order:
            for step in reversed(pressed):
                if step in self._steps and await self._take_back(step):
                    return step
        return None

    async def _take_back(self, step: Step) -> bool:
        try:
            has_changed = await step.take_back()
        except BadInputError:
            self._forget(step)
            raise
        self._forget(step)
        return has_changed

    def _forget(self, step: Step) -> None:
        if step in self._steps:  # else it became too old meanwhile
            self._steps.remove(step)

    def _is_too_heavy(self) -> bool:
        weights = [step.weight for step in self._steps if step.weight]
        return sum(weights[:-1]) > MOST_KEPT


class Undoing(QObject):
    """Takes back what the user did last. `told` carries words about what became of that."""

    told = Signal(str)

    def __init__(self, *, window: MainWindow, tasks: Tasks) -> None:
        super().__init__()
        self._window = window
        self._tasks = tasks
        self._line = UndoLine()

    def begin(self) -> Step:
        """A deed was wished for that can be taken back once it is settled."""
        return self._line.begin()

    def undo(self, only: Step | None = None) -> None:
        """Take back the last deed, or `only` this one."""
        work = self._take_back(self._line.undo(only))
        self._tasks.start("undo", complaining(work, self._window.notices.show_problem))

    async def _take_back(self, undo: Coroutine[Any, Any, Step | None]) -> None:
        step = await undo
        if step is None:
            self.told.emit(self.tr("There is nothing left to undo."))
        else:
            self.told.emit(step.words or self.tr("Undone."))
