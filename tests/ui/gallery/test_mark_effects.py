"""What is told of a mark without reading a job is what the job itself would tell."""

from __future__ import annotations

from itertools import product

import pytest

from gptimg_desktop.core.filter import JobFilter, View
from gptimg_desktop.core.job import Job, JobState
from gptimg_desktop.core.mark import Mark
from gptimg_desktop.ui.gallery.mark_effects import moves_nothing, takes_away
from tests.ui.jobs import a_job

LATER = 2.0


def jobs_of_every_kind() -> list[Job]:
    jobs = []
    for state, earlier, where in product(
        JobState, (Mark.PICKED, Mark.REJECTED, Mark.PLAIN), (Mark.BINNED, Mark.RESTORED)
    ):
        jobs.append(a_job(state, 1).marked(earlier, 1.0).marked(where, 1.0))
    return jobs


@pytest.mark.parametrize("view", View)
@pytest.mark.parametrize("mark", Mark)
def test_a_mark_takes_from_a_view_what_the_view_does_not_show_with_it(mark: Mark, view: View) -> None:
    is_any_shown = any(view.shows(job.marked(mark, LATER)) for job in jobs_of_every_kind())
    assert takes_away(mark, view) is not is_any_shown


@pytest.mark.parametrize("view", View)
@pytest.mark.parametrize("mark", Mark)
def test_where_a_mark_moves_nothing_every_job_stays_in_or_out(mark: Mark, view: View) -> None:
    jobs = jobs_of_every_kind()
    if moves_nothing(mark, JobFilter(view=view)):
        assert [view.shows(job) for job in jobs] == [view.shows(job.marked(mark, LATER)) for job in jobs]
    assert not moves_nothing(mark, JobFilter(view=view, text="oak"))
