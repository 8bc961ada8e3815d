"""What was written stays: the draft through a kill, earlier prompts and templates through a restart."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
import sys
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QListView, QPlainTextEdit, QPushButton, QSpinBox

from gptimg_desktop.core.sizes import Ratio, Tier
from tests.support.desk import Desk, window
from tests.support.scripted_server import scripted_server

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.anyio


def kept_draft(data_dir: Path) -> dict[str, Any]:
    """The draft on the disk, read beside the program; empty where there is none."""
    path = data_dir / "library.sqlite3"
    if not path.exists():
        return {}
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        row = connection.execute("SELECT content FROM draft").fetchone()
    except sqlite3.OperationalError:  # not yet made
        return {}
    finally:
        connection.close()
    return {} if row is None else dict(json.loads(row[0]))


def editor(desk: Desk) -> QPlainTextEdit:
    return desk.find(QPlainTextEdit, "promptEdit")


def text(desk: Desk) -> str:
    return editor(desk).toPlainText()


def rows(desk: Desk, name: str) -> list[str]:
    model = desk.find(QListView, name).model()
    return [str(model.index(row, 0).data()).partition(", ")[0] for row in range(model.rowCount())]


def key(desk: Desk, which: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(editor(desk), which, modifiers)


async def test_what_was_written_survives_a_kill(home: Path) -> None:
    prompt = "an {oak|ash} chair\nsoft light"
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.support.one_draft",
        str(home / "data"),
        prompt,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
    )
    try:
        async with asyncio.timeout(30):
            while not kept_draft(home / "data").get("one_per_line"):
                assert process.returncode is None, "the program ended by itself"
                await asyncio.sleep(0.01)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGKILL)
        assert await process.wait() == -signal.SIGKILL
    async with window(home / "data") as desk:
        await desk.until(lambda: text(desk) == prompt)
        draft = desk.app.window.compose.draft()
        assert (draft.copies, draft.size, draft.tier) == (7, Ratio.R16X9, Tier.K4)
        assert draft.one_per_line
        assert desk.find(QSpinBox, "copiesSpin").value() == 7
        assert desk.find(QAbstractButton, "ratio_16x9").isChecked()


async def test_an_earlier_prompt_comes_back_after_a_restart(home: Path) -> None:
    async with scripted_server() as server:
        async with window(home / "data", server) as desk:
            desk.generate("an {oak|ash} chair")
            await desk.until_states("saved", "saved")
            desk.generate("a lamp")
            await desk.until_states("saved", "saved", "saved")
            desk.type_prompt("not sent")
        async with window(home / "data", server) as desk:
            await desk.until(lambda: text(desk) == "not sent")
            await desk.until(lambda: _older(desk) == "a lamp")
            assert _older(desk) == "an {oak|ash} chair"  # with its variables, and once
            assert _older(desk) == "an {oak|ash} chair"
            for expected in ("a lamp", "not sent"):
                key(desk, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
                assert text(desk) == expected
        assert len(server.of_kind("submit")) == 3


def _older(desk: Desk) -> str:
    key(desk, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    return text(desk)


async def test_an_earlier_prompt_is_found_and_forgotten(home: Path) -> None:
    async with window(home / "data") as desk:
        done: list[str] = []
        for prompt in ("一把橡木椅子", "an ash chair", "a lamp"):
            editor(desk).setPlainText(prompt)
            desk.click("generateButton")
            done.append("saved")
            await desk.until_states(*done)
        field = desk.find(QLineEdit, "promptHistoryListSearch")
        desk.click("promptHistoryButton")
        assert rows(desk, "promptHistoryList") == ["a lamp", "an ash chair", "一把橡木椅子"]
        QTest.keyClicks(field, "CHAIR")
        await desk.until(lambda: rows(desk, "promptHistoryList") == ["an ash chair"])
        QTest.keyClick(field, Qt.Key.Key_Delete)
        field.setText("木")
        await desk.until(lambda: rows(desk, "promptHistoryList") == ["一把橡木椅子"])
        QTest.keyClick(field, Qt.Key.Key_Return)
        assert text(desk) == "一把橡木椅子"
    async with window(home / "data") as desk:
        await desk.until(lambda: text(desk) == "一把橡木椅子")
        await desk.until(lambda: _older(desk) == "a lamp")
        assert _older(desk) == "a lamp"
        assert len(desk.jobs()) == 3  # pictures stay


async def test_the_press_of_a_prompt_that_is_refused_is_no_earlier_prompt(home: Path) -> None:
    async with window(home / "data") as desk:
        desk.generate("  ")
        desk.generate("a lamp")
        await desk.until_states("saved")
        desk.click("promptHistoryButton")
        assert rows(desk, "promptHistoryList") == ["a lamp"]


async def test_a_template_survives_a_restart_and_is_filled_in_by_keys_alone(home: Path) -> None:
    written = "  A {material} chair,\n{red|blue} 橡木 🪑 "
    async with window(home / "data") as desk:
        editor(desk).setPlainText(written)
        desk.click("templatesButton")
        name = desk.find(QLineEdit, "templateNameEdit")
        assert name.hasFocus()
        QTest.keyClicks(name, "Oak chair")
        QTest.keyClick(name, Qt.Key.Key_Return)
        await desk.until(lambda: rows(desk, "templateList") == ["Oak chair"])
        QTest.keyClick(desk.find(QLineEdit, "templateListSearch"), Qt.Key.Key_F2)
        QTest.keyClicks(name, "Chair")
        QTest.keyClick(name, Qt.Key.Key_Return)
        await desk.until(lambda: rows(desk, "templateList") == ["Chair"])
    async with window(home / "data") as desk:
        await desk.until(lambda: text(desk) == written)
        desk.type_prompt("")
        names = desk.find(QListView, "templateList")
        await desk.until(lambda: _asks(desk, "/ch") and names.isVisible())
        key(desk, Qt.Key.Key_Tab)
        assert text(desk) == written
        QTest.keyClicks(editor(desk), "ash")
        assert text(desk) == written.replace("{material}", "ash")
        desk.click("templatesButton")
        QTest.keyClick(desk.find(QLineEdit, "templateListSearch"), Qt.Key.Key_Delete)
    async with window(home / "data") as desk:  # closing the window keeps the removal, too
        await desk.until(lambda: text(desk) != "")
        desk.click("templatesButton")
        assert desk.find(QPushButton, "keepTemplateButton").isVisible()
        assert rows(desk, "templateList") == []


def _asks(desk: Desk, words: str) -> bool:
    desk.type_prompt(words)
    return True
