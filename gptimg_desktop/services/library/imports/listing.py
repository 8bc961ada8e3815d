"""Which files an import is about: those that were named, and the pictures in the folders that were."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from gptimg_desktop.services.library.files.folder_content import is_picture
from gptimg_desktop.services.library.files.trees import FoundFile, Walk, walk
from gptimg_desktop.services.library.imports.incoming import told_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gptimg_desktop.services.stop import Stop


def listed(paths: Iterable[str], stop: Stop) -> tuple[Walk, dict[str, str]]:
    """All files that paths stand for, oldest first, so that the newest becomes the first of the gallery, and
    for each the name of the folder that it belongs to ("" for one that was named itself). Waits for the
    drive."""
    whole, groups = Walk(), dict[str, str]()
    for path in paths:
        if _is_folder(path):
            found = walk(path, is_picture, stop.for_threads)
            whole.unread += found.unread
            top = told_name(path.rstrip(os.sep))
            for each in found.files:
                inside = os.path.dirname(each.path)  # noqa: PTH120 - foreign text stays text
                groups.setdefault(each.path, top if inside == path else f"{top} {told_name(inside)}")
            whole.files += found.files
        else:
            groups.setdefault(path, "")
            whole.files.append(_named_itself(path))
    once = {each.path: each for each in whole.files}
    whole.files = sorted(once.values(), key=lambda each: (each.modified_at, each.path))
    return whole, groups


def _is_folder(path: str) -> bool:
    try:
        return stat.S_ISDIR(os.stat(path).st_mode)  # noqa: PTH116 - as above
    except (OSError, ValueError):
        return False


def _named_itself(path: str) -> FoundFile:
    """A file that the user named; where nothing can be told of it, reading it will say why."""
    try:
        status = os.stat(path)  # noqa: PTH116 - as above
    except (OSError, ValueError):
        return FoundFile(path=path, size_bytes=0, modified_at=0.0)
    return FoundFile(path=path, size_bytes=status.st_size, modified_at=status.st_mtime)
