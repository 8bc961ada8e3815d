"""Kills one job at many points, each time from an empty library, and tells what became of it."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from tests.sweep.points import Listing, Point, listing
from tests.sweep.trial import trial

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from tests.sweep.trial import Trial

WORKERS: Final = 2
LEAST_MET: Final = 0.8
"""The share of its points that a sweep has to meet, since runs differ a little, for its result to count."""
_COLUMNS: Final = ("call", "in a job", "points", "kills", "SAVED", "UNCONFIRMED", "lost", "twice", "other")


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of a job that was killed at a point; not `was_met`: the run went on to its end."""

    point: Point
    was_met: bool
    end: str | None
    breaches: tuple[str, ...] = ()

    def is_breached_by(self, kind: str) -> bool:
        return any(_kind(breach) == kind for breach in self.breaches)


async def kill_at(point: Point, trial: Trial) -> Result:
    """Kill a fresh job at a point, let a clean run follow, and compare with what the server knows."""
    trial.begin_anew()
    run = await trial.run(*point.strace(trial), kill_when_delayed=point.after)
    was_met = point.was_met(trial, run)
    killed = trial.look()
    breaches = trial.breaches_after_kill(run, killed)
    submits = len(trial.server.of_kind("submit"))
    after = await trial.run()
    rested = trial.look()
    breaches += trial.breaches_after_rest(killed, submits, after, rested)
    return Result(point=point, was_met=was_met, end=rested.state, breaches=tuple(breaches))


async def _kill_at_or_again(point: Point, trial: Trial) -> Result:
    """The same; a point that was not met is tried once more, and what was wrong then stays wrong."""
    first = await kill_at(point, trial)
    if first.was_met:
        return first
    second = await kill_at(point, trial)
    return replace(second, breaches=(*first.breaches, *second.breaches))


async def sweep(
    points: Iterable[Point],
    folder: Path,
    *,
    plant: str | None = None,
    told: Callable[[Result], None] | None = None,
) -> list[Result]:
    """Kill at each point, two at a time; `told` hears of each as it comes."""
    waiting = iter(tuple(points))
    results: list[Result] = []

    async def work(place: Path) -> None:
        async with trial(place, plant=plant) as own:
            for point in waiting:
                result = await _kill_at_or_again(point, own)
                results.append(result)
                if told is not None:
                    told(result)

    async with asyncio.TaskGroup() as group:
        for number in range(WORKERS):
            group.create_task(work(folder / f"worker-{number}"))
    return results


async def list_points(folder: Path, *, plant: str | None = None) -> Listing:
    async with trial(folder / "listing", plant=plant) as own:
        return await listing(own)


def share_met(results: Sequence[Result]) -> float:
    """0 where nothing was tried: a sweep that met no point proves nothing."""
    return sum(result.was_met for result in results) / len(results) if results else 0.0


def breaches(results: Iterable[Result]) -> list[str]:
    return [f"{result.point}: {breach}" for result in results for breach in result.breaches]


def is_sound(results: Sequence[Result]) -> bool:
    """True where enough points were met, some of each kind of call, and nothing was wrong at any."""
    met = {result.point.call for result in results if result.was_met}
    is_met = share_met(results) >= LEAST_MET and met == {result.point.call for result in results}
    return is_met and not breaches(results)


def table(listed: Listing, results: Sequence[Result]) -> str:
    """A row for each kind of call, and one for all."""
    names = list(dict.fromkeys(name for name, _ in listed.calls))
    rows = [
        _row(name, listed.count(name), [each for each in results if each.point.call == name])
        for name in names
    ]
    rows.append(_row("all", len(listed.calls), results))
    widths = [max(len(row[column]) for row in (_COLUMNS, *rows)) for column in range(len(_COLUMNS))]
    return "\n".join(_line(row, widths) for row in (_COLUMNS, *rows))


def _row(name: str, listed: int, results: Sequence[Result]) -> tuple[str, ...]:
    ends = Counter(result.end for result in results if result.was_met)
    wrong = [sum(result.is_breached_by(kind) for result in results) for kind in ("lost", "twice", "other")]
    met = sum(result.was_met for result in results)
    return (name, *map(str, (listed, len(results), met, ends["saved"], ends["unconfirmed"], *wrong)))


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = (
        cell.rjust(width) if column else cell.ljust(width)
        for column, (cell, width) in enumerate(zip(row, widths, strict=True))
    )
    return "  ".join((first, *others))


def _kind(breach: str) -> str:
    word = breach.partition(":")[0]
    return word if word in {"lost", "twice"} else "other"
