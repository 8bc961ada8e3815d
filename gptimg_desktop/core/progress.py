"""How far a long errand has come."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Errand(StrEnum):
    """What takes so long that it is shown, and can be cancelled."""

    IMPORT = "import"
    LOOK_FOR_FILES = "look_for_files"
    RELINK = "relink"
    THUMBNAILS = "thumbnails"
    EMPTY_BIN = "empty_bin"
    BACK_UP = "back_up"
    RESTORE = "restore"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """`done` of `total` things; a total of 0 means that nobody knows yet."""

    errand: Errand
    done: int = 0
    total: int = 0
