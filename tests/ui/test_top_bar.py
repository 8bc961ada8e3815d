"""The bar above everything: search, views, order, how tiles look."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLineEdit,
    QMenu,
    QPushButton,
    QSlider,
    QToolButton,
    QToolTip,
)

from gptimg_desktop.core.filter import JobFilter, Sort, View
from gptimg_desktop.core.settings import Theme
from gptimg_desktop.ui import theme
from gptimg_desktop.ui.gallery.tile_size import LEAST_TILE, MOST_TILE
from gptimg_desktop.ui.top_bar import TopBar
from tests.ui.eyes import heard, press

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot


@pytest.fixture
def bar(qtbot: QtBot, qapp: QApplication) -> Iterator[TopBar]:
    """As the program dresses it, since its widths are those of its style."""
    theme.apply(qapp, Theme.LIGHT)
    made = TopBar()
    qtbot.addWidget(made)
    made.resize(1360, 50)
    made.show()
    yield made
    theme.apply(qapp, Theme.SYSTEM)


def search(bar: TopBar) -> QLineEdit:
    found = bar.findChild(QLineEdit, "searchEdit")
    assert isinstance(found, QLineEdit)
    return found


def needs_you(bar: TopBar) -> QPushButton:
    found = bar.findChild(QPushButton, "filter_needs_you")
    assert isinstance(found, QPushButton)
    return found


def slider(bar: TopBar) -> QSlider:
    found = bar.findChild(QSlider, "tileSizeSlider")
    assert isinstance(found, QSlider)
    return found


def choose_order(bar: TopBar, name: str) -> None:
    press(bar, "sortButton")
    menu = bar.findChild(QMenu, "sortMenu")
    assert isinstance(menu, QMenu)
    assert menu.isVisible()
    action = menu.findChild(QAction, name)
    assert isinstance(action, QAction)
    action.trigger()
    menu.hide()


def test_a_view_is_told_at_once(bar: TopBar) -> None:
    filters = heard(bar.filter_changed)
    for view in (View.BIN, View.BIN, View.NEEDS_YOU):
        press(bar, f"filter_{view}")
    assert filters == [JobFilter(view=View.BIN), JobFilter(view=View.NEEDS_YOU)]


def test_every_key_is_a_search(bar: TopBar) -> None:
    filters = heard(bar.filter_changed)
    QTest.keyClicks(search(bar), "oak ")
    assert filters == [JobFilter(text="o"), JobFilter(text="oa"), JobFilter(text="oak")]


@pytest.mark.qt_log_ignore("raise", "grabbing the keyboard", extend=True)  # as menus do
def test_an_order_is_told_and_said(bar: TopBar) -> None:
    filters = heard(bar.filter_changed)
    choose_order(bar, "sort_cost_reverse")
    assert filters == [JobFilter(sort=Sort.COST, reverse=True)]
    button = bar.findChild(QToolButton, "sortButton")
    assert isinstance(button, QToolButton)
    assert "Cheapest first" in button.accessibleName()
    assert button.property("differs")
    choose_order(bar, "sort_time")
    assert filters[-1] == JobFilter()
    assert not button.property("differs")


def test_a_filter_from_elsewhere_is_shown_and_told_once(bar: TopBar) -> None:
    filters = heard(bar.filter_changed)
    wanted = JobFilter(view=View.PICKS, text="oak", collection=3, sort=Sort.SIZE, reverse=True)
    bar.set_filter(wanted)
    bar.set_filter(wanted)
    assert filters == [wanted]
    assert search(bar).text() == "oak"
    button = bar.findChild(QPushButton, "filter_picks")
    assert isinstance(button, QPushButton)
    assert button.isChecked()
    press(bar, "filter_all")
    assert filters[-1] == JobFilter(text="oak", collection=3, sort=Sort.SIZE, reverse=True)


def test_new_jobs_are_shown_whatever_the_view_was(bar: TopBar) -> None:
    bar.set_filter(JobFilter(view=View.BIN, text="oak"))
    bar.show_new()
    assert bar.filter == JobFilter(text="oak")
    bar.set_filter(JobFilter(view=View.RUNNING))
    bar.show_new()
    assert bar.filter == JobFilter(view=View.RUNNING)


def test_what_needs_the_user_is_counted(bar: TopBar) -> None:
    bar.set_needs_you(2)
    assert "2" in needs_you(bar).text()
    assert "2" in needs_you(bar).accessibleName()
    bar.set_needs_you(0)
    assert needs_you(bar).text() == "Needs you"


def test_icons_are_drawn_anew_only_where_they_change(bar: TopBar) -> None:
    def drawn() -> dict[str, int]:
        return {button.objectName(): button.icon().cacheKey() for button in bar.findChildren(QPushButton)}

    before = drawn()
    bar.set_needs_you(0)
    assert drawn() == before
    bar.set_needs_you(1)
    one = drawn()
    assert {name for name, key in one.items() if key != before[name]} == {"filter_needs_you"}
    for count in (1, 1, 2):
        bar.set_needs_you(count)
    assert drawn() == one
    bar.set_needs_you(0)
    assert drawn()["filter_needs_you"] != one["filter_needs_you"]


def test_a_narrow_bar_tells_views_by_signs_and_keeps_their_names(bar: TopBar) -> None:
    bar.set_needs_you(3)
    bar.resize(900, 50)
    assert bar.minimumSizeHint().width() <= 900
    assert search(bar).width() >= 240
    for name, said in (("picks", "Picks"), ("running", "Running"), ("bin", "Bin")):
        button = bar.findChild(QPushButton, f"filter_{name}")
        assert isinstance(button, QPushButton)
        assert (button.text(), button.accessibleName(), button.toolTip()) == ("", said, said)
        assert not button.icon().isNull()
    assert needs_you(bar).text() == "3"
    bar.resize(1360, 50)
    assert needs_you(bar).text() == "Needs you  3"
    assert bar.minimumSizeHint().width() <= 900


def test_everything_in_it_can_be_named_and_none_lies_over_another(bar: TopBar) -> None:
    for width in (900, 1060, 1360):
        bar.resize(width, 50)
        shown = [each for each in bar.findChildren(QAbstractButton) if each.isVisible()]
        assert all(each.accessibleName() for each in shown)
        outer = [each for each in shown if each.parentWidget() is bar]
        places = sorted((each.geometry() for each in outer), key=lambda place: place.left())
        for left, right in itertools.pairwise(places):
            assert left.right() < right.left()
        assert places[-1].right() <= width


def test_the_size_of_tiles_is_told_as_it_changes(bar: TopBar) -> None:
    sizes = heard(bar.tile_size_changed)
    slider(bar).setFocus()
    QTest.keyClick(slider(bar), Qt.Key.Key_Right)
    assert sizes == [slider(bar).value()]
    QTest.keyClick(slider(bar), Qt.Key.Key_End)
    assert sizes[-1] == MOST_TILE
    press(bar, "tilesSmaller")
    assert LEAST_TILE < sizes[-1] < MOST_TILE
    press(bar, "tilesLarger")
    assert sizes[-1] == MOST_TILE


def test_what_came_from_elsewhere_is_shown_and_not_told(bar: TopBar) -> None:
    sizes, captions = heard(bar.tile_size_changed), heard(bar.captions_toggled)
    bar.set_tile_size(120)
    bar.set_captions(shown=False)
    assert slider(bar).value() == 120
    assert sizes == captions == []


def test_captions_are_told(bar: TopBar) -> None:
    told = heard(bar.captions_toggled)
    press(bar, "captionsButton")
    press(bar, "captionsButton")
    assert told == [False, True]


def test_a_click_on_a_switch_leaves_no_frame_that_looks_like_on(bar: TopBar) -> None:
    bar.focus_search()
    for name in ("captionsButton", "detailsButton"):
        press(bar, name)
        button = bar.findChild(QToolButton, name)
        assert isinstance(button, QToolButton)
        assert not button.hasFocus()
        assert button.focusPolicy() & Qt.FocusPolicy.TabFocus


@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("reverse", [False, True])
def test_the_order_comes_back_and_nothing_else_of_the_filter(
    bar: TopBar, qtbot: QtBot, sort: Sort, reverse: bool
) -> None:
    bar.set_filter(JobFilter(view=View.PICKS, text="oak", collection=3, sort=sort, reverse=reverse))
    state = json.loads(json.dumps(bar.order_state()))
    other = TopBar()
    qtbot.addWidget(other)
    other.restore_order(state)
    assert other.filter == JobFilter(sort=sort, reverse=reverse)
    other.set_filter(replace(other.filter, view=View.BIN))
    assert other.filter == JobFilter(view=View.BIN, sort=sort, reverse=reverse)


@pytest.mark.parametrize(
    "state",
    [
        None,
        [],
        "cost",
        {},
        {"sort": "cost"},
        {"sort": [], "reverse": True},
        {"sort": "colour", "reverse": True},
    ],
)
def test_an_order_that_is_none_is_taken_for_none(bar: TopBar, state: object) -> None:
    bar.restore_order(state)
    assert bar.filter == JobFilter()


@pytest.mark.qt_log_ignore("raise", extend=True)
def test_captions_that_have_no_room_say_so(bar: TopBar) -> None:
    button = bar.findChild(QToolButton, "captionsButton")
    assert isinstance(button, QToolButton)
    bar.set_caption_room(is_there=False)
    assert not button.isEnabled()
    assert "too small" in button.toolTip()
    assert button.accessibleDescription() == button.toolTip()
    at = button.rect().center()
    QApplication.sendEvent(button, QHelpEvent(QEvent.Type.ToolTip, at, button.mapToGlobal(at)))
    assert QToolTip.text() == button.toolTip()  # greyed it tells it all the same
    QToolTip.hideText()
    bar.set_caption_room(is_there=True)
    assert button.isEnabled()
    assert (button.toolTip(), button.accessibleDescription()) == ("Captions", "")


@pytest.mark.qt_log_ignore("raise", "grabbing the keyboard", extend=True)
def test_the_library_has_its_menu(bar: TopBar) -> None:
    wishes = heard(bar.library_menu.import_files_requested)
    press(bar, "libraryButton")
    assert bar.library_menu.isVisible()
    QTest.keyClick(bar.library_menu, Qt.Key.Key_Down)
    QTest.keyClick(bar.library_menu, Qt.Key.Key_Return)
    assert wishes == [None]
