"""Whether the files of pictures are where they were saved; a look that no slow drive can hold up.

A file counts as missing where the system says that nothing is there, or no file. What cannot be told keeps
the mark that it had.
"""

from __future__ import annotations

import os
import stat
from collections import defaultdict
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.lookout import Seen
from gptimg_desktop.core.progress import Errand, Progress
from gptimg_desktop.services.library.drives import Drives

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from gptimg_desktop.services.library.image_places import ImagePlace, ImagePlaces
    from gptimg_desktop.services.stop import Stop

PATIENCE_S: Final = 5.0
"""For the files of one folder in one page."""


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
        paths = tuple(each.path for each in inside)
        try:
            gone = await self._drives.ask(inside[0].path, partial(_gone, paths))
        except TimeoutError:
            silent.add(os.path.dirname(folder))  # noqa: PTH120 - what lies beside it is as far away
            return Seen(unseen=len(inside))
        missing = [each for each in inside if gone.get(each.path) is True]
        there = [each for each in inside if gone.get(each.path) is False]
        changed = await self._places.note(missing, is_missing=True)
        came_back = await self._places.note(there, is_missing=False)
        if changed or came_back:
            self._changed(changed | came_back)
        return Seen(
            looked_at=len(missing) + len(there),
            missing=len(missing),
            in_bin=sum(each.is_binned for each in missing),
            came_back=len(came_back),
            unseen=len(inside) - len(missing) - len(there),
        )


def _is_below(folder: str, places: Iterable[str]) -> bool:
    return any(folder == each or folder.startswith(each.rstrip(os.sep) + os.sep) for each in places)


def _gone(paths: Iterable[str]) -> dict[str, bool]:
    """For each path whether no file is there; those of which nothing can be told are left out. Blocks."""
    return {path: is_gone for path in paths if (is_gone := is_missing(path)) is not None}


def is_missing(path: str) -> bool | None:
    """True where no file is at a path, None where the system does not tell."""
    try:
        return not stat.S_ISREG(os.stat(path).st_mode)  # noqa: PTH116 - as above
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return True
    except OSError:
        return None


def _sum(one: Seen, other: Seen) -> Seen:
    return Seen(
        looked_at=one.looked_at + other.looked_at,
        missing=one.missing + other.missing,
        in_bin=one.in_bin + other.in_bin,
        came_back=one.came_back + other.came_back,
        unseen=one.unseen + other.unseen,
    )
