"""How a search is read: words, phrases, fields, what is half typed, and what can never be meant."""

from __future__ import annotations

import random
import time

import pytest

from gptimg_desktop.core.job import JobState
from gptimg_desktop.core.query import parse
from gptimg_desktop.core.query_grammar import MOST_CHARACTERS, quoted, tokens
from gptimg_desktop.core.query_names import Field
from gptimg_desktop.core.query_terms import (
    Asked,
    AskedBetween,
    AtService,
    CostsBetween,
    Fact,
    HasShape,
    InCollection,
    InState,
    Is,
    Query,
    ReferenceNamed,
    Shape,
    SizeBegins,
    Term,
    TierBegins,
    Words,
)

NOW = time.mktime((2026, 11, 23, 12, 0, 0, 0, 0, -1))  # a Monday
FAILED = InState(states=frozenset({JobState.FAILED}))


def asked(text: str) -> list[tuple[Asked, ...]]:
    return [term.any_of for term in parse(text, NOW).terms]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("oak chair", ["oak", "chair"]),
        ('"oak chair" red', ["oak chair", "red"]),
        ("“oak chair” „rote Tür“ «une chaise»", ["oak chair", "rote tür", "une chaise"]),
        ('"not closed yet', ["not closed yet"]),
        ("猫\u3000橡木椅子", ["猫", "橡木椅子"]),
        ("ＯＡＫ Straße 4×5", ["oak", "strasse", "4x5"]),
        ("--ar 16:9 -- a", ["--ar", "16:9", "--", "a"]),
        ('5"x7" o\'clock', ['5"x7"', "o'clock"]),
        ("title: a:b http://x.example/y", ["title:", "a:b", "http://x.example/y"]),
        ("black-white", ["black-white"]),
        ("a\0b \ud800", ["a", "b"]),
        ("oak oak", ["oak"]),
        ('- "" -""', []),
        ("   ", []),
    ],
)
def test_words_and_phrases(text: str, expected: list[str]) -> None:
    assert asked(text) == [(Words(text=word),) for word in expected]


@pytest.mark.parametrize("field", Field)
def test_every_field_is_known_by_its_name_and_reads_a_value(field: Field) -> None:
    (token,) = tokens(f"{field}:2026")
    assert token.field is field
    (term,) = parse(f"{field}:2026", NOW).terms
    assert term.any_of


def test_a_minus_takes_out() -> None:
    assert parse('-cat -"red door" -tier:4k', NOW) == Query(
        terms=(
            Term(any_of=(Words(text="cat"),), is_negated=True),
            Term(any_of=(Words(text="red door"),), is_negated=True),
            Term(any_of=(TierBegins(text="4k"),), is_negated=True),
        )
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("size:16:9", SizeBegins(text="16:9")),
        ("Size：16:9", SizeBegins(text="16:9")),
        ("größe:16/9", SizeBegins(text="16:9")),
        ("size:1024×768", SizeBegins(text="1024x768")),
        ("size:1024x", SizeBegins(text="1024x")),
        ("size:16x9", SizeBegins(text="16:9")),
        ("size:16-9", SizeBegins(text="16:9")),
        ("size:16x", SizeBegins(text="16:")),
        ("size:1024*1024", SizeBegins(text="1024x1024")),
        ("size:1024:76", SizeBegins(text="1024x76")),
        ("size:64x64", SizeBegins(text="64x64")),
        ("prompt:Oak", Words(text="oak")),
        ('prompt:"Oak chair"', Words(text="oak chair")),
        ("size:por", HasShape(shape=Shape.PORTRAIT)),
        ("size:quer", HasShape(shape=Shape.LANDSCAPE)),
        ("size:au", SizeBegins(text="au")),
        ("tier:4K", TierBegins(text="4k")),
        ("state:fail", FAILED),
        ("status:fehler", FAILED),
        ("is:failed", FAILED),
        ("state:rejected", InState(states=frozenset({JobState.REJECTED}))),
        ("is:rejected", Is(fact=Fact.REJECTED)),
        ("is:miss", Is(fact=Fact.MISSING)),
        ("ref:Logo", ReferenceNamed(text="logo")),
        ("ref:*", ReferenceNamed(text="")),
        ("in:Spring", InCollection(text="spring")),
        ('in:"Spring 26"', InCollection(text="Spring 26", is_whole=True)),
        ("in:*", InCollection(text="")),
        ("service:Practice", AtService(text="practice")),
    ],
)
def test_fields(text: str, expected: Asked) -> None:
    assert asked(text) == [(expected,)]


def test_commas_stand_between_values_of_which_one_will_do() -> None:
    assert asked('tier:2k,4k is:picked,failed in:"A, b",c') == [
        (TierBegins(text="2k"), TierBegins(text="4k")),
        (Is(fact=Fact.PICKED), FAILED),
        (InCollection(text="A, b", is_whole=True), InCollection(text="c")),
    ]


@pytest.mark.parametrize("text", ["size:", "-tier:", "since:2", "on:20", "cost:>", "cost:$", "in:,", "is:,,"])
def test_a_field_that_is_not_whole_yet_asks_for_nothing(text: str) -> None:
    assert parse(f"oak {text}", NOW) == parse("oak", NOW)


def test_a_field_that_is_not_whole_keeps_what_follows() -> None:
    assert asked("size: oak") == [(Words(text="oak"),)]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("state:blue", "state:blue"),
        ("is:xyz", "is:xyz"),
        ("since:never", "since:never"),
        ("cost:much", "cost:much"),
        ("size:huge", "size:huge"),
        ("colour:red", "colour:red"),
    ],
)
def test_what_can_never_be_meant_is_a_word(text: str, word: str) -> None:
    assert asked(text) == [(Words(text=word),)]


def test_states_that_begin_alike_are_all_meant() -> None:
    ((found,),) = asked("state:re")
    assert found == InState(states=frozenset({JobState.READY, JobState.REJECTED}))


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("cost:0.05", (0.05, 0.0451, 0.0549), (0.04, 0.0551, 0.06)),
        ("cost:0,05", (0.05,), (0.06,)),
        ("cost:$0.1", (0.1, 0.05, 0.149), (0.04, 0.16)),
        ("cost:>0.1", (0.11,), (0.1, 0.05)),
        ("cost:>=0.1", (0.1, 0.2), (0.05,)),
        ("cost:<0.1", (0.0, 0.09), (0.1,)),
        ("cost:<=0.1", (0.1,), (0.11,)),
        ("cost:0.01..0.05", (0.01, 0.05), (0.009, 0.051)),
        ("cost:0.01..", (0.01, 9.0), (0.009,)),
        ("cost:0", (0.0,), (0.0085,)),
    ],
)
def test_costs(text: str, inside: tuple[float, ...], outside: tuple[float, ...]) -> None:
    ((found,),) = asked(text)
    assert isinstance(found, CostsBetween)
    most = float("inf") if found.most is None else found.most
    assert all(found.least <= amount <= most for amount in inside)
    assert not any(found.least <= amount <= most for amount in outside)


def test_dates_are_days_of_this_computer() -> None:
    today = time.mktime((2026, 11, 23, 0, 0, 0, 0, 0, -1))
    tomorrow = time.mktime((2026, 11, 24, 0, 0, 0, 0, 0, -1))
    assert asked("since:today") == [(AskedBetween(since=today),)]
    assert asked("before:monday") == [(AskedBetween(before=today),)]
    assert asked("until:today") == asked("bis:heute") == [(AskedBetween(before=tomorrow),)]
    assert asked("on:heute") == [(AskedBetween(since=today, before=tomorrow),)]


def test_from_one_day_to_another() -> None:
    january = time.mktime((2026, 1, 1, 0, 0, 0, 0, 0, -1))
    april = time.mktime((2026, 4, 1, 0, 0, 0, 0, 0, -1))
    assert asked("on:2026-01..2026-03") == [(AskedBetween(since=january, before=april),)]
    assert asked("on:2026-01..") == [(AskedBetween(since=january),)]
    assert asked("on:..2026-03") == [(AskedBetween(before=april),)]


@pytest.mark.parametrize("name", ["Spring 26", 'the "big" one', "a,b", "“x”"])
def test_a_name_in_quotes_is_read_as_it_was(name: str) -> None:
    assert asked(f"in:{quoted(name)}") == [(InCollection(text=name, is_whole=True),)]


def test_nothing_is_an_error() -> None:
    chance = random.Random(6)
    pieces = [
        "size:",
        "tier:",
        "since:",
        "on:",
        "cost:",
        "in:",
        "is:",
        "ref:",
        "-",
        '"',
        "„",
        ",",
        ":",
        "..",
        " ",
    ]
    pieces += [
        "31.2.",
        "2026-02-30",
        "0d",
        "9999y",
        "9999m",
        "99/99/2026",
        "\0",
        "猫",
        "a",
        ">",
        "<=",
        "12h",
        "%",
    ]
    for _ in range(5_000):
        parse("".join(chance.choices(pieces, k=chance.randint(1, 9))), NOW)


def test_a_whole_book_is_read_to_a_point() -> None:
    text = "word " * 100_000
    began = time.perf_counter()
    assert len(parse(text, NOW).terms) == 1
    assert parse("x" * 2 * MOST_CHARACTERS, NOW) == parse("x" * MOST_CHARACTERS, NOW)
    assert time.perf_counter() - began < 2
