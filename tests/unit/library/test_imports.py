"""Pictures that the user brings along: each whole or not at all, none twice, and none stops the others."""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
import struct
import time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from PIL import Image

from gptimg_desktop.core.connection import IMPORTED
from gptimg_desktop.core.errors import ProblemKind
from gptimg_desktop.core.importing import tier_of
from gptimg_desktop.core.job import Charge, JobState
from gptimg_desktop.core.lookout import FileState
from gptimg_desktop.core.mark import Mark
from gptimg_desktop.core.sizes import PixelSize, Tier
from gptimg_desktop.services.library.imaging import readers
from gptimg_desktop.services.library.imports import incoming
from gptimg_desktop.services.library.imports.copies import ImportedCopies
from tests.support.imported import NOW, shelf
from tests.unit.library.pictures import encoded, gradient, grey_png, png

if TYPE_CHECKING:
    from gptimg_desktop.core.errors import Problem
    from gptimg_desktop.core.progress import Progress

pytestmark = pytest.mark.anyio


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    return folder


def put(path: Path, content: bytes | None = None, *, at: float | None = None) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(png() if content is None else content)
    if at is not None:
        os.utime(path, (at, at))
    return path


def kinds(problems: tuple[Problem, ...]) -> list[ProblemKind]:
    return [problem.kind for problem in problems]


class Room(NamedTuple):
    total: int = 10**12
    used: int = 0
    free: int = 10**12


# What an import makes of a file


async def test_a_copy_is_a_saved_picture_that_cost_nothing(home: Path, source: Path) -> None:
    original = put(source / "Eiche am Fenster.png", png(640, 480), at=NOW - 5000)
    async with shelf(home) as library:
        outcome = await library.take(original)
        (job,) = await library.jobs()
    assert (outcome.added, outcome.problems) == (1, ())
    assert library.published == [job]
    assert (job.state, job.service, job.estimate) == (JobState.SAVED, IMPORTED, Decimal(0))
    assert (job.charge, job.cost, job.is_imported) == (Charge.NONE, None, True)
    assert (job.request.prompt, job.request.size) == ("Eiche am Fenster", PixelSize(640, 480))
    assert job.created_at == NOW - 5000
    (image,) = job.images
    copy = Path(image.path)
    assert (image.pixels, image.format, image.size_bytes) == (PixelSize(640, 480), "png", copy.stat().st_size)
    assert copy.read_bytes() == original.read_bytes()
    assert copy.is_relative_to(home / "pictures" / "Imported")
    assert copy.name == "Eiche-am-Fenster.png"


async def test_a_picture_that_is_left_stays_where_it_is(home: Path, source: Path) -> None:
    original = put(source / "a.png")
    async with shelf(home) as library:
        await library.take(original, copies=False)
        (job,) = await library.jobs()
    assert job.images[0].path == str(original)
    assert library.files() == []


async def test_only_copies_are_the_librarys_own(home: Path, source: Path) -> None:
    """The bin throws away what the library put there, and never an original."""
    async with shelf(home) as library:
        await library.take(put(source / "copied.png", png(10, 20)))
        await library.take(put(source / "left.png", png(20, 10)), copies=False)
        links = await library.database.read(
            lambda connection: {
                Path(row["path"]).stem: row["link"] for row in connection.execute("SELECT * FROM image")
            }
        )
    assert links == {"copied": "copied", "left": ""}


@pytest.mark.parametrize(
    ("image_format", "named", "ending"),
    [("JPEG", "jpeg", "jpg"), ("WEBP", "webp", "webp"), ("TIFF", "tiff", "tif"), ("GIF", "gif", "gif"),
     ("BMP", "bmp", "bmp"), ("AVIF", "avif", "avif")],
)  # fmt: skip
async def test_every_format_that_is_read_can_be_imported_and_shown(
    home: Path, source: Path, image_format: str, named: str, ending: str
) -> None:
    original = put(source / "picture.dat", encoded(gradient(60, 40), image_format))
    async with shelf(home) as library:
        outcome = await library.take(original)
        assert outcome.problems == ()
        (job,) = await library.jobs()
        shown = await library.thumbnails.preview(job.images[0])
    assert (shown.width, shown.height) == (60, 40)
    assert job.images[0].format == named
    assert Path(job.images[0].path).name == f"picture.{ending}"
    assert Path(job.images[0].path).read_bytes() == original.read_bytes()


async def test_what_the_camera_says_counts_for_time_and_shape(home: Path, source: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # held upright
    exif.get_ifd(0x8769)[0x9003] = "2020:02:03 04:05:06"
    original = put(source / "a.jpg", encoded(gradient(60, 40), "JPEG", exif=exif))
    async with shelf(home) as library:
        await library.take(original)
        (job,) = await library.jobs()
    assert job.images[0].pixels == PixelSize(40, 60)
    assert time.localtime(job.created_at)[:6] == (2020, 2, 3, 4, 5, 6)


@pytest.mark.parametrize(
    "told", ["0000:00:00 00:00:00", "1970:01:01 00:00:00", "2199:01:01 00:00:00", "soon"]
)
async def test_a_time_that_cannot_be_is_not_believed(home: Path, source: Path, told: str) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = told
    original = put(source / "a.jpg", encoded(gradient(), "JPEG", exif=exif), at=NOW - 100)
    old = put(source / "b.jpg", encoded(gradient(33, 44), "JPEG", exif=exif), at=5)
    async with shelf(home) as library:
        await library.take(original, old)
        times = {job.request.prompt: job.created_at for job in await library.jobs()}
    assert times == {"a": NOW - 100, "b": NOW}


async def test_the_thumbnail_is_made_on_the_way(home: Path, source: Path) -> None:
    async with shelf(home) as library:
        await library.take(put(source / "a.png"), copies=False)
        (job,) = await library.jobs()
        (source / "a.png").unlink()
        assert (await library.thumbnails.thumbnail(job.images[0])).width == 64


def test_the_tier_is_that_of_pictures_as_large() -> None:
    sizes = {PixelSize(16, 16): Tier.K1, PixelSize(2048, 2048): Tier.K2, PixelSize(6000, 4000): Tier.K4}
    assert {size: tier_of(size) for size in sizes} == sizes


# Folders


async def test_a_folder_is_taken_with_the_folders_in_it(home: Path, source: Path) -> None:
    put(source / "b.png", png(10, 11), at=NOW - 3)
    put(source / "deep" / "er" / "a.png", png(10, 12), at=NOW - 1)
    put(source / "deep" / "c.PNG", png(10, 13), at=NOW - 2)
    put(source / "words.txt", b"no picture")
    put(source / ".hidden" / "d.png", png(10, 14))
    put(source / ".e.png", png(10, 15))
    (source / "circle").symlink_to(source)
    async with shelf(home) as library:
        outcome = await library.take(source)
        jobs = await library.jobs()
    assert (outcome.added, outcome.known, outcome.problems) == (3, 0, ())
    assert [job.request.prompt for job in jobs] == ["a", "c", "b"], (
        "the newest file is the first of the gallery"
    )
    assert library.files() == [
        "Imported/elsewhere-deep/c.png",
        "Imported/elsewhere-er/a.png",
        "Imported/elsewhere/b.png",
    ]


async def test_a_file_that_takes_long_keeps_its_place(home: Path, source: Path) -> None:
    slow = put(source / "slow.png", png(1200, 900), at=NOW - 2)
    async with shelf(home) as library:
        await library.take(slow, put(source / "quick.png", png(9, 9), at=NOW - 1))
        assert [job.request.prompt for job in await library.jobs()] == ["quick", "slow"]


async def test_names_that_clash_are_numbered(home: Path, source: Path) -> None:
    put(source / "one" / "x" / "a.png", png(10, 11), at=NOW - 2)
    put(source / "two" / "x" / "a.png", png(10, 12), at=NOW - 1)
    async with shelf(home) as library:
        await library.take(source)
    assert library.files() == ["Imported/elsewhere-x/a (2).png", "Imported/elsewhere-x/a.png"]


async def test_a_folder_without_pictures_brings_nothing(home: Path, source: Path) -> None:
    async with shelf(home) as library:
        outcome = await library.take(source)
    assert (outcome.added, outcome.problems) == (0, ())


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every folder")
async def test_a_folder_that_cannot_be_read_is_told(home: Path, source: Path) -> None:
    put(source / "a.png")
    closed = source / "closed"
    closed.mkdir(mode=0)
    async with shelf(home) as library:
        outcome = await library.take(source)
    assert (outcome.added, kinds(outcome.problems)) == (1, [ProblemKind.IMPORT_UNREADABLE])


# Twice


async def test_what_is_there_already_is_not_imported_again(home: Path, source: Path) -> None:
    put(source / "a.png")
    shutil.copy(source / "a.png", source / "the same under another name.png")
    async with shelf(home) as library:
        first = await library.take(source)
        second = await library.take(source, copies=False)
        assert len(await library.jobs()) == 1
    assert (first.added, first.known) == (1, 1)
    assert (second.added, second.known) == (0, 2)
    assert len(library.files()) == 1


async def test_one_in_the_bin_is_told_as_such(home: Path, source: Path) -> None:
    put(source / "a.png")
    async with shelf(home) as library:
        await library.take(source)
        (job,) = await library.jobs()
        await library.store.advance(job, job.marked(Mark.BINNED, NOW))
        outcome = await library.take(source)
    assert (outcome.known, outcome.in_bin) == (1, 1)


async def test_a_file_that_the_library_misses_is_linked_again(home: Path, source: Path) -> None:
    original = put(source / "a.png")
    other = put(source.parent / "later" / "b.png")
    async with shelf(home) as library:
        await library.take(original, copies=False)
        original.unlink()
        (place,) = await library.places.page()
        await library.places.note([place], FileState.MISSING)
        outcome = await library.take(other, copies=False)
        (job,) = await library.jobs()
    assert (outcome.added, outcome.known, outcome.found_again) == (0, 0, 1)
    assert (job.images[0].path, job.images[0].is_missing) == (str(other), False)
    assert library.moved == {job.seq}


async def test_what_lies_in_the_picture_folder_is_not_copied_there(home: Path) -> None:
    original = put(home / "pictures" / "mine.png")
    async with shelf(home) as library:
        await library.take(original)
        (job,) = await library.jobs()
    assert job.images[0].path == str(original)
    assert library.files() == ["mine.png"]


async def test_a_copy_without_a_row_is_taken_up(home: Path, source: Path) -> None:
    """The program was killed after it gave the copy its name."""
    original = put(source / "a.png")
    async with shelf(home) as library:
        await library.take(original)
        await library.database.write(
            lambda connection: list(map(connection.execute, ("DELETE FROM image", "DELETE FROM job")))
        )
        await library.take(original)
        (job,) = await library.jobs()
    assert library.files() == [str(Path(job.images[0].path).relative_to(home / "pictures"))]


async def test_what_an_import_left_unfinished_goes(home: Path, source: Path) -> None:
    put(home / "pictures" / ".gptimg-import-abc-0.part", b"half")
    other = put(home / "pictures" / ".gptimg-0123-0.part", b"a download's")
    async with shelf(home) as library:
        await library.take(put(source / "a.png"))
    assert [name for name in library.files() if name.startswith(".")] == [other.name]


# What cannot be imported


async def test_one_bad_file_stops_no_other(home: Path, source: Path) -> None:
    whole = png(200, 150)
    put(source / "00.png", b"", at=1)
    put(source / "01.png", b"no picture at all", at=2)
    put(source / "02.png", whole[: len(whole) // 2], at=3)
    put(source / "03.png", grey_png(40, 40, rows=20), at=4)
    put(source / "04.jpg", encoded(gradient(), "JPEG")[:-300], at=5)
    put(source / "05.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", at=6)
    put(source / "06.heic", b"\0\0\0\x18ftypheic\0\0\0\0heicmif1" + bytes(64), at=7)
    put(source / "07.tif", encoded(gradient(), "TIFF")[:200], at=8)
    put(source / "99.png", whole, at=9)
    async with shelf(home) as library:
        outcome = await library.take(*sorted(source.iterdir()))
        assert [job.request.prompt for job in await library.jobs()] == ["99"]
    assert outcome.ended_by is None
    told = {str(problem.facts["name"])[:2]: problem.kind for problem in outcome.problems}
    assert told == {
        "00": ProblemKind.IMPORT_NOT_A_PICTURE,
        "01": ProblemKind.IMPORT_NOT_A_PICTURE,
        "02": ProblemKind.IMPORT_DAMAGED,
        "03": ProblemKind.IMPORT_DAMAGED,
        "04": ProblemKind.IMPORT_DAMAGED,
        "05": ProblemKind.IMPORT_NOT_A_PICTURE,
        "06": ProblemKind.IMPORT_KIND_UNKNOWN,
        "07": ProblemKind.IMPORT_DAMAGED,
    }
    assert library.files() == [f"Imported/{time.strftime('%Y-%m-%d', time.localtime(NOW))}/99.png"]


async def test_the_twin_of_a_damaged_file_is_damaged_and_not_known(home: Path, source: Path) -> None:
    for number in range(8):
        put(source / f"{number}.png", png(30, 30 + number), at=number + 1)
    for number in (0, 7):
        put(source / f"{number}.png", png(200, 150)[:300], at=number + 1)
    async with shelf(home) as library:
        outcome = await library.take(source)
    assert (outcome.added, outcome.known) == (6, 0)
    assert kinds(outcome.problems) == [ProblemKind.IMPORT_DAMAGED] * 2


async def test_twins_that_are_read_together_are_damaged_all_of_them(home: Path, source: Path) -> None:
    for number in range(6):
        put(source / f"{number}.png", png(200, 150)[:300], at=number + 1)
    async with shelf(home) as library:
        outcome = await library.take(source)
    assert (outcome.added, outcome.known) == (0, 0)
    assert kinds(outcome.problems) == [ProblemKind.IMPORT_DAMAGED] * 6


async def test_pixels_of_a_rare_kind_are_no_damage(home: Path, source: Path) -> None:
    rare = bytearray(encoded(Image.new("LAB", (60, 40)), "TIFF"))
    put(source / "lab.tif", bytes(rare), at=1)
    photometric = rare.index(struct.pack("<HHI", 262, 3, 1)) + 8
    rare[photometric] = 10  # ITU L*a*b*, which nobody here reads
    put(source / "rare.tif", bytes(rare), at=2)
    async with shelf(home) as library:
        outcome = await library.take(source)
    assert outcome.added == 1
    assert kinds(outcome.problems) == [ProblemKind.IMPORT_KIND_UNKNOWN]


async def test_what_is_gone_or_no_file_is_told(home: Path, source: Path) -> None:
    os.mkfifo(source / "pipe.png")
    async with shelf(home) as library:
        outcome = await library.take(source / "gone.png", source / "pipe.png")
    found = {str(problem.facts["name"]): problem.kind for problem in outcome.problems}
    assert found == {
        "gone.png": ProblemKind.IMPORT_UNREADABLE,
        "pipe.png": ProblemKind.IMPORT_NOT_A_PICTURE,
    }


async def test_what_is_too_large_is_told(home: Path, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "MOST_PIXELS", 50 * 50)
    put(source / "many-pixels.png", png(60, 60))
    put(source / "heavy.png", png(20, 20) + bytes(100_000))
    monkeypatch.setattr(incoming, "MOST_BYTES", 90_000)
    async with shelf(home) as library:
        outcome = await library.take(source)
    found = {str(problem.facts["name"]): problem.kind for problem in outcome.problems}
    assert found == {
        "many-pixels.png": ProblemKind.IMPORT_TOO_MANY_PIXELS,
        "heavy.png": ProblemKind.IMPORT_TOO_LARGE,
    }


async def test_a_name_that_is_no_text_can_be_copied_but_not_left(home: Path, source: Path) -> None:
    path = os.fsdecode(os.fsencode(source) + b"/gr\xfc\xdfe.png")
    Path(path).write_bytes(png())
    async with shelf(home) as library:
        left = await library.take(source, copies=False)
        assert await library.jobs() == ()
        copied = await library.take(source)
        (job,) = await library.jobs()
    assert kinds(left.problems) == [ProblemKind.IMPORT_UNKEEPABLE_NAME]
    assert copied.added == 1
    assert Path(job.images[0].path).read_bytes() == png()
    job.images[0].path.encode()


async def test_a_drive_that_does_not_answer_holds_up_only_its_files(home: Path, source: Path) -> None:
    """Opening a FIFO for reading would wait; here reading a file does, as on a drive that is gone."""
    there = put(source / "there" / "a.png", at=1)
    async with shelf(home, patience_s=0.2) as library:
        gone = put(source / "gone" / "b.png", png(9, 9), at=2)
        asked = library.drives.ask

        async def ask(path: str, work: object) -> object:
            if path == str(gone):
                raise TimeoutError
            return await asked(path, work)  # type: ignore[arg-type]

        library.drives.ask = ask  # type: ignore[method-assign,assignment]
        outcome = await library.take(there, gone)
        assert len(await library.jobs()) == 1
    assert kinds(outcome.problems) == [ProblemKind.IMPORT_SILENT]


# Ends


async def test_cancel_leaves_whole_pictures_and_nothing_half(home: Path, source: Path) -> None:
    for number in range(60):
        put(source / f"{number:02}.png", png(20, 20 + number), at=number + 1)
    async with shelf(home) as library:

        def cancel(progress: Progress) -> None:
            if progress.done > 25:
                library.stop.set()

        library.when_told = cancel
        outcome = await library.take(source)
        jobs = await library.jobs()
    assert outcome.was_cancelled
    assert 20 <= outcome.added == len(jobs) < 60
    kept = sorted(job.images[0].path for job in jobs)
    assert kept == sorted(str(library.pictures / name) for name in library.files())
    assert sorted(library.published, key=lambda job: -job.seq) == list(jobs)


async def test_a_copy_that_is_being_made_at_a_cancel_gets_its_row(
    home: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One file waits for its drive, so that its reader hears of the cancel first; one is in the making."""
    slow, other = put(source / "slow.png", png(9, 9), at=1), put(source / "other.png", png(9, 10), at=2)
    async with shelf(home) as library:
        asked, keep = library.drives.ask, ImportedCopies.keep
        loop, naming = asyncio.get_running_loop(), asyncio.Event()

        async def ask(path: str, work: object) -> object:
            if path == str(slow):
                await naming.wait()
                library.stop.set()
                await asyncio.Event().wait()
            return await asked(path, work)  # type: ignore[arg-type]

        def keep_slowly(*given: Any, **more: Any) -> Any:
            loop.call_soon_threadsafe(naming.set)
            assert library.stop.for_threads.wait(20)
            return keep(*given, **more)

        library.drives.ask = ask  # type: ignore[method-assign,assignment]
        monkeypatch.setattr(ImportedCopies, "keep", keep_slowly)
        outcome = await library.take(slow, other)
        jobs = await library.jobs()
    assert (outcome.added, outcome.was_cancelled) == (1, True)
    assert [job.request.prompt for job in jobs] == ["other"]
    assert len(library.files()) == 1


async def test_the_next_import_goes_on_where_a_cancelled_one_ended(home: Path, source: Path) -> None:
    for number in range(30):
        put(source / f"{number:02}.png", png(20, 20 + number), at=number + 1)
    async with shelf(home) as library:
        library.when_told = lambda progress: library.stop.set() if progress.done > 10 else None
        first = await library.take(source)
    async with shelf(home) as library:
        second = await library.take(source)
        assert len(await library.jobs()) == 30
    assert first.added + second.added == 30
    assert len(library.files()) == 30


async def test_a_full_disk_ends_it_and_what_was_imported_stays(
    home: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(20):
        put(source / f"{number:02}.png", png(20, 20 + number), at=number + 1)
    asked = iter(range(1000))
    room = lambda _folder: Room(free=10**12 if next(asked) < 7 else 1000)  # noqa: E731
    monkeypatch.setattr(shutil, "disk_usage", room)
    async with shelf(home) as library:
        outcome = await library.take(source)
        jobs = await library.jobs()
    assert outcome.ended_by is not None
    assert outcome.ended_by.kind is ProblemKind.DISK_FULL
    assert len(jobs) == outcome.added == len(library.files()) == 7


async def test_a_disk_that_fills_up_in_the_middle_of_a_file_leaves_no_part(
    home: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    put(source / "a.png")
    async with shelf(home) as library:
        monkeypatch.setattr(os, "fsync", refuse)
        outcome = await library.take(source)
        monkeypatch.undo()
        assert await library.jobs() == ()
    assert outcome.ended_by is not None
    assert outcome.ended_by.kind is ProblemKind.DISK_FULL
    assert library.files() == []


async def test_where_the_library_takes_nothing_no_copy_stays(home: Path, source: Path) -> None:
    put(source / "a.png")
    async with shelf(home) as library:
        await library.take(put(source.parent / "before.png", png(9, 9)))
        await library.database.write(lambda connection: connection.execute("PRAGMA query_only = ON"))
        outcome = await library.take(source)
        assert [job.request.prompt for job in await library.jobs()] == ["before"]
    assert outcome.ended_by is not None
    assert outcome.ended_by.kind is ProblemKind.LIBRARY_UNWRITABLE
    assert [Path(name).name for name in library.files()] == ["before.png"]


async def test_a_picture_folder_that_takes_nothing_ends_it(home: Path, source: Path) -> None:
    put(source / "a.png")
    async with shelf(home) as library:
        library.pictures.write_bytes(b"a file stands where the folder should be")
        outcome = await library.take(source)
        assert await library.jobs() == ()
    assert outcome.ended_by is not None
    assert outcome.ended_by.kind is ProblemKind.FOLDER_UNWRITABLE


async def test_progress_begins_unknown_rises_and_ends_whole(home: Path, source: Path) -> None:
    for number in range(12):
        put(source / f"{number}.png", png(20, 20 + number))
    async with shelf(home) as library:
        await library.take(source)
    told = [(progress.done, progress.total) for progress in library.told]
    assert told[0] == (0, 0)
    assert told[-1] == (12, 12)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
