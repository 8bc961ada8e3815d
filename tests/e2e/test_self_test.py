"""`--self-test` as a user of a machine without a screen starts it."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

SCREENS = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "XDG_RUNTIME_DIR"}


def test_every_step_is_told_and_nothing_is_left_behind(home: Path) -> None:
    environment = {name: text for name, text in os.environ.items() if name not in SCREENS}
    environment["TMPDIR"] = str(home)
    done = subprocess.run(
        [sys.executable, "-m", "gptimg_desktop", "--self-test"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    version, *steps, end = done.stdout.splitlines()
    assert version.startswith("gptimg-desktop ")
    assert [step[:4] for step in steps] == ["ok  "] * 6
    assert steps[4] == "ok  a-walnut-chair-by-a-window_0001.png is a whole picture of 2048 × 1152 pixels"
    assert end == "self-test passed"
    assert list(home.iterdir()) == []
