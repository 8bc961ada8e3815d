"""Files of references that change under the program: what is sent is what they are at the press, and what is
gone is asked about before anything is queued."""

from __future__ import annotations

import asyncio
import base64
import io
import os
import random
import threading
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from PySide6.QtWidgets import QLabel

from gptimg_desktop import composing
from gptimg_desktop.core.connection import PRACTICE
from gptimg_desktop.core.reference import FileReference, Shrink, ShrinkWish
from gptimg_desktop.services.library.references import origins
from gptimg_desktop.services.library.references import store as references
from gptimg_desktop.services.library.references.kept_copies import KeptCopies
from gptimg_desktop.ui.compose.references.missing_question import MissingQuestion
from tests.support import scripted_server as scripts
from tests.support.desk import Desk, window
from tests.support.scripted_server import KEY, ScriptedServer, scripted_server
from tests.ui.compose.hands import drop, files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from gptimg_desktop.core.reference import Origin

pytestmark = [pytest.mark.anyio, pytest.mark.row(122)]

SEND_COPY, DONT_SEND = "sendCopyButton", "dropPressesButton"
ASKED = "“chair.png” is not there any more, or cannot be read."


def png(colour: str, edge: int = 24) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (edge, edge), colour).save(content, "PNG")
    return content.getvalue()


@pytest.fixture
def chair(home: Path) -> Path:
    """The file of a reference."""
    (home / "given").mkdir()
    path = home / "given" / "chair.png"
    path.write_bytes(png("teal"))
    return path


def kept(desk: Desk) -> list[FileReference]:
    references = desk.app.window.compose.draft().references
    return [reference for reference in references if isinstance(reference, FileReference)]


async def add(desk: Desk, *paths: Path) -> None:
    """Drop files on the composer, and wait until they are read."""
    wanted = len(kept(desk)) + len(paths)
    assert drop(desk.app.window.compose, files(*map(str, paths)))
    await desk.until(lambda: len(kept(desk)) == wanted)


def arrived(server: ScriptedServer) -> list[list[bytes]]:
    """The pictures of each request, in the order of the prompts."""
    requests = sorted(
        (request.json() for request in server.of_kind("submit")), key=lambda each: each["prompt"]
    )
    return [
        [base64.b64decode(uri.partition(",")[2]) for uri in fields.get("image_urls", ())]
        for fields in requests
    ]


def question(desk: Desk) -> MissingQuestion:
    return desk.find(MissingQuestion, "missingQuestion")


def waiting(desk: Desk) -> str:
    """What the question says that waits; empty while nothing is asked."""
    label = question(desk).findChild(QLabel, "missingWaits")
    return label.text() if label is not None and label.isVisible() else ""


async def answer(desk: Desk, button: str) -> None:
    """Press a button of the question, once it stands there."""
    await desk.until(lambda: question(desk).takes_answers, button)
    desk.click(button)


async def test_a_file_that_stays_as_it_was_is_sent_byte_for_byte(home: Path, chair: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        await add(desk, chair)
        desk.generate()
        await desk.until_states("saved")
        assert arrived(server) == [[chair.read_bytes()]]


def remove(path: Path) -> None:
    path.unlink()


def replace_by_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def lead_in_a_circle(path: Path) -> None:
    path.unlink()
    path.symlink_to(path)


def replace_by_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def take_the_drive_away(path: Path) -> None:
    path.parent.rename(path.parent.with_name("elsewhere"))


GONE = [remove, replace_by_folder, lead_in_a_circle, replace_by_pipe, take_the_drive_away]


@pytest.mark.parametrize("away", GONE)
async def test_what_is_gone_is_asked_about_before_anything_is_queued(
    away: Callable[[Path], None], home: Path, chair: Path
) -> None:
    content = chair.read_bytes()
    async with scripted_server() as server, window(home / "data", server) as desk:
        await add(desk, chair)
        away(chair)
        desk.generate()
        await desk.until(lambda: ASKED in desk.texts(), "the question")
        assert desk.states() == []
        await answer(desk, SEND_COPY)
        await desk.until_states("saved")
        assert arrived(server) == [[content]]
        assert ASKED not in desk.texts()
        desk.generate("the same again")  # what was answered once is not asked again
        await desk.until_states("saved", "saved")
        assert arrived(server) == [[content], [content]]


async def test_what_cannot_be_opened_any_more_is_asked_about(
    home: Path, chair: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Changed, and locked by whoever changed it: a test that may read everything has to be told no."""
    content = chair.read_bytes()
    open_file = os.open

    def locked(path: str | Path, *how: int, **more: int) -> int:
        if str(path) == str(chair):
            raise PermissionError(13, "locked", str(path))
        return open_file(path, *how, **more)

    async with scripted_server() as server, window(home / "data", server) as desk:
        await add(desk, chair)
        chair.write_bytes(png("red", 30))
        monkeypatch.setattr(os, "open", locked)
        desk.generate()
        await desk.until(lambda: ASKED in desk.texts(), "the question")
        assert desk.states() == []
        monkeypatch.undo()
        await answer(desk, SEND_COPY)
        await desk.until_states("saved")
        assert arrived(server) == [[content]]


async def test_what_is_locked_and_unchanged_is_sent(home: Path, chair: Path) -> None:
    """What can still be seen to be the same needs no second reading."""
    async with scripted_server() as server, window(home / "data", server) as desk:
        content = chair.read_bytes()
        await add(desk, chair)
        chair.chmod(0)
        desk.generate()
        await desk.until_states("saved")
        assert arrived(server) == [[content]]


async def test_what_has_changed_is_sent_as_it_is_and_said(home: Path, chair: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        await add(desk, chair)
        chair.write_bytes(png("red", 30))
        desk.generate()
        await desk.until_states("saved")
        assert arrived(server) == [[png("red", 30)]]
        told = "“chair.png” has changed since it was added. What is sent is the file as it is now."
        assert told in desk.texts()
        (reference,) = kept(desk)
        assert (reference.width, reference.height) == (30, 30)
        desk.generate("the same again")
        await desk.until_states("saved", "saved")
        assert arrived(server) == [[png("red", 30)]] * 2


async def test_what_was_touched_and_has_the_same_content_is_sent_without_a_word(
    home: Path, chair: Path
) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        await add(desk, chair)
        os.utime(chair, (1, 1))
        desk.generate()
        await desk.until_states("saved")
        assert arrived(server) == [[chair.read_bytes()]]
        assert "has changed" not in desk.texts()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            png("teal")[:40],
            "“chair.png” is damaged. Save it anew from the program it came from, then add it again.",
        ),
        (
            b"",
            "“chair.png” is damaged. Save it anew from the program it came from, then add it again.",
        ),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "“chair.png” is not a picture that can be read."),
    ],
)
async def test_what_cannot_be_used_any_more_is_told_by_name_and_nothing_is_queued(
    content: bytes, sentence: str, home: Path, chair: Path
) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        await add(desk, chair)
        chair.write_bytes(content)
        desk.generate()
        await desk.until(lambda: sentence in desk.texts(), sentence)
        assert desk.states() == []
        assert server.of_kind("submit") == []
        chair.write_bytes(png("red"))
        desk.generate()
        await desk.until_states("saved")
        assert arrived(server) == [[png("red")]]


async def test_what_has_become_too_heavy_is_told_and_nothing_is_queued(home: Path, chair: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        await add(desk, chair)
        noise = Image.frombytes("RGB", (2700, 2600), random.Random(3).randbytes(2700 * 2600 * 3))
        noise.save(chair, compress_level=0)
        desk.generate()
        told = "Reference 1, “chair.png”, weighs "
        await desk.until(lambda: told in desk.texts(), told)
        assert desk.states() == []
        assert server.of_kind("submit") == []


@pytest.mark.parametrize("happens", [*GONE, lambda path: path.write_bytes(png("red", 30))])
async def test_after_the_press_nothing_changes_what_is_sent(
    happens: Callable[[Path], None], home: Path, chair: Path
) -> None:
    content = chair.read_bytes()
    async with scripted_server() as server, window(home / "data", server) as desk:
        let_through = asyncio.Event()
        server.submits = deque([scripts.hold(let_through, scripts.accept)])
        await add(desk, chair)
        desk.app.engine.queue.pause()
        desk.generate()
        await desk.until_states("queued")
        happens(chair)
        desk.app.parts.wishes.resume_all()
        let_through.set()
        await desk.until_states("saved")
        assert arrived(server) == [[content]]


async def test_twenty_presses_are_twenty_runs_each_with_its_moment(home: Path, chair: Path) -> None:
    teal, red = png("teal"), png("red", 30)
    async with scripted_server() as server, window(home / "data", server) as desk:
        await add(desk, chair)
        for number in range(20):
            if number == 10:
                await desk.until(lambda: len(desk.jobs()) == 10)
                chair.write_bytes(red)
            desk.generate(f"chair {number:02}")
        await desk.until_states(*["saved"] * 20)
        assert [job.request.prompt for job in reversed(desk.jobs())] == [
            f"chair {number:02}" for number in range(20)
        ]
        assert arrived(server) == [[teal]] * 10 + [[red]] * 10
        assert len(server.accepted) == 20


async def test_presses_in_line_read_a_changed_file_once(
    home: Path, chair: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def watched(path: Path) -> tuple[bytes, Origin]:
        read.append(path.name)
        return references.read_regular(path)

    monkeypatch.setattr(composing, "read_regular", watched)
    async with scripted_server() as server, window(home / "data", server) as desk:
        await add(desk, chair)
        chair.write_bytes(png("red", 30))
        for number in range(20):
            desk.generate(f"chair {number:02}")
        await desk.until_states(*["saved"] * 20)
        assert arrived(server) == [[png("red", 30)]] * 20
        assert read == ["chair.png", "chair.png"]  # when it was added, and once for all presses


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The kept copies that were read whole to see whether they still are what was kept."""
    found: list[str] = []
    has_its_hash = KeptCopies._has_its_hash

    def watched(self: KeptCopies, reference: FileReference) -> bool:
        found.append(reference.name)
        return has_its_hash(self, reference)

    monkeypatch.setattr(KeptCopies, "_has_its_hash", watched)
    return found


async def test_a_kept_copy_is_hashed_once_in_the_life_of_the_program(
    home: Path, chair: Path, hashed: list[str]
) -> None:
    """Not even once where this program wrote it a moment ago."""
    async with scripted_server() as server:
        async with window(home / "data", server) as desk:
            await add(desk, chair)
            for number in range(3):
                desk.generate(f"chair {number}")
            await desk.until_states("saved", "saved", "saved")
            assert hashed == []
        async with window(home / "data", server) as desk:
            await desk.until(lambda: kept(desk), "the draft")
            for number in range(3):
                desk.generate(f"chair {number}")
            await desk.until_states(*["saved"] * 6)
            assert hashed == ["chair.png"]


async def test_one_of_two_gone_and_the_other_changed(home: Path, chair: Path) -> None:
    table = chair.with_name("table.png")
    table.write_bytes(png("navy"))
    content = chair.read_bytes()
    async with scripted_server() as server, window(home / "data", server) as desk:
        await add(desk, chair, table)
        chair.unlink()
        table.write_bytes(png("red", 30))
        desk.generate()
        await desk.until(lambda: ASKED in desk.texts(), "the question")
        assert desk.states() == []
        await answer(desk, SEND_COPY)
        await desk.until_states("saved")
        assert arrived(server) == [[content, png("red", 30)]]


def photo(colour: str) -> bytes:
    """A picture that is lighter when it is smaller."""
    content = io.BytesIO()
    noise = Image.effect_noise((300, 200), 40).convert("RGB")
    Image.blend(Image.new("RGB", noise.size, colour), noise, 0.2).save(content, "PNG")
    return content.getvalue()


def seen(content: bytes) -> tuple[tuple[int, int], str]:
    """The size of a picture, and which of red and blue it shows."""
    with Image.open(io.BytesIO(content)) as picture:
        red, _, blue = picture.convert("RGB").resize((1, 1)).tobytes()
        return picture.size, "red" if red > blue else "blue"


async def test_what_has_changed_is_made_lighter_as_what_was_there_before(home: Path, chair: Path) -> None:
    chair.write_bytes(photo("blue"))
    async with scripted_server() as server, window(home / "data", server) as desk:
        await add(desk, chair)
        compose = desk.app.window.compose
        compose.set_draft(replace(compose.draft(), shrink=Shrink(longest_edge=120, quality=80)))
        await desk.until(lambda: not compose._tray.waiting, "the lighter copy")
        desk.generate("first")
        await desk.until_states("saved")
        chair.write_bytes(photo("red"))
        desk.generate("second")
        await desk.until_states("saved", "saved")
        assert [seen(content) for (content,) in arrived(server)] == [((120, 80), "blue"), ((120, 80), "red")]
        (original,) = kept(desk)
        assert (original.width, original.height) == (300, 200)
        await desk.until(lambda: not compose._tray.waiting, "the lighter copy")
        desk.generate("third")
        await desk.until_states("saved", "saved", "saved")
        assert seen(arrived(server)[2][0]) == ((120, 80), "red")


async def test_what_cannot_be_made_lighter_is_told_and_goes_as_it_is(home: Path, chair: Path) -> None:
    """Its copy is gone, so nothing can go at all: that is told too."""
    async with scripted_server() as server, window(home / "data", server) as desk:
        await add(desk, chair)
        (reference,) = kept(desk)
        (home / "data" / "references" / reference.sha256).unlink()
        desk.app.parts.composing.shrink(
            ShrinkWish(reference=reference, shrink=Shrink(longest_edge=12, quality=80))
        )
        told = "The reference “chair.png” is not there any more."
        await desk.until(lambda: told in desk.texts(), told)
        assert desk.app.window.compose._tray.waiting == 0


# The kept copy itself


async def test_a_copy_that_is_gone_is_told_before_anything_is_queued(home: Path, chair: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        await add(desk, chair)
        chair.unlink()
        for copy in (home / "data" / "references").iterdir():
            copy.unlink()
        desk.generate()
        told = "The reference “chair.png” is not there any more. Add it again or take it out."
        await desk.until(lambda: told in desk.texts(), told)
        assert desk.states() == []
        assert server.of_kind("submit") == []


async def test_a_copy_that_is_gone_is_taken_again_where_the_file_is_still_the_same(
    home: Path, chair: Path
) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        await add(desk, chair)
        for copy in (home / "data" / "references").iterdir():
            copy.unlink()
        desk.generate()
        await desk.until_states("saved")
        assert arrived(server) == [[chair.read_bytes()]]


@pytest.mark.expects_log("a press could not be settled")
async def test_a_bug_in_settling_is_told_and_takes_no_other_press_with_it(home: Path, chair: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        await add(desk, chair)
        copies = desk.app.parts.composing._copies
        lost, presses = copies.lost, iter([True, False])

        def fail_once(references: tuple[FileReference, ...]) -> frozenset[FileReference]:
            if next(presses):
                raise RuntimeError("a bug of ours")
            return lost(references)

        copies.lost = fail_once  # type: ignore[method-assign, assignment]
        desk.generate("first")
        desk.generate("second")
        await desk.until_states("saved")
        assert [job.request.prompt for job in desk.jobs()] == ["second"]
        assert "RuntimeError" in desk.texts()


# A drive that does not answer


@pytest.fixture
def dead_drive(monkeypatch: pytest.MonkeyPatch, home: Path) -> Iterator[threading.Event]:
    """While the event is clear nothing that lies in "given" answers."""
    answers = threading.Event()
    present = origins._present

    def hanging(path: str) -> Origin | None:
        if path.startswith(str(home / "given")):
            assert answers.wait(60)
        return present(path)

    monkeypatch.setattr(origins, "_present", hanging)
    yield answers
    answers.set()


@pytest.mark.usefixtures("dead_drive")
async def test_a_drive_that_does_not_answer_holds_no_press_up(home: Path, chair: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        await add(desk, chair)
        desk.app.parts.composing.pressing.origins.patience_s = 0.1
        for number in range(20):
            desk.generate(f"chair {number:02}")
        await desk.until_states(*["saved"] * 20)
        assert arrived(server) == [[chair.read_bytes()]] * 20
        assert "“chair.png” could not be looked at in time." in desk.texts()


async def test_presses_stay_in_their_order_while_one_is_looked_at(
    home: Path, chair: Path, dead_drive: threading.Event
) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        await add(desk, chair)
        desk.generate("with the chair")
        desk.app.window.compose.set_draft(desk.app.window.compose.draft().with_references(()))
        desk.generate("without")
        assert desk.states() == []
        dead_drive.set()
        await desk.until_states("saved", "saved")
        assert [job.request.prompt for job in desk.jobs()] == ["without", "with the chair"]
        assert arrived(server) == [[chair.read_bytes()], []]


async def test_a_press_costs_what_it_said_whoever_is_connected_meanwhile(
    home: Path, chair: Path, dead_drive: threading.Event
) -> None:
    """It was free when it was pressed, so it stays practice."""
    async with scripted_server() as server, window(home / "data", server, api_key="") as desk:
        await add(desk, chair)
        desk.generate("for nothing")
        desk.app.engine.use_key(KEY)
        assert not desk.app.engine.connection.is_practice
        dead_drive.set()
        await desk.until_states("saved")
        assert desk.jobs()[0].service == PRACTICE
        assert server.of_kind("submit") == []


@pytest.mark.usefixtures("dead_drive")
async def test_a_press_that_is_looked_at_when_the_window_closes_is_not_lost(home: Path, chair: Path) -> None:
    async with scripted_server() as server:
        async with window(home / "data", server) as desk:
            await add(desk, chair)
            desk.generate("first")
            desk.generate("second")
            await asyncio.sleep(0)
            assert desk.states() == []
        assert server.of_kind("submit") == []
        async with window(home / "data", server) as desk:
            await desk.until_states("saved", "saved")
            assert [job.request.prompt for job in desk.jobs()] == ["second", "first"]
            assert arrived(server) == [[chair.read_bytes()]] * 2
