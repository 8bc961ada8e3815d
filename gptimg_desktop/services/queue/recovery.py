"""What a start makes of the jobs that the last run left behind. Nothing is sent here."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.core.gate import GateKind
from gptimg_desktop.core.job import RUNNING, Job, JobState
from gptimg_desktop.core.verdict import judge

if TYPE_CHECKING:
    from gptimg_desktop.services.queue.connections import Connections
    from gptimg_desktop.services.queue.gates import Gates
    from gptimg_desktop.services.queue.ledger import Ledger
    from gptimg_desktop.services.queue.poller import Poller
    from gptimg_desktop.services.queue.submitter import Submitter

logger = logging.getLogger(__name__)

NOTICE_S: Final = 3.0
"""How long waiting jobs hold back after a start, so that the user may say no."""


async def recover(
    *,
    ledger: Ledger,
    gates: Gates,
    connections: Connections,
    submitter: Submitter,
    poller: Poller,
    notice_s: float = NOTICE_S,
) -> tuple[Job, ...]:
    """Bring every job into a state that is true, and hand over all jobs, newest first.

    READY jobs need nothing (the collector takes them), accepted ones are looked at now, a submit without a
    recorded answer becomes UNCONFIRMED, and what waits goes on after a notice.
    """
    await ledger.load()
    for job in tuple(ledger.in_state(JobState.SENDING)):
        await _resolve(job, ledger, submitter)
    for job in ledger.in_state(JobState.ACCEPTED):
        poller.look_now(job.id)
    if notice_s and any(ledger.in_state(JobState.QUEUED)):
        gates.close(GateKind.RESUMING, for_s=notice_s)
    hold_without_key(ledger, gates, connections)
    return ledger.all()


async def _resolve(job: Job, ledger: Ledger, submitter: Submitter) -> None:
    """The last byte may have left: only a recorded answer can say what came of it."""
    evidence = await ledger.store.answer(job)
    if evidence is None:
        logger.info("job %s: the program ended before the service's answer was heard", job.id)
        problem = Problem.of(ProblemKind.PROGRAM_ENDED)
        await ledger.step(job.id, lambda job: job.doubt(problem))
    else:
        await submitter.settle(job.id, judge(evidence))


def hold_without_key(ledger: Ledger, gates: Gates, connections: Connections) -> None:
    """Say of each service with unfinished jobs whether they wait for a key."""
    services = {job.service for state in RUNNING for job in ledger.in_state(state)}
    for service in sorted(services):
        if connections.get(service) is None:
            problem = Problem.of(ProblemKind.KEY_MISSING, service=service)
            gates.close(GateKind.KEY, service=service, problem=problem)
