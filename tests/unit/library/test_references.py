"""Reference pictures: whatever the user drops is read with care, and what was kept stays."""

from __future__ import annotations

import hashlib
import io
import os
import random
import socket
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from gptimg_desktop.core.errors import BadInputError, Problem, ProblemKind, StorageError
from gptimg_desktop.core.filenames import shown_name
from gptimg_desktop.core.reference import MOST_REFERENCE_BYTES, Change, FileReference, Origin, Shrink
from gptimg_desktop.core.sizes import PixelSize
from gptimg_desktop.services.library.imaging import imaging
from gptimg_desktop.services.library.references import store as references
from gptimg_desktop.services.library.references.store import (
    MOST_READ_BYTES,
    THUMBNAIL_BOX,
    ReferenceStore,
)
from tests.support.kept_references import add_file
from tests.support.telling import HELD, corners, telling
from tests.unit.library.pictures import chunk, encoded, flipped_png, gradient, head, png


@pytest.fixture
def store(tmp_path: Path) -> ReferenceStore:
    return ReferenceStore(tmp_path / "references")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return tmp_path / "a chair.png"


def refusal(store: ReferenceStore, path: Path) -> dict[str, Any]:
    """The kind and facts with which a file is refused."""
    with pytest.raises(BadInputError) as refused:
        add_file(store, path)
    problem = refused.value.problem
    return {"kind": problem.kind, **problem.facts}


def kept(store: ReferenceStore) -> list[Path]:
    folder = store.path("0" * 64).parent
    return sorted(folder.iterdir()) if folder.exists() else []


# What is kept


@pytest.mark.parametrize("image_format", ["png", "jpeg", "webp"])
def test_the_copy_is_the_very_file_and_outlives_it(
    store: ReferenceStore, source: Path, image_format: str
) -> None:
    content = encoded(gradient(300, 200), image_format.upper())
    source.write_bytes(content)
    reference, bitmap = add_file(store, source)
    assert (reference.came_as, reference.changes) == (image_format, ())
    assert reference.sha256 == hashlib.sha256(content).hexdigest()
    assert reference.media_type == f"image/{image_format}"
    assert (reference.width, reference.height, reference.size_bytes) == (300, 200, len(content))
    assert reference.name == "a chair.png"
    assert (bitmap.width, bitmap.height) == (THUMBNAIL_BOX, 128)
    source.unlink()
    assert store.path(reference.sha256).read_bytes() == content
    assert store.thumbnail(reference) == bitmap


def test_a_later_change_of_the_file_changes_nothing(store: ReferenceStore, source: Path) -> None:
    source.write_bytes(png())
    reference, _ = add_file(store, source)
    source.write_bytes(png(10, 10))
    assert store.path(reference.sha256).read_bytes() == png()


def test_the_same_picture_twice_is_one_file(store: ReferenceStore, source: Path) -> None:
    source.write_bytes(png())
    first, _ = add_file(store, source)
    second, _ = add_file(store, source.rename(source.with_name("another name.png")))
    assert kept(store) == [store.path(first.sha256)]
    assert (first.sha256, second.sha256) == (second.sha256, first.sha256)
    assert second.name == "another name.png"


def test_a_copy_that_was_cut_short_is_made_again(store: ReferenceStore) -> None:
    reference, _ = store.add_bytes(png(), "pasted")
    store.path(reference.sha256).write_bytes(png()[:50])
    store.add_bytes(png(), "pasted")
    assert store.path(reference.sha256).read_bytes() == png()


def flip_a_bit(path: Path) -> None:
    """Damage that neither size nor time shows."""
    before, content = path.stat(), bytearray(path.read_bytes())
    content[60] ^= 0x01
    path.write_bytes(content)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_a_copy_that_was_damaged_is_made_again(store: ReferenceStore) -> None:
    reference, _ = store.add_bytes(png(), "pasted")
    flip_a_bit(store.path(reference.sha256))
    store.add_bytes(png(), "pasted")
    assert store.path(reference.sha256).read_bytes() == png()


def test_a_copy_that_was_damaged_is_told(store: ReferenceStore) -> None:
    reference, _ = store.add_bytes(png(), "pasted")
    store.path(reference.sha256).write_bytes(flipped_png())
    with pytest.raises(BadInputError) as refused:
        store.thumbnail(reference)
    assert refused.value.problem == Problem.of(ProblemKind.REFERENCE_DAMAGED, name="pasted")


def test_a_copy_that_cannot_be_shown_for_want_of_memory_is_not_called_gone(
    store: ReferenceStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise MemoryError

    reference, _ = store.add_bytes(png(), "pasted")
    monkeypatch.setattr(imaging, "load", full)
    with pytest.raises(BadInputError) as refused:
        store.thumbnail(reference)
    assert refused.value.problem.kind is ProblemKind.REFERENCE_NOT_READ


def test_a_link_to_a_picture_is_the_picture(store: ReferenceStore, source: Path, tmp_path: Path) -> None:
    source.write_bytes(png())
    (tmp_path / "link.png").symlink_to(source)
    reference, _ = add_file(store, tmp_path / "link.png")
    assert reference.name == "link.png"
    assert store.path(reference.sha256).read_bytes() == png()


def test_a_link_that_is_put_there_at_the_last_moment_is_not_followed(
    store: ReferenceStore, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret").write_bytes(png())

    def resolve(path: Path, *, strict: bool = False) -> Path:
        path.symlink_to(tmp_path / "secret")
        return path

    monkeypatch.setattr(Path, "resolve", resolve)
    assert refusal(store, source)["kind"] is ProblemKind.REFERENCE_NOT_A_FILE


def test_a_copy_that_is_gone_is_told(store: ReferenceStore) -> None:
    reference, _ = store.add_bytes(png(), "pasted")
    store.path(reference.sha256).unlink()
    with pytest.raises(BadInputError) as refused:
        store.thumbnail(reference)
    assert refused.value.problem.kind is ProblemKind.REFERENCE_MISSING
    assert refused.value.problem.facts["name"] == "pasted"


@pytest.mark.parametrize("sha256", ["", "../library.sqlite3", "A" * 64, "a" * 63, "a" * 64 + "\n"])
def test_only_a_hash_is_a_place(store: ReferenceStore, sha256: str) -> None:
    with pytest.raises(ValueError, match="sha256"):
        store.path(sha256)


def test_a_folder_that_takes_nothing_is_told(tmp_path: Path) -> None:
    (tmp_path / "references").write_text("in the way")
    with pytest.raises(StorageError) as refused:
        ReferenceStore(tmp_path / "references").add_bytes(png(), "pasted")
    assert refused.value.problem.kind is ProblemKind.FOLDER_UNWRITABLE


@pytest.mark.parametrize("image_format", ["png", "jpeg", "webp"])
def test_what_is_kept_is_what_is_sent(store: ReferenceStore, source: Path, image_format: str) -> None:
    source.write_bytes(telling(image_format, 6))
    reference, bitmap = add_file(store, source)
    kept_bytes = store.path(reference.sha256).read_bytes()
    assert hashlib.sha256(kept_bytes).hexdigest() == reference.sha256
    assert reference.size_bytes == len(kept_bytes)
    assert (reference.width, reference.height) == (64, 96)
    assert reference.changes == (Change.TURNED, Change.STRIPPED)
    assert corners(Image.open(io.BytesIO(kept_bytes))) == HELD[6]
    assert (bitmap.width, bitmap.height) == (64, 96)
    assert kept(store) == [store.path(reference.sha256)]


def test_a_converted_picture_says_what_it_was(store: ReferenceStore, source: Path) -> None:
    source.write_bytes(encoded(gradient(), "TIFF"))
    reference, _ = add_file(store, source)
    assert (reference.media_type, reference.came_as, reference.changes) == (
        "image/png",
        "tiff",
        (Change.CONVERTED,),
    )


def test_where_a_picture_came_from_is_the_file_as_it_was_read(
    store: ReferenceStore, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source.write_bytes(telling("jpeg"))
    before = source.stat()
    really = os.fdopen

    def change(descriptor: int, *args: Any, **more: Any) -> Any:
        os.utime(source, ns=(0, 77))
        return really(descriptor, *args, **more)

    monkeypatch.setattr(os, "fdopen", change)
    reference, _ = add_file(store, source)
    assert reference.origin == Origin(
        path=str(source), size_bytes=before.st_size, modified_ns=before.st_mtime_ns
    )


def test_pasted_bytes_come_from_no_file(store: ReferenceStore) -> None:
    assert store.add_bytes(png(), "pasted")[0].origin is None


def test_a_copy_that_is_used_again_is_young_again(store: ReferenceStore) -> None:
    reference, _ = store.add_bytes(png(), "pasted")
    os.utime(store.path(reference.sha256), ns=(0, 0))
    store.add_bytes(png(), "pasted")
    assert store.path(reference.sha256).stat().st_mtime > 1


# Lighter ones

SHRINK = Shrink(longest_edge=100, quality=60)


@pytest.fixture
def heavy(store: ReferenceStore, source: Path) -> FileReference:
    source.write_bytes(encoded(gradient(300, 200), "JPEG", quality=95))
    return add_file(store, source)[0]


def test_a_lighter_picture_is_kept_beside_its_original(store: ReferenceStore, heavy: FileReference) -> None:
    original = store.path(heavy.sha256).read_bytes()
    lighter = store.shrunk(heavy, SHRINK)
    sent = store.path(lighter.sha256).read_bytes()
    assert lighter.size_bytes == len(sent) < heavy.size_bytes
    assert Image.open(io.BytesIO(sent)).size == (lighter.width, lighter.height) == (100, 67)
    assert lighter.changes == (Change.SHRUNK,)
    assert (lighter.name, lighter.came_as, lighter.origin) == (heavy.name, "jpeg", heavy.origin)
    assert store.path(heavy.sha256).read_bytes() == original
    assert len(kept(store)) == 2


def test_shrinking_is_remembered_and_a_lost_copy_made_again(
    store: ReferenceStore, heavy: FileReference, monkeypatch: pytest.MonkeyPatch
) -> None:
    lighter = store.shrunk(heavy, SHRINK)
    with monkeypatch.context() as patched:
        patched.setattr(references, "lighter", None)
        assert store.shrunk(heavy, SHRINK) == lighter
        renamed = store.shrunk(replace(heavy, name="another", changes=(Change.TURNED,)), SHRINK)
        assert (renamed.name, renamed.changes) == ("another", (Change.TURNED, Change.SHRUNK))
    store.path(lighter.sha256).unlink()
    assert store.shrunk(heavy, SHRINK) == lighter
    assert store.path(lighter.sha256).exists()


def test_a_lighter_copy_that_was_damaged_is_made_again(store: ReferenceStore, heavy: FileReference) -> None:
    lighter = store.shrunk(heavy, SHRINK)
    sent = store.path(lighter.sha256).read_bytes()
    flip_a_bit(store.path(lighter.sha256))
    assert store.shrunk(heavy, SHRINK) == lighter
    assert store.path(lighter.sha256).read_bytes() == sent


def test_nothing_lighter_is_made_of_a_damaged_copy(store: ReferenceStore, heavy: FileReference) -> None:
    flip_a_bit(store.path(heavy.sha256))
    with pytest.raises(BadInputError) as refused:
        store.shrunk(heavy, SHRINK)
    assert refused.value.problem.kind is ProblemKind.REFERENCE_DAMAGED


@pytest.mark.parametrize("more", [0, 1])
def test_as_heavy_is_not_lighter(
    store: ReferenceStore, heavy: FileReference, monkeypatch: pytest.MonkeyPatch, more: int
) -> None:
    made = (bytes(heavy.size_bytes + more), "jpeg", PixelSize(1, 1))
    monkeypatch.setattr(references, "lighter", lambda *_: made)
    assert store.shrunk(heavy, SHRINK) is heavy


def test_what_would_not_be_lighter_stays_what_it_is(store: ReferenceStore, heavy: FileReference) -> None:
    assert store.shrunk(heavy, Shrink(longest_edge=4000, quality=100)) is heavy
    assert len(kept(store)) == 1


def test_shrinking_tells_that_the_copy_is_gone(store: ReferenceStore, heavy: FileReference) -> None:
    store.path(heavy.sha256).unlink()
    with pytest.raises(BadInputError) as refused:
        store.shrunk(heavy, SHRINK)
    assert refused.value.problem.kind is ProblemKind.REFERENCE_MISSING
    store.path(heavy.sha256).write_bytes(b"something else")
    with pytest.raises(BadInputError) as refused:
        store.shrunk(heavy, SHRINK)
    assert refused.value.problem.kind is ProblemKind.REFERENCE_DAMAGED


# What is refused


def test_a_file_too_large_is_refused_unread(
    store: ReferenceStore, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with source.open("wb") as file:
        file.write(png())
        file.truncate(100_000_000_000)

    def read(*_: Any, **__: Any) -> None:
        raise AssertionError("the file was read")

    monkeypatch.setattr(os, "fdopen", read)
    assert refusal(store, source) == {
        "kind": ProblemKind.REFERENCE_TOO_LARGE,
        "name": "a chair.png",
        "size_bytes": 100_000_000_000,
        "limit_bytes": MOST_READ_BYTES,
    }
    assert kept(store) == []


def test_pasted_bytes_have_the_same_limit(store: ReferenceStore) -> None:
    reference, _ = store.add_bytes(png() + bytes(MOST_READ_BYTES - len(png())), "pasted")
    assert reference.size_bytes == len(png())
    with pytest.raises(BadInputError) as refused:
        store.add_bytes(png() + bytes(MOST_READ_BYTES - len(png()) + 1), "pasted")
    assert refused.value.problem.kind is ProblemKind.REFERENCE_TOO_LARGE


def test_what_is_too_heavy_to_send_is_kept_to_be_shrunk(store: ReferenceStore) -> None:
    picture = Image.frombytes("RGB", (3000, 2600), random.Random(5).randbytes(3000 * 2600 * 3))
    reference, _ = store.add_bytes(encoded(picture, "PNG", compress_level=0), "pasted")
    assert reference.size_bytes > MOST_REFERENCE_BYTES
    lighter = store.shrunk(reference, Shrink(longest_edge=2000, quality=80))
    assert lighter.size_bytes < MOST_REFERENCE_BYTES


@pytest.mark.timeout(10)
def test_a_pipe_is_no_file_and_is_not_waited_for(store: ReferenceStore, source: Path) -> None:
    os.mkfifo(source)
    assert refusal(store, source)["kind"] is ProblemKind.REFERENCE_NOT_A_FILE


def test_a_folder_is_no_file(store: ReferenceStore, source: Path) -> None:
    source.mkdir()
    assert refusal(store, source)["kind"] is ProblemKind.REFERENCE_NOT_A_FILE


@pytest.mark.timeout(10)
def test_an_endless_device_is_no_file(store: ReferenceStore) -> None:
    assert refusal(store, Path("/dev/zero"))["kind"] is ProblemKind.REFERENCE_NOT_A_FILE


def test_a_socket_is_no_file(store: ReferenceStore, home: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(home / "s"))
        assert refusal(store, home / "s")["kind"] is ProblemKind.REFERENCE_NOT_A_FILE


def test_links_in_a_circle_are_no_file(store: ReferenceStore, source: Path, tmp_path: Path) -> None:
    source.symlink_to(tmp_path / "other")
    (tmp_path / "other").symlink_to(source)
    assert refusal(store, source)["kind"] is ProblemKind.REFERENCE_NOT_A_FILE


@pytest.mark.parametrize("dangling", [True, False])
def test_a_file_that_is_gone_is_missing(store: ReferenceStore, source: Path, dangling: bool) -> None:
    if dangling:
        source.symlink_to(source.with_name("nowhere"))
    assert refusal(store, source) == {"kind": ProblemKind.REFERENCE_MISSING, "name": "a chair.png"}


@pytest.mark.parametrize("name", ["x" * 300 + ".png", "nul\0.png"])
def test_a_name_that_no_file_can_have_is_unreadable(store: ReferenceStore, tmp_path: Path, name: str) -> None:
    assert refusal(store, tmp_path / name)["kind"] is ProblemKind.REFERENCE_UNREADABLE


def test_refused_files_are_closed(store: ReferenceStore, source: Path) -> None:
    source.mkdir()
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - a count is all that is wanted
    for _ in range(3):
        refusal(store, source)
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/hostname'/></svg>",
        b"<html><img src='http://127.0.0.1/'></html>",
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3",
        b"%!PS-Adobe-3.0 EPSF-3.0",
        b"8BPS\0\1" + bytes(100),
        b"BMW 2002 tii",
        b"\0" * 10_000,
    ],
    ids=lambda content: repr(content[:6]),
)
def test_no_picture_is_not_one_by_its_name(store: ReferenceStore, source: Path, content: bytes) -> None:
    source.write_bytes(content)
    assert refusal(store, source) == {"kind": ProblemKind.REFERENCE_NOT_A_PICTURE, "name": "a chair.png"}
    assert kept(store) == []


def _flipped() -> bytes:
    whole = bytearray(png())
    whole[whole.index(b"IDAT") + 20] ^= 0xFF
    return bytes(whole)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        png()[:20],
        png()[: len(png()) // 2],
        encoded(gradient(), "JPEG")[:100],
        encoded(gradient(), "JPEG")[:-200],
        encoded(gradient(), "WEBP")[:-100],
        _flipped(),
    ],
)
def test_a_damaged_picture_is_called_damaged(store: ReferenceStore, source: Path, content: bytes) -> None:
    source.write_bytes(content)
    assert refusal(store, source) == {"kind": ProblemKind.REFERENCE_DAMAGED, "name": "a chair.png"}
    assert kept(store) == []


@pytest.mark.parametrize(("width", "height"), [(30_000, 30_000), (12_000, 9_000), (8_001, 8_000)])
def test_a_bomb_is_refused_by_its_size(store: ReferenceStore, source: Path, width: int, height: int) -> None:
    source.write_bytes(head(width, height) + chunk(b"IDAT", b"") + chunk(b"IEND"))
    assert refusal(store, source) == {
        "kind": ProblemKind.REFERENCE_TOO_MANY_PIXELS,
        "name": "a chair.png",
        "width": width,
        "height": height,
    }


# Names


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("ordinary name.png", "ordinary name.png"),
        ("橡木 🪑.png", "橡木 🪑.png"),
        ("photo\u202egnp.exe", "photognp.exe"),
        ("two\nlines\r\x1b[31m.png", "twolines[31m.png"),
        ("zero\u200bwidth\ufeff.png", "zerowidth.png"),
        ("bad\udcff\udcfebytes.png", "bad??bytes.png"),
        ("x" * 300, "x" * 120),
    ],
)
def test_a_name_is_shown_without_its_tricks(name: str, shown: str) -> None:
    assert shown_name(name) == shown


@pytest.mark.parametrize("raw", [b"photo\xe2\x80\xaegnp.exe", b"two\nlines.png", b"bad\xff.png"])
def test_a_file_with_a_strange_name_is_used_all_the_same(
    store: ReferenceStore, tmp_path: Path, raw: bytes
) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + raw))
    path.write_bytes(png())
    reference, _ = add_file(store, path)
    assert reference.name.isprintable()
    assert reference.name.encode()
    assert store.path(reference.sha256).read_bytes() == png()


def test_a_refusal_names_the_file_without_its_tricks(store: ReferenceStore, tmp_path: Path) -> None:
    assert refusal(store, tmp_path / "photo\u202egnp\n.exe")["name"] == "photognp.exe"


def test_a_file_that_grows_while_it_is_read_is_bounded(
    store: ReferenceStore, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(references, "MOST_READ_BYTES", len(png()))
    source.write_bytes(png())
    really = os.fdopen

    def grow(descriptor: int, *args: Any, **more: Any) -> Any:
        with source.open("ab") as file:
            file.write(b"more")
        return really(descriptor, *args, **more)

    monkeypatch.setattr(os, "fdopen", grow)
    assert refusal(store, source)["kind"] is ProblemKind.REFERENCE_TOO_LARGE
