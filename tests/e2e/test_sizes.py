"""Sizes in the whole program: favourites stay, and the user's own pictures tell how long one takes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QWidget

from gptimg_desktop.core.settings import Theme
from gptimg_desktop.core.sizes import Ratio, SizeChoice, Tier
from tests.support.desk import window
from tests.support.scripted_server import scripted_server

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.desk import Desk

pytestmark = pytest.mark.anyio

FAVOURITE = SizeChoice(Ratio.R16X9, Tier.K2)


def _star(desk: Desk) -> str:
    return desk.find(QWidget, "favouriteButton").accessibleName()


async def test_a_favourite_is_there_after_a_restart_and_after_other_settings(home: Path) -> None:
    async with window(home / "data") as desk:
        desk.click("ratio_16x9")
        desk.click("tier_2k")
        before = desk.settings
        desk.click("favouriteButton")
        desk.app.parts.preferences.take_dialog(replace(before, theme=Theme.DARK))  # it was open meanwhile
        assert desk.settings.favourite_sizes == (FAVOURITE,)
    async with window(home / "data") as desk:
        assert desk.settings.theme is Theme.DARK
        desk.click("ratio_16x9")
        desk.click("tier_2k")
        assert _star(desk) == "Take out of the favourites"
        desk.click("tier_4k")
        assert _star(desk) == "Keep among the favourites"


async def test_three_pictures_tell_how_long_one_takes_and_so_they_do_after_a_restart(home: Path) -> None:
    def told() -> str:
        return desk.find(QWidget, "sizePlate").accessibleDescription()

    async with scripted_server() as server:
        async with window(home / "data", server) as desk:
            assert "usually 30–60 s" in told()
            for _ in range(3):
                desk.generate()
            await desk.until_states("saved", "saved", "saved")
            await desk.until(lambda: "(your last 3)" in told())
        async with window(home / "data", server) as desk:
            await desk.until(lambda: "(your last 3)" in told())
