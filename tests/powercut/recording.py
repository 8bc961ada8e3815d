"""One whole run of the subject, call by call with every byte, and the disk as it was at any moment of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tests.powercut.disk import Disk, Write
from tests.sweep.points import WATCHED
from tests.sweep.strace import SERVER, TOLD, Call, calls
from tests.sweep.subject import LAST_BYTE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.sweep.trial import Trial

WHOLE: Final = 100_000_000
"""Bytes of one call that are written down."""
_SYNCS: Final = frozenset({"fsync", "fdatasync"})
_RENAMES: Final = frozenset({"rename", "renameat", "renameat2"})
_LINKS: Final = frozenset({"link", "linkat"})
_REMOVALS: Final = frozenset({"unlink", "unlinkat", "rmdir"})
_FOLDERS: Final = frozenset({"mkdir", "mkdirat"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the subject published about a job."""

    id: str
    state: str
    tasks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """The world between two calls: the disk, what was published so far, and how many requests may have
    left whole (`sent`). `about_to_send`: the next thing to leave is a last byte. Its disk is true until the
    next moment is asked for. `is_turn`: something was just published, sent, or made durable."""

    number: int
    disk: Disk
    told: tuple[Told, ...]
    sent: int
    about_to_send: bool = False
    is_turn: bool = False


class Recording:
    """What a run did. `accepted` is what the server took in it (task id, prompt)."""

    def __init__(self, seen: tuple[Call, ...], top: str, accepted: tuple[tuple[str, str], ...]) -> None:
        self.calls = seen
        self._top = top
        self.accepted = accepted

    def moments(self) -> Iterator[Moment]:
        """Every moment in which the power can go: before the run, and after each thing that it does."""
        disk = Disk(self._top)
        told: list[Told] = []
        sent = 0
        pending: dict[int, Callable[[], None]] = {}
        yield Moment(number=0, disk=disk, told=(), sent=0)
        for number, (call, is_end) in enumerate(self._edges(), 1):
            if call.name in _SYNCS and not is_end:
                pending[id(call)] = disk.begin_sync(call.about)
                continue
            is_turn = False
            is_last_byte = call.about == SERVER and call.texts[:1] == (LAST_BYTE,)
            if is_last_byte and not is_end:
                yield Moment(number=number, disk=disk, told=tuple(told), sent=sent, about_to_send=True)
                sent += 1
                is_turn = True
            elif published := _published(call):
                told += published * (not is_end)
                is_turn = not is_end
            elif is_end and call.name in _SYNCS:
                pending.pop(id(call))()
                is_turn = True
            elif is_end:
                _do(call, disk)
            yield Moment(number=number, disk=disk, told=tuple(told), sent=sent, is_turn=is_turn)

    def _edges(self) -> Iterator[tuple[Call, bool]]:
        """The beginnings and ends of all calls that came back without an error, in their order."""
        edges = []
        for call in self.calls:
            if call.result is not None and call.result >= 0 and self._concerns_us(call):
                edges += [(call.entered, 0, call, False), (call.left, 1, call, True)]
        edges.sort(key=lambda edge: edge[:2])
        for _, _, call, is_end in edges:
            if is_end or call.name in _SYNCS or call.about == SERVER or _published(call):
                yield call, is_end

    def _concerns_us(self, call: Call) -> bool:
        return call.about == SERVER or call.about.startswith(self._top) or bool(_published(call))


async def record(trial: Trial, *, presses: int = 1) -> Recording:
    """Let a run go to its end and write down all that it does."""
    trial.begin_anew()
    watched = ",".join((*WATCHED, "lseek"))
    run = await trial.run(
        *("strace", *TOLD, "-s", str(WHOLE), "-o", str(trial.log), "-e", f"trace={watched}"), presses=presses
    )
    if run.code or {line["state"] for line in run.told[-1:]} != {"saved"}:
        raise AssertionError(f"the run that was to be recorded failed: {run}")
    return Recording(calls(trial.log), str(trial.data), tuple(trial.server.accepted))


def _published(call: Call) -> list[Told]:
    """What a write to stdout tells of jobs."""
    if call.name != "write" or not call.arguments.startswith("1<") or not call.texts:
        return []
    lines = [json.loads(line) for line in call.texts[0].splitlines() if line.endswith(b"}")]
    return [
        Told(id=line["id"], state=line["state"], tasks=tuple(line["tasks"]))
        for line in lines
        if "state" in line
    ]


def _do(call: Call, disk: Disk) -> None:
    """Let a call happen to the disk."""
    names = call.names
    if call.name in _FOLDERS:
        disk.make_folder(names[0])
    elif call.name in _LINKS:
        disk.link(names[0], names[1])
    elif call.name in _RENAMES:
        disk.rename(names[0], names[1])
    elif call.name in _REMOVALS:
        disk.remove(names[0])
    elif call.name == "openat":
        _open(call, disk)
    else:
        _write(call, disk)


def _open(call: Call, disk: Disk) -> None:
    path = call.names[0]
    if "O_CREAT" in call.arguments and not disk.has(path):
        disk.create(path)
    file = disk.file(path)
    if file is not None:
        file.position = file.size if "O_APPEND" in call.arguments else 0
        if "O_TRUNC" in call.arguments:
            file.writes.append(Write(0, cut=True))


def _write(call: Call, disk: Disk) -> None:
    file = disk.file(call.about)
    assert call.result is not None
    if file is None:
        return
    if call.name == "pwrite64":
        file.writes.append(Write(call.numbers[-1], call.texts[0][: call.result]))
    elif call.name == "write":
        file.writes.append(Write(file.position, call.texts[0][: call.result]))
        file.position += call.result
    elif call.name == "lseek":
        file.position = call.result
    elif call.name == "ftruncate":
        size = call.numbers[-1]
        file.writes.append(Write(size, cut=True))
    elif call.name == "fallocate":
        _, start, length = call.numbers
        file.writes.append(Write(max(file.size, start + length), cut=True))
    elif call.name in {"writev", "pwritev"}:
        raise NotImplementedError(call.name)
