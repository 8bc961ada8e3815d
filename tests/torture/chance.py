"""What is drawn by chance, from a seed."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Chance:
    """Draws for one service. While it is calm, nothing goes wrong and nothing takes time."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)
        self.is_calm = False

    def draw(self, table: Mapping[str, int]) -> str:
        """One name of a table of weights; the first name while it is calm."""
        names = list(table)
        return names[0] if self.is_calm else self._random.choices(names, list(table.values()))[0]

    def happens(self, share: float) -> bool:
        """True in that share of all cases, never while it is calm."""
        return not self.is_calm and self._random.random() < share

    def seconds(self, least: float, most: float) -> float:
        """A pause from that range; none while it is calm."""
        return 0.0 if self.is_calm else self.number(least, most)

    def number(self, least: float, most: float) -> float:
        """A number from that range."""
        return self._random.uniform(least, most)
