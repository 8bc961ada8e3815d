"""What is set up before each picture is taken, in the way in which a user would do it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog

from docs.screenshots import orders
from gptimg_desktop.core.draft import Draft

if TYPE_CHECKING:
    from pathlib import Path

    from docs.screenshots.order import Order
    from docs.screenshots.sitter import Sitter
    from docs.screenshots.studio import Studio

SPENT_S: Final = 14.0
"""How long the tiles that are being made have been so."""


# The libraries


async def fill_atelier(sitter: Sitter, _: Studio) -> None:
    """A week's work, with picks, collections, and one picture that led to two more."""
    await sitter.make(*orders.EARLIER, orders.FLOWERS)
    for order in (orders.POSTER, orders.TOTE):
        sitter.window.gallery.select(sitter.jobs()[0].id)
        sitter.press(Qt.Key.Key_R)
        await sitter.until(lambda: len(sitter.window.compose.draft().references) == 1, "the reference")
        await sitter.make(order)
        sitter.window.compose.set_draft(Draft())
    await sitter.make(*orders.LATER)
    for start in ("Misty", "Planets", "Teal", "Retro", "Violet"):
        sitter.choose(start)
        sitter.press(Qt.Key.Key_P)
    await sitter.gather("Ceramics", "Logo for", "Retro arch", "Paper layers")
    await sitter.gather("Book covers", "Planets", "Bauhaus", "The sea", "A rainbow", "Teal")
    await sitter.gather("Kunde Müller", "Portrait of a woman", "Portrait of a girl", "Emblem")
    await _hear_of_the_balance(sitter)


async def fill_chinese(sitter: Sitter, _: Studio) -> None:
    """The same in Chinese, and smaller."""
    await sitter.make(*orders.CHINESE)
    for start in ("薄雾", "宇宙"):
        sitter.choose(start)
        sitter.press(Qt.Key.Key_P)
    await sitter.gather("春季画册", "沙漠", "几何", "花园里的白花", "彩虹", "海边")
    await sitter.gather("茶馆", "茶馆标志", "剪纸")
    await _hear_of_the_balance(sitter)


async def _hear_of_the_balance(sitter: Sitter) -> None:
    await sitter.until(lambda: "balance $9" in sitter.texts(), "what was spent is gone from the balance")


async def stay_empty(_: Sitter, __: Studio) -> None:
    """A first start."""


# The pictures


async def first_start(sitter: Sitter, _: Studio) -> None:
    """The window as it opens for the first time."""
    sitter.window.compose.focus_prompt()


async def main_window(sitter: Sitter, studio: Studio) -> None:
    """At work: two tiles that are being made, a run with references in the composer, a picture in the
    details."""
    await _work(sitter, *orders.UNDER_WAY)
    await sitter.bring(*_files(studio)[2:4])
    sitter.compose(orders.NEXT)
    sitter.choose("Planets")


async def main_chinese(sitter: Sitter, _: Studio) -> None:
    """The same in Chinese."""
    await _work(sitter, *orders.CHINESE_UNDER_WAY)
    sitter.compose(orders.CHINESE_NEXT)
    sitter.choose("海边")


async def _work(sitter: Sitter, *started: Order) -> None:
    for order in started:
        await sitter.ask(order)
    sitter.clock.pass_on(SPENT_S)


async def nothing_new(_: Sitter, __: Studio) -> None:
    """As it was left."""


async def queue(sitter: Sitter, _: Studio) -> None:
    """What waits, while sending is paused and two are being made."""
    await _work(sitter, *orders.STARTED)
    sitter.window.queue.pause_requested.emit()
    await sitter.until(lambda: "paused" in sitter.texts().lower(), "the pause")
    for order in orders.WAITING:
        await sitter.ask(order, state="queued")
    sitter.click("queueButton")


async def size_picker(sitter: Sitter, _: Studio) -> None:
    """A shape that may come out wrong at this tier, and the sizes by purpose."""
    sitter.compose(orders.PANORAMA)
    sitter.click("readySizesButton")


async def references(sitter: Sitter, studio: Studio) -> None:
    """Several reference images that the prompt speaks of."""
    await sitter.bring(*_files(studio))
    sitter.compose(orders.COMPOSED)
    sitter.choose("The sea")


async def unconfirmed(sitter: Sitter, _: Studio) -> None:
    """A job whose answer was lost asks what to do; what was held back is made before."""
    sitter.window.queue.resume_requested.emit()
    await sitter.finish()
    await sitter.settle()
    sitter.server.loses_answers = True
    await sitter.ask(orders.DOUBTFUL, state="unconfirmed")
    sitter.server.loses_answers = False
    sitter.choose(orders.DOUBTFUL.prompt)
    await sitter.until(lambda: "Probably charged" in sitter.texts(), "the findings")


async def details(sitter: Sitter, _: Studio) -> None:
    """A picture that came from one and led to another."""
    sitter.choose("The flowers of image 1")


async def search(sitter: Sitter, _: Studio) -> None:
    """A search, and what the field offers next."""
    sitter.type_into("searchEdit", "tier:2k size:")


async def search_chinese(sitter: Sitter, _: Studio) -> None:
    """A search of one Chinese character, and what the field offers next."""
    sitter.type_into("searchEdit", "花 size:")


async def collections(sitter: Sitter, _: Studio) -> None:
    """One collection alone."""
    sitter.click("collection_2")
    await sitter.until(lambda: sitter.app.model.is_settled and len(sitter.jobs()) < 8, "the collection")
    sitter.choose("The sea")


async def viewer(sitter: Sitter, _: Studio) -> None:
    """One picture over everything."""
    sitter.window.viewer.open_at(sitter.named("A rainbow arch").id)


async def settings(sitter: Sitter, _: Studio) -> None:
    """The settings, with service, proxy and money."""
    sitter.click("settingsButton")


async def import_(sitter: Sitter, studio: Studio) -> None:
    """A folder that was dropped onto the gallery."""
    sitter.app.parts.caring.offer((str(_files(studio)[0].parent),))
    await sitter.until(lambda: sitter.find(QDialog, "importDialog").isVisible(), "the dialog")


async def bin_(sitter: Sitter, _: Studio) -> None:
    """What was put away, and for how long it stays."""
    for start in ("City street", "Geometric", "Portrait of a girl", "Desert"):
        left = len(sitter.jobs())
        sitter.choose(start)
        sitter.press(Qt.Key.Key_Delete)
        await sitter.until(lambda left=left: len(sitter.jobs()) == left - 1, "one less")  # type: ignore[misc]
        sitter.clock.pass_on(orders.DAY_S)
    sitter.click("filter_bin")
    await sitter.until(lambda: sitter.app.model.is_settled and len(sitter.jobs()) == 4, "the bin")


async def backup(sitter: Sitter, _: Studio) -> None:
    """The backups that can be gone back to."""
    for _day in range(4):
        sitter.clock.pass_on(orders.DAY_S)
        sitter.app.parts.safekeeping.back_up()
        await sitter.settle()
    sitter.app.parts.safekeeping.choose_backup()


def _files(studio: Studio) -> tuple[Path, ...]:
    """Reference pictures, the same ones each time."""
    return (
        studio.drawn("mark.png", "Logo, emblem", (900, 900)),
        studio.drawn("grid sketch.png", "Bauhaus tiles", (800, 1000)),
        studio.drawn("palette.png", "Rainbow arch, retro", (1000, 800)),
        studio.drawn("flowers.png", "Garden flowers, rose", (800, 1000)),
        studio.drawn("mood 01.png", "Mountains at sunset", (1400, 900)),
        studio.drawn("mood 02.png", "Forest hills, amber", (1200, 900)),
    )
