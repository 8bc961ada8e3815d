"""What the user chose, as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from gptimg_desktop.core.sizes import SizeChoice

DEFAULT_BASE_URL: Final = "https://api.apimart.ai"
MOST_FORMER_FOLDERS: Final = 20


class Theme(StrEnum):
    """Which palette the window wears."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class ProxyChoice(StrEnum):
    """Which proxy requests go through."""

    SYSTEM = "system"
    NONE = "none"
    GIVEN = "given"


class Delivery(StrEnum):
    """How pictures of the user's get to the service."""

    INLINE = "inline"  # as base64 inside the request
    UPLOAD = "upload"  # uploaded before, the request names their addresses


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every setting. An empty `pictures_folder` means the default one; `window` is the window's own
    opaque state (geometry and panels), base64 text. `proxy_address` counts for ProxyChoice.GIVEN alone.
    `kept_keys`: the services (addresses) whose key is in the system's key store. `paused`: nothing is sent
    until the user says so. `ask_above`: US dollars above which one press of Generate asks for a second.
    `favourite_sizes`: in the order in which they were chosen. `former_folders`: where pictures went before,
    as whole paths, the last one first."""

    theme: Theme = Theme.SYSTEM
    pictures_folder: str = ""
    base_url: str = DEFAULT_BASE_URL
    proxy: ProxyChoice = ProxyChoice.SYSTEM
    proxy_address: str = ""
    delivery: Delivery = Delivery.INLINE
    submits_at_once: int = 3
    kept_keys: tuple[str, ...] = ()
    paused: bool = False
    ask_above: Decimal = Decimal(1)
    favourite_sizes: tuple[SizeChoice, ...] = ()
    former_folders: tuple[str, ...] = ()
    window: str = ""

    @property
    def proxy_url(self) -> str | None:
        """The proxy's address; "" for none, None for whatever the system is set to."""
        if self.proxy is ProxyChoice.SYSTEM:
            return None
        return self.proxy_address if self.proxy is ProxyChoice.GIVEN else ""

    def with_pictures_folder(self, folder: str) -> Settings:
        return replace(self, pictures_folder=folder)

    def with_former_folder(self, former: str, present: str) -> Settings:
        """Remember that pictures went into one folder, and go into another now."""
        others = (each for each in self.former_folders if each not in {former, present})
        return replace(self, former_folders=(former, *others)[:MOST_FORMER_FOLDERS])

    def with_kept_key(self, service: str, *, kept: bool) -> Settings:
        others = tuple(known for known in self.kept_keys if known != service)
        return replace(self, kept_keys=(*others, service) if kept else others)

    def with_paused(self, *, paused: bool) -> Settings:
        return replace(self, paused=paused)

    def with_favourite_sizes(self, sizes: tuple[SizeChoice, ...]) -> Settings:
        return replace(self, favourite_sizes=sizes)

    def with_window(self, window: str) -> Settings:
        return replace(self, window=window)
