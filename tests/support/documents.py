"""What stands in a Markdown document: headings, links, tables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

Table = list[list[str]]
"""Rows of cells; the first row is the heading."""


def text_of(document: Path) -> str:
    """All but indented code, in which nothing is a link, a heading or a name."""
    return re.sub(r"^    .*$", "", document.read_text("utf-8"), flags=re.MULTILINE)


def headings(document: Path) -> list[tuple[int, str]]:
    """Level and words of each."""
    found = re.findall(r"^(#+) (.+)$", text_of(document), re.MULTILINE)
    return [(len(signs), words) for signs, words in found]


def anchors(document: Path) -> set[str]:
    """What a link to a part of a document is called: letters, digits, and hyphens for blanks."""
    return {re.sub(r"[^\w -]", "", words.lower()).replace(" ", "-") for _, words in headings(document)}


def links(document: Path) -> list[str]:
    """Where links and pictures lead, but for those to the net."""
    found = re.findall(r"\]\(([^)\s]+)\)", text_of(document))
    return [target for target in found if "://" not in target]


def tables(document: Path) -> list[Table]:
    blocks = re.findall(r"(?:^\|.*\|$\n?)+", text_of(document), re.MULTILINE)
    return [[cells(line) for line in block.splitlines() if not set(line) <= set("|-")] for block in blocks]


def cells(line: str) -> list[str]:
    """The cells of a table's row; a bar with a backslash before it is one that is meant."""
    return [cell.strip().replace(r"\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def code_in(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def table_with(document: Path, cell: str) -> Table:
    """The one table that has a cell of this very text at the beginning of a row."""
    (found,) = (table for table in tables(document) if any(row[0] == cell for row in table))
    return found
