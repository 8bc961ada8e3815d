"""Which addresses a public name may lead to: those of the open internet, none in the user's own network."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

from gptimg_desktop.core.connection import LOOPBACK

_OPEN_IPV6: Final = IPv6Network("2000::/3")
_NAT64: Final = IPv6Network("64:ff9b::/96")
_STAND_INS: Final = IPv4Network("198.18.0.0/15")
"""Where widespread proxy programs let every name lead, to connect it themselves. No network of a house uses
it, and the certificate must be the name's all the same."""


class UnsafeAddressError(Exception):
    """A name leads to nothing but addresses that are never connected to."""


def is_public(address: str) -> bool:
    """True for an address that anybody on the internet could be reached at.

    An IPv6 address that stands for an IPv4 one through a gateway (6to4, NAT64) is what that one is. One that
    merely spells an IPv4 address (`::ffff:10.0.0.1`) is no address to be given by a name server, nor is a
    tunnel's.
    """
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv4Address):
        return _is_public_ipv4(found)
    behind = _behind_a_gateway(found)
    if behind is not None:
        return _is_public_ipv4(behind)
    return found in _OPEN_IPV6 and found.is_global and found.teredo is None


def is_allowed(host: str, address: str, *, loopback: bool) -> bool:
    """True where a host's name may lead to an address; with `loopback` this machine's names lead here, and
    nowhere else."""
    if loopback and host in LOOPBACK:
        return ip_address(address).is_loopback
    return is_public(address)


def _is_public_ipv4(address: IPv4Address) -> bool:
    # Python calls a multicast address global.
    is_open = address.is_global and not address.is_multicast and not address.is_reserved
    return is_open or address in _STAND_INS


def _behind_a_gateway(address: IPv6Address) -> IPv4Address | None:
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.sixtofour
