"""What was written in the composer before, and the templates that the user keeps."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.past_prompt import PastPrompt
from gptimg_desktop.core.template import Template

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

    from gptimg_desktop.services.library.database import Database

MOST_PROMPTS: Final = 2000
"""How many prompts are kept; the oldest go first."""
_MOST_WORDS: Final = 16
_LONGEST_WORD: Final = 200


class PromptStore:
    """Prompts stand in the order in which they were noted last, which no clock can upset."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # Past prompts

    async def note(self, text: str, at: float) -> PastPrompt:
        """Commit that a prompt was sent: it is the newest one now, and counts once more."""

        def work(connection: sqlite3.Connection) -> PastPrompt:
            row = connection.execute("DELETE FROM prompt WHERE text = ? RETURNING times", (text,)).fetchone()
            past = PastPrompt(text=text, used_at=at, times=1 if row is None else row["times"] + 1)
            connection.execute(
                "INSERT INTO prompt (text, used_at, times) VALUES (?, ?, ?)", (text, at, past.times)
            )
            connection.execute(_TRIM, (MOST_PROMPTS,))
            return past

        return await self._database.write(work)

    async def search(self, words: str, limit: int = MOST_PROMPTS) -> tuple[PastPrompt, ...]:
        """Those that hold every word, newest first, whatever the case of the letters; all of them for no
        words. A word may be of any length, and may stand inside another."""
        sought = [word[:_LONGEST_WORD] for word in _writable(words).split()[:_MOST_WORDS]]
        plain = [word for word in sought if _ignores_case(word)]
        others = [word.casefold() for word in sought if not _ignores_case(word)]
        terms = " AND ".join(["text LIKE ? ESCAPE '\\'"] * len(plain)) or "1"
        query = f"SELECT text, used_at, times FROM prompt WHERE {terms} ORDER BY number DESC"  # noqa: S608

        def work(connection: sqlite3.Connection) -> tuple[PastPrompt, ...]:
            rows = connection.execute(query, [_pattern(word) for word in plain])
            return tuple(map(_past_prompt, islice(_holding(rows, others), limit)))

        return await self._database.read(work)

    async def forget(self, text: str) -> None:
        """Take a prompt out of the list; jobs keep theirs."""
        await self._execute("DELETE FROM prompt WHERE text = ?", _writable(text))

    # Templates

    async def templates(self) -> tuple[Template, ...]:
        """All of them, the one that was used last first."""

        def work(connection: sqlite3.Connection) -> tuple[Template, ...]:
            rows = connection.execute("SELECT name, text FROM template ORDER BY used_at DESC, name")
            return tuple(Template(name=row["name"], text=row["text"]) for row in rows)

        return await self._database.read(work)

    async def save_template(self, template: Template, at: float) -> None:
        """Keep a template in the place of the one that has its name."""
        await self._execute(_SAVE, template.name, template.text, at)

    async def rename_template(self, name: str, template: Template) -> None:
        """Put a template in the place of the one called `name`; it keeps its place in the order."""

        def work(connection: sqlite3.Connection) -> None:
            gone = "DELETE FROM template WHERE name = ? RETURNING used_at"
            rows = connection.execute(gone, (name,)).fetchall()
            if rows:  # else another wish was quicker and took it away
                connection.execute(_SAVE, (template.name, template.text, rows[0]["used_at"]))

        await self._database.write(work)

    async def use_template(self, name: str, at: float) -> None:
        """Remember when a template was used last."""
        await self._execute("UPDATE template SET used_at = ? WHERE name = ?", at, name)

    async def remove_template(self, name: str) -> None:
        """Take a template away."""
        await self._execute("DELETE FROM template WHERE name = ?", name)

    async def _execute(self, statement: str, *values: object) -> None:
        def work(connection: sqlite3.Connection) -> None:
            connection.execute(statement, values)

        await self._database.write(work)


_TRIM: Final = """
    DELETE FROM prompt WHERE number IN (
        SELECT number FROM prompt ORDER BY number LIMIT MAX(0, (SELECT COUNT(*) FROM prompt) - ?)
    )
"""
_SAVE: Final = """
    INSERT INTO template (name, text, used_at) VALUES (?, ?, ?)
    ON CONFLICT (name) DO UPDATE SET name = excluded.name, text = excluded.text, used_at = excluded.used_at
"""


def _past_prompt(row: sqlite3.Row) -> PastPrompt:
    return PastPrompt(text=row["text"], used_at=row["used_at"], times=row["times"])


def _holding(rows: Iterable[sqlite3.Row], words: list[str]) -> Iterator[sqlite3.Row]:
    """The rows whose text holds all words, which are casefolded."""
    if not words:
        return iter(rows)
    return (row for row in rows if all(word in row["text"].casefold() for word in words))


def _ignores_case(word: str) -> bool:
    """True for a word in which SQLite itself finds upper case as lower case: it folds ASCII letters alone."""
    return all(letter.isascii() or letter.lower() == letter.upper() for letter in word)


def _pattern(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def _writable(text: str) -> str:
    """Without what a database cannot hold: halves of characters, as a clipboard may bring them."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode()
