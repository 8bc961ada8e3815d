"""What packages are made of fits together: one version, names that agree, and files that are there."""

from __future__ import annotations

import ast
import configparser
import importlib.machinery
import importlib.util
import os
import plistlib
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import PySide6
import pytest

import gptimg_desktop
from gptimg_desktop.ui.desktop.application import DESKTOP_ID, NAME

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).parents[2]
PACKAGING = ROOT / "packaging"
COMMAND = "gptimg-desktop"
SPEC = PACKAGING / "gptimg-desktop.spec"
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
SCRIPTS = sorted(
    path
    for path in PACKAGING.rglob("*")
    if path.is_file() and not path.suffix and path.name not in {"copyright", "lintian-overrides"}
)
PLUGINS_OF_OTHER_SYSTEMS = {
    "qcocoa",
    "qmacstyle",
    "qmodernwindowsstyle",
    "qnetworklistmanager",
    "qscnetworkreachability",
    "qwindows",
}


def load(path: Path) -> ModuleType:
    """A file of packaging/, which is no package, as a module."""
    loader = importlib.machinery.SourceFileLoader(f"packaging_{path.stem}", str(path))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))  # type: ignore[arg-type]
    sys.modules[loader.name] = module
    loader.exec_module(module)
    return module


@pytest.fixture
def changelog(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.syspath_prepend(PACKAGING)
    return load(PACKAGING / "changelog.py")


def metainfo() -> ET.Element:
    return ET.parse(PACKAGING / "linux" / f"{DESKTOP_ID}.metainfo.xml").getroot()  # noqa: S314 - our own


def spec_constant(name: str) -> Any:
    """A constant of the spec, which only PyInstaller can run."""
    for node in ast.parse(SPEC.read_text()).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
            return ast.literal_eval(node.value)
    raise AssertionError(f"the spec has no {name}")


# One version


def test_version_changelog_and_catalogue_agree(changelog: ModuleType) -> None:
    entry = changelog.entry()
    release = metainfo().find("releases/release")
    assert release is not None
    assert entry.version == changelog.version() == gptimg_desktop.__version__
    assert (release.get("version"), release.get("date")) == (entry.version, str(entry.moment.date()))


def test_the_version_is_stated_in_one_place() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert project["project"]["dynamic"] == ["version"]
    number = re.compile(rf"(?<![\w.]){re.escape(gptimg_desktop.__version__)}(?![\w.])")
    others = {
        path.relative_to(ROOT).as_posix()
        for folder in (PACKAGING, ROOT / ".github")
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith("requirements")
        if number.search(path.read_text(encoding="utf-8"))
    }
    assert others == {f"packaging/linux/{DESKTOP_ID}.metainfo.xml"}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("# Changes\n", "does not begin with an entry for 1.2.3"),
        ("## 1.2.2 - 2026-01-01\n\n- Old.\n", "does not begin with an entry for 1.2.3"),
        ("## 1.2.3 - 2026-01-01\n\n## 1.2.2 - 2026-01-01\n\n- Old.\n", "says nothing about 1.2.3"),
    ],
)
def test_a_version_without_an_entry_is_told(
    changelog: ModuleType, tmp_path: Path, text: str, complaint: str
) -> None:
    with pytest.raises(changelog.ChangelogError, match=re.escape(complaint)):
        changelog.entry(made_checkout(tmp_path, text))


def test_an_entry_has_its_bullets_each_in_one_line(changelog: ModuleType, tmp_path: Path) -> None:
    bullets = "- First,\n  long.\n\n### More\n\n- Second.\n\n"
    text = f"## 1.2.3 - 2026-02-28\n\nGood.\n\n{bullets}## 1.2.2 - 2026-01-01\n"
    entry = changelog.entry(made_checkout(tmp_path, text))
    assert entry.points == ("First, long.", "Second.")
    assert entry.moment.isoformat() == "2026-02-28T12:00:00+00:00"


def made_checkout(folder: Path, changes: str) -> Path:
    (folder / "gptimg_desktop").mkdir()
    (folder / "gptimg_desktop" / "__init__.py").write_text('__version__ = "1.2.3"\n')
    (folder / "CHANGELOG.md").write_text(changes)
    return folder


def test_debian_reads_the_same_changes(changelog: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "changelog", changelog)
    first, *_, last = load(PACKAGING / "deb").debian_changelog().splitlines()
    assert first == f"{COMMAND} ({gptimg_desktop.__version__}) stable; urgency=medium"
    assert re.fullmatch(r" -- .+ <\S+@\S+>  \w{3}, \d\d \w{3} \d{4} 12:00:00 \+0000", last)


# Names that agree


def test_the_desktop_entry_starts_the_program_and_shows_its_icon() -> None:
    reader = configparser.RawConfigParser(interpolation=None, strict=True)
    reader.optionxform = str  # type: ignore[assignment, method-assign]
    reader.read(PACKAGING / "linux" / f"{DESKTOP_ID}.desktop", encoding="utf-8")
    entry = reader["Desktop Entry"]
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    assert (entry["Type"], entry["Name"], entry["Terminal"]) == ("Application", NAME, "false")
    assert entry["Exec"].split()[0] in scripts
    assert (ROOT / "resources" / "app" / f"{entry['Icon']}.svg").is_file()
    assert entry["Categories"].endswith(";")


def test_the_catalogue_entry_has_all_that_catalogues_ask_for() -> None:
    component = metainfo()
    texts = {name: component.findtext(name, "").strip() for name in ("id", "name", "summary", "launchable")}
    assert component.get("type") == "desktop-application"
    assert (texts["id"], texts["name"]) == (DESKTOP_ID, NAME)
    assert texts["launchable"] == f"{DESKTOP_ID}.desktop"
    assert 10 < len(texts["summary"]) <= 70
    assert not texts["summary"].endswith(".")
    for name in ("metadata_license", "project_license", "description/p", "content_rating", "provides/binary"):
        assert component.find(name) is not None, name


def test_the_mac_knows_the_program_by_the_same_name() -> None:
    information = load(PACKAGING / "macos" / "info_plist.py")
    assert (information.BUNDLE_IDENTIFIER, information.INFO["CFBundleName"]) == (DESKTOP_ID, NAME)
    assert plistlib.loads((PACKAGING / "macos" / "entitlements.plist").read_bytes())
    assert spec_constant("TITLE") == NAME
    assert spec_constant("NAME") == COMMAND


def test_windows_shows_the_version() -> None:
    done = subprocess.run(
        [sys.executable, "-B", PACKAGING / "windows" / "version-info"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert f"StringStruct('ProductVersion', '{gptimg_desktop.__version__}')" in done.stdout
    ast.parse(done.stdout)


# Files that are there


def test_the_spec_names_files_that_there_are() -> None:
    named = re.findall(r'\((?:root|packaging)(?: / "[^"]+")+\)', SPEC.read_text())
    places = {
        (ROOT if "root" in expression else PACKAGING).joinpath(*re.findall(r'"([^"]+)"', expression))
        for expression in named
    }
    made = {place for place in places if place.is_relative_to(ROOT / "build")}
    assert ROOT / "resources" in places
    assert [place for place in places - made if not place.exists()] == []


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have other plugins")
def test_qt_has_every_plugin_that_the_spec_keeps() -> None:
    plugins = Path(PySide6.__path__[0]) / "Qt" / "plugins"
    kept = {(group, name) for group, names in spec_constant("PLUGINS").items() for name in names}
    there = {
        (file.parent.name, file.name.removeprefix("lib").partition(".")[0]) for file in plugins.glob("*/*.so")
    }
    assert {name for _, name in kept - there} == PLUGINS_OF_OTHER_SYSTEMS


def test_no_module_that_the_program_imports_is_left_out() -> None:
    unused = set(spec_constant("UNUSED"))
    imported = {
        name.partition(".")[0]
        for file in (ROOT / "gptimg_desktop").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        for name in imported_names(node)
    }
    assert imported & unused == set()


def imported_names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.relative_to(PACKAGING).as_posix())
def test_scripts_can_be_run_and_stop_at_the_first_failure(script: Path) -> None:
    text = script.read_text(encoding="utf-8")
    assert os.access(script, os.X_OK)
    if text.startswith("#!/usr/bin/env python3\n"):
        compile(text, script.name, "exec")
    else:
        assert text.startswith("#!/bin/sh\n")
        assert "\nset -eu\n" in text
        subprocess.run(["sh", "-n", script], check=True)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda workflow: workflow.name)
def test_workflows_run_the_projects_own_scripts_alone(workflow: Path) -> None:
    commands = re.findall(r"^\s*(?:- )?run: *(.+)$", workflow.read_text(), re.MULTILINE)
    assert commands
    offered = set(re.findall(r"^# \./run (\w[\w-]*)", (ROOT / "run").read_text(), re.MULTILINE))
    for command in commands:
        words = command.removeprefix("powershell -File ").split()
        assert (ROOT / words[0]).is_file(), command
        assert words[0] != "./run" or words[1] in {*offered, "--self-test"}, command


def test_there_is_a_workflow() -> None:
    assert WORKFLOWS


def test_what_is_built_with_is_pinned_to_the_versions_that_run() -> None:
    running, building = (pins(name) for name in ("requirements.txt", "requirements-build.txt"))
    assert {name: building.get(name) for name in running} == running
    assert "pyinstaller" in building
    assert "://" not in (PACKAGING / "requirements-build.txt").read_text()


def pins(file: str) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)==(\S+)", (PACKAGING / file).read_text(), re.MULTILINE))


def test_the_frozen_program_gives_the_environment_back(monkeypatch: pytest.MonkeyPatch) -> None:
    start = load(PACKAGING / "frozen_start.py")
    monkeypatch.setenv("LD_LIBRARY_PATH", "/of/the/program")
    monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", "/of/the/user")
    monkeypatch.setenv("QT_PLUGIN_PATH", "/of/the/program")
    start.give_back_environment()
    assert os.environ["LD_LIBRARY_PATH"] == "/of/the/user"
    assert not {"LD_LIBRARY_PATH_ORIG", "QT_PLUGIN_PATH"} & set(os.environ)
    monkeypatch.delenv("LD_LIBRARY_PATH")
    monkeypatch.setenv("LD_LIBRARY_PATH", "/of/the/program")
    start.give_back_environment()
    assert "LD_LIBRARY_PATH" not in os.environ
