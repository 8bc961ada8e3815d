"""The script that draws the icon's files for packages."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from PIL import Image

SCRIPT = Path(__file__).parents[2] / "packaging" / "icons"


def drawn(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(SCRIPT), *arguments], capture_output=True, text=True, timeout=60, check=False
    )


def test_all_files_are_there_in_their_sizes_and_the_same_at_every_run(tmp_path: Path) -> None:
    for name in ("one", "two"):
        done = drawn(str(tmp_path / name / "deeper"))
        assert (done.returncode, done.stdout) == (0, ""), done.stderr
    folder, other = tmp_path / "one" / "deeper", tmp_path / "two" / "deeper"
    for edge in (16, 22, 24, 32, 48, 64, 128, 256, 512):
        with Image.open(folder / f"gptimg-desktop-{edge}.png") as picture:
            assert (picture.size, picture.mode) == ((edge, edge), "RGBA")
    with Image.open(folder / "gptimg-desktop.ico") as icon:
        assert icon.info["sizes"] == {(edge, edge) for edge in (16, 24, 32, 48, 64, 128, 256)}
        icon.size = (16, 16)  # type: ignore[misc] # Pillow's way to choose one of them
        with Image.open(folder / "gptimg-desktop-16.png") as small:
            assert icon.convert("RGBA").tobytes() == small.tobytes(), "the drawing for 16, not a scaled one"
    with Image.open(folder / "gptimg-desktop.icns") as icon:
        assert {(16, 16, 2), (512, 512, 2), (128, 128, 1)} <= set(icon.info["sizes"])
    assert len(list(folder.iterdir())) == 11
    for file in folder.iterdir():
        assert file.read_bytes() == (other / file.name).read_bytes(), file.name


def test_without_a_folder_it_says_how_it_is_used(tmp_path: Path) -> None:
    for arguments in ((), ("one", "two"), ("--help",)):
        done = drawn(*arguments)
        assert done.returncode == 2
        assert done.stderr == "usage: packaging/icons FOLDER\n"
