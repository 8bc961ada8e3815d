"""How a folded text may be spelled in a column that is not folded."""

from __future__ import annotations

import unicodedata


def spellings(text: str) -> tuple[str, ...]:
    """A text in small and capital letters, composed and not: file names come in all of these.

    One alone where it has nothing but ASCII, whose case SQLite does not tell apart.
    """
    if text.isascii():
        return (text,)
    cases = (text, text.upper(), text.title(), text.capitalize())
    forms = (unicodedata.normalize(form, each) for each in cases for form in ("NFC", "NFD"))
    return tuple(dict.fromkeys(forms))
