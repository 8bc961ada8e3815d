"""What comes back: the pixels asked for, another picture at each try, the references in it."""

from __future__ import annotations

import base64
import collections
import io
import json

import pytest
from PIL import Image, ImageChops

from gptimg_desktop.core.sizes import AUTO, TABLE, PixelSize, Ratio, Tier
from gptimg_desktop.services.practice.captions import Typesetter
from gptimg_desktop.services.practice.chance import AUTO_RATIOS, pixel_size
from gptimg_desktop.services.practice.pictures import SCENES, Painter, png
from gptimg_desktop.services.practice.submission import read_submission
from tests.unit.practice.visitor import Visitor, opened

SEEDS = [str(number) for number in range(60)]


def data_uri(colour: str, size: tuple[int, int] = (300, 200), kind: str = "PNG") -> str:
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, kind)
    return f"data:image/{kind.lower()};base64,{base64.b64encode(file.getvalue()).decode()}"


def share_of(picture: Image.Image, colour: tuple[int, int, int]) -> float:
    """How much of a picture is very nearly of a colour."""
    away = ImageChops.difference(picture.convert("RGB"), Image.new("RGB", picture.size, colour))
    near = [band.point([255] * 9 + [0] * 247) for band in away.split()]
    both = ImageChops.darker(ImageChops.darker(near[0], near[1]), near[2])
    return both.histogram()[255] / (picture.width * picture.height)


@pytest.mark.parametrize("tier", Tier)
@pytest.mark.parametrize("ratio", Ratio)
def test_every_size_of_the_table_comes_back_and_no_other(ratio: Ratio, tier: Tier) -> None:
    seen = collections.Counter(pixel_size(ratio, tier, seed) for seed in SEEDS)
    assert set(seen) == set(TABLE[ratio][tier])
    assert min(seen.values()) >= 10


def test_free_pixels_come_back_as_asked() -> None:
    wanted = PixelSize(1881, 836)
    assert {pixel_size(wanted, Tier.K2, seed) for seed in SEEDS} == {wanted}


@pytest.mark.parametrize("tier", Tier)
def test_auto_picks_several_shapes_of_the_tier(tier: Tier) -> None:
    seen = {pixel_size(AUTO, tier, seed) for seed in SEEDS}
    assert len(seen) > 4
    assert seen <= {size for ratio in AUTO_RATIOS for size in TABLE[ratio][tier]}


@pytest.mark.parametrize("ratio", Ratio)
@pytest.mark.anyio
async def test_a_picture_of_every_ratio_has_exactly_its_pixels(ratio: Ratio) -> None:
    async with Visitor() as visitor:
        picture = opened(await visitor.picture(size=ratio.value))
        assert PixelSize(*picture.size) in TABLE[ratio][Tier.K1]
        assert (picture.format, picture.mode) == ("PNG", "RGB")


@pytest.mark.parametrize("fields", [{"size": "16x16"}, {"size": "1000x17"}, {"size": "17x1000"},
                                    {"size": "3840x2160", "resolution": "4k"}])  # fmt: skip
@pytest.mark.anyio
async def test_unusual_sizes_are_drawn_too(fields: dict[str, str]) -> None:
    async with Visitor() as visitor:
        data = await visitor.picture(**fields)
        assert "{}x{}".format(*opened(data).size) == fields["size"]
        assert len(data) < 12_000_000


@pytest.mark.parametrize("words", SCENES.values(), ids=lambda words: words[0])
@pytest.mark.parametrize("size", [(600, 200), (200, 600), (320, 320)])
def test_every_scene_fills_every_shape_with_something_to_see(
    words: tuple[str, ...], size: tuple[int, int]
) -> None:
    painter = Painter(Typesetter())
    seen = {png(painter.paint(words[0], seed, size)) for seed in SEEDS[:3]}
    assert len(seen) == 3
    for data in seen:
        picture = opened(data)
        assert picture.size == size
        assert len(picture.convert("L").reduce(4).getcolors(256) or []) > 20


@pytest.mark.anyio
async def test_each_try_and_each_prompt_gives_another_picture() -> None:
    async with Visitor() as visitor:
        size = "512x512"
        again = [await visitor.picture(prompt="sea", size=size) for _ in range(3)]
        other = await visitor.picture(prompt="mountain", size=size)
        assert len({*again, other}) == 4


def test_a_colour_in_the_prompt_shows() -> None:
    painter = Painter(Typesetter(fonts=()))
    for prompt, channel in (("red hills", 0), ("蓝色的山", 2), ("green hills", 1)):
        mean = [0.0, 0.0, 0.0]
        for seed in SEEDS[:8]:
            small = painter.paint(prompt, seed, (240, 160)).resize((1, 1), Image.Resampling.BOX)
            pixel = small.getpixel((0, 0))
            assert isinstance(pixel, tuple)
            mean = [total + value for total, value in zip(mean, pixel, strict=True)]
        assert mean[channel] == max(mean)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.anyio
async def test_all_sixteen_references_are_seen_in_the_picture(kind: str) -> None:
    colours = [(255 * (n & 1), 255 * (n >> 1 & 1), 85 * (n >> 2)) for n in range(16)]
    uris = [data_uri(f"rgb{colour}", kind=kind) for colour in colours]
    async with Visitor() as visitor:
        picture = opened(await visitor.picture(image_urls=uris, size="1536x864"))
        shares = [share_of(picture, colour) for colour in colours]
        assert min(shares) > 0.005, shares


@pytest.mark.anyio
async def test_references_given_as_addresses_are_not_fetched_but_stand_in_the_picture() -> None:
    async with Visitor() as visitor:
        links = ["https://example.com/one.png", data_uri("#00ff00")]
        assert opened(await visitor.picture(image_urls=links, size="600x400")).size == (600, 400)


@pytest.mark.anyio
async def test_a_large_reference_is_read_beside_the_json() -> None:
    noise = Image.effect_noise((700, 500), 90).convert("RGB")
    noise.paste((0, 255, 0), (0, 0, 700, 250))
    file = io.BytesIO()
    noise.save(file, "PNG")
    uri = "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()
    assert len(uri) > 400_000
    async with Visitor() as visitor:
        task = {"image_urls": [uri, data_uri("#0000ff"), uri], "prompt": 'he said "data:" and \\"data:x\\"'}
        picture = opened(await visitor.picture(size="900x400", **task))
        assert share_of(picture, (0, 255, 0)) > 0.05
        assert share_of(picture, (0, 0, 255)) > 0.03


def test_a_photo_that_lies_on_its_side_is_put_upright() -> None:
    orientation, file = Image.Exif(), io.BytesIO()
    orientation[0x0112] = 6  # to be turned by a quarter
    Image.new("RGB", (400, 200)).save(file, "JPEG", exif=orientation)
    uri = "data:image/jpeg;base64," + base64.b64encode(file.getvalue()).decode()
    body = json.dumps({"model": "gpt-image-2", "prompt": "a bay", "image_urls": [uri]}).encode()
    (copy,) = read_submission(body).references
    assert opened(copy).size == (200, 400)


@pytest.mark.parametrize("side", [20, 900])
def test_a_reference_written_with_escapes_is_read_as_well(side: int) -> None:
    file = io.BytesIO()
    Image.effect_noise((side, side), 90).save(file, "PNG")
    uri = "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()
    body = json.dumps({"model": "gpt-image-2", "prompt": "a bay", "image_urls": [uri, uri]})
    escaped = read_submission(body.replace("/", "\\/").encode())
    assert escaped == read_submission(body.encode())
    assert len(escaped.references) == 2


@pytest.mark.anyio
async def test_a_damaged_reference_is_named() -> None:
    async with Visitor() as visitor:
        whole = data_uri("#123456", (2000, 2000))
        cut = whole[: len(whole) // 2 // 4 * 4]
        answer = await visitor.post(image_urls=[data_uri("red"), cut])
        assert answer.status_code == 400
        assert "image_urls[1]" in answer.json()["error"]["message"]


def test_the_same_seed_and_references_draw_the_same_bytes() -> None:
    file = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").save(file, "PNG")
    one, two = (
        png(Painter(Typesetter()).paint("hills", "seed", (400, 300), [file.getvalue()])) for _ in range(2)
    )
    assert one == two
    assert one != png(Painter(Typesetter()).paint("hills", "seed", (400, 300)))
