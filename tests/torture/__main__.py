"""`python -m tests.torture`: kills at random; 1 where a promise broke or the run proves nothing."""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import random
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.torture.ambiguous import Doubtful
from tests.torture.plants import PLANTS
from tests.torture.rounds import BreachError, Plan, torture

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.torture.tally import Tally

TITLES = {
    "worker": "The engine, killed at random",
    "window": "The whole program, killed at random",
    "ambiguous": "Submits that were taken and never told",
}


def main() -> int:
    chosen = _parser().parse_args()
    folder = Path(tempfile.mkdtemp(prefix="gptimg-torture-"))
    _say(f"{_machine()}; seed {chosen.seed}")
    tallies: list[Tally] = []
    try:
        asyncio.run(_run(chosen, folder, tallies))
    except BreachError as breach:
        _say(str(breach))
        return 1
    doubts = [doubt for tally in tallies for doubt in tally.doubts()]
    for doubt in doubts:
        _say(f"PROVES NOTHING: {doubt}")
    shutil.rmtree(folder)
    _say("\nkey in any file, or at a host but the API: never")
    _say("FAILED" if doubts else "every promise kept")
    return 1 if doubts else 0


async def _run(chosen: argparse.Namespace, folder: Path, tallies: list[Tally]) -> None:
    for module, kills in (("worker", chosen.kills), ("window", chosen.window_kills)):
        if kills:
            plan = Plan(
                folder=folder,
                seed=chosen.seed,
                module=module,
                kills=kills,
                jobs=chosen.jobs,
                plant=chosen.plant,
            )
            tallies.append(await torture(plan))
            _say("\n".join(_table(tallies[-1])))
    if chosen.ambiguous:
        doubtful = Doubtful(folder, chosen.seed, chosen.ambiguous, chosen.restarts, chosen.plant)
        tallies.append(await doubtful.run())
        _say("\n".join(_table(tallies[-1])))


def _table(tally: Tally) -> Iterator[str]:
    yield f"\n{TITLES[tally.name]}"
    for name, text in tally.lines():
        yield f"  {name:<34}{text}"


def _machine() -> str:
    return f"Python {platform.python_version()}, {platform.system()}, {os.cpu_count()} processors"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.torture",
        description="Kill the program at random while its service misbehaves, and compare afterwards.",
    )
    add = parser.add_argument
    add("--kills", type=int, default=1000, help="kills of the engine (1000); 0 leaves that part out")
    add("--window-kills", type=int, default=50, help="kills of the whole program (50); 0 leaves it out")
    add("--ambiguous", type=int, default=200, help="submits nobody can tell about (200); 0 leaves them out")
    add("--restarts", type=int, default=10, help="starts that these go through (10)")
    add("--jobs", type=int, default=2, help="rounds at the same time (2)")
    add("--seed", type=int, default=random.randrange(1_000_000), help="what chance begins with")
    add("--plant", choices=sorted(PLANTS), default="", help="a bug to plant, which has to be found")
    return parser


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - the terminal is the place for it


if __name__ == "__main__":
    sys.exit(main())
