"""The command line, from outside."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gptimg_desktop import __version__
from gptimg_desktop.cli import _options, _parser, _speed
from gptimg_desktop.options import BadOptionError, Options


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "gptimg_desktop", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=os.environ | environment,
    )


def options(*arguments: str) -> Options:
    return _options(_parser().parse_args(arguments))


def test_the_version_is_told() -> None:
    done = run("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"gptimg-desktop {__version__}\n", "")


def test_the_version_needs_no_screen_and_no_qt() -> None:
    code = (
        "import sys; sys.modules['PySide6'] = None; from gptimg_desktop.cli import main; main(['--version'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, f"gptimg-desktop {__version__}\n")


def test_help_names_every_argument() -> None:
    done = run("--help")
    assert done.returncode == 0
    for name in (
        "--practice",
        "--data-dir",
        "--base-url",
        "--self-test",
        "--version",
        "FILE",
        "practice-server",
    ):
        assert name in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["--no-such-thing"],
        ["--data-dir"],
        ["--practice=yes"],
        ["--base-url", "http://api.example"],
        ["--base-url", ""],
        ["--base-url", "nonsense"],
    ],
)
def test_wrong_arguments_end_with_2_and_a_reason(arguments: list[str]) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "gptimg-desktop: " in done.stderr
    assert arguments[0].partition("=")[0] in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("GPTIMG_BASE_URL", "http://api.example"),
        ("GPTIMG_API_KEY", "two words of canary"),
        ("GPTIMG_POLL_EVERY_S", "soon"),
    ],
)
def test_wrong_variables_end_with_2_and_their_name(name: str, text: str) -> None:
    done = run(**{name: text})
    assert done.returncode == 2
    assert name in done.stderr
    assert "canary" not in done.stderr
    assert "Traceback" not in done.stderr


def test_an_argument_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GPTIMG_DATA_DIR", "/from/environment")
    monkeypatch.setenv("GPTIMG_BASE_URL", "https://environment.example")
    found = options()
    assert (found.data_dir, found.base_url) == (Path("/from/environment"), "https://environment.example")
    found = options("--data-dir", "/from/argument", "--base-url", "https://argument.example/v1")
    assert (found.data_dir, found.base_url) == (Path("/from/argument"), "https://argument.example")


def test_nothing_given_is_nothing_set() -> None:
    assert options() == Options()


def test_files_are_known_wherever_the_program_goes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    found = options("--practice", "a.png", "/elsewhere/b.png")
    assert found.practice
    assert found.files == (tmp_path / "a.png", Path("/elsewhere/b.png"))


def test_a_wrong_argument_is_told_by_its_name() -> None:
    with pytest.raises(BadOptionError, match="--base-url"):
        options("--base-url", "ftp://api.example")


def test_help_of_the_practice_server_names_every_argument() -> None:
    done = run("practice-server", "--help")
    assert done.returncode == 0
    for name in ("gptimg-desktop practice-server", "--port", "--speed", "8765", "GPTIMG_PRACTICE_SPEED"):
        assert name in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["--port", "-1"],
        ["--port", "65536"],
        ["--port", "9" * 5_000],
        ["--port", "http"],
        ["--port", ""],
        ["--port"],
        ["--speed", "-1"],
        ["--speed", "fast"],
        ["--speed", "nan"],
        ["--speed", ""],
        ["--practice"],
        ["a.png"],
    ],
    ids=lambda arguments: " ".join(arguments)[:20],
)
def test_wrong_arguments_of_the_practice_server_end_with_2(arguments: list[str]) -> None:
    done = run("practice-server", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert arguments[0] in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_speed_in_the_environment_ends_with_2_and_its_name() -> None:
    done = run("practice-server", GPTIMG_PRACTICE_SPEED="fast")
    assert (done.returncode, done.stdout) == (2, "")
    assert "GPTIMG_PRACTICE_SPEED" in done.stderr


def test_the_practice_server_minds_no_variable_but_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GPTIMG_API_KEY", "two words")
    assert _speed(None) == 8
    monkeypatch.setenv("GPTIMG_PRACTICE_SPEED", "0.5")
    assert _speed(None) == 0.5
    assert _speed("0") == 0


def test_a_file_may_have_the_name_of_the_practice_server() -> None:
    assert options("./practice-server").files == (Path.cwd() / "practice-server",)
    assert options("--practice", "practice-server").files == (Path.cwd() / "practice-server",)
