"""`python -m tests.powercut`: cuts the power at every moment of a job; 1 where a promise is broken."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

from tests.powercut.order import SUBMITS, order
from tests.powercut.powercut import powercut
from tests.powercut.recording import record
from tests.support.scripted_server import picture
from tests.sweep.plants import PLANTS
from tests.sweep.strace import why_not
from tests.sweep.trial import trial


def main() -> int:
    given = _arguments()
    if reason := why_not():
        _say(f"cannot record a job: {reason}")
        return 1
    with tempfile.TemporaryDirectory(prefix="gptimg-powercut-") as folder:
        wrong = asyncio.run(_cuts(Path(folder), given.every, given.torn, given.plant))
        wrong += asyncio.run(_order(Path(folder), given.plant))
    return 1 if wrong else 0


async def _cuts(folder: Path, every: int, torn: int, plant: str | None) -> int:
    """Cut the power again and again; the number of breaches."""
    started = time.monotonic()
    tally = await powercut(folder, every=every, torn=torn, plant=plant)
    for breach in tally.breaches:
        _say(f"BREACH {breach}")
    lost = sum("lost" in breach for breach in tally.breaches)
    _say(f"moments of a job in which the power went   {tally.moments}")
    _say(f"cuts (unsynced gone, kept, torn {torn} times)    {len(tally.cuts)}")
    _say(f"published transitions looked for           {tally.promises}")
    _say(f"cuts after which the job was run to its end {len(tally.run_on)}")
    _say(f"lost {lost}, breaches {len(tally.breaches)}, {time.monotonic() - started:.0f} s")
    return len(tally.breaches) + (not tally.promises) + (not tally.run_on)


async def _order(folder: Path, plant: str | None) -> int:
    """See that each of many requests was armed on the disk before its last byte; the number of breaches."""
    async with trial(folder, plant=plant) as own:
        own.picture = picture()
        seen = await order(await record(own, presses=SUBMITS), own)
    for breach in seen.breaches:
        _say(f"BREACH {breach}")
    _say(f"last bytes that left {seen.last_bytes}, before their arming was on the disk {len(seen.breaches)}")
    return len(seen.breaches) + abs(SUBMITS - seen.last_bytes)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.powercut",
        description="Cut the power at every moment of a job, and look what is left and what comes of it.",
    )
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every N-th moment")
    parser.add_argument(
        "--torn", type=int, default=3, metavar="N", help="fates by chance for each moment (3)"
    )
    parser.add_argument("--plant", choices=tuple(PLANTS), help="plant a bug, to see it caught")
    return parser.parse_args()


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - the terminal is the place for it


if __name__ == "__main__":
    sys.exit(main())
