"""A search in the library finds what a plain reading of every job finds, and quickly."""

from __future__ import annotations

import asyncio
import itertools
import random
import re
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from gptimg_desktop.core.connection import IMPORTED, PRACTICE
from gptimg_desktop.core.filter import JobFilter, Sort, View
from gptimg_desktop.core.job import Job, JobState, SavedImage
from gptimg_desktop.core.lookout import FileState
from gptimg_desktop.core.query import parse
from gptimg_desktop.core.query_terms import (
    Asked,
    AskedBetween,
    AtService,
    CostsBetween,
    Fact,
    HasShape,
    InCollection,
    InState,
    Is,
    ReferenceNamed,
    Shape,
    SizeBegins,
    TierBegins,
    Words,
)
from gptimg_desktop.core.reference import FileReference, UrlReference
from gptimg_desktop.core.request import GenerationRequest
from gptimg_desktop.core.searched import folded, searched_text
from gptimg_desktop.core.sizes import AUTO, PixelSize, Ratio, Tier
from gptimg_desktop.core.sort_key import sort_key
from gptimg_desktop.services.library import job_rows
from gptimg_desktop.services.library.database import Database
from gptimg_desktop.services.library.giving_up import read_while_wanted
from gptimg_desktop.services.library.history import History
from gptimg_desktop.services.library.schema import migrate
from gptimg_desktop.services.library.search.conditions import condition

if TYPE_CHECKING:
    from pathlib import Path

NOW = 1_795_392_000.0 + 43_200
DAY_S = 86_400.0
JOBS = 400

_WORDS: tuple[str, ...] = (
    "oak",
    "chair",
    "Straße",
    "ＣＡＴ",
    "猫",
    "橡木椅子",
    "a",
    "x",
    "100%",
    "[red]",
    "a*b",
    "what?",
    "don't",
)
_WORDS += (
    '"quoted"',
    "back\\slash",
    "under_score",
    "1024x1024",
    "16:9",
    "4k",
    "e\u0301te\u0301",
    "É",
    "-minus",
    "--ar",
)
_NAMES = ("logo.png", "Äpfel.JPG", "A\u0308pfel.jpg", "徽标.webp", "100%_off.png", "sketch 2.png", "4×5.png")
_COLLECTIONS = ("Spring 26", "海报", "Müller", "50% off", 'the "big" one', "spring")
_SIZES = (
    *Ratio,
    AUTO,
    PixelSize(1024, 1024),
    PixelSize(1920, 1088),
    PixelSize(2048, 1024),
    PixelSize(640, 1024),
)
_SEARCHES = (
    *_WORDS,
    *(
        "oa",
        "猫 x",
        "-a",
        "-oak",
        "-猫",
        "oak -chair",
        "a -oak",
        "-oak -chair",
        "-x -oak",
        '"oak chair"',
        "ß",
        "ss",
    ),
    *(
        "size:16:9",
        "size:1",
        "size:1024",
        "size:1024x",
        "size:1024x1024",
        "size:1024x10",
        "size:102",
        "size:x1024",
    ),
    *(
        "size:auto",
        "size:portrait",
        "size:landscape",
        "size:square",
        "-size:square",
        "size:2048x1152",
        "size:99999x9",
    ),
    *(
        "tier:4k",
        "tier:1",
        "-tier:2k",
        "tier:2k,4k",
        "tier:%",
        "size:_",
        "state:saved",
        "state:re",
        "-state:running",
    ),
    *(
        "is:picked",
        "is:rejected",
        "is:unrated",
        "is:imported",
        "is:missing",
        "-is:missing",
        "is:changed",
        "-is:changed",
        "is:practice,failed",
    ),
    *("since:7d", "before:7d", "on:today", "since:today", "on:30d..7d", "-since:14d", "since:1h"),
    *(
        "ref:logo",
        "ref:äpfel",
        "ref:ÄPFEL",
        "ref:徽",
        "ref:*",
        "-ref:*",
        "ref:%",
        "ref:_",
        "ref:example",
        "ref:4x5",
    ),
    *(
        "in:spring",
        'in:"Spring 26"',
        'in:"spring"',
        "in:海",
        "in:*",
        "-in:*",
        "in:50%",
        "in:MÜLLER",
        'in:“the "big" one”',
    ),
    *("cost:0", "cost:>0.01", "cost:<0.01", "cost:0.0085", "-cost:0", "cost:0.01..0.1"),
    *(
        "service:practice",
        "-service:practice",
        "service:apimart",
        "state:blue",
        "is:picked,blue",
        "since:2",
        "size:",
    ),
)


@dataclass(frozen=True, slots=True)
class Shelf:
    """A library, and all that a plain reader knows about it."""

    path: Path
    jobs: tuple[Job, ...]
    words: dict[int, str]
    members: dict[int, set[str]]
    removed: set[int]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    path = tmp_path_factory.mktemp("search") / "library.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as library:
        library.row_factory = sqlite3.Row
        migrate(library, backup_folder=path.parent)
        chance = random.Random(3)
        jobs = tuple(job_rows.insert(library, job) for job in (_a_job(chance, at) for at in range(JOBS)))
        jobs = tuple(_with_pictures(library, chance, job) for job in jobs)
        members: dict[int, set[str]] = {job.seq: set() for job in jobs}
        for number, name in enumerate(_COLLECTIONS, 1):
            library.execute(
                "INSERT INTO collection (number, name, created_at) VALUES (?, ?, 0)", (number, name)
            )
            for job in chance.sample(jobs, 30):
                members[job.seq].add(name)
                library.execute("INSERT INTO member VALUES (?, ?)", (number, job.seq))
        removed = {job.seq for job in chance.sample(jobs, 12)}
        library.executemany("UPDATE job SET removed_at = 1 WHERE seq = ?", ((seq,) for seq in removed))
    words = {job.seq: _words_of(job) for job in jobs}
    return Shelf(path, jobs, words, members, removed)


def _a_job(chance: random.Random, at: int) -> Job:
    references: list[Any] = [
        FileReference(sha256="0" * 64, media_type="image/png", size_bytes=9, width=9, height=9, name=name)
        for name in chance.sample(_NAMES, chance.choice((0, 0, 1, 2)))
    ]
    if chance.random() < 0.1:
        references.append(UrlReference(url="https://example.com/Logo.png"))
    request = GenerationRequest(
        prompt=" ".join(chance.choices(_WORDS, k=chance.randint(1, 6))),
        size=chance.choice(_SIZES),
        tier=chance.choice(list(Tier)),
        references=tuple(references),
    )
    mark = chance.choice(("", "", "picked", "rejected"))
    return Job(
        id=f"job{at}",
        run_id=f"run{at // 4}",
        service=chance.choice(("https://api.apimart.ai", PRACTICE, IMPORTED)),
        key_fingerprint="abc",
        request=request,
        created_at=NOW - chance.random() * 60 * DAY_S,
        estimate=Decimal(chance.choice(("0.0085", "0.014", "0.05"))),
        cost=chance.choice((None, Decimal("0.1"), Decimal("0.0084"))),
        state=chance.choice([state for state in JobState if state is not JobState.SAVED]),
        picked=mark == "picked",
        rejected=mark == "rejected",
        binned_at=NOW if chance.random() < 0.1 else None,
    )


def _with_pictures(library: sqlite3.Connection, chance: random.Random, job: Job) -> Job:
    """Some jobs become saved; of some the file is gone, or holds something else."""
    if job.state is not JobState.READY:
        return job
    state = chance.choices(tuple(FileState), (4, 3, 3))[0]
    picture = SavedImage(
        index=0,
        path=f"/pictures/{job.id}.png",
        sha256="1" * 64,
        size_bytes=9,
        pixels=chance.choice((PixelSize(1024, 1024), PixelSize(1254, 1254), PixelSize(1100, 2048))),
        format="png",
        is_missing=state is FileState.MISSING,
        is_changed=state is FileState.CHANGED,
    )
    saved = job.save((picture,), NOW)
    assert job_rows.advance(library, job, saved)
    library.execute("UPDATE image SET missing = ? WHERE job_id = ?", (state, job.id))
    return saved


def _words_of(job: Job) -> str:
    return searched_text(job.request, " ".join(str(image.pixels) for image in job.images))


# What a search finds, read plainly


def plainly(shelf: Shelf, wanted: JobFilter) -> list[int]:
    """The numbers of all jobs that a filter lets through, in its order."""
    terms = parse(wanted.text, NOW).terms
    name = _COLLECTIONS[wanted.collection - 1] if wanted.collection else None
    found = [
        job
        for job in shelf.jobs
        if job.seq not in shelf.removed
        and wanted.view.shows(job)
        and (name is None or name in shelf.members[job.seq])
        and all(any(holds(each, job, shelf) for each in term.any_of) != term.is_negated for term in terms)
    ]
    return [job.seq for job in sorted(found, key=lambda job: (sort_key(job, wanted), -job.seq))]


def holds(asked: Asked, job: Job, shelf: Shelf) -> bool:  # noqa: PLR0911 - one line for each kind
    words = shelf.words[job.seq]
    match asked:
        case Words(text=text):
            return text in words
        case SizeBegins(text=text):
            return str(job.request.size).startswith(text) or _pixels_begin(text, job, words)
        case HasShape(shape=shape):
            return _shape(job) is shape
        case TierBegins(text=text):
            return str(job.request.tier).startswith(text)
        case InState(states=states):
            return job.state in states
        case Is(fact=fact):
            return _is(fact, job)
        case AskedBetween(since=since, before=before):
            return (since is None or job.created_at >= since) and (before is None or job.created_at < before)
        case ReferenceNamed(text=text):
            names = [getattr(each, "name", getattr(each, "url", "")) for each in job.request.references]
            return any(text in folded(name) for name in names)
        case InCollection(text=text, is_whole=is_whole):
            names = list(shelf.members[job.seq])
            whole = any(folded(text) == folded(name) for name in names)
            return whole if is_whole else any(text in folded(name) for name in names)
        case AtService(text=text):
            return text in job.service
        case CostsBetween(least=least, most=most):
            price = float(_price(job))
            return least <= price and (most is None or price <= most)


def _pixels_begin(text: str, job: Job, words: str) -> bool:
    sizes = re.findall(r"(?<= )(\d+)x(\d+)(?![^\s])", words)
    if re.fullmatch(r"\d{3,}", text):
        return re.search(rf" {text}x|x{text}", words) is not None
    if re.fullmatch(r"x\d{3,}", text):
        return text in words
    if re.fullmatch(r"\d+x", text):
        return f" {text}" in words
    whole = re.fullmatch(r"(\d+)x(\d+)", text)
    if whole is None or f" {text}" not in words:
        return False
    begun = ((int(width), int(height)) for width, height in sizes if f"{width}x{height}".startswith(text))
    return any(width * height == job.area for width, height in begun)


def _shape(job: Job) -> Shape | None:
    size = job.request.size
    if size == AUTO:
        return None
    width, height = size.parts if isinstance(size, Ratio) else (size.width, size.height)
    return Shape.SQUARE if width == height else Shape.LANDSCAPE if width > height else Shape.PORTRAIT


def _is(fact: Fact, job: Job) -> bool:
    return {
        Fact.PICKED: job.picked,
        Fact.REJECTED: job.rejected,
        Fact.UNRATED: not (job.picked or job.rejected),
        Fact.IMPORTED: job.service == IMPORTED,
        Fact.PRACTICE: job.service == PRACTICE,
        Fact.MISSING: any(image.is_missing for image in job.images),
        Fact.CHANGED: any(image.is_changed for image in job.images),
    }[fact]


def _price(job: Job) -> Decimal:
    if job.state in {JobState.FAILED, JobState.REJECTED, JobState.CANCELLED}:
        return Decimal(0)
    if job.service in {PRACTICE, IMPORTED}:
        return Decimal(0)
    return job.estimate if job.cost is None else job.cost


# The library's own answer


async def listed(shelf: Shelf, wanted: JobFilter) -> list[int]:
    database = Database(shelf.path)
    await database.open()
    try:
        return list((await History(database, now=lambda: NOW).listing(wanted)).seqs)
    finally:
        database.close()


@pytest.mark.anyio
@pytest.mark.parametrize("view", [View.ALL, View.PICKS, View.BIN])
async def test_every_search_finds_what_a_plain_reading_finds(shelf: Shelf, view: View) -> None:
    database = Database(shelf.path)
    await database.open()
    try:
        history = History(database, now=lambda: NOW)
        found_some = 0
        for text in _SEARCHES:
            wanted = JobFilter(text=text, view=view)
            found = (await history.listing(wanted)).seqs.tolist()
            assert found == plainly(shelf, wanted), text
            found_some += bool(found)
        assert found_some > len(_SEARCHES) / 2
    finally:
        database.close()


@pytest.mark.anyio
async def test_searches_of_many_terms_in_any_order_view_and_collection(shelf: Shelf) -> None:
    chance = random.Random(11)
    database = Database(shelf.path)
    await database.open()
    try:
        history = History(database, now=lambda: NOW)
        for _ in range(400):
            wanted = JobFilter(
                text=" ".join(chance.choices(_SEARCHES, k=chance.randint(1, 4))),
                view=chance.choice(list(View)),
                sort=chance.choice(list(Sort)),
                reverse=chance.random() < 0.5,
                collection=chance.choice((0, 0, 0, 1, 2)),
            )
            listing = await history.listing(wanted)
            assert listing.seqs.tolist() == plainly(shelf, wanted), wanted
            some = tuple(job.seq for job in chance.sample(shelf.jobs, 40))
            among = await history.among(wanted, some)
            assert among.seqs.tolist() == [seq for seq in listing.seqs if seq in some], wanted
            keys = dict(zip(listing.seqs, listing.keys, strict=True))
            assert among.keys.tolist() == [keys[seq] for seq in among.seqs]
    finally:
        database.close()


@pytest.mark.anyio
async def test_a_whole_prompt_of_a_thousand_words_is_a_search(shelf: Shelf) -> None:
    prompt = " ".join(f"word{number}" for number in range(1_000))
    assert await listed(shelf, JobFilter(text=prompt)) == []
    assert await listed(shelf, JobFilter(text="oak " * 900)) == plainly(shelf, JobFilter(text="oak"))


def test_no_list_reads_wide_rows_or_sorts_them(shelf: Shelf) -> None:
    """Where words alone are asked for, an index in the list's own order; else the one that holds all."""
    orders = {Sort.TIME: "job_by_time", Sort.SIZE: "job_by_area", Sort.COST: "job_by_price"}
    with closing(sqlite3.connect(shelf.path)) as library:
        for text, sort, view in itertools.product(("", *_SEARCHES), Sort, View):
            asked = condition(JobFilter(text=text, sort=sort, view=view), NOW)
            question = f"EXPLAIN QUERY PLAN SELECT seq FROM {asked.table} WHERE {asked.sql}"  # noqa: S608
            plan = [row[3] for row in library.execute(question, asked.parameters)]
            terms = parse(text, NOW).terms
            is_plain = view in {View.ALL, View.BIN} and all(isinstance(t.any_of[0], Words) for t in terms)
            assert f"INDEX {orders[sort] if is_plain else 'job_in_list'} " in plan[0], (text, plan)
            assert not any("job USING INTEGER PRIMARY KEY" in step for step in plan), (text, plan)


# Giving up


def _endless(connection: sqlite3.Connection) -> None:
    numbers = "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"
    connection.execute(numbers).fetchone()


@pytest.mark.anyio
async def test_a_search_that_is_given_up_ends_and_the_next_one_does_not_wait(shelf: Shelf) -> None:
    database = Database(shelf.path)
    await database.open()
    try:
        started = asyncio.Event()
        loop = asyncio.get_running_loop()

        def work(connection: sqlite3.Connection) -> None:
            loop.call_soon_threadsafe(started.set)
            _endless(connection)

        asked = asyncio.ensure_future(read_while_wanted(database, work))
        await started.wait()
        asked.cancel()
        began = time.perf_counter()
        count = await asyncio.wait_for(
            database.read(lambda connection: connection.execute("SELECT count(*) FROM job").fetchone()[0]), 20
        )
        assert count == JOBS
        assert time.perf_counter() - began < 5
        with pytest.raises(asyncio.CancelledError):
            await asked
    finally:
        database.close()


@pytest.mark.anyio
async def test_what_is_asked_afterwards_is_not_ended_with_it(shelf: Shelf) -> None:
    """A question that is longer than the look-outs of the one before it runs to its end."""
    database = Database(shelf.path)
    await database.open()
    try:
        given_up = asyncio.ensure_future(read_while_wanted(database, _endless))
        await asyncio.sleep(0)
        given_up.cancel()
        numbers = "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 300000)"
        long = f"{numbers} SELECT count(*) FROM n"  # noqa: S608
        count = await asyncio.wait_for(
            database.read(lambda connection: connection.execute(long).fetchone()[0]), 20
        )
        assert count == 300_000
    finally:
        database.close()
