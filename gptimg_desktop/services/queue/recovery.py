"""What a start makes of the jobs that the last run left behind. Nothing is sent here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.connection import PRACTICE
from gptimg_desktop.core.errors import Problem, ProblemKind, StorageError
from gptimg_desktop.core.gate import GateKind
from gptimg_desktop.core.job import RUNNING, Job, JobState

if TYPE_CHECKING:
    from gptimg_desktop.services.queue.answers import Answers
    from gptimg_desktop.services.queue.connections import Connections
    from gptimg_desktop.services.queue.gates import Gates
    from gptimg_desktop.services.queue.ledger import Ledger
    from gptimg_desktop.services.queue.poller import Poller
    from gptimg_desktop.services.queue.submitter import Submitter

NOTICE_S: Final = 3.0
"""How long waiting jobs hold back after a start, so that the user may say no."""


async def recover(
    *,
    ledger: Ledger,
    gates: Gates,
    connections: Connections,
    submitter: Submitter,
    answers: Answers,
    poller: Poller,
    notice_s: float = NOTICE_S,
    hold_real: bool = False,
) -> tuple[Job, ...]:
    """Bring every job into a state that is true, and hand over those in hand, newest first.

    READY jobs need nothing (the collector takes them), accepted ones are looked at now, a submit without a
    recorded answer becomes UNCONFIRMED, and what waits goes on after a notice; with `hold_real`
    what would be paid only when the user says so.
    """
    await ledger.load()
    await resolve_sent(ledger, gates, submitter, answers)
    for job in ledger.in_state(JobState.ACCEPTED):
        poller.look_now(job.id)
    waiting = {job.service for job in ledger.in_state(JobState.QUEUED)}
    held = waiting - {PRACTICE} if hold_real else set()
    for service in sorted(held):
        gates.close(GateKind.USER_PAUSE, service=service)
    if notice_s and waiting - held:
        gates.close(GateKind.RESUMING, for_s=notice_s)
    hold_without_key(ledger, gates, connections)
    return ledger.all()


async def resolve_sent(
    ledger: Ledger,
    gates: Gates,
    submitter: Submitter,
    answers: Answers,
    *,
    only: frozenset[tuple[str, int]] | None = None,
) -> bool:
    """Find out what became of the jobs that were SENDING when the last run ended (of the ids and attempts in
    `only`, where given); False where the library does not take it down yet."""
    try:
        await answers.recall(ledger)
        for job in tuple(ledger.in_state(JobState.SENDING)):
            if only is None or (job.id, job.attempt) in only:
                await _resolve(job, ledger, submitter)
    except StorageError as error:
        gates.close_for_storage(error.problem)
        return False
    return True


async def _resolve(job: Job, ledger: Ledger, submitter: Submitter) -> None:
    """The last byte may have left: only a recorded answer can say what came of it."""
    evidence = await ledger.store.answer(job)
    if evidence is None:
        problem = Problem.of(ProblemKind.PROGRAM_ENDED)
        await ledger.step(job.id, lambda job: job.doubt(problem))
    else:
        await submitter.take_up(job, evidence)


def hold_without_key(ledger: Ledger, gates: Gates, connections: Connections) -> None:
    """Say of each service with unfinished jobs why they wait, where it is not connected."""
    services = {job.service for state in RUNNING for job in ledger.in_state(state)}
    for service in sorted(services):
        if connections.get(service) is not None:
            continue
        problem = connections.why_not(service)
        if problem is not None:
            gates.close(GateKind.OFFLINE, service=service, problem=problem)
        else:
            missing = Problem.of(ProblemKind.KEY_MISSING, service=service)
            gates.close(GateKind.KEY, service=service, problem=missing)
