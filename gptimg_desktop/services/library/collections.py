"""Collections in the library: their names, which one takes new runs, and what is in each."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.collection import Collection, clean_name, is_same_name
from gptimg_desktop.core.errors import BadInputError, Problem, ProblemKind

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Sequence

    from gptimg_desktop.services.library.database import Database

AT_ONCE: Final = 1000
"""Jobs of one write; other writes may come between, paid answers among them."""

_OUT_OF_SIGHT: Final = """
    SELECT seq FROM job INDEXED BY job_by_time WHERE removed_at IS NULL AND binned_at IS NOT NULL
    UNION ALL SELECT seq FROM job INDEXED BY job_by_time WHERE removed_at IS NOT NULL
"""
# Few are out of sight: counting all members and taking those off reads no row of a job.
_ALL: Final = f"""
    WITH hidden AS (SELECT member.collection, COUNT(*) AS count
            FROM ({_OUT_OF_SIGHT}) AS gone JOIN member INDEXED BY member_by_job ON member.seq = gone.seq
            GROUP BY member.collection),
        inside AS (SELECT collection, COUNT(*) AS count FROM member GROUP BY collection)
    SELECT number, name, is_current, coalesce(inside.count, 0) - coalesce(hidden.count, 0) AS count
        FROM collection LEFT JOIN inside ON inside.collection = number
            LEFT JOIN hidden ON hidden.collection = number
"""  # noqa: S608 - a constant of ours
_ADD: Final = """
    INSERT OR IGNORE INTO member (collection, seq)
        SELECT ?, job.seq FROM job WHERE job.seq = ? AND job.removed_at IS NULL
            AND EXISTS (SELECT 1 FROM collection WHERE number = ?)
"""


def _numbers() -> array[int]:
    return array("q")


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovedCollection:
    """All that is needed to bring a collection back."""

    collection: Collection
    created_at: float
    seqs: array[int] = field(default_factory=_numbers)


class CollectionStore:
    """Every method returns what is committed. Names are told apart as people do: not by case."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> tuple[Collection, ...]:
        """Every collection with its count, by name."""

        def work(connection: sqlite3.Connection) -> tuple[Collection, ...]:
            found = [_collection(row) for row in connection.execute(_ALL)]
            return tuple(sorted(found, key=lambda each: (each.name.casefold(), each.number)))

        return await self._database.read(work)

    async def create(self, name: str, at: float) -> Collection:
        """An empty one; BadInputError where the name is empty or taken."""

        def work(connection: sqlite3.Connection) -> Collection:
            wanted = _free_name(connection, name)
            row = connection.execute(
                "INSERT INTO collection (name, created_at) VALUES (?, ?) RETURNING number", (wanted, at)
            ).fetchone()
            return Collection(number=row["number"], name=wanted)

        return await self._database.write(work)

    async def rename(self, number: int, name: str) -> str:
        """Give another name, which is returned as it is kept; BadInputError where it is empty or taken."""

        def work(connection: sqlite3.Connection) -> str:
            wanted = _free_name(connection, name, besides=number)
            connection.execute("UPDATE collection SET name = ? WHERE number = ?", (wanted, number))
            return wanted

        return await self._database.write(work)

    async def make_current(self, number: int) -> int:
        """New runs go into this one from now on; into none for 0. The number of the one before comes back, 0
        for none."""

        def work(connection: sqlite3.Connection) -> int:
            found = connection.execute("SELECT number FROM collection WHERE is_current").fetchone()
            connection.execute("UPDATE collection SET is_current = 0 WHERE is_current")
            connection.execute("UPDATE collection SET is_current = 1 WHERE number = ?", (number,))
            return 0 if found is None else int(found["number"])

        return await self._database.write(work)

    async def add(self, number: int, seqs: Sequence[int]) -> tuple[int, ...]:
        """Put jobs in; those that were not in before are returned, in their order."""
        added: list[int] = []
        for some in _chunks(seqs):
            added += await self._database.write(partial(_add, number=number, seqs=some))
        return tuple(added)

    async def take_out(self, number: int, seqs: Sequence[int]) -> tuple[int, ...]:
        """Take jobs out; those that were in are returned, in their order."""
        taken: list[int] = []
        for some in _chunks(seqs):
            taken += await self._database.write(partial(_take_out, number=number, seqs=some))
        return tuple(taken)

    async def remove(self, number: int) -> RemovedCollection | None:
        """Take a collection away; its pictures stay in the gallery. None where it is gone already."""
        found = await self._database.read(partial(_whole, number=number))
        if found is None:
            return None
        await self.take_out(number, found.seqs)
        return await self._database.write(partial(_remove, found=found))

    async def unmake(self, number: int, seqs: Sequence[int]) -> bool:
        """Undo the making of a collection with these jobs in it; False where it is gone already.

        BadInputError (COLLECTION_FILLED) where others have come into it since: then it stays as it is.
        """
        found = await self._database.read(partial(_whole, number=number))
        if found is None:
            return False
        _require_only(found.collection, found.seqs, seqs)
        taken = await self.take_out(number, seqs)
        try:
            await self._database.write(partial(_remove_empty, collection=found.collection))
        except BadInputError:
            await self.add(number, taken)
            raise
        return True

    async def bring_back(self, removed: RemovedCollection) -> Collection:
        """Undo a removal: it is the same collection, under a name with a number where the old one was taken
        meanwhile. It is not made current: another may be by now."""
        back = await self._database.write(partial(_bring_back, removed=removed))
        await self.add(back.number, removed.seqs)
        return back


def _collection(row: sqlite3.Row) -> Collection:
    return Collection(
        number=row["number"], name=row["name"], count=row["count"], is_current=bool(row["is_current"])
    )


def _free_name(connection: sqlite3.Connection, text: str, besides: int = 0) -> str:
    name = clean_name(text)
    if not name:
        raise BadInputError(Problem.of(ProblemKind.COLLECTION_NAMELESS))
    taken = _taken(connection, name, besides)
    if taken is not None:
        raise BadInputError(Problem.of(ProblemKind.COLLECTION_NAME_TAKEN, name=taken))
    return name


def _taken(connection: sqlite3.Connection, name: str, besides: int = 0) -> str | None:
    """The name of another collection that reads the same."""
    others = connection.execute("SELECT name FROM collection WHERE number <> ?", (besides,))
    return next((row["name"] for row in others if is_same_name(row["name"], name)), None)


def _unlike_others(connection: sqlite3.Connection, name: str) -> str:
    wanted, copy = name, 1
    while _taken(connection, wanted) is not None:
        copy += 1
        wanted = clean_name(f"{name[:70]} ({copy})")
    return wanted


def _whole(connection: sqlite3.Connection, *, number: int) -> RemovedCollection | None:
    row = connection.execute("SELECT *, 0 AS count FROM collection WHERE number = ?", (number,)).fetchone()
    if row is None:
        return None
    seqs = array("q", (each["seq"] for each in _members(connection, number)))
    return RemovedCollection(collection=_collection(row), created_at=row["created_at"], seqs=seqs)


def _members(connection: sqlite3.Connection, number: int) -> sqlite3.Cursor:
    return connection.execute("SELECT seq FROM member WHERE collection = ? ORDER BY seq", (number,))


def _add(connection: sqlite3.Connection, *, number: int, seqs: Sequence[int]) -> list[int]:
    return [seq for seq in seqs if connection.execute(_ADD, (number, seq, number)).rowcount]


def _take_out(connection: sqlite3.Connection, *, number: int, seqs: Sequence[int]) -> list[int]:
    question = "DELETE FROM member WHERE collection = ? AND seq = ?"
    return [seq for seq in seqs if connection.execute(question, (number, seq)).rowcount]


def _remove(connection: sqlite3.Connection, *, found: RemovedCollection) -> RemovedCollection:
    """Take the collection's row away, and what came into it meanwhile; that is remembered too."""
    number = found.collection.number
    late = array("q", (row["seq"] for row in _members(connection, number)))
    connection.execute("DELETE FROM collection WHERE number = ?", (number,))
    return replace(found, seqs=found.seqs + late)


def _require_only(collection: Collection, inside: Iterable[int], known: Iterable[int]) -> None:
    if not frozenset(inside) <= frozenset(known):
        raise BadInputError(Problem.of(ProblemKind.COLLECTION_FILLED, name=collection.name))


def _remove_empty(connection: sqlite3.Connection, *, collection: Collection) -> None:
    """Take a collection's row away; BadInputError where something came into it while it was emptied."""
    late = [row["seq"] for row in _members(connection, collection.number)]
    _require_only(collection, late, ())
    connection.execute("DELETE FROM collection WHERE number = ?", (collection.number,))


def _bring_back(connection: sqlite3.Connection, *, removed: RemovedCollection) -> Collection:
    wanted, number = _unlike_others(connection, removed.collection.name), removed.collection.number
    connection.execute(
        "INSERT INTO collection (number, name, created_at) VALUES (?, ?, ?)",
        (number, wanted, removed.created_at),
    )
    return Collection(number=number, name=wanted)


def _chunks(seqs: Sequence[int]) -> Iterator[Sequence[int]]:
    return (seqs[start : start + AT_ONCE] for start in range(0, len(seqs), AT_ONCE))
