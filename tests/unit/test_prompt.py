"""Which prompts a text stands for, whatever the text, and how long that takes to find out."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from itertools import product

import pytest

from gptimg_desktop.core.draft import Draft, draft_problems
from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.core.prompt import (
    MOST_PROMPTS,
    Expansion,
    escaped,
    expand,
    read,
)
from gptimg_desktop.core.prompt_grammar import MOST_COUNTED
from gptimg_desktop.core.request import MOST_PROMPT_CHARACTERS

LONGEST = MOST_PROMPT_CHARACTERS


def prompts(text: str, *, one_per_line: bool = False) -> list[str]:
    return list(expand(text, one_per_line=one_per_line).prompts)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("an oak chair", ["an oak chair"]),
        ("", [""]),
        ("an {oak|ash} chair", ["an oak chair", "an ash chair"]),
        ("{a|b}{1|2}", ["a1", "a2", "b1", "b2"]),
        ("{a|b{1|2}}", ["a", "b1", "b2"]),
        ("{ oak | walnut\n| ash }!", ["oak!", "walnut!", "ash!"]),
        ("{a b|c} {d}", ["a b {d}", "c {d}"]),
        ("{old {oak|ash}|new}", ["old oak", "old ash", "new"]),
        ("a {very|} old chair", ["a very old chair", "a old chair"]),
        ("{very|} old", ["very old", "old"]),
        ("a chair{, red|}.", ["a chair, red.", "a chair."]),
        ("{|}", [""]),
        ("{oak|oak}", ["oak"]),
        ("{oak| oak |ash} {a|a}", ["oak a", "ash a"]),
        ("a|b", ["a|b"]),
        ("{material}", ["{material}"]),
        ("{}", ["{}"]),
        ("}{", ["}{"]),
        ("{a|b", ["{a|b"]),
        ("{a|{b|c}", ["{a|b", "{a|c"]),
        ("a|b}", ["a|b}"]),
        (r"\{a|b\}", ["{a|b}"]),
        (r"{a\|b|c\}}", ["a|b", "c}"]),
        (r"C:\new \\ {a|b}", [r"C:\new \\ a", r"C:\new \\ b"]),
        ("{\\", ["{\\"]),
        ('{"style": "oak", "size": {"w": 1}}', ['{"style": "oak", "size": {"w": 1}}']),
        ("一把{橡木|胡桃木}椅子 🪑", ["一把橡木椅子 🪑", "一把胡桃木椅子 🪑"]),
    ],
)
def test_what_a_text_stands_for(text: str, wanted: list[str]) -> None:
    assert expand(text) == Expansion(prompts=tuple(wanted), count=len(wanted))


def test_the_last_variable_changes_first() -> None:
    wanted = [f"{a} {b} {c}" for a, b, c in product("ab", "12", "xy")]
    assert prompts("{a|b} {1|2} {x|y}") == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", []),
        ("\n \n", []),
        ("one", ["one"]),
        ("  one \n\n\ttwo\r\n", ["one", "two"]),
        ("{a|b}\n{c\n|d}", ["a", "b", "{c", "|d}"]),
        ("one\ntwo\none", ["one", "two"]),
    ],
)
def test_with_one_prompt_per_line_each_line_is_read_on_its_own(text: str, wanted: list[str]) -> None:
    assert prompts(text, one_per_line=True) == wanted
    assert expand(text, one_per_line=True).count == len(wanted)


def test_variables_are_told_as_they_were_written() -> None:
    text = "🪑 {oak | old {ash|elm}} in {red|blue}"
    first, second = read(text).variables
    assert first.span.of(text) == "{oak | old {ash|elm}}"
    assert (first.alternatives, first.count) == (("oak", "old {ash|elm}"), 3)
    assert (second.span.of(text), second.alternatives) == ("{red|blue}", ("red", "blue"))
    (last,) = read("one\n  two {a|b}\n", one_per_line=True).variables
    assert (last.span.start, last.span.end) == (10, 15)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a {material} chair in {room style}", ["{material}", "{room style}"]),
        ("{材料}的椅子", ["{材料}"]),
        ("{ wood }", ["{ wood }"]),
        ("{oak|{wood}}", ["{wood}"]),
        ("{it's a client's, 2nd}", ["{it's a client's, 2nd}"]),
        ("{" + "x" * 40 + "}", ["{" + "x" * 40 + "}"]),
        ("{" + "x" * 41 + "}", []),
        ('{"a": 1} {a: 1} {1} {} { } {a\nb} {a{b}c}', ["{b}"]),
        (r"\{material\} {material", []),
    ],
)
def test_a_blank_is_a_few_plain_words_in_braces(text: str, wanted: list[str]) -> None:
    assert [span.of(text) for span in read(text).blanks] == wanted


def some_text(chance: random.Random, depth: int = 3) -> tuple[str, list[str]]:
    """A text that is well formed, and what it stands for by the book, repetitions included."""
    text, stands_for = "", [""]
    for _ in range(chance.randint(1, 3)):
        if depth and chance.random() < 0.4:
            inner = [some_text(chance, depth - 1) for _ in range(chance.randint(2, 3))]
            text += "{" + "|".join(part for part, _ in inner) + "}"
            added = [each for _, many in inner for each in many]
        else:
            word = chance.choice(["oak", "a\\{b", "é", "🪑", "x\\|y", "1"])
            text += word
            added = [word.replace("\\", "")]
        stands_for = [before + after for before in stands_for for after in added]
    return text, stands_for


def test_any_text_stands_for_what_the_book_says() -> None:
    chance = random.Random(5)
    several = 0
    for _ in range(1_000):
        text, by_the_book = some_text(chance)
        found = expand(text)
        if len(by_the_book) <= MOST_PROMPTS:
            several += len(by_the_book) > 1
            assert list(found.prompts) == list(dict.fromkeys(by_the_book)), text
            assert found.count == len(found.prompts)
        else:
            assert (found.prompts, found.count) == ((), len(by_the_book)), text
    assert several > 200


def test_any_prompt_can_be_written_as_a_text_that_stands_for_it_alone() -> None:
    chance = random.Random(7)
    for _ in range(20_000):
        prompt = "".join(chance.choice("ab {}|\\\n🪑") for _ in range(chance.randint(0, 14)))
        assert prompts(escaped(prompt)) == [prompt]
        assert "".join(piece.text for piece in read(escaped(prompt)).pieces[0]) == prompt


def test_whatever_is_typed_is_read() -> None:
    chance = random.Random(11)
    for _ in range(20_000):
        text = "".join(chance.choice("ab{}|\\\n ") for _ in range(chance.randint(0, 16)))
        for one_per_line in (False, True):
            found = read(text, one_per_line=one_per_line)
            assert found.count == len(found.prompts) == len(found.pieces)
            assert ["".join(piece.text for piece in pieces) for pieces in found.pieces] == [*found.prompts]
            for span in found.blanks:
                assert span.of(text)[0] + span.of(text)[-1] == "{}"


@pytest.mark.parametrize(
    "text",
    [
        "{" * LONGEST,
        "{a|" * (LONGEST // 3),
        "{}" * (LONGEST // 2),
        "{" * (LONGEST // 2) + "}" * (LONGEST // 2),
        "{|" * (LONGEST // 3) + "}" * (LONGEST // 3),
        "{a|b}" * (LONGEST // 5),
        "|" * LONGEST,
        "\\" * LONGEST,
        "\\{" * (LONGEST // 2),
        "x\n" * (LONGEST // 2),
    ],
    ids=lambda text: text[:6] + "…",
)
@pytest.mark.parametrize("one_per_line", [False, True])
def test_no_text_takes_long_or_goes_too_deep(text: str, one_per_line: bool) -> None:
    begun = time.perf_counter()
    found = read(text, one_per_line=one_per_line)
    assert found.count >= 1
    assert isinstance(found.variables, tuple)
    assert isinstance(found.blanks, tuple)
    assert time.perf_counter() - begun < 1.0  # what rescans or multiplies takes minutes


def test_a_million_million_combinations_are_counted_and_not_written_out() -> None:
    assert expand("{a|b}" * 20).count == 2**20
    assert expand("{a|b}" * 200) == Expansion(prompts=(), count=MOST_COUNTED)
    assert len(prompts("{a|b|c|d|e|f|g|h|i|j}" * 2)) == 100
    assert expand("{a|b|c|d|e|f|g|h|i|j}{1|2|3|4|5|6|7|8|9|0}{x|y}") == Expansion(prompts=(), count=200)


def test_a_press_makes_a_request_for_each_prompt_and_copy_in_order() -> None:
    draft = Draft(prompt="{a|b} {1|2}", copies=2)
    assert [request.prompt for request in draft.requests] == [
        *("a 1", "a 1", "a 2", "a 2"),
        *("b 1", "b 1", "b 2", "b 2"),
    ]
    assert draft.count == 8
    assert draft_problems(draft) == ()


@pytest.mark.parametrize("draft", [Draft(prompt="{a|b}" * 7), Draft(prompt="{a|b|c}", copies=34)])
def test_more_than_a_press_may_make_is_nothing_at_all(draft: Draft) -> None:
    (problem,) = draft_problems(draft)
    assert problem == Problem.of(ProblemKind.RUN_TOO_LARGE, count=draft.count, limit=100)
    assert draft.requests == ()
    fitting = replace(draft, prompt="{a|b|c}", copies=33)
    assert draft_problems(fitting) == ()
    assert len(fitting.requests) == 99


@pytest.mark.parametrize(
    ("draft", "kind"),
    [
        (Draft(), ProblemKind.PROMPT_EMPTY),
        (Draft(one_per_line=True, prompt=" \n "), ProblemKind.PROMPT_EMPTY),
        (Draft(prompt="{a|}"), ProblemKind.PROMPT_EMPTY),
        (Draft(prompt="{a|\0}"), ProblemKind.PROMPT_UNSENDABLE),
        (Draft(prompt="{a|" + "x" * (LONGEST + 1) + "}"), ProblemKind.PROMPT_TOO_LONG),
    ],
)
def test_one_prompt_that_cannot_go_keeps_all_of_them(draft: Draft, kind: ProblemKind) -> None:
    assert [problem.kind for problem in draft_problems(draft)] == [kind]


def test_the_length_counts_of_each_prompt_and_not_of_the_text() -> None:
    half = "x" * (LONGEST - 10)
    assert draft_problems(Draft(prompt="{" + half + "|" + half + "y}")) == ()
