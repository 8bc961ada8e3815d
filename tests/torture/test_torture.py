"""The torture in its short form, and bugs planted in the program that it has to find."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.bench.child import ROOT, environment
from tests.torture.tally import Tally

if TYPE_CHECKING:
    from pathlib import Path


def torture(home: Path, **options: object) -> tuple[int, str]:
    """Run it as users of a terminal do: its exit code, and what it printed."""
    parts = {"kills": 0, "window-kills": 0, "ambiguous": 0, "seed": 4} | {
        name.replace("_", "-"): value for name, value in options.items()
    }
    ended = subprocess.run(
        [sys.executable, "-m", "tests.torture", *(f"--{name}={value}" for name, value in parts.items())],
        cwd=ROOT,
        env=environment(TMPDIR=str(home)),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return ended.returncode, ended.stdout


@pytest.mark.row(96)
def test_the_engine_survives_kills(home: Path) -> None:
    code, told = torture(home, kills=8)
    assert code == 0, told
    assert "every promise kept" in told


@pytest.mark.row(96)
def test_the_whole_program_survives_kills(home: Path) -> None:
    code, told = torture(home, window_kills=3, jobs=1)
    assert code == 0, told


def test_what_nobody_can_tell_about_is_sent_once_through_all_restarts(home: Path) -> None:
    code, told = torture(home, ambiguous=30, restarts=3)
    assert code == 0, told
    assert "unconfirmed 30" in told


@pytest.mark.parametrize(
    ("plant", "part", "found"),
    [
        ("naive-retry", {"ambiguous": 12, "restarts": 2}, "sent twice"),
        (
            "no-arm",
            {"kills": 40},
            (
                "sent twice|taken by the service, and still waits to be sent"
                "|taken by the service, and called taken back"
            ),
        ),
        ("hasty-recovery", {"kills": 100, "jobs": 4}, "taken by the service, and still waits to be sent"),
        ("no-journal", {"kills": 100, "jobs": 4}, "was in the journal, and is"),
        ("row-before-file", {"kills": 40}, "saved, but its picture is not on the disk"),
        ("in-place", {"kills": 40}, "under a picture's name stands no whole picture"),
        ("key-abroad", {"kills": 40}, "the key was sent to the host of the pictures"),
        ("key-in-file", {"ambiguous": 4, "restarts": 1}, "the key is in home/key.txt"),
    ],
)
def test_a_planted_bug_is_found(home: Path, plant: str, part: dict[str, int], found: str) -> None:
    code, told = torture(home, plant=plant, **part)
    assert code == 1, told
    assert any(f"BREACH: {words}" in told for words in found.split("|")), told


@pytest.mark.parametrize(
    ("kills", "states", "doubt"),
    [
        (3, {"sending": 3}, "3 kills of 4"),
        (4, {"accepted": 4}, "no kill met a job that was sending"),
        (4, {"sending": 1, "accepted": 3}, ""),
    ],
)
def test_a_run_that_proves_nothing_says_so(kills: int, states: dict[str, int], doubt: str) -> None:
    tally = Tally(name="worker", kills_wanted=4, kills=kills, taken=1, requests=1, downloads=1)
    tally.kills_by_state.update(states)
    assert ("; ".join(tally.doubts()) == f"worker: {doubt}") if doubt else not list(tally.doubts())
