"""Numbers and dates are written as somebody writes them, whatever the system says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QDate, QLocale

from gptimg_desktop.ui.desktop.country import write_as_in_a_country

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def default() -> Iterator[None]:
    before = QLocale()
    yield
    QLocale.setDefault(before)


@pytest.mark.parametrize(
    ("system", "number", "day"), [("C", "96,948", "23/11/2026"), ("de_DE", "96.948", "23.11.26")]
)
def test_a_system_without_a_language_is_given_a_way_to_write(
    monkeypatch: pytest.MonkeyPatch, system: str, number: str, day: str
) -> None:
    QLocale.setDefault(QLocale(system))
    monkeypatch.setattr(QLocale, "system", lambda: QLocale(system))
    write_as_in_a_country()
    assert QLocale().toString(96_948) == number
    assert QLocale().toString(QDate(2026, 11, 23), QLocale.FormatType.ShortFormat) == day
