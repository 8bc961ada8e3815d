"""What the composer costs the window: changes of size and price, heavy files dropped and sent."""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any, Final

from tests.bench.child import ChildError, measured
from tests.bench.figures import Bound, Figure
from tests.bench.heavy_files import FILES, make_files

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FRAME_MS: Final = Bound(limit=16, strict=True)
GAP_MS: Final = Bound(limit=50, strict=True)
GROWTH_MIB: Final = Bound(limit=32, strict=True)
SLOWER: Final = Bound(limit=1 / 0.7)
"""The body takes at most so many times what encoding alone takes: 0.7 of its rate."""
ROUNDS: Final = 4
CLICKS: Final = 400
TIMES: Final = 3
PATIENCE_S: Final = 240.0

Told = dict[str, Any]


def measure(watch_ms: float = 0.0) -> Iterator[Figure]:
    yield from _changes()
    yield from _drops(watch_ms)
    yield from _bodies()


# A change of size or price


def _changes() -> Iterator[Figure]:
    told = measured("plate", str(ROUNDS))
    bare = _p95([wall for wall, _ in measured("bare_label", str(CLICKS))["times"]])
    count = sum(map(len, told["times"].values()))
    if told["paints"] < count:
        raise ChildError(f"the size plate was drawn {told['paints']} times in {count} changes")
    for kind, times in told["times"].items():
        walls = [wall for wall, _ in times]
        computed = max(computing for _, computing in times)
        yield Figure(
            what=f"from the change to the drawn plate and price ({kind}), 95 of 100",
            unit="ms",
            samples=[_p95(walls)],
            reference="a bare label",
            beside=[bare],
            bound=FRAME_MS,
            note=f"{len(times)} changes; the slowest took {max(walls):.1f} ms ({computed:.1f} computed)",
        )


def _p95(samples: Sequence[float]) -> float:
    return quantiles(samples, n=20)[-1]


# Heavy files


def _drops(watch_ms: float) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="gptimg-bench-") as folder:
        given = Path(folder, "given")
        given.mkdir()
        weight = sum(path.stat().st_size for path in make_files(given)) / 1e6
        runs = [(_dropped(given, folder, n, watch_ms), _bare(given, folder, n)) for n in range(TIMES)]
    yield Figure(
        what=f"longest gap of the GUI thread while {FILES} files ({weight:.0f} MB) are dropped",
        unit="ms",
        samples=[run["gaps"][0]["ms"] for run, _ in runs],
        reference="bare Qt program, plain threads",
        beside=[bare["gaps"][0]["ms"] for _, bare in runs],
        bound=GAP_MS,
        note="longest of each run in ms, in brackets what the thread computed of it: "
        + ", ".join(f"{run['gaps'][0]['ms']:.0f} ({run['gaps'][0]['cpu_ms']:.0f})" for run, _ in runs),
    )
    for name, what, unit in (("wall_s", "time until all are there", "s"), ("grown_mib", "memory", "MiB")):
        yield Figure(
            what=f"{what} ({FILES} files)",
            unit=unit,
            samples=[run[name] for run, _ in runs],
            reference="plain threads",
            beside=[bare[name] for _, bare in runs],
        )


def _dropped(given: Path, folder: str, number: int, watch_ms: float) -> Told:
    data = Path(folder, f"data {number}")
    return _whole(measured("drop", str(given), str(data), str(watch_ms), patience_s=PATIENCE_S))


def _bare(given: Path, folder: str, number: int) -> Told:
    kept = Path(folder, f"kept {number}")
    return _whole(measured("bare_threads", str(given), str(kept), patience_s=PATIENCE_S))


def _whole(told: Told) -> Told:
    if told["references"] != FILES:
        raise ChildError(f"{told['references']} of {FILES} files were taken in")
    return told


# A heavy request


def _bodies() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="gptimg-bench-") as folder:
        told = measured("body", folder, patience_s=PATIENCE_S)
    of_json = f"{told['bytes'] / 1e6:.0f} MB of JSON"
    alone, body, sent = told["alone_s"], told["body"], told["sent"]
    ratios = [each["wall_s"] / by_itself for each, by_itself in zip(body, alone, strict=True)]
    yield Figure(
        what=f"making {of_json}, piece by piece",
        unit="s",
        samples=[each["wall_s"] for each in body],
        reference="b64encode alone",
        beside=alone,
        note=f"{1 / median(ratios):.2f} of the rate of encoding alone",
    )
    yield Figure(what="making it, times encoding alone", unit="", samples=[median(ratios)], bound=SLOWER)
    yield Figure(
        what=f"sending {of_json} to a local server",
        unit="s",
        samples=[each["wall_s"] for each in sent],
        reference="b64encode alone",
        beside=alone,
    )
    yield Figure(
        what="memory that came on top at its peak, sending",
        unit="MiB",
        samples=[each["grown_mib"] for each in (*body, *sent)],
        bound=GROWTH_MIB,
    )
    yield Figure(
        what="longest gap of the GUI thread while it is sent",
        unit="ms",
        samples=[gaps[0]["ms"] for gaps in told["gaps"]],
        bound=GAP_MS,
    )
