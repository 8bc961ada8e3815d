"""What stands in the composer and is no job yet."""

from __future__ import annotations

from dataclasses import dataclass

from gptimg_desktop.core.request import GenerationRequest, Reference
from gptimg_desktop.core.sizes import Ratio, Size, Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The composer's content, kept across restarts."""

    prompt: str = ""
    size: Size = Ratio.R1X1
    tier: Tier = Tier.K1
    references: tuple[Reference, ...] = ()
    official_fallback: bool = False
    copies: int = 1

    @property
    def request(self) -> GenerationRequest:
        return GenerationRequest(
            prompt=self.prompt,
            size=self.size,
            tier=self.tier,
            references=self.references,
            official_fallback=self.official_fallback,
        )

    @classmethod
    def of(cls, request: GenerationRequest, *, copies: int = 1) -> Draft:
        """The composer as it stood when the request was made."""
        return cls(
            prompt=request.prompt,
            size=request.size,
            tier=request.tier,
            references=request.references,
            official_fallback=request.official_fallback,
            copies=copies,
        )
