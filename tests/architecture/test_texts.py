"""What must not stand in any file of the project."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SKIPPED = {".git", ".venv", "__pycache__", "build", "dist"}

# In pieces, so that this file is not found.
UNFINISHED = ["TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK", "for" + " now", "not yet" + " implemented"]
PLACES = ["/wo" + "rk/", "/ro" + "ot/"]
SECRETS = [r"sk" + r"-[A-Za-z0-9]{20,}"]


def project_files() -> list[Path]:
    """Every file of the project as git would take it; without git, every file outside the usual caches."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
        files = [ROOT / name for name in listed.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        files = [file for file in ROOT.rglob("*") if not SKIPPED & set(file.parts)]
    return sorted(file for file in files if file.is_file() and not file.is_symlink())


def found(patterns: list[str], flags: re.RegexFlag = re.NOFLAG) -> list[str]:
    """Where the patterns stand, as "file:line: text"."""
    pattern = re.compile("|".join(patterns), flags)
    places: list[str] = []
    for file in project_files():
        try:
            lines = file.read_text("utf-8").splitlines()
        except UnicodeDecodeError:
            continue
        name = file.relative_to(ROOT)
        places += [f"{name}:{n}: {line.strip()}" for n, line in enumerate(lines, 1) if pattern.search(line)]
    return places


def test_the_search_sees_the_project() -> None:
    assert ROOT / "gptimg_desktop" / "core" / "job.py" in project_files()
    assert Path(__file__) in project_files()
    assert found(["what must " + "not stand in any"], re.IGNORECASE)


def test_nothing_is_left_unfinished() -> None:
    assert found([rf"\b{word}\b" for word in UNFINISHED]) == []


def test_no_path_of_a_machine() -> None:
    assert found([rf"(?<![\w.]){re.escape(place)}" for place in PLACES]) == []


def test_s28_no_key() -> None:
    assert found(SECRETS) == []


# What users read

TRANSLATING = {"tr", "_tr", "translate", "QT_TRANSLATE_NOOP"}


def user_texts(code: str) -> list[str]:
    """Every text in a module that goes through a translation call."""
    calls = (node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call))
    translating = (call for call in calls if _name_of(call.func) in TRANSLATING)
    parts = (part for call in translating for each in call.args for part in ast.walk(each))
    return [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]


def _name_of(function: ast.expr) -> str:
    named = {ast.Attribute: "attr", ast.Name: "id"}
    return str(getattr(function, named.get(type(function), ""), ""))


def all_user_texts() -> list[str]:
    files = (ROOT / "gptimg_desktop").rglob("*.py")
    return [text for file in files for text in user_texts(file.read_text("utf-8"))]


def test_the_search_sees_what_users_read() -> None:
    assert user_texts('self.tr("Retry" if again else "Wait")') == ["Retry", "Wait"]
    assert {"Send again", "What came back", "Waiting"} <= set(all_user_texts())
    assert len(all_user_texts()) > 300


@pytest.mark.row(136)
def test_no_text_offers_a_retry() -> None:
    """The word hides whether the next click costs; what is free says so, and what costs names its price."""
    word = re.compile(r"\bretr(y|ies|ied|ying)\b", re.IGNORECASE)
    assert [text for text in all_user_texts() if word.search(text)] == []


@pytest.mark.row(136)
def test_what_offers_to_send_again_says_that_it_may_cost_twice() -> None:
    offers = [text for text in all_user_texts() if text.startswith("Send again")]
    assert set(offers) == {"Send again", "Send again (may cost twice)"}  # the first is the question's title


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_pinned_packages_name_no_place_and_have_hashes(name: str) -> None:
    text = (ROOT / "packaging" / name).read_text("utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*--?(?!hash=sha256:)\w", text, re.MULTILINE)
    entries = re.findall(r"^(\S+?)==\S+ .*\\\n((?:    --hash=sha256:[0-9a-f]{64}.*\n?)+)", text, re.MULTILINE)
    assert len(entries) == text.count("==") - text.count("== '")
    assert len(entries) > 15
