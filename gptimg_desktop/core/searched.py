"""What a search looks through, and how both sides of it are folded."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from gptimg_desktop.core.reference import FileReference
from gptimg_desktop.core.sizes import outcomes

if TYPE_CHECKING:
    from gptimg_desktop.core.request import GenerationRequest


def folded(text: str) -> str:
    """A text with what a search does not care for taken out: case, width, composition, the times sign."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).replace("×", "x")


def searched_text(request: GenerationRequest, delivered: str = "") -> str:
    """All words of a request, folded: prompt, names of its references, size, tier, promised pixels, and
    `delivered`, the sizes that came ("1254x1254 1024x1024")."""
    names = (each.name if isinstance(each, FileReference) else each.url for each in request.references)
    promised = " ".join(str(size) for size in outcomes(request.size, request.tier))
    told = f"{request.size} {request.tier} {promised} {delivered}"
    return folded("\n".join((request.prompt, *names, told)))


def promised_area(request: GenerationRequest) -> int:
    """The pixels of the largest picture that a request may bring; 0 where nobody can tell."""
    return max((size.pixels for size in outcomes(request.size, request.tier)), default=0)
