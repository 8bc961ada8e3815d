"""Foreign bytes never come to Qt's own image readers: these take more formats than ours, and open files that
a picture names."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import gptimg_desktop

SOURCES = sorted(Path(gptimg_desktop.__file__).parent.rglob("*.py"))
READERS = frozenset({"QImageReader", "QMovie", "fromData", "loadFromData"})
HOLDERS = frozenset({"QImage", "QPixmap", "QIcon", "QBitmap"})


def readings(source: str) -> list[str]:
    """What in a source would have Qt read a picture: its readers, or a holder made from one thing alone."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name | ast.Attribute) and _name(node) in READERS:
            found.append(_name(node))
        elif isinstance(node, ast.Call) and _name(node.func) in HOLDERS and len(node.args) == 1:
            found.append(f"{_name(node.func)}(…)")
    return found


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


@pytest.mark.row(61)
def test_no_file_is_handed_to_the_readers_of_qt() -> None:
    assert SOURCES
    assert {path.name: found for path in SOURCES if (found := readings(path.read_text()))} == {}


@pytest.mark.parametrize(
    "source",
    [
        "QImage(path)",
        "QPixmap('a.png.damaged')",
        "QtGui.QIcon(path)",
        "QImageReader(path)",
        "x.loadFromData(b)",
    ],
)
def test_a_reading_is_found(source: str) -> None:
    assert readings(source)
