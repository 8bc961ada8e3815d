"""The look at a library: as long as it is given, whatever else the program does."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
import time
from typing import TYPE_CHECKING

import pytest

from gptimg_desktop.services.library import health
from gptimg_desktop.services.library.schema import migrate

if TYPE_CHECKING:
    from pathlib import Path

ROWS = 1_000_000
MOMENT_S = 0.01


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """One that takes much longer than a moment to look through."""
    path = tmp_path / "library.sqlite3"
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.row_factory = sqlite3.Row
        migrate(connection, backup_folder=tmp_path)
        connection.execute("CREATE TABLE much (number INTEGER NOT NULL, text TEXT NOT NULL)")
        connection.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
            " INSERT INTO much SELECT i, 'text ' || i FROM n",
            (ROWS,),
        )
    return path


def computed(library: Path, within_s: float | None) -> float:
    """Seconds that this thread computes to find nothing."""
    began = time.thread_time()
    assert health.damage(library, within_s=within_s) == ""
    return time.thread_time() - began


def test_a_look_ends_with_the_moment_that_it_was_given(library: Path) -> None:
    whole = computed(library, None)
    assert computed(library, MOMENT_S) < whole / 2


def test_nothing_of_a_look_goes_on_after_it(library: Path) -> None:
    before = threading.active_count()
    computed(library, MOMENT_S)
    computed(library, 60.0)  # long enough for all of it
    assert threading.active_count() == before


def test_what_a_moment_is_long_enough_for_is_found(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite3"
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.row_factory = sqlite3.Row
        migrate(connection, backup_folder=tmp_path)
        (page,) = connection.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'job_by_state'"
        ).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    content = bytearray(path.read_bytes())
    content[(page - 1) * size : page * size] = b"\xa5" * size
    path.write_bytes(content)
    assert health.damage(path, within_s=health.MOMENT_S)
