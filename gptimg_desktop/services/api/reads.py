"""Questions to the service that cost nothing: tasks, the balance, whether a key is good.

Each is asked once, with a deadline for the whole of it; the callers decide when to ask again.
"""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from gptimg_desktop.core.account import KeyStanding, KeyTest
from gptimg_desktop.core.errors import (
    ApiError,
    AppError,
    AuthError,
    BalanceError,
    NetworkError,
    NotOfferedError,
    Problem,
    ProblemKind,
    RateError,
    UnknownTaskError,
)
from gptimg_desktop.core.foreign_text import parse_json
from gptimg_desktop.core.schedule import clock_offset_s, retry_after_s
from gptimg_desktop.services.api.connection_errors import network_problem
from gptimg_desktop.services.api.pieces import Received, TooLongError, each_piece
from gptimg_desktop.services.api.wire import (
    error_message,
    read_balance,
    read_task,
    read_tasks,
    says_unknown_task,
    told_status,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    import httpx

    from gptimg_desktop.core.account import Balance
    from gptimg_desktop.core.task import TaskReport

MOST_IDS: Final = 50
"""How many tasks one batch query may name."""
MOST_ANSWER: Final = 4 * 1024 * 1024
_BALANCE_PATHS: Final = ("balance", "user/balance")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A whole answer."""

    status: int
    headers: httpx.Headers
    body: bytes
    parsed: Any

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300

    @property
    def meaning(self) -> int:
        """The status, or of an error inside a 200 the one that the error names."""
        return told_status(self.parsed, self.status)

    @property
    def is_of_nobody(self) -> bool:
        """True where no endpoint answered, or one that does not speak JSON."""
        return self.meaning in {404, 405, 501} or (self.is_success and self.parsed is None)

    def on_our_clock(self, report: TaskReport) -> TaskReport:
        """A report whose times are ours: the service's clock may be another than this machine's."""
        offset_s = clock_offset_s(self.headers.get("date"), time.time())
        if not offset_s or report.expires_at is None:
            return report
        return replace(report, expires_at=report.expires_at + offset_s)

    def error(self) -> ApiError:
        """The error that the answer stands for."""
        status, message = self.meaning, error_message(self.parsed)
        wait_s = retry_after_s(self.headers.get("retry-after"), date=self.headers.get("date"))
        if status == 401:
            return AuthError(Problem.of(ProblemKind.KEY_REFUSED, message=message))
        if status == 402:
            return BalanceError(Problem.of(ProblemKind.BALANCE_EMPTY, message=message))
        if status == 429:
            return RateError(Problem.of(ProblemKind.RATE_LIMITED, message=message), retry_after_s=wait_s)
        if status == 503 and wait_s is not None:
            return RateError(Problem.of(ProblemKind.SERVICE_BUSY, message=message), retry_after_s=wait_s)
        problem = Problem.of(ProblemKind.ODD_ANSWER, status=self.status, message=message)
        return NotOfferedError(problem) if self.is_of_nobody else ApiError(problem)


class Reads:
    """Asks one service with one key, over lines of a client that `make` makes. `language` is that of the
    service's error texts, "" for its own."""

    def __init__(
        self,
        make: Callable[[], httpx.AsyncClient],
        *,
        base: str,
        host: str,
        proxy: str = "",
        deadline_s: float,
        language: str = "",
    ) -> None:
        self._make = make
        self._http = make()
        self._base = base
        self._host = host
        self._proxy = proxy
        self._deadline_s = deadline_s
        self._query = {"language": language} if language else None

    async def aclose(self) -> None:
        await self._http.aclose()

    async def renew(self) -> None:
        """Ask over new lines from now on. A question that is under way is asked again over one of them."""
        try:
            former, self._http = self._http, self._make()
        except NetworkError:
            return  # the system's proxy settings changed for the worse
        await former.aclose()

    async def task(self, task_id: str) -> TaskReport:
        """What the service says of a task; AppError where it says nothing usable."""
        told = await self.ask("GET", f"tasks/{task_id}", query=self._query)
        report = read_task(told.parsed, task_id, told.body) if told.is_success else None
        if report is not None:
            return told.on_our_clock(report)
        message = error_message(told.parsed)
        if says_unknown_task(message) or (told.status == 404 and message):
            raise UnknownTaskError(Problem.of(ProblemKind.TASK_UNKNOWN, message=message))
        raise told.error()

    async def tasks(self, task_ids: Sequence[str]) -> dict[str, TaskReport]:
        """What the service says of up to `MOST_IDS` tasks, by id; what it leaves out is missing.

        NotOfferedError where the service takes no such question.
        """
        content = json.dumps({"task_ids": list(task_ids)}).encode()
        told = await self.ask("POST", "tasks/batch", query=self._query, content=content)
        reports = read_tasks(told.parsed, task_ids) if told.is_success else None
        if reports is not None:
            return {task_id: told.on_our_clock(report) for task_id, report in reports.items()}
        error = told.error()
        if type(error) is ApiError and told.meaning < 500:
            raise NotOfferedError(error.problem)
        raise error

    async def balance(self) -> Balance:
        """What is left in the account; NotOfferedError where the service does not say."""
        error: ApiError | None = None
        for path in _BALANCE_PATHS:
            told = await self.ask("GET", path)
            balance = read_balance(told.parsed) if told.is_success else None
            if balance is not None:
                return balance
            error = told.error()
            is_clear = isinstance(error, AuthError | BalanceError | RateError)
            if is_clear or not (told.is_of_nobody or told.is_success):
                raise error
        raise NotOfferedError(error.problem if error else Problem.of(ProblemKind.ODD_ANSWER, status=0))

    async def try_key(self) -> KeyTest:
        """What a free call proves about the key: one for the balance, else one for the list of models."""
        try:
            balance = await self.balance()
        except (AuthError, BalanceError, RateError, NetworkError) as error:
            return _failed_test(error)
        except ApiError:
            return await self._try_key_by_models()
        if not balance.is_empty:
            return KeyTest(standing=KeyStanding.WORKS, balance=balance)
        problem = Problem.of(ProblemKind.BALANCE_EMPTY, message="")
        return KeyTest(standing=KeyStanding.NO_BALANCE, balance=balance, problem=problem)

    async def _try_key_by_models(self) -> KeyTest:
        try:
            told = await self.ask("GET", "models")
        except AppError as error:
            return _failed_test(error)
        is_list = isinstance(told.parsed, dict) and isinstance(told.parsed.get("data"), list)
        if told.meaning < 300 and is_list and not error_message(told.parsed):
            return KeyTest(standing=KeyStanding.WORKS)
        return _failed_test(told.error())

    async def ask(
        self,
        method: str,
        path: str,
        *,
        query: dict[str, str] | None = None,
        content: bytes | AsyncIterator[bytes] | None = None,
        headers: dict[str, str] | None = None,
        deadline_s: float | None = None,
    ) -> Told:
        """One whole exchange; NetworkError where there is no whole answer, ApiError where it is too long."""
        limit_s = deadline_s or self._deadline_s
        kind = {"Content-Type": "application/json"} if isinstance(content, bytes) else {}
        request = {"params": query, "content": content, "headers": kind | (headers or {})}
        while True:
            http = self._http
            try:
                return await self._exchange(http, method, path, limit_s, request)
            except NetworkError:
                was_renewed = http is not self._http
                if not was_renewed or not isinstance(content, bytes | None):
                    raise

    async def _exchange(
        self, http: httpx.AsyncClient, method: str, path: str, limit_s: float, request: dict[str, Any]
    ) -> Told:
        received = Received(MOST_ANSWER)
        try:
            async with (
                asyncio.timeout(limit_s),
                http.stream(method, f"{self._base}/{path}", timeout=limit_s, **request) as response,
            ):
                await each_piece(response, received.take)
        except TooLongError:
            raise ApiError(Problem.of(ProblemKind.ODD_ANSWER, status=response.status_code)) from None
        except AppError:
            raise  # of the content's own
        except Exception as error:  # httpx, its proxies and a redirect's address raise more than HTTPError
            problem = network_problem(error, self._host, proxy=self._proxy)
            raise NetworkError(problem) from error
        body = bytes(received.content)
        return Told(status=response.status_code, headers=response.headers, body=body, parsed=parse_json(body))


def _failed_test(error: AppError) -> KeyTest:
    """A key test whose question was not answered with a plain yes."""
    standings = {
        AuthError: KeyStanding.REFUSED,
        BalanceError: KeyStanding.NO_BALANCE,
        NetworkError: KeyStanding.NO_NETWORK,
    }
    standing = standings.get(type(error), KeyStanding.UNPROVED)
    problem = error.problem
    if problem.kind is ProblemKind.ODD_ANSWER:
        problem = Problem.of(ProblemKind.KEY_UNPROVED, status=problem.facts.get("status", 0))
    return KeyTest(standing=standing, problem=problem)
