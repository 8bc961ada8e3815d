"""What stands in the composer and is no job yet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.core.prompt import MOST_PROMPTS, Expansion, escaped, expand
from gptimg_desktop.core.request import GenerationRequest, problems, prompt_problem
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
        """One for each prompt and copy, in the order of the prompts; one charge each. None where they would
        be more than one press may make."""
        expansion = self.expansion
        if self._images_of(expansion) > MOST_PROMPTS:
            return ()
        requests = (self._request(prompt) for prompt in expansion.prompts or ("",))
        return tuple(request for request in requests for _ in range(self.copies))

    @property
    def count(self) -> int:
        """How many images one press makes."""
        return self._images_of(self.expansion)

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

    def resumed(self, since: Draft) -> Draft:
        """This draft, which was kept, with what was done in a new one before it came back: words and
        references at the end, and every other choice that was made."""
        new = Draft()
        names = ("official_fallback", "copies", "one_per_line", "shrink")
        chosen = {name: getattr(since, name) for name in names if getattr(since, name) != getattr(new, name)}
        if (since.size, since.tier) != (new.size, new.tier):
            chosen |= {"size": since.size, "tier": since.tier}
        return replace(
            self,
            prompt="\n".join(filter(None, (self.prompt, since.prompt))),
            references=(*self.references, *since.references),
            **chosen,
        )

    def with_references(self, references: tuple[Reference, ...]) -> Draft:
        return replace(self, references=references)

    def _images_of(self, expansion: Expansion) -> int:
        return max(1, expansion.count) * self.copies

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
    one_of_each = replace(draft, copies=1).requests
    if not one_of_each or len(one_of_each) * draft.copies > MOST_PROMPTS:
        return (Problem.of(ProblemKind.RUN_TOO_LARGE, count=draft.count, limit=MOST_PROMPTS),)
    first, *others = one_of_each
    if found := problems(first):
        return found
    unsendable = (problem for request in others if (problem := prompt_problem(request.prompt)))
    return tuple(islice(unsendable, 1))
