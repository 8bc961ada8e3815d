"""The engine on a work bench: no window, everything it tells is written down."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

from gptimg_desktop.core.draft import Draft
from gptimg_desktop.core.mark import Mark, Marked, Marking
from gptimg_desktop.core.settings import Settings
from gptimg_desktop.engine import Engine, Reports, open_engine
from tests.support.jobs import started
from tests.support.starts import quick_options

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from gptimg_desktop.core.account import Balance
    from gptimg_desktop.core.errors import Problem
    from gptimg_desktop.core.findings import Findings
    from gptimg_desktop.core.gate import Gate, GateKind
    from gptimg_desktop.core.job import Job
    from tests.support.scripted_server import ScriptedServer

PATIENCE_S = 15.0


class Bench:
    """What the engine told, and a way to wait for more."""

    def __init__(self) -> None:
        self.jobs: dict[str, Job] = {}
        self.history: list[Job] = []
        self.gates: tuple[Gate, ...] = ()
        self.complaints: list[tuple[str, Problem]] = []
        self.unkept: tuple[str, ...] = ()
        self.balances: list[Balance] = []
        self.findings: list[Findings] = []
        self.marked: list[Marked] = []
        self.engine: Engine
        self._told = asyncio.Event()

    @property
    def reports(self) -> Reports:
        return Reports(
            publish=self._publish,
            show_gates=self._show_gates,
            complain=self._complain,
            show_unkept=self._show_unkept,
            show_balance=self._show_balance,
            show_findings=self._show_findings,
        )

    @property
    def states(self) -> list[str]:
        """The states of all jobs in the order of asking."""
        return [job.state.value for job in sorted(self.jobs.values(), key=lambda job: job.seq)]

    @property
    def gate_kinds(self) -> set[GateKind]:
        return {gate.kind for gate in self.gates}

    @property
    def job(self) -> Job:
        (job,) = self.jobs.values()
        return job

    def generate(self, prompt: str = "an oak chair", **more: Any) -> None:
        self.engine.submit(Draft(prompt=prompt, **more))

    async def mark(self, mark: Mark, *jobs: Job) -> None:
        """Put a mark on jobs, committed on return."""
        marking = Marking(seqs=tuple(job.seq for job in jobs), mark=mark)
        await self.engine.queue.mark(marking, self.marked.append)

    async def until(self, condition: Callable[[], Any]) -> None:
        """Wait for a condition, looked at whenever the engine tells something and now and then."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not condition():
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(0.01):
                            await self._told.wait()
                    self._told.clear()
        except TimeoutError:
            raise AssertionError(f"waited in vain; {self.states} {self.gates} {self.complaints}") from None

    async def until_states(self, *states: str) -> None:
        await self.until(lambda: self.states == list(states))

    def _publish(self, job: Job) -> None:
        self.jobs[job.id] = job
        self.history.append(job)
        self._told.set()

    def _show_gates(self, gates: tuple[Gate, ...]) -> None:
        self.gates = gates
        self._told.set()

    def _show_balance(self, balance: Balance) -> None:
        self.balances.append(balance)
        self._told.set()

    def _show_findings(self, findings: Findings) -> None:
        self.findings.append(findings)
        self._told.set()

    def _show_unkept(self, task_ids: tuple[str, ...]) -> None:
        self.unkept = task_ids
        self._told.set()

    def _complain(self, job_id: str, problem: Problem) -> None:
        self.complaints.append((job_id, problem))
        self._told.set()


@contextlib.asynccontextmanager
async def bench(
    data_dir: Path,
    server: ScriptedServer | None,
    *,
    prepare: Callable[[Engine], None] | None = None,
    **more: Any,
) -> AsyncIterator[Bench]:
    """An engine that works on a data folder against a server; `prepare` may meddle before it starts."""
    data_dir.mkdir(exist_ok=True)
    options = quick_options(data_dir, server, **more)
    desk = Bench()
    async with open_engine(options, data_dir, Settings(), desk.reports) as engine:
        desk.engine = engine
        if prepare is not None:
            prepare(engine)
        try:
            for job in await started(engine):
                desk.jobs[job.id] = job
            yield desk
        finally:
            await engine.queue.aclose(grace_s=1.0)
