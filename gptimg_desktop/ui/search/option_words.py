"""What is said beside an option of a search, and which of its letters were typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

from gptimg_desktop.core.query_names import Field
from gptimg_desktop.core.span import span

if TYPE_CHECKING:
    from gptimg_desktop.core.completion import Option

_DATES = frozenset({Field.SINCE, Field.BEFORE, Field.UNTIL, Field.ON})


def note(option: Option, now: float) -> str:
    """A few quiet words: examples of a field's values, the day that a date means; mostly none for a value."""
    if not option.value:
        return _examples(option.field)
    if option.field in _DATES:
        return _day(option.value, now)
    if option.field is Field.REFERENCE:
        return _tr("made from any reference")
    return ""


def typed_span(shown: str, typed: str) -> tuple[int, int]:
    """From where to where the typed letters stand in an option, whatever their case; (0, 0) where they do
    not: another name of a field was typed, or nothing, or a case that has another number of letters."""
    folded, sought = shown.casefold(), typed.casefold()
    start = folded.find(sought) if sought and len(folded) == len(shown) else -1
    return (start, start + len(sought)) if start >= 0 else (0, 0)


def _examples(field: Field) -> str:
    return {
        Field.SIZE: _tr("16:9, portrait, 1024x1024"),
        Field.TIER: _tr("1k, 2k, 4k"),
        Field.STATE: _tr("saved, failed, refused…"),
        Field.IS: _tr("picked, rejected, missing…"),
        Field.COLLECTION: _tr("one of your collections"),
        Field.SINCE: _tr("monday, 7d, 2026-01-31"),
        Field.BEFORE: _tr("yesterday, 30d, 2026-01"),
        Field.UNTIL: _tr("today, sunday, 2026-01"),
        Field.ON: _tr("today, friday, 2026-01"),
        Field.REFERENCE: _tr("name of a reference"),
        Field.COST: _tr(">0.05, 0.01..0.05"),
        Field.SERVICE: _tr("practice"),
        Field.PROMPT: "",
    }[field]


def _day(value: str, now: float) -> str:
    found = span(value, now)
    if found is None:
        return ""
    day = QDateTime.fromSecsSinceEpoch(int(found.start)).date()
    return QLocale().toString(day, QLocale.FormatType.ShortFormat)


def _tr(text: str) -> str:
    return QCoreApplication.translate("SearchField", text)
