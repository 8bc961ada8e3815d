"""Opens connections: looks a name up once, and connects to the very addresses that it has looked at."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING, Final

import httpcore
import httpx

from gptimg_desktop.services.api.address_guard import UnsafeAddressError

if TYPE_CHECKING:
    import ssl
    from collections.abc import Awaitable, Callable, Iterable

    from httpcore import SOCKET_OPTION

EACH_S: Final = 5.0
"""How long one address may take, for of several only one may be broken."""


class Connector(httpcore.AsyncNetworkBackend):
    """Tries the addresses of a host in turn, IPv6 and IPv4 by turns, each for a while of its own.

    `is_allowed` says of a host and an address whether they may be connected; a host that has none but others
    raises UnsafeAddressError. Since the look-up and the connection are about the same address, a name server
    that changes its mind in between gains nothing. The kind of address that worked last is tried first from
    then on, so that a broken IPv6 costs its time once. What is written in numbers is not looked up.
    """

    def __init__(
        self,
        is_allowed: Callable[[str, str], bool],
        *,
        resolve: Callable[[str, int], Awaitable[list[str]]] | None = None,
        each_s: float = EACH_S,
    ) -> None:
        self._is_allowed = is_allowed
        self._resolve = resolve or addresses_of
        self._each_s = each_s
        self._sockets = httpcore.AnyIOBackend()
        self._ipv6_first: bool | None = None

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A line to one of the host's addresses; ConnectError or ConnectTimeout where none takes it.

        `timeout` (seconds) is for the look-up, and for each address where it is less than a turn.
        """
        found = await self._looked_up(host, port, timeout)
        allowed = self._in_turns([address for address in found if self._is_allowed(host, address)])
        if found and not allowed:
            raise UnsafeAddressError(host)
        failure: Exception = httpcore.ConnectError(f"no address for {host}")
        for address in allowed:
            try:
                line = await self._sockets.connect_tcp(
                    address, port, self._turn_s(timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                self._ipv6_first = _is_ipv6(address)
                return line
        raise failure

    async def sleep(self, seconds: float) -> None:
        await self._sockets.sleep(seconds)

    async def _looked_up(self, host: str, port: int, timeout: float | None) -> list[str]:
        try:
            async with asyncio.timeout(timeout):
                return await self._resolve(host, port)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(f"looking up {host}") from error
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error

    def _in_turns(self, addresses: list[str]) -> list[str]:
        """The same, the two kinds of address by turns; what the system put first begins, or what worked."""
        if not addresses:
            return []
        first = _is_ipv6(addresses[0]) if self._ipv6_first is None else self._ipv6_first
        places = {True: 0, False: 0}
        order: list[tuple[int, bool, str]] = []
        for address in addresses:
            kind = _is_ipv6(address)
            order.append((places[kind], kind is not first, address))
            places[kind] += 1
        return [address for *_, address in sorted(order, key=lambda entry: entry[:2])]

    def _turn_s(self, timeout: float | None) -> float:
        return self._each_s if timeout is None else min(self._each_s, timeout)


class DirectTransport(httpx.AsyncHTTPTransport):
    """httpx's way without a proxy, over lines that a connector opens. Certificates are checked against the
    name, whatever address was connected to."""

    def __init__(self, connector: Connector, *, tls: ssl.SSLContext, limits: httpx.Limits) -> None:
        super().__init__(verify=tls, limits=limits)
        # httpx takes no connector, though the pool that it makes does.
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=tls,
            max_connections=limits.max_connections,
            max_keepalive_connections=limits.max_keepalive_connections,
            keepalive_expiry=limits.keepalive_expiry,
            network_backend=connector,
        )


async def addresses_of(host: str, port: int) -> list[str]:
    """The addresses of a host, in the system's order; OSError where it has none."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def _is_ipv6(address: str) -> bool:
    return ":" in address
