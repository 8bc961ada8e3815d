"""What Linux desktops and software catalogues read: one id everywhere, and the version of the program."""

from __future__ import annotations

import configparser
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from gptimg_desktop import __version__
from gptimg_desktop.ui.desktop.application import DESKTOP_ID, NAME

FOLDER = Path(__file__).parents[2] / "packaging" / "linux"
ENTRY = FOLDER / f"{DESKTOP_ID}.desktop"
METAINFO = FOLDER / f"{DESKTOP_ID}.metainfo.xml"
LANGUAGES = ("", "[de]", "[zh_CN]")


def entry() -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign] # keys keep their capitals
    parser.read(ENTRY, encoding="utf-8")
    return parser["Desktop Entry"]


def metainfo() -> ET.Element:
    return ET.fromstring(METAINFO.read_text(encoding="utf-8"))  # noqa: S314 - our own file


def test_the_entry_belongs_to_our_windows() -> None:
    assert entry()["StartupWMClass"] == NAME
    assert entry()["Exec"] == "gptimg-desktop"
    assert entry()["Icon"] == "gptimg-desktop"
    assert "MimeType" not in entry()


@pytest.mark.parametrize("key", ["GenericName", "Comment", "Keywords"])
def test_the_entry_speaks_three_languages(key: str) -> None:
    texts = {entry()[f"{key}{language}"] for language in LANGUAGES}
    assert len(texts) == 3


def test_the_catalogue_tells_the_same_program() -> None:
    about = metainfo()
    assert about.findtext("id") == DESKTOP_ID
    assert about.findtext("launchable") == ENTRY.name
    assert about.findtext("provides/binary") == entry()["Exec"]
    assert about.findtext("name") == entry()["Name"] == NAME
    assert [part.text for part in about.iterfind("categories/category")] == entry()["Categories"].split(";")[
        :-1
    ]


def test_the_newest_release_is_this_version() -> None:
    newest = metainfo().find("releases/release")
    assert newest is not None
    assert newest.get("version") == __version__


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("desktop-file-validate", (str(ENTRY),)),
        ("appstreamcli", ("validate", "--no-net", str(METAINFO))),
    ],
)
def test_the_systems_own_tools_have_nothing_to_say_against_it(tool: str, arguments: tuple[str, ...]) -> None:
    if shutil.which(tool) is None:
        pytest.skip(f"there is no {tool} on this machine")
    done = subprocess.run([tool, *arguments], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
