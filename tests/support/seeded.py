"""A library as a busy designer leaves it after two years: as many jobs as wanted, made within seconds.

    python -m tests.support.seeded DATA_DIR --jobs 100000

The rows are written by the library's own code, so that they are what the program would have written. Pictures
are thumbnails alone, unless `--files` asks for real files of the newest ones. The same seed makes the same
library.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import io
import random
import sqlite3
import time
from dataclasses import dataclass, field, replace
from functools import cache
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PIL import Image, ImageDraw

from gptimg_desktop.core.connection import IMPORTED, PRACTICE
from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.core.job import Job, JobState, SavedImage
from gptimg_desktop.core.prices import FREE, PUBLISHED
from gptimg_desktop.core.reference import FileReference
from gptimg_desktop.core.request import GenerationRequest
from gptimg_desktop.core.sizes import AUTO, PixelSize, Ratio, Tier, outcomes
from gptimg_desktop.services.library import job_rows
from gptimg_desktop.services.library.schema import migrate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from gptimg_desktop.core.sizes import Size

SERVICE: Final = "https://api.apimart.ai"
TWO_YEARS_S: Final = 2 * 365 * 86_400.0
THUMBNAIL_BOX: Final = 384
COLLECTIONS: Final = ("Chairs", "Kunde Müller", "海报", "Logo ideas", "Verpackung", "Backgrounds 2026")

_ENGLISH: Final = (
    ("an oak chair", "a glass teapot", "a fox in the snow", "a lighthouse", "a paper map", "a red bicycle"),
    ("by a window", "on a marble table", "in a pine forest", "under a full moon", "in an empty studio"),
    (
        "soft morning light",
        "watercolour",
        "flat vector shapes",
        "35 mm film",
        "isometric render",
        "macro photo",
    ),
)
_GERMAN: Final = (
    (
        "ein Eichenstuhl",
        "eine Teekanne aus Glas",
        "ein Fuchs im Schnee",
        "ein Leuchtturm",
        "ein rotes Fahrrad",
    ),
    ("am Fenster", "auf einem Marmortisch", "im Kiefernwald", "bei Vollmond", "in einem leeren Atelier"),
    ("weiches Morgenlicht", "Aquarell", "klare Flächen", "Kleinbildfilm", "Größenvergleich", "Nahaufnahme"),
)
_CHINESE: Final = (
    ("橡木椅子", "玻璃茶壶", "雪地里的狐狸", "灯塔", "一只猫", "红色自行车"),
    ("窗边", "大理石桌上", "松林中", "满月之下", "空旷的摄影棚"),
    ("柔和的晨光", "水彩", "扁平插画", "胶片质感", "等距渲染", "微距摄影"),
)
_SIZES: Final[tuple[Size, ...]] = (*Ratio, Ratio.R1X1, Ratio.R16X9, Ratio.R3X2, AUTO, PixelSize(1600, 1200))
_TIERS: Final = (Tier.K1, Tier.K1, Tier.K2, Tier.K2, Tier.K2, Tier.K4)
_STATES: Final = {
    JobState.SAVED: 9200,
    JobState.FAILED: 280,
    JobState.REJECTED: 240,
    JobState.CANCELLED: 220,
    JobState.CLOSED: 25,
    JobState.LOST: 20,
    JobState.UNCONFIRMED: 3,
}
"""How many of some ten thousand jobs that are not in hand any more, but for those that need the user."""
_IN_HAND: Final = (JobState.QUEUED, JobState.QUEUED, JobState.ACCEPTED, JobState.READY, JobState.UNCONFIRMED)
_VARIANTS: Final = 4
_Picture = tuple[str, PixelSize, int]
"""The hash of a picture, its pixels, and the number of its job."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What kind of library is wanted. `in_hand` of its newest jobs are still under way, at a service without
    a key; the `files` newest pictures are real files. `now` is in Unix seconds."""

    jobs: int = 1000
    files: int = 0
    in_hand: int = 0
    has_thumbnails: bool = True
    seed: int = 1
    now: float = field(default_factory=time.time)


def seed(data_dir: Path, wishes: Wishes) -> Path:
    """Make the library of a data folder that has none yet; its file."""
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = data_dir / "library.sqlite3"
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = OFF")
        migrate(connection, backup_folder=data_dir / "backups")
        connection.execute("BEGIN")
        pictures = _fill(connection, data_dir / "images", wishes)
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    if wishes.has_thumbnails:
        _keep_thumbnails(data_dir / "thumbnails.sqlite3", pictures)
    return path


def _fill(connection: sqlite3.Connection, folder: Path, wishes: Wishes) -> list[_Picture]:
    """Write all rows; what thumbnails are made for."""
    chance = random.Random(wishes.seed)
    pictures: list[_Picture] = []
    numbers = []
    for job in _jobs(chance, folder, wishes):
        kept = job_rows.insert(connection, job)
        numbers.append(kept.seq)
        pictures += [(image.sha256, image.pixels, kept.seq) for image in kept.images]
    _miss(connection, chance, wishes.files)
    _empty_bin(connection)
    _collect(connection, chance, numbers, wishes.now)
    _note_prompts(connection)
    return pictures


def _miss(connection: sqlite3.Connection, chance: random.Random, files: int) -> None:
    """The files of some pictures were not there when they were last looked for."""
    saved = "SELECT job_id FROM image WHERE saved ORDER BY job_id DESC LIMIT -1 OFFSET ?"
    ids = [row["job_id"] for row in connection.execute(saved, (files,))]
    lost = chance.sample(ids, len(ids) // 200)
    connection.executemany("UPDATE image SET missing = 1 WHERE job_id = ?", ((each,) for each in lost))


def _empty_bin(connection: sqlite3.Connection) -> None:
    """The oldest third of what was put away is gone for good."""
    connection.execute(
        "UPDATE job SET removed_at = binned_at + 2592000 WHERE state = 'saved' AND binned_at < ("
        "SELECT MIN(binned_at) + 0.3 * (MAX(binned_at) - MIN(binned_at)) FROM job)"
    )


def _collect(connection: sqlite3.Connection, chance: random.Random, seqs: list[int], now: float) -> None:
    for name in COLLECTIONS:
        made = connection.execute("INSERT INTO collection (name, created_at) VALUES (?, ?)", (name, now))
        members = chance.sample(seqs, len(seqs) * chance.randint(1, 50) // 1000)
        rows = ((made.lastrowid, seq) for seq in members)
        connection.executemany("INSERT INTO member (collection, seq) VALUES (?, ?)", rows)


def _note_prompts(connection: sqlite3.Connection) -> None:
    connection.execute(
        "INSERT INTO prompt (text, used_at, times) SELECT prompt, MAX(created_at), COUNT(*)"
        " FROM (SELECT prompt, created_at FROM job ORDER BY seq DESC LIMIT 1000) GROUP BY prompt"
    )


# Jobs


@dataclass(slots=True, kw_only=True)
class _Run:
    """One press: what its jobs have in common, and how many are left of it."""

    id: str = ""
    request: GenerationRequest = field(default_factory=lambda: _request(random.Random(0), ()))
    service: str = SERVICE
    left: int = 0


def _jobs(chance: random.Random, folder: Path, wishes: Wishes) -> Iterator[Job]:
    run = _Run()
    lately: list[Job] = []
    states, shares = list(_STATES), list(_STATES.values())
    for number in range(1, wishes.jobs + 1):
        if not run.left:
            run = _press(chance, lately, number)
        run.left -= 1
        left = wishes.jobs - number
        at = wishes.now - 60 - TWO_YEARS_S * left / wishes.jobs
        job = _asked(run, number, at)
        if left < wishes.in_hand:
            yield _under_way(job, _IN_HAND[left % len(_IN_HAND)])
            continue
        state = chance.choices(states, shares)[0]
        image = _image(chance, folder, job, number, is_real=left < wishes.files)
        job = _ended(replace(job, seq=number), JobState.SAVED if job.is_imported else state, image, chance)
        if job.images:
            lately = [*lately[-200:], job]
        yield _marked(job, chance)


def _press(chance: random.Random, lately: Sequence[Job], number: int) -> _Run:
    service = chance.choices((SERVICE, PRACTICE, IMPORTED), (80, 18, 2))[0]
    sources = (
        chance.sample(lately, chance.randint(1, 3)) if len(lately) > 3 and chance.random() < 0.12 else ()
    )
    return _Run(
        id=f"{number:032x}",
        request=_request(chance, sources if service != IMPORTED else ()),
        service=service,
        left=chance.choices((1, 2, 4, 8), (45, 20, 30, 5))[0],
    )


def _request(chance: random.Random, sources: Iterable[Job]) -> GenerationRequest:
    words = chance.choices((_ENGLISH, _GERMAN, _CHINESE), (60, 15, 25))[0]
    comma = "，" if words is _CHINESE else ", "
    prompt = comma.join(chance.choice(part) for part in words)
    if chance.random() < 0.4:
        prompt += f"{comma}no. {chance.randint(1, 9999)}"
    if chance.random() < 0.01:
        prompt = "\n".join(f"{line}. {prompt}" for line in range(chance.randint(10, 60)))
    return GenerationRequest(
        prompt=prompt,
        size=chance.choice(_SIZES),
        tier=chance.choice(_TIERS),
        references=tuple(map(_reference, sources)),
    )


def _reference(source: Job) -> FileReference:
    image = source.images[0]
    return FileReference(
        sha256=image.sha256,
        media_type="image/jpeg",
        size_bytes=image.size_bytes,
        width=image.pixels.width,
        height=image.pixels.height,
        name=Path(image.path).name,
        job_id=source.id,
    )


def _asked(run: _Run, number: int, at: float) -> Job:
    request = run.request
    is_free = run.service != SERVICE
    return Job(
        id=f"{number:08x}" * 4,
        run_id=run.id,
        service=run.service,
        key_fingerprint="" if is_free else "5eed5eed",
        request=request,
        created_at=at,
        estimate=FREE if is_free else PUBLISHED.estimate(request.size, request.tier),
    )


def _under_way(job: Job, state: JobState) -> Job:
    """A job in hand, of a service that is not connected: it stays as it is."""
    at, waiting = job.created_at, replace(job, service=SERVICE, key_fingerprint="5eed5eed")
    if state is JobState.QUEUED:
        return waiting
    sent = waiting.arm(at + 1)
    if state is JobState.UNCONFIRMED:
        return sent.doubt(Problem.of(ProblemKind.PROGRAM_ENDED))
    accepted = sent.accept((f"task_{job.id[:12]}",), at + 2)
    if state is JobState.ACCEPTED:
        return accepted
    return accepted.deliver(("https://files.invalid/a.png",), expires_at=at + 86_400, cost=None)


def _ended(job: Job, state: JobState, image: SavedImage, chance: random.Random) -> Job:
    """A job as it has been for a while."""
    at = job.created_at
    if job.is_imported:
        return replace(job, state=JobState.SAVED, images=(image,), finished_at=at)
    if state is JobState.CANCELLED:
        return job.cancel(at + 5)
    sent = job.arm(at + 1)
    if state is JobState.REJECTED:
        return sent.refuse(Problem.of(ProblemKind.REQUEST_REFUSED, message="not this", status=400), at + 3)
    if state in {JobState.UNCONFIRMED, JobState.CLOSED}:
        doubtful = sent.doubt(Problem.of(ProblemKind.PROGRAM_ENDED))
        return doubtful.close(at + 900) if state is JobState.CLOSED else doubtful
    accepted = sent.accept((f"task_{job.id[:12]}",), at + 2)
    if state is JobState.FAILED:
        return accepted.fail(Problem.of(ProblemKind.TASK_FAILED, message="busy"), at + 60)
    cost = None if chance.random() < 0.1 else job.estimate
    ready = accepted.deliver(("https://files.invalid/a.png",), expires_at=at + 86_400, cost=cost)
    if state is JobState.LOST:
        return ready.lose(Problem.of(ProblemKind.LINK_EXPIRED, host="files.invalid"), at + 900_000)
    took = chance.uniform(20, 90)
    return ready.save((image,), at + 2 + (took / 10 if job.service == PRACTICE else took))


def _marked(job: Job, chance: random.Random) -> Job:
    drawn = chance.random()
    marked = replace(job, picked=drawn < 0.08, rejected=0.08 <= drawn < 0.14)
    if job.state is not JobState.UNCONFIRMED and chance.random() < 0.03:
        return replace(marked, binned_at=job.created_at + 3600)
    return marked


def _image(chance: random.Random, folder: Path, job: Job, number: int, *, is_real: bool) -> SavedImage:
    request = job.request
    pixels = chance.choice(outcomes(request.size, request.tier) or (PixelSize(1024, 1024),))
    month = time.strftime("%Y-%m", time.gmtime(job.created_at))
    path = folder / month / f"{number:06}-{pixels}.jpg"
    if is_real:
        content = _numbered(_picture(pixels, number % _VARIANTS), number)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        sha256, size_bytes = hashlib.sha256(content).hexdigest(), len(content)
    else:
        sha256, size_bytes = hashlib.sha256(b"%d" % number).hexdigest(), pixels.pixels // 4
    return SavedImage(
        index=0, path=str(path), sha256=sha256, size_bytes=size_bytes, pixels=pixels, format="jpeg"
    )


# Pictures


def _keep_thumbnails(path: Path, pictures: Iterable[_Picture]) -> None:
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as cache_file:
        cache_file.execute("PRAGMA synchronous = OFF")
        cache_file.execute("PRAGMA journal_mode = OFF")
        cache_file.execute(
            "CREATE TABLE IF NOT EXISTS thumbnail (sha256 TEXT PRIMARY KEY, picture BLOB NOT NULL)"
        )
        cache_file.execute("BEGIN")
        rows = (
            (sha256, _picture(_within(pixels), number % _VARIANTS))
            for sha256, pixels, number in sorted(pictures, key=itemgetter(0))  # in the order of the table
        )
        cache_file.executemany("INSERT OR REPLACE INTO thumbnail (sha256, picture) VALUES (?, ?)", rows)
        cache_file.execute("COMMIT")


def _within(pixels: PixelSize) -> PixelSize:
    """The size of the thumbnail of a picture."""
    share = THUMBNAIL_BOX / max(pixels.width, pixels.height)
    return PixelSize(max(1, round(pixels.width * share)), max(1, round(pixels.height * share)))


@cache
def _picture(pixels: PixelSize, variant: int) -> bytes:
    """A JPEG: a sky, a sun and hills, in colours of their own; the same at every size of one ratio."""
    chance = random.Random(variant)
    width, height = pixels.width, pixels.height
    top, bottom = _colour(chance), _colour(chance)
    sky = Image.new("RGB", (1, 2), top)
    sky.putpixel((0, 1), bottom)
    picture = sky.resize((width, height), Image.Resampling.BICUBIC)
    draw = ImageDraw.Draw(picture)
    edge, sun, rise = min(width, height) / 6, width * chance.uniform(0.2, 0.8), height / 5
    draw.ellipse((sun - edge, rise, sun + edge, rise + 2 * edge), fill=(250, 240, 210))
    for layer in range(3):
        ground = [height * ((5 + layer) / 8 - chance.uniform(0, 1 / 6)) for _ in range(7)]
        hills = [(width * step / 6, at) for step, at in enumerate(ground)]
        red, green, blue = (part * (3 - layer) // 4 for part in bottom)
        draw.polygon([(0, height), *hills, (width, height)], fill=(red, green, blue))
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=80)
    return file.getvalue()


def _colour(chance: random.Random) -> tuple[int, int, int]:
    return chance.randint(40, 235), chance.randint(40, 235), chance.randint(40, 235)


def _numbered(jpeg: bytes, number: int) -> bytes:
    """The same picture with a comment in it, so that no two files are alike."""
    comment = b"picture %d" % number
    return jpeg[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + jpeg[2:]


def main() -> None:
    parser = argparse.ArgumentParser(description="Make a library of many jobs.")
    parser.add_argument("data_dir", type=Path)
    parser.add_argument("--jobs", type=int, default=100_000)
    parser.add_argument("--files", type=int, default=0, help="how many of the newest pictures are real files")
    parser.add_argument("--in-hand", type=int, default=12, help="how many of the newest are under way")
    parser.add_argument("--no-thumbnails", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    begun = time.monotonic()
    path = seed(
        given.data_dir,
        Wishes(
            jobs=given.jobs,
            files=given.files,
            in_hand=given.in_hand,
            has_thumbnails=not given.no_thumbnails,
            seed=given.seed,
        ),
    )
    print(f"{path}: {given.jobs} jobs in {time.monotonic() - begun:.1f} s")  # noqa: T201


if __name__ == "__main__":
    main()
