"""The frozen values of core as JSON text for the database, and back."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import Any, Final

from gptimg_desktop.core.draft import Draft
from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.core.reference import Change, FileReference, Origin, Reference, Shrink, UrlReference
from gptimg_desktop.core.request import GenerationRequest
from gptimg_desktop.core.sizes import Tier, parse_size

_DRAFT_ONLY: Final = ("copies", "one_per_line")


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
    return json.dumps(_fields(request))


def request_from_text(text: str) -> GenerationRequest:
    return _request(json.loads(text))


def draft_to_text(draft: Draft) -> str:
    return json.dumps(
        _fields(draft)
        | {name: getattr(draft, name) for name in _DRAFT_ONLY}
        | {"shrink": None if draft.shrink is None else asdict(draft.shrink)}
    )


def draft_from_text(text: str) -> Draft:
    """A draft; what an earlier program did not write is as in a new one."""
    fields = json.loads(text)
    request, new, shrink = _request(fields), Draft(), fields.get("shrink")
    return replace(
        Draft.of(request),
        prompt=request.prompt,
        shrink=None if shrink is None else Shrink(**shrink),
        **{name: fields.get(name, getattr(new, name)) for name in _DRAFT_ONLY},
    )


def _fields(of: GenerationRequest | Draft) -> dict[str, Any]:
    """What a request and a draft have in common."""
    return {
        "prompt": of.prompt,
        "size": str(of.size),
        "tier": of.tier.value,
        "official_fallback": of.official_fallback,
        "references": [asdict(reference) for reference in of.references],
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
    if "url" in fields:
        return UrlReference(**fields)
    origin = fields.get("origin")
    return FileReference(
        **fields
        | {
            "changes": tuple(map(Change, fields.get("changes", ()))),
            "origin": None if origin is None else Origin(**origin),
        }
    )
