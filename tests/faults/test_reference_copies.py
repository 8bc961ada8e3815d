"""Kept copies that the disk damaged, and a picture over which something of ours fails: no other is harmed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from gptimg_desktop.services.library.references.kept_copies import KeptCopies
from gptimg_desktop.services.library.references.store import ReferenceStore
from tests.faults.test_reference_files import add, arrived, kept, png
from tests.support.desk import window
from tests.support.scripted_server import scripted_server
from tests.ui.compose.hands import drop, files

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.anyio


@pytest.fixture
def given(home: Path) -> dict[str, Path]:
    paths = {colour: home / f"{colour}.png" for colour in ("red", "teal", "navy")}
    for colour, path in paths.items():
        path.write_bytes(png(colour))
    return paths


def flip_a_bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[50] ^= 0x01
    path.write_bytes(content)
    os.utime(path, (1, 1))


@pytest.mark.row(122)
async def test_a_press_mends_a_copy_whose_file_is_still_there(home: Path, given: dict[str, Path]) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        await add(desk, given["teal"])
        copy = home / "data" / "references" / kept(desk)[0].sha256
        assert copy.read_bytes() == png("teal")
        flip_a_bit(copy)
        desk.generate()
        await desk.until_states("saved")
        assert arrived(server) == [[png("teal")]]
        assert copy.read_bytes() == png("teal")


@pytest.mark.row(122)
async def test_adding_it_again_mends_a_copy_whose_file_was_elsewhere(
    home: Path, given: dict[str, Path]
) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        await add(desk, given["teal"])
        reference = kept(desk)[0]
        store = ReferenceStore(home / "data" / "references")
        flip_a_bit(store.path(reference.sha256))
        assert KeptCopies(store.path).lost([reference]) == {reference}
        await add(desk, given["teal"])
        assert not KeptCopies(store.path).lost([reference])
        desk.generate()
        await desk.until_states("saved")
        assert arrived(server)[0][0] == png("teal")


@pytest.mark.row(116)
@pytest.mark.expects_log("a picture could not be taken")
async def test_a_failure_of_ours_over_one_picture_takes_no_other_with_it(
    home: Path, given: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    really = ReferenceStore.add_bytes

    def stumble(self: ReferenceStore, content: bytes, name: str, **more: Any) -> Any:
        if name == "teal.png":
            raise IndexError("a fault of ours")
        return really(self, content, name, **more)

    monkeypatch.setattr(ReferenceStore, "add_bytes", stumble)
    (home / "text.png").write_text("no picture")
    async with scripted_server() as server, window(home / "data", server) as desk:
        assert drop(desk.app.window.compose, files(*map(str, given.values()), str(home / "text.png")))
        told = "“text.png” is not a picture that can be read."
        await desk.until(lambda: len(kept(desk)) == 2 and told in desk.texts(), told)
        assert [reference.name for reference in kept(desk)] == ["red.png", "navy.png"]
        assert "Something in this program went wrong. The log has the details (IndexError)." in desk.texts()
