"""The frozen values of core as JSON text for the database, and back."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from dataclasses import fields as fields_of
from typing import Any, Final

from gptimg_desktop.core.draft import Draft
from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.core.prompt import MOST_PROMPTS, escaped
from gptimg_desktop.core.reference import Change, FileReference, Origin, Reference, Shrink, UrlReference
from gptimg_desktop.core.request import GenerationRequest
from gptimg_desktop.core.sizes import Tier, parse_size

_DRAFT_ONLY: Final = ("copies", "one_per_line")
_KINDS: Final = {"str": str, "int": int, "bool": bool}
_SENSELESS: Final = (LookupError, ValueError, TypeError, AttributeError, RecursionError)


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
    """A draft; what an earlier program did not write is as in a new one. ValueError where it makes no sense.

    A program that knew no variables sent its prompt as it was written: the text then stands for just that.
    """
    try:
        return _draft(json.loads(text))
    except _SENSELESS as error:
        raise ValueError(f"no draft: {type(error).__name__}") from error


def draft_salvaged(text: str) -> Draft:
    """Of a draft that makes no sense all parts that do; the others are as in a new one."""
    try:
        found = json.loads(text)
    except _SENSELESS:
        return Draft()
    if not isinstance(found, dict):
        return Draft()
    sound = json.loads(draft_to_text(Draft()))
    if "one_per_line" not in found:
        del sound["one_per_line"]
    for name in sound.keys() & found.keys():
        if _makes_sense(sound | {name: found[name]}):
            sound[name] = found[name]
    named = found.get("references")
    if isinstance(named, list):
        sound["references"] = [each for each in named if _makes_sense(sound | {"references": [each]})]
    return _draft(sound)


def _makes_sense(fields: dict[str, Any]) -> bool:
    try:
        _draft(fields)
    except _SENSELESS:
        return False
    return True


def _draft(fields: dict[str, Any]) -> Draft:
    request, new, shrink = _request(fields), Draft(), fields.get("shrink")
    draft = replace(
        Draft.of(request),
        prompt=request.prompt if "one_per_line" in fields else escaped(request.prompt),
        shrink=None if shrink is None else Shrink(**shrink),
        **{name: fields.get(name, getattr(new, name)) for name in _DRAFT_ONLY},
    )
    _require_sound(draft)
    return draft


def _require_sound(draft: Draft) -> None:
    """TypeError or ValueError where a value is none that the composer could have held."""
    _require_kinds(draft)
    for reference in draft.references:
        _require_kinds(reference)
        if isinstance(reference, FileReference) and reference.origin is not None:
            _require_kinds(reference.origin)
    if draft.shrink is not None:
        _require_kinds(draft.shrink)
        _require(draft.shrink.longest_edge > 0 and 1 <= draft.shrink.quality <= 100)
    files = [each for each in draft.references if isinstance(each, FileReference)]
    _require(all(each.width > 0 and each.height > 0 for each in files))
    _require(1 <= draft.copies <= MOST_PROMPTS)


def _require(is_possible: bool) -> None:
    if not is_possible:
        raise ValueError("a number that cannot be")


def _require_kinds(value: Draft | Reference | Origin | Shrink) -> None:
    """TypeError where a field that is a text, a number or a switch by its declaration holds another thing."""
    for each in fields_of(value):
        kind = _KINDS.get(str(each.type))
        if kind is not None and type(getattr(value, each.name)) is not kind:
            raise TypeError(each.name)


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
