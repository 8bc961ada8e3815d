"""Jobs to begin with."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import Any

from gptimg_desktop.core.job import Job
from gptimg_desktop.core.request import GenerationRequest
from gptimg_desktop.core.sizes import Ratio, Tier

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
