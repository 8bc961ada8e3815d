"""The services that jobs came from: each job is followed where it was sent, whatever is chosen since."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gptimg_desktop.core.schedule import PollTimes
    from gptimg_desktop.services.api.client import ApiClient
    from gptimg_desktop.services.api.downloads import Downloader


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceConnection:
    """Everything that is needed to talk to one service."""

    service: str
    client: ApiClient
    downloader: Downloader
    poll_times: PollTimes
    key_fingerprint: str = ""

    async def aclose(self) -> None:
        await self.client.aclose()
        await self.downloader.aclose()


class Connections:
    """One connection for each service. A replaced one stays open until the end, for what it has under way."""

    def __init__(self) -> None:
        self._current: dict[str, ServiceConnection] = {}
        self._replaced: list[ServiceConnection] = []

    def put(self, connection: ServiceConnection) -> None:
        self.drop(connection.service)
        self._current[connection.service] = connection

    def drop(self, service: str) -> None:
        """Jobs of the service wait from now on."""
        former = self._current.pop(service, None)
        if former is not None:
            self._replaced.append(former)

    def get(self, service: str) -> ServiceConnection | None:
        return self._current.get(service)

    async def aclose(self) -> None:
        for connection in (*self._current.values(), *self._replaced):
            await connection.aclose()
        self._current.clear()
        self._replaced.clear()
