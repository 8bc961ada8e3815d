"""What steps of the schema make of old data."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from gptimg_desktop.core.prompt import expand
from gptimg_desktop.services.library import schema
from gptimg_desktop.services.library.codec import request_to_text
from gptimg_desktop.services.library.database import Database
from gptimg_desktop.services.library.prompts import PromptStore
from tests.support.jobs import new_job

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.anyio


def add(connection: sqlite3.Connection, asked: list[tuple[str, float]]) -> None:
    """Jobs as the third schema kept them: prompt, time."""
    for prompt, at in asked:
        job = new_job()
        request = request_to_text(replace(job.request, prompt=prompt))
        connection.execute(
            "INSERT INTO job (id, run_id, service, key_fingerprint, created_at, prompt, request, estimate,"
            " state, attempt, task_ids, status_word, links)"
            " VALUES (?, 'run', 'https://api.apimart.ai', '', ?, ?, ?, '0', 'cancelled', 0, '[]', '', '[]')",
            (job.id, at, prompt, request),
        )


OLD = (
    "a chair",
    '{"style": "oil|ink"}',
    "C:\\{GUID}",
    r"\{a|b\}",
    "a {material} chair",
    "{oak|oak}",
    "x" * 40_000 + "{a|b}",
)


async def test_prompts_of_old_jobs_stand_for_just_what_was_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "library.sqlite3"
    whole = schema.MIGRATIONS
    monkeypatch.setattr(schema, "MIGRATIONS", whole[:3])
    database = Database(path)
    await database.open()
    await database.write(lambda connection: add(connection, [(p, float(at)) for at, p in enumerate(OLD)]))
    database.close()
    monkeypatch.setattr(schema, "MIGRATIONS", whole)
    database = Database(path)
    await database.open()
    found = await PromptStore(database).search("")
    database.close()
    assert [expand(past.text).prompts for past in reversed(found)] == [(prompt,) for prompt in OLD]
    assert found[-1].text == "a chair"


async def test_prompts_of_old_jobs_become_earlier_prompts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "library.sqlite3"
    whole = schema.MIGRATIONS
    monkeypatch.setattr(schema, "MIGRATIONS", whole[:3])
    database = Database(path)
    await database.open()
    asked = [("a chair", 1.0), ("椅子", 2.0), ("a chair", 3.0)]
    await database.write(lambda connection: add(connection, asked))
    database.close()
    monkeypatch.setattr(schema, "MIGRATIONS", whole)
    database = Database(path)
    await database.open()
    database.close()
    with sqlite3.connect(path) as connection:
        found = connection.execute("SELECT text, used_at, times FROM prompt ORDER BY number").fetchall()
    connection.close()
    assert found == [("椅子", 2.0, 1), ("a chair", 3.0, 2)]
