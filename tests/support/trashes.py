"""A trash of the system's that a test can look into, and computers that have none."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

import send2trash.plat_other as system  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


@dataclass(frozen=True)
class HomeTrash:
    """The trash in a home folder, as file managers on Linux read it."""

    folder: Path

    def origins(self) -> dict[str, bytes]:
        """Where each file in it came from, and its bytes."""
        found = {}
        for note in self.folder.glob("info/*.trashinfo"):
            line = next(line for line in note.read_text().splitlines() if line.startswith("Path="))
            path = unquote(line.removeprefix("Path="))
            file = self.folder / "files" / note.name.removesuffix(".trashinfo")
            if os.path.lexists(file):
                found[os.path.normpath(self.folder.parent / path)] = file.read_bytes()
        return found


def use_home_trash(patch: pytest.MonkeyPatch, home: Path) -> HomeTrash:
    """Let the system's trash be in this home: it remembers the one of the first file that it ever took."""
    data = home / ".local" / "share"
    patch.setattr(system, "XDG_DATA_HOME", os.fsencode(data))
    patch.setattr(system, "HOMETRASH_B", os.fsencode(data / "Trash"))
    return HomeTrash(data / "Trash")


def use_no_trash(patch: pytest.MonkeyPatch, home: Path) -> None:
    """A home in which no trash can be made, as in a container or with a foreign hand on the folder."""
    block = home / "no-folder"
    block.write_bytes(b"")
    patch.setattr(system, "XDG_DATA_HOME", os.fsencode(block))
    patch.setattr(system, "HOMETRASH_B", os.fsencode(block / "Trash"))
