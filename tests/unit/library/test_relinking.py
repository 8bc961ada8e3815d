"""Missing files are found below the folder where they are now: by their content, whatever they are called."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from gptimg_desktop.core.lookout import Relinked
from gptimg_desktop.services.library.care.missing import Lookout
from gptimg_desktop.services.library.care.relinking import Relinking
from gptimg_desktop.services.stop import Stop
from tests.support.imported import Shelf, shelf
from tests.unit.library.pictures import png

if TYPE_CHECKING:
    from pathlib import Path

    from gptimg_desktop.core.progress import Progress

pytestmark = pytest.mark.anyio


def put(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


async def relink(library: Shelf, folder: Path, *, stop: Stop | None = None) -> Relinked:
    """Look what is missing, then look for that below a folder."""
    stop = stop or Stop()
    await Lookout(library.places, changed=library.moved.update).look_at_all(Stop(), library.told.append)
    library.moved.clear()
    library.told.clear()

    def hear(progress: Progress) -> None:
        library.told.append(progress)
        if library.when_told is not None:
            library.when_told(progress)

    return await Relinking(library.places, stop=stop, told=hear, changed=library.moved.update).run(
        str(folder)
    )


async def paths(library: Shelf) -> dict[str, str]:
    return {job.request.prompt: job.images[0].path for job in await library.jobs()}


async def test_a_folder_that_was_moved_is_found_with_all_that_is_in_it(tmp_path: Path) -> None:
    source, moved = tmp_path / "source", tmp_path / "archive" / "2026"
    for number in range(5):
        put(source / f"day-{number % 2}" / f"{number}.png", png(20, 20 + number))
    async with shelf(tmp_path / "home") as library:
        await library.take(source, copies=False)
        moved.parent.mkdir()
        source.rename(moved)
        put(moved / "stranger.png", png(99, 99))
        outcome = await relink(library, tmp_path / "archive")
        assert outcome == Relinked(missing=5, found=5)
        assert await paths(library) == {
            str(number): str(moved / f"day-{number % 2}" / f"{number}.png") for number in range(5)
        }
        jobs = await library.jobs()
        assert not any(job.images[0].is_missing for job in jobs)
        assert library.moved == {job.seq for job in jobs}


async def test_a_file_with_the_same_name_and_size_and_another_content_is_none(tmp_path: Path) -> None:
    original = put(tmp_path / "source" / "a.png", png(20, 20))
    async with shelf(tmp_path / "home") as library:
        await library.take(original, copies=False)
        original.unlink()
        changed = bytearray(png(20, 20))
        changed[-20] ^= 1
        put(tmp_path / "new" / "a.png", bytes(changed))
        assert await relink(library, tmp_path / "new") == Relinked(missing=1, found=0)
        assert await paths(library) == {"a": str(original)}


async def test_a_file_that_was_renamed_is_known_by_its_content(tmp_path: Path) -> None:
    original = put(tmp_path / "source" / "a.png", png(20, 20))
    async with shelf(tmp_path / "home") as library:
        await library.take(original, copies=False)
        (tmp_path / "new").mkdir()
        original.rename(tmp_path / "new" / "quite another name.jpg")
        outcome = await relink(library, tmp_path / "new")
        assert outcome.found == 1
        assert await paths(library) == {"a": str(tmp_path / "new" / "quite another name.jpg")}


async def test_of_several_copies_the_one_in_the_likeliest_place_is_taken(tmp_path: Path) -> None:
    original = put(tmp_path / "source" / "chairs" / "a.png", png(20, 20))
    async with shelf(tmp_path / "home") as library:
        await library.take(original, copies=False)
        original.unlink()
        for place in ("x/other.png", "x/tables/a.png", "y/chairs/a.png", "z/a.png"):
            put(tmp_path / "new" / place, png(20, 20))
        await relink(library, tmp_path / "new")
        assert await paths(library) == {"a": str(tmp_path / "new" / "y" / "chairs" / "a.png")}


async def test_two_pictures_with_one_content_are_both_found(tmp_path: Path) -> None:
    original = put(tmp_path / "source" / "a.png", png(20, 20))
    async with shelf(tmp_path / "home") as library:
        await library.take(original, copies=False)
        (job,) = await library.jobs()
        await library.database.write(lambda connection: _twin(connection, str(tmp_path / "source" / "b.png")))
        original.rename(tmp_path / "a.png")
        outcome = await relink(library, tmp_path)
        assert outcome == Relinked(missing=2, found=2)
        assert {place.path for place in await library.places.of_jobs([job.seq])} == {str(tmp_path / "a.png")}


def _twin(connection: object, path: str) -> None:
    connection.execute(  # type: ignore[attr-defined]
        "INSERT INTO image (job_id, idx, path, sha256, size_bytes, width, height, format, link, saved)"
        " SELECT job_id, 1, ?, sha256, size_bytes, width, height, format, link, saved FROM image",
        (path,),
    )


async def test_what_was_found_before_a_cancel_stays_found(tmp_path: Path) -> None:
    source = tmp_path / "source"
    for number in range(8):
        put(source / f"{number}.png", png(20, 20 + number))
    async with shelf(tmp_path / "home") as library:
        await library.take(source, copies=False)
        source.rename(tmp_path / "new")
        stop = Stop()
        library.when_told = lambda progress: stop.set() if progress.done == 5 else None
        outcome = await relink(library, tmp_path / "new", stop=stop)
        assert outcome.was_cancelled
        assert outcome.missing == 8
        found = [path for path in (await paths(library)).values() if path.startswith(str(tmp_path / "new"))]
        assert len(found) == outcome.found == 5
        assert not any(place.path in found for place in await library.places.missing())


async def test_a_name_that_is_no_text_is_left_alone_and_counted(tmp_path: Path) -> None:
    original = put(tmp_path / "source" / "a.png", png(20, 20))
    async with shelf(tmp_path / "home") as library:
        await library.take(original, copies=False)
        (tmp_path / "new").mkdir()
        os.rename(original, os.fsencode(tmp_path / "new") + b"/\xff.png")  # noqa: PTH104
        assert await relink(library, tmp_path / "new") == Relinked(missing=1, unkeepable=1)


async def test_with_nothing_missing_nothing_is_compared(tmp_path: Path) -> None:
    original = put(tmp_path / "source" / "a.png", png(20, 20))
    async with shelf(tmp_path / "home") as library:
        await library.take(original, copies=False)
        assert await relink(library, tmp_path) == Relinked()
        assert [progress.total for progress in library.told] == [0]


async def test_what_was_found_again_is_the_users_own_from_then_on(tmp_path: Path) -> None:
    """Also a copy of ours: what was found may as well be another one that the user made."""
    async with shelf(tmp_path / "home") as library:
        await library.take(put(tmp_path / "source" / "a.png", png(20, 20)))
        (job,) = await library.jobs()
        library.pictures.rename(tmp_path / "home" / "moved")
        await relink(library, tmp_path / "home" / "moved")
        row = await library.database.read(
            lambda connection: connection.execute("SELECT * FROM image").fetchone()
        )
        assert row["link"] == "found"
        assert row["path"] == job.images[0].path.replace("/pictures/", "/moved/")
