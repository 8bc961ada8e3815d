"""The program as it is started, on a real X screen, by a real keyboard and mouse."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tests.support.screen import TOOLS, own_screen, require

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PATIENCE_S = 60.0


def until(condition: Callable[[], object]) -> None:
    """Wait for another process; there is no signal to wait for."""
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


@pytest.fixture
def screen() -> Iterator[dict[str, str]]:
    require([tool for tool in TOOLS if shutil.which(tool) is None])
    with own_screen() as environment:
        yield environment


class Screen:
    """Starts programs on the screen and moves its mouse and keyboard."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment

    def start(self, *arguments: str | Path) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "gptimg_desktop", *map(str, arguments)],
            env=self.environment | {"GPTIMG_PRACTICE_SPEED": "0"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def do(self, *words: str) -> str:
        done = subprocess.run(
            ["xdotool", *words], env=self.environment, capture_output=True, text=True, check=False
        )
        return done.stdout.strip()

    def window(self) -> str:
        """The id of the program's window, once it is on the screen."""
        until(lambda: self.do("search", "--onlyvisible", "--name", "^GPTImg$"))
        return self.do("search", "--onlyvisible", "--name", "^GPTImg$").splitlines()[-1]


def pictures(data_dir: Path) -> list[Path]:
    return sorted((data_dir / "images").rglob("[!.]*.png"))


def end(program: subprocess.Popen[str]) -> str:
    """End the program as a log-off does; what it printed as errors."""
    program.send_signal(signal.SIGTERM)
    _, errors = program.communicate(timeout=PATIENCE_S)
    assert program.returncode == 0
    return errors


def test_a_prompt_that_is_typed_becomes_a_picture(home: Path, screen: dict[str, str]) -> None:
    data_dir, hands = home / "data", Screen(screen)
    program = hands.start("--data-dir", data_dir)
    try:
        hands.do("windowactivate", "--sync", hands.window())
        until((data_dir / "library.sqlite3").exists)
        hands.do("key", "ctrl+l")
        hands.do("type", "--delay", "15", "an oak chair")

        def pressed_and_saved() -> bool:
            """The queue may open a moment after the window; a press before that makes nothing."""
            if not pictures(data_dir):
                hands.do("key", "ctrl+Return")
                time.sleep(1)
            return bool(pictures(data_dir))

        until(pressed_and_saved)
        with Image.open(pictures(data_dir)[0]) as image:
            assert image.size in {(1024, 1024), (1254, 1254)}
    finally:
        errors = end(program)
    assert errors == ""
    assert pictures(data_dir)[0].name.startswith("an-oak-chair_")


def test_a_second_start_raises_the_first_window(home: Path, screen: dict[str, str]) -> None:
    hands = Screen(screen)
    first = hands.start("--data-dir", home / "data")
    try:
        window = hands.window()
        hands.do("windowminimize", "--sync", window)
        until(lambda: hands.do("search", "--onlyvisible", "--name", "^GPTImg$") == "")
        second = hands.start("--data-dir", home / "data")
        _, errors = second.communicate(timeout=PATIENCE_S)
        assert (second.returncode, errors) == (0, "")
        assert hands.window() == window
    finally:
        errors = end(first)
    assert errors == ""
