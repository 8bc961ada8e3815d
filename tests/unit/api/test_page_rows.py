"""What the API's page says of a request, row by row: the fields, their ranges, and what is never sent."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest

from gptimg_desktop.core.foreign_text import parse_json
from gptimg_desktop.core.reference import UrlReference
from gptimg_desktop.core.request import GenerationRequest
from gptimg_desktop.core.sizes import AUTO, PixelSize, Ratio, Size, Tier
from gptimg_desktop.core.task import TaskState
from gptimg_desktop.services.api.body import LAST_BYTE, RequestBody
from gptimg_desktop.services.api.wire import read_task, says_unknown_task
from tests.unit.practice.visitor import Visitor

ALWAYS = {"model", "prompt", "n", "size", "resolution"}
SOMETIMES = {"image_urls", "official_fallback"}
SIZES: tuple[Size, ...] = (AUTO, *Ratio, PixelSize(1881, 836), PixelSize(887, 1774))
DAY_S = 86_400


async def fields_of(**more: Any) -> dict[str, Any]:
    """What a request says once it is sent."""
    plain: dict[str, Any] = {"prompt": "an oak chair", "size": Ratio.R1X1, "tier": Tier.K1}
    body = RequestBody(GenerationRequest(**(plain | more)), Path)
    pieces = [piece async for piece in body.all_but_last_byte()]
    fields: dict[str, Any] = json.loads(b"".join(pieces) + LAST_BYTE)
    return fields


@pytest.mark.anyio
@pytest.mark.parametrize("tier", Tier)
@pytest.mark.parametrize("ratio", Ratio)
async def test_each_cell_of_the_table_is_asked_for_by_its_two_words(ratio: Ratio, tier: Tier) -> None:
    fields = await fields_of(size=ratio, tier=tier)
    assert fields["size"] == "{}:{}".format(*ratio.parts)
    assert fields["resolution"] in {"1k", "2k", "4k"}
    assert fields["resolution"].upper() == tier.label


@pytest.mark.anyio
@pytest.mark.parametrize("official", [False, True])
@pytest.mark.parametrize("references", [0, 1, 16])
async def test_no_field_is_sent_that_the_page_does_not_name(references: int, official: bool) -> None:
    given = tuple(UrlReference(url=f"https://pictures.example.com/{n}.png") for n in range(references))
    for size, tier in itertools.product(SIZES, Tier):
        fields = await fields_of(size=size, tier=tier, references=given, official_fallback=official)
        assert set(fields) >= ALWAYS
        assert set(fields) - ALWAYS == {
            name for name, sent in zip(sorted(SOMETIMES), (references, official), strict=True) if sent
        }
        assert (fields["n"], type(fields["n"])) == (1, int)


@pytest.mark.anyio
@pytest.mark.parametrize(
    "prompt",
    [
        "A wide 16:9 view of the sea, 2k, style: oil, quality high",
        "清晨的海边，一把橡木椅子",
        "“ü” \\ 🐈\n{}",
    ],
)
async def test_the_prompt_goes_as_it_was_typed_and_the_ratio_apart_from_it(prompt: str) -> None:
    fields = await fields_of(prompt=prompt, size=Ratio.R9X16)
    assert (fields["prompt"], fields["size"]) == (prompt, "9:16")


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("submitted", TaskState.PENDING),
        ("processing", TaskState.PENDING),
        ("completed", TaskState.COMPLETED),
        ("failed", TaskState.FAILED),
    ],
)
def test_each_of_the_four_states_has_its_meaning(word: str, state: TaskState) -> None:
    link = "https://files.example.com/a.png"
    told = {
        "status": word,
        "error": {"message": "out of luck"},
        "result": {"images": [{"url": [link], "expires_at": 1_780_493_458}]},
    }
    report = read_task({"code": 200, "data": told}, "task_1", b"")
    assert report is not None
    assert (report.state, report.status_word, report.message) == (state, word, "out of luck")
    assert (report.links, report.expires_at) == ((link,), 1_780_493_458)


@pytest.mark.anyio
async def test_a_task_out_of_its_retention_is_told_in_the_words_of_the_page(tmp_path: Path) -> None:
    async with Visitor(tmp_path) as visitor:
        task_id = await visitor.submit()
        visitor.clock.now += 60 * DAY_S
        answer = await visitor.get(f"/v1/tasks/{task_id}")
    message = str(parse_json(answer.content)["error"]["message"])
    assert "task does not exist or has expired" in message
    assert says_unknown_task(message)
    assert read_task(parse_json(answer.content), task_id, answer.content) is None
