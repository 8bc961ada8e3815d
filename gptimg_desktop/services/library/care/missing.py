"""Whether the files of pictures are where they were saved, and as they were; a look that no slow drive can
hold up.

A file counts as missing where the system says that nothing is there, or no file. It counts as changed where
it has another size, which every look sees, or another content, which is read where somebody opens it. What
cannot be told keeps the mark that it had. No file is touched.
"""

from __future__ import annotations

import os
import stat
from collections import defaultdict
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.lookout import FileState, Seen
from gptimg_desktop.core.progress import Errand, Progress
from gptimg_desktop.services.library.files.content import sha256_at
from gptimg_desktop.services.library.files.drives import Drives

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from gptimg_desktop.services.library.image_places import ImagePlace, ImagePlaces
    from gptimg_desktop.services.stop import Stop

PATIENCE_S: Final = 5.0
"""For the files of one folder in one page."""
MOST_READ_BYTES: Final = 64_000_000
"""So much a look at one folder reads to learn that changed files are as they were again."""
MOST_REMEMBERED: Final = 10_000

_Stamp = tuple[int, int, int]
"""What changes with a file's content, wherever somebody writes to it."""


class Lookout:
    """Looks at files folder by folder and keeps what it sees. `changed` hears of the jobs (`seq`) for which
    that is news. A drive that did not answer is left alone for the rest of that look, or round."""

    def __init__(
        self,
        places: ImagePlaces,
        *,
        changed: Callable[[frozenset[int]], None],
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._places = places
        self._changed = changed
        self._drives = Drives(patience_s=patience_s)
        self._sound: dict[tuple[str, str], _Stamp] = {}

    async def look_closely(self, paths: Sequence[str]) -> frozenset[str]:
        """Read the files of pictures, but those that are as they were when that was done last; the paths of
        those that have changed since they were saved come back."""
        changed = set()
        for place in await self._places.at_paths(paths):
            state = await self._read(place)
            if state is not None:
                news = await self._places.note([place], state)
                if news:
                    self._changed(news)
            if state is FileState.CHANGED:
                changed.add(place.path)
        return frozenset(changed)

    async def _read(self, place: ImagePlace) -> FileState | None:
        """How a file is, from its first to its last byte; None where its drive does not tell."""
        file = (place.path, place.sha256)
        look = partial(_looked_through, place, self._sound.get(file))
        try:
            state, stamp = await self._drives.ask(place.path, look)
        except TimeoutError:
            return None
        self._sound.pop(file, None)
        if state is FileState.AS_SAVED and stamp is not None:
            self._sound[file] = stamp
            while len(self._sound) > MOST_REMEMBERED:
                del self._sound[next(iter(self._sound))]
        return state

    async def look_at_jobs(self, seqs: Sequence[int]) -> Seen:
        """Look at the pictures of a few jobs."""
        return await self._look_at(await self._places.of_jobs(seqs), set())

    async def look_at_all(self, stop: Stop, told: Callable[[Progress], None]) -> Seen:
        """One round through everything, the newest first; StorageError where the library cannot be asked."""
        silent: set[str] = set()
        told(Progress(errand=Errand.LOOK_FOR_FILES))
        total, seen = await self._places.count(), Seen()
        page = await self._places.page()
        while page and not stop.is_set:
            seen = _sum(seen, await self._look_at(page, silent))
            done = min(seen.looked_at + seen.unseen, total)
            told(Progress(errand=Errand.LOOK_FOR_FILES, done=done, total=total))
            page = await self._places.page(before=page[-1].row)
        return replace(seen, was_cancelled=stop.is_set)

    async def _look_at(self, places: Iterable[ImagePlace], silent: set[str]) -> Seen:
        """`silent` gathers what lies beside folders that did not answer; nothing there is asked."""
        folders: dict[str, list[ImagePlace]] = defaultdict(list)
        for place in places:
            folders[os.path.dirname(place.path)].append(place)  # noqa: PTH120 - foreign text stays text
        seen = Seen()
        for folder, inside in folders.items():
            seen = _sum(seen, await self._look_into(folder, inside, silent))
        return seen

    async def _look_into(self, folder: str, inside: Sequence[ImagePlace], silent: set[str]) -> Seen:
        """Look at files of one folder, and keep what is seen."""
        if _is_below(folder, silent):
            return Seen(unseen=len(inside))
        try:
            states = await self._drives.ask(inside[0].path, partial(_states, tuple(inside)))
        except TimeoutError:
            silent.add(os.path.dirname(folder))  # noqa: PTH120 - what lies beside it is as far away
            return Seen(unseen=len(inside))
        found = {state: [each for each in inside if states.get(each.row) is state] for state in FileState}
        news = {state: await self._places.note(places, state) for state, places in found.items()}
        seqs = frozenset[int]().union(*news.values())
        if seqs:
            self._changed(seqs)
        missing = found[FileState.MISSING]
        there = found[FileState.AS_SAVED] + found[FileState.CHANGED]
        return Seen(
            looked_at=len(missing) + len(there),
            missing=len(missing),
            in_bin=sum(each.is_binned for each in missing),
            came_back=len({each.seq for each in there if each.is_missing} & seqs),
            changed=len(found[FileState.CHANGED]),
            unseen=len(inside) - len(missing) - len(there),
        )


def _is_below(folder: str, places: Iterable[str]) -> bool:
    return any(folder == each or folder.startswith(each.rstrip(os.sep) + os.sep) for each in places)


def _states(places: Iterable[ImagePlace]) -> dict[int, FileState]:
    """How each file is, by row; those of which nothing can be told are left out. Blocks."""
    found, left = {}, MOST_READ_BYTES
    for place in places:
        state = state_at(place.path, place.size_bytes)
        if state is FileState.AS_SAVED and place.state is FileState.CHANGED:
            state, left = FileState.CHANGED, left - place.size_bytes
            if left >= 0 and sha256_at(place.path) == place.sha256:
                state = FileState.AS_SAVED
        if state is not None:
            found[place.row] = state
    return found


def state_at(path: str, size_bytes: int) -> FileState | None:
    """How a file of that size is by what its folder says; None where the system does not tell."""
    try:
        found = os.stat(path)  # noqa: PTH116 - as above
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return FileState.MISSING
    except OSError:
        return None
    if not stat.S_ISREG(found.st_mode):
        return FileState.MISSING
    return FileState.AS_SAVED if found.st_size == size_bytes else FileState.CHANGED


def _looked_through(place: ImagePlace, known: _Stamp | None) -> tuple[FileState | None, _Stamp | None]:
    """How a file is by its content, and its stamp; what still has a `known` stamp is not read. Blocks."""
    state = state_at(place.path, place.size_bytes)
    stamp = _stamp(place.path) if state is FileState.AS_SAVED else None
    if stamp is None or stamp == known:
        return state, stamp
    sha256 = sha256_at(place.path)
    if sha256 is None:
        return None, None
    return (FileState.AS_SAVED if sha256 == place.sha256 else FileState.CHANGED), stamp


def _stamp(path: str) -> _Stamp | None:
    try:
        found = os.stat(path)  # noqa: PTH116 - as above
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def _sum(one: Seen, other: Seen) -> Seen:
    return Seen(
        looked_at=one.looked_at + other.looked_at,
        missing=one.missing + other.missing,
        in_bin=one.in_bin + other.in_bin,
        came_back=one.came_back + other.came_back,
        changed=one.changed + other.changed,
        unseen=one.unseen + other.unseen,
    )
