"""The parts of the screenshot script: pictures repeat, colours stay, and texts are painted over."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, cast

import pytest
from PIL import Image, ImageChops
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from docs.screenshots.darkroom import save
from docs.screenshots.make_up import make_up
from docs.screenshots.posed_service import SUBMIT, Clock, PosedServer, PosedService
from gptimg_desktop.services.practice.exchange import Asked

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

HOST = "http://127.0.0.1:1"


def asked(method: str, path: str, body: bytes = b"") -> Asked:
    return Asked(
        method=method,
        host="",
        path=path,
        query="",
        content_type="application/json",
        authorization="Bearer any-key-will-do",
        body=body,
    )


SEA = asked("POST", SUBMIT, json.dumps({"model": "gpt-image-2", "prompt": "the sea", "n": 1}).encode())


def picture_of(service: PosedService, clock: Clock) -> bytes:
    """Submit, let the time pass that it takes, and fetch."""
    answer = json.loads(service.answer(SEA).body)
    task = answer["data"][0]["task_id"]
    waiting = service.answer(asked("GET", f"/v1/tasks/{task}")).body
    assert b"completed" not in waiting
    clock.pass_on(service.ends - clock.now() + 0.1)
    done = service.answer(asked("GET", f"/v1/tasks/{task}")).body.decode()
    (link,) = re.findall(rf"{HOST}(/f/image/[^\"]+)", done)
    return service.answer(asked("GET", link)).body


def service(clock: Clock, **variants: int) -> PosedService:
    return PosedService(clock=clock.now, files=HOST, variants={"the sea": 0} | variants)


def test_the_same_prompt_gets_the_same_pictures_in_the_same_order() -> None:
    clock = Clock(1_700_000_000.0)
    first, second = service(clock), service(clock)
    one, two = picture_of(first, clock), picture_of(first, clock)
    assert one != two
    assert [picture_of(second, clock), picture_of(second, clock)] == [one, two]
    assert picture_of(service(clock, **{"the sea": 1}), clock) == two


def test_a_lost_answer_is_one_to_something_that_was_taken() -> None:
    clock = Clock(1_700_000_000.0)
    with PosedServer(clock=clock.now, variants={}) as server:
        server.loses_answers = True
        with pytest.raises(ConnectionAbortedError):
            server.answer(SEA)
        assert b"9.99" in server.answer(asked("GET", "/v1/balance")).body


@pytest.fixture
def busy() -> Image.Image:
    """A window's two grounds, a large blue picture, and a very small sign whose green has soft edges."""
    picture = Image.new("RGB", (900, 640), "#f7f7f8")
    picture.paste("#ececed", (0, 0, 150, 640))
    for column in range(70):
        for row in range(60):
            left, top = 160 + 10 * column, 20 + 10 * row
            picture.paste((20 + column * 2, 60 + row * 2, 150 + column), (left, top, left + 10, top + 10))
    for step in range(16):
        soft = (247 - step * 224 // 15, 247 - step * 132 // 15, 248 - step * 185 // 15)
        picture.paste(soft, (10 + step * 2, 10, 12 + step * 2, 16))
    return picture


def test_grounds_keep_their_very_colours_and_small_signs_about_theirs(
    tmp_path: Path, busy: Image.Image
) -> None:
    save(busy, tmp_path / "a.png")
    with Image.open(tmp_path / "a.png") as saved:
        assert saved.mode == "P"
        shown = saved.convert("RGB")
    assert shown.getpixel((100, 300)) == (0xEC, 0xEC, 0xED)
    assert shown.getpixel((890, 630)) == (0xF7, 0xF7, 0xF8)
    differences = ImageChops.difference(busy, shown).crop((10, 10, 42, 16)).getextrema()
    assert all(most <= 28 for _, most in cast("tuple[tuple[int, int], ...]", differences))


def test_grain_goes_and_lines_stay(tmp_path: Path) -> None:
    picture = Image.new("RGB", (200, 100))
    picture.putdata([(120 + number * 7919 % 13,) * 3 for number in range(200 * 100)])
    picture.paste("#606168", (20, 50, 180, 51))
    save(picture, tmp_path / "a.png")
    with Image.open(tmp_path / "a.png") as saved:
        shown = saved.convert("RGB")
    assert len(shown.crop((0, 0, 200, 40)).getcolors() or ()) <= 3
    assert {shown.getpixel((x, 50)) for x in range(20, 180)} == {(0x60, 0x61, 0x68)}


def test_texts_of_this_machine_are_painted_over(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    label, field, empty = (
        QLabel("In /srv/\u200bab/\u200bimages, 3 files"),
        QLineEdit("/srv/ab/images/a.png"),
        QLineEdit(),
    )
    empty.setPlaceholderText("/srv/ab/images")
    column = QVBoxLayout(window)
    for each in (label, field, empty):
        column.addWidget(each)
    make_up(window, {"/srv/ab/images": "/home/mei/Pictures"})
    assert label.text() == "In /home/mei/Pictures, 3 files"
    assert field.text() == "/home/mei/Pictures/a.png"
    assert empty.placeholderText() == "/home/mei/Pictures"
