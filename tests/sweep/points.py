"""Where a job can be killed: every call of one whole run that concerns our files or the service."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from tests.sweep.strace import SERVER, TOLD, Call, calls
from tests.sweep.subject import LAST_BYTE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tests.sweep.trial import Run, Trial

WATCHED: Final = (
    *("pwrite64", "write", "writev", "pwritev", "ftruncate", "fallocate"),
    *("fdatasync", "fsync", "rename", "renameat", "renameat2", "link", "linkat", "unlink", "unlinkat"),
    *("openat", "mkdir", "mkdirat", "rmdir"),
    *("connect", "sendto", "sendmsg", "recvfrom", "recvmsg"),
)
_ONLY_BEFORE: Final = frozenset(
    {"pwrite64", "write", "writev", "pwritev", "ftruncate", "openat", "mkdir", "rmdir"}
)
"""The end of such a call is seen by nobody before the next call of its thread."""
_NAMED_AFTER_A_THREAD: Final = re.compile(r"-\d{9,}$")
"""Such a file has another name in every run, so that no point can be about it; its calls are listed."""
HELD_UP_US: Final = 400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """Before a call (or, `after`, once its work is done and nobody knows): the n-th one of this name about
    this file in the thread that comes there first. `about` is a path under the home folder or the service."""

    call: str
    about: str
    number: int
    after: bool = False

    def once_done(self) -> Point:
        """The same call, after its work."""
        return replace(self, after=True)

    def __str__(self) -> str:
        return f"{'after' if self.after else 'before'} {self.call} #{self.number} of {self.about}"

    def strace(self, trial: Trial) -> tuple[str, ...]:
        """How to watch the subject so that it ends here.

        strace counts in each thread apart, and only calls about the path it was given. Never with
        `--seccomp-bpf`, where nothing is ever injected.
        """
        path = () if self.about == SERVER else ("-P", str(trial.home / self.about))
        what = f"delay_exit={HELD_UP_US}" if self.after else "signal=SIGKILL"
        inject = f"inject={self.call}:{what}:when={self.number}"
        return ("strace", *TOLD, "-o", str(trial.log), *path, "-e", f"trace={self.call}", "-e", inject)

    def was_met(self, trial: Trial, run: Run) -> bool:
        """True where the run ended by a kill, and just there."""
        if not run.was_killed:
            return False
        seen = [call for call in calls(trial.log) if _about(call, trial.home) == self.about]
        if not self.after:
            seen = [call for call in seen if call.result is None]
        counts = Counter(call.thread for call in calls(trial.log))
        return any(counts[call.thread] >= self.number for call in seen)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """All calls of one whole run that count, and the points that reach them; `last_byte` is the one after the
    last byte of the submit has left."""

    calls: tuple[tuple[str, str], ...]
    points: tuple[Point, ...]
    last_byte: Point

    def count(self, call: str) -> int:
        return sum(name == call for name, _ in self.calls)

    def one_of_each_kind(self) -> tuple[Point, ...]:
        """A point in the middle of those of each call, before and after it, and the last byte."""
        kinds: dict[tuple[str, bool], list[Point]] = {}
        for point in self.points:
            kinds.setdefault((point.call, point.after), []).append(point)
        chosen = [points[len(points) // 2] for points in kinds.values()]
        return tuple(dict.fromkeys((*chosen, self.last_byte)))


async def listing(trial: Trial) -> Listing:
    """Run one whole job under strace and list where it can be killed."""
    trial.begin_anew()
    run = await trial.run("strace", *TOLD, "-o", str(trial.log), "-e", f"trace={','.join(WATCHED)}")
    if run.code or run.last_state() != "saved":
        raise AssertionError(f"the run that was to be listed failed: {run}")
    return _listed(calls(trial.log), trial.home)


def _listed(seen: Iterable[Call], home: Path) -> Listing:
    """In each thread the n-th call of a name about a file; about the service, the n-th of the name."""
    counts: Counter[tuple[int, str, str]] = Counter()
    listed: list[tuple[str, str]] = []
    points: dict[Point, None] = {}
    last_byte: Point | None = None
    for call in sorted(seen, key=lambda call: call.entered):
        about = _about(call, home)
        if not about:
            counts[call.thread, call.name, SERVER] += 1
            continue
        counts[call.thread, call.name, about] += 1
        if call.name == "openat" and "O_CREAT" not in call.arguments:
            continue
        listed.append((call.name, about))
        if _NAMED_AFTER_A_THREAD.search(about):
            continue
        number = counts[call.thread, call.name, about]
        point = Point(call=call.name, about=about, number=number)
        points[point] = None
        if call.name not in _ONLY_BEFORE:
            points[point.once_done()] = None
        if about == SERVER and call.texts == (LAST_BYTE,):
            last_byte = point.once_done()
    assert last_byte is not None
    return Listing(calls=tuple(listed), points=tuple(points), last_byte=last_byte)


def _about(call: Call, home: Path) -> str:
    """What a call is about, where that is ours: a path under the home folder, or the service."""
    about = call.about
    if about == SERVER:
        return about
    return about.removeprefix(f"{home}/") if about.startswith(f"{home}/data") else ""
