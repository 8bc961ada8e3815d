"""Faults of a download, and that each paid picture comes home through them, or is told to be lost."""

from __future__ import annotations

import ast
import asyncio
import io
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from gptimg_desktop.core.errors import Problem, ProblemKind, StorageError
from gptimg_desktop.core.gate import GateKind
from gptimg_desktop.core.job import Job, JobState
from gptimg_desktop.services.library.jobs import JobStore
from gptimg_desktop.services.queue import last_tries
from gptimg_desktop.services.queue.fetcher import SAME_TRIES
from gptimg_desktop.ui import messages
from gptimg_desktop.ui.gallery.caption import size_line
from gptimg_desktop.ui.messages import sentence
from tests.faults.by_clock import Machine, bench_on
from tests.faults.odd_bodies import PAGE, envelope
from tests.support import scripted_server as scripts
from tests.support.bench import Bench, bench
from tests.support.ranged_file import RangedFile
from tests.support.scripted_server import answer, picture, scripted_server, task, whole_file
from tests.unit.library.pictures import chunk, grey_png

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gptimg_desktop.core.task import TaskReport
    from gptimg_desktop.engine import Engine
    from tests.support.scripted_server import Act, Exchange, ScriptedServer

pytestmark = pytest.mark.anyio

HOUR_S = 3_600.0
DAY_S = 24 * HOUR_S
GOOD = picture(160, 90)
HALF = grey_png(64, 48, rows=24)
GARBAGE = b"trailing garbage"


def files(home: Path) -> list[Path]:
    """Everything in the picture folder, what is hidden too."""
    return sorted(path for path in (home / "data" / "images").rglob("*") if path.is_file())


def flipped(content: bytes, place: int = -20) -> bytes:
    damaged = bytearray(content)
    damaged[place] ^= 0x10
    return bytes(damaged)


def encoded(image_format: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (160, 90), "teal").save(file, image_format)
    return file.getvalue()


def delivering(*paths: str) -> Act:
    """A task that is done, with these files on the server that is asked."""

    async def act(exchange: Exchange) -> None:
        links = [f"{exchange.server.url}{path}" for path in paths]
        await task("completed", result={"images": [{"url": links}]})(exchange)

    return act


def note(desk: Bench) -> ProblemKind | None:
    return None if desk.job.note is None else desk.job.note.kind


async def tried(desk: Bench, server: ScriptedServer, times: int) -> None:
    """Wait until the file was asked for so many times more."""
    seen = len(server.of_kind("download"))
    await desk.until(lambda: len(server.of_kind("download")) >= seen + times)


async def tried_to_the_end(desk: Bench, server: ScriptedServer, machine: Machine) -> None:
    """The last tries of a job whose time is over, as far apart as they have to be."""
    for _ in range(last_tries.TIMES - 1):
        await tried(desk, server, 3)
        assert desk.states == ["ready"]
        machine.pass_time(last_tries.APART_S + 1)


def assert_saved(desk: Bench, content: bytes) -> Path:
    """The only picture of the only job is whole and here; where."""
    (image,) = desk.job.images
    assert Path(image.path).read_bytes() == content
    return Path(image.path)


# A line that breaks


@pytest.mark.row(59)
async def test_the_rest_of_what_broke_off_is_fetched(home: Path) -> None:
    file = RangedFile(GOOD, goes=(100, 50))
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.downloads = deque([file.act])
        desk.generate()
        await desk.until_states("saved")
        assert files(home) == [assert_saved(desk, GOOD)]
        assert [asked for asked, _ in file.asked] == [None, "bytes=100-", "bytes=150-"]
        assert desk.job.note is None


@pytest.mark.row(59)
async def test_another_run_begins_anew(home: Path) -> None:
    file = RangedFile(GOOD, goes=[10] * 1000)
    async with scripted_server() as server:
        server.downloads = deque([file.act])
        async with bench(home / "data", server) as desk:
            desk.generate()
            await desk.until(lambda: len(file.asked) > 1)
        assert files(home) == []
        file.asked.clear()
        file.goes.clear()
        async with bench(home / "data", server) as desk:
            await desk.until_states("saved")
            assert_saved(desk, GOOD)
        assert file.asked == [(None, None)]


@pytest.mark.row(59)
async def test_many_files_that_broke_off_all_come_home(home: Path) -> None:
    """More than are kept open for their rest."""
    shelves: dict[str, RangedFile] = {}

    async def act(exchange: Exchange) -> None:
        await shelves.setdefault(exchange.request.path, RangedFile(GOOD, goes=(60, 60))).act(exchange)

    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.queries, server.downloads = deque([scripts.completed]), deque([act])
        desk.generate(copies=12)
        await desk.until_states(*["saved"] * 12)
        assert [Path(job.images[0].path).read_bytes() for job in desk.jobs.values()] == [GOOD] * 12
        assert len(files(home)) == 12


@pytest.mark.row(60)
async def test_a_file_that_ends_too_early_is_never_saved(home: Path) -> None:
    async def cut(exchange: Exchange) -> None:
        exchange.writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + GOOD[:-30])
        await exchange.writer.drain()

    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.downloads = deque([cut, cut, whole_file(GOOD)])
        desk.generate()
        await desk.until_states("saved")
        assert files(home) == [assert_saved(desk, GOOD)]
        noted = {job.note.kind for job in desk.history if job.note is not None}
        assert noted == {ProblemKind.IMAGE_INCOMPLETE}


# Bytes that are no whole picture


DAMAGED = {
    "half the rows": HALF,
    "no end mark": GOOD.removesuffix(chunk(b"IEND")),
    "a flipped bit": flipped(GOOD),
    "a JPEG without its end": encoded("JPEG")[:-2],
}


@pytest.mark.row(61, 62)
@pytest.mark.parametrize("case", DAMAGED)
async def test_what_is_damaged_at_the_service_is_kept_and_called_so(home: Path, case: str) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.downloads = deque([whole_file(DAMAGED[case])])
        desk.generate()
        await desk.until_states("saved")
        kept = assert_saved(desk, DAMAGED[case])
        assert files(home) == [kept]
        assert kept.name.endswith((".png.damaged", ".jpg.damaged"))
        assert len(server.of_kind("download")) == SAME_TRIES
        assert note(desk) is ProblemKind.DELIVERED_DAMAGED
        assert str(kept) in sentence(desk.job.note or Problem.of(ProblemKind.INTERNAL))
        assert len(server.accepted) == 1


@pytest.mark.row(61)
async def test_a_tile_of_a_damaged_picture_stays_empty_and_nothing_falls_over(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.downloads = deque([whole_file(DAMAGED["a flipped bit"])])
        desk.generate()
        await desk.until_states("saved")
        with pytest.raises(StorageError) as refused:
            await desk.engine.thumbnails.thumbnail(desk.job.images[0])
        assert refused.value.problem.kind is ProblemKind.IMAGE_FILE_DAMAGED


@pytest.mark.row(61)
async def test_damage_that_is_another_one_each_time_is_the_lines_and_never_kept(home: Path) -> None:
    acts = [whole_file(flipped(GOOD, -20 - number % 3)) for number in range(4 * SAME_TRIES)]
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.downloads = deque([*acts, whole_file(GOOD)])
        desk.generate()
        await desk.until_states("saved")
        assert files(home) == [assert_saved(desk, GOOD)]
        assert desk.job.note is None


@pytest.mark.row(61, 66)
@pytest.mark.parametrize(
    "act", [whole_file(HALF), whole_file(PAGE), answer(503, b""), scripts.cut_file(GOOD)]
)
async def test_a_third_bad_try_of_any_kind_asks_for_a_fresh_link(home: Path, act: Act) -> None:
    async def file(exchange: Exchange) -> None:
        await (whole_file(GOOD) if "fresh" in exchange.request.path else act)(exchange)

    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.queries = deque([delivering("/files/old.png"), delivering("/files/fresh.png")])
        server.downloads = deque([file])
        desk.generate()
        await desk.until_states("saved")
        asked = [request.path for request in server.of_kind("download")]
        assert asked == ["/files/old.png"] * 3 + ["/files/fresh.png"]


@pytest.mark.row(62)
@pytest.mark.parametrize("image_format", ["PNG", "JPEG", "WEBP"])
async def test_what_follows_a_whole_picture_is_kept_and_told(home: Path, image_format: str) -> None:
    content = encoded(image_format) + GARBAGE
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.downloads = deque([whole_file(content)])
        desk.generate()
        await desk.until_states("saved")
        assert_saved(desk, content)
        assert desk.job.note == Problem.of(ProblemKind.IMAGE_WITH_EXTRA_BYTES, found=len(GARBAGE))
        assert len(server.of_kind("download")) == 1
    async with scripted_server() as server, bench(home / "data", server) as desk:
        assert note(desk) is ProblemKind.IMAGE_WITH_EXTRA_BYTES


class LateStore(JobStore):
    """A library that never gets to say that a picture is saved: as in a crash after the file has its name."""

    async def advance(self, before: Job, after: Job, *, reports: Iterable[TaskReport] = ()) -> Job:
        if after.state is JobState.SAVED:
            raise StorageError(Problem.of(ProblemKind.LIBRARY_UNWRITABLE, reason="a crash"))
        return await super().advance(before, after, reports=reports)


@pytest.mark.row(61, 62)
@pytest.mark.parametrize(
    ("content", "kind"),
    [(GOOD + GARBAGE, ProblemKind.IMAGE_WITH_EXTRA_BYTES), (HALF, ProblemKind.DELIVERED_DAMAGED)],
)
async def test_what_is_odd_about_a_file_is_told_after_a_crash_too(
    home: Path, content: bytes, kind: ProblemKind
) -> None:
    def forget(engine: Engine) -> None:
        engine.store.__class__ = LateStore

    async with scripted_server() as server:
        server.downloads = deque([whole_file(content)])
        async with bench(home / "data", server, prepare=forget) as desk:
            desk.generate()
            await desk.until(lambda: GateKind.DATABASE in desk.gate_kinds)
        fetched = len(server.of_kind("download"))
        async with bench(home / "data", server) as desk:
            await desk.until_states("saved")
            assert files(home) == [assert_saved(desk, content)]
            assert note(desk) is kind
        assert len(server.of_kind("download")) == fetched


NO_PICTURES = {
    "a page": PAGE,
    "data": b'{"error": "expired"}',
    "a drawing": b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'>"
    b"<image href='file:///etc/hostname'/></svg>",
}


@pytest.mark.row(63)
@pytest.mark.parametrize("case", NO_PICTURES)
async def test_what_only_calls_itself_a_picture_is_never_kept(home: Path, case: str) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.downloads = deque([whole_file(NO_PICTURES[case])])
        desk.generate()
        await tried(desk, server, 3 * SAME_TRIES)
        assert desk.states == ["ready"]
        assert note(desk) is ProblemKind.NOT_AN_IMAGE
        assert [path for path in files(home) if not path.name.endswith(".part")] == []
        server.downloads = deque([whole_file(GOOD)])
        await desk.until_states("saved")
        assert files(home) == [assert_saved(desk, GOOD)]


READS_FILES = {"QImageReader", "QMovie", "fromData", "loadFromData", "QSvgWidget"}


def calls_that_read_pictures(source: str) -> list[str]:
    """Qt's ways to guess the format of a picture; an image of pixels that are known is no such way."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in READS_FILES or (name == "QImage" and len(node.args) in {1, 2}):
                found.append(name)
    return found


@pytest.mark.row(63)
async def test_qt_is_given_pixels_and_never_bytes_to_guess_about() -> None:
    assert calls_that_read_pictures("QImage(path); QImage.fromData(b); QImageReader(path); QImage()") == [
        "QImage",
        "fromData",
        "QImageReader",
    ]
    windows = Path(messages.__file__).parent
    guessing = {path.name: calls_that_read_pictures(path.read_text()) for path in windows.rglob("*.py")}
    assert {name: calls for name, calls in guessing.items() if calls} == {}


# Pictures that are others than expected


@pytest.mark.row(64, 65)
@pytest.mark.parametrize("told", ["application/octet-stream", "text/html", "image/svg+xml", ""])
@pytest.mark.parametrize(("image_format", "ending"), [("PNG", ".png"), ("JPEG", ".jpg"), ("WEBP", ".webp")])
async def test_a_picture_is_what_its_bytes_say(home: Path, told: str, image_format: str, ending: str) -> None:
    content = encoded(image_format)
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.downloads = deque([answer(200, content, Content_Type=told)])
        desk.generate()
        await desk.until_states("saved")
        assert assert_saved(desk, content).suffix == ending
        assert desk.job.images[0].format == image_format.lower()


@pytest.mark.row(65)
async def test_the_size_that_came_is_shown_beside_the_one_that_was_asked_for(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.downloads = deque([whole_file(picture(627, 627))])
        desk.generate()
        await desk.until_states("saved")
        assert size_line(desk.job) == "627×627, asked 1024×1024"


# Links that are dead


@pytest.mark.row(66)
@pytest.mark.parametrize("status", [403, 404, 410])
async def test_for_a_dead_link_a_fresh_one_is_asked_for_at_once(home: Path, status: int) -> None:
    async def file(exchange: Exchange) -> None:
        fresh = "fresh" in exchange.request.path
        await (whole_file(GOOD) if fresh else answer(status, b"<Error/>"))(exchange)

    old = delivering("/files/old.png")
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.queries = deque([old, old, delivering("/files/fresh.png")])
        server.downloads = deque([file])
        desk.generate()
        await desk.until_states("saved")
        assert [request.path[7:10] for request in server.of_kind("download")] == ["old", "old", "fre"]


@pytest.mark.row(66, 67)
async def test_a_dead_link_is_tried_until_long_after_its_time(home: Path) -> None:
    machine = Machine()
    async with scripted_server() as server, bench_on(machine, home, server) as desk:
        server.downloads = deque([answer(403, b"<Error/>")])
        desk.generate()
        await tried(desk, server, 3)
        assert note(desk) is ProblemKind.LINK_DEAD
        machine.pass_time(30 * HOUR_S)
        await tried(desk, server, 5)
        assert desk.states == ["ready"]
        assert note(desk) is ProblemKind.LINK_EXPIRED
        machine.pass_time(6 * DAY_S)
        await tried(desk, server, 5)
        assert desk.states == ["ready"]
        server.downloads = deque([whole_file(GOOD)])
        await desk.until_states("saved")
        assert_saved(desk, GOOD)


@pytest.mark.row(67)
async def test_at_last_the_job_is_lost_and_its_end_tells_what_support_needs(home: Path) -> None:
    machine = Machine()
    async with scripted_server() as server, bench_on(machine, home, server) as desk:
        server.queries = deque([scripts.completed])
        server.downloads = deque([answer(403, b"<Error/>")])
        desk.generate()
        await tried(desk, server, 2)
        accepted_at = desk.job.accepted_at or 0
        asked = len(server.of_kind("query"))
        machine.pass_time(8 * DAY_S + 60)
        await tried_to_the_end(desk, server, machine)
        await desk.until_states("lost")
        assert len(server.of_kind("query")) >= asked + 3
        assert desk.job.problem is not None
        assert desk.job.problem.kind is ProblemKind.LINK_EXPIRED
        assert desk.job.problem.facts["expired_at"] == accepted_at + DAY_S
        assert "expired on" in sentence(desk.job.problem)
        assert "had called the job done" in sentence(desk.job.problem)
        assert desk.job.task_ids == (server.accepted[0][0],)
        server.downloads = deque([whole_file(GOOD)])
        desk.engine.queue.revive(desk.job.id)
        await desk.until_states("saved")
        assert len(server.accepted) == 1


@pytest.mark.row(67)
async def test_a_link_whose_service_does_not_answer_is_never_given_up(home: Path) -> None:
    machine = Machine()
    async with scripted_server() as server, bench_on(machine, home, server) as desk:
        server.queries = deque([scripts.completed, answer(500, envelope(500))])
        server.downloads = deque([answer(403, b"<Error/>")])
        desk.generate()
        await tried(desk, server, 1)
        machine.pass_time(30 * DAY_S)
        await tried(desk, server, 8)
        assert desk.states == ["ready"]


@pytest.mark.row(67)
async def test_of_several_pictures_those_that_came_are_kept_when_another_is_lost(home: Path) -> None:
    async def file(exchange: Exchange) -> None:
        await (whole_file(GOOD) if "here" in exchange.request.path else answer(404, b""))(exchange)

    machine = Machine()
    async with scripted_server() as server, bench_on(machine, home, server) as desk:
        server.queries = deque([delivering("/files/gone.png", "/files/here.png")])
        server.downloads = deque([file])
        desk.generate()
        await tried(desk, server, 3)
        machine.pass_time(8 * DAY_S + 60)
        await tried_to_the_end(desk, server, machine)
        await desk.until_states("saved")
        assert files(home) == [assert_saved(desk, GOOD)]
        assert note(desk) is ProblemKind.LINK_EXPIRED


# Links that lead elsewhere


@pytest.mark.row(68)
async def test_a_redirect_to_another_host_is_followed_without_the_key(home: Path) -> None:
    async with scripted_server() as server, scripted_server() as other, bench(home / "data", server) as desk:
        other.downloads = deque([whole_file(GOOD)])
        to_other = answer(302, b"", Location=f"{other.url}/a.png", Set_Cookie="a=b; Path=/")
        server.downloads = deque([to_other])
        desk.generate()
        await desk.until_states("saved")
        assert_saved(desk, GOOD)
        (there,) = other.requests
        for request in (there, *server.of_kind("download")):
            assert scripts.KEY not in str(request.headers)
            assert not {"authorization", "cookie", "referer"} & request.headers.keys()


@pytest.mark.row(69)
@pytest.mark.parametrize(
    "target", ["http://192.168.0.1/a.png", "http://files.example.org/a.png", "https://10.0.0.1/"]
)
async def test_a_redirect_into_the_users_network_is_blocked_and_told(home: Path, target: str) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.downloads = deque([answer(302, b"", Location=target)])
        desk.generate()
        await tried(desk, server, 5)
        assert desk.states == ["ready"]
        assert note(desk) is ProblemKind.LINK_UNSAFE
        server.downloads = deque([whole_file(GOOD)])
        await desk.until_states("saved")


# Several jobs and several pictures


@pytest.mark.row(77)
async def test_one_link_for_two_jobs_makes_two_files(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.queries = deque([delivering("/files/same.png")])
        server.downloads = deque([whole_file(GOOD)])
        desk.generate(copies=2)
        await desk.until_states("saved", "saved")
        paths = {Path(job.images[0].path) for job in desk.jobs.values()}
        assert sorted(paths) == files(home)
        assert [path.read_bytes() for path in paths] == [GOOD] * 2


RED, TEAL = picture(colour="red"), picture(colour="teal")


async def red_or_teal(exchange: Exchange) -> None:
    await whole_file(RED if "red" in exchange.request.path else TEAL)(exchange)


@pytest.mark.row(77)
@pytest.mark.parametrize(
    "fresh",
    [("/files/teal.png", "/files/red.png"), ("/files/red.png?new", "/files/teal.png?new")],
)
async def test_fresh_links_in_another_order_adopt_no_wrong_file(home: Path, fresh: tuple[str, str]) -> None:
    """The first picture has its file, the second one's link is dead; then the service names both anew."""

    async def only_red(exchange: Exchange) -> None:
        await (red_or_teal if "red" in exchange.request.path else answer(404, b""))(exchange)

    first = delivering("/files/red.png", "/files/teal.png")
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.queries = deque([first, delivering(*fresh)])
        server.downloads = deque([only_red, only_red, red_or_teal])
        desk.generate()
        await desk.until_states("saved")
        wanted = [RED if "red" in path else TEAL for path in fresh]
        assert [Path(image.path).read_bytes() for image in desk.job.images] == wanted
        assert {Path(image.path) for image in desk.job.images} <= set(files(home))
        if "red" in fresh[0]:
            assert len(files(home)) == 2  # what was there is not kept twice


async def test_a_wait_that_the_service_asked_for_holds_no_download(home: Path) -> None:
    may_go = asyncio.Event()
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.queries = deque([scripts.completed, answer(429, envelope(429), Retry_After="3600")])
        server.downloads = deque([scripts.hold(may_go, answer(503, b"")), whole_file(GOOD)])
        desk.generate("first")
        await desk.until(lambda: server.of_kind("download"))
        desk.generate("second")
        await desk.until(lambda: GateKind.RATE in desk.gate_kinds)
        may_go.set()
        await desk.until_states("saved", "accepted")
        assert GateKind.RATE in desk.gate_kinds


async def test_the_nearest_expiry_is_fetched_first(home: Path) -> None:
    """Both slots are taken; of those that wait meanwhile the one whose link dies first goes first."""
    may_go, asked = asyncio.Event(), []
    expiry: dict[str, float] = {}

    async def done(exchange: Exchange) -> None:
        task_id = exchange.request.path.rpartition("/")[2]
        expires_at = expiry[task_id]
        images = [{"url": ["{url}"], "expires_at": expires_at}]
        await task("completed", result={"images": images})(exchange)

    async def file(exchange: Exchange) -> None:
        asked.append(exchange.request.path)
        await may_go.wait()
        await whole_file(GOOD)(exchange)

    machine = Machine()
    async with scripted_server() as server, bench_on(machine, home, server) as desk:
        server.queries, server.downloads = deque([done]), deque([file])
        hours = (20, 20, 9, 3, 6)
        for number, until in enumerate(hours):
            expiry[f"task_{number:026d}"] = machine.now() + until * HOUR_S
            desk.generate(str(number))
            await desk.until_states(*["ready"] * (number + 1))
        may_go.set()
        await desk.until_states(*["saved"] * 5)
        numbers = [int(path.removesuffix(".png")[-2:]) for path in asked]
        assert set(numbers[2:4]) == {3, 4}  # two at a time
        assert numbers[4:] == [2]
