"""The composer's content from one start to the next, whatever goes wrong in between."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from gptimg_desktop import composing
from gptimg_desktop.core.draft import Draft
from gptimg_desktop.core.errors import Problem, ProblemKind, StorageError
from gptimg_desktop.core.reference import UrlReference
from gptimg_desktop.core.sizes import Ratio, Tier
from gptimg_desktop.services.library.jobs import JobStore
from gptimg_desktop.ui.compose.panel import ComposePanel
from gptimg_desktop.ui.messages import sentence
from tests.support.desk import Desk, window

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.anyio

WORK = Draft(
    prompt="an hour's work",
    size=Ratio.R16X9,
    tier=Tier.K4,
    references=(UrlReference(url="https://example.com/kept.png"),),
    copies=3,
)
REFUSED = Problem.of(ProblemKind.LIBRARY_UNREADABLE, reason="disk I/O error")


def shown(desk: Desk) -> Draft:
    return desk.app.window.compose.draft()


def editor(desk: Desk) -> QPlainTextEdit:
    return desk.find(QPlainTextEdit, "promptEdit")


def kept(home: Path) -> str:
    """The prompt that is kept on the disk."""
    return str(json.loads(content(home))["prompt"])


def content(home: Path, table: str = "draft") -> str:
    with sqlite3.connect(home / "data" / "library.sqlite3") as connection:
        rows = connection.execute(f"SELECT content FROM {table}").fetchall()  # noqa: S608 - a name of our own
    connection.close()
    return str(rows[0][0]) if rows else ""


def put(home: Path, text: str) -> None:
    with sqlite3.connect(home / "data" / "library.sqlite3") as connection:
        connection.execute("UPDATE draft SET content = ?", (text,))
    connection.close()


async def leave_work(home: Path) -> None:
    """One start that keeps something in the composer."""
    async with window(home / "data") as desk:
        desk.app.window.compose.set_draft(WORK)
    assert kept(home) == WORK.prompt


async def several_pauses() -> None:
    """Until what is kept at a pause would have been kept."""
    over = asyncio.Event()
    QTimer.singleShot(30 * composing.DRAFT_PAUSE_MS, over.set)
    await over.wait()


def be_quick(monkeypatch: pytest.MonkeyPatch, text: str, *, fails: int = 0) -> None:
    """Type before the library has given the draft, which it may refuse so many times."""
    monkeypatch.setattr(composing, "DRAFT_PAUSE_MS", 1)
    real = JobStore.draft
    asked: list[JobStore] = []

    async def slow(store: JobStore) -> Draft:
        if not asked:
            compose = next(each for each in QApplication.allWidgets() if isinstance(each, ComposePanel))
            prompt = compose.findChild(QPlainTextEdit, "promptEdit")
            assert isinstance(prompt, QPlainTextEdit)
            if text:
                QTest.keyClicks(prompt, text)
                compose.add_reference(UrlReference(url="https://example.com/new.png"), None)
                await several_pauses()
        asked.append(store)
        if len(asked) <= fails:
            raise StorageError(REFUSED)
        return await real(store)

    monkeypatch.setattr(JobStore, "draft", slow)


async def test_who_is_quicker_than_the_library_loses_nothing(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await leave_work(home)
    be_quick(monkeypatch, "s")
    async with window(home / "data") as desk:
        assert shown(desk).prompt == "an hour's work\ns"
        assert [each.url for each in shown(desk).references if isinstance(each, UrlReference)] == [
            "https://example.com/kept.png",
            "https://example.com/new.png",
        ]
        assert (shown(desk).size, shown(desk).tier, shown(desk).copies) == (WORK.size, WORK.tier, WORK.copies)
        QTest.keyClicks(editor(desk), "oft")
        assert shown(desk).prompt == "an hour's work\nsoft"
        for expected in ("an hour's work\ns", "s"):
            editor(desk).undo()
            assert shown(desk).prompt == expected
        editor(desk).redo()
    assert kept(home) == "an hour's work\ns"


async def test_what_was_chosen_before_the_draft_came_stays_chosen(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await leave_work(home)
    real = JobStore.draft

    async def slow(store: JobStore) -> Draft:
        compose = next(each for each in QApplication.allWidgets() if isinstance(each, ComposePanel))
        compose.set_draft(Draft(size=Ratio.R9X16, tier=Tier.K2))
        return await real(store)

    monkeypatch.setattr(JobStore, "draft", slow)
    async with window(home / "data") as desk:
        assert (shown(desk).size, shown(desk).tier) == (Ratio.R9X16, Tier.K2)
        assert (shown(desk).prompt, shown(desk).copies) == (WORK.prompt, WORK.copies)


@pytest.mark.parametrize(
    ("typed", "fails", "left"), [("", 9, "an hour's work"), ("s", 1, "an hour's work\ns"), ("s", 9, "s")]
)
async def test_a_draft_that_could_not_be_read_is_not_written_over(
    home: Path, monkeypatch: pytest.MonkeyPatch, typed: str, fails: int, left: str
) -> None:
    await leave_work(home)
    with monkeypatch.context() as broken:
        be_quick(broken, typed, fails=fails)
        async with window(home / "data") as desk:
            await desk.until(lambda: sentence(REFUSED) in desk.texts())
            assert shown(desk).prompt == typed
    assert kept(home) == left


@pytest.mark.expects_log("the draft that was kept makes no sense")
@pytest.mark.parametrize(
    ("odd", "left"),
    [
        ({"size": "17x"}, WORK.prompt),
        ({"tier": "8k", "copies": "many"}, WORK.prompt),
        ({"shrink": {"edge": 1}, "references": [7]}, WORK.prompt),
        ({"prompt": None}, ""),
    ],
    ids=str,
)
async def test_a_draft_that_makes_no_sense_keeps_nobody_from_working(
    home: Path, caplog: pytest.LogCaptureFixture, odd: dict[str, object], left: str
) -> None:
    await leave_work(home)
    text = json.dumps(json.loads(content(home)) | odd)
    put(home, text)
    async with window(home / "data") as desk:
        assert shown(desk).prompt == left
        desk.generate("a lamp")
        await desk.until_states("saved", *["saved"] * (shown(desk).copies - 1))
    told = [record for record in caplog.records if "makes no sense" in record.getMessage()]
    assert len(told) == 1  # and nothing of it
    assert WORK.prompt not in told[0].getMessage()
    assert content(home, "odd_draft") == text
    assert kept(home) == "a lamp"
