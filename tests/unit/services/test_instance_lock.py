"""One program at a time on one data folder."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from gptimg_desktop.core.errors import ProblemKind, StorageError
from gptimg_desktop.services.instance_lock import AlreadyRunningError, instance_lock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HOLD = """
import sys
from pathlib import Path
from gptimg_desktop.services.instance_lock import AlreadyRunningError, instance_lock
try:
    with instance_lock(Path(sys.argv[1])):
        print("held", flush=True)
        sys.stdin.read()
except AlreadyRunningError:
    print("refused", flush=True)
"""


@contextmanager
def another_process(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A process that holds the lock until its input ends, and what it said at first."""
    command = [sys.executable, "-c", HOLD, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


@pytest.mark.row(37, 97)
def test_a_second_process_is_refused(tmp_path: Path) -> None:
    with instance_lock(tmp_path), another_process(tmp_path) as (_, said):
        assert said == "refused"


def test_another_folder_is_free(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    with instance_lock(tmp_path), another_process(tmp_path / "other") as (_, said):
        assert said == "held"


def test_the_lock_is_free_again_after_its_end(tmp_path: Path) -> None:
    for _ in range(2):
        with instance_lock(tmp_path):
            pass
    with another_process(tmp_path) as (_, said):
        assert said == "held"


def test_the_lock_is_free_again_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), instance_lock(tmp_path):
        raise ZeroDivisionError
    with instance_lock(tmp_path):
        pass


@pytest.mark.row(97)
def test_a_killed_process_leaves_the_lock_free(tmp_path: Path) -> None:
    with another_process(tmp_path) as (process, said):
        assert said == "held"
        with pytest.raises(AlreadyRunningError), instance_lock(tmp_path):
            pass
        process.send_signal(signal.SIGKILL)
        process.wait()
        with instance_lock(tmp_path):
            pass


def test_a_folder_that_takes_no_lock_is_told(tmp_path: Path) -> None:
    (tmp_path / "lock").mkdir()
    with pytest.raises(StorageError) as refused, instance_lock(tmp_path):
        pass
    assert refused.value.problem.kind is ProblemKind.DATA_FOLDER_UNUSABLE
    assert refused.value.problem.facts["folder"] == str(tmp_path)


def test_an_error_of_the_program_stays_what_it_is(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), instance_lock(tmp_path):
        (tmp_path / "nothing").read_text()
