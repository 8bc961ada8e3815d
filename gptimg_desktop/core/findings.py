"""What can be found out about a submit that nobody confirmed: what came back, and what the account's balance
tells. It leads to a leaning, never to an act: only the user sends again.

The balance speaks where it was asked both before the request left and long enough after, while no other job
of the account was under way: then what it fell by, less what the other jobs cost, is this job's charge or
nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SETTLED_AFTER_S: Final = 720.0
"""Seconds after which a picture that was taken has been made and charged; the slowest known took 644."""
_SLACK: Final = Decimal("0.1")
"""The share of a picture's price by which sums may be out before they tell something else."""
_PRICE_SLACK: Final = Decimal("0.5")
"""The share of one picture's price by which a sum may differ from its estimate; one more or less is told."""
_MOST_IDS: Final = 4
_LIKE_AN_ID: Final = re.compile(r"task_[0-9A-Za-z-]{4,128}")


class Leaning(StrEnum):
    """What the balance suggests about one charge."""

    PROBABLY_CHARGED = "probably_charged"
    PROBABLY_NOT = "probably_not"
    CANNOT_TELL = "cannot_tell"


class Unclear(StrEnum):
    """Why it suggests nothing."""

    NOT_TOLD = "not_told"  # no balance is known from before, or none at all
    NOT_SINCE = "not_since"  # none is known from after
    IN_FLIGHT = "in_flight"  # other jobs were under way when it was asked last
    BUSY_BEFORE = "busy_before"  # they were so already when it was asked before this one left
    IN_DOUBT = "in_doubt"  # an unconfirmed one was sent just before the first balance, on either side of it
    SHARED = "shared"  # other unconfirmed jobs may have taken what it fell by
    TOO_SOON = "too_soon"  # nothing is gone, but a picture that is being made is charged later
    ESTIMATED = "estimated"  # what other jobs cost is our own estimate, which may hide a charge
    NO_MATCH = "no_match"  # it moved by something else: other programs use the key, or money was paid in


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownBalance:
    """What an account had left (US dollars) at a moment (Unix seconds)."""

    at: float
    remaining: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherSubmit:
    """Another request of the same account. It was charged `price` (0 for one that failed) some time between
    `sent_at` and `ended_at` (None: it still runs). `is_sure` False: nobody knows whether it was charged.
    `is_told` False: the price is our own estimate. `is_same_job`: an earlier try of the same job."""

    sent_at: float
    ended_at: float | None
    price: Decimal
    is_sure: bool = True
    is_told: bool = True
    is_same_job: bool = False

    def is_under_way(self, at: float) -> bool:
        """True where the charge may fall on either side of a moment."""
        if self.sent_at > at:
            return False
        if not self.is_sure:
            return at < self.sent_at + SETTLED_AFTER_S
        return self.ended_at is None or at < self.ended_at


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyTrail:
    """A job's charge as seen in the balance.

    `explained` is what `explained_by` other jobs took between the two balances. `in_flight` counts those
    that were under way at either of them, `unconfirmed` the requests of which nobody knows either, and
    `earlier_tries` those of them that were for this job. `tells_from`: from when on (Unix seconds) an
    unchanged balance says something.
    """

    leaning: Leaning
    why_not: Unclear | None = None
    price: Decimal
    tells_from: float
    before: KnownBalance | None = None
    after: KnownBalance | None = None
    explained: Decimal = Decimal(0)
    explained_by: int = 0
    in_flight: int = 0
    unconfirmed: int = 0
    earlier_tries: int = 0

    @property
    def fall(self) -> Decimal:
        """How much less there was; below zero where there was more."""
        if self.before is None or self.after is None:
            return Decimal(0)
        return self.before.remaining - self.after.remaining

    @property
    def unexplained(self) -> Decimal:
        """How much of the fall no other job explains."""
        return self.fall - self.explained


@dataclass(frozen=True, slots=True, kw_only=True)
class CameBack:
    """An answer as it came, for eyes: `status` None where none began, `size_bytes` of all that arrived."""

    status: int | None
    is_whole: bool
    media_type: str
    text: str
    size_bytes: int

    @property
    def task_ids(self) -> tuple[str, ...]:
        """What looks like a task id in it, whole or not."""
        return tuple(dict.fromkeys(_LIKE_AN_ID.findall(self.text)))[:_MOST_IDS]


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """All that is known about one attempt of an unconfirmed job."""

    job_id: str
    attempt: int
    trail: MoneyTrail
    came_back: CameBack | None = None


def follow_money(
    *, sent_at: float, price: Decimal, balances: Sequence[KnownBalance], others: Iterable[OtherSubmit]
) -> MoneyTrail:
    """What the balances of an account tell about a request for `price` dollars that left at `sent_at`.

    `others`: every other request of the account that may have been charged between any two of the balances.
    Of the balances after it the newest counts that was asked while nothing else was under way, of those
    before it the last such one, if possible from before any request of unknown outcome; where there is none,
    the last of them all.
    """
    known = tuple(others)
    earlier = [each for each in balances if each.at < sent_at]
    before = _quietest([each for each in earlier if not _is_in_doubt(each, known)] or earlier, known)
    after = _quietest([each for each in balances if each.at > sent_at], known)
    tells_from = sent_at + SETTLED_AFTER_S
    if before is None or after is None:
        why_not = Unclear.NOT_TOLD if before is None else Unclear.NOT_SINCE
        return MoneyTrail(
            leaning=Leaning.CANNOT_TELL,
            why_not=why_not,
            price=price,
            tells_from=tells_from,
            before=before,
            after=after,
        )
    doubtful = [each for each in known if not each.is_sure and _touches(each, before.at, after.at)]
    between = [each for each in known if each.is_sure and _is_between(each, before.at, after.at)]
    in_flight = sum(_is_astride(each, before.at, after.at) for each in known if each.is_sure)
    explained = sum((each.price for each in between), Decimal(0))
    lost = before.remaining - after.remaining - explained
    unclear = _disturbance(before, after, known)
    leaning = Leaning.CANNOT_TELL
    if unclear is None:
        leaning, unclear = _lean(lost, price, doubtful, is_settled=after.at >= tells_from)
    if leaning is Leaning.PROBABLY_NOT and not all(each.is_told for each in between):
        leaning, unclear = Leaning.CANNOT_TELL, Unclear.ESTIMATED
    return MoneyTrail(
        leaning=leaning,
        why_not=unclear,
        price=price,
        tells_from=tells_from,
        before=before,
        after=after,
        explained=explained,
        explained_by=sum(each.price > 0 for each in between),
        in_flight=in_flight,
        unconfirmed=len(doubtful),
        earlier_tries=sum(each.is_same_job for each in doubtful),
    )


def _quietest(balances: Sequence[KnownBalance], others: Sequence[OtherSubmit]) -> KnownBalance | None:
    """The newest balance at which no other request was under way, else the newest."""
    newest_first = sorted(balances, key=_moment, reverse=True)
    quiet = (
        each
        for each in newest_first
        if not any(other.is_sure and other.is_under_way(each.at) for other in others)
    )
    return next(quiet, newest_first[0] if newest_first else None)


def _disturbance(before: KnownBalance, after: KnownBalance, others: Sequence[OtherSubmit]) -> Unclear | None:
    """What keeps two balances from being compared; what stands in the way of the first does so for good."""
    sure = [each for each in others if each.is_sure]
    if any(each.is_under_way(before.at) for each in sure):
        return Unclear.BUSY_BEFORE
    if _is_in_doubt(before, others):
        return Unclear.IN_DOUBT
    return Unclear.IN_FLIGHT if any(each.is_under_way(after.at) for each in sure) else None


def _lean(
    lost: Decimal, price: Decimal, doubtful: Sequence[OtherSubmit], *, is_settled: bool
) -> tuple[Leaning, Unclear | None]:
    """What it means that the account has `lost` more than other jobs explain."""
    if abs(lost) <= price * _SLACK:
        return (Leaning.PROBABLY_NOT, None) if is_settled else (Leaning.CANNOT_TELL, Unclear.TOO_SOON)
    expected = price + sum((each.price for each in doubtful), Decimal(0))
    if abs(lost - expected) < price * _PRICE_SLACK:
        return Leaning.PROBABLY_CHARGED, None
    return Leaning.CANNOT_TELL, Unclear.SHARED if doubtful and lost > 0 else Unclear.NO_MATCH


def _touches(other: OtherSubmit, start: float, end: float) -> bool:
    """True where a request of unknown outcome may have been charged between two moments."""
    return other.sent_at <= end and other.sent_at + SETTLED_AFTER_S > start


def _is_between(other: OtherSubmit, start: float, end: float) -> bool:
    """True where a request was certainly sent and settled between two moments."""
    return other.sent_at > start and other.ended_at is not None and other.ended_at <= end


def _is_astride(other: OtherSubmit, start: float, end: float) -> bool:
    """True where it cannot be said on which side of one of two moments a request was charged."""
    return other.is_under_way(start) or other.is_under_way(end)


def _is_in_doubt(balance: KnownBalance, others: Sequence[OtherSubmit]) -> bool:
    """True where a request of unknown outcome may have been charged before a balance or after it."""
    return any(not each.is_sure and each.is_under_way(balance.at) for each in others)


def _moment(balance: KnownBalance) -> float:
    return balance.at
