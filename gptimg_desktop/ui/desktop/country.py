"""How numbers and dates are written where the system does not say."""

from __future__ import annotations

from PySide6.QtCore import QLocale


def write_as_in_a_country() -> None:
    """A system without a language (the locale C) writes "96948" and "23 11 2026", which nobody reads: there
    the international English way is taken."""
    if QLocale.system().language() is QLocale.Language.C:
        QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.World))
