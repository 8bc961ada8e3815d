"""What a balance tells about one request: the sums, and when they say nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from gptimg_desktop.core.findings import (
    SETTLED_AFTER_S,
    CameBack,
    KnownBalance,
    Leaning,
    MoneyTrail,
    OtherSubmit,
    Unclear,
    follow_money,
)

PRICE = Decimal("0.014")
SENT = 1_000_000.0
LATER = SENT + SETTLED_AFTER_S + 1


def at(moment: float, remaining: str) -> KnownBalance:
    return KnownBalance(at=moment, remaining=Decimal(remaining))


def other(sent_at: float, ended_at: float | None, price: str = "0.014", **more: Any) -> OtherSubmit:
    return OtherSubmit(sent_at=sent_at, ended_at=ended_at, price=Decimal(price), **more)


def trail(*balances: KnownBalance, others: tuple[OtherSubmit, ...] = ()) -> MoneyTrail:
    return follow_money(sent_at=SENT, price=PRICE, balances=balances, others=others)


def verdict(*balances: KnownBalance, others: tuple[OtherSubmit, ...] = ()) -> Leaning | Unclear:
    found = trail(*balances, others=others)
    assert (found.why_not is None) == (found.leaning is not Leaning.CANNOT_TELL)
    return found.why_not or found.leaning


def test_a_fall_by_the_price_was_probably_the_charge() -> None:
    found = trail(at(SENT - 5, "8.10"), at(SENT + 5, "8.086"))
    assert found.leaning is Leaning.PROBABLY_CHARGED
    assert (found.fall, found.unexplained) == (PRICE, PRICE)


def test_an_unchanged_balance_says_no_only_when_a_picture_would_have_been_made() -> None:
    before = at(SENT - 5, "8.10")
    assert verdict(before, at(LATER, "8.10")) is Leaning.PROBABLY_NOT
    assert verdict(before, at(SENT + 600, "8.10")) is Unclear.TOO_SOON


def test_what_other_jobs_cost_is_no_evidence() -> None:
    others = (other(SENT + 1, SENT + 40), other(SENT + 2, SENT + 50, "0.021"), other(SENT + 3, SENT + 4, "0"))
    found = trail(at(SENT - 5, "8.10"), at(LATER, "8.065"), others=others)
    assert (found.leaning, found.explained, found.explained_by) == (
        Leaning.PROBABLY_NOT,
        Decimal("0.035"),
        2,
    )
    charged = trail(at(SENT - 5, "8.10"), at(LATER, "8.051"), others=others)
    assert (charged.leaning, charged.unexplained) == (Leaning.PROBABLY_CHARGED, PRICE)


def test_an_estimate_of_what_others_cost_proves_no_innocence() -> None:
    """Ten jobs, each a tenth cheaper than estimated, hide just one charge."""
    others = tuple(other(SENT - 4, SENT + 60, is_told=False) for _ in range(10))
    found = trail(at(SENT - 5, "8.10"), at(LATER, "7.960"), others=others)
    assert (found.leaning, found.why_not) == (Leaning.CANNOT_TELL, Unclear.ESTIMATED)
    told = tuple(other(SENT - 4, SENT + 60) for _ in range(10))
    assert trail(at(SENT - 5, "8.10"), at(LATER, "7.960"), others=told).leaning is Leaning.PROBABLY_NOT


def test_jobs_outside_the_two_balances_explain_nothing() -> None:
    others = (other(SENT - 90, SENT - 10), other(LATER + 5, None))
    found = trail(at(SENT - 5, "8.10"), at(LATER, "8.086"), others=others)
    assert (found.leaning, found.explained, found.in_flight) == (Leaning.PROBABLY_CHARGED, Decimal(0), 0)


@pytest.mark.parametrize(
    ("busy", "why"),
    [
        (other(SENT + 1, None), Unclear.IN_FLIGHT),  # runs still
        (other(SENT + 1, LATER + 30), Unclear.IN_FLIGHT),  # ended after the last balance
        (other(SENT - 30, SENT + 30), Unclear.BUSY_BEFORE),  # was under way at the first
        (other(SENT - 30, None), Unclear.BUSY_BEFORE),  # at both: its end does not help
        (other(SENT - 30, None, is_sure=False), Unclear.IN_DOUBT),  # may have been charged at any time
    ],
)
def test_nothing_is_told_while_others_were_under_way(busy: OtherSubmit, why: Unclear) -> None:
    for remaining in ("8.10", "8.086", "8.072"):
        assert verdict(at(SENT - 5, "8.10"), at(LATER, remaining), others=(busy,)) is why


def test_the_newest_quiet_balance_counts() -> None:
    busy = other(LATER + 10, LATER + 50)
    balances = (at(SENT - 5, "8.10"), at(LATER, "8.086"), at(LATER + 30, "8.07"))
    found = trail(*balances, others=(busy,))
    assert (found.leaning, found.after) == (Leaning.PROBABLY_CHARGED, balances[1])
    settled = trail(*balances, at(LATER + 60, "8.072"), others=(busy,))
    assert (settled.leaning, settled.explained) == (Leaning.PROBABLY_CHARGED, PRICE)


def test_several_unconfirmed_ones_are_told_together_or_not_at_all() -> None:
    doubtful = (other(SENT + 1, None, is_sure=False), other(SENT + 2, SENT + 60, is_sure=False))
    before = at(SENT - 5, "8.10")
    assert verdict(before, at(LATER + 10, "8.10"), others=doubtful) is Leaning.PROBABLY_NOT
    assert verdict(before, at(LATER + 10, "8.058"), others=doubtful) is Leaning.PROBABLY_CHARGED
    assert verdict(before, at(LATER + 10, "8.086"), others=doubtful) is Unclear.SHARED
    assert trail(before, at(LATER, "8.10"), others=doubtful).unconfirmed == 2


def test_a_balance_from_before_all_that_is_in_doubt_is_preferred() -> None:
    """An earlier try of the same job, of which nobody knows, and a balance on either side of it."""
    earlier = other(SENT - 60, None, is_sure=False, is_same_job=True)
    balances = (at(SENT - 90, "8.10"), at(SENT - 5, "8.10"))
    assert verdict(*balances, at(LATER, "8.10"), others=(earlier,)) is Leaning.PROBABLY_NOT
    assert verdict(*balances, at(LATER, "8.072"), others=(earlier,)) is Leaning.PROBABLY_CHARGED
    one = trail(*balances, at(LATER, "8.086"), others=(earlier,))
    assert (one.why_not, one.before, one.earlier_tries) == (Unclear.SHARED, balances[0], 1)
    assert trail(balances[1], at(LATER, "8.10"), others=(earlier,)).in_flight == 0


def test_a_fall_of_another_size_or_a_rise_tells_nothing() -> None:
    before = at(SENT - 5, "8.10")
    for remaining in ("7.10", "8.096", "18.10"):
        assert verdict(before, at(LATER, remaining)) is Unclear.NO_MATCH


def test_balances_on_one_side_alone_tell_nothing() -> None:
    assert verdict() is Unclear.NOT_TOLD
    assert verdict(at(LATER, "8.10")) is Unclear.NOT_TOLD
    assert verdict(at(SENT - 5, "8.10")) is Unclear.NOT_SINCE


def test_half_an_id_in_an_answer_is_found() -> None:
    def came_back(text: str) -> CameBack:
        return CameBack(status=502, is_whole=False, media_type="", text=text, size_bytes=len(text))

    assert came_back('{"data":[{"task_id":"task_01KT48E134GC').task_ids == ("task_01KT48E134GC",)
    assert came_back("task_aaaa task_bbbb task_aaaa").task_ids == ("task_aaaa", "task_bbbb")
    assert came_back("<html>task_id</html>").task_ids == ()
