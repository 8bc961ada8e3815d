"""Keys and addresses as users paste them."""

from __future__ import annotations

import pytest

from gptimg_desktop.core.connection import (
    ALIASES,
    PRACTICE,
    Connection,
    clean_base_url,
    clean_key,
    clean_proxy,
    is_loopback,
)
from gptimg_desktop.core.errors import BadInputError, Problem, ProblemKind
from gptimg_desktop.core.settings import DEFAULT_BASE_URL, ProxyChoice, Settings

KEY = "sk-canary-0123456789"


@pytest.mark.parametrize(
    "pasted",
    [
        KEY,
        f"  {KEY}\n",
        f"\u00a0{KEY}\r\n",
        f"Bearer {KEY}",
        f"bearer   {KEY}",
        f"BEARER {KEY}\n",
        f'"{KEY}"',
        f"'{KEY}'",
        f' "Bearer {KEY}" ',
    ],
)
def test_s11_key_is_found_in_what_was_pasted(pasted: str) -> None:
    assert clean_key(pasted) == KEY


@pytest.mark.parametrize(
    "pasted",
    [
        "",
        "   ",
        "Bearer ",
        "short",
        "x" * 513,
        f"{KEY} {KEY}",
        f"{KEY}\n{KEY}",
        f"{KEY}\tx",
        f"{KEY}\0",
        f"{KEY}ä",
        f"{KEY}\u200b",
        f"{KEY}\x7f",
    ],
)
def test_128_what_cannot_be_a_key_is_refused_at_entry(pasted: str) -> None:
    with pytest.raises(BadInputError) as refusal:
        clean_key(pasted)
    assert refusal.value.problem == Problem.of(ProblemKind.KEY_MALFORMED)


def test_s10_refused_key_is_not_repeated_in_the_error() -> None:
    with pytest.raises(BadInputError) as refusal:
        clean_key(f"{KEY} {KEY}")
    assert "canary" not in f"{refusal.value!s}{refusal.value!r}"


def test_longest_and_shortest_key() -> None:
    assert clean_key("x" * 8) == "x" * 8
    assert clean_key("x" * 512) == "x" * 512


@pytest.mark.parametrize(
    ("pasted", "address"),
    [
        ("https://api.example.com", "https://api.example.com"),
        ("https://api.example.com/", "https://api.example.com"),
        ("https://api.example.com/v1", "https://api.example.com"),
        ("https://api.example.com/v1///", "https://api.example.com"),
        ("  https://api.example.com/v1/\n", "https://api.example.com"),
        ("https://api.example.com:8443/v1", "https://api.example.com:8443"),
        ("https://example.com/proxy/v1", "https://example.com/proxy"),
        ("http://127.0.0.1:8080/v1", "http://127.0.0.1:8080"),
        ("http://localhost:1", "http://localhost:1"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_address_with_or_without_v1_and_slashes(pasted: str, address: str) -> None:
    assert clean_base_url(pasted) == address


@pytest.mark.parametrize(
    "pasted",
    [
        "",
        "api.example.com",
        "https://",
        "http://api.example.com",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "http://192.168.0.1",
        "http://0.0.0.0",
        "ftp://api.example.com",
        "file:///etc/passwd",
        "https://user@api.example.com",
        "https://user:secret@api.example.com",
        "http://127.0.0.1@evil.example",
        "https://api.example.com?x=1",
        "https://api.example.com#x",
        "https://api.example.com:99999",
        "https://api.example.com:http",
        "https://[::1",
    ],
)
def test_s2_anything_but_https_or_this_machine_is_refused(pasted: str) -> None:
    with pytest.raises(BadInputError) as refusal:
        clean_base_url(pasted)
    assert refusal.value.problem == Problem.of(ProblemKind.ADDRESS_UNUSABLE, address=pasted)


@pytest.mark.parametrize(
    ("address", "local"),
    [
        ("http://127.0.0.1:8080", True),
        ("http://LOCALHOST:1/x", True),
        ("https://[::1]", True),
        ("https://api.example.com", False),
        ("http://127.0.0.1.example.com", False),
        ("", False),
        (PRACTICE, False),
    ],
)
def test_this_machine(address: str, local: bool) -> None:
    assert is_loopback(address) is local


def test_practice_is_an_address_that_no_network_has() -> None:
    assert Connection(service=PRACTICE).is_practice
    assert not Connection(service="https://api.example.com").is_practice
    assert PRACTICE.endswith(".invalid")
    assert clean_base_url(PRACTICE) == PRACTICE


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("http://proxy.example:8080", "http://proxy.example:8080"),
        (" proxy.example:8080/ ", "http://proxy.example:8080"),
        ("https://proxy.example", "https://proxy.example"),
        ("socks5://127.0.0.1:1080", "socks5://127.0.0.1:1080"),
        ("socks5h://user:secret@proxy.example:1080", "socks5h://user:secret@proxy.example:1080"),
        ("[::1]:3128", "http://[::1]:3128"),
    ],
)
def test_a_proxy_is_taken_as_people_write_it(typed: str, address: str) -> None:
    assert clean_proxy(typed) == address


@pytest.mark.parametrize(
    "typed",
    [
        *("", "   ", "http://", "ftp://proxy.example", "socks4://proxy.example:1", "http://proxy.example:0"),
        *("http://proxy.example:99999", "http://proxy.example:http", "http://[::1", "http://a b:1"),
        *("http://proxy.example/path", "http://proxy.example?x=1", "http://прокси.example"),
    ],
)
def test_what_is_no_proxy_is_refused_without_repeating_it(typed: str) -> None:
    with pytest.raises(BadInputError) as refusal:
        clean_proxy(typed)
    assert refusal.value.problem == Problem.of(ProblemKind.PROXY_UNUSABLE)


def test_the_known_addresses_can_all_be_used() -> None:
    assert ALIASES[0] == DEFAULT_BASE_URL
    assert [clean_base_url(address) for address in ALIASES] == list(ALIASES)


@pytest.mark.parametrize(
    ("settings", "url"),
    [
        (Settings(), None),
        (Settings(proxy=ProxyChoice.NONE, proxy_address="http://kept:1"), ""),
        (Settings(proxy=ProxyChoice.GIVEN, proxy_address="http://given:1"), "http://given:1"),
    ],
)
def test_the_proxy_that_the_settings_mean(settings: Settings, url: str | None) -> None:
    assert settings.proxy_url == url


def test_kept_keys_are_told_once_for_each_service() -> None:
    settings = Settings().with_kept_key("https://a", kept=True).with_kept_key("https://b", kept=True)
    assert settings.with_kept_key("https://a", kept=True).kept_keys == ("https://b", "https://a")
    assert settings.with_kept_key("https://a", kept=False).kept_keys == ("https://b",)


def test_an_address_is_the_same_however_its_host_is_written() -> None:
    assert clean_base_url("HTTPS://API.Example.com/Path/v1") == "https://api.example.com/Path"


@pytest.mark.parametrize(
    "pasted", ["https://api.example.com\\evil", "https://api.example.com/a b", 'https://a"b']
)
def test_an_address_with_what_no_address_has_is_refused(pasted: str) -> None:
    with pytest.raises(BadInputError):
        clean_base_url(pasted)
