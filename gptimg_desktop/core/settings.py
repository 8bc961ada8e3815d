"""What the user chose, as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

DEFAULT_BASE_URL: Final = "https://api.apimart.ai"


class Theme(StrEnum):
    """Which palette the window wears."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every setting. An empty `pictures_folder` means the default one; `window` is the window's own
    opaque state (geometry and panels), base64 text."""

    theme: Theme = Theme.SYSTEM
    pictures_folder: str = ""
    base_url: str = DEFAULT_BASE_URL
    submits_at_once: int = 3
    window: str = ""

    def with_pictures_folder(self, folder: str) -> Settings:
        return replace(self, pictures_folder=folder)

    def with_window(self, window: str) -> Settings:
        return replace(self, window=window)
