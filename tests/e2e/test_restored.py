"""What a start on a restored library leaves alone until the user has seen what was restored."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections import deque
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from gptimg_desktop.core.gate import GateKind
from gptimg_desktop.core.mark import Mark, Marking
from gptimg_desktop.core.restored import RestoreCause, Restored
from gptimg_desktop.services.library.care.restored_file import Kept
from tests.support import scripted_server as scripts
from tests.support.desk import window
from tests.support.scripted_server import scripted_server

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.desk import Desk

pytestmark = pytest.mark.anyio


def note_restored(desk: Desk) -> None:
    """As if the library had been restored by this start's predecessor."""
    restored = Restored(cause=RestoreCause.ASKED, at=time.time())
    desk.app.engine.safety._keeper.notes.write(Kept(restored=restored, is_in_place=True))


def gates(desk: Desk) -> set[GateKind]:
    return {gate.kind for gate in desk.app.engine.queue._gates.closed}


async def test_going_on_sends_what_waits(home: Path) -> None:
    async with scripted_server() as server:
        async with window(home / "data", server) as desk:
            note_restored(desk)
        async with window(home / "data", server) as desk:
            assert GateKind.LIBRARY in gates(desk)
            desk.click("restoredGoOn")
            await desk.until(lambda: GateKind.LIBRARY not in gates(desk))
            desk.generate()
            await desk.until_states("saved")


async def test_going_on_sends_nothing_by_a_library_that_was_found_damaged_since(home: Path) -> None:
    async with scripted_server() as server:
        async with window(home / "data", server) as desk:
            note_restored(desk)
        async with window(home / "data", server) as desk:
            desk.app.engine._library._note_damage("page 7")
            await desk.until(lambda: "library" in desk.texts())
            desk.click("restoredGoOn")
            await desk.until(lambda: not desk.app.engine.safety.waits_to_be_seen, "it is noted as seen")
            desk.generate()
            await desk.until_states("queued")
            assert GateKind.LIBRARY in gates(desk)
        assert server.of_kind("submit") == []


async def test_the_days_in_the_bin_begin_anew_also_for_what_is_in_hand(home: Path) -> None:
    """Nobody knows what was brought back since the backup, and what goes on may be over by tomorrow."""
    async with scripted_server() as server:
        async with window(home / "data", server) as desk:
            server.queries = deque([scripts.pending])
            desk.generate()
            await desk.until_states("accepted")
            seq = desk.jobs()[0].seq
            desk.app.parts.marks.mark(Marking(seqs=(seq,), mark=Mark.BINNED))
            await desk.until(lambda: not desk.jobs())
            note_restored(desk)
        library = home / "data" / "library.sqlite3"
        with closing(sqlite3.connect(library)) as connection, connection:
            connection.execute("UPDATE job SET binned_at = 1000.0")
        async with window(home / "data", server) as desk:
            (job,) = desk.app.engine.queue.in_hand((seq,))
            assert job.binned_at is not None
            assert time.time() - job.binned_at < 60
            with closing(sqlite3.connect(library)) as connection:
                assert connection.execute("SELECT binned_at FROM job").fetchall() == [(job.binned_at,)]


@pytest.mark.expects_log("the library is not used as it is")
async def test_where_the_library_is_gone_pictures_of_a_former_folder_are_taken_up(home: Path) -> None:
    async with window(home / "data") as desk:
        desk.generate()
        await desk.until_states("saved")
        before = [image.path for job in desk.jobs() for image in job.images]
        desk.app.parts.preferences.change(desk.settings.with_pictures_folder(str(home / "elsewhere")))
    for file in (home / "data").glob("library.sqlite3*"):
        file.unlink()
    shutil.rmtree(home / "data" / "backups", ignore_errors=True)
    async with window(home / "data") as desk:
        await desk.until(desk.jobs, "the picture")
        assert [image.path for job in desk.jobs() for image in job.images] == before
