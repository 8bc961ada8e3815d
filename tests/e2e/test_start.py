"""The start itself, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PATIENCE_S = 60
SAYS = """
import gc, json, sys
from gptimg_desktop import cli, start

async def said(app, *_):
    known = sorted(name for name in ("gptimg_desktop.engine", "httpx._main", "rich") if sys.modules.get(name))
    print(json.dumps({"looks": gc.isenabled(), "kept": gc.get_freeze_count() > 0, "known": known}))

start._until_closed = said
sys.exit(cli.main())
"""


def test_once_all_is_there_garbage_is_looked_for_again(home: Path) -> None:
    """Not before: hardly anything that a start makes is garbage. What is loaded is never looked at."""
    command = [sys.executable, "-c", SAYS, "--practice", "--data-dir", str(home / "data")]
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "QT_LOGGING_RULES": "qt.qpa.*=false"}
    ended = subprocess.run(
        command, env=environment, stdout=subprocess.PIPE, text=True, check=True, timeout=PATIENCE_S
    )
    assert json.loads(ended.stdout) == {"looks": True, "kept": True, "known": ["gptimg_desktop.engine"]}
