"""A hundred jobs of the whole program against a local server: what they cost the service and the GUI."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.bench.child import ChildError, Companion, measured
from tests.bench.figures import Bound, Figure

if TYPE_CHECKING:
    from collections.abc import Iterator

JOBS = 100
SHORTEST_S, LONGEST_S = 25.0, 35.0
"""How long a task takes; the real service takes 30 to 60 seconds."""
PATIENCE_S = 240.0
STATUS_REQUESTS = Bound(limit=0.1)
GAP_MS = Bound(limit=50.0, strict=True)

Gaps = list[dict[str, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What was told of one run; gaps longest first. `tasks` and `saved_at` are by task id, times are Unix
    seconds, a task has `lasts_s` and `done_at`."""

    way: str
    gaps: Gaps
    bare_gaps: Gaps
    saved_at: dict[str, float]
    counts: dict[str, int]
    tasks: dict[str, dict[str, float]]


def measure(watch_ms: float = 0.0) -> Iterator[Figure]:
    """Each way of asking for the jobs in turn, while a bare program tells how the machine is."""
    for way, named in (("copies", f"one press, {JOBS} copies"), ("presses", f"{JOBS} presses")):
        run = _run(way, named, watch_ms)
        check(run)
        yield status_requests(run)
        yield lateness(run)
        yield longest_gap(run)


def _run(way: str, named: str, watch_ms: float) -> Run:
    with (
        tempfile.TemporaryDirectory(prefix="gptimg-bench-") as folder,
        Companion("server", str(SHORTEST_S), str(LONGEST_S)) as server,
        Companion("bare_loop") as bare,
    ):
        arguments = (str(server.told["url"]), str(Path(folder, "data")), way, str(JOBS), str(watch_ms))
        program = measured("program", *arguments, patience_s=PATIENCE_S)
        return read_run(named, program, bare.close(), server.close())


def read_run(named: str, program: dict[str, Any], bare: dict[str, Any], service: dict[str, Any]) -> Run:
    """What the three told of a run."""
    return Run(
        way=named,
        gaps=program["gaps"],
        bare_gaps=bare["gaps"],
        saved_at=program["saved_at"],
        counts=service["counts"],
        tasks=service["tasks"],
    )


def check(run: Run, wanted: int = JOBS) -> None:
    """Figures of a run in which something else happened would mean nothing."""
    if run.counts.get("submits") != wanted or run.counts.get("downloads") != wanted:
        raise ChildError(f"{wanted} jobs were asked for; the service counted {run.counts}")
    if run.saved_at.keys() != run.tasks.keys():
        raise ChildError("the saved pictures are not those of the service's tasks")


def status_requests(run: Run) -> Figure:
    """All status requests, also those for tasks that were done, over the seconds that tasks were running."""
    single, batch = (run.counts.get(f"{kind} status requests", 0) for kind in ("single", "batch"))
    running_s = sum(task["lasts_s"] for task in run.tasks.values())
    return Figure(
        what=f"status requests per job and second ({run.way})",
        unit="",
        samples=[(single + batch) / running_s],
        bound=STATUS_REQUESTS,
        note=f"{batch} for many tasks and {single} for one; tasks ran for {running_s:.0f} s in all",
    )


def lateness(run: Run) -> Figure:
    late = [saved_at - run.tasks[task_id]["done_at"] for task_id, saved_at in run.saved_at.items()]
    return Figure(
        what=f"from done at the service to saved ({run.way})",
        unit="s",
        samples=late,
        note=f"the median of {len(late)}; the last one took {max(late):.1f} s",
    )


def longest_gap(run: Run) -> Figure:
    bare_ms = run.bare_gaps[0]["ms"]
    stalled = (
        "" if GAP_MS.allows(bare_ms) else "; the machine is too busy to judge: even the bare one stood still"
    )
    longest = ", ".join(f"{gap['ms']:.0f} ({gap['cpu_ms']:.0f}) at {gap['at_s']:.1f} s" for gap in run.gaps)
    return Figure(
        what=f"longest gap of the GUI thread ({run.way})",
        unit="ms",
        samples=[run.gaps[0]["ms"]],
        reference="bare Qt program meanwhile",
        beside=[bare_ms],
        bound=GAP_MS,
        note=f"the longest in ms, in brackets what the thread computed of it: {longest}{stalled}",
    )
