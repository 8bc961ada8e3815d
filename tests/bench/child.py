"""Measurements in processes of their own, which tell what they found as a line of JSON."""

from __future__ import annotations

import getpass
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).parents[2]


class ChildError(Exception):
    """A measurement ended without a figure; its text says how."""


def environment(**more: str) -> dict[str, str]:
    """What every child gets: no screen, no proxy, no setting or key of whoever runs the bench."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GPTIMG_", "QT_", "PYTHONDONT")) and not name.lower().endswith("_proxy")
    }
    own = {
        "QT_QPA_PLATFORM": "offscreen",
        "QT_LOGGING_RULES": "default.warning=false",  # what the offscreen platform cannot do is no news
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
    }
    return kept | own | more


def _with_compiled(environ: dict[str, str]) -> dict[str, str]:
    """What a measured child gets besides: compiled modules as an installed program has them, beside the
    checkout and ready after the first run."""
    folder = Path(tempfile.gettempdir(), f"gptimg-bench-{getpass.getuser()}")
    return environ | {"PYTHONPYCACHEPREFIX": str(folder)}


def command(module: str, *arguments: str) -> list[str]:
    """How a module of this folder is started with the Python that runs us."""
    return [sys.executable, "-m", f"tests.bench.{module}", *arguments]


def measured(
    module: str, *arguments: str, patience_s: float = 60.0, environ: dict[str, str] | None = None
) -> dict[str, Any]:
    """Run a module to its end and return what it found; ChildError where it fails or takes too long."""
    try:
        ended = subprocess.run(
            command(module, *arguments),
            cwd=ROOT,
            env=_with_compiled(environ or environment()),
            check=False,
            stdout=subprocess.PIPE,
            text=True,
            timeout=patience_s,
        )
    except subprocess.TimeoutExpired:
        raise ChildError(f"{module} took more than {patience_s:.0f} s") from None
    if ended.returncode != 0:
        raise ChildError(f"{module} ended with {ended.returncode}")
    return read_line(ended.stdout)


class Companion:
    """A module that runs beside a measurement, for the length of a `with` block.

    It tells one line when it is ready, which is `told`, works until its standard input ends, and then tells
    what it found.
    """

    def __init__(self, module: str, *arguments: str) -> None:
        self._process = subprocess.Popen(
            command(module, *arguments),
            cwd=ROOT,
            env=_with_compiled(environment()),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        assert self._process.stdout is not None
        self.told = read_line(self._process.stdout.readline())
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def close(self) -> dict[str, Any]:
        """End it in order and return what it found."""
        found, _ = self._process.communicate(timeout=30)
        return read_line(found)


def read_line(output: str) -> dict[str, Any]:
    """The last line of a child's output."""
    try:
        found = json.loads(output.strip().rpartition("\n")[2])
    except ValueError:
        raise ChildError(f"no figure in {output[-300:]!r}") from None
    if not isinstance(found, dict):
        raise ChildError(f"no figure in {output[-300:]!r}")
    return found


def tell(found: dict[str, Any]) -> None:
    """Hand over what a child found."""
    sys.stdout.write(json.dumps(found) + "\n")
    sys.stdout.flush()
