"""A second start on the same data folder: it raises the first window, or waits until it may open its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import pytest

from gptimg_desktop.folders import prepare_data_folder
from gptimg_desktop.services.instance_lock import instance_lock
from gptimg_desktop.start import channel_of
from gptimg_desktop.ui.desktop.raising import RaiseServer, raise_running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

PATIENCE_S = 60
WAITS = "gptimg-desktop: another GPTImg is just opening or closing; waiting for it\n"
IMPATIENT = """
import sys
from gptimg_desktop import cli, start
start.PATIENCE_S = 0.5
sys.exit(cli.main())
"""


@pytest.fixture
def data_dir(home: Path) -> Path:
    return prepare_data_folder(home / "data")


@contextmanager
def started(data_dir: Path, *how: str) -> Iterator[subprocess.Popen[str]]:
    """The program on a data folder, in a process of its own."""
    command = [sys.executable, *(how or ("-m", "gptimg_desktop")), "--practice", "--data-dir", str(data_dir)]
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "QT_LOGGING_RULES": "qt.qpa.*=false"}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as program:
        try:
            yield program
        finally:
            program.kill()


def line(program: subprocess.Popen[str]) -> str:
    assert program.stderr is not None
    return program.stderr.readline()


def test_while_the_first_is_closing_it_waits_and_then_opens(data_dir: Path, qtbot: QtBot) -> None:
    with ExitStack() as first:
        first.enter_context(instance_lock(data_dir))
        with started(data_dir) as second:
            assert line(second) == WAITS
            assert not (data_dir / "library.sqlite3").exists()
            first.close()
            qtbot.waitUntil(lambda: raise_running(channel_of(data_dir), "test"), timeout=PATIENCE_S * 1000)
            second.send_signal(signal.SIGTERM)
            _, errors = second.communicate(timeout=PATIENCE_S)
            assert second.returncode == 0
            assert errors in {"", "This plugin does not support raise()\n"}  # Qt's own, offscreen


@pytest.mark.row(97)
def test_while_the_first_is_opening_it_waits_and_then_raises_it(data_dir: Path, qtbot: QtBot) -> None:
    """And hands over what it was to open."""
    with instance_lock(data_dir), started(data_dir, "-m", "gptimg_desktop", "/chair.png") as second:
        assert line(second) == WAITS
        raising = RaiseServer(channel_of(data_dir))
        with qtbot.waitSignal(raising.raise_requested, timeout=PATIENCE_S * 1000) as heard:
            pass
        assert heard.args == [("/chair.png",)]
        qtbot.waitUntil(lambda: second.poll() is not None, timeout=PATIENCE_S * 1000)
        raising.close()
        assert second.returncode == 0


def test_a_first_that_never_answers_is_told_in_one_line(data_dir: Path) -> None:
    with instance_lock(data_dir), started(data_dir, "-c", IMPATIENT) as second:
        _, errors = second.communicate(timeout=PATIENCE_S)
    assert second.returncode == 1
    assert errors == "gptimg-desktop: another GPTImg works on this data folder and does not answer\n"
