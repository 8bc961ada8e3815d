"""The frozen values of core as JSON text for the database, and back."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from gptimg_desktop.core.draft import Draft
from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.core.request import FileReference, GenerationRequest, Reference, UrlReference
from gptimg_desktop.core.sizes import Tier, parse_size


def problem_to_text(problem: Problem | None) -> str | None:
    if problem is None:
        return None
    return json.dumps({"kind": problem.kind.value, "facts": dict(problem.facts)})


def problem_from_text(text: str | None) -> Problem | None:
    if text is None:
        return None
    fields = json.loads(text)
    return Problem(kind=ProblemKind(fields["kind"]), facts=fields["facts"])


def request_to_text(request: GenerationRequest) -> str:
    return json.dumps(_request_fields(request))


def request_from_text(text: str) -> GenerationRequest:
    return _request(json.loads(text))


def draft_to_text(draft: Draft) -> str:
    return json.dumps(_request_fields(draft.request) | {"copies": draft.copies})


def draft_from_text(text: str) -> Draft:
    fields = json.loads(text)
    return Draft.of(_request(fields), copies=fields["copies"])


def _request_fields(request: GenerationRequest) -> dict[str, Any]:
    return {
        "prompt": request.prompt,
        "size": str(request.size),
        "tier": request.tier.value,
        "official_fallback": request.official_fallback,
        "references": [asdict(reference) for reference in request.references],
    }


def _request(fields: dict[str, Any]) -> GenerationRequest:
    return GenerationRequest(
        prompt=fields["prompt"],
        size=parse_size(fields["size"]),
        tier=Tier(fields["tier"]),
        official_fallback=fields["official_fallback"],
        references=tuple(map(_reference, fields["references"])),
    )


def _reference(fields: dict[str, Any]) -> Reference:
    return UrlReference(**fields) if "url" in fields else FileReference(**fields)
