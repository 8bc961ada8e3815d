"""What was restored, kept beside the library until the user has seen it; and what he wants restored."""

from __future__ import annotations

import contextlib
import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.restored import RestoreCause, Restored
from gptimg_desktop.services.durable import sync_folder, write_atomically
from gptimg_desktop.services.storage_errors import storage_errors

if TYPE_CHECKING:
    from pathlib import Path

_MOST_NAME_BYTES: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A report, and whether the library that it tells of has its place already."""

    restored: Restored
    is_in_place: bool


class RestoredFile:
    """Two small files in the data folder. Every method blocks."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._report = folder / "restored.json"
        self.wish = folder / "restore-wanted"
        """The file that holds the wish to go back: outdated by the library that fulfils it."""

    def read(self) -> Kept | None:
        """The report that waits to be seen; None where there is none, or none that makes sense."""
        with contextlib.suppress(OSError, ValueError, TypeError, LookupError):
            found = json.loads(self._report.read_bytes())
            is_in_place = bool(found.pop("is_in_place"))
            cause, task_ids = RestoreCause(found.pop("cause")), tuple(map(str, found.pop("task_ids")))
            return Kept(restored=Restored(cause=cause, task_ids=task_ids, **found), is_in_place=is_in_place)
        return None

    def write(self, kept: Kept) -> None:
        """Keep a report; StorageError where that cannot be."""
        content = asdict(kept.restored) | {"is_in_place": kept.is_in_place}
        with storage_errors(self._folder):
            write_atomically(self._report, json.dumps(content).encode())

    def is_in_place(self, kept: Kept) -> None:
        """The library that was made has its place."""
        self.write(replace(kept, is_in_place=True))

    def was_seen(self) -> None:
        """The user has read it; StorageError where it cannot be let go of."""
        with storage_errors(self._folder):
            self._report.unlink(missing_ok=True)
            sync_folder(self._folder)

    @property
    def waits(self) -> bool:
        """True where something was restored that nobody has seen, readable or not."""
        return self._report.exists()

    def want(self, name: str) -> None:
        """The next start shall go back to this backup; StorageError where that cannot be written down."""
        with storage_errors(self._folder):
            write_atomically(self.wish, name.encode())

    def wanted(self) -> str:
        """The name of the backup that the user wants to go back to; "" for none."""
        with contextlib.suppress(OSError, ValueError):
            name = self.wish.read_bytes()[:_MOST_NAME_BYTES].decode()
            return name if name and "/" not in name and "\\" not in name else ""
        return ""

    def forget_wish(self) -> None:
        with storage_errors(self._folder):
            self.wish.unlink(missing_ok=True)
            sync_folder(self._folder)
