"""A raw-socket server that speaks the image API as badly as a test wants, and keeps the truth.

It shares no code with the program: requests are read byte by byte from the socket, answers are written by
hand, and `accepted` is what a real service would have charged for.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import itertools
import json
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from PIL import Image

LOOP_TURNS = 5
KEY = "sk-canary-0123456789abcdef"


def picture(width: int = 64, height: int = 48, colour: str = "teal") -> bytes:
    """A small PNG."""
    file = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(file, "PNG")
    return file.getvalue()


@dataclass
class Request:
    """What came over one connection; `body` may be shorter than its Content-Length."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes = b""

    @property
    def wanted(self) -> int:
        return int(self.headers.get("content-length", "0"))

    @property
    def is_whole(self) -> bool:
        return len(self.body) == self.wanted

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Exchange:
    """One request and the socket to answer it on."""

    request: Request
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    server: ScriptedServer

    async def read_body(self) -> None:
        missing = self.request.wanted - len(self.request.body)
        with contextlib.suppress(asyncio.IncompleteReadError):
            self.request.body += await self.reader.readexactly(missing)

    async def read_half(self) -> None:
        self.request.body += await self.reader.readexactly(self.request.wanted // 2)

    async def reply(
        self,
        status: int,
        body: bytes | Any,
        *,
        headers: dict[str, str] | None = None,
        length: int | None = None,
    ) -> None:
        """Write an answer; `length` is what Content-Length says where it shall lie."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        lines = {
            "Content-Type": "application/json",
            "Content-Length": str(len(content) if length is None else length),
            "Connection": "close",
        } | (headers or {})
        head = f"HTTP/1.1 {status} Scripted\r\n" + "".join(
            f"{name}: {line}\r\n" for name, line in lines.items()
        )
        self.writer.write(head.encode() + b"\r\n" + content)
        await self.writer.drain()

    def abort(self) -> None:
        self.writer.transport.abort()

    def accept(self) -> str:
        """Take the job, as a real service would before it answers: from here on it is charged."""
        return self.server.accept(self.request)


Act = Callable[[Exchange], Awaitable[None]]
Arm = Callable[[], Awaitable[None]]


# What a submit may meet


async def accept(exchange: Exchange) -> None:
    await exchange.read_body()
    if exchange.request.is_whole:
        task_id = exchange.accept()
        await exchange.reply(200, {"code": 200, "data": [{"status": "submitted", "task_id": task_id}]})


async def accept_and_drop(exchange: Exchange) -> None:
    """Charged, and the line breaks before a word is said."""
    await exchange.read_body()
    if exchange.request.is_whole:
        exchange.accept()
    exchange.abort()


async def accept_and_hang(exchange: Exchange) -> None:
    """Charged, and silent until the other side goes away."""
    await exchange.read_body()
    if exchange.request.is_whole:
        exchange.accept()
    await exchange.reader.read()


async def hang(exchange: Exchange) -> None:
    """Silent until the other side goes away."""
    await exchange.reader.read()


async def drop_in_mid_body(exchange: Exchange) -> None:
    await exchange.read_half()
    exchange.abort()


def answer(status: int, body: bytes | Any, **headers: str) -> Act:
    """Read the request, take nothing, and say this."""

    async def act(exchange: Exchange) -> None:
        await exchange.read_body()
        names = {name.replace("_", "-"): text for name, text in headers.items()}
        await exchange.reply(status, body, headers=names)

    return act


def hold(until: asyncio.Event, then: Act) -> Act:
    """Wait before anything is read."""

    async def act(exchange: Exchange) -> None:
        await until.wait()
        await then(exchange)

    return act


# What a query may meet


def task(status: Any, **more: Any) -> Act:
    """A task's report; `{url}` in it becomes the address of its file."""

    async def act(exchange: Exchange) -> None:
        task_id = exchange.request.path.partition("?")[0].rpartition("/")[2]
        data = {"id": task_id, "status": status, "progress": 0, "cost": 0.0085} | more
        text = json.dumps({"code": 200, "data": data}).replace("{url}", exchange.server.file_url(task_id))
        await exchange.reply(200, text.encode())

    return act


pending = task("pending")
completed = task("completed", result={"images": [{"url": ["{url}"], "expires_at": 4_000_000_000}]})
failed = task("failed", error={"code": 500, "message": "the model gave up", "type": "server_error"})


# What a download may meet


def whole_file(content: bytes) -> Act:
    async def act(exchange: Exchange) -> None:
        await exchange.reply(200, content, headers={"Content-Type": "image/png"})

    return act


def cut_file(content: bytes) -> Act:
    """Half of what Content-Length promises."""

    async def act(exchange: Exchange) -> None:
        await exchange.reply(200, content[: len(content) // 2], length=len(content))

    return act


def quietly_cut_file(content: bytes) -> Act:
    """Half of the file, by a server that claims no more."""
    return whole_file(content[: len(content) // 2])


def batch(status: str = "completed", *, shape: Callable[[list[Any]], Any] = list) -> Act:
    """Tells the same of every task that is asked for; `shape` makes the answer's `data` of the list."""

    async def act(exchange: Exchange) -> None:
        await exchange.read_body()
        ids = exchange.request.json()["task_ids"]
        links = {task_id: [exchange.server.file_url(task_id)] for task_id in ids}
        told = [
            {"id": task_id, "status": status, "cost": 0.0085}
            | ({"result": {"images": [{"url": links[task_id]}]}} if status == "completed" else {})
            for task_id in ids
        ]
        await exchange.reply(200, {"code": 200, "data": shape(told)})

    return act


not_here = answer(404, {"error": {"code": 404, "message": "Invalid URL", "type": "invalid_request_error"}})


@dataclass
class ScriptedServer:
    """Queues of acts for each kind of request; the last of a queue goes on for ever. What is optional in the
    API is not here, until a test says otherwise."""

    submits: deque[Act] = field(default_factory=lambda: deque([accept]))
    queries: deque[Act] = field(default_factory=lambda: deque([pending, completed]))
    batches: deque[Act] = field(default_factory=lambda: deque([not_here]))
    balances: deque[Act] = field(default_factory=lambda: deque([not_here]))
    models: deque[Act] = field(default_factory=lambda: deque([not_here]))
    uploads: deque[Act] = field(default_factory=lambda: deque([not_here]))
    downloads: deque[Act] = field(default_factory=lambda: deque([whole_file(picture())]))
    requests: list[Request] = field(default_factory=list)
    accepted: list[tuple[str, str]] = field(default_factory=list)  # task id, prompt
    key_leaks: list[str] = field(default_factory=list)  # requests that had no business with the key
    url: str = ""
    connections: set[asyncio.Task[None]] = field(default_factory=set)
    ids: itertools.count[int] = field(default_factory=itertools.count)
    listening: asyncio.Server = field(init=False)

    async def listen(self, port: int = 0) -> None:
        """Take connections, on a free port or on one that was had before."""
        self.listening = await asyncio.start_server(self._connected, "127.0.0.1", port)
        self.url = f"http://127.0.0.1:{self.listening.sockets[0].getsockname()[1]}"

    async def stop_listening(self) -> None:
        """Take no more connections. A plain close would leave one open that was just accepted."""
        for each in self.listening.sockets:
            asyncio.get_running_loop().remove_reader(each.fileno())
        for _ in range(LOOP_TURNS):
            await asyncio.sleep(0)
        self.listening.close()

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving = asyncio.get_running_loop().create_task(self.serve(reader, writer))
        self.connections.add(serving)
        serving.add_done_callback(self.connections.discard)
        serving.add_done_callback(lambda _: writer.close())  # it may be cancelled before it began

    def accept(self, request: Request) -> str:
        task_id = f"task_{next(self.ids):026d}"
        self.accepted.append((task_id, request.json()["prompt"]))
        return task_id

    def file_url(self, task_id: str) -> str:
        return f"{self.url}/files/{task_id}.png"

    def of_kind(self, kind: str) -> list[Request]:
        """The requests so far: "submit", "query", "batch", "balance", "models", "upload" or "download"."""
        return [request for request in self.requests if _kind(request) == kind]

    def _queue(self, kind: str) -> deque[Act]:
        return {
            "submit": self.submits,
            "query": self.queries,
            "batch": self.batches,
            "balance": self.balances,
            "models": self.models,
            "upload": self.uploads,
            "download": self.downloads,
        }[kind]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await _head(reader)
            if request is not None:
                self.requests.append(request)
                if _kind(request) == "download" and KEY in str(request):
                    self.key_leaks.append(request.path)
                queue = self._queue(_kind(request))
                act = queue.popleft() if len(queue) > 1 else queue[0]
                await act(Exchange(request, reader, writer, self))
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the program went away, which scripts have to bear
        finally:
            writer.close()


AnyServer = TypeVar("AnyServer", bound=ScriptedServer)

_KINDS = {
    "/v1/images/generations": "submit",
    "/v1/tasks/batch": "batch",
    "/v1/balance": "balance",
    "/v1/user/balance": "balance",
    "/v1/models": "models",
    "/v1/uploads/images": "upload",
}


def _kind(request: Request) -> str:
    path = request.path.partition("?")[0]
    if path in _KINDS:
        return _KINDS[path]
    return "query" if path.startswith("/v1/tasks/") else "download"


async def _head(reader: asyncio.StreamReader) -> Request | None:
    try:
        text = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = text.strip().split("\r\n")
    method, path, _ = first.split(" ")
    headers = {name.lower(): line.strip() for name, _, line in (line.partition(":") for line in lines)}
    return Request(method=method, path=path, headers=headers)


@contextlib.asynccontextmanager
async def scripted_server() -> AsyncIterator[ScriptedServer]:
    """A server on a free port of this machine; whatever still hangs is ended with it."""
    async with serving(ScriptedServer()) as server:
        yield server


@contextlib.asynccontextmanager
async def serving(server: AnyServer) -> AsyncIterator[AnyServer]:
    """The same with a server that was made by hand."""
    await server.listen()
    try:
        yield server
    finally:
        await server.stop_listening()
        while hanging := tuple(server.connections):
            for each in hanging:
                each.cancel()
            await asyncio.gather(*hanging, return_exceptions=True)
            await asyncio.sleep(0)
    assert not server.key_leaks, f"the key came along with {server.key_leaks}"
