"""Keys in a real keyring: a session bus and gnome-keyring's daemon of their own, processes come and go."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the Secret Service is Linux's")

TOOLS = ("dbus-run-session", "gnome-keyring-daemon")
KEY = "sk-canary-0123456789"
SERVICE = "https://api.example"
PATIENCE_S = 60.0

PROCESS = """
import asyncio, sys
from gptimg_desktop.core.errors import StorageError
from gptimg_desktop.services.keys import Keys

async def main(act):
    keys = Keys()
    if act == "keep":
        try:
            print("kept in", await keys.keep(SERVICE, KEY), end=", ")
        except StorageError as error:
            print(error, end=", ")
        print("in use as", keys.get(SERVICE)[1])
    elif act == "load":
        print("loaded", await keys.load(SERVICE), *keys.get(SERVICE), "from", keys.place)
    else:
        await keys.load(SERVICE)
        await keys.remove(SERVICE)
        print("removed")

asyncio.run(main(sys.argv[1]))
"""


@pytest.fixture
def environment(home: Path) -> dict[str, str]:
    """What processes of the session see: no screen, no developer's keyring, and keyring's own choice."""
    if missing := [tool for tool in TOOLS if shutil.which(tool) is None]:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"needs {', '.join(missing)}")
    without = {"PYTHON_KEYRING_BACKEND", "DISPLAY", "WAYLAND_DISPLAY", "GNOME_KEYRING_CONTROL"}
    return {name: value for name, value in os.environ.items() if name not in without}


def run_session(environment: dict[str, str], script: str, program: str) -> str:
    """What a shell script prints in a session of its own, where `$1 -c "$2"` runs a process of ours."""
    done = subprocess.run(
        ["dbus-run-session", "--", "sh", "-euc", script, "session", sys.executable, program],
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def program() -> str:
    return PROCESS.replace("SERVICE", repr(SERVICE)).replace("KEY", repr(KEY))


UNLOCK = 'printf "a password" | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1'


def test_a_key_outlives_the_process_and_is_removed_for_good(environment: dict[str, str]) -> None:
    script = f'{UNLOCK}; for act in load keep load remove load; do "$1" -W error -c "$2" $act; done'
    assert run_session(environment, script, program()).splitlines() == [
        "loaded False  none from Secret Service keyring",
        "kept in Secret Service keyring, in use as store",
        f"loaded True {KEY} store from Secret Service keyring",
        "removed",
        "loaded False  none from Secret Service keyring",
    ]


def test_a_key_outlives_the_session_and_is_nowhere_in_the_clear(
    environment: dict[str, str], home: Path
) -> None:
    run_session(environment, f'{UNLOCK}; "$1" -c "$2" keep', program())
    told = run_session(environment, f'{UNLOCK}; "$1" -c "$2" load', program())
    assert told.split()[:3] == ["loaded", "True", KEY]
    found = [Path(folder, name) for folder, _, names in os.walk(home) for name in names]
    files = [file for file in found if file.is_file()]  # not the sockets, which come and go
    assert [file for file in files if file.suffix == ".keyring"]
    assert not [file for file in files if KEY.encode() in file.read_bytes()]


def test_a_locked_keyring_that_nobody_opens_is_told_and_the_key_works_for_this_run(
    environment: dict[str, str],
) -> None:
    run_session(environment, f'{UNLOCK}; "$1" -c "$2" keep', program())
    locked = "gnome-keyring-daemon --start --components=secrets >/dev/null 2>&1"
    told = run_session(environment, f'{locked}; "$1" -c "$2" keep', program())
    assert "key_store_failed" in told
    assert "Secret Service keyring" in told
    assert told.endswith("in use as session\n")


def test_without_a_keyring_a_key_is_for_this_run(environment: dict[str, str], tmp_path: Path) -> None:
    """No session bus that could start one either."""
    alone = environment | {"DBUS_SESSION_BUS_ADDRESS": f"unix:path={tmp_path / 'nothing'}"}
    done = subprocess.run(
        [sys.executable, "-c", program(), "keep"],
        env=alone,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("kept in , in use as session\n", "")
