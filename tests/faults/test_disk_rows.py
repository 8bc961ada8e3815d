"""Rows 78 to 86 as the user meets them: a picture that is paid waits until there is a place for it."""

from __future__ import annotations

import asyncio
import errno
import os
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from gptimg_desktop.services.library.files import picture_folder as files
from tests.support import scripted_server as scripts
from tests.support.desk import window
from tests.support.scripted_server import ScriptedServer, picture, scripted_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

pytestmark = pytest.mark.anyio


@pytest.fixture
async def server() -> AsyncIterator[ScriptedServer]:
    async with scripted_server() as serving:
        yield serving


def small_disk(place: Path, size: str) -> bool:
    """A disk of its own in a folder; False where nobody may make one here."""
    place.mkdir(parents=True)
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)], check=False, capture_output=True
    )
    return made.returncode == 0


def give_room(place: Path, size: str) -> None:
    subprocess.run(["mount", "-o", f"remount,size={size}", str(place)], check=True)


@contextmanager
def disk_at(place: Path, size: str) -> Iterator[None]:
    if not small_disk(place, size):
        pytest.skip("no disk can be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.mark.row(78)
async def test_a_disk_without_room_sends_nothing_until_there_is_some(
    tmp_path: Path, server: ScriptedServer
) -> None:
    place = tmp_path / "images"
    with disk_at(place, "60m"):
        async with window(tmp_path, server) as desk:
            desk.generate()
            await desk.until(lambda: "too little room" in desk.texts())
            assert server.of_kind("submit") == []
            give_room(place, "400m")
            await desk.until_states("saved")
    assert len(server.accepted) == 1


@pytest.mark.row(79)
async def test_p11_a_disk_that_is_full_when_the_picture_comes_keeps_it_on_the_service(
    tmp_path: Path, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "ROOM_TO_SPARE", 0)
    monkeypatch.setattr(files, "ROOM_PER_IMAGE", 1)
    content = picture(900, 900) + bytes(3_000_000)
    server.downloads.clear()
    server.downloads.append(scripts.whole_file(content))
    place = tmp_path / "images"
    with disk_at(place, "2m"):
        async with window(tmp_path, server) as desk:
            desk.generate()
            await desk.until_states("ready")
            await desk.until(lambda: "still on the service until" in desk.texts())
            assert not list(place.rglob("*.png"))
            give_room(place, "50m")
            await desk.until_states("saved")
            (job,) = desk.jobs()
            assert Path(job.images[0].path).read_bytes() == content
    assert len(server.accepted) == 1


@pytest.mark.row(83)
async def test_a_folder_that_goes_while_the_picture_is_made_keeps_the_job_ready(
    tmp_path: Path, server: ScriptedServer
) -> None:
    is_made = asyncio.Event()
    server.queries.clear()
    server.queries.append(scripts.hold(is_made, scripts.completed))
    place = tmp_path / "images"
    async with window(tmp_path, server) as desk:
        desk.generate()
        await desk.until_states("accepted")
        place.rename(tmp_path / "unplugged")
        place.touch()  # nothing can be saved in a file
        is_made.set()
        await desk.until_states("ready")
        await desk.until(lambda: str(place) in desk.texts() and "Choose another folder" in desk.texts())
        place.unlink()
        (tmp_path / "unplugged").rename(place)
        await desk.until_states("saved")
    assert len(server.accepted) == 1


@pytest.mark.row(86)
async def test_a_file_that_another_program_holds_is_tried_again(
    tmp_path: Path, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = os.link
    refused: list[tuple[Any, ...]] = []

    def held(*arguments: Any, **more: Any) -> None:
        if len(refused) < 3:
            refused.append(arguments)
            raise PermissionError(errno.EACCES, "The process cannot access the file")
        link(*arguments, **more)

    monkeypatch.setattr(os, "link", held)
    async with window(tmp_path, server) as desk:
        desk.generate()
        await desk.until_states("saved")
        (job,) = desk.jobs()
        assert Path(job.images[0].path).read_bytes() == picture()
    assert len(refused) == 3
    assert len(server.accepted) == 1


@pytest.mark.row(86)
async def test_a_folder_too_deep_for_any_name_is_told_before_anything_is_sent(
    tmp_path: Path, server: ScriptedServer
) -> None:
    most = os.pathconf(tmp_path, "PC_PATH_MAX")
    deep = tmp_path
    while len(str(deep)) < most - 250:
        deep /= "d" * 200
    deep /= "e" * (most - 25 - len(str(deep)))
    async with window(tmp_path, server) as desk:
        preferences = desk.app.parts.preferences
        preferences.change(desk.settings.with_pictures_folder(str(deep)))
        await desk.until(lambda: "This folder lies too deep" in desk.texts())
        desk.generate()
        await desk.until_states("queued")
        await desk.until(lambda: "Choose another folder" in desk.texts())
        assert not server.accepted
        preferences.change(desk.settings.with_pictures_folder(str(tmp_path / "images")))
        await desk.until_states("saved")
        assert "This folder lies too deep" not in desk.texts()
    assert len(server.accepted) == 1


@pytest.mark.row(86)
async def test_a_deep_folder_gets_shorter_names(tmp_path: Path, server: ScriptedServer) -> None:
    deep = tmp_path / ("d" * (200 - len(str(tmp_path))))
    prompt = " ".join(["chairs-of-oak"] * 8)
    async with window(tmp_path, server) as desk:
        desk.app.parts.preferences.change(desk.settings.with_pictures_folder(str(deep)))
        desk.generate(prompt)
        await desk.until_states("saved")
        (image,) = desk.jobs()[0].images
        assert image.path.startswith(f"{deep}{os.sep}")
        assert len(image.path) < 260
        assert "/chairs-of-oak" in image.path
