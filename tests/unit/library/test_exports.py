"""Copies go where the user wants them: as they are, or in the format that the name says."""

from __future__ import annotations

import errno
import io
import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from gptimg_desktop.core.errors import ProblemKind, StorageError
from gptimg_desktop.core.export_format import ExportFormat, format_of
from gptimg_desktop.services.library.exports import Exports
from gptimg_desktop.services.library.imaging.imaging import Imaging
from tests.support.telling import CANARY, HELD, corners, telling
from tests.unit.library.pictures import encoded, gradient, png
from tests.unit.library.profiles import ADOBE_RGB, in_srgb, rgb_profile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.anyio


@contextmanager
def exports() -> Iterator[Exports]:
    imaging = Imaging()
    try:
        yield Exports(imaging)
    finally:
        imaging.close()


async def saved(source: Path, target: Path) -> Path:
    with exports() as found:
        return await found.save(source, target)


async def refused(source: Path, target: Path) -> ProblemKind:
    with pytest.raises(StorageError) as caught:
        await saved(source, target)
    return caught.value.problem.kind


def file_of(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def shown(path: Path) -> Image.Image:
    image = Image.open(io.BytesIO(path.read_bytes()))
    image.load()
    return image


def far_apart(one: Image.Image, other: Image.Image) -> int:
    """The largest difference of any two pixels in any channel."""
    pairs = zip(one.convert("RGB").tobytes(), other.convert("RGB").tobytes(), strict=True)
    return max(abs(first - second) for first, second in pairs)


@pytest.mark.parametrize(
    ("ending", "wanted"),
    [
        ("png", ExportFormat.PNG),
        ("JPG", ExportFormat.JPEG),
        ("jpeg", ExportFormat.JPEG),
        ("webp", ExportFormat.WEBP),
        ("tif", None),
        ("", None),
    ],
)
async def test_an_ending_names_a_format(ending: str, wanted: ExportFormat | None) -> None:
    assert format_of(ending) is wanted


@pytest.mark.parametrize(("own", "target"), [("a.png", "b.png"), ("a.jpg", "b.JPEG"), ("a.tif", "b.tif")])
async def test_its_own_format_is_copied_byte_by_byte(tmp_path: Path, own: str, target: str) -> None:
    source = file_of(tmp_path, own, b"whatever stands in it")
    assert await saved(source, tmp_path / target) == tmp_path / target
    assert (tmp_path / target).read_bytes() == b"whatever stands in it"


@pytest.mark.parametrize(("name", "copy"), [("chair", "chair.png"), ("chair.gif", "chair.gif.png")])
async def test_a_name_that_says_no_format_gets_the_ending_of_the_bytes(
    tmp_path: Path, name: str, copy: str
) -> None:
    source = file_of(tmp_path, "a.png", png())
    assert await saved(source, tmp_path / name) == tmp_path / copy
    again = await saved(source, tmp_path / name)
    assert again.name == copy.replace(".png", " (2).png")
    assert again.read_bytes() == source.read_bytes()


@pytest.mark.parametrize("wanted", ExportFormat)
async def test_another_format_holds_the_same_picture(tmp_path: Path, wanted: ExportFormat) -> None:
    source = file_of(tmp_path, "a.tif", encoded(gradient(), "TIFF"))
    target = tmp_path / f"b.{wanted.endings[0]}"
    assert await saved(source, target) == target
    copy = shown(target)
    assert copy.format == wanted.name
    assert copy.size == (64, 48)
    assert far_apart(copy, gradient()) <= (0 if wanted is ExportFormat.PNG else 40)


@pytest.mark.parametrize("wanted", [ExportFormat.JPEG, ExportFormat.WEBP])
async def test_what_stands_beside_the_picture_stays_behind(tmp_path: Path, wanted: ExportFormat) -> None:
    source = file_of(tmp_path, "a.png", telling("png"))
    assert CANARY in source.read_bytes()
    target = tmp_path / f"b.{wanted.endings[0]}"
    await saved(source, target)
    assert CANARY not in target.read_bytes()


async def test_a_picture_that_was_held_sideways_is_upright(tmp_path: Path) -> None:
    source = file_of(tmp_path, "a.jpg", telling("jpeg", 6))
    await saved(source, tmp_path / "b.png")
    assert corners(shown(tmp_path / "b.png")) == HELD[6]


async def test_colours_of_another_profile_look_the_same(tmp_path: Path) -> None:
    colour = (150, 80, 60)
    meant = in_srgb(colour, ADOBE_RGB)
    picture = Image.new("RGB", (8, 8), colour)
    source = file_of(tmp_path, "a.png", encoded(picture, "PNG", icc_profile=rgb_profile(ADOBE_RGB)))
    await saved(source, tmp_path / "b.jpg")
    assert far_apart(shown(tmp_path / "b.jpg"), Image.new("RGB", (8, 8), meant)) <= 3
    assert far_apart(picture, Image.new("RGB", (8, 8), meant)) > 10


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
async def test_what_shines_through_stands_on_white_in_a_jpeg_and_stays_in_a_webp(
    tmp_path: Path, mode: str
) -> None:
    picture = Image.new("RGBA", (16, 16), (0, 0, 0, 0)).convert(mode)
    source = file_of(tmp_path, "a.png", encoded(picture, "PNG"))
    await saved(source, tmp_path / "b.jpg")
    await saved(source, tmp_path / "b.webp")
    assert shown(tmp_path / "b.jpg").convert("L").getextrema() == (255, 255)
    assert shown(tmp_path / "b.webp").getchannel("A").getextrema() == (0, 0)


async def test_a_picture_too_long_for_the_format_is_told_and_what_was_there_stays(tmp_path: Path) -> None:
    source = file_of(tmp_path, "a.png", encoded(Image.new("L", (16_384, 1)), "PNG"))
    target = file_of(tmp_path, "b.webp", b"an older one")
    assert await refused(source, target) is ProblemKind.IMAGE_NOT_CONVERTED
    assert target.read_bytes() == b"an older one"
    assert (await saved(source, tmp_path / "b.jpg")).exists()


async def test_a_damaged_one_is_told_and_leaves_nothing_behind(tmp_path: Path) -> None:
    source = file_of(tmp_path, "a.png", png()[:-40])
    assert await refused(source, tmp_path / "b.jpg") is ProblemKind.IMAGE_FILE_DAMAGED
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]


@pytest.mark.parametrize("target", ["b.png", "b.jpg"])
async def test_a_missing_one_is_told(tmp_path: Path, target: str) -> None:
    assert await refused(tmp_path / "a.png", tmp_path / target) is ProblemKind.IMAGE_FILE_MISSING


@pytest.mark.parametrize("target", ["b.png", "b.jpg"])
async def test_a_folder_that_is_none_is_told(tmp_path: Path, target: str) -> None:
    source = file_of(tmp_path, "a.png", png())
    assert await refused(source, source / target) is ProblemKind.FOLDER_UNWRITABLE


@pytest.mark.parametrize("name", ["a.png", "same.png"])
async def test_a_copy_over_the_picture_itself_changes_nothing(tmp_path: Path, name: str) -> None:
    source = file_of(tmp_path, "a.png", png())
    if name != source.name:
        (tmp_path / name).hardlink_to(source)
    await saved(source, tmp_path / name)
    assert source.read_bytes() == png()
    assert source.samefile(tmp_path / name)


@pytest.mark.parametrize("as_link", ["symlink_to", "hardlink_to"])
async def test_another_name_of_the_picture_becomes_the_other_format(tmp_path: Path, as_link: str) -> None:
    source = file_of(tmp_path, "a.png", png())
    target = tmp_path / "same.jpg"
    getattr(target, as_link)(source)
    await saved(source, target)
    assert source.read_bytes() == png()
    assert shown(target).format == "JPEG"


@pytest.mark.parametrize("name", ["b.png", "b.jpg"])
async def test_a_file_that_is_replaced_leaves_its_mode(tmp_path: Path, name: str) -> None:
    source = file_of(tmp_path, "a.png", png())
    target = file_of(tmp_path, name, b"an older one")
    target.chmod(0o640)
    await saved(source, target)
    assert target.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("name", ["b.png", "b.jpg"])
async def test_a_file_that_may_not_be_written_stays(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = file_of(tmp_path, "a.png", png())
    target = file_of(tmp_path, name, b"an older one")
    monkeypatch.setattr(os, "access", lambda _path, _mode: False)  # root may write everything
    assert await refused(source, target) is ProblemKind.FOLDER_UNWRITABLE
    assert target.read_bytes() == b"an older one"


@pytest.mark.parametrize("name", ["b.png", "b.jpg"])
async def test_links_that_lead_in_a_circle_are_told(tmp_path: Path, name: str) -> None:
    source = file_of(tmp_path, "a.png", png())
    (tmp_path / name).symlink_to(tmp_path / name)
    assert await refused(source, tmp_path / name) is ProblemKind.FOLDER_UNWRITABLE


async def test_a_link_stands_for_the_file_behind_it(tmp_path: Path) -> None:
    source = file_of(tmp_path, "a.png", png())
    behind = file_of(tmp_path, "behind.png", b"an older one")
    (tmp_path / "link.png").symlink_to(behind)
    await saved(source, tmp_path / "link.png")
    assert (tmp_path / "link.png").is_symlink()
    assert behind.read_bytes() == png()


async def test_a_full_disk_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = file_of(tmp_path, "a.png", png())
    target = file_of(tmp_path, "b.png", b"an older one")

    def fill_up(_: Path, part: Path) -> None:
        part.write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", fill_up)
    assert await refused(source, target) is ProblemKind.DISK_FULL
    assert target.read_bytes() == b"an older one"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.png", "b.png"]
