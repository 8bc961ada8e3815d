"""Why the gallery is empty, and the way out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gptimg_desktop.core.filter import JobFilter, Sort, View
from gptimg_desktop.ui.gallery.empty_state import EmptyState
from tests.ui.eyes import heard, press, text_of, visible_buttons

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def page(qtbot: QtBot) -> EmptyState:
    made = EmptyState()
    qtbot.addWidget(made)
    made.resize(600, 500)
    made.show()
    return made


def test_the_first_start_invites(page: EmptyState) -> None:
    page.explain(has_jobs=False, shown=JobFilter(text="oak"))
    assert "Your pictures appear here" in text_of(page)
    assert visible_buttons(page) == set()


def test_a_search_without_a_hit_says_what_was_sought_and_can_be_cleared(page: EmptyState) -> None:
    page.explain(has_jobs=True, shown=JobFilter(text="猫 size:16:9", sort=Sort.COST))
    assert "“猫 size:16:9”" in text_of(page)
    assert visible_buttons(page) == {"Clear the search"}
    wider = heard(page.wider_filter_wanted)
    press(page, "emptyClearSearch")
    assert wider == [JobFilter(sort=Sort.COST)]


@pytest.mark.parametrize(
    "shown", [JobFilter(text="oak", view=View.PICKS), JobFilter(text="oak", collection=2)]
)
def test_a_search_in_a_part_can_be_taken_to_everything(page: EmptyState, shown: JobFilter) -> None:
    page.explain(has_jobs=True, shown=shown)
    assert "only" in text_of(page)
    wider = heard(page.wider_filter_wanted)
    press(page, "emptyLookInAll")
    assert wider == [JobFilter(text="oak")]


def test_a_long_search_is_not_repeated_whole(page: EmptyState) -> None:
    page.explain(has_jobs=True, shown=JobFilter(text="word " * 2_000))
    assert len(text_of(page)) < 300


@pytest.mark.parametrize("view", list(View))
def test_every_view_has_its_words(page: EmptyState, view: View) -> None:
    page.explain(has_jobs=True, shown=JobFilter(view=view))
    assert len(text_of(page).splitlines()) == 2
    assert visible_buttons(page) == set()


def test_the_bin_is_named_only_where_something_is_in_it(page: EmptyState) -> None:
    page.explain(has_jobs=True, shown=JobFilter())
    assert "Nothing is here" in text_of(page)
    assert "bin" not in text_of(page).casefold()
    page.set_in_bin(2)
    assert "All pictures are in the bin" in text_of(page)
    page.set_in_bin(0)
    assert "Nothing is here" in text_of(page)


def test_an_empty_collection_says_how_it_is_filled(page: EmptyState) -> None:
    page.explain(has_jobs=True, shown=JobFilter(collection=1))
    assert "collection is empty" in text_of(page)
