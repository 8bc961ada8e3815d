"""The streamed body is the JSON it claims to be, to the byte."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest

from gptimg_desktop.core.errors import ProblemKind, StorageError
from gptimg_desktop.core.reference import FileReference, UrlReference
from gptimg_desktop.core.request import GenerationRequest
from gptimg_desktop.core.sizes import AUTO, PixelSize, Ratio, Tier
from gptimg_desktop.services.api.body import LAST_BYTE, RequestBody
from gptimg_desktop.services.api.reference_file import PIECE_BYTES, PIECES_AT_A_TIME

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.anyio


def kept(folder: Path, content: bytes) -> FileReference:
    sha256 = hashlib.sha256(content).hexdigest()
    (folder / sha256).write_bytes(content)
    return FileReference(
        sha256=sha256, media_type="image/webp", size_bytes=len(content), width=1, height=1, name="a.webp"
    )


async def sent(request: GenerationRequest, folder: Path) -> bytes:
    body = RequestBody(request, folder.joinpath)
    pieces = [piece async for piece in body.all_but_last_byte()]
    assert all(len(piece) <= PIECE_BYTES * 4 // 3 for piece in pieces)
    whole = b"".join(pieces) + LAST_BYTE
    assert len(whole) == body.length
    with pytest.raises(ValueError, match="Expecting"):
        json.loads(whole[:-1])  # without its last byte it is nothing
    return whole


def request(**more: Any) -> GenerationRequest:
    return GenerationRequest(**({"prompt": "p", "size": Ratio.R1X1, "tier": Tier.K1} | more))


async def test_a_plain_request_has_five_fields(tmp_path: Path) -> None:
    fields = json.loads(await sent(request(prompt='a "chair" 椅子\n'), tmp_path))
    assert fields == {
        "model": "gpt-image-2",
        "prompt": 'a "chair" 椅子\n',
        "n": 1,
        "size": "1:1",
        "resolution": "1k",
    }


@pytest.mark.parametrize(
    ("size", "text"), [(AUTO, "auto"), (Ratio.R21X9, "21:9"), (PixelSize(1881, 836), "1881x836")]
)
async def test_every_kind_of_size_is_written_as_the_api_takes_it(
    size: Any, text: str, tmp_path: Path
) -> None:
    fields = json.loads(await sent(request(size=size, tier=Tier.K4), tmp_path))
    assert (fields["size"], fields["resolution"]) == (text, "4k")


async def test_references_keep_their_order_and_bytes(tmp_path: Path) -> None:
    contents = [b"x", b"yy", b"z" * (PIECE_BYTES + 1), b"w" * (PIECES_AT_A_TIME * PIECE_BYTES * 2 + 5)]
    files = [kept(tmp_path, content) for content in contents]
    link = UrlReference(url="https://example.org/a.png?b=1&c=2")
    asked = request(references=(files[0], link, *files[1:]), official_fallback=True)
    fields = json.loads(await sent(asked, tmp_path))
    uris = ["data:image/webp;base64," + base64.b64encode(content).decode() for content in contents]
    assert fields["image_urls"] == [uris[0], link.url, *uris[1:]]
    assert fields["official_fallback"] is True


@pytest.mark.parametrize("content", [None, b"shorter", b"as it was GIVEN"])
async def test_a_reference_that_is_gone_or_cut_stops_the_body(content: bytes | None, tmp_path: Path) -> None:
    reference = kept(tmp_path, b"as it was given")
    path = tmp_path / reference.sha256
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises(StorageError) as caught:
        await sent(request(references=(reference,)), tmp_path)
    assert caught.value.problem.kind is ProblemKind.REFERENCE_MISSING
