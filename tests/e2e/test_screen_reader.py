"""The program as a screen reader hears it, on a real accessibility bus."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from tests.support.screen import TOOLS, own_screen, require

if TYPE_CHECKING:
    from collections.abc import Iterator

PYTHON: Final = "/usr/bin/python3"
LAUNCHER: Final = "/usr/libexec/at-spi-bus-launcher"
READER: Final = Path(__file__).parents[1] / "support" / "screen_reader.py"
NEEDED: Final = (*TOOLS, "dbus-run-session", LAUNCHER, PYTHON)
PATIENCE_S: Final = 240.0


def missing_tools() -> list[str]:
    """What the test needs and this machine lacks; the bindings are in python3-pyatspi."""
    missing = [tool for tool in NEEDED if shutil.which(tool) is None]
    if (
        PYTHON not in missing
        and subprocess.run([PYTHON, "-c", "import pyatspi"], capture_output=True, check=False).returncode
    ):
        missing.append("python3-pyatspi")
    return missing


@pytest.fixture
def screen() -> Iterator[dict[str, str]]:
    require(missing_tools())
    with own_screen() as environment:
        yield environment | {"QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1", "GPTIMG_PRACTICE_SPEED": "0"}


def test_tiles_and_filters_are_heard_by_their_names(home: Path, screen: dict[str, str]) -> None:
    program = [sys.executable, "-m", "gptimg_desktop", "--practice", "--data-dir", str(home / "data")]
    done = subprocess.run(
        ["dbus-run-session", "--", PYTHON, str(READER), *program],
        env=screen,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3_000:]
    heard = json.loads(next(line for line in done.stdout.splitlines() if line.startswith("{")))
    assert heard["saved"][0].startswith("oak chair, 1")
    assert " by " in heard["saved"][0]
    assert heard["saved"][0].endswith(", practice, saved")
    assert heard["picked"][0].endswith(", picked, practice, saved")
    assert {"All", "Picks", "Running", "Needs you", "Bin"} <= set(heard["filters"])
    assert heard["again"] == heard["picked"]
