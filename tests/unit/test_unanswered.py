"""Presses that wait for the user's word, and what one question asks."""

from __future__ import annotations

from decimal import Decimal

from gptimg_desktop.core.connection import PRACTICE, Connection
from gptimg_desktop.core.draft import Draft
from gptimg_desktop.core.reference import FileReference, Origin
from gptimg_desktop.core.sizes import Tier
from gptimg_desktop.engine import Payer
from gptimg_desktop.unanswered import Unanswered, Unsent

PAID = Payer(connection=Connection(service="https://example.com"), key_fingerprint="k")
FREE = Payer(connection=Connection(service=PRACTICE), key_fingerprint="")


def gone(name: str, number: int = 1) -> FileReference:
    return FileReference(
        sha256=f"{number:064x}",
        media_type="image/png",
        size_bytes=1,
        width=1,
        height=1,
        name=name,
        origin=Origin(path=f"/p/{name}", size_bytes=1, modified_ns=number),
    )


def press(
    *missing: FileReference, prompt: str = "x", copies: int = 1, payer: Payer = PAID, tier: Tier = Tier.K1
) -> Unsent:
    draft = Draft(prompt=prompt, references=missing, copies=copies, tier=tier)
    return Unsent(draft=draft, payer=payer, missing=missing)


def test_nothing_is_asked_while_nothing_waits() -> None:
    waiting = Unanswered()
    assert waiting.question is None
    assert waiting.take(0) == ()
    assert len(waiting) == 0


def test_a_question_tells_what_its_presses_cost() -> None:
    waiting = Unanswered()
    waiting.add(press(gone("a"), copies=3))
    waiting.add(press(gone("a"), copies=2, tier=Tier.K4))
    waiting.add(press(gone("a"), prompt="{x|y}", copies=5, payer=FREE))
    question = waiting.question
    assert question is not None
    assert (question.count, question.price, question.free) == (15, Decimal("0.0675"), 10)
    assert (question.names, question.more, len(question.drafts)) == (("a",), 0, 3)


def test_a_press_joins_where_all_its_missing_files_are_asked_about() -> None:
    waiting = Unanswered()
    first, same = press(gone("a"), gone("b")), press(gone("b", 2), prompt="y")
    wider = press(gone("b"), gone("c"))
    for each in (first, same, wider):
        waiting.add(each)
    question = waiting.question
    assert question is not None
    assert question.names == ("a", "b")
    assert question.missing == (gone("a"), gone("b"), gone("b", 2))
    assert (len(question.drafts), question.more, len(waiting)) == (2, 1, 3)
    assert waiting.take(question.number) == (first, same)
    after = waiting.question
    assert after is not None
    assert (after.names, after.more) == (("b", "c"), 0)
    assert waiting.take(after.number) == (wider,)
    assert waiting.question is None


def test_an_answer_is_for_the_question_as_it_stood() -> None:
    waiting = Unanswered()
    waiting.add(press(gone("a")))
    before = waiting.question
    waiting.add(press(gone("a"), copies=90))
    after = waiting.question
    assert before is not None
    assert after is not None
    assert waiting.take(before.number) == ()
    assert len(waiting) == 2
    assert len(waiting.take(after.number)) == 2
    assert waiting.take(after.number) == ()
