"""What stands in the composer and is no job yet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.core.prompt import MOST_PROMPTS, Expansion, escaped, expand
from gptimg_desktop.core.request import GenerationRequest, problems
from gptimg_desktop.core.sizes import Ratio, Size, Tier

if TYPE_CHECKING:
    from gptimg_desktop.core.reference import Reference, Shrink


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The composer's content, kept across restarts.

    `prompt` is the text as it was written; with its variables, and with `one_per_line`, it may stand for
    several prompts. `copies` images are made of each. `references` are the kept originals; `shrink` tells how
    they are made lighter for sending. A draft that is sent has the lighter ones as its references.
    """

    prompt: str = ""
    size: Size = Ratio.R1X1
    tier: Tier = Tier.K1
    references: tuple[Reference, ...] = ()
    official_fallback: bool = False
    copies: int = 1
    one_per_line: bool = False
    shrink: Shrink | None = None

    @property
    def expansion(self) -> Expansion:
        """The prompts that the text stands for."""
        return expand(self.prompt, one_per_line=self.one_per_line)

    @property
    def requests(self) -> tuple[GenerationRequest, ...]:
        """One for each prompt and copy, in the order of the prompts; one charge each."""
        prompts = self.expansion.prompts or ("",)
        return tuple(self._request(prompt) for prompt in prompts for _ in range(self.copies))

    @property
    def count(self) -> int:
        """How many images one press makes."""
        return max(1, self.expansion.count) * self.copies

    @classmethod
    def of(cls, request: GenerationRequest, *, copies: int = 1) -> Draft:
        """The composer as it stood when the request was made."""
        return cls(
            prompt=escaped(request.prompt),
            size=request.size,
            tier=request.tier,
            references=request.references,
            official_fallback=request.official_fallback,
            copies=copies,
        )

    def with_references(self, references: tuple[Reference, ...]) -> Draft:
        return replace(self, references=references)

    def _request(self, prompt: str) -> GenerationRequest:
        return GenerationRequest(
            prompt=prompt,
            size=self.size,
            tier=self.tier,
            references=tuple(reference.settled() for reference in self.references),
            official_fallback=self.official_fallback,
        )


def draft_problems(draft: Draft) -> tuple[Problem, ...]:
    """Everything that keeps a draft from being sent; empty where it may go."""
    if draft.count > MOST_PROMPTS:
        return (Problem.of(ProblemKind.RUN_TOO_LARGE, count=draft.count, limit=MOST_PROMPTS),)
    return next((found for request in dict.fromkeys(draft.requests) if (found := problems(request))), ())
