"""Connections are made to whom the system trusts, quickly, and to nobody else."""

from __future__ import annotations

import asyncio
import ssl
import sys
import time
from typing import TYPE_CHECKING

import pytest

from gptimg_desktop.core.errors import NetworkError, ProblemKind
from gptimg_desktop.services.api import tls
from gptimg_desktop.services.api.client import ApiClient
from gptimg_desktop.services.api.downloads import Downloader
from gptimg_desktop.services.api.tls import tls_context

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.anyio

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system keeps the store itself")


def authorities(context: ssl.SSLContext) -> int:
    return context.cert_store_stats()["x509_ca"]


@pytest.fixture
def no_store(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An OpenSSL that finds nothing where it looks, which is the folder returned and a file beside it."""
    folder = home / "certs"
    folder.mkdir()
    monkeypatch.setenv("SSL_CERT_FILE", str(home / "none.pem"))
    monkeypatch.setenv("SSL_CERT_DIR", str(folder))
    return folder


async def test_it_verifies_and_speaks_nothing_older_than_1_2() -> None:
    context = tls_context()
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2


async def test_session_keys_are_never_logged(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSLKEYLOGFILE", str(home / "keys.log"))
    context = tls_context()
    client = ApiClient(service="https://api.example.org", key="sk-12345678", tls=context)
    await client.aclose()
    assert not context.keylog_filename
    assert not (home / "keys.log").exists()


@on_linux
async def test_the_store_is_read_once_and_not_at_every_connection() -> None:
    context = tls_context()
    started = time.perf_counter()
    for _ in range(200):
        context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="api.example.org")
    assert time.perf_counter() - started < 1  # reading it takes some 20 ms


@on_linux
async def test_without_a_store_in_place_a_known_bundle_is_taken(
    no_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = no_store.parent / "broken.pem"
    broken.write_text("no certificate")
    monkeypatch.setattr(tls, "_KNOWN_BUNDLES", (str(no_store / "gone.pem"), str(broken)))
    assert authorities(tls_context()) > 50  # the bundle that came along


@on_linux
async def test_a_store_that_is_a_folder_is_left_as_it_is(no_store: Path) -> None:
    (no_store / "0a1b2c3d.0").touch()
    assert authorities(tls_context()) == 0  # OpenSSL reads the folder when it needs one of them


def _naive() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    return context


def _blind() -> ssl.SSLContext:
    context = _naive()
    context.verify_mode = ssl.CERT_NONE
    return context


@pytest.mark.parametrize("make", [_naive, _blind])
async def test_a_context_that_trusts_anyone_is_not_taken(make: type[ssl.SSLContext]) -> None:
    with pytest.raises(ValueError, match="does not verify"):
        ApiClient(service="https://api.example.org", key="sk-12345678", tls=make())
    with pytest.raises(ValueError, match="does not verify"):
        Downloader(loopback=False, tls=make())


@pytest.mark.row(110)
async def test_a_stranger_gets_no_request(home: Path) -> None:
    """A server with a certificate that nobody vouches for is named as such, and hears nothing."""
    heard: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.read())
        writer.close()

    files = await _self_signed(home)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*files)
    server = await asyncio.start_server(talk, "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    service, shared = f"https://127.0.0.1:{port}", tls_context()
    client = ApiClient(service=service, key="sk-12345678", tls=shared)
    downloader = Downloader(loopback=True, tls=shared)
    try:
        with pytest.raises(NetworkError) as refused_look:
            await client.task("task_1")
        with pytest.raises(NetworkError) as refused_file:
            await downloader.fetch(f"{service}/a.png", discard)
    finally:
        await client.aclose()
        await downloader.aclose()
        server.close()
    for refused in (refused_look, refused_file):
        assert refused.value.problem.kind is ProblemKind.TLS_UNTRUSTED
    assert heard == []


async def discard(piece: bytes) -> None:
    """A place for bytes that are not looked at."""


async def _self_signed(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 and its key, made now."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    words = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=here "
        f"-addext subjectAltName=IP:127.0.0.1 -out {certificate} -keyout {key}"
    )
    try:
        making = await asyncio.create_subprocess_exec(*words.split(), stderr=asyncio.subprocess.PIPE)
    except FileNotFoundError:
        pytest.skip("there is no openssl command here")
    _, told = await making.communicate()
    assert making.returncode == 0, told
    return certificate, key
