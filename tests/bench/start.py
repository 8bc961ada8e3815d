"""From process start to the first paint of the real window, beside a bare one, by turns."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.child import environment, measured
from tests.bench.figures import Figure
from tests.bench.screen import virtual_screen

if TYPE_CHECKING:
    from collections.abc import Iterator

TIMES = 5


def measure() -> Iterator[Figure]:
    """Without a screen, and where there is Xvfb on one as well."""
    yield _figure("first paint, offscreen", environment())
    with virtual_screen() as display:
        if display is not None:
            yield _figure("first paint, X11", environment(QT_QPA_PLATFORM="xcb", DISPLAY=display))


def _figure(what: str, environ: dict[str, str]) -> Figure:
    runs = [(_real_s(environ), _bare_s(environ)) for _ in range(TIMES + 1)]
    real, bare = zip(*runs[1:], strict=True)  # the first run only warms the disk's cache
    return Figure(what=what, unit="s", samples=real, reference="bare window", beside=bare)


def _real_s(environ: dict[str, str]) -> float:
    with tempfile.TemporaryDirectory(prefix="gptimg-bench-") as folder:
        started = str(time.monotonic())
        found = measured("real_window", started, str(Path(folder, "data")), environ=environ)
    return float(found["first_paint_s"])


def _bare_s(environ: dict[str, str]) -> float:
    return float(measured("bare_window", str(time.monotonic()), environ=environ)["first_paint_s"])
