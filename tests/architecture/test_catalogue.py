"""Every fault of the catalogue has a test that names its row, and every marker names a row that there is."""

from __future__ import annotations

import ast
import importlib
import itertools
import pkgutil
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from tests.faults import catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.faults.catalogue import Row

TESTS = Path(__file__).parents[1]
GROUPS = {
    "submit": range(1, 42),
    "polls": range(42, 59),
    "downloads": range(59, 78),
    "files": range(78, 88),
    "libraries": range(88, 96),
    "process": range(96, 104),
    "clock_and_network": range(104, 112),
    "references": range(112, 124),
    "window": range(133, 139),
}
"""The numbers of each group."""


def rows_of(group: str) -> tuple[Row, ...]:
    rows: tuple[Row, ...] = importlib.import_module(f"{catalogue.__name__}.{group}").ROWS
    return rows


def marked(source: str) -> Iterator[int]:
    """The numbers in all markers `pytest.mark.row(…)` of a file."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.row":
            yield from (int(ast.literal_eval(argument)) for argument in node.args)


def shown() -> Counter[int]:
    return Counter(itertools.chain.from_iterable(marked(path.read_text()) for path in TESTS.rglob("*.py")))


def test_the_groups_are_those_of_the_catalogue() -> None:
    assert {module.name for module in pkgutil.iter_modules(catalogue.__path__)} == set(GROUPS)


def test_each_group_tells_all_of_its_faults_once() -> None:
    told = {group: [row.number for row in rows_of(group)] for group in GROUPS}
    assert told == {group: list(numbers) for group, numbers in GROUPS.items()}


def test_every_fault_has_a_test() -> None:
    assert sorted(set(itertools.chain.from_iterable(GROUPS.values())) - set(shown())) == []


def test_no_test_names_a_fault_that_there_is_not() -> None:
    assert sorted(set(shown()) - set(itertools.chain.from_iterable(GROUPS.values()))) == []


def test_a_marker_is_found_wherever_it_stands() -> None:
    source = "pytestmark = [pytest.mark.row(1)]\n@pytest.mark.row(2, 3)\ndef test(): ...\n"
    assert sorted(marked(source)) == [1, 2, 3]
