"""What was left in each account, and when: kept to find out later what one request cost."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.findings import SETTLED_AFTER_S, KnownBalance, OtherSubmit
from gptimg_desktop.core.job import JobState

if TYPE_CHECKING:
    import sqlite3

    from gptimg_desktop.core.job import Job
    from gptimg_desktop.services.library.database import Database

KEPT_S: Final = 90 * 86_400.0
_MOST_BEFORE: Final = 20
_MOST_AFTER: Final = 50

_ACCOUNT: Final = "service = :service AND key_fingerprint = :key_fingerprint"
_BEFORE: Final = (
    f"SELECT at, remaining FROM balance WHERE {_ACCOUNT} AND at < :sent_at"  # noqa: S608 - our own words
    " ORDER BY at DESC LIMIT :most"
)
_AFTER: Final = _BEFORE.replace("at < :sent_at", "at > :sent_at")
_OTHERS: Final = f"""
    SELECT state, armed_at, finished_at, cost, estimate FROM job
    WHERE {_ACCOUNT} AND id != :id AND armed_at <= :last
    AND (finished_at IS NULL OR finished_at >= :first OR state = 'closed')
    AND state IN ('sending', 'unconfirmed', 'accepted', 'ready', 'saved', 'failed', 'closed', 'lost')
"""  # noqa: S608 - our own words
# Attempts that the user gave up for another one. Refused ones are among them, to be on the safe side.
_GIVEN_UP: Final = f"""
    SELECT attempt.armed_at, job.estimate, job.id FROM attempt JOIN job ON job.id = attempt.job_id
    WHERE {_ACCOUNT} AND job.doubts > 0 AND (attempt.attempt < job.attempt OR job.state = 'queued')
    AND attempt.armed_at BETWEEN :first AND :last
"""  # noqa: S608 - our own words
_DOUBTFUL: Final = frozenset({JobState.UNCONFIRMED, JobState.CLOSED, JobState.LOST})


class BalanceStore:
    """Keeps balances by account: a service and the fingerprint of a key."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, service: str, key_fingerprint: str, balance: KnownBalance) -> None:
        """Commit what an account had left; what is too old to tell anything goes."""

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(
                "INSERT INTO balance (service, key_fingerprint, at, remaining) VALUES (?, ?, ?, ?)",
                (service, key_fingerprint, balance.at, str(balance.remaining)),
            )
            connection.execute("DELETE FROM balance WHERE at < ?", (balance.at - KEPT_S,))

        await self._database.write(work)

    async def around(self, job: Job) -> tuple[tuple[KnownBalance, ...], tuple[OtherSubmit, ...]]:
        """The balances of a sent job's account on both sides of its sending, and what else was sent then."""
        account = {"service": job.service, "key_fingerprint": job.key_fingerprint, "id": job.id}

        def work(
            connection: sqlite3.Connection,
        ) -> tuple[tuple[KnownBalance, ...], tuple[OtherSubmit, ...]]:
            sent = account | {"sent_at": job.armed_at}
            rows = [
                *connection.execute(_BEFORE, sent | {"most": _MOST_BEFORE}),
                *connection.execute(_AFTER, sent | {"most": _MOST_AFTER}),
            ]
            if not rows:
                return (), ()
            balances = tuple(KnownBalance(at=row["at"], remaining=Decimal(row["remaining"])) for row in rows)
            times = [balance.at for balance in balances]
            first = min(times) - SETTLED_AFTER_S
            span = account | {"first": first, "last": max(times)}
            others = [_other(row) for row in connection.execute(_OTHERS, span)]
            given_up = [_given_up(row, job.id) for row in connection.execute(_GIVEN_UP, span)]
            return balances, (*others, *given_up)

        return await self._database.read(work)


def _other(row: sqlite3.Row) -> OtherSubmit:
    state = JobState(row["state"])
    price = Decimal(row["estimate"] if row["cost"] is None else row["cost"])
    return OtherSubmit(
        sent_at=row["armed_at"],
        ended_at=row["finished_at"],
        price=Decimal(0) if state is JobState.FAILED else price,
        is_sure=state not in _DOUBTFUL,
        is_told=row["cost"] is not None or state is JobState.FAILED,
    )


def _given_up(row: sqlite3.Row, job_id: str) -> OtherSubmit:
    return OtherSubmit(
        sent_at=row["armed_at"],
        ended_at=None,
        price=Decimal(row["estimate"]),
        is_sure=False,
        is_same_job=row["id"] == job_id,
    )
