"""The start script where it cannot do its work: it says what to type, and ends with 1."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = ["sh", "dirname", "readlink", "uname", "find", "head", "cat", "sed", "grep", "mktemp", "tail", "rm"]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the script asks Linux for its packages")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A fresh checkout, as far as the script looks at it, in a folder with a blank in its name."""
    folder = tmp_path / "my checkout"
    folder.mkdir()
    shutil.copy(ROOT / "run", folder)
    shutil.copy(ROOT / "pyproject.toml", folder)
    shutil.copytree(ROOT / "packaging", folder / "packaging")
    return folder


@pytest.fixture
def bare_path(tmp_path: Path) -> Path:
    """A folder for PATH that has the usual tools and neither Python nor a way to install it."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in TOOLS:
        tool = shutil.which(name)
        assert tool is not None
        (folder / name).symlink_to(tool)
    add_tool(folder, "id", "echo 1000")
    add_tool(folder, "ldconfig", "echo 'libGL.so.1 (libc6) => here'")
    return folder


def add_tool(folder: Path, name: str, script: str) -> None:
    tool = folder / name
    tool.write_text(f"#!/bin/sh\n{script}\n")
    tool.chmod(0o755)


def start(command: Path, *arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    screen = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    inherited = {name: value for name, value in os.environ.items() if name not in screen}
    return subprocess.run(
        [command, *arguments],
        cwd=cwd,
        env=inherited | environment,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize("arguments", [(), ("--practice",), ("a picture.png",)], ids=str)
def test_without_a_screen_it_says_so_and_names_the_self_test(
    checkout: Path, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    result = start(checkout / "run", *arguments, cwd=tmp_path)
    assert result.returncode == 1
    assert "There is no screen here" in result.stderr
    assert "./run --self-test" in result.stderr
    assert not (checkout / ".venv").exists()


@pytest.mark.parametrize(
    "arguments", [("--self-test",), ("--version",), ("practice-server", "--port", "0")], ids=str
)
def test_without_a_screen_it_goes_on_where_none_is_needed(
    checkout: Path, bare_path: Path, arguments: tuple[str, ...]
) -> None:
    result = start(checkout / "run", *arguments, cwd=checkout, PATH=str(bare_path))
    assert "screen" not in result.stderr
    assert "Python 3.11, 3.12 or 3.13" in result.stderr


def test_without_python_or_apt_it_names_what_is_missing(checkout: Path, bare_path: Path) -> None:
    result = start(checkout / "run", "--version", cwd=checkout, PATH=str(bare_path))
    assert result.returncode == 1
    assert "Python 3.11, 3.12 or 3.13" in result.stderr
    assert "libEGL.so.1" in result.stderr
    assert "libGL.so.1" not in result.stderr


def test_without_the_right_to_install_it_prints_the_line_to_type(checkout: Path, bare_path: Path) -> None:
    add_tool(bare_path, "apt-get", "touch installed; exit 1")
    add_tool(bare_path, "apt-cache", "exit 1")
    add_tool(bare_path, "dpkg", "exit 1")
    add_tool(bare_path, "sudo", "exit 1")
    result = start(checkout / "run", "--version", cwd=checkout, PATH=str(bare_path))
    lines = [line.strip() for line in result.stderr.splitlines()]
    typed = [line for line in lines if line.startswith("sudo apt-get update && sudo apt-get install")]
    assert result.returncode == 1
    assert len(typed) == 1
    assert {"python3", "python3-venv", "libegl1"} <= set(typed[0].split())
    assert "libgl1" not in typed[0].split()
    assert not (checkout / "installed").exists()


def test_it_starts_at_once_through_a_link_when_all_is_set_up(checkout: Path, tmp_path: Path) -> None:
    far, near = tmp_path / "far", tmp_path / "near"
    near.symlink_to(Path("my checkout") / "run")
    far.symlink_to(near)
    ready = checkout / ".venv" / "bin"
    ready.mkdir(parents=True)
    add_tool(ready, "python", '[ "$1" = -V ] && echo "Python 3.11.0" || echo "started: $*"')
    stamp = f"{checkout}\nPython 3.11.0\n{cksum(checkout / 'pyproject.toml')}\n"
    stamp += f"{cksum(checkout / 'packaging' / 'requirements.txt')}\n"
    (checkout / ".venv" / ".set-up-for-run").write_text(stamp)
    result = start(far, "--version", "a b", cwd=tmp_path)
    assert (result.returncode, result.stdout) == (0, "started: -P -m gptimg_desktop --version a b\n")


def cksum(file: Path) -> str:
    with file.open("rb") as content:
        return subprocess.run(
            ["cksum"], stdin=content, check=True, capture_output=True, text=True
        ).stdout.strip()
