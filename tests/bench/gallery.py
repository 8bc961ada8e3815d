"""The gallery over a hundred thousand jobs, beside a bare grid of Qt over the same thumbnails."""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any, Final

from tests.bench.child import environment, measured
from tests.bench.figures import Bound, Figure
from tests.bench.gallery_files import make_fresh, make_library

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MANY: Final = 100_000
FEW: Final = 1_000
FRESH: Final = 1_000
TIMES: Final = 5
PATIENCE_S: Final = 600.0
TIME_GROWTH: Final = Bound(limit=1.2)
MEMORY_GROWTH: Final = Bound(limit=1.1)
BARE: Final = Bound(limit=1.5)
INSERT_MS: Final = Bound(limit=5, strict=True)
RESIZE_MS: Final = Bound(limit=10, strict=True)
SELECT_MS: Final = Bound(limit=10, strict=True)
FRAME_MS: Final = Bound(limit=8, strict=True)
SEARCH_MS: Final = Bound(limit=100)
PILLOW: Final = Bound(limit=1.2)
GAP_MS: Final = Bound(limit=50, strict=True)
_SCREEN: Final = {
    "x": 0,
    "y": 0,
    "width": 1600,
    "height": 1000,
    "logicalDpi": 96,
    "logicalBaseDpi": 96,
    "dpr": 1,
}

Told = dict[str, Any]


def measure(
    watch_ms: float = 0.0, *, many: int = MANY, few: int = FEW, fresh: int = FRESH
) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="gptimg-bench-") as folder:
        place = Path(folder)
        environ = _environment(place)
        large, small = make_library(place / "many", many), make_library(place / "few", few)
        yield from starts(_starts(large, environ), _starts(small, environ))
        yield from work(measured("gallery_work", str(large), patience_s=PATIENCE_S, environ=environ))
    with tempfile.TemporaryDirectory(prefix="gptimg-bench-") as folder:
        place = Path(folder)
        data_dir = make_fresh(place / "fresh", fresh)
        bare = measured("bare_thumbnails", str(data_dir), patience_s=PATIENCE_S)
        arguments = (str(data_dir), str(watch_ms))
        environ = _environment(place)
        yield from thumbnails(
            measured("gallery_fresh", *arguments, patience_s=PATIENCE_S, environ=environ), bare
        )


def _environment(folder: Path) -> dict[str, str]:
    """A screen that the window has room on: the offscreen one is smaller by itself."""
    file = folder / "screen.json"
    file.write_text(json.dumps({"screens": [{"name": "bench"} | _SCREEN]}), "utf-8")
    return environment(QT_QPA_PLATFORM=f"offscreen:configfile={file}")


# The first screen


def _starts(data_dir: Path, environ: dict[str, str]) -> list[tuple[Told, Told]]:
    """The program and the bare grid, by turns; the first of each only warms the disk's cache."""
    return [_pair(data_dir, environ) for _ in range(TIMES + 1)][1:]


def _pair(data_dir: Path, environ: dict[str, str]) -> tuple[Told, Told]:
    began = str(time.monotonic())
    real = measured("gallery_start", began, str(data_dir), environ=environ, patience_s=PATIENCE_S)
    grid = tuple(map(str, real["grid"]))
    began = str(time.monotonic())
    return real, measured("bare_grid", began, str(data_dir), *grid, environ=environ, patience_s=PATIENCE_S)


def starts(large: Sequence[tuple[Told, Told]], small: Sequence[tuple[Told, Told]]) -> Iterator[Figure]:
    """From process start to a screen full of pictures, and memory before anything is scrolled."""
    for name, what, unit in (
        ("first_screen_s", "first full screen", "s"),
        ("memory_mib", "memory before scrolling", "MiB"),
    ):
        many, bare = _samples(large, name)
        few, bare_few = _samples(small, name)
        for number, real, beside in ((MANY, many, bare), (FEW, few, bare_few)):
            yield Figure(
                what=f"{what}, {number} images", unit=unit, samples=real, reference="bare grid", beside=beside
            )
        growth = TIME_GROWTH if unit == "s" else MEMORY_GROWTH
        yield _times(f"{what}, times that of {FEW} images", many, few, growth)
        yield _times(f"{what}, times that of a bare grid", many, bare, BARE)


def _samples(runs: Sequence[tuple[Told, Told]], name: str) -> tuple[list[float], list[float]]:
    return [real[name] for real, _ in runs], [bare[name] for _, bare in runs]


def _times(what: str, samples: Sequence[float], others: Sequence[float], bound: Bound) -> Figure:
    return Figure(what=what, unit="", samples=[median(samples) / median(others)], bound=bound)


# Everyday work


def work(told: Told) -> Iterator[Figure]:
    yield _deed("a result comes in and is painted, 95 of 100", told["insert_ms"], INSERT_MS)
    yield _deed("a step of resizing, 95 of 100", told["resize_ms"], RESIZE_MS)
    yield _deed(f"all {told['selected']} selected and painted", told["select_ms"], SELECT_MS)
    yield _deed("a frame of scrolling, 95 of 100", told["frame_ms"], FRAME_MS)
    worst, took = max(told["search_ms"], key=lambda each: each[1])
    yield Figure(
        what="until the list of a search is there, worst query",
        unit="ms",
        samples=[took],
        bound=SEARCH_MS,
        note=f"{worst}; {median(ms for _, ms in told['search_ms']):.0f} ms is the median of all",
    )


def _deed(what: str, times: Sequence[tuple[float, float]], bound: Bound) -> Figure:
    """By the clock; the note tells what the thread computed of it, which no other program can make more."""
    walls, computed = [wall for wall, _ in times], [cpu for _, cpu in times]
    note = f"{len(times)} times; {p95(computed):.1f} ms of it computed; the slowest took {max(walls):.1f} ms"
    return Figure(what=what, unit="ms", samples=[p95(walls)], bound=bound, note=note)


def p95(samples: Sequence[float]) -> float:
    """What 95 of 100 keep within; of one sample that itself."""
    return quantiles(samples, n=20, method="inclusive")[-1] if len(samples) > 1 else samples[0]


# New thumbnails


def thumbnails(told: Told, bare: Told) -> Iterator[Figure]:
    count = told["count"]
    yield Figure(
        what=f"{count} new thumbnails, shown",
        unit="s",
        samples=[told["wall_s"]],
        reference="Pillow on two threads",
        beside=[bare["wall_s"] * count / bare["count"]],
    )
    ratio = told["wall_s"] / count / (bare["wall_s"] / bare["count"])
    yield Figure(what="new thumbnails, times Pillow alone", unit="", samples=[ratio], bound=PILLOW)
    gaps = told["gaps"]
    yield Figure(
        what="longest gap of the GUI thread meanwhile",
        unit="ms",
        samples=[gaps[0]["ms"]],
        bound=GAP_MS,
        note="longest in ms, in brackets what the thread computed of it: "
        + ", ".join(f"{gap['ms']:.0f} ({gap['cpu_ms']:.0f})" for gap in gaps),
    )
