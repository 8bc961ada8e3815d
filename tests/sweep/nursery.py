"""Subjects without the wait for their imports: a process that has done them, and forks for each run.

Usage: python -m tests.sweep.nursery; a line of JSON on stdin for each run ("arguments" of the subject, files
for what it tells and says: "out", "errors"), answered by one with its process id and, when it and the strace
that watched it are gone, one with its exit code.
"""

from __future__ import annotations

import asyncio
import ctypes
import json
import os
import sys
import traceback
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NoReturn

from tests.sweep import subject
from tests.sweep.strace import ROOT

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import Sequence
    from pathlib import Path

_SET_CHILD_SUBREAPER: Final = 36


def serve() -> None:
    """Fork for every line on stdin, one after the other."""
    ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1)  # a strace outlives its subject, and is waited for too
    for line in sys.stdin:
        wish = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _be_subject(wish["arguments"], wish["out"], wish["errors"])
        _tell({"pid": pid})
        _tell({"code": _wait_for_all(pid)})


def _be_subject(arguments: Sequence[str], out: str, errors: str) -> NoReturn:
    code = 0
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(os.open(out, flags), 1)
    os.dup2(os.open(errors, flags), 2)
    try:
        subject.run(arguments)
    except BaseException:  # noqa: BLE001 - the end of this process, told by its exit code
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _wait_for_all(subject_pid: int) -> int:
    """The exit code of the subject, once every process that came from it is gone."""
    code = 0
    with suppress(ChildProcessError):
        while True:
            pid, status = os.wait()
            if pid == subject_pid:
                code = os.waitstatus_to_exitcode(status)
    return code


def _tell(answer: dict[str, int]) -> None:
    print(json.dumps(answer), flush=True)  # noqa: T201


@dataclass
class Nursery:
    """The other side of it: runs subjects one by one. `pid` is that of the present one, 0 for none."""

    process: Process
    pid: int = 0

    @classmethod
    async def open(cls) -> Nursery:
        pipe = asyncio.subprocess.PIPE
        arguments = (sys.executable, "-m", "tests.sweep.nursery")
        return cls(await asyncio.create_subprocess_exec(*arguments, cwd=ROOT, stdin=pipe, stdout=pipe))

    async def run(self, arguments: Sequence[str], out: Path, errors: Path) -> int:
        """Run a subject to its end; its exit code, negative for the signal that ended it."""
        assert self.process.stdin is not None
        wish = {"arguments": list(arguments), "out": str(out), "errors": str(errors)}
        self.process.stdin.write(json.dumps(wish).encode() + b"\n")
        self.pid = (await self._answer())["pid"]
        try:
            return int((await self._answer())["code"])
        finally:
            self.pid = 0

    async def _answer(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = await self.process.stdout.readline()
        answer: dict[str, Any] = json.loads(line)
        return answer

    async def aclose(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        await self.process.wait()


if __name__ == "__main__":
    serve()
