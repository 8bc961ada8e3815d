"""A thousand quick jobs with rate limits off: the engine beside a plain program, then the whole window."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.bench import jobs
from tests.bench.child import ChildError, Companion, measured
from tests.bench.figures import Bound, Figure
from tests.bench.quick import SUBMITS_AT_ONCE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

JOBS = 1000
TASK_S = 0.2
EDGE = 64
"""Pixels: what is measured is the queue; the bench `jobs` has pictures of real size."""
TIMES = 3
PATIENCE_S = 240.0
SYNCS_A_JOB = 4
"""The file, its folder, and the two folders above."""
COMMITS_AT_LEAST = 3 * JOBS // SUBMITS_AT_ONCE
"""Three come one after the other while a job is being sent, and as many as are sent at once can share one."""
RATIO = Bound(limit=3)
STATUS_REQUESTS = Bound(limit=0.1)
GROWTH_MIB = Bound(limit=60, strict=True)

Told = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A run of the engine and the same work done plainly, with what the service counted at each."""

    engine: Told
    service: Told
    plain: Told
    plain_service: Told

    @property
    def status_requests(self) -> int:
        return status_requests(self.service)


def measure(watch_ms: float = 0.0) -> Iterator[Figure]:
    """Engine and reference by turns, then the program with its window beside a bare one."""
    pairs = [_pair() for _ in range(TIMES)]
    yield from efforts(pairs)
    yield asked(pairs)
    yield growth(pairs)
    yield jobs.longest_gap(_window(watch_ms))


# The runs


def _pair() -> Pair:
    engine, service = _served("engine")
    check(engine, service)
    queries = status_requests(service)
    work = (SUBMITS_AT_ONCE, queries, engine["commits"], engine["syncs"])
    plain, plain_service = _served("plain", *map(str, work))
    pair = Pair(engine=engine, service=service, plain=plain, plain_service=plain_service)
    check_alike(pair)
    return pair


def _served(module: str, *work: str) -> tuple[Told, Told]:
    """Let a module make all the pictures; what it told, the files' hashes too, and what the service told."""
    with (
        tempfile.TemporaryDirectory(prefix="gptimg-bench-") as folder,
        Companion("server", str(TASK_S), str(TASK_S), str(EDGE)) as server,
    ):
        arguments = (str(server.told["url"]), str(Path(folder, "data")), str(JOBS), *work)
        told = measured(module, *arguments, patience_s=PATIENCE_S)
        told["sha256"] = {task: list(map(_hash, paths)) for task, paths in told["pictures"].items()}
        return told, server.close()


def _window(watch_ms: float) -> jobs.Run:
    with (
        tempfile.TemporaryDirectory(prefix="gptimg-bench-") as folder,
        Companion("server", str(TASK_S), str(TASK_S), str(EDGE)) as server,
        Companion("bare_loop") as bare,
    ):
        arguments = (str(server.told["url"]), str(Path(folder, "data")), "hurry", str(JOBS), str(watch_ms))
        program = measured("program", *arguments, patience_s=PATIENCE_S)
        run = jobs.read_run(f"{JOBS} jobs in a hurry", program, bare.close(), server.close())
    jobs.check(run, JOBS)
    return run


def _hash(path: str) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def status_requests(service: Told) -> int:
    """How often the service was asked about tasks, in both ways."""
    return sum(service["counts"].get(f"{kind} status requests", 0) for kind in ("single", "batch"))


# Whether it was so


def check(engine: Told, service: Told) -> None:
    """Figures of a run that did something else, or left out what takes time, would mean nothing."""
    counts = service["counts"]
    if counts.get("submits") != JOBS or counts.get("downloads") != JOBS:
        raise ChildError(f"{JOBS} jobs were asked for; the service counted {counts}")
    if engine["complaints"]:
        raise ChildError(f"the engine complained: {engine['complaints'][:3]}")
    if engine["sha256"] != {task: [digest] for task, digest in service["sha256"].items()}:
        raise ChildError("the saved files are not the pictures of the service's tasks")
    if engine["syncs"] < JOBS * SYNCS_A_JOB or engine["commits"] < COMMITS_AT_LEAST:
        raise ChildError(f"only {engine['commits']} commits and {engine['syncs']} syncs: durability is off")


def check_alike(pair: Pair) -> None:
    """The reference is one only where it did the same."""
    for name in ("commits", "syncs"):
        if pair.plain[name] != pair.engine[name]:
            raise ChildError(f"{pair.plain[name]} {name} beside {pair.engine[name]} of the engine")
    for name in ("submits", "downloads"):
        if pair.plain_service["counts"][name] != pair.service["counts"][name]:
            raise ChildError(f"the reference made other requests: {pair.plain_service['counts']}")
    if status_requests(pair.plain_service) != pair.status_requests:
        raise ChildError(f"the reference asked otherwise about tasks: {pair.plain_service['counts']}")
    if pair.plain["sha256"] != pair.engine["sha256"] or len(pair.plain["sha256"]) != JOBS:
        raise ChildError("the reference saved other pictures")


# The figures


def efforts(pairs: Sequence[Pair]) -> Iterator[Figure]:
    """Wall time and processor time of each pair, and how many times the reference's they are."""
    commits = ", ".join(f"{pair.engine['commits']} and {pair.engine['syncs']}" for pair in pairs)
    for name, what in (("wall_s", "wall time"), ("cpu_s", "processor time")):
        yield Figure(
            what=f"{what} of {JOBS} jobs",
            unit="s",
            samples=[pair.engine[name] for pair in pairs],
            reference="plain program",
            beside=[pair.plain[name] for pair in pairs],
            note=f"commits and syncs of each, the same in both: {commits}" if name == "wall_s" else "",
        )
        yield Figure(
            what=f"{what}, times the plain program's",
            unit="",
            samples=[pair.engine[name] / pair.plain[name] for pair in pairs],
            bound=RATIO,
        )


def asked(pairs: Sequence[Pair]) -> Figure:
    return Figure(
        what="status requests a job",
        unit="",
        samples=[pair.status_requests / JOBS for pair in pairs],
        bound=STATUS_REQUESTS,
    )


def growth(pairs: Sequence[Pair]) -> Figure:
    return Figure(
        what="memory that came on top at its peak",
        unit="MiB",
        samples=[pair.engine["grown_mib"] for pair in pairs],
        reference="plain program",
        beside=[pair.plain["grown_mib"] for pair in pairs],
        bound=GROWTH_MIB,
    )
