"""What stands in a file, told by its hash."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def sha256_at(path: Path | str) -> str | None:
    """The hash of a file's content as hexadecimal digits; None where it cannot be read to the end. Blocks."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - foreign text stays text
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
