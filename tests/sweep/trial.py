"""One home folder, one server that keeps the truth, and runs of the subject between them."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import os
import shutil
import signal
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.support import scripted_server as scripts
from tests.support.dead_library import dead_library
from tests.support.noise import noise
from tests.support.scripted_server import ScriptedServer, scripted_server
from tests.sweep.nursery import Nursery
from tests.sweep.subject import PATIENCE_S

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

ORDER: Final = ("queued", "sending", "accepted", "ready", "saved")
"""The way of a job; whoever was told one of them finds it or a later one in the library."""
_LOOK_S: Final = 0.002
_DELAYED: Final = b"(DELAYED)"


class TrialError(Exception):
    """The trial itself did not work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of the subject: its exit code (negative: the signal that ended it), what it told of each job,
    and what it said on stderr."""

    code: int
    told: tuple[dict[str, str], ...] = ()
    said: str = ""

    @property
    def was_killed(self) -> bool:
        return self.code == -signal.SIGKILL

    def last_state(self) -> str | None:
        return self.told[-1]["state"] if self.told else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the library and the picture folder hold: the job's state (None: no job), whether an answer to its
    submit is kept, its saved picture's path and hash, and the files that a user sees or half sees."""

    state: str | None
    is_answered: bool = False
    image: tuple[Path, str] | None = None
    visible: tuple[Path, ...] = ()
    parts: tuple[Path, ...] = ()


@dataclass
class Trial:
    """`home` is emptied by `begin_anew`; the server stays, so that addresses in a library stay true."""

    home: Path
    server: ScriptedServer
    nursery: Nursery
    picture: bytes = field(default_factory=lambda: noise(256, 192, 1))
    reference: bytes = field(default_factory=lambda: noise(40, 40, 2))
    plant: str | None = None

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        """Where strace writes; outside of the home folder."""
        return self.home.with_suffix(".log")

    def begin_anew(self) -> None:
        """An empty home, and a server that knows nothing."""
        shutil.rmtree(self.home, ignore_errors=True)
        self.data.mkdir(parents=True, mode=0o700)
        (self.home / "reference.png").write_bytes(self.reference)
        self.server.requests.clear()
        self.server.accepted.clear()
        self.server.submits = deque([scripts.accept])
        self.server.queries = deque([scripts.pending, scripts.completed])
        self.server.downloads = deque([scripts.whole_file(self.picture)])

    async def run(self, *strace: str, presses: int = 1, kill_when_delayed: bool = False) -> Run:
        """Run the subject, by itself or watched by strace; TrialError where it does not end.

        `kill_when_delayed`: kill it once the log tells of a call that was held up after its work was done.
        """
        self.log.unlink(missing_ok=True)
        out, errors = self.home.with_suffix(".out"), self.home.with_suffix(".errors")
        arguments = [str(self.home), self.server.url, "--presses", str(presses)]
        arguments += ["--plant", self.plant] if self.plant else []
        arguments += ["--watched", *strace] if strace else []
        watching = asyncio.create_task(self._kill_when_delayed()) if kill_when_delayed else None
        try:
            async with asyncio.timeout(PATIENCE_S * 2):
                code = await self.nursery.run(arguments, out, errors)
        except TimeoutError:
            self._kill()
            raise TrialError(f"a run did not end: {strace}") from None
        finally:
            if watching is not None:
                watching.cancel()
                await asyncio.wait([watching])
        told = tuple(json.loads(line) for line in out.read_bytes().splitlines() if line.endswith(b"}"))
        return Run(code=code, told=told, said=errors.read_text(errors="replace"))

    async def _kill_when_delayed(self) -> None:
        while not (self.log.exists() and _DELAYED in self.log.read_bytes()):  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(_LOOK_S)
        self._kill()

    def _kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            if self.nursery.pid:
                os.kill(self.nursery.pid, signal.SIGKILL)

    # What is there

    def look(self) -> Found:
        """What the library says of the one job, read from a copy, and what the folders hold."""
        shown = self.look_at_pictures()
        parts = [path for path in (self.data / "images").rglob("*.part") if path.is_file()]
        state, is_answered, image = self._read()
        return Found(state=state, is_answered=is_answered, image=image, visible=shown, parts=tuple(parts))

    def look_at_pictures(self) -> tuple[Path, ...]:
        """The files that a user sees in the picture folder."""
        files = (path for path in (self.data / "images").rglob("*") if path.is_file())
        return tuple(path for path in files if not path.name.startswith("."))

    def _read(self) -> tuple[str | None, bool, tuple[Path, str] | None]:
        with dead_library(self.data) as library:
            if library is None:
                return None, False, None
            job = library.execute("SELECT id, state, attempt FROM job").fetchone()
            if job is None:
                return None, False, None
            answer = library.execute(
                "SELECT 1 FROM attempt WHERE job_id = ? AND attempt = ? AND replied_at IS NOT NULL",
                (job["id"], job["attempt"]),
            ).fetchone()
            image = library.execute("SELECT path, sha256 FROM image WHERE saved").fetchone()
            return job["state"], answer is not None, image and (Path(image["path"]), image["sha256"])

    def is_whole(self, path: Path) -> bool:
        """True where the file is exactly what the server delivers."""
        return path.is_file() and path.read_bytes() == self.picture

    # What is wrong

    def breaches_after_kill(self, run: Run, found: Found) -> list[str]:
        """What must not be, however a run was ended."""
        wrong = []
        told = run.last_state()
        if told in ORDER and (found.state not in ORDER or ORDER.index(found.state) < ORDER.index(told)):
            wrong.append(f"lost: {told} was told, the library has {found.state}")
        if found.state == "queued" and self.server.accepted:
            wrong.append("accepted by the service, and the library calls it unsent")
        wrong += [f"torn picture: {path.name}" for path in found.visible if not self.is_whole(path)]
        return wrong + self._breaches_of_saved(found)

    def breaches_after_rest(self, before: Found, submits_before: int, run: Run, found: Found) -> list[str]:
        """What must not be after a clean run that follows on what was found `before`."""
        wrong = [] if run.code == 0 else [f"the run after it ended with {run.code}: {run.said[-300:]}"]
        accepted = len(self.server.accepted)
        if accepted > 1:
            wrong.append(f"twice: accepted {accepted} times")
        if before.state not in {None, "queued"} and len(self.server.of_kind("submit")) > submits_before:
            wrong.append("twice: sent by itself again after it was armed")
        if found.state != self._right_end(before):
            wrong.append(
                f"lost: ended {found.state}, after {before.state} should be {self._right_end(before)}"
            )
        if found.state == "saved" and accepted != 1:
            wrong.append(f"saved, and accepted {accepted} times")
        if len(found.visible) != (found.state == "saved"):
            wrong.append(f"{found.state} with {len(found.visible)} pictures in the folder")
        wrong += [f"left over: {part.name}" for part in found.parts]
        return wrong + self._breaches_of_saved(found)

    @staticmethod
    def _right_end(before: Found) -> str:
        unheard = before.state == "unconfirmed" or (before.state == "sending" and not before.is_answered)
        return "unconfirmed" if unheard else "saved"

    def _breaches_of_saved(self, found: Found) -> list[str]:
        if found.state != "saved":
            return []
        if found.image is None:
            return ["lost: saved without a picture"]
        path, sha256 = found.image
        is_right = self.is_whole(path) and hashlib.sha256(self.picture).hexdigest() == sha256
        return [] if is_right else [f"lost: saved, and its picture {path.name} is not there or not whole"]


@contextlib.asynccontextmanager
async def trial(folder: Path, *, plant: str | None = None) -> AsyncIterator[Trial]:
    """A trial in a folder of its own, with a server of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    nursery = await Nursery.open()
    try:
        async with scripted_server() as server:
            yield Trial(home=folder / "home", server=server, nursery=nursery, plant=plant)
    finally:
        await nursery.aclose()
