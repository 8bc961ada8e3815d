"""The log: rotating files in the data folder, without keys and signed addresses."""

from __future__ import annotations

import logging
import logging.handlers
import os
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.errors import ProblemKind
from gptimg_desktop.services.storage_errors import storage_errors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import TextIOWrapper
    from pathlib import Path

_SECRETS: Final = (
    (re.compile(r"(?i)\b(bearer)\s+[^\s'\"]+"), r"\1 …"),
    (re.compile(r"\bsk-[A-Za-z0-9_-]{8,}"), "sk-…"),
    (re.compile(r"(https?://[^\s?'\"]+)\?[^\s'\"]*"), r"\1?…"),
    (re.compile(r"(https?://)[^\s/@'\"]+@"), r"\1…@"),
)
_MOST_BYTES: Final = 1_000_000
_KEPT: Final = 5


class RedactingFormatter(logging.Formatter):
    """Blots out bearer tokens, keys, query strings and credentials, in tracebacks too."""

    def format(self, record: logging.LogRecord) -> str:
        return redacted(super().format(record))


class PrivateFileHandler(logging.handlers.RotatingFileHandler):
    """Rotating files that nobody else may read, the fresh one after each turn too."""

    def _open(self) -> TextIOWrapper:
        stream = super()._open()
        os.chmod(self.baseFilename, 0o600)  # noqa: PTH101 - a plain call, on a file that was just opened
        return stream


def redacted(text: str) -> str:
    """The text without anything that would let a reader act as the user."""
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return text


@contextmanager
def log_to(folder: Path) -> Iterator[None]:
    """Log into a folder for as long as the context lasts; StorageError where the folder takes no log."""
    with storage_errors(folder, ProblemKind.DATA_FOLDER_UNUSABLE):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / "gptimg-desktop.log"
        handler = PrivateFileHandler(
            path, maxBytes=_MOST_BYTES, backupCount=_KEPT, encoding="utf-8", errors="backslashreplace"
        )
    handler.setFormatter(RedactingFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(min(level or logging.INFO, logging.INFO))
    for name in ("httpx", "httpcore"):  # their own INFO lines print whole addresses
        logging.getLogger(name).setLevel(logging.WARNING)
    try:
        yield
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
        handler.close()
