"""Whether the kept copies of references are still what was kept.

A copy is read whole once in the life of the program; from then on it counts as long as its size and time
stay the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gptimg_desktop.services.library.files.content import sha256_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from gptimg_desktop.core.reference import FileReference

Stamp = tuple[int, int]
"""Size in bytes and time of the last change in nanoseconds."""


class KeptCopies:
    """Checks copies by their hash. Every method blocks; call them in a worker thread."""

    def __init__(self, reference_path: Callable[[str], Path]) -> None:
        self._path = reference_path
        self._good: dict[str, Stamp] = {}

    def trust(self, reference: FileReference) -> None:
        """Take a copy for good that was kept a moment ago."""
        stamp = self._stamp(reference)
        if stamp is not None:
            self._good[reference.sha256] = stamp

    def lost(self, references: Iterable[FileReference]) -> frozenset[FileReference]:
        """Those whose copy is gone, cannot be read, or is something else by now."""
        return frozenset(reference for reference in references if not self._is_good(reference))

    def _is_good(self, reference: FileReference) -> bool:
        stamp = self._stamp(reference)
        if stamp is None or stamp[0] != reference.size_bytes:
            return False
        if self._good.get(reference.sha256) != stamp:
            if not self._has_its_hash(reference):
                return False
            self._good[reference.sha256] = stamp
        return True

    def _stamp(self, reference: FileReference) -> Stamp | None:
        try:
            found = self._path(reference.sha256).stat()
        except OSError:
            return None
        return found.st_size, found.st_mtime_ns

    def _has_its_hash(self, reference: FileReference) -> bool:
        return sha256_at(self._path(reference.sha256)) == reference.sha256
