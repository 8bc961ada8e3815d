"""Who may know whom: the contracts of pyproject.toml hold, and each of them would notice a breach."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = "gptimg_desktop"


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """Checks the contracts of the copy in a folder, in a process of its own."""
    code = "from importlinter.cli import lint_imports_command as check; check(['--no-cache'])"
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder), "COLUMNS": "250"},  # a contract's name on one line
        check=False,
        capture_output=True,
        text=True,
        timeout=100,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A checkout that a test may spoil."""
    skipped = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / PACKAGE, tmp_path / PACKAGE, ignore=skipped)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_contracts_hold() -> None:
    result = lint_imports(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("core/sizes.py", "import gptimg_desktop.services", "cli and app stand above"),
        ("core/sizes.py", "import gptimg_desktop.ui", "cli and app stand above"),
        ("ui/__init__.py", "import gptimg_desktop.services", "cli and app stand above"),
        ("services/__init__.py", "import gptimg_desktop.ui", "cli and app stand above"),
        ("services/library/__init__.py", "import gptimg_desktop.services.queue", "the queue stands on"),
        ("services/api/__init__.py", "import gptimg_desktop.services.library", "the queue stands on"),
        ("core/job.py", "import PySide6.QtCore", "core knows the standard library only"),
        ("core/job.py", "import sqlite3", "core knows the standard library only"),
        ("core/job.py", "import asyncio", "core knows the standard library only"),
        ("services/queue/__init__.py", "import PySide6.QtCore", "no Qt below the windows"),
        ("services/api/__init__.py", "import qasync", "no Qt below the windows"),
        ("ui/compose/__init__.py", "import PIL.Image", "widgets do no input, output or waiting"),
        ("ui/compose/__init__.py", "import asyncio", "widgets do no input, output or waiting"),
        ("services/queue/__init__.py", "import httpx", "httpx only in services.api"),
        ("services/queue/__init__.py", "import sqlite3", "sqlite3 only in services.library"),
    ],
    ids=lambda value: str(value).removeprefix("import ").replace("/", "."),
)
def test_breach_is_caught(copy: Path, module: str, line: str, contract: str) -> None:
    spoilt = copy / PACKAGE / module
    spoilt.write_text(f"{spoilt.read_text()}\n{line}\n")
    result = lint_imports(copy)
    broken = [said for said in result.stdout.splitlines() if said.endswith("BROKEN")]
    assert result.returncode == 1, result.stdout + result.stderr
    assert any(said.startswith(contract) for said in broken), broken


def modules_below(*folders: str) -> list[str]:
    """Every module of ours below some folders of the package, by its full name."""
    files = [file for folder in folders for file in sorted((ROOT / PACKAGE / folder).rglob("*.py"))]
    names = [".".join(file.relative_to(ROOT).with_suffix("").parts) for file in files]
    return [name.removesuffix(".__init__") for name in names]


@pytest.mark.parametrize(
    ("folders", "banned"),
    [
        (("core",), {"PySide6", "shiboken6", "qasync", "httpx", "PIL", "sqlite3", "asyncio"}),
        (("core", "services"), {"PySide6", "shiboken6", "qasync"}),
    ],
    ids=["core", "core-and-services"],
)
def test_layer_loads_without(folders: tuple[str, ...], banned: set[str]) -> None:
    """What is really loaded, whichever way it was imported."""
    modules = modules_below(*folders)
    assert len(modules) > len(folders)
    code = (
        f"import importlib, sys; [importlib.import_module(name) for name in {modules}]; print(*sys.modules)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True, timeout=60
    )
    assert {name.partition(".")[0] for name in result.stdout.split()} & banned == set()
