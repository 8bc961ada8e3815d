"""The library that a dead process left, read without a touch: the next start must find it as it is."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME: Final = "library.sqlite3"
_NEEDED: Final = ("", "-wal")
"""What the files of a library end in, but for the one that SQLite makes anew."""


@contextlib.contextmanager
def dead_library(data_dir: Path) -> Iterator[sqlite3.Connection | None]:
    """A copy of the library in a data folder, with all that was committed; None where there is none yet."""
    with tempfile.TemporaryDirectory(prefix="gptimg-dead-library-") as aside:
        for ending in _NEEDED:
            source = data_dir / (NAME + ending)
            if source.exists():
                shutil.copyfile(source, Path(aside, source.name))
        with contextlib.closing(sqlite3.connect(Path(aside, NAME))) as library:
            library.row_factory = sqlite3.Row
            is_made = library.execute("PRAGMA user_version").fetchone()[0] > 0
            yield library if is_made else None
