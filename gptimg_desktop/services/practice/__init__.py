"""The built-in practice service: an offline double of the image API that draws its own pictures.

`service` answers requests (protocol only, no sockets, no event loop), `transport` carries httpx's requests to
it inside the program. Whoever serves it over HTTP needs another carrier, not another service.
"""

from __future__ import annotations

from gptimg_desktop.services.practice.service import PracticeService
from gptimg_desktop.services.practice.transport import PracticeTransport, poll_times

__all__ = ["PracticeService", "PracticeTransport", "poll_times"]
