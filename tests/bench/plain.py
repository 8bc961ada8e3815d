"""The reference for the engine: a plain program that asks, commits and syncs as often, and promises nothing.

Usage: python -m tests.bench.plain URL FOLDER JOBS AT_ONCE QUERIES COMMITS SYNCS

One httpx client whose connections are kept, never more than AT_ONCE jobs at work, one thread that writes.
Each of the QUERIES asks about as many tasks, each commit writes one row.
"""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import httpx

from tests.bench.child import tell
from tests.bench.effort import Effort
from tests.bench.tally import Tally

_REQUEST: Final = {
    "model": "gpt-image-2",
    "prompt": "an oak chair by the window",
    "n": 1,
    "size": "1:1",
    "resolution": "1k",
}
_TASK_S: Final = 0.2
Accepted = asyncio.Queue[tuple[int, str, float]]
"""Job, its task, and when that is done (monotonic seconds)."""
_ROW: Final = json.dumps(_REQUEST) * 4


class Plain:
    """The same work as a script would do it."""

    def __init__(self, url: str, folder: Path, at_once: int) -> None:
        self._url = url
        self._folder = folder
        self._at_once = asyncio.Semaphore(at_once)
        self._client = httpx.AsyncClient(headers={"Authorization": "Bearer sk-bench-0123456789"})
        self._writer = ThreadPoolExecutor(1)
        self.pictures: dict[str, list[str]] = {}
        self._database = sqlite3.connect(
            folder / "plain.sqlite3", isolation_level=None, check_same_thread=False
        )
        for pragma in ("journal_mode = WAL", "synchronous = FULL"):
            self._database.execute(f"PRAGMA {pragma}")
        self._database.execute("CREATE TABLE step (number INTEGER PRIMARY KEY, content TEXT NOT NULL)")

    async def run(self, jobs: int, queries: int, commits: int, syncs: int) -> None:
        """All of it, the commits and syncs spread evenly."""
        accepted: Accepted = asyncio.Queue()
        shares = [(_share(number, jobs, commits), _share(number, jobs, syncs)) for number in range(jobs)]
        async with asyncio.TaskGroup() as group:
            for number, (share, _) in enumerate(shares):
                group.create_task(self._submit(number, share // 2, accepted))
            for number in range(queries):
                links = await self._ask(_share(number, queries, jobs), accepted)
                for job, task_id, link in links:
                    share, of_syncs = shares[job]
                    path = self._folder / f"{job}.png"
                    self.pictures[task_id] = [str(path)]
                    group.create_task(self._fetch(path, link, share - share // 2, of_syncs))

    async def aclose(self) -> None:
        await self._client.aclose()
        self._writer.shutdown()
        self._database.close()

    async def _submit(self, number: int, commits: int, accepted: Accepted) -> None:
        async with self._at_once:
            answer = await self._client.post(f"{self._url}/v1/images/generations", json=_REQUEST)
            task_id = answer.raise_for_status().json()["data"][0]["task_id"]
            await self._commit(commits)
        accepted.put_nowait((number, task_id, time.monotonic() + _TASK_S))

    async def _ask(self, count: int, accepted: Accepted) -> list[tuple[int, str, str]]:
        """Job, task and link of the next tasks, once all of them are done."""
        asked = {}
        due = 0.0
        for _ in range(count):
            number, task_id, due = await accepted.get()
            asked[task_id] = number
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        answer = await self._client.post(f"{self._url}/v1/tasks/batch", json={"task_ids": list(asked)})
        reports = answer.raise_for_status().json()["data"]
        return [(asked[each["id"]], each["id"], each["result"]["images"][0]["url"][0]) for each in reports]

    async def _fetch(self, path: Path, link: str, commits: int, syncs: int) -> None:
        async with self._at_once:
            answer = await self._client.get(link)
            content = answer.raise_for_status().content
            await asyncio.to_thread(self._save, path, content, syncs)
            await self._commit(commits)

    async def _commit(self, times: int) -> None:
        loop = asyncio.get_running_loop()
        for _ in range(times):
            await loop.run_in_executor(self._writer, self._write)

    def _write(self) -> None:
        self._database.execute("BEGIN IMMEDIATE")
        self._database.execute("INSERT INTO step (content) VALUES (?)", (_ROW,))
        self._database.execute("COMMIT")

    def _save(self, path: Path, content: bytes, syncs: int) -> None:
        """Write aside, sync, rename, and sync the folder as often as is left."""
        part = path.with_suffix(".part")
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            if syncs:
                os.fsync(file.fileno())
        part.replace(path)
        for _ in range(syncs - 1):
            descriptor = os.open(path.parent, os.O_RDONLY)
            os.fsync(descriptor)
            os.close(descriptor)


def _share(number: int, parts: int, whole: int) -> int:
    """How much of a whole the n-th of its even parts has."""
    return whole * (number + 1) // parts - whole * number // parts


async def main(url: str, folder: Path, jobs: int, at_once: int, *work: int) -> None:
    tally = Tally()
    tally.start()
    plain = Plain(url, folder, at_once)
    tally.reset()
    effort = Effort()
    await plain.run(jobs, *work)
    took = effort.as_json()
    tell(took | {"commits": tally.commits, "syncs": tally.syncs, "pictures": plain.pictures})
    await plain.aclose()


if __name__ == "__main__":
    Path(sys.argv[2]).mkdir(parents=True)
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), *map(int, sys.argv[3:])))
