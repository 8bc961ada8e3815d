"""The settings on disk: JSON that a person can read; anything unreadable in it falls back to its default."""

from __future__ import annotations

import contextlib
import json
import logging
import os
from dataclasses import asdict
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final, TypeVar

from gptimg_desktop.core.connection import clean_base_url, clean_proxy
from gptimg_desktop.core.errors import BadInputError
from gptimg_desktop.core.settings import MOST_FORMER_FOLDERS, Delivery, ProxyChoice, Settings, Theme
from gptimg_desktop.core.sizes import SizeChoice, parse_choice
from gptimg_desktop.services.durable import write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from enum import StrEnum
    from pathlib import Path

Choice = TypeVar("Choice", bound="StrEnum")

logger = logging.getLogger(__name__)

_ANY_NAME: Final = "surrogatepass"  # a folder's name may hold bytes that are no UTF-8
_MOST_AT_ONCE: Final = 20


def load(path: Path) -> Settings:
    """The settings in a file; the default for each that is missing or makes no sense."""
    try:
        fields = json.loads(path.read_text(encoding="utf-8", errors=_ANY_NAME))
    except FileNotFoundError:
        return Settings()
    except (OSError, ValueError, RecursionError) as error:
        logger.warning("settings cannot be read, defaults are used: %s", error)
        return Settings()
    return _settings(fields if isinstance(fields, dict) else {})


def save(path: Path, settings: Settings) -> None:
    """Write the settings as a whole; OSError where the folder takes none."""
    fields = asdict(settings) | {
        "ask_above": str(settings.ask_above),
        "favourite_sizes": [str(choice) for choice in settings.favourite_sizes],
    }
    text = json.dumps(fields, indent=2, ensure_ascii=False)
    write_atomically(path, text.encode("utf-8", _ANY_NAME))


def _settings(fields: dict[str, Any]) -> Settings:
    default = Settings()
    proxy, proxy_address = _proxy(fields, default)
    return Settings(
        theme=_one_of(Theme, fields.get("theme"), default.theme),
        pictures_folder=_whole_path(_text(fields, "pictures_folder", default.pictures_folder)),
        base_url=_address(fields, default.base_url),
        proxy=proxy,
        proxy_address=proxy_address,
        delivery=_one_of(Delivery, fields.get("delivery"), default.delivery),
        submits_at_once=_at_once(fields.get("submits_at_once"), default.submits_at_once),
        kept_keys=_texts(fields.get("kept_keys")),
        paused=fields.get("paused") is True,
        ask_above=_amount(fields.get("ask_above"), default.ask_above),
        favourite_sizes=tuple(_choices(_texts(fields.get("favourite_sizes")))),
        former_folders=tuple(filter(None, map(_whole_path, _texts(fields.get("former_folders")))))[
            :MOST_FORMER_FOLDERS
        ],
        window=_text(fields, "window", default.window),
    )


def _one_of(choices: type[Choice], value: object, default: Choice) -> Choice:
    return next((choice for choice in choices if choice == value), default)


def _proxy(fields: dict[str, Any], default: Settings) -> tuple[ProxyChoice, str]:
    """The choice and the address of a proxy; without a usable address nothing is given."""
    choice = _one_of(ProxyChoice, fields.get("proxy"), default.proxy)
    try:
        return choice, clean_proxy(_text(fields, "proxy_address", ""))
    except BadInputError:
        return (default.proxy if choice is ProxyChoice.GIVEN else choice), ""


def _texts(value: object) -> tuple[str, ...]:
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def _text(fields: dict[str, Any], name: str, default: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else default


def _amount(value: object, default: Decimal) -> Decimal:
    """Dollars, not negative; written as text, so that no digit is lost."""
    try:
        amount = Decimal(value) if isinstance(value, str) else default
    except InvalidOperation:
        return default
    return amount if amount.is_finite() and amount >= 0 else default


def _choices(texts: Iterable[str]) -> Iterator[SizeChoice]:
    for text in texts:
        with contextlib.suppress(ValueError):
            yield parse_choice(text)


def _whole_path(text: str) -> str:
    """A folder that means the same wherever the program is started; empty where the text names none."""
    whole = os.path.expanduser(text)  # noqa: PTH111 - pathlib fails for a user that is not there
    return whole if os.path.isabs(whole) else ""  # noqa: PTH117 - it is still a text


def _at_once(value: object, default: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        return default
    return value if 1 <= value <= _MOST_AT_ONCE else default


def _address(fields: dict[str, Any], default: str) -> str:
    try:
        return clean_base_url(_text(fields, "base_url", default))
    except BadInputError:
        return default
