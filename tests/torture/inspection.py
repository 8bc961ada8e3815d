"""Compares what is on the disk with what really happened at the service."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.torture.diary import Entries
from tests.torture.library import RUNNING, Snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.torture.library import Row
    from tests.torture.truth import Charge, Truth

LATER: Final = {
    "accepted": {"accepted", "ready", "saved", "failed"},
    "ready": {"accepted", "ready", "saved"},
    "saved": {"saved"},
    "failed": {"failed", "ready", "saved"},
    "rejected": {"rejected"},
    "unconfirmed": {"unconfirmed"},
    "cancelled": {"cancelled"},
}
"""Where a job may stand once it was seen in a state, as long as the user does not send it again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """A promise that was not kept, and the prompt of the job that shows it ("" where it is of no job)."""

    what: str
    prompt: str = ""


class Inspection:
    """Follows one round. `snapshots` are those of all kills, in order, and of the end; `journalled` are the
    tasks that stood in the emergency journal at any of them, or were told to stand there, `sent_again` the
    prompts of jobs that nobody could tell about and that the user sent once more."""

    def __init__(self, folder: Path, truth: Truth) -> None:
        self._folder = folder
        self._truth = truth
        self.snapshots: list[Snapshot] = []
        self.journalled: set[str] = set()
        self.sent_again: set[str] = set()

    def look(self, moment: str) -> Iterator[Breach]:
        """Take a snapshot of what a dead process left; all that must hold whatever happened."""
        snapshot = Snapshot.take(self._folder / "data", moment)
        before = self.snapshots[-1].jobs if self.snapshots else {}
        self.snapshots.append(snapshot)
        shown = Entries.read(self._folder)
        self.journalled |= shown.journalled | snapshot.journalled
        self.sent_again = shown.sent_again
        yield from self.taken_twice()
        yield from _made_twice(snapshot)
        yield from self._gone_back({job.id: job.state for job in before.values()}, snapshot, "committed")
        yield from self._gone_back(shown.states, snapshot, "shown")
        yield from self._strange_files(snapshot)
        for job in snapshot.jobs.values():
            yield from self._unlike_truth(job, snapshot)

    def look_at_end(self) -> Iterator[Breach]:
        """The same after the last life, and all that must hold at rest."""
        yield from self.look("at the end")
        snapshot = self.snapshots[-1]
        for job in snapshot.jobs.values():
            if job.state in RUNNING:
                yield Breach(what=f"a job is {job.state} at the end", prompt=job.prompt)
        for charge in self._truth.charges.values():
            yield from self._outcome(charge, snapshot)
        saved = sum(len(job.paths) for job in snapshot.jobs.values() if job.state == "saved")
        if len(snapshot.files) != saved:
            yield Breach(what=f"{len(snapshot.files)} pictures in the folder, {saved} in saved jobs")
        for name in snapshot.leftovers:
            yield Breach(what=f"left behind among the pictures: {name}")

    def unheard(self, prompt: str) -> bool:
        """True where a kill came while the latest request may have left and no answer was kept anywhere."""
        if self._is_journalled(prompt):
            return False
        seen = [job for snapshot in self.snapshots for job in snapshot.of_prompt(prompt)]
        return any(job.is_unheard and job.attempt == seen[-1].attempt for job in seen)

    def is_lost(self, charge: Charge, pictures: set[str]) -> bool:
        """True for a task that was paid and told, and whose picture is not among those with these hashes."""
        is_known = charge.names_it and not self.is_given_up(charge) and not self.unheard(charge.prompt)
        return is_known and not charge.hashes <= pictures

    def is_given_up(self, charge: Charge) -> bool:
        """True for a task for which the user sent another, as far as anybody can tell."""
        was_sent_again = charge.prompt in self.sent_again
        is_last = charge in self._truth.last_of(charge.prompt) and self._truth.submits(charge.prompt) > 1
        return was_sent_again and not is_last

    def taken_twice(self) -> Iterator[Breach]:
        """Prompts that the service took more often than the user said it may."""
        for prompt in {charge.prompt for charge in self._truth.charges.values()}:
            times = self._truth.submits(prompt)
            if times > 1 + (prompt in self.sent_again):
                yield Breach(what=f"sent twice: the service took it {times} times", prompt=prompt)

    def _gone_back(self, states: dict[str, str], snapshot: Snapshot, how: str) -> Iterator[Breach]:
        """What was committed or shown must still be there, as far on its way or farther."""
        for job_id, state in states.items():
            job = snapshot.jobs.get(job_id)
            if job is None:
                yield Breach(what=f"a job that was {how} as {state} has vanished")
            elif state == "unconfirmed" and job.prompt in self.sent_again:
                continue
            elif job.state not in LATER.get(state, {job.state}):
                yield Breach(what=f"{how} as {state}, and then {job.state}", prompt=job.prompt)

    def _strange_files(self, snapshot: Snapshot) -> Iterator[Breach]:
        known = {sha256 for charge in self._truth.charges.values() for sha256 in charge.hashes}
        for path, sha256 in snapshot.files.items():
            if sha256 not in known:
                yield Breach(what=f"under a picture's name stands no whole picture: {path.name}")
        for sha256, times in Counter(snapshot.files.values()).items():
            if times > 1:
                yield Breach(what=f"a picture is there {times} times: {sha256[:12]}")

    def _unlike_truth(self, job: Row, snapshot: Snapshot) -> Iterator[Breach]:
        """What may never be, at no moment."""
        charges = self._truth.of_prompt(job.prompt)
        is_sent_again = job.prompt in self.sent_again
        if job.state == "queued" and self._truth.submits(job.prompt) > is_sent_again:
            yield Breach(what="taken by the service, and still waits to be sent", prompt=job.prompt)
        if job.state == "cancelled" and charges:
            yield Breach(what="taken by the service, and called taken back", prompt=job.prompt)
        if is_sent_again:  # of what was given up for another nobody knows
            charges = [charge for charge in charges if charge.task_id in job.task_ids]
        if not snapshot.references.issuperset(job.references):
            yield Breach(what="its reference is not there or not whole", prompt=job.prompt)
        if self._is_journalled(job.prompt) and self._is_forgotten(job, snapshot):
            yield Breach(what=f"was in the journal, and is {job.state}", prompt=job.prompt)
        if job.state == "saved":
            wanted = {sha256 for charge in charges for sha256 in charge.hashes}
            found = {snapshot.files.get(Path(path), "no file") for path in job.paths}
            if found != wanted or {charge.task_id for charge in charges} != set(job.task_ids):
                yield Breach(what="saved, but its picture is not on the disk", prompt=job.prompt)

    def _is_journalled(self, prompt: str) -> bool:
        return any(charge.task_id in self.journalled for charge in self._truth.of_prompt(prompt))

    def _is_forgotten(self, job: Row, snapshot: Snapshot) -> bool:
        """True where a task that stood in the journal is nowhere any more."""
        stands = any(charge.task_id in snapshot.journalled for charge in self._truth.of_prompt(job.prompt))
        return job.state == "unconfirmed" or (job.is_unheard and not stands)

    def _outcome(self, charge: Charge, snapshot: Snapshot) -> Iterator[Breach]:
        """What has to have become of each task that was taken."""
        states = {job.state for job in snapshot.of_prompt(charge.prompt)}
        wanted = self._possible_ends(charge)
        if len(states) != 1 or not states <= wanted:
            found, wish = ", ".join(states) or "nowhere", " or ".join(sorted(wanted))
            yield Breach(what=f"taken ({charge.way}), has to be {wish}, is {found}", prompt=charge.prompt)

    def _possible_ends(self, charge: Charge) -> set[str]:
        if self.is_given_up(charge):
            return {"unconfirmed", "rejected", "failed", "saved"}
        if self.unheard(charge.prompt) or not charge.names_it:
            return {"unconfirmed"}
        fails = all(each.fails for each in self._truth.last_of(charge.prompt))
        return {"failed" if fails else "saved"}

    def told(self, found: list[Breach], where: str) -> str:
        """All about some breaches, for people: the history is that of the first."""
        heads = [f"BREACH: {breach.what}{f' ({breach.prompt})' if breach.prompt else ''}" for breach in found]
        return "\n".join([*heads, f"{where}; all is kept in {self._folder}", *self._history(found[0].prompt)])

    def _history(self, prompt: str) -> Iterator[str]:
        """What the service and the library knew of the job for a prompt; for "" of those that still run."""
        for event in (self._folder / "truth.jsonl").read_text("utf-8").splitlines():
            if prompt and (f'"{prompt}"' in event or self._tells_of(prompt, event)):
                yield f"service  {event}"
        known: dict[str, Row] = {}
        for snapshot in self.snapshots:
            for job in snapshot.jobs.values():
                if known.get(job.id) != job and (job.prompt == prompt or self._hangs(job, snapshot, prompt)):
                    known[job.id] = job
                    yield f"library  {snapshot.moment}: {job}"
            yield f"folder   {snapshot.moment}: {len(snapshot.files)} pictures, {snapshot.leftovers}"

    def _hangs(self, job: Row, snapshot: Snapshot, prompt: str) -> bool:
        return not prompt and snapshot is self.snapshots[-1] and job.state in RUNNING

    def _tells_of(self, prompt: str, event: str) -> bool:
        return any(charge.task_id in event for charge in self._truth.of_prompt(prompt))


def _made_twice(snapshot: Snapshot) -> Iterator[Breach]:
    for prompt, times in Counter(job.prompt for job in snapshot.jobs.values()).items():
        if times > 1:
            yield Breach(what=f"{times} jobs for one press", prompt=prompt)
