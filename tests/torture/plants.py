"""Bugs to plant in a process that is tortured, each of which has to come to light.

How each shows: `naive-retry` and `no-arm` in prompts that the service took twice (the latter also in a job
that waits although it was taken); `row-before-file` in a saved job without its file, right after a kill;
`in-place` in half a picture under a picture's name, where a kill meets a download (hosts that send slowly
make that likely, but it is chance: the sweep over system calls is what finds it surely); `key-abroad` in the
bytes that the host of the pictures got; `key-in-file` in a file of the home folder.
"""

from __future__ import annotations

import asyncio
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from gptimg_desktop.core.verdict import Evidence, Outcome, judge
from gptimg_desktop.services.api.client import ApiClient
from gptimg_desktop.services.api.downloads import Downloader
from gptimg_desktop.services.keys import Keys
from gptimg_desktop.services.library.files import PartFile, PictureFolder
from tests.torture.errand import KEY_NAME

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from gptimg_desktop.services.api.body import RequestBody

SLOW_DISK_S: Final = 0.6
TRIES: Final = 3


def plant(name: str) -> None:
    """Plant a bug in this process; "" for none."""
    if name:
        PLANTS[name]()


def _naive_retry() -> None:
    """A loop around the submit that tries again whatever nobody can tell about."""
    submit = ApiClient.submit

    async def try_often(self: ApiClient, body: RequestBody, arm: Callable[[], Awaitable[None]]) -> Evidence:
        evidence = await submit(self, body, arm)
        for _ in range(TRIES):
            if judge(evidence).outcome is Outcome.UNKNOWN:
                evidence = await submit(self, body, _nothing)
        return evidence

    _replace(ApiClient, "submit", try_often)


def _no_arm() -> None:
    """The last byte leaves first, and the library hears of it once there is an answer."""
    submit = ApiClient.submit

    async def send_first(self: ApiClient, body: RequestBody, arm: Callable[[], Awaitable[None]]) -> Evidence:
        evidence = await submit(self, body, _nothing)
        await arm()
        return evidence

    _replace(ApiClient, "submit", send_first)


async def _nothing() -> None:
    await asyncio.sleep(0)


def _row_before_file() -> None:
    """A job is called saved while its file still gets its name, on a slow disk."""
    place = PictureFolder.place

    def place_later(self: PictureFolder, part: PartFile, path: Path) -> None:
        threading.Timer(SLOW_DISK_S, place, (self, part, path)).start()

    _replace(PictureFolder, "place", place_later)


def _in_place() -> None:
    """A download is written under a picture's name from its first byte on."""
    begin = PictureFolder.begin

    def begin_in_sight(self: PictureFolder, job_id: str, index: int) -> PartFile:
        part = begin(self, job_id, index)
        part.path = part.path.rename(self.folder / f"{job_id}-{index}.png")
        return part

    _replace(PictureFolder, "begin", begin_in_sight)


def _key_abroad() -> None:
    """Hosts of pictures get the key too."""
    make = Downloader.__init__

    def make_with_key(self: Downloader, **arguments: Any) -> None:
        make(self, **arguments)
        self._http.headers["Authorization"] = f"Bearer {os.environ[KEY_NAME]}"

    _replace(Downloader, "__init__", make_with_key)


def _key_in_file() -> None:
    """The key is left lying in the data folder."""
    make = Keys.__init__

    def make_and_leave(self: Keys, **arguments: Any) -> None:
        make(self, **arguments)
        Path(os.environ["HOME"], "key.txt").write_text(arguments["environment_key"])

    _replace(Keys, "__init__", make_and_leave)


def _replace(owner: type, name: str, with_: Callable[..., Any]) -> None:
    setattr(owner, name, with_)


PLANTS: Final[dict[str, Callable[[], None]]] = {
    "naive-retry": _naive_retry,
    "no-arm": _no_arm,
    "row-before-file": _row_before_file,
    "in-place": _in_place,
    "key-abroad": _key_abroad,
    "key-in-file": _key_in_file,
}
