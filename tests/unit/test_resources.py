"""Resources are found from a checkout, a wheel and a frozen program."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from gptimg_desktop import resources
from gptimg_desktop.resources import resource

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_a_checkout_has_its_icons_and_their_licence() -> None:
    assert resource("icons", "sun.svg").is_file()
    assert "ISC" in resource("icons", "LICENSE").read_text(encoding="utf-8")


def test_a_frozen_program_looks_where_it_was_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert resource("icons", "sun.svg") == tmp_path / "resources" / "icons" / "sun.svg"


def test_an_installed_package_brings_its_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed = tmp_path / "_resources"
    installed.mkdir()
    monkeypatch.setattr(resources, "__file__", str(tmp_path / "resources.py"))
    assert resource("icons") == installed.resolve() / "icons"


def test_every_icon_takes_its_colour_from_the_program() -> None:
    drawings = [path for path in resource("icons").glob("*.svg") if not path.name.startswith("indicator-")]
    assert len(drawings) >= 30
    assert [path.name for path in drawings if "currentColor" not in path.read_text(encoding="utf-8")] == []
