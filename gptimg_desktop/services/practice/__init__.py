"""The built-in practice service: an offline double of the image API that draws its own pictures.

`service` answers requests (protocol only, no sockets, no event loop). Two carriers bring them: `transport`
httpx's inside the program, `http_server` those of other programs. `magic` lists what misbehaves on purpose.
"""

from __future__ import annotations

from gptimg_desktop.services.practice.service import PracticeService
from gptimg_desktop.services.practice.transport import PracticeTransport, poll_times

__all__ = ["PracticeService", "PracticeTransport", "poll_times"]
