"""Collections: names that people can tell apart, members that are counted, nothing lost by removing one."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from gptimg_desktop.core.collection import LONGEST_NAME, Collection, clean_name
from gptimg_desktop.core.errors import BadInputError, ProblemKind
from gptimg_desktop.core.job import JobState
from gptimg_desktop.core.mark import Mark
from gptimg_desktop.services.library import collections
from tests.unit.library.shelves import a_shelf

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.unit.library.shelves import Shelf

pytestmark = pytest.mark.anyio


async def counts(shelf: Shelf) -> dict[str, int]:
    return {each.name: each.count for each in await shelf.collections.all()}


async def some_jobs(shelf: Shelf, count: int = 3) -> tuple[int, ...]:
    return tuple([(await shelf.add(JobState.FAILED)).seq for _ in range(count)])


async def test_collections_come_by_name_whatever_the_case(tmp_path: Path) -> None:
    async with a_shelf(tmp_path) as shelf:
        for name in ("zebra", "Äpfel", "Chairs", "海报", "apes"):
            await shelf.collections.create(name, 1.0)

        names = [each.name for each in await shelf.collections.all()]

    assert names == ["apes", "Chairs", "zebra", "Äpfel", "海报"]


async def test_a_name_is_kept_as_one_clean_line(tmp_path: Path) -> None:
    async with a_shelf(tmp_path) as shelf:
        made = await shelf.collections.create("  Kunde \n Müller\t\x00 2 ", 1.0)

        assert made.name == "Kunde Müller 2"
        assert await shelf.collections.all() == (Collection(number=made.number, name="Kunde Müller 2"),)


@pytest.mark.parametrize("name", ["", "   ", "\n\t", "\x00", "\u200b"])
async def test_a_collection_needs_a_name(tmp_path: Path, name: str) -> None:
    async with a_shelf(tmp_path) as shelf:
        with pytest.raises(BadInputError) as caught:
            await shelf.collections.create(name, 1.0)

        assert caught.value.problem.kind is ProblemKind.COLLECTION_NAMELESS
        assert await shelf.collections.all() == ()


@pytest.mark.parametrize(("first", "second"), [("Chairs", "chairs "), ("MÜLLER", "müller"), ("a  b", "A B")])
async def test_two_cannot_be_called_the_same(tmp_path: Path, first: str, second: str) -> None:
    async with a_shelf(tmp_path) as shelf:
        await shelf.collections.create(first, 1.0)
        other = await shelf.collections.create("other", 1.0)

        with pytest.raises(BadInputError) as caught:
            await shelf.collections.create(second, 1.0)
        with pytest.raises(BadInputError):
            await shelf.collections.rename(other.number, second)

        assert caught.value.problem.kind is ProblemKind.COLLECTION_NAME_TAKEN
        assert caught.value.problem.facts["name"] == clean_name(first)
        assert len(await shelf.collections.all()) == 2


async def test_a_collection_may_be_renamed_to_another_case_of_its_name(tmp_path: Path) -> None:
    async with a_shelf(tmp_path) as shelf:
        made = await shelf.collections.create("chairs", 1.0)

        assert await shelf.collections.rename(made.number, "Chairs") == "Chairs"
        assert await counts(shelf) == {"Chairs": 0}


def test_a_long_name_is_cut_and_stays_clean() -> None:
    assert clean_name("x" * (LONGEST_NAME - 1) + " yz") == "x" * (LONGEST_NAME - 1)


async def test_jobs_are_counted_once_and_those_in_the_bin_not(tmp_path: Path) -> None:
    async with a_shelf(tmp_path) as shelf:
        made = await shelf.collections.create("Chairs", 1.0)
        seqs = await some_jobs(shelf)
        put_away, gone = await shelf.binned(state=JobState.FAILED), await shelf.binned(state=JobState.FAILED)

        added = await shelf.collections.add(made.number, (*seqs, put_away.seq, gone.seq))
        again = await shelf.collections.add(made.number, seqs)
        await shelf.execute("UPDATE job SET removed_at = 5 WHERE seq = ?", gone.seq)

        assert added == (*seqs, put_away.seq, gone.seq)
        assert again == ()
        assert await counts(shelf) == {"Chairs": 3}
        await shelf.mark(put_away, Mark.RESTORED)
        assert await counts(shelf) == {"Chairs": 4}


async def test_what_is_not_there_cannot_be_put_in_nor_into_what_is_not_there(tmp_path: Path) -> None:
    async with a_shelf(tmp_path) as shelf:
        made = await shelf.collections.create("Chairs", 1.0)
        (seq,) = await some_jobs(shelf, 1)

        assert await shelf.collections.add(made.number, (seq, 999)) == (seq,)
        assert await shelf.collections.add(made.number + 1, (seq,)) == ()


async def test_taking_out_tells_who_was_in(tmp_path: Path) -> None:
    async with a_shelf(tmp_path) as shelf:
        made = await shelf.collections.create("Chairs", 1.0)
        first, second, third = await some_jobs(shelf)
        await shelf.collections.add(made.number, (first, second))

        assert await shelf.collections.take_out(made.number, (second, third)) == (second,)
        assert await counts(shelf) == {"Chairs": 1}


async def test_one_collection_is_current_and_takes_what_is_asked_for_next(tmp_path: Path) -> None:
    async with a_shelf(tmp_path) as shelf:
        chairs = await shelf.collections.create("Chairs", 1.0)
        tables = await shelf.collections.create("Tables", 1.0)
        await shelf.collections.make_current(chairs.number)
        await shelf.collections.make_current(tables.number)
        await shelf.add(JobState.QUEUED)

        found = {each.name: (each.count, each.is_current) for each in await shelf.collections.all()}
        await shelf.collections.make_current(0)
        await shelf.add(JobState.QUEUED)

        assert found == {"Chairs": (0, False), "Tables": (1, True)}
        assert [each.is_current for each in await shelf.collections.all()] == [False, False]
        assert await counts(shelf) == {"Chairs": 0, "Tables": 1}


async def test_making_a_collection_current_that_is_gone_leaves_none_current(tmp_path: Path) -> None:
    async with a_shelf(tmp_path) as shelf:
        chairs = await shelf.collections.create("Chairs", 1.0)
        await shelf.collections.make_current(chairs.number)
        await shelf.collections.make_current(99)

        assert [each.is_current for each in await shelf.collections.all()] == [False]


async def test_a_removed_collection_leaves_its_pictures_and_comes_back_whole(tmp_path: Path) -> None:
    async with a_shelf(tmp_path) as shelf:
        made = await shelf.collections.create("Chairs", 7.0)
        seqs = await some_jobs(shelf)
        await shelf.collections.add(made.number, seqs)

        removed = await shelf.collections.remove(made.number)
        assert removed is not None
        assert await shelf.collections.all() == ()
        assert await shelf.rows("SELECT count(*) FROM job") == [(3,)]

        back = await shelf.collections.bring_back(removed)

        assert await counts(shelf) == {"Chairs": 3}
        assert back.number == made.number, "what was done with it before can still be undone"
        assert await shelf.rows("SELECT created_at FROM collection WHERE number = ?", back.number) == [(7.0,)]
        assert await shelf.collections.remove(made.number) is not None
        assert await shelf.collections.remove(made.number) is None


async def test_one_that_comes_back_does_not_take_the_name_of_another(tmp_path: Path) -> None:
    async with a_shelf(tmp_path) as shelf:
        made = await shelf.collections.create("Chairs", 1.0)
        removed = await shelf.collections.remove(made.number)
        assert removed is not None
        await shelf.collections.create("chairs", 2.0)

        assert (await shelf.collections.bring_back(removed)).name == "Chairs (2)"


async def test_many_jobs_leave_room_for_other_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A paid answer that comes while thousands of tiles go into a collection waits for a few of them."""
    monkeypatch.setattr(collections, "AT_ONCE", 10)
    async with a_shelf(tmp_path) as shelf:
        made = await shelf.collections.create("Chairs", 1.0)
        seqs = await some_jobs(shelf, 60)
        adding = asyncio.ensure_future(shelf.collections.add(made.number, seqs))
        between: list[int] = []
        while not adding.done():
            await shelf.add(JobState.QUEUED)
            between.append((await counts(shelf))["Chairs"])

        assert await adding == seqs
        assert len(set(between)) > 1, between


async def test_making_one_is_undone_with_what_it_was_made_of(tmp_path: Path) -> None:
    async with a_shelf(tmp_path) as shelf:
        made = await shelf.collections.create("Chairs", 1.0)
        seqs = await some_jobs(shelf)
        await shelf.collections.add(made.number, seqs)

        assert await shelf.collections.unmake(made.number, seqs)
        assert await counts(shelf) == {}
        assert not await shelf.collections.unmake(made.number, seqs)


@pytest.mark.parametrize("is_late", [False, True])
async def test_one_that_has_filled_since_stays_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_late: bool
) -> None:
    async with a_shelf(tmp_path) as shelf:
        store = shelf.collections
        made = await store.create("Chairs", 1.0)
        first, second, late = await some_jobs(shelf)
        await store.add(made.number, (first, second))
        take_out = store.take_out

        async def with_a_run_between(number: int, seqs: Sequence[int]) -> tuple[int, ...]:
            taken = await take_out(number, seqs)
            await store.add(made.number, (late,))
            return taken

        async def refuse(number: int, seqs: Sequence[int]) -> tuple[int, ...]:
            raise AssertionError(f"{number} is not emptied, not even for a moment, of {seqs}")

        monkeypatch.setattr(store, "take_out", with_a_run_between if is_late else refuse)
        if not is_late:
            await store.add(made.number, (late,))
        with pytest.raises(BadInputError) as refused:
            await store.unmake(made.number, (first, second))

        assert refused.value.problem.kind is ProblemKind.COLLECTION_FILLED
        assert await counts(shelf) == {"Chairs": 3}


async def test_the_one_that_was_current_before_is_told(tmp_path: Path) -> None:
    async with a_shelf(tmp_path) as shelf:
        first = await shelf.collections.create("Chairs", 1.0)
        second = await shelf.collections.create("Tables", 1.0)
        steps = (first.number, second.number, 0)
        assert [await shelf.collections.make_current(number) for number in steps] == [0, *steps[:2]]
