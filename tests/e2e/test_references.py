"""What is chosen in the window is what a real server gets: references in their order, sizes, the channel."""

from __future__ import annotations

import asyncio
import base64
import io
import itertools
from collections import deque
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QRect, Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QSpinBox,
    QWidget,
)

from gptimg_desktop.core.settings import Delivery
from gptimg_desktop.core.sizes import Ratio, Tier
from tests.support.desk import Desk, window
from tests.support.scripted_server import Exchange, ScriptedServer, scripted_server
from tests.ui.compose.hands import drop

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.anyio

KINDS = {"PNG": "png", "JPEG": "jpeg", "WEBP": "webp"}
PLAIN = {"model": "gpt-image-2", "prompt": "an oak chair", "n": 1, "size": "1:1", "resolution": "1k"}


def reference_files(folder: Path, count: int) -> list[Path]:
    """Pictures of all three kinds, each with bytes of its own; they need no change to be sent."""
    folder.mkdir()
    files = []
    for number, kind in zip(range(count), itertools.cycle(KINDS), strict=False):
        content = io.BytesIO()
        Image.new("RGB", (20 + number, 30), (20 * number, 90, 60)).save(content, kind)
        files.append(folder / f"reference {number} ü.{KINDS[kind]}")
        files[-1].write_bytes(content.getvalue())
    return files


def data_uri(file: Path) -> str:
    return f"data:image/{file.suffix[1:]};base64,{base64.b64encode(file.read_bytes()).decode()}"


def address(number: int) -> str:
    return f"https://pictures.example.com/{number}.png?size=large&of={number}"


def let_go(desk: Desk, *items: Path | str) -> bool:
    """Files and addresses, carried together over the tray and let go; True where they were taken."""
    content = QMimeData()
    content.setUrls(
        [QUrl(item) if isinstance(item, str) else QUrl.fromLocalFile(str(item)) for item in items]
    )
    return drop(desk.find(QWidget, "referenceTray"), content)


def type_address(desk: Desk, text: str) -> None:
    field = desk.find(QLineEdit, "referenceUrlEdit")
    field.setText(text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def count_of_references(desk: Desk) -> int:
    return len(desk.app.window.compose.draft().references)


def sent(server: ScriptedServer) -> list[dict[str, Any]]:
    """The fields of every submit."""
    return [request.json() for request in server.of_kind("submit")]


async def test_ten_files_and_six_addresses_arrive_in_the_order_of_the_tray(home: Path) -> None:
    files = reference_files(home / "given", 10)
    expected = [
        *(data_uri(file) for file in files[:3]),
        address(1),
        data_uri(files[3]),
        address(2),
        data_uri(files[4]),
        address(3),
        address(4),
        *(data_uri(file) for file in files[5:8]),
        address(5),
        data_uri(files[8]),
        data_uri(files[9]),
        address(6),
    ]
    async with scripted_server() as server, window(home / "data", server) as desk:
        assert let_go(desk, *files[:3])
        type_address(desk, address(1))
        assert let_go(desk, files[3], address(2), files[4], address(3))
        type_address(desk, address(4))
        assert let_go(desk, *files[5:8])
        type_address(desk, address(5))
        assert let_go(desk, files[8], files[9], address(6))
        await desk.until(lambda: count_of_references(desk) == 16)
        desk.generate()
        await desk.until_states("saved")
        assert sent(server) == [PLAIN | {"image_urls": expected}]
        assert len(server.accepted) == 1
        assert not [request for request in server.requests if "pictures.example.com" in str(request.headers)]


async def test_the_seventeenth_is_asked_about_and_nothing_is_sent_meanwhile(home: Path) -> None:
    files = reference_files(home / "given", 11)
    async with scripted_server() as server, window(home / "data", server) as desk:
        assert let_go(desk, *files[:10], *map(address, range(6)))
        await desk.until(lambda: count_of_references(desk) == 16)
        assert "replaces" not in desk.texts()
        let_go(desk, files[10])
        type_address(desk, address(17))
        desk.generate()
        assert desk.states() == []
        assert f"Choose what “{files[10].name}” replaces; 1 more waits." in desk.texts()
        desk.click("leaveOutButton")
        assert "Choose what “pictures.example.com/17.png” replaces." in desk.texts()
        desk.click("leaveOutButton")
        desk.generate()
        await desk.until_states("saved")
        assert sent(server)[0]["image_urls"] == [*map(data_uri, files[:10]), *map(address, range(6))]


async def test_without_references_there_is_no_such_field(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        desk.generate()
        await desk.until_states("saved")
        assert sent(server) == [PLAIN]


async def test_the_official_channel_is_named_when_it_is_wanted_and_only_then(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        desk.generate()
        desk.click("officialFallback")
        desk.click("generateButton")
        desk.click("officialFallback")
        desk.click("generateButton")
        await desk.until_states("saved", "saved", "saved")
        official = [job.request.official_fallback for job in desk.jobs()]
        assert official == [False, True, False]
        assert sorted(sent(server), key=len) == [PLAIN, PLAIN, PLAIN | {"official_fallback": True}]


async def test_auto_and_every_ratio_arrive_as_the_words_of_the_service(home: Path) -> None:
    words = ["auto", *(ratio.value for ratio in Ratio)]
    wanted = list(zip(words, itertools.cycle(Tier), strict=False))
    async with scripted_server() as server, window(home / "data", server) as desk:
        for word, tier in wanted:
            desk.click(f"ratio_{word.replace(':', 'x')}")
            desk.click(f"tier_{tier.value}")
            desk.generate()
        await desk.until_states(*["saved"] * 16)
        found = sorted((fields["size"], fields["resolution"]) for fields in sent(server))
        assert found == sorted((word, tier.value) for word, tier in wanted)
        assert {frozenset(fields) for fields in sent(server)} == {frozenset(PLAIN)}


async def test_a_size_in_pixels_arrives_as_typed_and_with_a_tier(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        desk.click("ratio_custom")
        for width, height in ((1881, 836), (887, 1774), (3840, 2160)):
            desk.find(QSpinBox, "customWidth").setValue(width)
            desk.find(QSpinBox, "customHeight").setValue(height)
            desk.generate()
        await desk.until_states("saved", "saved", "saved")
        found = sorted((fields["size"], fields["resolution"]) for fields in sent(server))
        assert found == [("1881x836", "1k"), ("3840x2160", "4k"), ("887x1774", "1k")]


async def test_references_are_uploaded_first_where_the_settings_say_so(home: Path) -> None:
    files = reference_files(home / "given", 2)
    uploaded: list[bytes] = []

    async def take(exchange: Exchange) -> None:
        await exchange.read_body()
        uploaded.append(exchange.request.body)
        url = f"https://upload.example.com/f/{len(uploaded)}.png"
        await exchange.reply(200, {"url": url, "bytes": 1, "content_type": "image/png"})

    async with scripted_server() as server, window(home / "data", server) as desk:
        server.uploads = deque([take])
        desk.click("settingsButton")
        delivery = desk.find(QComboBox, "deliveryCombo")
        delivery.setCurrentIndex(delivery.findData(Delivery.UPLOAD))
        desk.find(QAbstractButton, "settingsSave").click()
        assert let_go(desk, files[0], address(1), files[1])
        await desk.until(lambda: count_of_references(desk) == 3)
        desk.generate()
        await desk.until_states("saved")
        assert [file.read_bytes() in body for file, body in zip(files, uploaded, strict=True)] == [True, True]
        assert sent(server)[0]["image_urls"] == [
            "https://upload.example.com/f/1.png",
            address(1),
            "https://upload.example.com/f/2.png",
        ]
        desk.generate("the same again")
        await desk.until_states("saved", "saved")
        assert len(uploaded) == 2  # an upload serves all requests of its time


def is_whole_in_sight(desk: Desk, widget: QWidget) -> bool:
    """True where nothing of a part of the composer is scrolled away."""
    area = desk.app.window.compose.findChild(QScrollArea)
    assert area is not None
    room = area.viewport()
    return room.rect().contains(QRect(widget.mapTo(room, QPoint(0, 0)), widget.size()))


async def test_a_start_with_files_leaves_the_prompt_in_sight(home: Path) -> None:
    files = reference_files(home / "given", 15)
    broken = home / "broken.png"
    broken.write_bytes(b"no picture")
    async with window(home / "data", files=(*files, broken)) as desk:
        desk.app.window.resize(900, 700)
        await desk.until(lambda: count_of_references(desk) == 15)
        await desk.until(lambda: "“broken.png”" in desk.texts(), "what is wrong with the last one")
        await asyncio.sleep(0)
        assert is_whole_in_sight(desk, desk.find(QPlainTextEdit, "promptEdit"))
        assert not is_whole_in_sight(desk, desk.find(QWidget, "referenceUrlEdit"))


async def test_what_a_start_with_files_asks_comes_into_sight(home: Path) -> None:
    files = reference_files(home / "given", 16)
    more = reference_files(home / "more", 2)
    async with window(home / "data", files=tuple(files)) as desk:
        await desk.until(lambda: count_of_references(desk) == 16)
    async with window(home / "data", files=tuple(more)) as desk:
        desk.app.window.resize(900, 700)
        prompt = desk.find(QPlainTextEdit, "promptEdit")
        question = desk.find(QWidget, "replaceQuestion")
        await desk.until(lambda: "16 of 16 are used" in desk.texts(), "the question about the seventeenth")
        await desk.until(lambda: is_whole_in_sight(desk, question), "the question")
        assert desk.app.window.focusWidget() is prompt
        QTest.keyClicks(prompt, "an oak chair")  # whoever writes sees what he writes
        await desk.until(lambda: is_whole_in_sight(desk, prompt), "the prompt")
        assert "16 of 16 are used" in desk.texts()
        desk.click("generateButton")
        await desk.until(lambda: is_whole_in_sight(desk, question), "the question again")
