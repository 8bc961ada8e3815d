"""Where the program's own files lie: icons, translations, samples."""

from __future__ import annotations

import sys
from pathlib import Path


def resource(*parts: str) -> Path:
    """The path of a bundled file, given the names below the resources folder; it need not exist."""
    return _folder().joinpath(*parts)


def _folder() -> Path:
    """Frozen by PyInstaller, installed from a wheel, or a checkout: whichever this process runs from."""
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen is not None:
        return Path(frozen) / "resources"
    package = Path(__file__).resolve().parent
    installed = package / "_resources"
    return installed if installed.is_dir() else package.parent / "resources"
