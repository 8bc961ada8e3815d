"""Which parts of a search are told to mean nothing."""

from __future__ import annotations

import pytest

from gptimg_desktop.core.misread import Misread, misread
from gptimg_desktop.core.query_names import Field

NOW = 1_770_000_000.0


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("siez:16:9 since:foo", (Misread(text="siez"), Misread(text="foo", field=Field.SINCE))),
        ("-colour:red", (Misread(text="colour"),)),
        ("cost:cheap", (Misread(text="cheap", field=Field.COST),)),
        ("size:16:9 since:monday on:2026-01 cost:<0.1", ()),
        ("since: size:", ()),
        ("since:yest", ()),
        ("a chair at 16:9", ()),
        ('"note: a chair"', ()),
        ("https://example.com/a", ()),
    ],
)
def test_what_nobody_understands_is_named(text: str, wrong: tuple[Misread, ...]) -> None:
    assert misread(text, NOW) == wrong
