"""A screen that nobody sees: Xvfb, where it is installed."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def virtual_screen() -> Iterator[str | None]:
    """The name of a free display as long as the block lasts; None where there is no Xvfb, or it fails."""
    xvfb = shutil.which("Xvfb")
    if xvfb is None:
        yield None
        return
    reader, writer = os.pipe()
    arguments = ["-displayfd", str(writer), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"]
    server = subprocess.Popen([xvfb, *arguments], pass_fds=[writer], stderr=subprocess.DEVNULL)
    try:
        os.close(writer)
        with os.fdopen(reader) as told:
            number = told.readline().strip()
        yield f":{number}" if number else None
    finally:
        server.terminate()
        server.wait()
