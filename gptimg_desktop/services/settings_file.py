"""The settings on disk: JSON that a person can read; anything unreadable in it falls back to its default."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from gptimg_desktop.core.connection import clean_base_url
from gptimg_desktop.core.errors import BadInputError
from gptimg_desktop.core.settings import Settings, Theme
from gptimg_desktop.services.durable import write_atomically

if TYPE_CHECKING:
    from pathlib import Path

logger = logging.getLogger(__name__)


def load(path: Path) -> Settings:
    """The settings in a file; the default for each that is missing or makes no sense."""
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings()
    except (OSError, ValueError) as error:
        logger.warning("settings cannot be read, defaults are used: %s", error)
        return Settings()
    return _settings(fields if isinstance(fields, dict) else {})


def save(path: Path, settings: Settings) -> None:
    """Write the settings as a whole; OSError where the folder takes none."""
    write_atomically(path, json.dumps(asdict(settings), indent=2, ensure_ascii=False).encode())


def _settings(fields: dict[str, Any]) -> Settings:
    default = Settings()
    theme, at_once = fields.get("theme"), fields.get("submits_at_once")
    return Settings(
        theme=Theme(theme) if theme in set(Theme) else default.theme,
        pictures_folder=_text(fields, "pictures_folder", default.pictures_folder),
        base_url=_address(fields, default.base_url),
        submits_at_once=at_once
        if isinstance(at_once, int) and 1 <= at_once <= 20
        else default.submits_at_once,
        window=_text(fields, "window", default.window),
    )


def _text(fields: dict[str, Any], name: str, default: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else default


def _address(fields: dict[str, Any], default: str) -> str:
    try:
        return clean_base_url(_text(fields, "base_url", default))
    except BadInputError:
        return default
