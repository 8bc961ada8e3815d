"""Whatever is chosen in the window arrives as the fields of the API, and with no other."""

from __future__ import annotations

import base64
import io
import itertools
import json
import shutil
import subprocess
from collections import deque
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image
from PIL.ExifTags import IFD, Base
from PySide6.QtWidgets import QSpinBox

from gptimg_desktop.core.reference import FileReference
from gptimg_desktop.core.sizes import Ratio, Tier
from tests.e2e.test_references import address, data_uri, let_go, reference_files, sent
from tests.support import scripted_server as scripts
from tests.support.desk import Desk, window
from tests.support.scripted_server import batch, scripted_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.anyio

WORDS = ("auto", *(ratio.value for ratio in Ratio))
PIXELS = ((1024, 1024), (1536, 1024), (1881, 836), (887, 1774), (2048, 1360), (3840, 2160), (2880, 2880))


def fields_of(prompt: str, size: str, tier: str, **more: Any) -> dict[str, Any]:
    """A request as the page of the API describes it."""
    return {"model": "gpt-image-2", "prompt": prompt, "n": 1, "size": size, "resolution": tier} | more


def choose_pixels(desk: Desk, width: int, height: int) -> None:
    desk.click("ratio_custom")
    desk.find(QSpinBox, "customWidth").setValue(width)
    desk.find(QSpinBox, "customHeight").setValue(height)


def choose(desk: Desk, word: str, tier: Tier) -> None:
    desk.click(f"ratio_{word.replace(':', 'x')}")
    desk.click(f"tier_{tier.value}")


def each_size(desk: Desk) -> Iterator[tuple[str, str]]:
    """Choose every word with every tier, and some sizes in pixels with each; tells what is to arrive."""
    for word, tier in itertools.product(WORDS, Tier):
        choose(desk, word, tier)
        yield word, tier.value
    for width, height in PIXELS:
        choose_pixels(desk, width, height)
        yield f"{width}x{height}", desk.app.window.compose.draft().tier.value


@pytest.mark.parametrize("is_official", [False, True])
@pytest.mark.parametrize("references", [0, 2])
async def test_every_size_arrives_with_exactly_the_fields_of_the_page(
    references: int, is_official: bool, home: Path
) -> None:
    files = reference_files(home / "given", references)
    more: dict[str, Any] = {"official_fallback": True} if is_official else {}
    if references:
        more["image_urls"] = [*map(data_uri, files), address(1)]
    expected = []
    async with scripted_server() as server, window(home / "data", server) as desk:
        server.batches, server.queries = deque([batch()]), deque([scripts.completed])
        if references:
            assert let_go(desk, *files, address(1))
            await desk.until(lambda: len(desk.app.window.compose.draft().references) == references + 1)
        if is_official:
            desk.click("officialFallback")
        for size, tier in each_size(desk):
            prompt = f"a chair, {size} at {tier}"
            desk.generate(prompt)
            expected.append(fields_of(prompt, size, tier, **more))
        await desk.until(lambda: len(server.accepted) == len(expected))
        by_prompt = {fields["prompt"]: fields for fields in sent(server)}
        assert by_prompt == {fields["prompt"]: fields for fields in expected}
        assert len(sent(server)) == len(expected) == 55
        await desk.until_states(*["saved"] * len(expected))


# The bytes of references


def taken_by_a_camera(path: Path) -> None:
    """A JPEG that was held sideways, with place, owner, comment and thumbnail; it is 40 × 60 when upright."""
    picture = Image.new("RGB", (60, 40), "navy")
    picture.paste("orange", (0, 0, 30, 40))
    exif = Image.Exif()
    exif[Base.Orientation.value] = 6
    exif[Base.Artist.value] = "Somebody"
    exif.get_ifd(IFD.GPSInfo).update({1: "N", 2: (52.0, 30.0, 0.0), 3: "E", 4: (13.0, 24.0, 0.0)})
    picture.save(
        path, quality=95, exif=exif, comment=b"private", xmp=b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>"
    )


def written_by_a_program(path: Path) -> None:
    """A PNG with words in it, and a location."""
    from PIL.PngImagePlugin import PngInfo  # noqa: PLC0415

    words = PngInfo()
    words.add_text("Author", "Somebody")
    words.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta xmlns:x='adobe:ns:meta/'/>")
    exif = Image.Exif()
    exif[Base.Orientation.value] = 8
    exif.get_ifd(IFD.GPSInfo).update({1: "N", 2: (52.0, 30.0, 0.0)})
    Image.new("RGB", (60, 40), "teal").save(path, pnginfo=words, exif=exif)


def read_back(path: Path) -> dict[str, Any]:
    """Everything that exiftool finds in a file, by group and name."""
    told = subprocess.run(
        ["exiftool", "-json", "-G", "-a", "-u", "-ee", str(path)], check=True, stdout=subprocess.PIPE
    )
    (found,) = json.loads(told.stdout)
    return dict(found)


OF_THE_PICTURE = {"SourceFile", "ExifTool", "File", "Composite", "PNG", "JFIF", "RIFF"}
"""Groups that tell of the file and its pixels alone; what PNG may say is looked at by its names."""
OF_PNG = {"ImageWidth", "ImageHeight", "BitDepth", "ColorType", "Compression", "Filter", "Interlace"}
OF_PNG |= {"SRGBRendering", "Gamma", "PixelsPerUnitX", "PixelsPerUnitY", "PixelUnits"}


@pytest.mark.skipif(shutil.which("exiftool") is None, reason="exiftool is not installed")
@pytest.mark.parametrize(
    ("name", "make"), [("photo.jpg", taken_by_a_camera), ("drawing.png", written_by_a_program)]
)
async def test_what_arrives_is_upright_and_tells_nothing_but_the_picture(
    name: str, make: Any, home: Path
) -> None:
    make(home / name)
    before = read_back(home / name)
    assert "EXIF:GPSLatitude" in before
    assert before["EXIF:Orientation"] != "Horizontal (normal)"
    async with scripted_server() as server, window(home / "data", server) as desk:
        assert let_go(desk, home / name)
        await desk.until(lambda: len(desk.app.window.compose.draft().references) == 1)
        desk.generate()
        await desk.until_states("saved")
        (uri,) = sent(server)[0]["image_urls"]
    content = base64.b64decode(uri.partition(",")[2])
    with Image.open(io.BytesIO(content)) as picture:
        assert picture.size == (40, 60)
    arrived = home / f"arrived {name}"
    arrived.write_bytes(content)
    found = read_back(arrived)
    assert {group.partition(":")[0] for group in found} <= OF_THE_PICTURE
    assert {tag.partition(":")[2] for tag in found if tag.startswith("PNG:")} <= OF_PNG
    assert not [tag for tag in found if tag.endswith((":Comment", ":ThumbnailImage"))]
    assert b"Somebody" not in content
    assert b"private" not in content


async def test_the_bytes_that_arrive_are_those_that_are_kept(home: Path) -> None:
    """Whatever was done to a picture before: what the library keeps is what was sent."""
    taken_by_a_camera(home / "photo.jpg")
    written_by_a_program(home / "drawing.png")
    async with scripted_server() as server, window(home / "data", server) as desk:
        assert let_go(desk, home / "photo.jpg", address(1), home / "drawing.png")
        await desk.until(lambda: len(desk.app.window.compose.draft().references) == 3)
        desk.generate()
        await desk.until_states("saved")
        kept = [
            (home / "data" / "references" / reference.sha256).read_bytes()
            for reference in desk.jobs()[0].request.references
            if isinstance(reference, FileReference)
        ]
        first, link, second = sent(server)[0]["image_urls"]
        assert link == address(1)
        assert [base64.b64decode(uri.partition(",")[2]) for uri in (first, second)] == kept
