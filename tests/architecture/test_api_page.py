"""The table of the API's page is whole: every row has its tests, every test is there, every cell is right.

The page itself is not ours to hand on. Where `IMAGE_API_PAGE` names a copy of its text, the table is held
against it line by line.
"""

from __future__ import annotations

import ast
import os
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from gptimg_desktop.core.sizes import AUTO, Ratio, Tier, outcomes, parse_size
from tests.architecture.api_page import CELLS, INVENTORY, RATIOS, TABLE, TIERS, Part, Row, cells

ROOT = Path(__file__).parents[2]


@cache
def collected_from(name: str) -> frozenset[str]:
    """The tests of a file as node ids name them; those that are always skipped do not count."""
    file = ROOT / name
    if not (file.is_file() and file.name.startswith("test_")):
        return frozenset()
    return frozenset(_tests_of(ast.parse(file.read_text("utf-8")).body))


def _tests_of(body: list[ast.stmt], inside: str = "") -> list[str]:
    found: list[str] = []
    for node in body:
        if isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            found += _tests_of(node.body, f"{inside}{node.name}::")
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            marks = " ".join(ast.unparse(decorator) for decorator in node.decorator_list)
            if not re.search(r"\b(skip|skipif|xfail)\b", marks):
                found.append(inside + node.name)
    return found


def missing(row: Row) -> list[str]:
    """The named tests that are not there."""
    parted = (node.partition("::") for node in row.shown_by)
    return [f"{file}::{test}" for file, _, test in parted if test not in collected_from(file)]


def test_every_row_names_tests_that_exist() -> None:
    assert {f"{row.part}: {row.name}": gone for row in TABLE if (gone := missing(row))} == {}
    assert [row for row in TABLE if not row.shown_by] == []


def test_a_test_that_is_gone_is_noticed() -> None:
    here = "tests/architecture/test_api_page.py"
    wrong = (
        f"{here}::test_nobody_wrote_this",
        f"{here}::missing",
        "tests/architecture/test_of_nobody.py::test_x",
        "tests/architecture/api_page.py::cells",
    )
    right = f"{here}::test_a_test_that_is_gone_is_noticed"
    assert missing(Row(part=Part.NOTE, name="x", says="x", shown_by=(*wrong, right))) == list(wrong)
    inside = "tests/ui/test_details.py"
    assert "TestUnconfirmed::test_look_and_close" in collected_from(inside)
    assert "test_look_and_close" not in collected_from(inside)


def test_the_table_has_each_row_of_the_page_once() -> None:
    wanted = Counter((part, name) for part, names in INVENTORY.items() for name in names)
    assert set(INVENTORY) == set(Part)
    assert Counter((row.part, row.name) for row in TABLE) == wanted
    assert set(wanted.values()) == {1}


def test_every_row_says_something_of_its_own() -> None:
    assert [row.name for row in TABLE if len(row.says) < 10] == []
    repeated = Counter((row.part, row.says) for row in TABLE if row.part is not Part.CELL)
    assert max(repeated.values()) == 1


def test_the_cells_are_those_that_the_program_promises() -> None:
    assert len(cells()) == 45
    assert tuple(ratio.value for ratio in Ratio) == RATIOS
    assert tuple(tier.value for tier in Tier) == TIERS
    for (ratio, tier), sizes in cells().items():
        assert tuple(map(str, outcomes(Ratio(ratio), Tier(tier)))) == sizes
    assert sum(map(len, cells().values())) == CELLS.count("x") == 56


@pytest.mark.parametrize("word", INVENTORY[Part.SIZE][:-1])
def test_every_size_word_is_one_of_the_program(word: str) -> None:
    assert str(parse_size(word)) == word
    assert parse_size(word) == AUTO or isinstance(parse_size(word), Ratio)


# Against a copy of the page

_CELL_LINE = re.compile(r"(\d+:\d+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|")
_WORD_LINE = re.compile(r"(auto|\d+:\d+) \| (?:Automatic|Square|Landscape|Portrait) \|")
_STATE_LINE = re.compile(r"(\w+) \| ([^|]+) \|")
_SENTENCE_END = re.compile(r"- (?=[A-Z0-9])|(?<=[.:)])(?=[A-Z])")
_FURNITURE = (
    "Fetch the complete documentation index",
    "Use this file to discover",
    "Text-to-image (minimal request)",
    "| Status | Meaning |",
)
"""What has words enough for a sentence and yet only leads on."""
_FEWEST_WORDS = 4
"""Pieces with fewer are headings, and names that the text tore out of their sentences."""


@pytest.fixture
def page() -> str:
    place = os.environ.get("IMAGE_API_PAGE", "")
    if not place:
        pytest.skip("IMAGE_API_PAGE names no copy of the page")
    return Path(place).read_text("utf-8")


def test_the_page_has_these_cells_and_no_others(page: str) -> None:
    told = {
        (match[1], tier): tuple(size.strip().replace("×", "x") for size in match[2 + n].split("/"))
        for match in map(_CELL_LINE.fullmatch, page.splitlines())
        if match
        for n, tier in enumerate(TIERS)
    }
    assert told == cells()


def test_the_page_has_these_words_for_sizes_and_states_and_no_others(page: str) -> None:
    words = [match[1] for match in map(_WORD_LINE.fullmatch, page.splitlines()) if match]
    assert words == ["auto", *RATIOS]
    after = page.partition("Task Status")[2].partition("Polling")[0].splitlines()
    states = [match[1] for match in map(_STATE_LINE.fullmatch, after) if match]
    assert states == list(INVENTORY[Part.STATE])


def test_each_sentence_of_the_page_has_a_row(page: str) -> None:
    keys = {key for row in TABLE for key in row.keys}
    sentences = _sentences(page)
    assert len(sentences) > 30
    assert [sentence for sentence in sentences if not any(key in sentence for key in keys)] == []


def test_each_key_of_the_table_is_on_the_page(page: str) -> None:
    assert [key for row in TABLE for key in row.keys if key not in page] == []
    told = [name for part in (Part.FIELD, Part.IGNORED) for name in INVENTORY[part] if name in page]
    assert {"size", "resolution", "prompt", "response_format", "quality", "style"} <= set(told)


def _sentences(page: str) -> list[str]:
    """The page in pieces, one for each bullet and sentence, without its tables and headings."""
    lines = (line for line in page.splitlines() if not _is_of_a_table(line))
    pieces = (piece.strip() for line in lines for piece in _SENTENCE_END.split(line))
    return [
        piece for piece in pieces if len(piece.split()) >= _FEWEST_WORDS and not piece.startswith(_FURNITURE)
    ]


def _is_of_a_table(line: str) -> bool:
    return any(pattern.fullmatch(line) for pattern in (_CELL_LINE, _WORD_LINE, _STATE_LINE))
