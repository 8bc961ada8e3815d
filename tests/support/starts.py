"""How the program is started in tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gptimg_desktop.options import Options
from tests.support.scripted_server import KEY, ScriptedServer

if TYPE_CHECKING:
    from pathlib import Path


def quick_options(data_dir: Path, server: ScriptedServer | None, **more: Any) -> Options:
    """Against a server, or practising; every pause next to nothing."""
    plain: dict[str, Any] = {
        "data_dir": data_dir,
        "practice": server is None,
        "base_url": None if server is None else server.url,
        "api_key": "" if server is None else KEY,
        "practice_speed": 0.0,
        "poll_first_s": 0.0,
        "poll_every_s": 0.01,
        "pace": 0.002,
        "notice_s": 0.0,
    }
    return Options(**(plain | more))
