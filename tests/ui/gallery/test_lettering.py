"""Lines of tiles, shaped once."""

from __future__ import annotations

from random import Random

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from gptimg_desktop.ui.gallery.tiles.lettering import Lettering

TEXTS = (
    "An oak chair by the window, soft light of the morning on the floor, film grain",
    "椅子 在窗边 柔和的光线 早晨 电影 颗粒 五十毫米 镜头 非常 安静",
    "كرسي من خشب البلوط قرب النافذة في ضوء الصباح الناعم",
    "i" * 120,
    "emoji 🦊 fox in the snow with 🎄 trees and 🌟 stars, AVAVA fi fl ffi office",
    "ab cd il",
)


@pytest.mark.parametrize("text", TEXTS)
def test_a_line_is_cut_as_qt_cuts_it_whatever_room_it_had_before(qapp: object, text: str) -> None:
    lettering = Lettering(QApplication.font())
    rooms = [*range(20, 420), *range(420, 20, -1), *(Random(1).randrange(20, 420) for _ in range(300))]
    for font in (lettering.plain, lettering.bold, lettering.small):
        metrics = lettering.metrics_of(font)
        for room in rooms:
            wanted = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
            assert lettering.written(text, font, room).shown == wanted, room


def test_a_line_that_is_the_same_is_not_shaped_again(qapp: object) -> None:
    lettering = Lettering(QApplication.font())
    first = lettering.written(TEXTS[0], lettering.plain, 150)
    assert lettering.written(TEXTS[0], lettering.plain, 150) is first
    assert lettering.written(TEXTS[0], lettering.bold, 150) is not first
    assert lettering.written(TEXTS[5], lettering.plain, 300) is lettering.written(
        TEXTS[5], lettering.plain, 90
    )


def test_no_more_lines_are_kept_than_a_few_screens_have(qapp: object) -> None:
    lettering = Lettering(QApplication.font())
    first = lettering.written("first", lettering.plain, 150)
    for number in range(600):
        lettering.written(f"line {number}", lettering.plain, 150)
    assert lettering.written("first", lettering.plain, 150) is not first
