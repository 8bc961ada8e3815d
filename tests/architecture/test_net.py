"""The net of tests/conftest.py catches what it is there for, and lets honest tests through."""

from __future__ import annotations

import inspect
import os
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.architecture import guilty

ROOT = Path(__file__).parents[2]
CASES = {name: case for name, case in vars(guilty).items() if name.startswith("test_")}
GUILTY = sorted(name for name in CASES if name.startswith("test_guilty"))
HONEST = sorted(CASES.keys() - set(GUILTY))


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What pytest says about each of the cases, run under the net in a process of its own; "" is a pass."""
    place = tmp_path_factory.mktemp("net")
    (place / "tests").mkdir()
    shutil.copy(ROOT / "pyproject.toml", place)
    shutil.copy(ROOT / "tests" / "conftest.py", place / "tests")
    shutil.copy(inspect.getfile(guilty), place / "tests" / "test_cases.py")
    environment = os.environ | {
        "GPTIMG_API_KEY": "canary",
        "https_proxy": "http://192.0.2.9:1",
        "TERM": "dumb",
    }
    command = [sys.executable, "-m", "pytest", "-q", "--junitxml=report.xml", "-p", "no:cacheprovider"]
    subprocess.run(command, cwd=place, env=environment, check=False, capture_output=True, timeout=100)
    return _read(place / "report.xml")


def _read(report: Path) -> dict[str, str]:
    """All complaints of a report by test; parameters make no difference."""
    said: dict[str, str] = {}
    for case in ET.parse(report).iter("testcase"):  # noqa: S314 (pytest wrote it a moment ago)
        name = str(case.get("name")).partition("[")[0]
        words = [f"{part.get('message')}\n{part.text}" for part in case if part.tag in {"failure", "error"}]
        said[name] = said.get(name, "") + "\n".join(words)
    return said


@pytest.mark.parametrize("name", GUILTY)
def test_guilty_test_fails_and_is_told_why(name: str, verdicts: dict[str, str]) -> None:
    assert str(CASES[name].__doc__) in verdicts[name]


@pytest.mark.parametrize("name", HONEST)
def test_honest_test_passes(name: str, verdicts: dict[str, str]) -> None:
    assert verdicts[name] == ""
