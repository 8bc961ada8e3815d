"""Which template is asked for by what stands before the cursor."""

from __future__ import annotations

import pytest

from gptimg_desktop.core.template import (
    LONGEST_NAME,
    Template,
    asked_name,
    cleaned_name,
    matching,
    named,
)

TEMPLATES = tuple(Template(name=name, text=name) for name in ("Oak chair", "Chair", "Lamp"))


@pytest.mark.parametrize(
    ("before", "asked"),
    [
        ("/", ""),
        ("/cha", "cha"),
        ("a picture of /cha", "cha"),
        ("first line\n/cha", "cha"),
        ("first line\u2028/cha", "cha"),
        ("a\t/cha", "cha"),
        ("/studio shot", "studio shot"),
        ("一张照片，/椅", "椅"),
        ("a / b", None),
        ("and/or", None),
        ("http://", None),
        ("http://example.com/a", None),
        ("see /usr/bin", None),
        ("/cha\nnext", None),
        ("照片/椅", None),
        ("", None),
        ("no sign", None),
        ("/" + "x" * LONGEST_NAME, "x" * LONGEST_NAME),
        ("/" + "x" * (LONGEST_NAME + 1), None),
    ],
)
def test_a_template_is_asked_for_where_a_word_could_begin(before: str, asked: str | None) -> None:
    assert asked_name(before) == asked


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("", ["Oak chair", "Chair", "Lamp"]),
        ("CHAIR", ["Chair", "Oak chair"]),
        ("k ch", ["Oak chair"]),
        ("stool", []),
    ],
)
def test_names_are_found_by_any_part(words: str, names: list[str]) -> None:
    assert [template.name for template in matching(TEMPLATES, words)] == names


def test_a_name_is_one_line_of_some_length() -> None:
    assert cleaned_name("  Oak \n\t chair ") == "Oak chair"
    assert cleaned_name(" ") == ""
    assert len(cleaned_name("x" * 1000)) == LONGEST_NAME
    assert named(TEMPLATES, "oak CHAIR") == TEMPLATES[0]
    assert named(TEMPLATES, "oak") is None
