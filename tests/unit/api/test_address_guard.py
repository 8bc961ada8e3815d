"""What counts as an address of the open internet."""

from __future__ import annotations

import pytest

from gptimg_desktop.services.api.address_guard import is_allowed, is_public


@pytest.mark.parametrize(
    "address",
    ["93.184.215.14", "1.1.1.1", "2606:4700::1111", "64:ff9b::5db8:d70e", "2002:5db8:d70e::1", "198.18.0.1"],
)
def test_the_open_internet_may_be_reached(address: str) -> None:
    assert is_public(address)


@pytest.mark.row(70, 71)
@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104 - an address to refuse
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "192.0.2.1",
        "192.168.0.1",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:93.184.215.14",
        "64:ff9b::7f00:1",
        "64:ff9b::c0a8:1",
        "64:ff9b::e000:1",
        "64:ff9b:1::5db8:d70e",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::1",
        "2002:c0a8:1::1",
        "fc00::1",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "ff0e::1",
        "localhost",
        "",
    ],
)
def test_nothing_else_may(address: str) -> None:
    assert not is_public(address)


def test_this_machine_is_reached_by_its_own_names_alone_and_only_where_agreed() -> None:
    assert is_allowed("localhost", "::1", loopback=True)
    assert is_allowed("127.0.0.1", "127.0.0.1", loopback=True)
    assert not is_allowed("localhost", "127.0.0.1", loopback=False)
    assert not is_allowed("localhost", "93.184.215.14", loopback=True)
    assert not is_allowed("files.example.org", "127.0.0.1", loopback=True)
