"""The emergency journal takes task ids where nothing else can be written."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from gptimg_desktop.core.errors import StorageError
from gptimg_desktop.services.library.emergency_journal import (
    SLOT_BYTES,
    SLOTS,
    EmergencyJournal,
    JournalEntry,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def entry(number: int = 1) -> JournalEntry:
    return JournalEntry(job_id=f"{number:032x}", attempt=1, task_id=f"task_{number:026d}")


@pytest.fixture
def journal(home: Path) -> Iterator[EmergencyJournal]:
    journal = EmergencyJournal(home / "journal")
    journal.open()
    yield journal
    journal.close()


def test_has_its_full_size_from_the_start_and_belongs_to_the_user_alone(
    journal: EmergencyJournal, home: Path
) -> None:
    state = (home / "journal").stat()
    assert state.st_size == 64 * 1024
    assert state.st_blocks * 512 >= 64 * 1024  # really there, no hole
    assert state.st_mode & 0o777 == 0o600
    assert journal.entries() == ()


def test_another_start_reads_what_was_noted(journal: EmergencyJournal, home: Path) -> None:
    journal.note([entry(1), entry(2)])
    journal.close()
    again = EmergencyJournal(home / "journal")
    assert again.entries() == (entry(1), entry(2))
    again.close()


def test_an_entry_is_synced_before_it_counts(
    journal: EmergencyJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(descriptor: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(StorageError):
        journal.note([entry()])


class FailingDisk:
    """Its first sync fails and drops what was written since the last, as disks do; reads do not show that."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._waiting, self.synced = b"", b""
        self._write, self._sync = os.write, os.fsync
        self._fails = True
        monkeypatch.setattr(os, "write", self.write)
        monkeypatch.setattr(os, "fsync", self.sync)

    def write(self, descriptor: int, content: bytes) -> int:
        count = self._write(descriptor, content)
        self._waiting += content[:count]
        return count

    def sync(self, descriptor: int) -> None:
        written, self._waiting = self._waiting, b""
        if self._fails:
            self._fails = False
            raise OSError(5, "Input/output error")
        self._sync(descriptor)
        self.synced += written


def test_what_a_failed_sync_may_have_dropped_is_written_again(
    journal: EmergencyJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = FailingDisk(monkeypatch)
    with pytest.raises(StorageError):
        journal.note([entry()])
    journal.note([entry()])
    assert entry().task_id.encode() in disk.synced
    monkeypatch.undo()
    assert journal.entries() == (entry(),)


def test_noting_needs_no_further_room(journal: EmergencyJournal, home: Path) -> None:
    before = (home / "journal").stat()
    journal.note(entry(number) for number in range(SLOTS))
    after = (home / "journal").stat()
    assert (after.st_size, after.st_blocks) == (before.st_size, before.st_blocks)
    assert len(journal.entries()) == SLOTS


def test_when_full_it_says_so(journal: EmergencyJournal) -> None:
    journal.note(entry(number) for number in range(SLOTS))
    with pytest.raises(StorageError, match="journal is full"):
        journal.note([entry(SLOTS)])


def test_the_same_entry_takes_one_place(journal: EmergencyJournal) -> None:
    journal.note([entry()])
    journal.note([entry()])
    assert journal.entries() == (entry(),)


def test_what_was_taken_over_goes_and_makes_room(journal: EmergencyJournal) -> None:
    journal.note([entry(1), entry(2)])
    journal.clear([entry(1), entry(7)])
    assert journal.entries() == (entry(2),)
    journal.note([entry(3)])
    assert set(journal.entries()) == {entry(2), entry(3)}


def test_the_longest_ids_fit(journal: EmergencyJournal) -> None:
    longest = JournalEntry(job_id="f" * 32, attempt=2**31, task_id="x" * 128)
    journal.note([longest])
    assert journal.entries() == (longest,)


@pytest.mark.parametrize(
    "damage", [b"\xff" * 40, b"TASK" + b"\0" * 36, b"TASK\0\0\0\0\xff\xff"], ids=["noise", "empty", "length"]
)
def test_a_torn_entry_is_none_and_spoils_no_other(
    journal: EmergencyJournal, home: Path, damage: bytes
) -> None:
    journal.note([entry(1), entry(2)])
    with (home / "journal").open("r+b") as file:
        file.write(damage)
    assert journal.entries() == (entry(2),)


def test_a_flipped_bit_makes_no_other_id(journal: EmergencyJournal, home: Path) -> None:
    journal.note([entry(1)])
    with (home / "journal").open("r+b") as file:
        file.seek(60)
        byte = file.read(1)[0]
        file.seek(60)
        file.write(bytes([byte ^ 1]))
    assert journal.entries() == ()


def test_a_file_that_was_cut_is_brought_to_its_size(home: Path) -> None:
    (home / "journal").write_bytes(b"\0" * SLOT_BYTES)
    journal = EmergencyJournal(home / "journal")
    journal.open()
    assert (home / "journal").stat().st_size == SLOTS * SLOT_BYTES
    journal.close()


def test_a_link_in_its_place_is_refused(home: Path) -> None:
    (home / "elsewhere").write_bytes(b"mine")
    (home / "journal").symlink_to(home / "elsewhere")
    journal = EmergencyJournal(home / "journal")
    with pytest.raises(StorageError):
        journal.open()
    assert (home / "elsewhere").read_bytes() == b"mine"
