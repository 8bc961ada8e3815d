"""Presses of Generate whose files are gone, as a question to the user."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

    from gptimg_desktop.core.draft import Draft
    from gptimg_desktop.core.reference import FileReference


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingFiles:
    """Shall these presses be sent with the copies that were taken of their files? Nothing of them was sent.

    `number` belongs to the question just as it stands here: one that another press has joined has another.
    `missing` are references as they were pressed, `names` those of their files, each once. `count` images
    wait; all of them together cost `price` in US dollars, to whom was to pay at each press, and `free` of
    them are practice. `more` presses wait for other files and are asked about after this.
    """

    number: int
    names: tuple[str, ...]
    missing: tuple[FileReference, ...]
    drafts: tuple[Draft, ...]
    count: int
    price: Decimal
    free: int = 0
    more: int = 0
