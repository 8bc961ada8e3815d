"""The practice service over a real socket: what a client sees on the wire, and how it ends."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from gptimg_desktop.services.practice import PracticeService, http_bodies, http_server
from gptimg_desktop.services.practice.http_server import PracticeServer
from tests.unit.practice.visitor import opened

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY = {"Authorization": "Bearer any key at all"}
SUBMIT = "/v1/images/generations"
BODY = json.dumps({"model": "gpt-image-2", "prompt": "a quiet bay", "size": "320x240"}).encode()


@pytest.fixture
def server() -> Iterator[PracticeServer]:
    with PracticeServer(port=0, speed=0) as served:
        yield served


@pytest.fixture
def wire(server: PracticeServer) -> Iterator[http.client.HTTPConnection]:
    """One connection, which stays open from request to request."""
    connection = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=20)
    with contextlib.closing(connection):
        yield connection


class Reply:
    """One answer, read to its end."""

    def __init__(self, answer: http.client.HTTPResponse) -> None:
        self.status = answer.status
        self.headers = answer.headers
        self.body = answer.read()

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def ask(wire: http.client.HTTPConnection, method: str, path: str, body: Any = None, **headers: str) -> Reply:
    """One request with a key; names of headers with underscores."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    wire.request(method, path, body, KEY | named)
    return Reply(wire.getresponse())


def new_link(wire: http.client.HTTPConnection) -> str:
    """The path of a new picture."""
    task_id = ask(wire, "POST", SUBMIT, BODY).json["data"][0]["task_id"]
    link = ask(wire, "GET", f"/v1/tasks/{task_id}").json["data"]["result"]["images"][0]["url"][0]
    assert link.startswith(f"http://127.0.0.1:{wire.port}/f/image/")
    return str(link).removeprefix(f"http://127.0.0.1:{wire.port}")


def used(wire: http.client.HTTPConnection) -> float:
    return float(ask(wire, "GET", "/v1/balance").json["used_balance"])


def raw(server: PracticeServer, sent: bytes) -> bytes:
    """What comes back for some bytes, until the server closes."""
    with socket.create_connection(("127.0.0.1", server.server_address[1]), timeout=20) as line:
        line.sendall(sent)
        received = b""
        while piece := line.recv(65_536):
            received += piece
        return received


# Plain use


def test_a_picture_is_made_over_one_connection(wire: http.client.HTTPConnection) -> None:
    link = new_link(wire)
    line = wire.sock
    wire.request("GET", link)  # no key
    file = Reply(wire.getresponse())
    assert opened(file.body).size == (320, 240)
    assert file.headers["Content-Type"] == "image/png"
    assert file.headers["Content-Length"] == str(len(file.body))
    assert wire.sock is line


@pytest.mark.parametrize("host", ["localhost:8765", "api.apimart.ai", "files.practice.invalid", "[::1]"])
def test_it_answers_whatever_host_it_was_reached_by(wire: http.client.HTTPConnection, host: str) -> None:
    assert ask(wire, "POST", SUBMIT, BODY, Host=host).status == 200


def test_an_address_written_in_full_is_understood(wire: http.client.HTTPConnection) -> None:
    answer = ask(wire, "GET", f"http://127.0.0.1:{wire.port}/v1/tasks/task%5Fx?language=zh")
    assert answer.json["error"]["message"] == "任务不存在或已过期"


def test_answers_carry_the_date_and_their_length(wire: http.client.HTTPConnection) -> None:
    answer = ask(wire, "GET", "/v1/models")
    assert answer.headers["Date"].endswith("GMT")
    assert answer.headers["Content-Length"] == str(len(answer.body))
    assert "Python" not in answer.headers["Server"]


def test_a_body_in_chunks_is_taken(wire: http.client.HTTPConnection) -> None:
    pieces = iter([BODY[:10], BODY[10:]])
    wire.request("POST", SUBMIT, pieces, KEY, encode_chunked=True)
    assert Reply(wire.getresponse()).status == 200
    assert used(wire) > 0


def test_chunks_may_have_extensions_and_trailers(server: PracticeServer) -> None:
    head = f"POST {SUBMIT} HTTP/1.1\r\nAuthorization: Bearer k\r\nConnection: close\r\n"
    size = f"{len(BODY):x};name=value\r\n".encode()
    chunks = size + BODY + b"\r\n0\r\nTrailer: x\r\n\r\n"
    answer = raw(server, head.encode() + b"Transfer-Encoding: Chunked\r\n\r\n" + chunks)
    assert answer.startswith(b"HTTP/1.1 200 ")


def test_an_upload_becomes_a_reference(wire: http.client.HTTPConnection) -> None:
    wire.request("GET", new_link(wire))
    picture = Reply(wire.getresponse()).body
    form = (
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n%s\r\n--b--\r\n'
        % picture
    )
    told = ask(wire, "POST", "/v1/uploads/images", form, Content_Type="multipart/form-data; boundary=b").json
    assert told["bytes"] == len(picture)
    path = told["url"].removeprefix(f"http://127.0.0.1:{wire.port}")
    assert ask(wire, "GET", path).body == picture
    content = json.loads(BODY) | {"image_urls": [told["url"]]}
    assert ask(wire, "POST", SUBMIT, json.dumps(content)).status == 200
    gone = json.loads(BODY) | {"image_urls": [told["url"].replace(".png", ".gif")]}
    assert ask(wire, "POST", SUBMIT, json.dumps(gone)).status == 400


def test_the_head_of_a_file_is_told_without_the_file(wire: http.client.HTTPConnection) -> None:
    link = new_link(wire)
    head = ask(wire, "HEAD", link, Range="bytes=0-9")
    file = ask(wire, "GET", link)
    assert (head.status, head.body) == (200, b"")
    for name in ("Content-Length", "Content-Type", "ETag", "Access-Control-Allow-Origin"):
        assert head.headers[name] == file.headers[name]
    assert ask(wire, "HEAD", "/v1/nothing").status == 404


@pytest.mark.parametrize(
    ("wanted", "part"),
    [
        ("bytes=0-0", slice(0, 1)),
        ("bytes=100-", slice(100, None)),
        ("bytes=10-19", slice(10, 20)),
        ("bytes=-30", slice(-30, None)),
        ("bytes=-999999999", slice(None)),
        ("bytes=5-999999999", slice(5, None)),
    ],
)
def test_a_range_of_a_file_is_answered_with_its_part(
    wire: http.client.HTTPConnection, wanted: str, part: slice
) -> None:
    link = new_link(wire)
    whole = ask(wire, "GET", link)
    assert whole.headers["Accept-Ranges"] == "bytes"
    answer = ask(wire, "GET", link, Range=wanted, If_Range=whole.headers["ETag"])
    assert (answer.status, answer.body) == (206, whole.body[part])
    start = part.indices(len(whole.body))[0]
    end = start + len(answer.body) - 1
    assert answer.headers["Content-Range"] == f"bytes {start}-{end}/{len(whole.body)}"
    assert answer.headers["ETag"] == whole.headers["ETag"]


@pytest.mark.parametrize("wanted", ["bytes=9-5", "bytes=-", "bytes=0-1,4-5", "lines=0-1", "bytes=a-b", "0-5"])
def test_a_range_that_makes_no_sense_is_answered_with_all(
    wire: http.client.HTTPConnection, wanted: str
) -> None:
    link = new_link(wire)
    assert ask(wire, "GET", link, Range=wanted).body == ask(wire, "GET", link).body


def test_a_range_of_another_state_is_answered_with_all(wire: http.client.HTTPConnection) -> None:
    assert ask(wire, "GET", new_link(wire), Range="bytes=0-9", If_Range='"other"').status == 200


@pytest.mark.parametrize("wanted", ["bytes=999999999-", "bytes=-0"])
def test_a_range_behind_the_end_is_told_the_length(wire: http.client.HTTPConnection, wanted: str) -> None:
    link = new_link(wire)
    length = len(ask(wire, "GET", link).body)
    answer = ask(wire, "GET", link, Range=wanted)
    assert (answer.status, answer.headers["Content-Range"]) == (416, f"bytes */{length}")


def test_a_range_counts_for_files_only(wire: http.client.HTTPConnection) -> None:
    assert ask(wire, "GET", "/v1/models", Range="bytes=0-1").json["object"] == "list"
    assert ask(wire, "GET", "/f/image/none.png", Range="bytes=0-1").status == 404


@pytest.mark.parametrize("path", [SUBMIT, "/v1/tasks/task_1", "/f/image/x.png", "*"])
def test_browsers_may_ask_before_they_ask(wire: http.client.HTTPConnection, path: str) -> None:
    wire.request("OPTIONS", path, headers={"Origin": "https://example.com"})
    answer = Reply(wire.getresponse())
    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers["Content-Length"] is None
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]


@pytest.mark.parametrize(
    ("wanted", "allowed"),
    [
        ("authorization,x-client-version", "authorization,x-client-version"),
        ("a\r\n b: c", "Authorization, Content-Type, Range, If-Range"),
    ],
)
def test_browsers_may_send_their_own_headers_and_nothing_that_breaks_ours(
    server: PracticeServer, wanted: str, allowed: str
) -> None:
    head = f"OPTIONS / HTTP/1.1\r\nConnection: close\r\nAccess-Control-Request-Headers: {wanted}\r\n\r\n"
    lines = raw(server, head.encode()).decode().split("\r\n")
    assert f"Access-Control-Allow-Headers: {allowed}" in lines
    assert not any(line.strip().startswith("b:") for line in lines)


def test_browsers_may_read_every_answer(wire: http.client.HTTPConnection) -> None:
    wire.request("GET", "/v1/models")
    unknown = Reply(wire.getresponse())
    assert (unknown.status, unknown.headers["Access-Control-Allow-Origin"]) == (401, "*")
    throttled = ask(wire, "POST", SUBMIT, BODY.replace(b"quiet", b"throttle"))
    assert throttled.headers["Retry-After"] == "2"
    assert "Retry-After" in throttled.headers["Access-Control-Expose-Headers"]


# Bad callers


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"garbage\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
        (b"GET / HTTP/9.9\r\n\r\n", 505),
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 200 + b"\r\n", 431),
        (b"BREW /v1/models HTTP/1.1\r\n\r\n", 501),
        (b"GET http://[ HTTP/1.1\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 1e3\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n", 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n", 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + b"a: b\r\n" * 101, 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 536870913\r\n\r\n", 413),
        (b"POST / HTTP/1.1\r\nContent-Length: " + b"9" * 5_000 + b"\r\n\r\n", 413),
        (b"POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 536870913\r\n\r\n", 413),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n", 413),
    ],
    ids=lambda value: str(value)[:60],
)
def test_a_request_that_makes_no_sense_is_told_so_and_let_go(
    server: PracticeServer, wire: http.client.HTTPConnection, head: bytes, status: int
) -> None:
    told, _, body = raw_until_answer(server, head).partition(b"\r\n\r\n")
    assert told.split()[1] == str(status).encode()
    assert b"Connection: close" in told
    assert json.loads(body)["error"]["code"] == status
    assert ask(wire, "GET", "/v1/models").status == 200


def raw_until_answer(server: PracticeServer, sent: bytes) -> bytes:
    """As `raw`, from a caller that then says no more."""
    with socket.create_connection(("127.0.0.1", server.server_address[1]), timeout=20) as line:
        line.sendall(sent)
        line.shutdown(socket.SHUT_WR)
        received = b""
        while piece := line.recv(65_536):
            received += piece
        return received


def test_a_body_in_chunks_may_not_grow_without_end(
    server: PracticeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_bodies, "MOST_BYTES", 30)
    head = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    answer = raw_until_answer(server, head + b"10\r\n" + b"a" * 16 + b"\r\n10\r\n")
    assert answer.startswith(b"HTTP/1.1 413 ")


def test_an_answer_reaches_a_caller_who_sends_too_much(
    server: PracticeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_bodies, "MOST_BYTES", 1_000_000)
    head = b"POST / HTTP/1.1\r\nContent-Length: 8000000\r\n\r\n"
    assert raw_until_answer(server, head + b"a" * 8_000_000).startswith(b"HTTP/1.1 413 ")


def test_who_asks_first_whether_to_send_is_told_to(server: PracticeServer) -> None:
    head = f"POST {SUBMIT} HTTP/1.1\r\nAuthorization: Bearer k\r\nExpect: 100-continue\r\n"
    sent = f"{head}Connection: close\r\nContent-Length: {len(BODY)}\r\n\r\n".encode() + BODY
    answer = raw(server, sent)
    assert answer.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 ")


def test_an_old_caller_gets_its_answer_and_the_end(server: PracticeServer) -> None:
    answer = raw(server, b"GET /v1/models HTTP/1.0\r\nAuthorization: Bearer k\r\n\r\n")
    assert b" 200 OK" in answer
    assert b"Connection: close" in answer


@pytest.mark.parametrize("length", [len(BODY) + 1, len(BODY) + 2_000_000])
def test_a_body_that_breaks_off_is_not_taken(
    server: PracticeServer, wire: http.client.HTTPConnection, length: int
) -> None:
    head = f"POST {SUBMIT} HTTP/1.1\r\nAuthorization: Bearer k\r\nContent-Length: {length}\r\n\r\n"
    assert raw_until_answer(server, head.encode() + BODY).startswith(b"HTTP/1.1 400 ")
    assert used(wire) == 0


@pytest.mark.parametrize("sent", [b"", b"GET / HT", b"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nab"])
def test_a_silent_connection_is_let_go(monkeypatch: pytest.MonkeyPatch, sent: bytes) -> None:
    assert http_server._Connection.timeout == 60
    monkeypatch.setattr(http_server._Connection, "timeout", 0.05)
    with PracticeServer(port=0, speed=0) as server:
        assert raw(server, sent) == b""


def test_callers_who_go_away_make_no_noise(
    server: PracticeServer, wire: http.client.HTTPConnection, capfd: pytest.CaptureFixture[str]
) -> None:
    link = new_link(wire)
    for sent in (b"", b"GET", f"GET {link} HTTP/1.1\r\n\r\n".encode()):
        with socket.create_connection(("127.0.0.1", server.server_address[1]), timeout=20) as line:
            line.sendall(sent)
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # ends with a reset
    assert ask(wire, "GET", link).status == 200
    assert capfd.readouterr() == ("", "")


@pytest.mark.expects_log("could not answer GET /v1/models(?s:.*)ZeroDivisionError")
def test_a_mistake_of_ours_is_an_answer_too(
    wire: http.client.HTTPConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def mistaken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(PracticeService, "answer", mistaken)
    answer = ask(wire, "GET", "/v1/models")
    assert (answer.status, answer.json["error"]["type"]) == (500, "server_error")


# Its life


def test_it_starts_with_ten_dollars_and_forgets_with_its_end() -> None:
    for _ in range(2):
        with PracticeServer(port=0, speed=0) as server:
            wire = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=20)
            with contextlib.closing(wire):
                assert ask(wire, "GET", "/v1/balance").json["remain_balance"] == 10
                new_link(wire)
                assert ask(wire, "GET", "/v1/balance").json["remain_balance"] == 9.9915


def test_a_short_balance_ends_in_402() -> None:
    with PracticeServer(port=0, speed=0, balance=Decimal("0.01")) as server:
        wire = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=20)
        with contextlib.closing(wire):
            assert [ask(wire, "POST", SUBMIT, BODY).status for _ in range(2)] == [200, 402]


def test_a_port_can_be_had_once() -> None:
    with PracticeServer(port=0, speed=0) as server, pytest.raises(OSError, match="in use"):
        PracticeServer(port=server.server_address[1], speed=0)


def test_it_ends_at_once_though_connections_are_open() -> None:
    with PracticeServer(port=0, speed=0) as server:
        wire = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=20)
        link = new_link(wire)
        half = socket.create_connection(("127.0.0.1", server.server_address[1]), timeout=20)
        half.sendall(b"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\n")
        assert ask(wire, "GET", link).status == 200
        began = time.monotonic()
    assert time.monotonic() - began < 5
    with contextlib.closing(wire), half:
        assert half.recv(10_000).startswith(b"HTTP/1.1 400 ")
        with pytest.raises((ConnectionError, http.client.BadStatusLine)):
            ask(wire, "GET", link)


def test_pictures_still_to_be_drawn_do_not_hold_up_the_end() -> None:
    with PracticeServer(port=0, speed=0) as server:
        wire = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=20)
        task = json.loads(BODY) | {"size": "1:1", "resolution": "4k"}
        told = ask(wire, "POST", SUBMIT, json.dumps(task)).json["data"][0]["task_id"]
        link = ask(wire, "GET", f"/v1/tasks/{told}").json["data"]["result"]["images"][0]["url"][0]
        request = f"GET {link} HTTP/1.1\r\n\r\n".encode()
        lines = [socket.create_connection(("127.0.0.1", server.server_address[1])) for _ in range(60)]
        for line in lines:
            line.sendall(request)
        last = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=20)
        with contextlib.closing(last):
            assert ask(last, "GET", "/v1/models").status == 200  # so the ones before it were let in
        began = time.monotonic()
    assert time.monotonic() - began < 8
    wire.close()
    for line in lines:
        line.close()
