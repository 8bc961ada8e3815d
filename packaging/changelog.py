"""The program's version and what CHANGELOG.md says about it, for the scripts of this folder.

Run by itself it prints version and day of the newest entry, or says what is wrong and fails.

The version is stated in `gptimg_desktop/__init__.py` alone. An entry of the changelog is a heading
`## VERSION - DATE` with bullets below it; headings of the third level may group them.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

_VERSION = re.compile(r'^__version__ = "([^"]+)"$', re.MULTILINE)
_HEADING = re.compile(r"^## (\d+\.\d+\.\d+\S*) - (\d{4}-\d{2}-\d{2})$", re.MULTILINE)


class ChangelogError(Exception):
    """The version or its entry is not there, or cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One released version: its number, its day at noon UTC, and its bullets, each in one line."""

    version: str
    moment: datetime
    points: tuple[str, ...]


def version(root: Path = ROOT) -> str:
    """The program's version."""
    found = _VERSION.findall((root / "gptimg_desktop" / "__init__.py").read_text(encoding="utf-8"))
    if len(found) != 1:
        raise ChangelogError(f"gptimg_desktop/__init__.py states {len(found)} versions")
    return str(found[0])


def entries(root: Path = ROOT) -> tuple[Entry, ...]:
    """All entries of CHANGELOG.md, the newest first as they stand there."""
    text = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    headings = list(_HEADING.finditer(text))
    ends = [*(heading.start() for heading in headings), len(text)][1:]
    return tuple(
        Entry(
            version=heading[1],
            moment=datetime.fromisoformat(f"{heading[2]}T12:00").replace(tzinfo=UTC),
            points=tuple(_points(text[heading.end() : end])),
        )
        for heading, end in zip(headings, ends, strict=True)
    )


def entry(root: Path = ROOT) -> Entry:
    """The entry of the program's version, which has to be the newest and to say something."""
    found = entries(root)
    if not found or found[0].version != version(root):
        raise ChangelogError(f"CHANGELOG.md does not begin with an entry for {version(root)}")
    if not found[0].points:
        raise ChangelogError(f"CHANGELOG.md says nothing about {version(root)}")
    return found[0]


def _points(text: str) -> list[str]:
    """The bullets of an entry; lines that are set in belong to the bullet above them."""
    points: list[str] = []
    for line in text.splitlines():
        if line.startswith("- "):
            points.append(line[2:].strip())
        elif line.startswith("  ") and points:
            points[-1] += " " + line.strip()
    return points


if __name__ == "__main__":
    try:
        print(entry().version, entry().moment.date())  # noqa: T201
    except ChangelogError as error:
        sys.exit(f"changelog: {error}")
