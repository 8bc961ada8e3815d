"""A picture gets its name when all of it is safe on the disk, and never somebody else's."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import stat
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

import pytest

from gptimg_desktop.core.errors import DownloadError, ProblemKind, StorageError
from gptimg_desktop.core.sizes import PixelSize
from gptimg_desktop.services.library.files.picture_folder import (
    DAMAGED,
    ROOM_PER_IMAGE,
    ROOM_TO_SPARE,
    NameTakenError,
    PartFile,
    PictureFolder,
    extra_bytes,
)
from tests.unit.library.pictures import chunk, encoded, gradient, grey_png, head, png

if TYPE_CHECKING:
    from collections.abc import Callable

    from gptimg_desktop.core.job import SavedImage

WISHED = "2026-11-22/an-oak-chair_0001.png"


@pytest.fixture
def folder(tmp_path: Path) -> PictureFolder:
    return PictureFolder(tmp_path / "pictures")


def written(folder: PictureFolder, content: bytes, *, job_id: str = "job1", index: int = 0) -> PartFile:
    part = folder.begin(job_id, index)
    for start in range(0, len(content), 1000):
        part.write(content[start : start + 1000])
    return part


def saved(folder: PictureFolder, content: bytes, wished: str = WISHED) -> SavedImage:
    """The whole way of one picture."""
    part = written(folder, content)
    image = part.finish(index=0, host="files.example")
    path = folder.free_path(wished)
    folder.place(part, path)
    return image.at(str(path))


def everything(folder: PictureFolder) -> set[str]:
    """All files below the folder, hidden ones too."""
    return {str(path.relative_to(folder.folder)) for path in folder.folder.rglob("*") if not path.is_dir()}


# The way of a picture


@pytest.mark.row(65)
@pytest.mark.parametrize("image_format", ["png", "jpeg", "webp"])
def test_the_bytes_are_kept_exactly_as_they_came(folder: PictureFolder, image_format: str) -> None:
    content = encoded(gradient(200, 100), image_format.upper())
    image = saved(folder, content)
    assert Path(image.path).read_bytes() == content
    assert image.sha256 == hashlib.sha256(content).hexdigest()
    assert (image.size_bytes, image.pixels) == (len(content), PixelSize(200, 100))
    assert image.format == image_format
    assert everything(folder) == {WISHED}


@pytest.mark.row(62)
@pytest.mark.parametrize("image_format", ["png", "jpeg", "webp"])
def test_bytes_after_the_end_are_kept_too_and_counted(folder: PictureFolder, image_format: str) -> None:
    content = encoded(gradient(), image_format.upper()) + b"trailing garbage"
    part = written(folder, content)
    image = part.finish(index=0, host="")
    assert part.extra_bytes == len(b"trailing garbage")
    image = image.at(str(folder.free_path(WISHED)))
    folder.place(part, Path(image.path))
    assert Path(image.path).read_bytes() == content
    assert extra_bytes(image) == len(b"trailing garbage")


def test_a_part_that_begins_anew_knows_nothing_of_what_was_there(folder: PictureFolder) -> None:
    part = written(folder, b"x" * 5000)
    part.begin_anew()
    part.write(png())
    image = part.finish(index=0, host="")
    folder.place(part, folder.free_path(WISHED))
    assert (image.sha256, image.size_bytes) == (hashlib.sha256(png()).hexdigest(), len(png()))
    assert (folder.folder / WISHED).read_bytes() == png()


@pytest.mark.row(75)
def test_a_picture_too_large_to_show_is_kept(folder: PictureFolder) -> None:
    rows = zlib.compressobj(1)
    data = b"".join(rows.compress(bytes(3751)) for _ in range(30_000)) + rows.flush()
    content = head(30_000, 30_000, depth=1) + chunk(b"IDAT", data) + chunk(b"IEND")
    image = saved(folder, content)
    assert image.pixels == PixelSize(30_000, 30_000)
    assert Path(image.path).read_bytes() == content


def test_a_part_is_hidden_and_ours_alone(folder: PictureFolder) -> None:
    part = written(folder, b"some bytes")
    assert part.path.parent == folder.folder
    assert part.path.name.startswith(".")
    assert stat.S_ISREG(part.path.lstat().st_mode)
    part.discard()
    assert everything(folder) == set()
    part.discard()


def test_a_fresh_part_throws_away_what_an_earlier_try_left(folder: PictureFolder) -> None:
    written(folder, b"x" * 5000).discard()
    earlier = written(folder, b"x" * 5000)
    image = saved(folder, png())
    assert Path(image.path).read_bytes() == png()
    earlier.discard()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", ProblemKind.NOT_AN_IMAGE),
        (b"<!DOCTYPE html><p>Access denied", ProblemKind.NOT_AN_IMAGE),
        (b'{"error": "expired"}', ProblemKind.NOT_AN_IMAGE),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", ProblemKind.NOT_AN_IMAGE),
        (png()[:20], ProblemKind.NOT_AN_IMAGE),
        (encoded(gradient(), "GIF"), ProblemKind.NOT_AN_IMAGE),
        (png()[:-30], ProblemKind.IMAGE_INCOMPLETE),
        (png().removesuffix(chunk(b"IEND")), ProblemKind.IMAGE_INCOMPLETE),
        (grey_png(64, 48, rows=24), ProblemKind.IMAGE_INCOMPLETE),
        (encoded(gradient(), "JPEG")[:-2], ProblemKind.IMAGE_INCOMPLETE),
        (encoded(gradient(), "WEBP")[:-4], ProblemKind.NOT_AN_IMAGE),
    ],
)
def test_what_is_not_a_whole_picture_gets_no_name(
    folder: PictureFolder, content: bytes, kind: ProblemKind
) -> None:
    part = written(folder, content)
    with pytest.raises(DownloadError) as refused:
        part.finish(index=0, host="files.example")
    assert refused.value.problem.kind is kind
    assert refused.value.problem.facts["host"] == "files.example"
    assert not [name for name in everything(folder) if not name.startswith(".")]
    part.discard()
    assert everything(folder) == set()


def test_a_jpeg_cut_behind_an_end_mark_of_its_preview_is_found_out(folder: PictureFolder) -> None:
    """A camera's preview inside the file brings an end mark of its own."""
    preview = encoded(gradient(16, 16), "JPEG")
    content = encoded(gradient(200, 200), "JPEG", comment=preview)
    part = written(folder, content[: len(content) // 2])
    with pytest.raises(DownloadError):
        part.finish(index=0, host="files.example")
    part.discard()


def test_what_is_damaged_for_good_is_kept_to_the_last_byte_and_durable(
    folder: PictureFolder, synced: list[str]
) -> None:
    content = grey_png(64, 48, rows=24)
    part = written(folder, content)
    with pytest.raises(DownloadError):
        part.finish(index=0, host="")
    synced.clear()
    image = part.finish_damaged(index=0)
    assert synced == [f"sync file {len(content)}"]
    assert (image.sha256, image.pixels) == (hashlib.sha256(content).hexdigest(), PixelSize(64, 48))
    folder.place(part, folder.free_path(WISHED + DAMAGED))
    assert (folder.folder / (WISHED + DAMAGED)).read_bytes() == content


# Names


@pytest.mark.row(84)
def test_a_taken_name_gets_a_number(folder: PictureFolder) -> None:
    contents = [png(8, 8), png(9, 9), png(10, 10)]
    images = [saved(folder, content) for content in contents]
    stem = WISHED.removesuffix(".png")
    names = [str(Path(image.path).relative_to(folder.folder)) for image in images]
    assert names == [WISHED, f"{stem} (2).png", f"{stem} (3).png"]
    assert [Path(image.path).read_bytes() for image in images] == contents


@pytest.mark.row(84)
@pytest.mark.parametrize("links", [True, False])
def test_a_name_that_was_taken_meanwhile_is_not_overwritten(
    folder: PictureFolder, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    if not links:
        monkeypatch.setattr(os, "link", refuse_links)
    part = written(folder, png())
    part.finish(index=0, host="")
    path = folder.free_path(WISHED)
    path.parent.mkdir(parents=True)
    path.write_text("somebody was quicker")
    with pytest.raises(NameTakenError):
        folder.place(part, path)
    assert path.read_text() == "somebody was quicker"
    folder.place(part, folder.free_path(WISHED))
    assert everything(folder) == {WISHED, WISHED.replace(".png", " (2).png")}


@pytest.mark.row(85)
@pytest.mark.parametrize("links", [True, False])
@pytest.mark.parametrize("there", [True, False])
def test_a_link_planted_at_the_name_is_not_followed(
    folder: PictureFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: bool, links: bool
) -> None:
    if not links:
        monkeypatch.setattr(os, "link", refuse_links)
    victim = tmp_path / "victim"
    if there:
        victim.write_text("precious")
    part = written(folder, png())
    part.finish(index=0, host="")
    planted = folder.folder / WISHED
    planted.parent.mkdir(parents=True)
    planted.symlink_to(victim)
    assert folder.free_path(WISHED) != planted
    with pytest.raises(NameTakenError):
        folder.place(part, planted)
    assert victim.read_text() == "precious" if there else not victim.exists()
    assert planted.is_symlink()
    part.discard()


@pytest.mark.row(85)
def test_a_link_planted_at_the_part_is_not_followed(folder: PictureFolder, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    part = folder.begin("job1", 0)
    part.discard()
    part.path.symlink_to(victim)
    image = saved(folder, png())
    assert victim.read_text() == "precious"
    assert not Path(image.path).is_symlink()


def refuse_links(*_: Any, **__: Any) -> NoReturn:
    raise OSError(errno.EPERM, os.strerror(errno.EPERM))


def test_a_file_system_without_links_works_the_same(
    folder: PictureFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "link", refuse_links)
    image = saved(folder, png())
    assert Path(image.path).read_bytes() == png()
    assert everything(folder) == {WISHED}


def test_only_an_empty_file_is_a_name_that_was_held(folder: PictureFolder, tmp_path: Path) -> None:
    image = saved(folder, png())
    path = Path(image.path)
    folder.let_go(image)
    assert path.read_bytes() == png()
    path.unlink()
    folder.let_go(image)  # nothing there is fine
    (tmp_path / "empty").touch()
    path.symlink_to(tmp_path / "empty")
    folder.let_go(image)
    assert path.is_symlink()
    path.unlink()
    path.touch()
    folder.let_go(image)
    assert everything(folder) == set()


def test_a_file_where_the_folder_of_the_day_should_be_is_told(folder: PictureFolder) -> None:
    part = written(folder, png())
    part.finish(index=0, host="")
    (folder.folder / "2026-11-22").write_text("in the way")
    with pytest.raises(StorageError) as refused:
        folder.place(part, folder.free_path(WISHED))
    assert refused.value.problem.kind is ProblemKind.FOLDER_UNWRITABLE
    part.discard()


# Durability


@pytest.mark.parametrize("links", [True, False])
def test_the_bytes_are_durable_before_the_name_and_the_name_before_the_return(
    folder: PictureFolder, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    steps: list[str] = []
    really_sync, really_link, really_replace = os.fsync, os.link, Path.replace

    def fsync(descriptor: int) -> None:
        steps.append(f"sync {_kind(descriptor)}")
        really_sync(descriptor)

    def link(source: Path, target: Path, **more: Any) -> None:
        if not links:
            refuse_links()
        steps.append("name")
        really_link(source, target, **more)

    def replace(self: Path, target: Path) -> Path:
        steps.append("name")
        return really_replace(self, target)

    part = written(folder, png())
    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "link", link)
    monkeypatch.setattr(Path, "replace", replace)
    part.finish(index=0, host="")
    folder.place(part, folder.free_path(WISHED))
    name = steps.index("name")
    assert steps[0] == f"sync file {len(png())}"
    assert set(steps[name + 1 :]) == names_above(folder.folder / WISHED)


def names_above(path: Path) -> set[str]:
    """The syncs that make a picture's name durable: of its day, the picture folder, and the one above."""
    return {f"sync folder {above.stat().st_ino}" for above in list(path.parents)[:3]}


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was synced, in its order."""
    steps: list[str] = []
    really_sync = os.fsync

    def fsync(descriptor: int) -> None:
        steps.append(f"sync {_kind(descriptor)}")
        really_sync(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    return steps


def test_each_new_folder_on_the_way_has_a_durable_name(tmp_path: Path, synced: list[str]) -> None:
    folder = PictureFolder(tmp_path / "new" / "newer" / "pictures")
    folder.preflight(1)
    above = [tmp_path, tmp_path / "new", tmp_path / "new" / "newer"]
    assert set(synced) == {f"sync folder {each.stat().st_ino}" for each in above}


def test_w6_what_an_earlier_try_placed_is_adopted_with_its_syncs(
    folder: PictureFolder, synced: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    part = written(folder, png())
    image = part.finish(index=0, host="").at(str(folder.folder / WISHED))
    Path(image.path).parent.mkdir()
    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", refusal(errno.EIO))
        with pytest.raises(StorageError):
            folder.place(part, Path(image.path))
    assert Path(image.path).exists()
    synced.clear()
    assert folder.adopt(image)
    assert set(synced) == {f"sync file {len(png())}", *names_above(Path(image.path))}


@pytest.mark.parametrize("wanted", [0, 1, 2, 3])
def test_a_picture_whose_sync_fails_is_not_adopted(
    folder: PictureFolder, monkeypatch: pytest.MonkeyPatch, wanted: int
) -> None:
    """The file, the day, the picture folder, the one above: each sync counts."""
    image = saved(folder, png())
    calls: list[int] = []
    really_sync = os.fsync

    def fsync(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == wanted + 1:
            refusal(errno.EIO)()
        really_sync(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(StorageError) as refused:
        folder.adopt(image)
    assert refused.value.problem.kind is ProblemKind.FOLDER_UNWRITABLE


@pytest.mark.parametrize("number", [errno.EINVAL, errno.ENOTSUP])
def test_a_file_system_that_cannot_sync_folders_works_the_same(
    folder: PictureFolder, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    really_sync = os.fsync

    def fsync(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            refusal(number)()
        really_sync(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    assert folder.adopt(saved(folder, png()))


def refusal(number: int) -> Callable[..., NoReturn]:
    def refuse(*_: Any, **__: Any) -> NoReturn:
        raise OSError(number, os.strerror(number))

    return refuse


def _kind(descriptor: int) -> str:
    status = os.fstat(descriptor)
    return f"folder {status.st_ino}" if stat.S_ISDIR(status.st_mode) else f"file {status.st_size}"


@pytest.mark.row(80)
def test_a_sync_that_fails_leaves_no_name(folder: PictureFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: int) -> NoReturn:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    part = written(folder, png())
    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(StorageError) as refused:
        part.finish(index=0, host="")
    assert refused.value.problem.kind is ProblemKind.FOLDER_UNWRITABLE
    part.discard()
    assert everything(folder) == set()


# Room


class Usage(NamedTuple):
    total: int
    used: int
    free: int


@pytest.mark.row(78)
@pytest.mark.parametrize("images", [1, 3])
def test_there_must_be_room_for_every_image(
    folder: PictureFolder, monkeypatch: pytest.MonkeyPatch, images: int
) -> None:
    needed = images * ROOM_PER_IMAGE + ROOM_TO_SPARE
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(needed, 0, needed))
    folder.preflight(images)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(needed, 1, needed - 1))
    with pytest.raises(StorageError) as refused:
        folder.preflight(images)
    assert refused.value.problem.kind is ProblemKind.DISK_NEARLY_FULL
    facts = {"folder": str(folder.folder), "free_bytes": needed - 1, "needed_bytes": needed}
    assert dict(refused.value.problem.facts) == facts


def test_looking_for_room_leaves_nothing_behind(folder: PictureFolder) -> None:
    folder.preflight(1)
    assert folder.folder.is_dir()
    assert everything(folder) == set()


@pytest.mark.parametrize("below", ["", "below", "far/below"])
def test_a_folder_that_cannot_be_is_told_by_its_name(tmp_path: Path, below: str) -> None:
    (tmp_path / "file").write_text("no folder")
    folder = PictureFolder(tmp_path / "file" / below)
    for work in (lambda: folder.preflight(1), lambda: folder.begin("job1", 0)):
        with pytest.raises(StorageError) as refused:
            work()
        assert refused.value.problem.kind is ProblemKind.FOLDER_UNWRITABLE
        assert refused.value.problem.facts["folder"] == str(folder.folder)


@pytest.mark.row(80)
@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOSPC, ProblemKind.DISK_FULL),
        (errno.EDQUOT, ProblemKind.DISK_FULL),
        (errno.EFBIG, ProblemKind.DISK_FULL),
        (errno.EROFS, ProblemKind.FOLDER_UNWRITABLE),
        (errno.EIO, ProblemKind.FOLDER_UNWRITABLE),
    ],
)
def test_what_the_system_refuses_is_told_by_its_kind(
    folder: PictureFolder, monkeypatch: pytest.MonkeyPatch, number: int, kind: ProblemKind
) -> None:
    def refuse(*_: Any, **__: Any) -> NoReturn:
        raise OSError(number, os.strerror(number))

    part = written(folder, png())
    part.finish(index=0, host="")
    monkeypatch.setattr(os, "link", refuse)
    with pytest.raises(StorageError) as refused:
        folder.place(part, folder.free_path(WISHED))
    assert refused.value.problem.kind is kind
    part.discard()


@pytest.mark.row(79, 80)
def test_a_disk_that_fills_up_while_writing_is_told(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full on this system")
    path = tmp_path / "part"
    path.touch()
    part = PartFile(path, Path("/dev/full").open("wb"))  # noqa: SIM115 - the part closes it
    part.write(b"fits into the buffer")
    with pytest.raises(StorageError) as refused:
        part.write(b"x" * 1_000_000)
    assert refused.value.problem.kind is ProblemKind.DISK_FULL
    part.discard()
    assert not path.exists()


# Afterwards


def test_only_the_very_same_bytes_are_the_image(folder: PictureFolder) -> None:
    image = saved(folder, png())
    path = Path(image.path)
    assert folder.adopt(image)
    assert folder.adopt(saved(PictureFolder(folder.folder / "more"), png()))
    flipped = bytearray(png())
    flipped[40] ^= 1
    path.write_bytes(flipped)
    assert not folder.adopt(image)
    path.write_bytes(png() + b"\0")
    assert not folder.adopt(image)
    path.unlink()
    assert not folder.adopt(image)
    os.mkfifo(path)
    assert not folder.adopt(image)
    path.unlink()
    path.mkdir()
    assert not folder.adopt(image)


def test_parts_of_jobs_that_are_over_are_removed(folder: PictureFolder) -> None:
    parts = [
        written(folder, b"x", job_id=job_id, index=index) for job_id in ("a", "a-b", "b") for index in (0, 11)
    ]
    (folder.folder / "mine.part").write_text("the user's own")
    (folder.folder / ".hidden").write_text("the user's own")
    folder.remove_parts(frozenset({"a", "b"}))
    assert everything(folder) == {
        ".gptimg-a-b-0.part",
        ".gptimg-a-b-11.part",
        "mine.part",
        ".hidden",
    }
    for part in parts:
        part.discard()


def test_a_part_that_cannot_be_removed_keeps_no_other(folder: PictureFolder) -> None:
    for name in ("a", "b", "c"):
        written(folder, b"x", job_id=name).discard()
    (folder.folder / ".gptimg-b-0.part").mkdir()
    parts = [written(folder, b"x", job_id=name) for name in ("a", "c")]
    folder.remove_parts(frozenset({"a", "b", "c"}))
    assert everything(folder) == set()
    for part in parts:
        part.discard()


def test_a_folder_names_the_jobs_of_its_parts(folder: PictureFolder) -> None:
    parts = [written(folder, b"x", job_id=job_id, index=0) for job_id in ("a", "a-b")]
    (folder.folder / "mine-0.part").write_text("the user's own")
    assert folder.jobs_of_parts() == {"a", "a-b"}
    for part in parts:
        part.discard()


def test_parts_in_a_folder_that_is_gone_need_no_removing(tmp_path: Path) -> None:
    assert PictureFolder(tmp_path / "nowhere").jobs_of_parts() == frozenset()
    PictureFolder(tmp_path / "nowhere").remove_parts(frozenset())
