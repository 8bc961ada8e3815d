"""What a run counted, whether it proves anything, and its table."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.torture.inspection import Inspection
    from tests.torture.library import Snapshot
    from tests.torture.service import Service

STATES: Final = ("queued", "sending", "accepted", "ready")
MANY_KILLS: Final = 100
"""From here on a run that met no job in one of the states proves too little."""
MOST_TIMES: Final = 5
"""How many times the kills that were asked for are made at most, to meet a job in a state that is needed."""


@dataclass(kw_only=True)
class Tally:
    """The counts of one part of a run. `kills_wanted` is what was asked for, `seconds` how long it took."""

    name: str
    kills_wanted: int = 0
    kills: int = 0
    kills_unheard: int = 0
    kills_by_state: Counter[str] = field(default_factory=Counter)
    rounds: int = 0
    starts: int = 0
    presses: int = 0
    states: Counter[str] = field(default_factory=Counter)
    taken: int = 0
    untold: int = 0
    tasks: int = 0
    pictures: int = 0
    journalled: int = 0
    kills_journalled: int = 0
    sent_again: int = 0
    twice: int = 0
    lost: int = 0
    downloads: int = 0
    requests: int = 0
    seconds: float = 0.0

    @property
    def wants_kills(self) -> bool:
        """True until there were as many as asked for, and as many more as it takes to prove anything."""
        return self.kills < self.kills_wanted * (MOST_TIMES if self.unmet else 1)

    @property
    def unmet(self) -> tuple[str, ...]:
        """The states that a kill still has to meet for the run to prove anything."""
        needed = STATES if self.kills_wanted >= MANY_KILLS else ("sending",)
        return tuple(state for state in needed if self.kills_wanted and not self.kills_by_state[state])

    def count_kill(self, snapshot: Snapshot) -> None:
        """A process was killed and left this."""
        self.kills += 1
        self.kills_unheard += any(job.is_unheard for job in snapshot.jobs.values())
        self.kills_journalled += bool(snapshot.journalled)
        met = snapshot.states.intersection(STATES)
        self.kills_by_state.update(met or {"at rest"})

    def count_round(self, service: Service, inspection: Inspection, presses: int) -> None:
        """A round has ended."""
        charges = service.truth.charges.values()
        self.rounds += 1
        self.presses += presses
        self.states.update(job.state for job in inspection.snapshots[-1].jobs.values())
        self.taken += len(service.api.accepted)
        self.untold += sum(
            not charge.names_it or inspection.unheard(charge.prompt) for charge in charges if charge.is_first
        )
        self.tasks += len(charges)
        self.pictures += len(inspection.snapshots[-1].files)
        self.journalled += len(inspection.journalled)
        self.sent_again += len(inspection.sent_again)
        self.twice += sum(1 for _ in inspection.taken_twice())
        pictures = set(inspection.snapshots[-1].files.values())
        self.lost += sum(inspection.is_lost(charge, pictures) for charge in charges)
        self.downloads += sum(len(host.heard) > 0 for host in service.strangers)
        self.requests += len(service.api.requests)

    def doubts(self) -> Iterator[str]:
        """Why a run that found nothing proves nothing."""
        if self.kills < self.kills_wanted:
            yield f"{self.name}: {self.kills} kills of {self.kills_wanted}"
        for state in self.unmet:
            yield f"{self.name}: no kill met a job that was {state}"
        if self.name == "worker" and self.kills_wanted >= MANY_KILLS and not self.kills_journalled:
            yield f"{self.name}: no kill came while a task was in the journal"
        if not self.taken or not self.requests:
            yield f"{self.name}: the service took nothing"
        if self.kills_wanted and not self.downloads:
            yield f"{self.name}: no picture was fetched"

    def lines(self) -> Iterator[tuple[str, str]]:
        """What was counted, for people."""
        yield "time", f"{self.seconds:.0f} s"
        yield "rounds, starts", f"{self.rounds}, {self.starts}"
        if self.kills_wanted:
            yield "kills (SIGKILL)", f"{self.kills} of {self.kills_wanted} asked for"
            yield "a kill met a job that was", _counted(self.kills_by_state)
            share = self.kills_unheard / self.kills if self.kills else 0.0
            yield "kills that left a job unconfirmed", f"{self.kills_unheard} ({share:.0%})"
        yield "presses, jobs", f"{self.presses}, {self.states.total()}"
        yield "jobs at the end", _counted(self.states)
        yield "tasks, pictures saved", f"{self.tasks}, {self.pictures}"
        if self.journalled:
            yield "tasks in the journal", f"{self.journalled}, there at {self.kills_journalled} of the kills"
        if self.sent_again:
            yield "sent again, taken back", f"{self.sent_again}, {self.states['cancelled']} by the user"
        yield "taken by the service", f"{self.taken}, of which {self.untold} without telling the client"
        yield "lost", str(self.lost)
        yield "sent twice", str(self.twice)


def _counted(counter: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counter.most_common()) or "none"
