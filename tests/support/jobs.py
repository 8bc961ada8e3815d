"""Jobs to begin with."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from gptimg_desktop.core.job import Job
from gptimg_desktop.core.request import GenerationRequest
from gptimg_desktop.core.sizes import Ratio, Tier
from gptimg_desktop.services.library.history import History

if TYPE_CHECKING:
    from gptimg_desktop.engine import Engine
    from gptimg_desktop.services.library.jobs import JobStore

_numbers = itertools.count(1)


def new_job(**more: Any) -> Job:
    """A queued job that nobody has sent."""
    plain: dict[str, Any] = {
        "id": f"job{next(_numbers)}",
        "run_id": "run",
        "service": "http://127.0.0.1:9",
        "key_fingerprint": "abc",
        "request": GenerationRequest(prompt="an oak chair", size=Ratio.R1X1, tier=Tier.K1),
        "created_at": 1_800_000_000.0,
        "estimate": Decimal("0.0085"),
    }
    return Job(**(plain | more))


async def newest(history: History, limit: int) -> tuple[Job, ...]:
    """The newest jobs that are not in the bin, newest first."""
    return await history.jobs(await history.recent_numbers(limit))


async def every_job(store: JobStore) -> tuple[Job, ...]:
    """All that a library holds, newest first."""
    return await History(store._database).since(0.0)


async def started(engine: Engine) -> tuple[Job, ...]:
    """Let an engine begin; every job of its library, in hand or not, as it is then."""
    earlier = await engine.history.since(0.0)
    jobs = {job.id: job for job in (*earlier, *await engine.start())}
    return tuple(jobs.values())
