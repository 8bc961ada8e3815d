"""One press of Generate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gptimg_desktop.core.sizes import Ratio, Tier

if TYPE_CHECKING:
    from gptimg_desktop.core.sizes import Size


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is asked for. `variant` chooses among the pictures that a prompt can have; `pause_s` passes before
    the press."""

    prompt: str
    size: Size = Ratio.R1X1
    tier: Tier = Tier.K1
    variant: int = 0
    pause_s: float = 600.0
