"""What the details show of other jobs: the run, what a picture came from, what it led to."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from gptimg_desktop.core.job import JobState
from gptimg_desktop.core.lineage import Lineage
from gptimg_desktop.core.reference import FileReference
from gptimg_desktop.ui.details.panel import DetailsPanel
from gptimg_desktop.ui.details.relatives_row import RelativesRow
from tests.ui.eyes import heard, text_of
from tests.ui.jobs import a_bitmap, a_job, a_queued_job, a_request

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gptimg_desktop.core.job import Job
    from gptimg_desktop.ui.details.relative_tile import RelativeTile


@pytest.fixture
def panel(qtbot: QtBot) -> DetailsPanel:
    made = DetailsPanel()
    qtbot.addWidget(made)
    made.resize(300, 900)
    made.show()
    return made


def row(panel: DetailsPanel, name: str) -> RelativesRow:
    found = panel.findChild(RelativesRow, f"relatives{name}")
    assert isinstance(found, RelativesRow)
    return found


def tiles(panel: DetailsPanel, name: str) -> list[RelativeTile]:
    return list(row(panel, name).tiles) if row(panel, name).isVisible() else []


def ids(panel: DetailsPanel, name: str) -> list[str]:
    return [tile.job.id for tile in tiles(panel, name) if tile.job is not None]


def lineage(*numbers: int, of: int, **more: object) -> Lineage:
    run = tuple(a_job(JobState.SAVED, number) for number in numbers)
    told = {"run": run, "run_count": len(run)} | more
    return Lineage(job_id=f"job-{of}", **told)  # type: ignore[arg-type]


def made_from(number: int, maker: int) -> Job:
    reference = FileReference(
        sha256="0", media_type="image/png", size_bytes=9, width=4, height=4, name="a", job_id=f"job-{maker}"
    )
    job = a_queued_job(number, a_request(references=(reference,)))
    return replace(job, run_id=f"run-{number}")


def test_relatives_are_asked_for_and_shown_with_their_pictures(panel: DetailsPanel) -> None:
    wanted, pictures = heard(panel.lineage_wanted), heard(panel.small_pictures_wanted)
    panel.set_job(a_job(JobState.SAVED, 2))
    assert wanted == ["job-2"]
    other = replace(a_job(JobState.FAILED, 9), run_id="run-9")
    panel.set_lineage(lineage(1, 2, 3, of=2, came_from=(other,), led_to=(a_job(number=5),), led_to_count=1))
    assert (ids(panel, "Run"), ids(panel, "CameFrom"), ids(panel, "LedTo")) == (
        ["job-1", "job-2", "job-3"],
        ["job-9"],
        ["job-5"],
    )
    told = text_of(panel)
    assert "Run of 3" in told
    assert "Came from" in told
    assert "Led to" in told
    assert [[job.id for job in jobs] for jobs in pictures] == [["job-1", "job-2", "job-3", "job-5"]]  # type: ignore[attr-defined]
    panel.set_small_picture("job-3", a_bitmap())
    panel.set_small_picture("nobody", a_bitmap())
    assert [tile.image.isNull() for tile in tiles(panel, "Run")] == [True, True, False]


def test_a_job_alone_has_no_rows(panel: DetailsPanel) -> None:
    panel.set_job(a_job())
    panel.set_lineage(lineage(1, of=1))
    assert not any(tiles(panel, name) for name in ("Run", "CameFrom", "LedTo"))


def test_the_relatives_of_another_job_are_dropped(panel: DetailsPanel) -> None:
    panel.set_job(a_job(number=1))
    panel.set_lineage(lineage(2, 3, of=2))
    assert ids(panel, "Run") == []
    panel.set_lineage(lineage(1, 2, of=1))
    panel.set_job(None)
    assert ids(panel, "Run") == []


def test_a_click_goes_there_and_the_shown_one_stays(panel: DetailsPanel) -> None:
    wishes = heard(panel.show_job_requested)
    panel.set_job(a_job(number=2))
    panel.set_lineage(lineage(1, 2, of=2))
    for tile in tiles(panel, "Run"):
        QTest.mouseClick(tile, Qt.MouseButton.LeftButton)
    assert wishes == ["job-1"]
    assert "shown now" in tiles(panel, "Run")[1].accessibleName()


def test_what_is_not_known_yet_cannot_be_clicked(panel: DetailsPanel) -> None:
    wishes = heard(panel.show_job_requested)
    panel.set_job(a_job(number=2))
    panel.set_lineage(lineage(1, 2, of=2))
    panel.set_job(replace(a_job(number=7), run_id="another"))
    for tile in tiles(panel, "Run"):
        QTest.mouseClick(tile, Qt.MouseButton.LeftButton)
    assert wishes == []


def test_one_walks_through_a_run_without_a_flicker(panel: DetailsPanel) -> None:
    panel.set_job(a_job(number=1))
    panel.set_lineage(lineage(1, 2, 3, of=1))
    before = tiles(panel, "Run")
    panel.set_job(a_job(number=2))
    assert tiles(panel, "Run") == before
    assert all(tile.isEnabled() for tile in before)
    shown = ["shown now" in tile.accessibleName() for tile in before]
    assert shown == [False, True, False]
    panel.set_lineage(lineage(1, 2, 3, of=2))
    assert tiles(panel, "Run") == before


def test_one_stop_for_tab_and_arrows_from_there(panel: DetailsPanel, qtbot: QtBot) -> None:
    wishes = heard(panel.show_job_requested)
    panel.set_job(a_job(number=9))
    panel.set_lineage(lineage(1, 2, 3, of=9))
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    found = tiles(panel, "Run")
    stops = [bool(tile.focusPolicy() & Qt.FocusPolicy.TabFocus) for tile in found]
    assert stops == [True, False, False]
    found[0].setFocus()
    QTest.keyClick(found[0], Qt.Key.Key_Right)
    assert found[1].hasFocus()
    QTest.keyClick(found[1], Qt.Key.Key_Return)
    assert wishes == ["job-2"]


@pytest.mark.parametrize("width", [280, 340])
def test_more_than_fit_are_counted_and_the_shown_one_is_among_those_seen(
    panel: DetailsPanel, width: int
) -> None:
    panel.resize(width, 900)
    panel.set_job(a_job(number=20))
    panel.set_lineage(lineage(*range(1, 25), of=20, run_count=100))
    QTest.qWait(1)
    seen = tiles(panel, "Run")
    assert 8 <= len(seen) <= 13
    assert "job-20" in ids(panel, "Run")
    assert f"+{100 - len(seen)}" in text_of(panel)
    assert "Run of 100" in text_of(panel)
    places = [QRect(tile.mapTo(panel, QPoint(0, 0)), tile.size()) for tile in seen]
    assert all(panel.rect().contains(place) for place in places)
    assert not any(one.intersects(other) for i, one in enumerate(places) for other in places[:i])


def test_a_relative_follows_its_changes_and_new_ones_are_looked_for(panel: DetailsPanel) -> None:
    panel.set_job(a_job(number=1))
    panel.set_lineage(lineage(of=1, run=(a_job(number=1), a_job(JobState.ACCEPTED, 2)), run_count=2))
    wanted, pictures = heard(panel.lineage_wanted), heard(panel.small_pictures_wanted)
    panel.note_job(a_job(JobState.SAVED, 2))
    assert tiles(panel, "Run")[1].job == a_job(JobState.SAVED, 2)
    assert "job-2" in [job.id for jobs in pictures for job in jobs]  # type: ignore[attr-defined]
    assert wanted == []
    panel.note_job(made_from(5, maker=9))
    assert wanted == []
    panel.note_job(made_from(6, maker=1))
    panel.note_job(a_queued_job(7))
    assert wanted == ["job-1", "job-1"]


def test_what_comes_late_moves_no_button(panel: DetailsPanel) -> None:
    def places() -> list[QPoint]:
        for _ in range(6):
            QTest.qWait(2)
        buttons = [each for each in panel.findChildren(QPushButton) if each.isVisible()]
        return [each.mapTo(panel, QPoint(0, 0)) for each in buttons]

    panel.set_job(a_job(number=2))
    before = places()
    panel.set_lineage(lineage(1, 2, 3, of=2, led_to=(a_job(number=5),), led_to_count=1))
    assert places() == before


def test_a_prompt_is_no_markup_in_a_tip(panel: DetailsPanel) -> None:
    job = a_job(number=2, request=a_request("<img src=x> & <b>bold</b>"))
    panel.set_job(a_job(number=1))
    panel.set_lineage(lineage(of=1, run=(a_job(number=1), job), run_count=2))
    assert "&lt;img src=x&gt; &amp; &lt;b&gt;" in tiles(panel, "Run")[1].toolTip()
    assert panel.findChildren(QLabel)
