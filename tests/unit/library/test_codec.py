"""Requests and drafts as text: they come back equal, also those that an earlier program wrote."""

from __future__ import annotations

import json

from gptimg_desktop.core.draft import Draft
from gptimg_desktop.core.reference import Change, FileReference, Origin, Shrink, UrlReference
from gptimg_desktop.core.request import GenerationRequest
from gptimg_desktop.core.sizes import PixelSize, Ratio, Tier
from gptimg_desktop.services.library.codec import (
    draft_from_text,
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


def test_a_request_comes_back_whole() -> None:
    request = GenerationRequest(
        prompt="{not|meant} as variables", size="auto", tier=Tier.K1, references=(CHAIR.settled(),)
    )
    assert request_from_text(request_to_text(request)) == request
