"""Jobs come back as they were kept, and a step counts once or not at all."""

from __future__ import annotations

import sqlite3
from contextlib import asynccontextmanager
from dataclasses import fields, replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from gptimg_desktop.core.draft import Draft
from gptimg_desktop.core.errors import Problem, ProblemKind, StorageError
from gptimg_desktop.core.job import Job, JobState, SavedImage
from gptimg_desktop.core.lookout import FileState
from gptimg_desktop.core.mark import Mark
from gptimg_desktop.core.reference import FileReference, UrlReference
from gptimg_desktop.core.request import GenerationRequest
from gptimg_desktop.core.sizes import PixelSize, Ratio, Tier
from gptimg_desktop.core.task import TaskReport, TaskState
from gptimg_desktop.core.verdict import Evidence
from gptimg_desktop.services.library.database import Database
from gptimg_desktop.services.library.image_places import ImagePlaces, Move
from gptimg_desktop.services.library.jobs import JobStore, NamedReferences, StaleJobError
from gptimg_desktop.services.library.removals import FOUND
from tests.support.jobs import every_job, new_job

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

pytestmark = pytest.mark.anyio

REFERENCES = (
    FileReference(
        sha256="ab" * 32,
        media_type="image/webp",
        size_bytes=12_345,
        width=640,
        height=480,
        name="eine Skizze – 素描.webp",
    ),
    UrlReference(url="https://example.com/a.png?token=1"),
)
REQUEST = GenerationRequest(
    prompt="a chair\nof oak, 橡木 🪑",
    size=PixelSize(1881, 836),
    tier=Tier.K4,
    references=REFERENCES,
    official_fallback=True,
)
PROBLEM = Problem.of(ProblemKind.REQUEST_REFUSED, message='said "no" – 不', status=400, share=0.25)
NOTE = Problem.of(ProblemKind.TIMED_OUT, host="api.example")


@asynccontextmanager
async def opened(path: Path) -> AsyncIterator[JobStore]:
    """A store on a connection of its own."""
    database = Database(path)
    try:
        await database.open()
        yield JobStore(database)
    finally:
        database.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "library.sqlite3"


@pytest.fixture
async def database(path: Path) -> AsyncIterator[Database]:
    database = Database(path)
    await database.open()
    yield database
    database.close()


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    """What is committed, seen from outside."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def execute(path: Path, statement: str) -> None:
    """Another hand on the same file."""
    connection = sqlite3.connect(path)
    try:
        with connection:
            connection.execute(statement)
    finally:
        connection.close()


def image(index: int = 0) -> SavedImage:
    return SavedImage(
        index=index,
        path=f"/pictures/2026-11-22/a-chair_000{index}.png",
        sha256=f"{index:064x}",
        size_bytes=1_234_567,
        pixels=PixelSize(1254, 1253),
        format="png",
    )


def full_job(state: JobState) -> Job:
    """A job with something in every field."""
    return new_job(
        service="https://api.example/proxy",
        key_fingerprint="0123456789ab",
        request=REQUEST,
        created_at=1_800_000_000.123456,
        estimate=Decimal("0.1"),
        state=state,
        attempt=3,
        armed_at=1_800_000_001.5,
        accepted_at=1_800_000_002.25,
        finished_at=1_800_000_003.125,
        task_ids=("task_A", "task_B"),
        status_word="in progress",
        links=("https://files.example/1.png?sig=x", "https://files.example/2.png"),
        expires_at=1_800_086_400.0,
        cost=Decimal("0.012345678901234567890"),
        problem=PROBLEM,
        note=NOTE,
        doubts=2,
        rank=-3,
        picked=True,
        rejected=True,
        binned_at=1_800_000_004.0,
    )


async def saved_way(store: JobStore, job: Job, *images: SavedImage) -> Job:
    """A job taken from QUEUED to SAVED."""
    armed = await store.arm(job, 1.0)
    accepted = await store.advance(armed, armed.accept(("task_A",), 2.0))
    links = tuple(f"https://files.example/{image.index}" for image in images)
    ready = await store.advance(accepted, accepted.deliver(links, expires_at=9.0, cost=None))
    for planned in images:
        await store.plan_image(ready, planned)
    return await store.advance(ready, ready.save(images, 3.0))


# Keeping


def test_the_full_job_has_something_in_every_field() -> None:
    plain, full = new_job(), full_job(JobState.SENDING)
    left_out = {
        field.name for field in fields(Job) if getattr(plain, field.name) == getattr(full, field.name)
    }
    assert left_out == {"run_id", "seq", "images"}


@pytest.mark.parametrize("state", list(JobState))
async def test_a_job_comes_back_as_it_was_kept_whatever_its_state(path: Path, state: JobState) -> None:
    job = full_job(state)
    async with opened(path) as store:
        (kept,) = await store.add([job])
        assert replace(kept, seq=0) == job
    async with opened(path) as store:
        assert await every_job(store) == (kept,)


async def test_a_job_with_nothing_in_it_comes_back(path: Path) -> None:
    async with opened(path) as store:
        (kept,) = await store.add([new_job()])
        assert await every_job(store) == (kept,)


@pytest.mark.parametrize("size", [*Ratio, "auto", PixelSize(1, 99_999)])
async def test_every_size_comes_back(path: Path, size: Ratio) -> None:
    async with opened(path) as store:
        request = GenerationRequest(prompt="x", size=size, tier=Tier.K1)
        await store.add([new_job(request=request)])
        (found,) = await every_job(store)
        assert found.request == request
        assert type(found.request.size) is type(size)


@pytest.mark.parametrize("amount", ["0.10", "0.1", "1E-9", "123456789.000000000001"])
async def test_money_comes_back_digit_for_digit(path: Path, amount: str) -> None:
    async with opened(path) as store:
        await store.add([new_job(estimate=Decimal(amount), cost=Decimal(amount))])
        (found,) = await every_job(store)
        assert (str(found.estimate), str(found.cost)) == (amount, amount)


async def test_jobs_are_numbered_in_the_order_of_asking_and_listed_newest_first(path: Path) -> None:
    async with opened(path) as store:
        first = await store.add([new_job(), new_job()])
        second = await store.add([new_job(created_at=0.0)])
        numbers = [job.seq for job in first + second]
        assert numbers == sorted(set(numbers))
        assert await every_job(store) == (first + second)[::-1]


async def test_a_number_is_never_given_twice(path: Path) -> None:
    async with opened(path) as store:
        (first,) = await store.add([new_job()])
    execute(path, "DELETE FROM job")
    async with opened(path) as store:
        (second,) = await store.add([new_job()])
        assert second.seq > first.seq


async def test_of_a_run_all_jobs_are_kept_or_none(path: Path) -> None:
    async with opened(path) as store:
        twin = new_job()
        with pytest.raises(sqlite3.IntegrityError):
            await store.add([new_job(), twin, twin])
        assert await every_job(store) == ()


# Steps


async def test_a_step_is_committed_with_all_it_changes(path: Path) -> None:
    async with opened(path) as store:
        (job,) = await store.add([new_job()])
        after = replace(full_job(JobState.READY), **{name: getattr(job, name) for name in _UNMOVED})
        assert await store.advance(job, after) == after
    async with opened(path) as store:
        assert await every_job(store) == (after,)


_UNMOVED = ("id", "seq", "run_id", "service", "key_fingerprint", "created_at", "request", "estimate")


async def test_a_step_from_a_state_that_another_hand_left_changes_nothing(path: Path) -> None:
    async with opened(path) as store, opened(path) as other:
        (job,) = await store.add([new_job()])
        taken_back = await other.advance(job, job.cancel(5.0))
        with pytest.raises(StaleJobError):
            await store.advance(job, job.refuse(PROBLEM, 6.0))
        assert await every_job(store) == (taken_back,)


async def test_a_step_from_an_attempt_that_is_over_changes_nothing(path: Path) -> None:
    async with opened(path) as store, opened(path) as other:
        (job,) = await store.add([new_job()])
        first = await store.arm(job, 1.0)
        waiting = await other.advance(first, first.requeue(NOTE))
        second = await other.arm(waiting, 2.0)
        assert second.state is first.state
        with pytest.raises(StaleJobError):
            await store.advance(first, first.doubt(PROBLEM))
        assert await every_job(store) == (second,)


async def test_many_steps_are_one_commit(path: Path) -> None:
    database = Database(path)
    try:
        await database.open()
        store = JobStore(database)
        jobs = await store.add([new_job() for _ in range(500)])
        statements: list[str] = []
        await database.write(lambda connection: connection.set_trace_callback(statements.append))
        statements.clear()
        await store.advance_all([(job, job.marked(Mark.BINNED, 7.0)) for job in jobs])
        assert statements.count("COMMIT") == 1
        assert {job.binned_at for job in await every_job(store)} == {7.0}
    finally:
        database.close()


async def test_of_many_steps_all_are_taken_or_none(path: Path) -> None:
    async with opened(path) as store:
        jobs = await store.add([new_job() for _ in range(3)])
        steps = [(job, job.marked(Mark.BINNED, 7.0)) for job in jobs]
        stale = jobs[2].arm(1.0)
        with pytest.raises(StaleJobError):
            await store.advance_all([*steps[:2], (stale, stale.doubt(PROBLEM))])
        assert await every_job(store) == tuple(reversed(jobs))
        await store.advance_all([])


async def test_a_step_of_a_job_that_is_not_there_is_refused(path: Path) -> None:
    async with opened(path) as store:
        job = new_job()
        with pytest.raises(StaleJobError):
            await store.advance(job, job.cancel(1.0))


async def test_a_stale_step_keeps_no_answers_either(path: Path) -> None:
    async with opened(path) as store:
        (job,) = await store.add([new_job()])
        report = TaskReport(task_id="task_A", state=TaskState.FAILED, raw=b"{}")
        with pytest.raises(StaleJobError):
            await store.advance(replace(job, attempt=7), job.cancel(1.0), reports=[report])
    assert rows(path, "SELECT * FROM task_answer") == []


async def test_the_last_answer_about_a_task_is_kept_as_it_came(path: Path) -> None:
    async with opened(path) as store:
        (job,) = await store.add([new_job(state=JobState.ACCEPTED, task_ids=("task_A",))])
        for raw in (b'{"status": "processing"}', b'{"status":\xff "failed"}'):
            report = TaskReport(task_id="task_A", state=TaskState.PENDING, raw=raw)
            job = await store.advance(job, job.hear("processing", None), reports=[report])
    kept = rows(path, "SELECT task_id, job_id, body FROM task_answer")
    assert kept == [("task_A", job.id, b'{"status":\xff "failed"}')]


# Arming


async def test_arming_commits_the_state_and_its_attempt(path: Path) -> None:
    async with opened(path) as store:
        (job,) = await store.add([new_job()])
        armed = await store.arm(job, 12.5)
        assert (armed.state, armed.attempt, armed.armed_at) == (JobState.SENDING, 1, 12.5)
    assert rows(path, "SELECT state, attempt FROM job") == [("sending", 1)]
    assert rows(path, "SELECT job_id, attempt, armed_at, replied_at FROM attempt") == [
        (job.id, 1, 12.5, None)
    ]


async def test_arming_twice_is_refused(path: Path) -> None:
    async with opened(path) as store, opened(path) as other:
        (job,) = await store.add([new_job()])
        await store.arm(job, 1.0)
        with pytest.raises(StaleJobError):
            await other.arm(job, 2.0)
    assert rows(path, "SELECT armed_at FROM attempt") == [(1.0,)]


async def test_a_state_that_cannot_be_written_leaves_no_attempt(path: Path) -> None:
    async with opened(path) as store:
        (job,) = await store.add([new_job()])
        execute(path, "CREATE TRIGGER no BEFORE UPDATE ON job BEGIN SELECT RAISE(ABORT, 'no'); END")
        with pytest.raises(sqlite3.IntegrityError):
            await store.arm(job, 1.0)
    assert rows(path, "SELECT state, attempt FROM job") == [("queued", 0)]
    assert rows(path, "SELECT * FROM attempt") == []


async def test_an_attempt_that_cannot_be_written_leaves_the_job_queued(path: Path) -> None:
    async with opened(path) as store:
        (job,) = await store.add([new_job()])
        execute(path, "INSERT INTO attempt (job_id, attempt, armed_at) SELECT id, 1, 0 FROM job")
        with pytest.raises(sqlite3.IntegrityError):
            await store.arm(job, 1.0)
        assert await every_job(store) == (job,)


# Answers


@pytest.mark.parametrize(
    "evidence",
    [
        Evidence(released=True, status=200, complete=True, body=b'{"data": [{"task_id": "task_A"}]}'),
        Evidence(
            released=True,
            status=502,
            complete=False,
            body=b"<html>\xff\xfe\0 no text",
            headers={"retry-after": "7", "date": "Sun, 22 Nov 2026 10:00:00 GMT"},
            failure=PROBLEM,
        ),
        Evidence(released=True, failure=Problem.of(ProblemKind.ANSWER_LOST, reason="reset")),
    ],
)
async def test_an_answer_comes_back_as_it_came(path: Path, evidence: Evidence) -> None:
    async with opened(path) as store:
        (job,) = await store.add([new_job()])
        armed = await store.arm(job, 1.0)
        await store.record_answer(armed, evidence, 2.0)
    async with opened(path) as store:
        assert await store.answer(armed) == evidence


async def test_a_submit_without_an_answer_has_none(path: Path) -> None:
    async with opened(path) as store:
        (job,) = await store.add([new_job()])
        assert await store.answer(job) is None
        assert await store.answer(await store.arm(job, 1.0)) is None


async def test_each_attempt_has_an_answer_of_its_own(path: Path) -> None:
    async with opened(path) as store:
        (job,) = await store.add([new_job()])
        first = await store.arm(job, 1.0)
        evidence = Evidence(released=True, status=429, complete=True, body=b"slow down")
        await store.record_answer(first, evidence, 2.0)
        waiting = await store.advance(first, first.requeue(NOTE))
        second = await store.arm(waiting, 3.0)
        assert await store.answer(second) is None
        assert await store.answer(first) == evidence


async def test_an_answer_without_its_submit_is_a_bug_that_is_heard(path: Path) -> None:
    async with opened(path) as store:
        (job,) = await store.add([new_job()])
        with pytest.raises(StaleJobError):
            await store.record_answer(job, Evidence(released=True), 1.0)


# Images


async def test_planned_images_belong_to_the_job_once_it_is_saved(path: Path) -> None:
    async with opened(path) as store:
        (job,) = await store.add([new_job(state=JobState.READY, links=("https://files.example/1",) * 2)])
        for planned in (image(1), image(0)):
            await store.plan_image(job, planned)
        assert await store.planned_image(job, 1) == image(1)
        assert await store.planned_image(job, 2) is None
        assert await every_job(store) == (job,)
        saved = await store.advance(job, job.save((image(0), image(1)), 3.0))
        assert saved.images == (image(0), image(1))
    async with opened(path) as store:
        assert await every_job(store) == (saved,)


async def test_a_name_planned_again_replaces_the_first(path: Path) -> None:
    async with opened(path) as store:
        (job,) = await store.add([new_job(state=JobState.READY)])
        await store.plan_image(job, image())
        await store.plan_image(job, image().at("/pictures/other (2).png"))
        assert await store.planned_image(job, 0) == image().at("/pictures/other (2).png")


async def test_a_plan_that_came_to_nothing_is_no_image(path: Path) -> None:
    """A fresh answer of the service may name fewer links than the one before."""
    async with opened(path) as store:
        (job,) = await store.add([new_job(state=JobState.READY)])
        for planned in (image(0), image(1)):
            await store.plan_image(job, planned)
        saved = await store.advance(job, job.save((image(0),), 3.0))
        assert await every_job(store) == (saved,)


async def test_each_job_has_its_own_images(path: Path) -> None:
    async with opened(path) as store:
        jobs = await store.add([new_job(), new_job(), new_job()])
        first = await saved_way(store, jobs[0], image(0))
        third = await saved_way(store, jobs[2], image(0), image(1))
        assert await every_job(store) == (third, jobs[1], first)


async def test_picks_and_the_bin_keep_the_images(path: Path) -> None:
    async with opened(path) as store:
        (job,) = await store.add([new_job()])
        saved = await saved_way(store, job, image(0))
        binned = await store.advance(saved, saved.marked(Mark.PICKED, 9.0).marked(Mark.BINNED, 9.0))
        assert binned.images
        assert await every_job(store) == (binned,)


# A file that was gone


async def gone_image(database: Database) -> tuple[Job, SavedImage]:
    """A saved job whose file is gone."""
    (job,) = await JobStore(database).add([new_job()])
    saved = await saved_way(JobStore(database), job, image(0), image(1))
    places = await ImagePlaces(database).of_jobs([saved.seq])
    await ImagePlaces(database).note([each for each in places if not each.image.index], FileState.MISSING)
    gone = (await JobStore(database).get(job.id)).images[0]
    assert gone.is_missing
    return saved, gone


def anew(gone: SavedImage, path: str) -> SavedImage:
    """Other bytes of the same picture, as they are read from a file."""
    return SavedImage(
        index=gone.index,
        path=path,
        sha256="cd" * 32,
        size_bytes=77,
        pixels=PixelSize(8, 9),
        format="webp",
    )


@pytest.mark.parametrize("where", ["/pictures/anew.webp", image().path])
async def test_a_file_that_is_there_again_is_known_with_all_that_it_is(
    database: Database, where: str
) -> None:
    store = JobStore(database)
    job, gone = await gone_image(database)
    there = anew(gone, where)
    assert await store.note_there(job, gone, there)
    assert (await store.get(job.id)).images == (there, image(1))


async def test_a_plan_changes_nothing_of_a_saved_job(database: Database) -> None:
    store = JobStore(database)
    job, gone = await gone_image(database)
    await store.plan_image(job, anew(gone, "/pictures/anew.webp"))
    await store.plan_image(job, image(2))
    assert (await store.get(job.id)).images == (gone, image(1))
    assert await store.planned_image(job, 2) is None


async def test_what_was_found_meanwhile_stays_where_it_is(database: Database) -> None:
    store, places = JobStore(database), ImagePlaces(database)
    job, gone = await gone_image(database)
    (place, _) = await places.of_jobs([job.seq])
    await places.move([Move(place=place, path="/elsewhere/chair.png")])
    assert not await store.note_there(job, gone, anew(gone, "/pictures/anew.webp"))
    found = replace(gone, path="/elsewhere/chair.png", is_missing=False)
    assert (await store.get(job.id)).images == (found, image(1))


async def test_what_is_there_by_itself_is_not_replaced_by_another_file(database: Database) -> None:
    store, places = JobStore(database), ImagePlaces(database)
    job, gone = await gone_image(database)
    await places.note(await places.of_jobs([job.seq]), FileState.AS_SAVED)
    assert not await store.note_there(job, gone, anew(gone, "/pictures/anew.webp"))
    assert (await store.get(job.id)).images == (image(0), image(1))


async def test_the_file_of_a_removed_job_is_told_of_in_vain(database: Database) -> None:
    store = JobStore(database)
    job, gone = await gone_image(database)
    await database.write(lambda connection: connection.execute("UPDATE job SET removed_at = 5.0"))
    assert not await store.note_there(job, gone, gone)
    assert (await store.get(job.id)).images[0] == gone


@pytest.mark.parametrize(
    ("where", "link"), [("/elsewhere/chair.png", FOUND), ("/pictures/anew.webp", "https://files.example/0")]
)
async def test_a_file_is_ours_where_we_put_it_and_not_where_it_was_found(
    database: Database, where: str, link: str
) -> None:
    """One that was found outside is not ours to throw away, also once it is back."""
    store, places = JobStore(database), ImagePlaces(database)
    job, _ = await gone_image(database)
    (place, _) = await places.of_jobs([job.seq])
    await places.move([Move(place=place, path="/elsewhere/chair.png")])
    await places.note(await places.of_jobs([job.seq]), FileState.MISSING)
    linked = await store.get(job.id)
    assert await store.note_there(linked, linked.images[0], linked.images[0].at(where))
    question = "SELECT link FROM image WHERE idx = 0"
    (kept,) = await database.read(lambda connection: connection.execute(question).fetchone())
    assert kept == link


# The draft


async def test_the_first_draft_is_empty(path: Path) -> None:
    async with opened(path) as store:
        assert await store.draft() == Draft()


@pytest.mark.parametrize("prompt", ["", "an oak chair", "a lone \ud83e half, a \0 and a \udcff byte"])
async def test_the_draft_comes_back_whatever_was_typed(path: Path, prompt: str) -> None:
    draft = Draft(
        prompt=prompt,
        size=PixelSize(1024, 640),
        tier=Tier.K2,
        references=REFERENCES,
        official_fallback=True,
        copies=7,
    )
    async with opened(path) as store:
        await store.save_draft(Draft(prompt="before"))
        await store.save_draft(draft)
    async with opened(path) as store:
        assert await store.draft() == draft


async def test_a_full_disk_leaves_the_job_as_it_was(path: Path) -> None:
    database = Database(path)
    await database.open()
    store = JobStore(database)
    (job,) = await store.add([new_job()])
    pages = (await database.write(lambda connection: connection.execute("PRAGMA page_count").fetchone()))[0]
    await database.write(lambda connection: connection.execute(f"PRAGMA max_page_count = {pages}").fetchone())
    try:
        with pytest.raises(StorageError) as refused:
            await store.advance(job, job.cancel(1.0).annotate(Problem.of(NOTE.kind, host="x" * 100_000)))
        assert refused.value.problem.kind is ProblemKind.LIBRARY_UNWRITABLE
        assert await every_job(store) == (job,)
    finally:
        database.close()


async def test_a_probe_reaches_the_disk_and_changes_nothing(path: Path) -> None:
    async with opened(path) as store:
        (job,) = await store.add([new_job()])
        log = path.with_name(f"{path.name}-wal")
        before = log.stat().st_size
        await store.probe(job)
        assert log.stat().st_size > before
        assert await every_job(store) == (job,)


async def test_a_probe_of_a_job_that_moved_on_is_told(path: Path) -> None:
    async with opened(path) as store:
        (job,) = await store.add([new_job()])
        await store.arm(job, 5.0)
        with pytest.raises(StaleJobError):
            await store.probe(job)


# Whose file, which references


async def test_a_file_is_known_by_any_of_its_names_once_its_job_is_saved(path: Path) -> None:
    async with opened(path) as store:
        (job,) = await store.add([new_job()])
        planned = image()
        assert await store.job_of_file(planned.path) == ""
        saved = await saved_way(store, job, planned)
        assert await store.job_of_file(planned.path) == saved.id
        assert await store.job_of_file("/a/link.png", planned.path) == saved.id
        assert await store.job_of_file("/a/link.png", "/odd/\udcff.png") == ""
        assert await store.job_of_file() == ""


async def test_a_file_that_is_only_planned_has_no_job_yet(path: Path) -> None:
    async with opened(path) as store:
        (job,) = await store.add([new_job()])
        await store.plan_image(job, image())
        assert await store.job_of_file(image().path) == ""


async def test_the_references_of_every_job_and_of_the_draft_are_named(path: Path) -> None:
    drafted = replace(REFERENCES[0], sha256="cd" * 32)
    async with opened(path) as store:
        assert await store.named_references() == NamedReferences(sha256=frozenset(), since=None)
        first = full_job(JobState.CANCELLED)
        await store.add([replace(first, id="late"), replace(first, id="early", created_at=5.0), new_job()])
        named = await store.named_references()
        assert named == NamedReferences(sha256=frozenset({"ab" * 32}), since=5.0)
        draft = Draft(references=(REFERENCES[1], drafted))
        await store.save_draft(draft)
        assert (await store.named_references()).sha256 == {"ab" * 32, "cd" * 32}
        assert named.with_those_of(draft).sha256 == {"ab" * 32, "cd" * 32}


async def test_a_library_that_cannot_be_read_names_no_references_at_all(path: Path) -> None:
    """Half an answer would be worse than none: what is not named may be removed."""
    async with opened(path) as store:
        await store.add([full_job(JobState.CANCELLED)])
        await store.save_draft(Draft())
        execute(path, "UPDATE draft SET content = 'no JSON'")
        with pytest.raises(StorageError):
            await store.named_references()


async def test_a_picture_that_comes_after_its_job_was_removed_is_in_sight_again(path: Path) -> None:
    """A failure can be taken back by the service: then it is paid, and its picture must not be hidden."""
    async with opened(path) as store:
        (job,) = await store.add([new_job(state=JobState.FAILED, task_ids=("task_A",))])
        execute(path, "UPDATE job SET binned_at = 1, removed_at = 2")
        ready = await store.advance(job, job.deliver(("https://a/b",), expires_at=9.0, cost=None))
        assert rows(path, "SELECT removed_at FROM job") == [(None,)]
        assert ready.state is JobState.READY


async def test_parts_are_left_behind_by_jobs_that_are_over(path: Path) -> None:
    async with opened(path) as store:
        await store.add([new_job(id=state.value, state=state) for state in JobState])
        named = [*JobState, "nobody"]
        over = await store.over_among(named)
        assert over == {"saved", "rejected", "cancelled", "closed"}
        assert await store.over_among(["saved"]) == {"saved"}
        assert await store.over_among([]) == frozenset()
