"""The practice service as it sits for a portrait: the same prompt gets the same picture at every run, tasks
end when the clock is passed on by hand, and an answer can be lost on the way."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from gptimg_desktop.services.practice.chance import duration_s, pixel_size
from gptimg_desktop.services.practice.http_server import PracticeServer
from gptimg_desktop.services.practice.service import PracticeService

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gptimg_desktop.services.practice.exchange import Answer, Asked
    from gptimg_desktop.services.practice.submission import Submission
    from gptimg_desktop.services.practice.tasks import Task

BALANCE: Final = Decimal(10)
SUBMIT: Final = "/v1/images/generations"


class Clock:
    """Unix seconds that go on by themselves from `start`, and further by hand."""

    def __init__(self, start: float) -> None:
        self._really = time.time
        self._offset = start - time.time()

    def now(self) -> float:
        return self._really() + self._offset

    def pass_on(self, seconds: float) -> None:
        self._offset += seconds

    def rule(self) -> None:
        """Be the time of all modules that are imported from now on."""
        time.time = self.now


class PosedService(PracticeService):
    """`variants` names the prompts whose first picture is a later one of the many that they could have.
    `ends` is when the last task does."""

    def __init__(self, *, clock: Callable[[], float], files: str, variants: Mapping[str, int]) -> None:
        super().__init__(folder=None, speed=1.0, clock=clock, balance=BALANCE, files=files, api_host=None)
        self._made = Counter(variants)
        self.ends = 0.0

    def _new_task(self, submission: Submission, price: Decimal, now: float) -> Task:
        prompt = submission.prompt
        seed = hashlib.sha256(f"{prompt}/{self._made[prompt]}".encode()).hexdigest()[:32]
        self._made[prompt] += 1
        pixels = pixel_size(submission.size, submission.tier, seed)
        ends = now + duration_s(seed)
        self.ends = max(self.ends, ends)
        task = super()._new_task(submission, price, now)
        return replace(task, seed=seed, width=pixels.width, height=pixels.height, finishes=ends)


class PosedServer(PracticeServer):
    """The posed service on a port. While `loses_answers` what is submitted is taken, unheard of."""

    def __init__(self, *, clock: Callable[[], float], variants: Mapping[str, int]) -> None:
        super().__init__(port=0, speed=1.0, clock=clock)
        self.posed = PosedService(clock=clock, files=self.url, variants=variants)
        self._service = self.posed
        self.loses_answers = False

    def answer(self, asked: Asked) -> Answer:
        answer = super().answer(asked)
        if self.loses_answers and asked.path == SUBMIT:
            raise ConnectionAbortedError("the answer is lost on the way")
        return answer
