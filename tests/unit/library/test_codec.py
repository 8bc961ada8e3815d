"""Requests and drafts as text: they come back equal, also those that an earlier program wrote."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import pytest

from gptimg_desktop.core.draft import Draft
from gptimg_desktop.core.reference import Change, FileReference, Origin, Shrink, UrlReference
from gptimg_desktop.core.request import GenerationRequest
from gptimg_desktop.core.sizes import PixelSize, Ratio, Tier
from gptimg_desktop.services.library.codec import (
    draft_from_text,
    draft_salvaged,
    draft_to_text,
    request_from_text,
    request_to_text,
)

CHAIR = FileReference(
    sha256="a" * 64,
    media_type="image/png",
    size_bytes=1_200,
    width=640,
    height=480,
    name="chair.tiff",
    came_as="tiff",
    changes=(Change.TURNED, Change.CONVERTED),
    job_id="job-1",
    origin=Origin(path="/pictures/chair.tiff", size_bytes=2_000, modified_ns=1_780_000_000_123_456_789),
)


def test_a_draft_comes_back_whole() -> None:
    draft = Draft(
        prompt="{oak|walnut} chair\n\\{as it is\\}",
        size=PixelSize(1888, 832),
        tier=Tier.K2,
        references=(CHAIR, UrlReference(url="https://example.com/a.png")),
        official_fallback=True,
        copies=7,
        one_per_line=True,
        shrink=Shrink(longest_edge=1536, quality=80),
    )
    assert draft_from_text(draft_to_text(draft)) == draft


def test_a_draft_of_an_earlier_program_can_be_read() -> None:
    text = json.dumps(
        {
            "prompt": "an oak chair",
            "size": "16:9",
            "tier": "4k",
            "official_fallback": False,
            "references": [
                {
                    "sha256": "a" * 64,
                    "media_type": "image/png",
                    "size_bytes": 1_200,
                    "width": 640,
                    "height": 480,
                    "name": "chair.png",
                }
            ],
            "copies": 2,
        }
    )
    draft = draft_from_text(text)
    reference = FileReference(
        sha256="a" * 64, media_type="image/png", size_bytes=1_200, width=640, height=480, name="chair.png"
    )
    assert draft == Draft(
        prompt="an oak chair", size=Ratio.R16X9, tier=Tier.K4, references=(reference,), copies=2
    )


def test_an_earlier_draft_stands_for_the_one_prompt_that_it_would_have_sent() -> None:
    literal = '{"style": "oil|ink", "path": "C:\\{GUID}"}'
    fields = json.loads(draft_to_text(Draft(prompt=literal)))
    for new in ("one_per_line", "shrink"):
        del fields[new]
    (request,) = draft_from_text(json.dumps(fields)).requests
    assert request.prompt == literal


FULL = Draft(
    prompt="an {oak|ash} chair",
    size=Ratio.R16X9,
    tier=Tier.K4,
    references=(CHAIR, UrlReference(url="https://example.com/a.png")),
    official_fallback=True,
    copies=3,
    one_per_line=True,
    shrink=Shrink(longest_edge=1536, quality=80),
)
ONE_LEFT = replace(FULL, references=(UrlReference(url="https://example.com"),))
ODD: list[tuple[str, object, Draft]] = [
    ("prompt", None, replace(FULL, prompt="")),
    ("size", "17x", replace(FULL, size=Draft().size)),
    ("size", 17, replace(FULL, size=Draft().size)),
    ("tier", "8k", replace(FULL, tier=Draft().tier)),
    ("copies", "many", replace(FULL, copies=1)),
    ("copies", 0, replace(FULL, copies=1)),
    ("copies", 5_000, replace(FULL, copies=1)),
    ("copies", True, replace(FULL, copies=1)),
    ("one_per_line", "yes", replace(FULL, one_per_line=False)),
    ("official_fallback", 1, replace(FULL, official_fallback=False)),
    ("shrink", {"longest_edge": 1, "quality": 2, "new": 3}, replace(FULL, shrink=None)),
    ("shrink", {"longest_edge": 0, "quality": 80}, replace(FULL, shrink=None)),
    ("shrink", 9, replace(FULL, shrink=None)),
    ("references", None, replace(FULL, references=())),
    ("references", "url", replace(FULL, references=())),
    ("references", [{"url": 7}, {"url": "https://example.com"}, {}, None, "x"], ONE_LEFT),
    ("references", [asdict(CHAIR) | {"width": 0}], replace(FULL, references=())),
    ("references", [asdict(CHAIR) | {"width": "1"}], replace(FULL, references=())),
    ("references", [asdict(CHAIR) | {"changes": ["dyed"]}], replace(FULL, references=())),
    ("references", [asdict(CHAIR) | {"origin": {"path": 1}}], replace(FULL, references=())),
    ("unknown", "field", FULL),
]


@pytest.mark.parametrize(("name", "value", "left"), ODD, ids=lambda value: str(value)[:20])
def test_of_a_draft_that_makes_no_sense_the_rest_is_saved(name: str, value: object, left: Draft) -> None:
    text = json.dumps(json.loads(draft_to_text(FULL)) | {name: value})
    if left == FULL:
        assert draft_from_text(text) == FULL
    else:
        with pytest.raises(ValueError, match="no draft"):
            draft_from_text(text)
    assert draft_salvaged(text) == left


@pytest.mark.parametrize("text", ["", "{", "null", "7", "[]", '"x"', "[" * 100_000])
def test_what_is_no_draft_at_all_is_a_new_one(text: str) -> None:
    with pytest.raises(ValueError, match="no draft"):
        draft_from_text(text)
    assert draft_salvaged(text) == Draft()


def test_a_prompt_alone_is_saved_as_an_earlier_program_meant_it() -> None:
    (request,) = draft_salvaged('{"prompt": "{oil|ink}"}').requests
    assert request.prompt == "{oil|ink}"


def test_a_request_comes_back_whole() -> None:
    request = GenerationRequest(
        prompt="{not|meant} as variables", size="auto", tier=Tier.K1, references=(CHAIR.settled(),)
    )
    assert request_from_text(request_to_text(request)) == request
