"""Where words of any length are broken."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gptimg_desktop.ui.plain_label import PlainLabel

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("the prompt was refused for violence", ["the prompt was refused for violence"]),
        ("Benutzerauthentifizierung", ["Benutzerauthentifizierun", "g"]),
        (
            "moderation: safety_violations=[violence], try again",
            ["moderation: safety_", "violations=", "[violence], try again"],
        ),
        (
            "/pictures/GPTImg/2026-11-22/oak-chair_0001.png gone",
            ["/pictures/", "GPTImg/", "2026-", "11-", "22/", "oak-", "chair_", "0001.", "png gone"],
        ),
        ("x" * 60, ["x" * 24, "x" * 24, "x" * 12]),
        ("=" * 30, ["=" * 24, "=" * 6]),
    ],
)
def test_only_words_longer_than_a_line_may_be_are_broken(qtbot: QtBot, text: str, parts: list[str]) -> None:
    label = PlainLabel(text)
    qtbot.addWidget(label)
    assert label.text().split("\u200b") == parts
