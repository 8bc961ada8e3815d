"""Which pictures there are, in the order in which they are taken."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from docs.screenshots import scenes
from docs.screenshots.sitter import Sitter
from docs.screenshots.studio import Studio
from gptimg_desktop.core.settings import Theme

Scene = Callable[[Sitter, Studio], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One picture file. `is_smooth`: it is looked at closely and may be heavier. `stays`: the next one
    goes on from what stands there."""

    name: str
    scene: Scene
    theme: Theme = Theme.LIGHT
    is_smooth: bool = False
    stays: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Pictures of one library, which `fill` makes first."""

    name: str
    fill: Scene
    shots: tuple[Shot, ...]
    practises: bool = False


SESSIONS: Final = (
    Session(
        name="first start",
        fill=scenes.stay_empty,
        practises=True,
        shots=(Shot(name="first-start", scene=scenes.first_start),),
    ),
    Session(
        name="atelier",
        fill=scenes.fill_atelier,
        shots=(
            Shot(name="size-picker", scene=scenes.size_picker),
            Shot(name="references", scene=scenes.references),
            Shot(name="details", scene=scenes.details),
            Shot(name="search", scene=scenes.search),
            Shot(name="collections", scene=scenes.collections),
            Shot(name="viewer", scene=scenes.viewer, theme=Theme.DARK, is_smooth=True),
            Shot(name="settings", scene=scenes.settings),
            Shot(name="import", scene=scenes.import_),
            Shot(name="main-light", scene=scenes.main_window, is_smooth=True, stays=True),
            Shot(name="main-dark", scene=scenes.nothing_new, theme=Theme.DARK, is_smooth=True),
            Shot(name="queue", scene=scenes.queue),
            Shot(name="unconfirmed", scene=scenes.unconfirmed),
            Shot(name="bin", scene=scenes.bin_),
            Shot(name="backup", scene=scenes.backup),
        ),
    ),
    Session(
        name="chinese",
        fill=scenes.fill_chinese,
        shots=(
            Shot(name="search-zh", scene=scenes.search_chinese),
            Shot(name="main-zh", scene=scenes.main_chinese, is_smooth=True),
        ),
    ),
)

NAMES: Final = tuple(shot.name for session in SESSIONS for shot in session.shots)
