"""The practice service itself: which address answers what. Knows no sockets, no httpx and no event loop."""

from __future__ import annotations

import hashlib
import re
import secrets
import time
from decimal import Decimal
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, urlsplit

from gptimg_desktop.core.connection import PRACTICE
from gptimg_desktop.core.prices import PUBLISHED, PriceTable
from gptimg_desktop.core.request import MODEL
from gptimg_desktop.services.practice.accounts import Account
from gptimg_desktop.services.practice.batch import read_batch
from gptimg_desktop.services.practice.captions import Typesetter
from gptimg_desktop.services.practice.chance import duration_s, pixel_size
from gptimg_desktop.services.practice.door import Door
from gptimg_desktop.services.practice.exchange import (
    Answer,
    Asked,
    RefusedError,
    as_json,
    documented_error,
    storage_error,
)
from gptimg_desktop.services.practice.forms import read_upload
from gptimg_desktop.services.practice.magic import BLOCKED_WORDS, EMPTY_KEYS, FAILING_WORDS, contains
from gptimg_desktop.services.practice.moderation import Moderation, no_channel
from gptimg_desktop.services.practice.pictures import Painter, png
from gptimg_desktop.services.practice.reports import UNKNOWN_TASK, TaskReports, credit
from gptimg_desktop.services.practice.submission import GoneError, Submission, read_submission
from gptimg_desktop.services.practice.tasks import Task, TaskStore, new_task_id
from gptimg_desktop.services.practice.uploads import UploadStore

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FILES: Final = "https://files.practice.invalid"
"""The address of the file host where nothing else is said."""

API_HOST: Final = urlsplit(PRACTICE).hostname

_MODEL_SINCE: Final = 1_777_593_600  # 1 May 2026
_TASKS: Final = "/v1/tasks/"
_TASK_PATH: Final = re.compile(rf"{_TASKS}[^/]+")
_PICTURES: Final = "/f/image/"
_UPLOADS: Final = "/f/upload/"
_PICTURE_NAME: Final = re.compile(r"([0-9a-z]{26})-[0-9a-f]{8}\.png")


class PracticeService:
    """Answers requests as the image API does, from a folder of tasks and its own brush.

    `folder`: where tasks and uploads outlive the program, None for memory only. `speed`: 1 is the pace of the
    real service, 0 finishes every task at once. `clock` gives Unix seconds. `prices`: what a task costs.
    `balance`: US dollars that all callers together have, counted from the start of the program and kept
    nowhere; None never ends. `files`: the address that result links begin with. `api_host`: the host under
    which the API answers; with None it answers under any, and files are told from it by their path.
    Safe to call from several threads; `answer` may take seconds, for it draws.
    """

    def __init__(
        self,
        *,
        folder: Path | None,
        speed: float,
        clock: Callable[[], float] = time.time,
        prices: PriceTable = PUBLISHED,
        balance: Decimal | None = None,
        files: str = FILES,
        api_host: str | None = API_HOST,
    ) -> None:
        if speed < 0:
            raise ValueError("speed must not be negative")
        self._tasks = TaskStore(folder)
        self._uploads = UploadStore(folder)
        self._reports = TaskReports(speed=speed, files=files)
        self._speed = speed
        self._clock = clock
        self._prices = prices
        self._files = files
        self._files_host = urlsplit(files).hostname
        self._api_host = api_host
        self._door = Door()
        self._moderation = Moderation()
        self._account = Account(balance)
        self._empty_account = Account(Decimal(0))
        self._painter = Painter(Typesetter())
        self._routes: dict[str, tuple[str, Callable[[Asked, Account], Answer]]] = {
            "/v1/images/generations": ("POST", self._submit),
            "/v1/tasks/batch": ("POST", self._batch),
            "/v1/uploads/images": ("POST", self._upload),
            "/v1/balance": ("GET", self._balance),
            "/v1/user/balance": ("GET", self._balance),
            "/v1/models": ("GET", self._models),
        }

    def answer(self, asked: Asked) -> Answer:
        """The answer to one whole request."""
        try:
            return self._file(asked) if self._is_for_files(asked) else self._api(asked)
        except RefusedError as refused:
            return refused.answer

    def draws(self, asked: Asked) -> bool:
        """True where the request is one for a picture, which takes long to draw."""
        return self._is_for_files(asked) and asked.path.startswith(_PICTURES)

    def _is_for_files(self, asked: Asked) -> bool:
        return asked.path.startswith("/f/") if self._api_host is None else asked.host == self._files_host

    # The API

    def _api(self, asked: Asked) -> Answer:
        if self._api_host not in {None, asked.host}:
            return documented_error(404, f"unknown host: {asked.host}")
        key = self._door.key(asked.authorization)
        route = self._routes.get(asked.path)
        if route is None and _TASK_PATH.fullmatch(asked.path):
            route = ("GET", self._look)
        if route is None:
            return documented_error(404, f"Invalid URL ({asked.method} {asked.path})")
        method, respond = route
        if asked.method != method:
            message = f"Method not allowed ({asked.method} {asked.path})"
            return documented_error(405, message, {"Allow": method})
        return respond(asked, self._empty_account if key.startswith(EMPTY_KEYS) else self._account)

    def _submit(self, asked: Asked, account: Account) -> Answer:
        submission = read_submission(asked.body, self._own_upload)
        refused = self._moderation.refusal(submission.prompt)
        if refused is not None:
            return refused
        price, now = self._prices.estimate(submission.size, submission.tier), self._clock()
        if not account.pay(price, now):
            return _payment_required()
        task = self._new_task(submission, price, now)
        try:
            self._tasks.add(task, submission.references)
        except OSError:  # a full disk, say
            account.give_back(price, now)
            return no_channel()
        if task.fails:
            account.give_back(price, task.finishes)
        return as_json(200, {"code": 200, "data": [{"status": "submitted", "task_id": task.id}]})

    def _new_task(self, submission: Submission, price: Decimal, now: float) -> Task:
        seed = secrets.token_hex(16)
        pixels = pixel_size(submission.size, submission.tier, seed)
        blocked = contains(submission.prompt, BLOCKED_WORDS)
        return Task(
            id=new_task_id(now),
            seed=seed,
            prompt=submission.prompt,
            width=pixels.width,
            height=pixels.height,
            created=now,
            finishes=now + (duration_s(seed) / self._speed if self._speed else 0.0),
            fails=blocked or contains(submission.prompt, FAILING_WORDS),
            blocked=blocked,
            cost=float(price),
        )

    def _look(self, asked: Asked, _: Account) -> Answer:
        now, language = self._clock(), _language(asked)
        task = self._tasks.get(asked.path.removeprefix(_TASKS), now)
        if task is None:
            return documented_error(400, UNKNOWN_TASK.told_in(language))
        return as_json(200, {"code": 200, "data": self._reports.describe(task, now, language)})

    def _batch(self, asked: Asked, _: Account) -> Answer:
        """The tasks that are known, oldest first, whichever order they were asked for in."""
        batch, now = read_batch(asked.body), self._clock()
        found = [self._tasks.get(task_id, now) for task_id in sorted(batch.task_ids)]
        language = batch.language or _language(asked)
        known = [self._reports.describe(task, now, language) for task in found if task is not None]
        return as_json(200, {"code": 200, "data": known})

    def _balance(self, _: Asked, account: Account) -> Answer:
        balance = account.balance(self._clock())
        told: dict[str, object] = {"success": True, "remain_balance": -1, "remain_credits": -1}
        if balance.remaining is not None:
            told["remain_balance"] = float(balance.remaining)
            told["remain_credits"] = credit(balance.remaining)
        told["used_balance"] = float(balance.used or 0)
        return as_json(200, told | {"unlimited_quota": balance.unlimited})

    def _models(self, _: Asked, account: Account) -> Answer:
        if not account.affords(min(self._prices.per_image.values()), self._clock()):
            return _payment_required()
        model = {"id": MODEL, "object": "model", "created": _MODEL_SINCE, "owned_by": "practice"}
        return as_json(200, {"object": "list", "data": [model]})

    def _upload(self, asked: Asked, _: Account) -> Answer:
        picture, now = read_upload(asked.content_type, asked.body), self._clock()
        try:
            upload = self._uploads.add(picture.content, picture.media_type, now)
        except OSError:
            return no_channel()
        told = {
            "url": f"{self._files}{_UPLOADS}{upload.name}",
            "filename": picture.filename or upload.name,
            "content_type": upload.media_type,
            "bytes": len(upload.content),
            "created_at": int(now),
        }
        return as_json(200, told)

    def _own_upload(self, address: str) -> bytes | None:
        """The file behind an address of an upload; see `read_submission`."""
        start = f"{self._files}{_UPLOADS}"
        if not address.startswith(start):
            return None
        upload = self._uploads.get(address.removeprefix(start), self._clock())
        if upload is None:
            raise GoneError
        return upload.content

    # The file host

    def _file(self, asked: Asked) -> Answer:
        for start, respond in ((_UPLOADS, self._uploaded), (_PICTURES, self._result)):
            if asked.path.startswith(start) and asked.method != "GET":
                return storage_error(405, "MethodNotAllowed", "The method is not allowed here.")
            if asked.path.startswith(start):
                return respond(asked.path.removeprefix(start))
        return _no_such_file()

    def _uploaded(self, name: str) -> Answer:
        upload = self._uploads.get(name, self._clock())
        return _no_such_file() if upload is None else _file_answer(upload.content, upload.media_type)

    def _result(self, name: str) -> Answer:
        match, now = _PICTURE_NAME.fullmatch(name), self._clock()
        task = None if match is None else self._tasks.get(f"task_{match[1].upper()}", now)
        if task is None or task.fails or not task.is_finished(now) or task.file_name != name:
            return _no_such_file()
        if now >= task.expires:
            return storage_error(403, "AccessDenied", "Request has expired")
        return self._picture(task)

    def _picture(self, task: Task) -> Answer:
        """The picture of a finished task, drawn anew each time: the same bytes every time."""
        references = self._tasks.references(task.id)
        drawn = self._painter.paint(task.prompt, task.seed, (task.width, task.height), references)
        return _file_answer(png(drawn), "image/png")


def _payment_required() -> Answer:
    return documented_error(402, "Insufficient account balance, please top up your account.")


def _no_such_file() -> Answer:
    return storage_error(404, "NoSuchKey", "The specified key does not exist.")


def _file_answer(content: bytes, media_type: str) -> Answer:
    tag = hashlib.md5(content, usedforsecurity=False).hexdigest()
    return Answer(status=200, headers={"Content-Type": media_type, "ETag": f'"{tag}"'}, body=content)


def _language(asked: Asked) -> str:
    return parse_qs(asked.query).get("language", [""])[0]
