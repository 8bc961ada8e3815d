"""Thumbnails come from a cache that may be lost at any time."""

from __future__ import annotations

import hashlib
import sqlite3
import stat
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from gptimg_desktop.core.errors import ProblemKind, StorageError
from gptimg_desktop.core.job import SavedImage
from gptimg_desktop.core.sizes import PixelSize
from gptimg_desktop.services.library.imaging.imaging import Imaging
from gptimg_desktop.services.library.thumbnails.thumbnails import PREVIEW_BOX, THUMBNAIL_BOX, Thumbnails
from tests.unit.library.pictures import chunk, encoded, gradient, head

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gptimg_desktop.core.progress import Progress

pytestmark = pytest.mark.anyio


@contextmanager
def thumbnails(cache: Path) -> Iterator[Thumbnails]:
    imaging = Imaging()
    try:
        made = Thumbnails(cache, imaging)
        yield made
        made.close()
    finally:
        imaging.close()


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "thumbnails.sqlite3"


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "picture.png"
    path.write_bytes(encoded(gradient(160, 80).resize((1600, 800)), "PNG"))
    return path


def image(path: Path) -> SavedImage:
    content = path.read_bytes()
    return SavedImage(
        index=0,
        path=str(path),
        sha256=hashlib.sha256(content).hexdigest(),
        size_bytes=len(content),
        pixels=PixelSize(1600, 800),
        format="png",
    )


async def test_a_thumbnail_is_made_once_and_then_remembered(cache: Path, picture: Path) -> None:
    saved = image(picture)
    with thumbnails(cache) as made:
        first = await made.thumbnail(saved)
    picture.unlink()
    with thumbnails(cache) as remembered:
        second = await remembered.thumbnail(saved)
    assert (first.width, first.height) == (second.width, second.height) == (THUMBNAIL_BOX, 192)


async def test_what_shines_through_is_remembered(cache: Path, picture: Path) -> None:
    Image.new("RGBA", (500, 500), (200, 0, 0, 90)).save(picture)
    saved = image(picture)
    with thumbnails(cache) as made:
        first = await made.thumbnail(saved)
        picture.unlink()
        assert await made.thumbnail(saved) == first
    assert first.rgba[3] == 90


async def test_pictures_are_told_apart_by_their_bytes(cache: Path, picture: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.png"
    other.write_bytes(encoded(Image.new("RGB", (10, 20), "red"), "PNG"))
    with thumbnails(cache) as made:
        await made.thumbnail(image(picture))
        found = await made.thumbnail(image(other))
    assert (found.width, found.height) == (10, 20)


async def test_a_preview_comes_from_the_file(cache: Path, picture: Path) -> None:
    with thumbnails(cache) as made:
        found = await made.preview(image(picture))
    assert (found.width, found.height) == (PREVIEW_BOX, 512)
    assert not cache.exists()


async def test_a_damaged_entry_is_made_again(cache: Path, picture: Path) -> None:
    saved = image(picture)
    with thumbnails(cache) as made:
        first = await made.thumbnail(saved)
        for damage in ("substr(picture, 1, 200)", "x''", "'text'"):
            spoil(cache, f"UPDATE thumbnail SET picture = {damage}")  # noqa: S608 - words of this test
            assert await made.thumbnail(saved) == first
    picture.unlink()
    with thumbnails(cache) as remembered:
        assert (await remembered.thumbnail(saved)).width == THUMBNAIL_BOX


def spoil(cache: Path, statement: str) -> None:
    connection = sqlite3.connect(cache)
    try:
        with connection:
            connection.execute(statement)
    finally:
        connection.close()


@pytest.mark.parametrize("content", [b"garbage " * 1000, b"", b"\0" * 4096])
async def test_a_cache_of_garbage_costs_time_and_nothing_else(
    cache: Path, picture: Path, content: bytes
) -> None:
    cache.write_bytes(content)
    with thumbnails(cache) as made:
        for _ in range(2):
            assert (await made.thumbnail(image(picture))).width == THUMBNAIL_BOX
    saved = image(picture)
    picture.unlink()
    with thumbnails(cache) as remembered:  # in a cache that took its place
        assert (await remembered.thumbnail(saved)).width == THUMBNAIL_BOX


async def test_a_cache_of_another_shape_costs_time_and_nothing_else(cache: Path, picture: Path) -> None:
    spoil(cache, "CREATE TABLE thumbnail (only TEXT)")
    with thumbnails(cache) as made:
        assert (await made.thumbnail(image(picture))).width == THUMBNAIL_BOX


async def test_a_cache_that_is_deleted_meanwhile_is_made_again(cache: Path, picture: Path) -> None:
    saved = image(picture)
    with thumbnails(cache) as made:
        await made.thumbnail(saved)
        cache.unlink()
        await made.thumbnail(saved)
        picture.unlink()
        assert (await made.thumbnail(saved)).width == THUMBNAIL_BOX


async def test_a_cache_without_a_place_costs_time_and_nothing_else(tmp_path: Path, picture: Path) -> None:
    with thumbnails(tmp_path / "nowhere" / "cache") as made:
        assert (await made.thumbnail(image(picture))).width == THUMBNAIL_BOX


@pytest.mark.parametrize("damage", ["gone", "cut", "replaced by a folder"])
async def test_a_picture_that_cannot_be_shown_is_told_by_its_path(
    cache: Path, picture: Path, damage: str
) -> None:
    saved = image(picture)
    content = picture.read_bytes()
    picture.unlink()
    if damage == "cut":
        picture.write_bytes(content[: len(content) // 2])
    elif damage != "gone":
        picture.mkdir()
    with thumbnails(cache) as made:
        for look in (made.thumbnail, made.preview):
            with pytest.raises(StorageError) as refused:
                await look(saved)
            assert refused.value.problem.kind is (
                ProblemKind.IMAGE_FILE_DAMAGED if damage == "cut" else ProblemKind.IMAGE_FILE_MISSING
            )
            assert refused.value.problem.facts["path"] == str(picture)


@pytest.mark.row(75)
async def test_a_picture_too_large_to_show_is_not_called_missing(cache: Path, picture: Path) -> None:
    picture.write_bytes(head(30_000, 30_000, depth=1) + chunk(b"IDAT", b"x") + chunk(b"IEND"))
    with thumbnails(cache) as made:
        for look in (made.thumbnail, made.preview):
            with pytest.raises(StorageError) as refused:
                await look(image(picture))
            assert refused.value.problem.kind is ProblemKind.IMAGE_TOO_LARGE_TO_SHOW
            assert refused.value.problem.facts["path"] == str(picture)


async def test_s21_nobody_else_may_look_at_the_thumbnails(cache: Path, picture: Path) -> None:
    cache.touch(0o644)
    with thumbnails(cache) as made:
        await made.thumbnail(image(picture))
    assert stat.S_IMODE(cache.stat().st_mode) == 0o600


async def test_those_that_are_known_come_together_in_the_size_that_is_asked_for(
    cache: Path, tmp_path: Path
) -> None:
    saved = [image(path) for path in coloured(tmp_path, "red", "green", "blue")]
    with thumbnails(cache) as made:
        for each in saved[:2]:
            await made.thumbnail(each)
        for box in (50, 100, 500):
            found = await made.known(saved, box)
            assert {each.sha256 for each in saved[:2]} == set(found)
            assert {(each.width, each.height) for each in found.values()} == {
                (min(box, 100), min(box, 100) // 2)
            }
        red = found[saved[0].sha256].rgba[:3]
    assert red[0] > 240
    assert max(red[1:]) < 15


def coloured(folder: Path, *colours: str) -> list[Path]:
    paths = [folder / f"{colour}.png" for colour in colours]
    for path, colour in zip(paths, colours, strict=True):
        path.write_bytes(encoded(Image.new("RGB", (100, 50), colour), "PNG"))
    return paths


async def test_thumbnails_are_made_anew_and_those_whose_file_is_gone_stay(
    cache: Path, tmp_path: Path
) -> None:
    paths = coloured(tmp_path, "red", "green", "blue")
    saved = [image(path) for path in paths]
    told: list[Progress] = []
    with thumbnails(cache) as made:
        for each in saved:
            await made.thumbnail(each)
        spoil(cache, "UPDATE thumbnail SET picture = (SELECT picture FROM thumbnail LIMIT 1)")
        assert len({each.rgba for each in (await made.known(saved)).values()}) == 1
        paths[0].unlink()
        await made.rebuild(saved, told.append)
        found = await made.known(saved)
    assert [each.done for each in told] == [1, 2, 3]
    assert {each.total for each in told} == {3}
    assert len(found) == 3
    assert found[saved[1].sha256].rgba[1] > 100
    assert found[saved[2].sha256].rgba[2] > 240


async def test_who_closed_the_cache_gets_pictures_from_their_files(cache: Path, picture: Path) -> None:
    with thumbnails(cache) as made:
        await made.thumbnail(image(picture))
        made.close()
        assert await made.known([image(picture)]) == {}
        assert (await made.thumbnail(image(picture))).width == THUMBNAIL_BOX
