"""Many odd answers at once: the prompt of a job names its case, and each case has a script of its own."""

from __future__ import annotations

from collections import Counter, deque
from typing import TYPE_CHECKING

from gptimg_desktop.core.draft import Draft

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tests.support.bench import Bench
    from tests.support.scripted_server import Act, Exchange, ScriptedServer


def each(scripts: Mapping[str, Sequence[Act]]) -> deque[Act]:
    """A queue for a kind of request that goes on for ever: each case has acts of its own, the last of which
    repeats."""
    acts = {case: deque(own) for case, own in scripts.items()}

    async def act(exchange: Exchange) -> None:
        own = acts[await _case(exchange)]
        await (own.popleft() if len(own) > 1 else own[0])(exchange)

    return deque([act])


async def _case(exchange: Exchange) -> str:
    """The prompt of a submit, or of the job whose task or file is asked for."""
    request, server = exchange.request, exchange.server
    if request.method == "POST":
        await exchange.read_body()
        return str(request.json()["prompt"])
    return next(prompt for task_id, prompt in server.accepted if task_id in request.path)


def generate_all(desk: Bench, cases: Iterable[str]) -> None:
    """One press for each case."""
    for case in cases:
        desk.engine.submit(Draft(prompt=case))


def states(desk: Bench) -> dict[str, str]:
    """Where each case stands."""
    return {job.request.prompt: job.state.value for job in desk.jobs.values()}


async def until_all(desk: Bench, cases: Iterable[str], state: str) -> None:
    """Wait until every case stands in one state; those that do not are named."""
    wanted = dict.fromkeys(cases, state)
    try:
        await desk.until(lambda: states(desk) == wanted)
    except AssertionError:
        odd = {case: now for case, now in states(desk).items() if now != state}
        raise AssertionError(f"not {state}: {odd}; gates {desk.gate_kinds}") from None


def submits(server: ScriptedServer) -> Counter[str]:
    """How often each case was sent."""
    return Counter(request.json()["prompt"] for request in server.of_kind("submit"))


def charged(server: ScriptedServer) -> Counter[str]:
    """How often a real service would have charged for each case."""
    return Counter(prompt for _, prompt in server.accepted)


def once(cases: Iterable[str]) -> Counter[str]:
    """What `submits` and `charged` have to be."""
    return Counter(dict.fromkeys(cases, 1))
