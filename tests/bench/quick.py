"""A connection and a library's surroundings in which nothing waits on purpose: rate limits are off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import gptimg_desktop.services.library.files.picture_folder
from gptimg_desktop.core.connection import is_loopback
from gptimg_desktop.core.schedule import PollTimes, Span
from gptimg_desktop.services.api.client import ApiClient
from gptimg_desktop.services.api.downloads import Downloader
from gptimg_desktop.services.keys import fingerprint
from gptimg_desktop.services.queue.connections import ServiceConnection

if TYPE_CHECKING:
    from gptimg_desktop.engine import Engine

KEY: Final = "sk-bench-0123456789"
SUBMITS_AT_ONCE: Final = 8
POLL_TIMES: Final = PollTimes(
    first=Span(0.2, 0.5), bands=((float("inf"), Span(0.1, 0.3)),), between_reads_s=0.0
)
"""For tasks of a fifth of a second, with room to ask about many of them together."""
_ROOM_PER_IMAGE: Final = 1_000_000


def hurry(engine: Engine, url: str) -> None:
    """Let an engine work without rate limits, and on a disk without room for a thousand large pictures."""
    vars(gptimg_desktop.services.library.files.picture_folder)["ROOM_PER_IMAGE"] = _ROOM_PER_IMAGE
    connection = ServiceConnection(
        service=url,
        client=ApiClient(service=url, key=KEY),
        downloader=Downloader(loopback=is_loopback(url)),
        poll_times=POLL_TIMES,
        key_fingerprint=fingerprint(KEY),
    )
    engine.queue.connect(connection)
