"""One line of what can be taken back, in the order of the presses."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from gptimg_desktop import undoing
from gptimg_desktop.core.errors import BadInputError, Problem, ProblemKind, StorageError
from gptimg_desktop.undoing import Step, UndoLine

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.anyio


class Deeds:
    """Deeds with a name each, and the names of those that were taken back."""

    def __init__(self) -> None:
        self.line = UndoLine()
        self.undone: list[str] = []

    def begin(self) -> Step:
        return self.line.begin()

    def end(self, step: Step, name: str, *, changes: bool = True, weight: int = 0) -> None:
        async def back() -> bool:
            self.undone.append(name)
            return changes

        step.settle(back, weight=weight)

    def do(self, name: str, *, changes: bool = True, weight: int = 0) -> Step:
        step = self.begin()
        self.end(step, name, changes=changes, weight=weight)
        return step


async def test_deeds_go_back_in_the_opposite_order_each_once() -> None:
    deeds = Deeds()
    for name in "abc":
        deeds.do(name)
    for _ in range(5):
        await deeds.line.undo()
    assert deeds.undone == ["c", "b", "a"]


async def test_the_order_is_that_of_the_presses_and_what_is_slow_is_waited_for() -> None:
    deeds = Deeds()
    slow = deeds.begin()
    deeds.do("quick")
    await deeds.line.undo()
    assert deeds.undone == ["quick"]
    waiting = asyncio.ensure_future(deeds.line.undo())
    await asyncio.sleep(0)
    deeds.do("later")  # pressed after Ctrl+Z, so it was not meant
    deeds.end(slow, "slow")
    await waiting
    assert deeds.undone == ["quick", "slow"]


async def test_what_changed_nothing_or_does_not_stand_is_passed_over() -> None:
    deeds = Deeds()
    deeds.do("first")
    deeds.begin().settle()
    deeds.do("nothing left of it", changes=False)

    async def never() -> bool:
        raise AssertionError

    deeds.begin().settle(never, stands=lambda: False)
    taken = await deeds.line.undo()
    assert deeds.undone == ["nothing left of it", "first"]
    assert taken is not None
    assert await deeds.line.undo() is None


@pytest.mark.parametrize(
    ("error", "undone"),
    [
        (StorageError(Problem.of(ProblemKind.LIBRARY_LOCKED)), ["first", "again"]),
        (BadInputError(Problem.of(ProblemKind.COLLECTION_NAMELESS)), ["first"]),
    ],
)
async def test_what_is_refused_stays_and_what_cannot_be_done_does_not(
    error: Exception, undone: list[str]
) -> None:
    deeds = Deeds()
    deeds.do("first")
    refusals = [error]

    async def back() -> bool:
        if refusals:
            raise refusals.pop()
        deeds.undone.insert(0, "again")
        return True

    deeds.begin().settle(back)
    with pytest.raises(type(error)):
        await deeds.line.undo()
    assert deeds.undone == [], "one press takes back one deed"
    await deeds.line.undo()
    await deeds.line.undo()
    assert sorted(deeds.undone) == sorted(undone)


async def test_one_deed_alone_and_two_presses_at_once() -> None:
    deeds = Deeds()
    first, _, _ = (deeds.do(name) for name in "abc")
    await deeds.line.undo(first)
    await asyncio.gather(deeds.line.undo(), deeds.line.undo(), deeds.line.undo(first))
    assert deeds.undone == ["a", "c", "b"]


async def test_a_step_is_settled_once() -> None:
    deeds = Deeds()
    deeds.do("a").settle()
    await deeds.line.undo()
    assert deeds.undone == ["a"]


@pytest.mark.parametrize(
    ("fill", "left"),
    [
        (lambda deeds: [deeds.do(str(count)) for count in range(undoing.MOST_STEPS + 5)], undoing.MOST_STEPS),
        (lambda deeds: [deeds.do(str(count), weight=200_000) for count in range(6)], 3),
        (lambda deeds: [deeds.do(str(count), weight=900_000) for count in range(3)], 1),
    ],
)
async def test_old_steps_go_where_there_are_many_numbers_to_keep(
    fill: Callable[[Deeds], object], left: int
) -> None:
    deeds = Deeds()
    fill(deeds)
    deeds.begin().settle()
    while await deeds.line.undo() is not None:
        pass
    assert len(deeds.undone) in {left, left - 1}  # the empty one has a place too
