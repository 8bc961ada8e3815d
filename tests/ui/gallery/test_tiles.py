"""Tiles of every state, as they are painted and read out."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter
from PySide6.QtWidgets import QApplication

from gptimg_desktop.core.bitmap import Bitmap
from gptimg_desktop.core.connection import PRACTICE
from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.core.gate import Gate, GateKind
from gptimg_desktop.core.job import JobState
from gptimg_desktop.core.mark import Mark
from gptimg_desktop.core.sizes import AUTO, PixelSize, Ratio, Tier
from gptimg_desktop.ui.gallery.caption import (
    accessible_text,
    day_and_time,
    days_in_bin,
    elapsed,
    on_service_until,
    patience,
    short_patience,
    size_line,
    state_line,
    time_left,
    words_of_service,
)
from gptimg_desktop.ui.gallery.circumstances import Circumstances
from gptimg_desktop.ui.gallery.model import JobListModel, Role
from gptimg_desktop.ui.gallery.silences import Silences
from gptimg_desktop.ui.gallery.stress import Stress
from gptimg_desktop.ui.gallery.tile_painter import TilePainter
from gptimg_desktop.ui.gallery.tiles.lines import wrapped
from gptimg_desktop.ui.gallery.tiles.words import Words
from gptimg_desktop.ui.messages import unseen_picture
from gptimg_desktop.ui.theme import DARK, LIGHT, Tokens, palette_of
from tests.support.listed import fill
from tests.ui.jobs import CREATED, a_bitmap, a_job, a_queued_job, a_request

if TYPE_CHECKING:
    from gptimg_desktop.core.job import Job


def painted(
    job: Job,
    tokens: Tokens = LIGHT,
    *,
    now: float = CREATED + 24,
    selected: bool = False,
    unseen: ProblemKind | None = None,
    width: int = 220,
) -> QImage:
    """One tile as it is drawn, with a red picture where there is one, or why it cannot be seen."""
    model = JobListModel()
    fill(model, [job])
    if unseen is not None:
        model.set_thumbnail_problem(job.id, Problem.of(unseen, path="/a.png"))
    elif job.images:
        model.set_thumbnail(job.id, a_bitmap(64, 36, (255, 0, 0)))
    tile = QRect(0, 0, width, width + 48)
    image = QImage(width, width + 48, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    tiles = TilePainter(model, clock=lambda: now)
    tiles.begin(painter, QApplication.font(), palette_of(tokens), tile.size())
    tiles.paint(tile, 0, Stress(is_selected=selected))
    painter.end()
    return image


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("state", JobState)
def test_every_state_has_a_tile_of_its_own(qapp: object, state: JobState, tokens: Tokens) -> None:
    image = painted(a_job(state), tokens)
    others = [painted(a_job(other), tokens) for other in JobState if other is not state]
    assert all(image != other for other in others)


@pytest.mark.parametrize("size", [AUTO, Ratio.R21X9, Ratio.R1X3, PixelSize(10_000, 16)], ids=str)
@pytest.mark.parametrize("state", [JobState.ACCEPTED, JobState.SAVED, JobState.QUEUED])
def test_any_shape_can_be_painted(qapp: object, size: Ratio | PixelSize, state: JobState) -> None:
    assert not painted(a_job(state, request=a_request(size=size))).isNull()


def test_a_picture_keeps_its_ratio_on_neutral_ground(qapp: object) -> None:
    image = painted(a_job(JobState.SAVED))
    reds = [
        (x, y)
        for x in range(0, 220, 2)
        for y in range(0, 220, 2)
        if image.pixelColor(x, y).name() == "#ff0000"
    ]
    width = max(x for x, _ in reds) - min(x for x, _ in reds)
    height = max(y for _, y in reds) - min(y for _, y in reds)
    assert width / height == pytest.approx(16 / 9, rel=0.06)
    assert image.pixelColor(110, 30).name() == LIGHT.canvas


def test_a_running_tile_moves_with_the_clock_and_a_waiting_one_does_not(qapp: object) -> None:
    running, waiting = a_job(JobState.ACCEPTED), a_queued_job()
    assert painted(running, now=CREATED + 10) != painted(running, now=CREATED + 10.6)
    assert painted(waiting, now=CREATED + 10) == painted(waiting, now=CREATED + 10.6)


ODD = Problem.of(ProblemKind.ODD_ANSWER, status=502)


@pytest.mark.parametrize(
    ("job", "after_s", "told"),
    [
        (a_job(JobState.SENDING), 59, ""),
        (a_job(JobState.SENDING), 62, "Still waiting for confirmation"),
        (a_job(JobState.ACCEPTED), 100, ""),
        (a_job(JobState.ACCEPTED), 123, "Taking longer than usual"),
        (a_job(JobState.ACCEPTED), 603, "Taking much longer than usual; still looking"),
        (
            a_job(JobState.ACCEPTED).annotate(ODD),
            603,
            "The service says nothing about it; still looking",
        ),
        (a_job(JobState.ACCEPTED).annotate(Problem.of(ProblemKind.TASK_RECOVERED)), 10, ""),
        (a_job(JobState.READY), 86_500, "The link has run out; it is tried all the same"),
        (a_job(JobState.SAVED), 90_000, ""),
        (a_queued_job(), 90_000, ""),
    ],
)
def test_what_takes_long_has_a_word(job: Job, after_s: float, told: str) -> None:
    assert patience(job, CREATED + after_s) == told


def test_the_countdown_names_day_and_span() -> None:
    noon = datetime(2026, 9, 21, 12, 0).astimezone().timestamp()
    ready = a_job(JobState.READY, at=noon)
    assert patience(ready, noon) == "On the service until tomorrow 12:00, 24\u00a0h\u00a0left"
    assert patience(ready, noon + 86_400 - 2_700) == "On the service until 12:00, 45\u00a0min\u00a0left"
    assert patience(ready, noon + 86_400 - 65) == "On the service until 12:00, 1:05\u00a0left"
    assert time_left(6 * 86_400) == "6 days left"
    assert on_service_until(replace(ready, expires_at=noon + 6 * 86_400)) == noon + 2 + 86_400
    assert on_service_until(replace(ready, expires_at=None)) == noon + 2 + 86_400
    assert on_service_until(replace(ready, expires_at=12.0)) == noon + 2 + 86_400
    assert on_service_until(a_job(JobState.SAVED)) is None


def test_the_span_that_is_left_is_not_torn_apart(qapp: object) -> None:
    metrics = QFontMetrics(QApplication.font())
    told = patience(a_job(JobState.READY), CREATED + 80_000)
    room = metrics.horizontalAdvance(told) - 2
    assert wrapped(metrics, told, room, 3)[-1] == time_left(6_400).replace(" ", "\u00a0")


def test_a_silence_is_told_from_its_beginning_until_something_is_heard() -> None:
    moments = iter([CREATED + 100, CREATED + 200])
    silences = Silences(clock=lambda: next(moments))
    job = a_job(JobState.ACCEPTED)
    for _ in range(3):
        silences.note(job.annotate(ODD))
    since = silences.since(job.id)
    assert since == CREATED + 100
    told = patience(job.annotate(ODD), CREATED + 300, silent_since=since)
    assert told == f"Nothing heard since {day_and_time(since, CREATED + 300)}; still looking"
    silences.note(job)
    assert silences.since(job.id) is None


def test_a_tile_shows_that_it_takes_long(qapp: object) -> None:
    job = a_job(JobState.SENDING)
    early, late = painted(job, now=CREATED + 58), painted(job, now=CREATED + 58 + 2.4 * 10)

    def lines(image: QImage) -> int:
        """Rows of the picture's place with ink in them."""
        dark = (
            y for y in range(60, 200) if any(image.pixelColor(x, y).lightness() < 110 for x in range(20, 200))
        )
        return len(list(dark))

    assert lines(late) > lines(early)


def test_picks_and_selection_show(qapp: object) -> None:
    job = a_job(JobState.SAVED)
    assert painted(job) != painted(job.marked(Mark.PICKED, 1.0))
    assert painted(job) != painted(job, selected=True)


def test_practice_is_told_by_word_where_no_sign_tells_it() -> None:
    job = a_job(JobState.SAVED)
    free = replace(job, service=PRACTICE)
    assert state_line(free).endswith(" · practice")
    assert state_line(free, has_sign=True) == state_line(job)
    assert Words().of(free, CREATED)[1] == state_line(job)


def test_a_waiting_tile_tells_what_holds_it_now() -> None:
    busy = Problem.of(ProblemKind.SERVICE_BUSY)
    job, around = a_queued_job(1).annotate(busy), Circumstances()
    assert around.hold_up(job) == ""  # what once held it may be over
    missing = Problem.of(ProblemKind.KEY_MISSING, service=job.service)
    pause = Gate(kind=GateKind.RATE, service=job.service)
    around.set_gates((pause, Gate(kind=GateKind.KEY, service=job.service, problem=missing)))
    assert around.hold_up(job) == f"There is no key for {job.service} at the moment"
    around.set_gates((pause,))
    assert around.hold_up(job) == "The service asked for a pause"
    passing = Gate(kind=GateKind.RESUMING, until=3.0)
    around.set_gates((passing, Gate(kind=GateKind.KEY, service=job.service, problem=missing)))
    assert around.hold_up(job) == f"There is no key for {job.service} at the moment"
    around.set_gates(())
    cut = Problem.of(ProblemKind.UPLOAD_CUT_OFF, times=3)
    assert "cut off 3 times" in around.hold_up(job.annotate(cut))


def test_sizes_tell_what_was_asked_where_something_else_came() -> None:
    square = a_request(size=Ratio.R1X1, tier=Tier.K1)
    other = a_job(JobState.SAVED, request=square, pixels=PixelSize(1254, 1254))
    assert size_line(other) == "1254×1254, asked 1024×1024"
    assert size_line(a_job(JobState.SAVED, request=square)) == "1024×1024"


def luminance(job: Job) -> float:
    """How bright a tile is in the middle of its left edge, where nothing is written."""
    image = painted(job)
    return image.pixelColor(14, image.height() // 2).lightnessF()


@pytest.mark.parametrize("state", [JobState.FAILED, JobState.REJECTED, JobState.CANCELLED, JobState.CLOSED])
def test_a_tile_without_a_picture_does_not_outshine_the_others(qapp: object, state: JobState) -> None:
    assert luminance(a_job(state)) <= QColor(LIGHT.canvas).lightnessF() + 0.01


def test_how_long_a_picture_can_be_fetched_is_told_where_the_rest_is_cut(qapp: object) -> None:
    metrics = QFontMetrics(QApplication.font())
    ready = a_job(JobState.READY).annotate(Problem.of(ProblemKind.LINK_DEAD, host="cdn.example", status=404))
    now = CREATED + 3_600
    left = short_patience(ready, now)
    assert left.endswith("h left")
    told = patience(ready, now)
    whole = wrapped(metrics, told, 130, 99)  # as many lines as the font of this machine makes of it
    assert len(whole) > 2
    for most in range(1, len(whole)):
        lines = wrapped(metrics, told, 130, most, last=left)
        assert len(lines) == most
        assert lines[-1] == left
    assert wrapped(metrics, told, 130, len(whole), last=left) == whole
    assert short_patience(a_job(JobState.ACCEPTED), now) == ""


def test_time_is_told_as_a_clock_does() -> None:
    assert [elapsed(seconds) for seconds in (-3, 23.9, 83, 3850)] == ["0:00", "0:23", "1:23", "1:04:10"]


def test_long_reasons_wrap_and_end_in_an_ellipsis(qapp: object) -> None:
    metrics = QFontMetrics(QApplication.font())
    lines = wrapped(metrics, "keine Verbindung zum Dienst " * 9, 180, 3)
    assert len(lines) == 3
    assert lines[-1].endswith("…")
    assert all(metrics.horizontalAdvance(line) <= 180 for line in lines)
    chinese = wrapped(metrics, "服务没有回答" * 9, 180, 3)
    assert len(chinese) == 3


def test_no_line_that_was_broken_is_cut_when_it_is_drawn(qapp: object) -> None:
    metrics = QFontMetrics(QApplication.font())
    for width in range(60, 260):
        for line in wrapped(metrics, "Taking much longer than usual; still looking", width, 9):
            if " " in line:
                assert metrics.elidedText(line, Qt.TextElideMode.ElideRight, width) == line


def test_what_cannot_be_fetched_yet_says_so_and_nothing_moves(qapp: object) -> None:
    ready = a_job(JobState.READY)
    held_up = ready.annotate(Problem.of(ProblemKind.LINK_DEAD, host="cdn.example", status=404))
    assert state_line(ready).startswith("Fetching…")
    assert state_line(held_up).startswith("Cannot be fetched yet")
    assert "fetching" not in accessible_text(held_up)
    assert patience(held_up, CREATED + 60).startswith(
        "Cannot be fetched yet; still trying. On the service until"
    )
    assert "Cannot" not in patience(ready, CREATED + 60)
    for job, moves in ((ready, True), (held_up, False)):
        frames = [painted(job, now=CREATED + 60 + step) for step in (0.1, 0.4, 0.8)]
        assert any(frame != frames[0] for frame in frames) is moves


def test_how_a_task_was_found_is_no_trouble_with_its_picture(qapp: object) -> None:
    job = a_job(JobState.READY).annotate(Problem.of(ProblemKind.SEVERAL_TASKS, found=2))
    assert state_line(job).startswith("Fetching…")


@pytest.mark.parametrize("state", [JobState.FAILED, JobState.REJECTED])
def test_a_tile_tells_why_in_the_service_s_own_words_too(qapp: object, state: JobState) -> None:
    job = a_job(state)
    assert job.problem is not None
    said = Problem.of(job.problem.kind, message="another reason altogether")
    assert painted(job) != painted(replace(job, problem=said))
    assert words_of_service(said) == "“another reason altogether”"
    assert words_of_service(Problem.of(ProblemKind.MODERATED)) == ""


@pytest.mark.parametrize(
    "charge",
    ["Wurde möglicherweise bereits in Rechnung gestellt", "可能已经从您的账户余额中扣除了这一张图片的费用"],
)
def test_the_charge_is_told_whole_at_the_narrowest_tile(qapp: object, charge: str) -> None:
    metrics = QFontMetrics(QApplication.font())
    lines = wrapped(metrics, charge, 200 - 32 - 18, 3)
    assert "".join(lines).replace(" ", "") == charge.replace(" ", "")


def strokes(image: QImage, colour: str, *, off: int = 0) -> int:
    """How many pixels of a picture have this colour; thin strokes are `off` it where they meet the ground."""
    wanted = QColor(colour)

    def is_near(x: int, y: int) -> bool:
        found = QColor.fromRgba(image.pixel(x, y))
        ways = (found.red() - wanted.red(), found.green() - wanted.green(), found.blue() - wanted.blue())
        return found.alpha() == 255 and sum(map(abs, ways)) <= off

    return sum(is_near(x, y) for x in range(image.width()) for y in range(image.height()))


def bands(image: QImage, colour: str) -> int:
    """How many stretches of rows, with other rows between them, hold strokes of this colour."""
    rows = [strokes(image.copy(0, y, image.width(), 1), colour, off=90) > 0 for y in range(image.height())]
    return sum(is_there and not before for before, is_there in pairwise([False, *rows]))


@pytest.mark.parametrize("width", [136, 160, 208])
@pytest.mark.parametrize("size", [Ratio.R1X2, Ratio.R2X1, Ratio.R1X1])
@pytest.mark.parametrize("after_s", [24.0, 1558.0])
def test_the_state_s_word_is_never_left_out(qapp: object, width: int, size: Ratio, after_s: float) -> None:
    """The sign and the word below it are of one colour, which nothing else on the tile has."""
    job = a_job(JobState.ACCEPTED, request=a_request(size=size))
    assert bands(painted(job, now=CREATED + after_s, width=width), LIGHT.accent) >= 2


UNSEEN = (
    *(ProblemKind.IMAGE_NOT_SHOWN, ProblemKind.IMAGE_SET_ASIDE, ProblemKind.IMAGE_TOO_LARGE_TO_SHOW),
    *(ProblemKind.IMAGE_FILE_DAMAGED, ProblemKind.IMAGE_FILE_MISSING),
)


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("width", [208, 136, 96])
@pytest.mark.parametrize("kind", UNSEEN)
def test_a_picture_that_cannot_be_shown_has_a_sign_and_a_word(
    qapp: object, kind: ProblemKind, width: int, tokens: Tokens
) -> None:
    is_loud = kind in {ProblemKind.IMAGE_FILE_DAMAGED, ProblemKind.IMAGE_FILE_MISSING}
    image = painted(a_job(), tokens, unseen=kind, width=width)
    stage = image.copy(QRect(8, 8, width - 16, width - 16))
    assert strokes(stage, tokens.warning if is_loud else tokens.muted) > 80
    assert strokes(stage, tokens.warning_soft if is_loud else tokens.raised) > 0.5 * (width - 16) ** 2


@pytest.mark.parametrize("kind", UNSEEN)
def test_why_a_picture_cannot_be_shown_is_told_whole_at_the_narrowest_tile(
    qapp: object, kind: ProblemKind
) -> None:
    font = QFont(QApplication.font())
    font.setBold(True)
    label, more = unseen_picture(Problem.of(kind, path="/a.png"))
    assert "…" not in " ".join(wrapped(QFontMetrics(font), label, 200 - 4 * 8, 1))
    assert "…" not in " ".join(wrapped(QFontMetrics(QApplication.font()), more, 200 - 4 * 8, 3))


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("width", [208, 96])
def test_a_picture_that_came_damaged_is_marked_where_it_can_be_seen(
    qapp: object, width: int, tokens: Tokens
) -> None:
    damaged = a_job().annotate(Problem.of(ProblemKind.DELIVERED_DAMAGED, path="/a.png.damaged"))
    plain, marked = painted(a_job(), tokens, width=width), painted(damaged, tokens, width=width)
    assert strokes(marked, tokens.warning, off=60) > strokes(plain, tokens.warning, off=60) + 8
    assert strokes(marked, tokens.warning_soft) > strokes(plain, tokens.warning_soft) + 100
    assert strokes(marked, "#ff0000") > 0.5 * strokes(plain, "#ff0000")


def test_a_picture_that_came_damaged_and_cannot_be_seen_is_called_by_what_it_is(qapp: object) -> None:
    damaged = a_job().annotate(Problem.of(ProblemKind.DELIVERED_DAMAGED, path="/a.png.damaged"))
    here = painted(a_job(), unseen=ProblemKind.IMAGE_FILE_DAMAGED)
    assert painted(damaged, unseen=ProblemKind.IMAGE_FILE_DAMAGED) != here
    came = painted(a_job(), unseen=ProblemKind.DELIVERED_DAMAGED)
    assert painted(damaged, unseen=ProblemKind.IMAGE_FILE_DAMAGED) == came


@pytest.mark.parametrize("in_haste", [True, False])
def test_a_size_that_does_not_last_has_no_colours_made_up_between_those_of_the_picture(
    qapp: object, *, in_haste: bool
) -> None:
    model = JobListModel()
    job = a_job()
    fill(model, [job])
    stripes = bytes((255, 0, 0, 255, 0, 0, 255, 255)) * (32 * 64)
    model.set_thumbnail(job.id, Bitmap(width=64, height=64, rgba=stripes))
    tile = QRect(0, 0, 101, 101)
    image = QImage(tile.size(), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    tiles = TilePainter(model)
    tiles.begin(painter, QApplication.font(), palette_of(LIGHT), tile.size(), in_haste=in_haste)
    tiles.paint(tile, 0)
    painter.end()
    colours = {image.pixelColor(x, 50).name() for x in range(20, 80)}
    assert (colours == {"#ff0000", "#0000ff"}) is in_haste


@pytest.mark.expects_log("tile not painted")
def test_a_broken_tile_is_logged_and_not_raised(qapp: object, caplog: pytest.LogCaptureFixture) -> None:
    def stopped() -> float:
        if times.pop(0):
            return CREATED
        raise ValueError("no clock")

    times = [True, False]
    model = JobListModel()
    fill(model, [a_job(JobState.ACCEPTED)])
    tile = QRect(0, 0, 220, 268)
    image = QImage(220, 268, QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(image)
    tiles = TilePainter(model, clock=stopped)
    tiles.begin(painter, QApplication.font(), palette_of(LIGHT), tile.size())
    tiles.paint(tile, 0)
    painter.end()
    assert "tile not painted" in caplog.text
    assert model.index(0).data(Role.STATE) == "accepted"


def test_the_bin_counts_whole_days_rounded_up() -> None:
    job = replace(a_job(JobState.SAVED), binned_at=1_000_000.0)
    assert days_in_bin(job, 1_000_005.0) == "30 days left"
    assert days_in_bin(job, 1_000_000.0 + 28.5 * 86_400) == "2 days left"
    assert days_in_bin(job, 1_000_000.0 + 29.5 * 86_400) == "12 h left"
