"""`python -m tests.sweep`: kills a job at every call and prints a table; 1 where a promise is broken."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

from tests.sweep.plants import PLANTS
from tests.sweep.strace import why_not
from tests.sweep.sweep import Result, breaches, is_sound, list_points, share_met, sweep, table


def main() -> int:
    given = _arguments()
    if reason := why_not():
        _say(f"cannot sweep: {reason}")
        return 1
    with tempfile.TemporaryDirectory(prefix="gptimg-sweep-") as folder:
        return asyncio.run(_sweep(Path(folder), given.every, given.plant))


async def _sweep(folder: Path, every: int, plant: str | None) -> int:
    started = time.monotonic()
    listed = await list_points(folder, plant=plant)
    points = listed.points[::every]
    _say(f"one job makes {len(listed.calls)} calls that matter; killing at {len(points)} points")
    results = await sweep(points, folder, plant=plant, told=_tell)
    _say(table(listed, results))
    for result in results:
        if not result.was_met:
            _say(f"not met: {result.point}")
    wrong = breaches(results)
    _say(
        f"{share_met(results):.0%} of the points met, {len(wrong)} breaches,"
        f" {time.monotonic() - started:.0f} s"
    )
    return 0 if is_sound(results) else 1


def _tell(result: Result) -> None:
    for breach in result.breaches:
        _say(f"BREACH {result.point}: {breach}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.sweep",
        description="Kill a job at every write, sync, rename, connect, send and receive, and see its end.",
    )
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every N-th point")
    parser.add_argument("--plant", choices=tuple(PLANTS), help="plant a bug, to see it caught")
    return parser.parse_args()


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - the terminal is the place for it


if __name__ == "__main__":
    sys.exit(main())
