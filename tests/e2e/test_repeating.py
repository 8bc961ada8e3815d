"""What was asked for once can be asked for again: without its files, after a restart, after a kill."""

from __future__ import annotations

import asyncio
import base64
import io
import os
import signal
import sqlite3
import sys
import time
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from gptimg_desktop.core.reference import FileReference
from gptimg_desktop.ui.compose.references.missing_question import MissingQuestion
from tests.e2e.test_references import data_uri, let_go, reference_files, sent
from tests.support.desk import Desk, window
from tests.support.scripted_server import KEY, ScriptedServer, scripted_server

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.anyio

DAY_S = 86_400
DROP_AND_STAY = """
import asyncio, os, sys
from pathlib import Path
import qasync
from gptimg_desktop.app import open_app
from gptimg_desktop.options import Options
from gptimg_desktop.ui.desktop.application import Application

async def main(data_dir, url, *files):
    options = Options(
        data_dir=Path(data_dir), base_url=url, api_key=os.environ["GPTIMG_API_KEY"],
        files=tuple(map(Path, files)),
    )
    async with open_app(options) as app:
        await app.closed.wait()

application = Application(sys.argv[:1])
with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(application)) as runner:
    runner.run(main(*sys.argv[1:]))
"""


def files_of(desk: Desk) -> list[FileReference]:
    """The files in the tray."""
    references = desk.app.window.compose.draft().references
    return [reference for reference in references if isinstance(reference, FileReference)]


async def add(desk: Desk, *files: Path) -> None:
    wanted = len(files_of(desk)) + len(files)
    assert let_go(desk, *files)
    await desk.until(lambda: len(files_of(desk)) == wanted, "references")


def uris(server: ScriptedServer) -> list[list[str]]:
    """The references of each submit, in the order in which they came."""
    return [fields.get("image_urls", []) for fields in sent(server)]


def copies(home: Path) -> set[str]:
    return {path.name for path in (home / "data" / "references").iterdir()}


def content(colour: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (33, 44), colour).save(file, "PNG")
    return file.getvalue()


async def test_a_job_is_repeated_after_its_files_were_deleted(home: Path) -> None:
    files = reference_files(home / "given", 3)
    expected = list(map(data_uri, files))
    async with scripted_server() as server, window(home / "data", server) as desk:
        await add(desk, *files)
        desk.generate()
        await desk.until_states("saved")
        for file in files:
            file.unlink()
        desk.select()
        desk.click("generateAgainButton")
        await desk.until_states("saved", "saved")
        desk.click("useAllButton")
        desk.click("generateButton")
        await desk.until_states("saved", "saved", "saved")
        assert uris(server) == [expected] * 3
        assert "is not there any more" not in desk.texts()


async def test_a_job_is_repeated_after_a_restart_without_its_files(home: Path) -> None:
    files = reference_files(home / "given", 3)
    expected = list(map(data_uri, files))
    async with scripted_server() as server:
        async with window(home / "data", server) as desk:
            await add(desk, *files)
            desk.generate()
            await desk.until_states("saved")
        for file in files:
            file.unlink()
        async with window(home / "data", server) as desk:
            await desk.until_states("saved")
            desk.select()
            desk.click("generateAgainButton")
            await desk.until_states("saved", "saved")
            desk.click("useAllButton")
            desk.click("generateButton")
            await desk.until_states("saved", "saved", "saved")
        assert uris(server) == [expected] * 3


async def test_a_result_that_is_a_reference_knows_its_job(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        desk.generate()
        await desk.until_states("saved")
        (made,) = desk.jobs()
        result = home / made.images[0].path
        link = home / "a way to it.png"
        link.symlink_to(result)
        stranger = home / "stranger.png"
        stranger.write_bytes(content("navy"))
        await add(desk, result, link, stranger)
        assert [reference.job_id for reference in files_of(desk)] == [made.id, made.id, ""]
        desk.generate("another one")
        await desk.until_states("saved", "saved")
        sources = desk.jobs()[0].request.references
        assert [getattr(each, "job_id", None) for each in sources] == [made.id, made.id, ""]


async def test_a_folder_brings_its_pictures_in_the_order_of_their_names(home: Path) -> None:
    folder, empty = home / "views", home / "empty"
    folder.mkdir()
    empty.mkdir()
    for number, colour in ((10, "red"), (9, "green"), (1, "blue")):
        (folder / f"view {number}.png").write_bytes(content(colour))
    (folder / "notes.txt").write_text("no picture")
    async with scripted_server() as server, window(home / "data", server) as desk:
        assert let_go(desk, folder, empty)
        await desk.until(lambda: len(files_of(desk)) == 3, "the pictures of the folder")
        assert [each.name for each in files_of(desk)] == ["view 1.png", "view 9.png", "view 10.png"]
        assert "“empty” has no pictures that can be used." in desk.texts()
        desk.generate()
        await desk.until_states("saved")
        expected = [content(colour) for colour in ("blue", "green", "red")]
        assert [base64.b64decode(uri.partition(",")[2]) for uri in uris(server)[0]] == expected


# A draft that comes back


async def test_a_draft_that_comes_back_after_a_kill_is_sent_as_its_files_are_then(home: Path) -> None:
    changed, gone, same = (home / f"{name}.png" for name in ("changed", "gone", "same"))
    for file, colour in ((changed, "red"), (gone, "green"), (same, "blue")):
        file.write_bytes(content(colour))
    async with scripted_server() as server:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", DROP_AND_STAY, str(home / "data"), server.url),
            *map(str, (changed, gone, same)),
            env=os.environ | {"GPTIMG_API_KEY": KEY, "QT_QPA_PLATFORM": "offscreen"},
        )
        try:
            async with asyncio.timeout(30):
                while _draft(home / "data").count("modified_ns") != 3:
                    assert process.returncode is None, "the program ended by itself"
                    await asyncio.sleep(0.02)
        finally:
            if process.returncode is None:
                process.send_signal(signal.SIGKILL)
            await process.wait()
        changed.write_bytes(content("purple"))
        gone.unlink()
        async with window(home / "data", server) as desk:
            await desk.until(lambda: len(files_of(desk)) == 3, "the draft")
            desk.generate()
            asked = "“gone.png” is not there any more, or cannot be read."
            await desk.until(lambda: asked in desk.texts(), asked)
            assert desk.states() == []
            question = desk.find(MissingQuestion, "missingQuestion")
            await desk.until(lambda: question.takes_answers, "the question stands")
            desk.click("sendCopyButton")
            await desk.until_states("saved")
        expected = [content(colour) for colour in ("purple", "green", "blue")]
        assert [base64.b64decode(uri.partition(",")[2]) for uri in uris(server)[0]] == expected


def _draft(data_dir: Path) -> str:
    """The draft as it is kept; empty where there is none yet."""
    path = data_dir / "library.sqlite3"
    if not path.exists():
        return ""
    library = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        row = library.execute("SELECT content FROM draft").fetchone()
    except sqlite3.OperationalError:  # not made yet
        return ""
    finally:
        library.close()
    return "" if row is None else str(row[0])


# What `references/` keeps


def _make_older(home: Path, days: float) -> None:
    """Let days pass over everything that is there."""
    library = sqlite3.connect(home / "data" / "library.sqlite3")
    with library:
        library.execute("UPDATE job SET created_at = created_at - ?", (days * DAY_S,))
    library.close()
    at = time.time() - days * DAY_S + 60
    for path in (home / "data" / "references").iterdir():
        os.utime(path, (at, at))


async def test_old_copies_that_neither_a_job_nor_the_draft_needs_are_cleared_away(home: Path) -> None:
    used, drafted, thrown_away = reference_files(home / "given", 3)
    async with scripted_server() as server:
        async with window(home / "data", server) as desk:
            await add(desk, used)
            desk.generate()
            await desk.until_states("saved")
            desk.app.window.compose.set_draft(desk.app.window.compose.draft().with_references(()))
            await add(desk, drafted, thrown_away)
            kept, thrown = files_of(desk)
            desk.app.window.compose.set_draft(desk.app.window.compose.draft().with_references((kept,)))
        assert len(copies(home)) == 3
        _make_older(home, 3)
        async with window(home / "data", server) as desk:
            await desk.until(lambda: thrown.sha256 not in copies(home), "the leftover goes")
            assert kept.sha256 in copies(home)
            desk.generate("what was in the draft")
            await desk.until_states("saved", "saved")
            desk.select(1)
            desk.click("generateAgainButton")
            await desk.until_states("saved", "saved", "saved")
        assert uris(server) == [[data_uri(used)], [data_uri(drafted)], [data_uri(used)]]


async def test_a_young_copy_is_left_alone_whoever_names_it(home: Path) -> None:
    used, thrown_away = reference_files(home / "given", 2)
    async with scripted_server() as server:
        async with window(home / "data", server) as desk:
            await add(desk, used, thrown_away)
            desk.app.window.compose.set_draft(
                desk.app.window.compose.draft().with_references(tuple(files_of(desk)[:1]))
            )
            desk.generate()
            await desk.until_states("saved")
        before = copies(home)
        async with window(home / "data", server) as desk:
            await desk.until_states("saved")
            await desk.app.engine.tidy(desk.app.window.compose.draft())
        assert copies(home) == before
        assert len(before) == 2


async def test_what_stood_in_the_draft_at_the_start_may_come_back_with_undo(home: Path) -> None:
    """The draft that is kept names it no more, but the user may be about to undo that."""
    used, taken_out = reference_files(home / "given", 2)
    async with scripted_server() as server:
        async with window(home / "data", server) as desk:
            await add(desk, used)
            desk.generate()
            await desk.until_states("saved")
            await add(desk, taken_out)
            (_, second) = files_of(desk)
        _make_older(home, 3)
        async with window(home / "data", server) as desk:
            await desk.until(lambda: len(files_of(desk)) == 2, "the draft")
            at_the_start = desk.app.window.compose.draft()
            desk.app.window.compose.set_draft(at_the_start.with_references(()))
            await desk.app.parts.composing.save_draft()
            await desk.app.engine.tidy(at_the_start)
            assert second.sha256 in copies(home)
            await desk.app.engine.tidy(desk.app.window.compose.draft())
            assert second.sha256 not in copies(home)
