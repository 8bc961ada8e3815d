"""Gathers what is known about a submit that nobody confirmed. It reads, and changes nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.findings import CameBack, Findings, follow_money

if TYPE_CHECKING:
    from gptimg_desktop.core.job import Job
    from gptimg_desktop.core.verdict import Evidence
    from gptimg_desktop.services.library.balances import BalanceStore
    from gptimg_desktop.services.library.jobs import JobStore

_MOST_SHOWN: Final = 65_536
_UNSHOWABLE: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class Inquiry:
    """Reads the library; AppError where that cannot be read."""

    def __init__(self, jobs: JobStore, balances: BalanceStore) -> None:
        self._jobs = jobs
        self._balances = balances

    async def findings(self, job: Job) -> Findings:
        """What came back from a job's latest submit, and what the balance tells about it."""
        evidence = await self._jobs.answer(job)
        balances, others = await self._balances.around(job)
        return Findings(
            job_id=job.id,
            attempt=job.attempt,
            trail=follow_money(
                sent_at=job.armed_at or job.created_at, price=job.estimate, balances=balances, others=others
            ),
            came_back=None if evidence is None else _came_back(evidence),
        )


def _came_back(evidence: Evidence) -> CameBack | None:
    """The answer for eyes; None where not a byte of one came."""
    if evidence.status is None and not evidence.body:
        return None
    text = evidence.body[:_MOST_SHOWN].decode("utf-8", "replace").replace("\r\n", "\n")
    return CameBack(
        status=evidence.status,
        is_whole=evidence.complete,
        media_type=evidence.headers.get("content-type", "").partition(";")[0].strip()[:100],
        text=_UNSHOWABLE.sub("\N{REPLACEMENT CHARACTER}", text),
        size_bytes=len(evidence.body),
    )
