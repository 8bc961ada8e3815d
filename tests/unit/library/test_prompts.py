"""Earlier prompts come back newest first and are found by any part of them; templates are kept as written."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from gptimg_desktop.core.past_prompt import PastPrompt
from gptimg_desktop.core.template import Template
from gptimg_desktop.services.library import prompts
from gptimg_desktop.services.library.database import Database
from gptimg_desktop.services.library.prompts import PromptStore

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def opened(path: Path) -> AsyncIterator[PromptStore]:
    database = Database(path)
    try:
        await database.open()
        yield PromptStore(database)
    finally:
        database.close()


async def texts(store: PromptStore, words: str = "", limit: int = 100) -> list[str]:
    return [past.text for past in await store.search(words, limit)]


async def test_the_newest_comes_first_and_counts_how_often(tmp_path: Path) -> None:
    async with opened(tmp_path / "library") as store:
        assert await store.note("oak\n{red|blue}", 10.0) == PastPrompt(
            text="oak\n{red|blue}", used_at=10.0, times=1
        )
        await store.note("ash", 20.0)
        told = await store.note("oak\n{red|blue}", 30.0)
        assert told.times == 2
    async with opened(tmp_path / "library") as store:  # another run
        assert await store.search("", 10) == (told, PastPrompt(text="ash", used_at=20.0, times=1))
        assert len(await store.search("", 1)) == 1


async def test_a_clock_that_was_put_back_upsets_nothing(tmp_path: Path) -> None:
    async with opened(tmp_path / "library") as store:
        await store.note("yesterday's future", 1000.0)
        await store.note("now", 10.0)
        assert await texts(store) == ["now", "yesterday's future"]


async def test_only_the_newest_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prompts, "MOST_PROMPTS", 3)
    async with opened(tmp_path / "library") as store:
        for number in range(5):
            await store.note(f"chair {number}", float(number))
        await store.note("chair 2", 6.0)  # saved from leaving
        await store.note("chair 5", 7.0)
        assert await texts(store) == ["chair 5", "chair 2", "chair 4"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("椅", ["一把橡木椅子，柔和的光"]),
        ("橡木", ["一把橡木椅子，柔和的光"]),
        ("OAK chair", ["An Oak Chair, 100% real_wood"]),
        ("chair oak", ["An Oak Chair, 100% real_wood"]),
        ("e", ["An Oak Chair, 100% real_wood", "Über ÄHREN\\Feld"]),
        ("0%", ["An Oak Chair, 100% real_wood"]),
        ("%", ["An Oak Chair, 100% real_wood"]),
        ("_", ["An Oak Chair, 100% real_wood"]),
        ("l_w", ["An Oak Chair, 100% real_wood"]),
        ("k_C", []),
        ("\\", ["Über ÄHREN\\Feld"]),
        ("über ähren", ["Über ÄHREN\\Feld"]),
        ("ähren FELD", ["Über ÄHREN\\Feld"]),
        ("nothing", []),
        ("\ud83d\0", ["An Oak Chair, 100% real_wood", "Über ÄHREN\\Feld", "一把橡木椅子，柔和的光"]),
        ("x" * 100_000, []),
        ("chair " * 10_000, ["An Oak Chair, 100% real_wood"]),
    ],
)
async def test_any_part_is_found(tmp_path: Path, words: str, found: list[str]) -> None:
    async with opened(tmp_path / "library") as store:
        for at, text in enumerate(
            ("一把橡木椅子，柔和的光", "Über ÄHREN\\Feld", "An Oak Chair, 100% real_wood")
        ):
            await store.note(text, float(at))
        assert await texts(store, words) == found


async def test_what_is_forgotten_is_gone_and_comes_back_as_new(tmp_path: Path) -> None:
    async with opened(tmp_path / "library") as store:
        for text in ("oak", "ash", "oak"):
            await store.note(text, 1.0)
        await store.forget("oak")
        await store.forget("never written")
        assert await texts(store) == ["ash"]
        assert (await store.note("oak", 2.0)).times == 1


async def test_templates_keep_their_text_exactly_and_their_order_of_use(tmp_path: Path) -> None:
    text = "  A {material} chair,\n\n{red|blue}\t橡木 🪑 \n"
    async with opened(tmp_path / "library") as store:
        await store.save_template(Template(name="Chair", text=text), 1.0)
        await store.save_template(Template(name="Lamp", text="lamp"), 2.0)
        await store.use_template("Chair", 3.0)
    async with opened(tmp_path / "library") as store:
        assert await store.templates() == (
            Template(name="Chair", text=text),
            Template(name="Lamp", text="lamp"),
        )
        await store.remove_template("Chair")
        assert [each.name for each in await store.templates()] == ["Lamp"]


async def test_a_name_stands_for_one_template_however_its_letters_are_written(tmp_path: Path) -> None:
    async with opened(tmp_path / "library") as store:
        await store.save_template(Template(name="chair", text="old"), 1.0)
        await store.save_template(Template(name="Chair", text="new"), 2.0)
        assert await store.templates() == (Template(name="Chair", text="new"),)


@pytest.mark.parametrize("name", ["Stool", "CHAIR"])
async def test_a_renamed_template_keeps_text_and_place(tmp_path: Path, name: str) -> None:
    async with opened(tmp_path / "library") as store:
        await store.save_template(Template(name="Chair", text="a chair"), 2.0)
        await store.save_template(Template(name="Lamp", text="lamp"), 1.0)
        await store.rename_template("Chair", Template(name=name, text="a chair"))
        assert await store.templates() == (
            Template(name=name, text="a chair"),
            Template(name="Lamp", text="lamp"),
        )


async def test_a_template_that_was_removed_meanwhile_does_not_come_back_by_a_new_name(tmp_path: Path) -> None:
    async with opened(tmp_path / "library") as store:
        await store.rename_template("Chair", Template(name="Stool", text="a chair"))
        assert await store.templates() == ()
