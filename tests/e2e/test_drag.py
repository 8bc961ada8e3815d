"""Real drags on a real X screen, from another program and within the window."""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from gptimg_desktop.core.reference import FileReference
from gptimg_desktop.services.library.codec import draft_from_text
from tests.e2e.test_screen import Screen, end, pictures, screen, until
from tests.support.drag_source import PLACE, TITLE

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["screen"]

COLOURS = {"red": (200, 30, 30), "green": (30, 170, 30), "blue": (30, 30, 200), "pink": (230, 90, 180)}
SOURCE = (PLACE[0] + PLACE[2] // 2, PLACE[1] + PLACE[3] // 2)
Point = tuple[int, int]


class Hand:
    """One program on the screen, and a mouse that carries things into and about it."""

    def __init__(self, hands: Screen, data_dir: Path) -> None:
        self.hands = hands
        self.data_dir = data_dir
        self.folder = data_dir.parent

    def carry(self, start: Point, *way: Point) -> None:
        """Press at the start, go the way in steps small enough for a drag, let go at its end."""
        self.hands.do("mousemove", *map(str, start))
        self.hands.do("mousedown", "1")
        at = start
        for target in way:
            for step in range(1, 9):
                x = at[0] + (target[0] - at[0]) * step // 8
                y = at[1] + (target[1] - at[1]) * step // 8
                self.hands.do("mousemove", str(x), str(y))
                time.sleep(0.03)
            at = target
        time.sleep(0.2)
        self.hands.do("mouseup", "1")

    def bring(self, target: Point, *arguments: str) -> None:
        """Carry something over from another program."""
        command = [sys.executable, "-m", "tests.support.drag_source", *arguments]
        source = subprocess.Popen(command, env=self.hands.environment)
        try:
            until(lambda: self.hands.do("search", "--onlyvisible", "--name", f"^{TITLE}$"))
            time.sleep(0.3)
            self.carry(SOURCE, target)
            time.sleep(0.3)
        finally:
            source.terminate()
            source.wait()

    def names(self) -> list[str]:
        """The references that the draft is kept with."""
        library = self.data_dir / "library.sqlite3"
        if not library.exists():
            return []
        with contextlib.closing(sqlite3.connect(f"file:{library}?mode=ro", uri=True)) as database:
            rows = database.execute("SELECT content FROM draft").fetchall()
        found = draft_from_text(rows[0][0]).references if rows else ()
        return [each.name if isinstance(each, FileReference) else each.url for each in found]

    def middle_of(self, name: str) -> Point:
        """Where a colour is to be seen on the screen, in the middle of it."""
        shot = self.folder / "screen.png"
        command = [sys.executable, "-m", "tests.support.drag_source", "--shot", str(shot)]
        subprocess.run(command, env=self.hands.environment, check=True)
        with Image.open(shot) as image:
            seen = image.convert("RGB")
        wanted = COLOURS[name]
        found = [
            (x, y)
            for y in range(0, seen.height, 2)
            for x in range(0, seen.width, 2)
            if _is_close(seen.getpixel((x, y)), wanted)
        ]
        assert found, f"no {name} on the screen"
        xs, ys = zip(*found, strict=True)
        return (min(xs) + max(xs)) // 2, (min(ys) + max(ys)) // 2

    def picture(self, name: str) -> str:
        """A file of one colour."""
        path = self.folder / f"{name}.png"
        Image.new("RGB", (90, 60), COLOURS[name]).save(path)
        return str(path)


def _is_close(seen: object, wanted: tuple[int, int, int]) -> bool:
    assert isinstance(seen, tuple)
    return all(abs(one - other) < 6 for one, other in zip(seen, wanted, strict=True))


@pytest.fixture
def hand(home: Path, screen: dict[str, str]) -> Iterator[Hand]:
    """The program, large on the screen, with its queue open; it must end without a word."""
    hands = Screen(screen)
    program = hands.start("--data-dir", home / "data")
    try:
        window = hands.window()
        hands.do("windowmove", window, "0", "0")
        hands.do("windowsize", "--sync", window, "1300", "880")
        until((home / "data" / "library.sqlite3").exists)
        yield Hand(hands, home / "data")
    finally:
        errors = end(program)
    assert errors == ""


COMPOSER = (190, 700)


def test_things_are_dragged_in_and_about(hand: Hand) -> None:
    red, green, blue, pink = map(hand.picture, ("red", "green", "blue", "pink"))
    folder = hand.folder / "set"
    folder.mkdir()
    Path(pink).rename(folder / "pink.png")
    hand.bring(COMPOSER, red, green, blue)
    until(lambda: hand.names() == ["red.png", "green.png", "blue.png"])
    hand.bring(COMPOSER, str(folder))
    until(lambda: hand.names() == ["red.png", "green.png", "blue.png", "pink.png"])
    x, y = hand.middle_of("red")
    hand.carry(hand.middle_of("blue"), (x + 20, y), (x - 28, y))
    until(lambda: hand.names() == ["blue.png", "red.png", "green.png", "pink.png"])
    hand.bring(COMPOSER, "--link", "https://pictures.invalid/chair.png")
    until(lambda: hand.names()[4:] == ["chair.png"])
    x, y = hand.middle_of("green")
    hand.carry(hand.middle_of("red"), (x, y), (1000, 500))  # let go over the gallery: nothing happens
    hand.bring(hand.middle_of("green"), red)
    until(lambda: hand.names() == ["blue.png", "red.png", "red.png", "pink.png", "chair.png"])


def test_a_tile_is_dragged_onto_the_tray(hand: Hand) -> None:
    hand.hands.do("key", "ctrl+l")
    hand.hands.do("type", "--delay", "15", "an oak chair")

    def pressed_and_saved() -> bool:
        """The queue may open a moment after the window; a press before that makes nothing."""
        if not pictures(hand.data_dir):
            hand.hands.do("key", "ctrl+Return")
            time.sleep(1)
        return bool(pictures(hand.data_dir))

    until(pressed_and_saved)
    time.sleep(1)
    hand.carry((520, 220), (400, 500), COMPOSER)
    until(lambda: hand.names() == [pictures(hand.data_dir)[-1].name])
