"""What can follow in a search."""

from __future__ import annotations

import time

import pytest

from gptimg_desktop.core.completion import Completion, completed, completion
from gptimg_desktop.core.query_names import OFFERED_FIELDS, Field
from gptimg_desktop.core.span import span

COLLECTIONS = ("Spring 26", "海报", 'the "big" one')


def at(text: str) -> Completion:
    """With the cursor where "|" stands."""
    return completion(text.replace("|", ""), text.index("|"), collections=COLLECTIONS)


def offered(text: str) -> list[str]:
    return [option.text for option in at(text).options]


def taken(text: str, place: int = 0) -> str:
    """The text with an option taken, the cursor as "|"."""
    found = at(text)
    whole, cursor = completed(text.replace("|", ""), found, found.options[place])
    return f"{whole[:cursor]}|{whole[cursor:]}"


def test_between_words_are_all_fields() -> None:
    assert offered("|")[:3] == ["size:", "tier:", "state:"]
    assert offered("oak |") == offered("|")
    assert offered("-|") == offered("|")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("oak siz|", ["size:"]),
        ("-TIE|", ["tier:"]),
        ("coll|", ["in:"]),
        ("größ|", ["size:"]),
        ("ser|", ["service:"]),
        ("si|", ["size:", "since:"]),
        ("oak si|", []),
        ("oak|", []),
        ('"siz|', []),
        ("si|ze", []),
        ("prom|", []),
        ("unt|", ["until:"]),
    ],
)
def test_a_word_may_begin_a_field(text: str, expected: list[str]) -> None:
    assert offered(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tier:|", ["1k", "2k", "4k"]),
        ("tier:2|", ["2k"]),
        ("tier:2k,|", ["1k", "2k", "4k"]),
        ("tier:4k|", []),
        ("size:por|", ["portrait"]),
        ("size:3:|", ["3:2", "3:4", "3:1"]),
        ("size:2048x11|", ["2048x1152"]),
        ("state:can|", ["cancelled"]),
        ("is:pi|", ["picked"]),
        ("since:yest|", ["yesterday"]),
        ("in:spr|", ['"Spring 26"']),
        ("in:big|", ['“the "big" one”']),
        ('in:"Sp|', ['"Spring 26"']),
        ("ref:|", ["*"]),
        ("service:|", ["practice"]),
    ],
)
def test_values_of_a_field(text: str, expected: list[str]) -> None:
    assert offered(text) == expected


@pytest.mark.parametrize("field", Field)
def test_every_field_is_known_by_its_name_and_can_be_gone_on_with(field: Field) -> None:
    text = f"{field}:"
    options = completion(text, len(text), collections=COLLECTIONS).options
    assert all(option.field is field for option in options)
    assert bool(options) is (field in OFFERED_FIELDS)


def test_a_field_is_taken_with_room_for_its_value() -> None:
    assert taken("oak -siz|") == "oak -size:|"


def test_a_value_is_taken_with_room_for_the_next_word() -> None:
    assert taken("oak tier:2|") == "oak tier:2k |"
    assert taken("tier:2k,4| oak") == "tier:2k,4k |oak"
    assert taken("in:spr|") == 'in:"Spring 26" |'


def test_tab_means_the_first_only_where_something_is_typed() -> None:
    assert at("siz|").is_asked
    assert at("tier:2|").is_asked
    assert not at("|").is_asked
    assert not at("tier:|").is_asked


def test_tab_writes_the_date_whose_pictures_were_shown() -> None:
    now = time.mktime((2026, 11, 24, 12, 0, 0, 0, 0, -1))  # a Tuesday
    begun = {each.text[:end] for each in at("since:|").options for end in range(1, len(each.text))}
    for typed in (each for each in begun if not each.isdigit()):
        first = offered(f"since:{typed}|")[0]
        assert span(first, now) == span(typed, now), f"{typed} was read otherwise than as {first}"
