"""What is remembered of pictures that the program died over, and of those that take too long."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from gptimg_desktop.services.library.imaging import decode_watch
from gptimg_desktop.services.library.imaging.decode_watch import DecodeWatch, SetAsideError, TooSlowError

if TYPE_CHECKING:
    from pathlib import Path

PICTURE, OTHER = b"a picture", b"another one"


def shown(watch: DecodeWatch, source: Path | bytes = PICTURE) -> bool:
    """True where the picture was decoded, False where it is left alone."""
    try:
        return watch.run(source, lambda: True)
    except SetAsideError:
        return False


def die_over(folder: Path, *pictures: bytes) -> None:
    """A run that ends while it has these pictures in hand."""
    watch = DecodeWatch(folder)
    names = [decode_watch.fingerprint(picture) for picture in pictures]
    for name in names:
        assert watch._marks.deaths(name) < 2
    for name in names:
        watch._marks.take_up(name)


def test_a_picture_is_left_alone_after_the_second_death_over_it(tmp_path: Path) -> None:
    die_over(tmp_path, PICTURE)
    die_over(tmp_path, PICTURE)
    watch = DecodeWatch(tmp_path)
    assert not shown(watch)
    assert shown(watch, OTHER)
    assert not shown(DecodeWatch(tmp_path))  # however often it is started


def test_one_death_may_be_chance_and_is_forgotten_once_the_picture_was_shown(tmp_path: Path) -> None:
    die_over(tmp_path, PICTURE)
    assert shown(DecodeWatch(tmp_path))
    assert list(tmp_path.iterdir()) == []
    die_over(tmp_path, PICTURE)
    assert shown(DecodeWatch(tmp_path))


def test_a_file_is_the_same_picture_as_its_bytes_wherever_it_lies(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(PICTURE)
    for _ in range(2):
        die_over(tmp_path / "marks", PICTURE)
    assert not shown(DecodeWatch(tmp_path / "marks"), tmp_path / "a.png")


def test_another_decoder_gets_a_new_chance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(2):
        die_over(tmp_path, PICTURE)
    monkeypatch.setattr(decode_watch, "decoder_version", "99.0")
    assert shown(DecodeWatch(tmp_path))


def test_two_suspects_are_never_in_hand_together(tmp_path: Path) -> None:
    """Else the innocent one would be set aside with the guilty one."""
    die_over(tmp_path, PICTURE, OTHER)
    watch, first_is_in, first_may_end = DecodeWatch(tmp_path), threading.Event(), threading.Event()
    in_hand: list[int] = []

    def count() -> int:
        return len(list(tmp_path.glob("*in-hand*")))

    def first() -> None:
        first_is_in.set()
        first_may_end.wait()
        in_hand.append(count())

    one = threading.Thread(target=watch.run, args=(PICTURE, first))
    two = threading.Thread(target=watch.run, args=(OTHER, lambda: in_hand.append(count())))
    one.start()
    first_is_in.wait()
    two.start()
    first_may_end.set()
    one.join()
    two.join()
    assert in_hand == [1, 1]


def test_what_takes_too_long_is_given_up_until_it_is_over() -> None:
    watch, is_over, ended = DecodeWatch(None, limit_s=0.05), threading.Event(), threading.Event()

    def hang() -> None:
        is_over.wait()
        ended.set()

    with pytest.raises(TooSlowError):
        watch.run(PICTURE, hang)
    with pytest.raises(TooSlowError):
        shown(watch)
    assert shown(watch, OTHER)
    is_over.set()
    ended.wait()
    for thread in threading.enumerate():
        if thread.name == "decoding":
            thread.join()
    assert shown(watch)


def test_an_error_of_the_decoder_comes_out_and_accuses_nobody(tmp_path: Path) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            DecodeWatch(tmp_path).run(PICTURE, fail)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_takes_no_marks_keeps_no_picture_from_being_shown(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert shown(DecodeWatch(tmp_path / "file" / "marks"))
    assert shown(DecodeWatch(tmp_path / "none" / "above"))
