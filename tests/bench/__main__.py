"""`python -m tests.bench [NAME…]`: runs benches and prints their figures; 1 where a bound is not kept."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.bench import compose, gallery, jobs, queue, start
from tests.bench.child import ChildError
from tests.bench.figures import Figure, all_kept, table

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = {
    "start": "from process start to first paint",
    "jobs": f"{jobs.JOBS} jobs against a local server",
    "compose": "changes of size and price, heavy references dropped and sent",
    "gallery": f"{gallery.MANY} jobs in the gallery: the start, everyday work, new thumbnails",
    "queue": f"{queue.JOBS} jobs of {queue.TASK_S:g} s, rate limits off, durability on",
}


def main() -> int:
    parser = _parser()
    chosen = parser.parse_args()
    names = list(dict.fromkeys(chosen.names or NAMES))
    if unknown := set(names) - NAMES.keys():
        parser.error(f"there is no bench called {', '.join(sorted(unknown))}")
    found: dict[str, list[Figure]] = {}
    _say(f"{_machine()}; figures are medians")
    for name in names:
        _say(f"\n{name}: {NAMES[name]}")
        try:
            found[name] = list(_figures(name, chosen.watch))
        except ChildError as error:
            _say(f"  FAILED  {error}")
            return 1
        _say(table(found[name]))
    if chosen.json is not None:
        chosen.json.write_text(json.dumps(_report(found), indent=1) + "\n", "utf-8")
    return 0 if all(all_kept(figures) for figures in found.values()) else 1


def _figures(name: str, watch_ms: float) -> Iterator[Figure]:
    if name == "start":
        return start.measure()
    if name == "gallery":
        return gallery.measure(watch_ms)
    if name == "compose":
        return compose.measure(watch_ms)
    return jobs.measure(watch_ms) if name == "jobs" else queue.measure(watch_ms)


def _report(found: dict[str, list[Figure]]) -> dict[str, Any]:
    benches = {name: [figure.as_json() for figure in figures] for name, figures in found.items()}
    return {"machine": _machine(), "benches": benches}


def _machine() -> str:
    return f"Python {platform.python_version()}, {platform.system()}, {os.cpu_count()} processors"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench",
        description="Measure the program. Exit code 1: a bound is not kept, or nothing could be measured.",
        epilog=" ".join(f"{name}: {what}." for name, what in NAMES.items()),
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to FILE as well")
    parser.add_argument(
        "--watch",
        type=float,
        nargs="?",
        const=jobs.GAP_MS.limit,
        default=0.0,
        metavar="MS",
        help="print all stacks whenever the GUI thread is held for MS milliseconds (50); costs time itself",
    )
    return parser


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - the terminal is the place for it


if __name__ == "__main__":
    sys.exit(main())
