"""Kept copies that nothing needs any more: of pictures that were given and taken out again before a press."""

from __future__ import annotations

import contextlib
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from gptimg_desktop.services.library.jobs import NamedReferences

YOUNG_S: Final = 24 * 3600.0
"""A copy that came into use so shortly ago is left alone, whoever names it."""
_COPY: Final = re.compile(r"[0-9a-f]{64}")
_ASIDE: Final = "leftover"  # as long as the ends of names that a start clears away


def remove_unused(folder: Path, named: NamedReferences, *, now: float) -> int:
    """Remove the copies that neither a job nor the draft names, and tell how many. Blocks.

    What is older than the library's first job is left alone: another library may have been here before, and
    may come back. Files of other names are none of ours.
    """
    since = named.since
    if since is None:
        return 0
    removed = 0
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if _COPY.fullmatch(entry.name) and entry.name not in named.sha256:
                with contextlib.suppress(OSError):
                    removed += _remove(entry, since=since, before=now - YOUNG_S)
    return removed


def _remove(entry: os.DirEntry[str], *, since: float, before: float) -> bool:
    """Remove a copy of that age. It is put aside first: whoever takes it into use meanwhile gets it back."""
    found = entry.stat(follow_symlinks=False)
    if not entry.is_file(follow_symlinks=False) or not since <= found.st_mtime < before:
        return False
    path = Path(entry.path)
    aside = path.with_name(f".{path.name}-{_ASIDE}")
    path.rename(aside)
    if aside.stat().st_mtime_ns != found.st_mtime_ns:
        aside.rename(path)
        return False
    aside.unlink()
    return True
