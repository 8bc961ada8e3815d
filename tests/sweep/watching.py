"""A process that has itself watched by strace from a moment of its choice, so that its imports are not."""

from __future__ import annotations

import ctypes
import os
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_SET_PTRACER: Final = 0x59616D61
_ANYBODY: Final = ctypes.c_ulong(-1)
_LOOK_S: Final = 0.001


class NotWatchedError(Exception):
    """strace could not take hold of this process; it has said why on stderr."""


def be_watched(strace: Sequence[str]) -> None:
    """Start strace with these arguments and go on once it holds this process, alone and with all its threads
    to come. It keeps stderr open until it has written everything down."""
    ctypes.CDLL(None).prctl(_SET_PTRACER, _ANYBODY)  # where only a parent may watch: this child as well
    watcher = subprocess.Popen(
        [*strace, "-p", str(os.getpid())], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    while not _is_held():
        if watcher.poll() is not None:
            raise NotWatchedError
        time.sleep(_LOOK_S)


def _is_held() -> bool:
    status = Path("/proc/self/status").read_text()
    return status.partition("TracerPid:")[2].split()[0] != "0"
