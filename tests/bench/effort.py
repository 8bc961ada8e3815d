"""What a stretch of a process's life takes: time on the wall, time of its processors, memory."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, Final

_STATUS: Final = Path("/proc/self/status")
_FORGET_PEAK: Final = ("/proc/self/clear_refs", "5")


class Effort:
    """Measures from its making on. Memory is told by Linux alone; elsewhere it counts as none."""

    def __init__(self) -> None:
        self._memory_mib = self._forget_peak()
        self._cpu_s = time.process_time()
        self._wall_s = time.perf_counter()

    def as_json(self) -> dict[str, Any]:
        """`wall_s`, `cpu_s` of all threads, and by how much memory (RSS) grew at its peak."""
        wall_s, cpu_s = time.perf_counter() - self._wall_s, time.process_time() - self._cpu_s
        return {"wall_s": wall_s, "cpu_s": cpu_s, "grown_mib": memory_mib("VmHWM") - self._memory_mib}

    def _forget_peak(self) -> float:
        if _STATUS.exists():
            path, word = _FORGET_PEAK
            Path(path).write_text(word, "ascii")
        return memory_mib("VmRSS")


def memory_mib(name: str) -> float:
    if not _STATUS.exists():
        return 0.0
    fields = dict(line.split(":", 1) for line in _STATUS.read_text("ascii").splitlines())
    return int(fields[name].split()[0]) / 1024
