"""The documents are true to the program: their links, menu names, keys, search words, sizes and prices."""

from __future__ import annotations

import ast
import itertools
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut

from gptimg_desktop.core.prices import PUBLISHED, money
from gptimg_desktop.core.query_names import FACTS, FIELDS, SHAPES, STATES
from gptimg_desktop.core.sizes import TABLE
from gptimg_desktop.core.span import span
from gptimg_desktop.ui.deeds import Deed, deed_of, keys_of
from gptimg_desktop.ui.gallery.model import JobListModel
from gptimg_desktop.ui.main_window import MainWindow
from tests.architecture.test_catalogue import GROUPS
from tests.architecture.test_texts import all_user_texts
from tests.support.documents import anchors, code_in, headings, links, table_with, tables, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

ROOT: Final = Path(__file__).parents[2]
GUIDE, GUIDE_ZH = ROOT / "docs" / "guide.md", ROOT / "docs" / "guide.zh.md"
GUIDES: Final = (GUIDE, GUIDE_ZH)
AT_TOP: Final = tuple(ROOT / f"{name}.md" for name in ("README", "CONTRIBUTING", "ARCHITECTURE"))
DOCUMENTS: Final = (*AT_TOP, *sorted((ROOT / "docs").glob("*.md")))
UI: Final = ROOT / "gptimg_desktop" / "ui"

# Links


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_and_picture_leads_somewhere(document: Path) -> None:
    lost = []
    for link in links(document):
        name, _, part = link.partition("#")
        target = (document.parent / name) if name else document
        if not target.exists() or (part and part not in anchors(target)):
            lost.append(link)
    assert lost == []


def test_the_search_for_links_finds_them() -> None:
    assert {"docs/guide.md", "docs/images/main-light.png", "tests/faults/catalogue"} <= set(links(AT_TOP[0]))
    assert "#when-something-goes-wrong" in links(GUIDE)
    assert "出问题时" in anchors(GUIDE_ZH)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_is_one_of_the_starter(document: Path) -> None:
    known = set(re.findall(r"^# \./run ([a-z]+) ", (ROOT / "run").read_text("utf-8"), re.MULTILINE))
    assert {"test", "check", "bench"} <= known
    assert set(re.findall(r"\./run ([a-z]\S*?)\b", document.read_text("utf-8"))) <= known | {"practice"}


# The two guides


def test_both_guides_have_the_same_parts() -> None:
    levels = [[level for level, _ in headings(guide)] for guide in GUIDES]
    assert levels[0] == levels[1]
    shapes = [[(len(table), len(table[0])) for table in tables(guide)] for guide in GUIDES]
    assert shapes[0] == shapes[1]
    pictures = [[link.replace("-zh", "") for link in links(guide) if "images/" in link] for guide in GUIDES]
    assert [link.replace("main-light", "main") for link in pictures[0]] == pictures[1]


def test_both_guides_have_the_same_keys_and_search_words() -> None:
    for english, chinese in zip(tables(GUIDE), tables(GUIDE_ZH), strict=True):
        for row, same in zip(english, chinese, strict=True):
            if row[0] in {"shapes", "states", "facts", "times"} or row[0].startswith("`"):
                assert code_in(same[1]) == code_in(row[1])
    keys = [
        [row[1] for row in table_with(*where)[1:]] for where in ((GUIDE, "anywhere"), (GUIDE_ZH, "任何位置"))
    ]
    assert keys[0] == keys[1]


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_every_bold_name_stands_in_the_window(guide: Path) -> None:
    shown = all_user_texts()
    names = set(re.findall(r"\*\*(.+?)\*\*", text_of(guide))) - {"bold", "粗体"}  # where it speaks of that
    assert len(names) > 60
    assert [name for name in names if not any(name in text for text in shown)] == []


def test_every_slanted_name_of_the_readme_stands_in_the_window() -> None:
    shown = all_user_texts()
    names = re.findall(r"(?<!\*)\*([^*\n]+)\*(?!\*)", text_of(AT_TOP[0]))
    assert len(set(names)) > 20
    assert [name for name in names if not any(name in text for text in shown)] == []


# Sizes, prices, counts


@pytest.mark.parametrize(("guide", "first"), [(GUIDE, "1:1"), (GUIDE_ZH, "1:1")])
def test_the_table_of_sizes_is_the_programs(guide: Path, first: str) -> None:
    rows = table_with(guide, first)[1:]
    told = {row[0]: [re.findall(r"\d+×\d+", cell) for cell in row[1:]] for row in rows}
    assert told == {
        ratio.value: [[size.label for size in sizes] for sizes in tiers.values()]
        for ratio, tiers in TABLE.items()
    }


def test_the_prices_are_the_programs() -> None:
    prices = [money(price) for price in PUBLISHED.per_image.values()]
    assert [row[1] for row in table_with(GUIDE, "1K")[1:]] == prices
    assert [row[1] for row in table_with(GUIDE_ZH, "1K")[1:]] == prices
    assert table_with(AT_TOP[0], "an image of")[1][1:] == prices
    assert PUBLISHED.as_of.strftime("%B %Y") in table_with(AT_TOP[0], "an image of")[1][0]


def test_the_number_of_known_faults_is_right() -> None:
    count = sum(map(len, GROUPS.values()))
    assert f"[{count} rows](tests/faults/catalogue)" in AT_TOP[0].read_text("utf-8")
    assert f"of {count} faults" in (ROOT / "docs" / "figures.md").read_text("utf-8")


# Search words


def test_every_field_of_the_search_is_told_and_known() -> None:
    rows = table_with(GUIDE, "`size:`")[1:]
    told = {
        name.rstrip(":"): row[0].strip("`:") for row in rows for name in code_in((row[0] + row[1]).casefold())
    }
    assert told == {name: str(field) for name, field in FIELDS.items()}


def test_every_word_of_the_search_is_told_and_known() -> None:
    told = {row[0]: code_in(row[1]) for row in table_with(GUIDE, "facts")}
    assert set(told["shapes"]) == set(SHAPES)
    assert set(told["states"]) == set(STATES)
    assert set(told["facts"]) == set(FACTS)
    assert [word for word in told["times"] if span(word, time.time()) is None] == []


# Keys

_NAMES: Final = {
    "Return": "Enter",
    "Escape": "Esc",
    "Delete": "Del",
    "Backtab": "Tab",
    "PageUp": "PgUp",
    "PageDown": "PgDown",
    "Plus": "+",
    "Equal": "+",
    "Minus": "-",
}
"""Keys as they are printed, by what Qt calls them, where that differs."""
_STANDARD: Final = {"Undo": "Z", "Redo": "Z", "Paste": "V", "Copy": "C", "Delete": "Del"}
_UNTOLD: Final = frozenset({"Select"})
"""A key of remote controls."""
_ON_KEYBOARDS: Final = (*range(0x20, 0x60), *range(Qt.Key.Key_Escape, Qt.Key.Key_F35))
"""Qt's numbers of the keys that every keyboard has."""
_OF_QT: Final = frozenset({"A", "/"})
"""Told in the guide, and done by Qt's own widgets or by what is typed."""


def keys_told(*, of: str = "") -> set[str]:
    """All keys of the guide's table, in the rows for these places or in all."""
    rows = table_with(GUIDE, "anywhere")[1:]
    cells = ", ".join(row[1] for row in rows if row[0].startswith(of))
    digits = ", ".join(str(number) for number in range(1, 10))
    return set(cells.replace("1 to 9", digits).split(", "))


def base(keys: str) -> str:
    """A key without what is held with it."""
    return keys.rpartition("+")[2] or "+"


def deed_keys() -> Iterator[str]:
    """Every key, with Ctrl, Shift or none of them, that is one for a picture."""
    plain, held = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier
    for key, modifiers in itertools.product(_ON_KEYBOARDS, (plain, held.ControlModifier, held.ShiftModifier)):
        event = QKeyEvent(QEvent.Type.KeyPress, key, modifiers)
        if deed_of(event) is not None:
            yield QKeySequence(event.keyCombination()).toString()


def named_in_sources() -> set[str]:
    """Every key that the window's code asks for."""
    found = set()
    for path in UI.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr.startswith("Key_"):
                name = node.attr.removeprefix("Key_")
                found.add(_NAMES.get(name, name))
            elif isinstance(node, ast.Attribute) and ast.unparse(node.value).endswith("StandardKey"):
                found.add(_STANDARD[node.attr])
    return found - _UNTOLD


def test_every_key_for_a_picture_is_told_and_known() -> None:
    assert keys_told(of="tiles, details") == set(deed_keys())
    assert {keys_of(deed).toString() for deed in Deed} <= keys_told(of="tiles, details")


def test_every_key_of_the_window_is_told_and_known(qtbot: QtBot) -> None:
    window = MainWindow(JobListModel())
    qtbot.addWidget(window)
    shortcuts = {shortcut.key().toString() for shortcut in window.findChildren(QShortcut)}
    assert shortcuts - {"Esc"} == keys_told(of="anywhere") | {"Alt+R"}
    assert "Alt+R" in keys_told(of="left side")


def test_every_other_key_is_told_and_known(qtbot: QtBot) -> None:
    window = MainWindow(JobListModel())
    qtbot.addWidget(window)
    shortcuts = {shortcut.key().toString() for shortcut in window.findChildren(QShortcut)}
    known = named_in_sources() | set(map(base, shortcuts)) | set(map(base, deed_keys())) | _OF_QT
    digits = {str(number) for number in range(1, 10)}  # reckoned from the first by the references
    assert set(map(base, keys_told())) == known | digits
