"""Power cuts in short: some moments of one job, the order of twenty submits, and the bugs that show.

All moments: `python -m tests.powercut`.
"""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.powercut.disk import Disk, Write, everything, nothing
from tests.powercut.order import SUBMITS, order
from tests.powercut.powercut import powercut
from tests.powercut.recording import record
from tests.support.scripted_server import picture
from tests.sweep.strace import why_not
from tests.sweep.trial import trial

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.anyio


@pytest.fixture
def strace() -> None:
    """A job cannot be recorded without strace; only where CI is not set may it be missing."""
    if reason := why_not():
        is_missing = shutil.which("strace") is None
        (pytest.fail if is_missing and os.environ.get("CI") else pytest.skip)(reason)


@pytest.mark.row(82)
@pytest.mark.usefixtures("strace")
async def test_what_was_published_survives_every_power_cut(home: Path) -> None:
    tally = await powercut(home / "cuts", every=20, torn=1, run_on_every=16)
    assert tally.breaches == []
    assert tally.promises > 100
    assert len(tally.run_on) >= 2


@pytest.mark.parametrize(
    ("plant", "caught"),
    [
        ("lazy-commits", "was told, the library has"),
        ("forgotten-folders", "is not there or not whole"),
    ],
)
@pytest.mark.usefixtures("strace")
async def test_a_planted_bug_is_caught(home: Path, plant: str, caught: str) -> None:
    tally = await powercut(home / "cuts", every=1000, torn=0, plant=plant, until_breach=True)
    assert any(caught in breach for breach in tally.breaches), tally.breaches


@pytest.mark.usefixtures("strace")
async def test_every_last_byte_leaves_after_its_arming_is_on_the_disk(home: Path) -> None:
    async with trial(home / "order") as own:
        own.picture = picture()
        seen = await order(await record(own, presses=SUBMITS), own)
    assert seen.last_bytes == SUBMITS
    assert seen.breaches == ()


@pytest.mark.parametrize("plant", ["no-write-ahead", "lazy-commits"])
@pytest.mark.usefixtures("strace")
async def test_a_last_byte_that_leaves_too_early_is_caught(home: Path, plant: str) -> None:
    async with trial(home / "order", plant=plant) as own:
        own.picture = picture()
        seen = await order(await record(own), own)
    assert seen.last_bytes == 1
    assert any("before the library's log was synced" in breach for breach in seen.breaches)
    assert any("left with 0 armed on the disk" in breach for breach in seen.breaches)


# The disk itself


def test_bytes_are_durable_once_their_file_was_synced_and_names_once_their_folder_was() -> None:
    disk = Disk("/top")
    disk.create("/top/file")
    file = disk.file("/top/file")
    assert file is not None
    file.writes.append(Write(0, b"first"))
    disk.begin_sync("/top/file")()
    assert disk.after(nothing) == {"/top": None}
    disk.begin_sync("/top")()
    file.writes.append(Write(5, b" second"))
    assert disk.after(nothing) == {"/top": None, "/top/file": b"first"}
    assert disk.after(everything) == {"/top": None, "/top/file": b"first second"}


def test_a_sync_covers_only_what_was_written_before_it_began() -> None:
    disk = Disk("/top")
    disk.create("/top/file")
    disk.begin_sync("/top")()
    file = disk.file("/top/file")
    assert file is not None
    file.writes.append(Write(0, b"early"))
    end = disk.begin_sync("/top/file")
    file.writes.append(Write(5, b"late"))
    assert disk.after(nothing)["/top/file"] == b""
    end()
    assert disk.after(nothing)["/top/file"] == b"early"


def test_a_name_in_a_folder_that_is_gone_is_gone() -> None:
    disk = Disk("/top")
    disk.make_folder("/top/day")
    disk.create("/top/day/file")
    disk.begin_sync("/top/day")()
    assert disk.after(nothing) == {"/top": None}


def test_a_rename_survives_whole_or_not_at_all() -> None:
    disk = Disk("/top")
    disk.create("/top/old")
    disk.begin_sync("/top")()
    disk.rename("/top/old", "/top/new")
    assert disk.after(nothing) == {"/top": None, "/top/old": b""}
    assert disk.after(everything) == {"/top": None, "/top/new": b""}


def test_torn_writes_end_at_sectors() -> None:
    sectors = list(Write(500, bytes(1036)).sectors())
    assert [(each.offset, len(each.content)) for each in sectors] == [(500, 12), (512, 512), (1024, 512)]
