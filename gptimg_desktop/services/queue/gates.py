"""Why the queue waits, at most one reason of a kind for each service, each with one notice."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.errors import ApiError, AuthError, NetworkError, Problem, ProblemKind, RateError
from gptimg_desktop.core.gate import Gate, GateKind
from gptimg_desktop.core.schedule import OFFLINE, THROTTLED, Backoff, retry_after_s

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gptimg_desktop.core.verdict import Evidence
    from gptimg_desktop.services.queue.clock import Clock

logger = logging.getLogger(__name__)

_BACKOFFS: Final = {
    GateKind.OFFLINE: OFFLINE,
    GateKind.TLS: OFFLINE,
    GateKind.RATE: THROTTLED,
    GateKind.DISK: Backoff(base_s=10, cap_s=30),
    GateKind.DATABASE: Backoff(base_s=5, cap_s=30),
}
"""Gates that open by themselves after a while; the others wait for somebody."""

HOLDS_READS: Final = frozenset({GateKind.OFFLINE, GateKind.RATE, GateKind.TLS, GateKind.KEY})
HOLDS_SAVES: Final = frozenset({GateKind.DISK, GateKind.DATABASE})
_OF_THE_LINE: Final = frozenset({GateKind.OFFLINE, GateKind.TLS})
_LONGEST_S: Final = 3600.0
_OF_THE_LIBRARY: Final = frozenset(
    {
        ProblemKind.LIBRARY_UNWRITABLE,
        ProblemKind.LIBRARY_UNREADABLE,
        ProblemKind.LIBRARY_DAMAGED,
        ProblemKind.LIBRARY_VIEW_ONLY,
        ProblemKind.LIBRARY_NEWER_SHOWN,
    }
)
"""Storage problems that are about the library; the others are about the picture folder."""


class Gates:
    """The closed gates. `changed` is told all of them after each change; who listens is also called when a
    gate goes on trial, who follows trials before that.

    `pace` scales the pauses that are ours (tests set it to next to nothing), never what a service asked for.
    """

    def __init__(
        self, clock: Clock, changed: Callable[[tuple[Gate, ...]], None], *, pace: float = 1.0
    ) -> None:
        self._clock = clock
        self._changed = changed
        self._pace = pace
        self._closed: dict[tuple[GateKind, str | None], Gate] = {}
        self._reopens: dict[tuple[GateKind, str | None], float] = {}
        self._trying: set[tuple[GateKind, str | None]] = set()
        self._failures: dict[tuple[GateKind, str | None], int] = {}
        self._listeners: list[Callable[[], None]] = []
        self._trial_followers: list[Callable[[str], None]] = []
        self._firsts: list[Callable[[str], bool]] = []

    def on_change(self, listener: Callable[[], None]) -> None:
        self._listeners.append(listener)

    def on_trial(self, follower: Callable[[str], None]) -> None:
        """Call `follower` with a service whose gate goes on trial, before anything else is tried there."""
        self._trial_followers.append(follower)

    def let_first(self, goes_first: Callable[[str], bool]) -> None:
        """Hold new submits of a service while something else goes first there."""
        self._firsts.append(goes_first)

    @property
    def closed(self) -> tuple[Gate, ...]:
        return tuple(self._closed.values())

    def close(
        self,
        kind: GateKind,
        *,
        service: str | None = None,
        problem: Problem | None = None,
        for_s: float | None = None,
    ) -> None:
        """Close a gate. `for_s` is the wait the other side asked for: never less than that is waited, also
        where it asks again for less. What fails while the gate is closed is no further failure. That waiting
        jobs go on in a moment is not said of what the user holds."""
        name = (kind, service)
        if kind is GateKind.RESUMING and self._is_paused(service):
            return
        if kind is GateKind.USER_PAUSE:
            self._forget_resuming(service)
        if name not in self._closed or name in self._trying:
            self._failures[name] = self._failures.get(name, 0) + 1
        wait_s = self._wait_s(kind, self._failures.setdefault(name, 1), for_s)
        if kind is GateKind.RATE and wait_s is not None and name in self._reopens:
            wait_s = max(wait_s, self._reopens[name] - self._clock.monotonic())
        now, before = self._clock.now(), self._closed.get(name)
        until = None if wait_s is None else now + wait_s
        since = now if before is None else before.since
        self._closed[name] = Gate(kind=kind, service=service, problem=problem, until=until, since=since)
        self._trying.discard(name)
        logger.info("the queue waits: %s%s", kind, f" ({problem.kind})" if problem else "")
        if wait_s is None:
            self._reopens.pop(name, None)
        else:
            self._reopens[name] = self._clock.monotonic() + wait_s
        self._tell()

    def open(self, kind: GateKind, *, service: str | None = None) -> None:
        """Open a gate and forget its failures: what it waited for works again."""
        if self._forget((kind, service)):
            self._tell()

    def close_for_storage(self, problem: Problem) -> None:
        """Close the gate for a StorageError's problem: the library, or the picture folder."""
        library = problem.kind in _OF_THE_LIBRARY
        self.close(GateKind.DATABASE if library else GateKind.DISK, problem=problem)

    def close_for_bug(self, name: str) -> None:
        """A bug of ours stopped a piece of work: nothing more is sent until the user has seen it."""
        self.close(GateKind.USER_PAUSE, problem=Problem.of(ProblemKind.INTERNAL, name=name))

    def close_for_refusal(self, error: ApiError | NetworkError, service: str) -> None:
        """Close the gate for a refused or failed read; an odd answer to one question closes none."""
        if isinstance(error, RateError):
            self.close(GateKind.RATE, service=service, problem=error.problem, for_s=error.retry_after_s)
        elif isinstance(error, AuthError):
            self.close(GateKind.KEY, service=service, problem=error.problem)
        elif isinstance(error, NetworkError):
            untrusted = error.problem.kind is ProblemKind.TLS_UNTRUSTED
            self.close(
                GateKind.TLS if untrusted else GateKind.OFFLINE, service=service, problem=error.problem
            )

    def heed(self, evidence: Evidence, service: str) -> None:
        """Wait as an answer to a submit asks for, whatever it says about its own request."""
        wait_s = retry_after_s(evidence.headers.get("retry-after"), date=evidence.headers.get("date"))
        if evidence.status in {429, 503} and wait_s is not None:
            problem = Problem.of(ProblemKind.SERVICE_BUSY, message="")
            self.close(GateKind.RATE, service=service, problem=problem, for_s=wait_s)

    def folder_works(self) -> None:
        self.open(GateKind.DISK)

    def library_works(self) -> None:
        self.open(GateKind.DATABASE)

    def fresh_start(self, service: str) -> None:
        """The service was connected anew: what its former connection met says nothing about this one.

        What the user holds stays held. Who listens is told in any case, since jobs may have waited for the
        connection alone.
        """
        for kind, of in tuple(self._closed):
            if of == service and kind is not GateKind.USER_PAUSE:
                self._forget((kind, of))
        self._follow_trial(service)
        self._tell()

    def reachable(self, service: str) -> None:
        """The service answered: what kept it away is over, but for a wait that it asked for."""
        self.open(GateKind.OFFLINE, service=service)
        self.open(GateKind.TLS, service=service)
        if (GateKind.RATE, service) in self._trying:
            self.open(GateKind.RATE, service=service)

    def forget_passing(self) -> None:
        """Nothing waits any more: drop the gates that open by themselves, but for a wait that was asked for
        and is not over."""
        for kind, service in tuple(self._closed):
            asked = kind is GateKind.RATE and (kind, service) not in self._trying
            if (kind in _BACKOFFS or kind is GateKind.RESUMING) and not asked:
                self.open(kind, service=service)

    def try_line(self) -> None:
        """The line may be there again: try at once what waits for it, for its first pause at most."""
        for name in [name for name in self._reopens if name[0] in _OF_THE_LINE]:
            self._failures.pop(name, None)
            self._reopens[name] = self._clock.monotonic()
        self.pass_due()

    def pass_due(self) -> None:
        """Let the queue try again where the time has come. The gate counts as closed until it succeeds."""
        now = self._clock.monotonic()
        for name in [name for name, at in self._reopens.items() if at <= now]:
            del self._reopens[name]
            if name[0] is GateKind.RESUMING:
                self.open(GateKind.RESUMING, service=name[1])
            else:
                self._try(name)

    def _try(self, name: tuple[GateKind, str | None]) -> None:
        self._trying.add(name)
        _, service = name
        if service is not None:
            self._follow_trial(service)
        self.call()

    def _follow_trial(self, service: str) -> None:
        for follower in self._trial_followers:
            follower(service)

    def holds_submits(self, service: str) -> bool:
        if any(gate.service in {None, service} for gate in self._holding()):
            return True
        return any(goes_first(service) for goes_first in self._firsts)

    def holds_reads(self, service: str) -> bool:
        return any(gate.kind in HOLDS_READS and gate.service == service for gate in self._holding())

    def holds_saves(self) -> bool:
        return any(gate.kind in HOLDS_SAVES for gate in self._holding())

    def is_on_trial(self, service: str) -> bool:
        """True while the first try after a wait decides whether more may go."""
        return any(held in {None, service} for _, held in self._trying)

    def _holding(self) -> Iterator[Gate]:
        return (gate for name, gate in self._closed.items() if name not in self._trying)

    def next_due_s(self) -> float | None:
        """Seconds until the next gate opens by itself."""
        if not self._reopens:
            return None
        return max(0.0, min(self._reopens.values()) - self._clock.monotonic())

    def _is_paused(self, service: str | None) -> bool:
        return any((GateKind.USER_PAUSE, each) in self._closed for each in (None, service))

    def _forget_resuming(self, service: str | None) -> None:
        """The user holds `service`, or all of them where it is None: they do not go on."""
        for kind, of in tuple(self._closed):
            if kind is GateKind.RESUMING and service in {None, of}:
                self._forget((kind, of))

    def _forget(self, name: tuple[GateKind, str | None]) -> bool:
        """Take a gate away with all that is remembered of it; True where it was closed."""
        self._failures.pop(name, None)
        self._reopens.pop(name, None)
        self._trying.discard(name)
        return self._closed.pop(name, None) is not None

    def _wait_s(self, kind: GateKind, failures: int, for_s: float | None) -> float | None:
        backoff = _BACKOFFS.get(kind)
        if backoff is None:
            return for_s
        ours = backoff.scaled(self._pace).delay(failures, self._clock.chance())
        return min(_LONGEST_S, max(ours, (for_s or 0.0) * (1 + self._clock.chance() / 10)))

    def _tell(self) -> None:
        self._changed(self.closed)
        self.call()

    def call(self) -> None:
        """Let everybody look again at what may go."""
        for listener in self._listeners:
            listener()
