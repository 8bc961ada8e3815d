"""Finding missing files again below a folder that was moved: by size and content, the likeliest first."""

from __future__ import annotations

import hashlib
import os
from collections import defaultdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from gptimg_desktop.core.lookout import Relinked
from gptimg_desktop.core.progress import Errand, Progress
from gptimg_desktop.services.apart import begin_apart
from gptimg_desktop.services.library.files.folder_content import is_hidden
from gptimg_desktop.services.library.files.trees import FoundFile, walk
from gptimg_desktop.services.library.image_places import ImagePlace, Move
from gptimg_desktop.services.library.imports.incoming import unkeepable
from gptimg_desktop.services.stop import StoppedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from threading import Event

    from gptimg_desktop.services.library.image_places import ImagePlaces
    from gptimg_desktop.services.stop import Stop

T = TypeVar("T")

TOGETHER: Final = 100
"""So many finds share a commit at most."""
_PIECE: Final = 1024 * 1024


class Relinking:
    """One search; `run` is called once. `told` hears how many candidates have been compared, `changed` of the
    jobs (`seq`) whose files were found."""

    def __init__(
        self,
        places: ImagePlaces,
        *,
        stop: Stop,
        told: Callable[[Progress], None],
        changed: Callable[[frozenset[int]], None],
    ) -> None:
        self._places = places
        self._stop = stop
        self._told = told
        self._changed = changed
        self._ready: list[Move] = []
        self._found = 0
        self._unkeepable = 0

    async def run(self, folder: str) -> Relinked:
        """Look for everything that is missing below a folder. What was found stays found, whatever ends the
        search; StorageError where the library cannot be asked or written."""
        self._told(Progress(errand=Errand.RELINK))
        wanted = Wanted()
        page = await self._places.missing()
        while page:
            wanted.add(page)
            page = await self._places.missing(before=page[-1].row)
        missing = wanted.count
        try:
            candidates = await self._apart(partial(_candidates, folder, wanted, self._stop.for_threads))
            for number, each in enumerate(candidates):
                self._told(Progress(errand=Errand.RELINK, done=number, total=len(candidates)))
                await self._compare(each, wanted)
        except StoppedError:
            pass
        finally:
            self._ready += wanted.twins()
            await self._keep()
        return Relinked(
            missing=missing,
            found=self._found,
            unkeepable=self._unkeepable,
            was_cancelled=self._stop.is_set,
        )

    async def _compare(self, candidate: FoundFile, wanted: Wanted) -> None:
        """Take a file for the picture that it holds, where one is still missed."""
        if not wanted.misses(candidate.size_bytes):
            return
        if unkeepable(candidate.path) is not None:
            self._unkeepable += 1
            return
        sha256 = await self._apart(partial(_hashed, candidate.path, self._stop.for_threads))
        place = wanted.take(sha256, candidate.path)
        if place is not None:
            self._ready.append(Move(place=place, path=candidate.path))
        if len(self._ready) >= TOGETHER:
            await self._keep()

    async def _keep(self) -> None:
        ready, self._ready = self._ready, []
        changed = await self._places.move(ready)
        self._found += len(ready)
        if changed:
            self._changed(changed)

    async def _apart(self, work: Callable[[], T]) -> T:
        return await self._stop.unless_set(begin_apart(work, "find moved files"))


class Wanted:
    """The pictures that are missed, and what was found of them so far."""

    def __init__(self) -> None:
        self._by_content: dict[str, list[ImagePlace]] = defaultdict(list)
        self._sizes: dict[int, int] = defaultdict(int)
        self._tails: dict[tuple[int, str], list[str]] = defaultdict(list)
        self._found: dict[str, str] = {}

    @property
    def count(self) -> int:
        """How many pictures are missed still."""
        return sum(self._sizes.values())

    def add(self, missed: Iterable[ImagePlace]) -> None:
        """Miss some more; a few at a time, since there may be a hundred thousand."""
        for place in missed:
            self._by_content[place.sha256].append(place)
            self._sizes[place.size_bytes] += 1
            self._tails[place.size_bytes, _name(place.path)].append(place.path)

    def misses(self, size_bytes: int) -> bool:
        """True where a picture with a file of that size is missed still."""
        return self._sizes.get(size_bytes, 0) > 0

    def likeness(self, file: FoundFile) -> int:
        """How much of its path, from the end on, is that of a missed file of its size: 0 for another name."""
        paths = self._tails.get((file.size_bytes, _name(file.path)), ())
        return max((_common_end(file.path, path) for path in paths), default=0)

    def take(self, sha256: str, path: str) -> ImagePlace | None:
        """The missed picture with that content that a file was most likely; None where none is missed."""
        places = self._by_content.get(sha256)
        if not places:
            return None
        place = max(places, key=lambda each: _common_end(each.path, path))
        places.remove(place)
        self._sizes[place.size_bytes] -= 1
        self._found.setdefault(sha256, path)
        return place

    def twins(self) -> list[Move]:
        """For pictures that are missed still, though another with the same content was found."""
        return [
            Move(place=place, path=path)
            for sha256, path in self._found.items()
            for place in self._by_content[sha256]
        ]


def _candidates(folder: str, wanted: Wanted, stop: Event) -> list[FoundFile]:
    """Every file that may be a missed one, the likeliest first. Waits for the drive."""

    def may_be(entry: os.DirEntry[str]) -> bool:
        return not is_hidden(entry) and entry.is_file() and wanted.misses(entry.stat().st_size)

    return sorted(walk(folder, may_be, stop).files, key=wanted.likeness, reverse=True)


def _hashed(path: str, stop: Event) -> str:
    """The hash of a file's content; "" where it cannot be read to the end. Waits for the drive."""
    digest = hashlib.sha256()
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - foreign text stays text
            while (piece := file.read(_PIECE)) and not stop.is_set():
                digest.update(piece)
    except (OSError, ValueError):
        return ""
    return "" if stop.is_set() else digest.hexdigest()


def _name(path: str) -> str:
    return os.path.basename(path).casefold()  # noqa: PTH119 - as above


def _common_end(one: str, other: str) -> int:
    """How many parts at their ends two paths share."""
    count = 0
    for mine, others in zip(reversed(Path(one).parts), reversed(Path(other).parts), strict=False):
        if mine.casefold() != others.casefold():
            break
        count += 1
    return count
