"""The practice service over HTTP, for clients outside the program; on this machine only.

Tasks, uploads and the balance live in memory: a restart forgets them.
"""

from __future__ import annotations

import http.server
import logging
import os
import re
import socket
import socketserver
import sys
import threading
import time
from decimal import Decimal
from http import HTTPStatus
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import unquote, urlsplit

from gptimg_desktop.services.practice.exchange import Answer, Asked, documented_error
from gptimg_desktop.services.practice.http_bodies import BadBodyError, declared_length, read_body
from gptimg_desktop.services.practice.ranges import part_of
from gptimg_desktop.services.practice.service import PracticeService

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

logger = logging.getLogger(__name__)

HOST: Final = "127.0.0.1"
START_BALANCE: Final = Decimal(10)
DRAWN_AT_ONCE: Final = 2
IDLE_S: Final = 60.0
"""How long a connection may be silent, between requests and inside of one."""

_METHODS: Final = "GET, HEAD, POST, OPTIONS"
_FOR_BROWSERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "Retry-After, ETag, Content-Range, Accept-Ranges, Date",
    }
)
_PREFLIGHT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Allow": _METHODS,
        "Access-Control-Allow-Methods": _METHODS,
        "Access-Control-Allow-Private-Network": "true",
        "Access-Control-Max-Age": "86400",
    }
)
_HEADERS: Final = "Authorization, Content-Type, Range, If-Range"
_HEADER_NAMES: Final = re.compile(r"[A-Za-z0-9_, -]{1,2000}")
_DRAIN_S: Final = 2.0
_LAST_ANSWERS_S: Final = 2.0
_PIECE: Final = 1024 * 1024


class PracticeServer(socketserver.ThreadingMixIn, socketserver.TCPServer):
    """A practice service on a port of this machine, a thread for each connection.

    `port` 0 takes any free one. OSError where the port cannot be had. Use as a context manager: inside it
    serves, at its end it lets go of every connection. `url` has no slash at its end.
    """

    allow_reuse_address = os.name == "posix"  # elsewhere that would let two servers share the port
    request_queue_size = 128
    daemon_threads = False

    def __init__(
        self,
        *,
        port: int,
        speed: float,
        balance: Decimal | None = START_BALANCE,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__((HOST, port), _Connection)
        self.url = f"http://{HOST}:{self.server_address[1]}"
        self._service = PracticeService(
            folder=None, speed=speed, clock=clock, balance=balance, files=self.url, api_host=None
        )
        self._brushes = threading.Semaphore(DRAWN_AT_ONCE)
        self._changed = threading.Condition()
        self._connections: set[socket.socket] = set()
        self._closing = False
        self._thread = threading.Thread(target=self.serve_forever, args=(0.1,), name="practice server")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self._thread.join()
        self._let_go()
        self.server_close()  # waits for the threads of all connections

    def answer(self, asked: Asked) -> Answer:
        """The service's answer; ConnectionAbortedError once the server ends."""
        if not self._service.draws(asked):
            return self._service.answer(asked)
        with self._brushes:
            if self._closing:
                raise ConnectionAbortedError("the server ends")
            return self._service.answer(asked)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._changed:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._changed:
            self._connections.discard(request)
            self._changed.notify_all()
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002 - the signature is given
        """A connection that broke is the caller's business; anything else is a mistake of ours."""
        error = sys.exception()
        if not isinstance(error, OSError):
            logger.error("a connection to the practice server ended in an error", exc_info=error)

    def _let_go(self) -> None:
        """End idle connections at once and the others after their answer, or after two seconds."""
        self._closing = True
        with self._changed:
            _shut_down(self._connections, socket.SHUT_RD)
            self._changed.wait_for(lambda: not self._connections, _LAST_ANSWERS_S)
            _shut_down(self._connections, socket.SHUT_RDWR)


def _shut_down(connections: set[socket.socket], how: int) -> None:
    for connection in connections:
        try:
            connection.shutdown(how)
        except OSError:  # the other side was faster
            continue


class _Connection(http.server.BaseHTTPRequestHandler):
    """One connection: any number of requests, one after the other."""

    server: PracticeServer
    protocol_version = "HTTP/1.1"
    timeout = IDLE_S
    disable_nagle_algorithm = True

    def answer_request(self) -> None:
        """Answer the request whose first lines were read."""
        try:
            body = read_body(self.rfile, self.headers)
            target = urlsplit(self.path)
        except BadBodyError as error:
            self._refuse(error.status, str(error))
            return
        except ValueError:
            self._refuse(HTTPStatus.BAD_REQUEST, "the address cannot be read")
            return
        if self.command == "OPTIONS":
            self._send(self._preflight())
            return
        asked = Asked(
            method="GET" if self.command == "HEAD" else self.command,
            host="",
            path=unquote(target.path),
            query=target.query,
            content_type=self.headers.get("Content-Type", ""),
            authorization=self.headers.get("Authorization", ""),
            body=body,
        )
        self._send(self._answer(asked))

    do_GET = do_HEAD = do_POST = do_OPTIONS = do_PUT = do_PATCH = do_DELETE = answer_request  # noqa: N815

    def _preflight(self) -> Answer:
        """What a browser may do from any page: all of it, with whichever headers the page sends."""
        wanted = self.headers.get("Access-Control-Request-Headers", "")
        allowed = wanted if _HEADER_NAMES.fullmatch(wanted) else _HEADERS
        headers = {**_PREFLIGHT, "Access-Control-Allow-Headers": allowed}
        return Answer(status=HTTPStatus.NO_CONTENT, headers=headers)

    def _answer(self, asked: Asked) -> Answer:
        try:
            answer = self.server.answer(asked)
        except ConnectionError:
            raise
        except Exception:
            logger.exception("the practice service could not answer %s %s", asked.method, asked.path)
            return documented_error(500, "the practice service made a mistake")
        if self.command != "GET":
            return answer
        return part_of(answer, self.headers.get("Range", ""), self.headers.get("If-Range", ""))

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, text in {**_FOR_BROWSERS, **answer.headers}.items():
            self.send_header(name, text)
        if answer.status != HTTPStatus.NO_CONTENT:
            self.send_header("Content-Length", str(len(answer.body)))
        self.send_header("Connection", "close" if self.close_connection else "keep-alive")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def _refuse(self, status: int, message: str) -> None:
        """Answer a request that was not read to its end, and hear it out so that the answer arrives."""
        self.close_connection = True
        self._send(documented_error(status, message))
        self.connection.shutdown(socket.SHUT_WR)
        self.connection.settimeout(_DRAIN_S)
        end = time.monotonic() + _DRAIN_S
        while time.monotonic() < end and self.connection.recv(_PIECE):
            pass

    # What the standard library's server would do otherwise

    def handle_expect_100(self) -> bool:
        """Ask for the body only where it may be sent."""
        try:
            declared_length(self.headers)
        except BadBodyError as error:
            self._refuse(error.status, str(error))
            return False
        return super().handle_expect_100()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002
        """Requests that make no sense are told so in the service's own form."""
        self.request_version = self.protocol_version  # else a line that is no HTTP would get no headers
        self._refuse(code, message or HTTPStatus(code).phrase)

    def version_string(self) -> str:
        return "gptimg-practice"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the signature is given
        logger.debug(format, *args)
