"""What sets a tile off from the others."""

from __future__ import annotations

from typing import Final, NamedTuple


class Stress(NamedTuple):
    """What the user has done to a tile, or is about to."""

    is_selected: bool = False
    is_hovered: bool = False
    has_focus: bool = False


PLAIN: Final = Stress()
