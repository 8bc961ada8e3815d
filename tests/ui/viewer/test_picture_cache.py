"""The few pictures that are kept, bounded in number and bytes."""

from __future__ import annotations

from PySide6.QtGui import QImage

from gptimg_desktop.ui.viewer.picture_cache import PictureCache
from gptimg_desktop.ui.viewer.viewed import ViewedPicture


def of(number: int) -> ViewedPicture:
    return ViewedPicture(job_id=f"job-{number}", index=0)


def image(edge: int = 10) -> QImage:
    return QImage(edge, edge, QImage.Format.Format_ARGB32_Premultiplied)


def test_only_what_is_wanted_is_kept() -> None:
    cache = PictureCache()
    cache.keep_only([of(1), of(2), of(3)])
    for number in (1, 2, 3, 4):
        cache.put(of(number), image())
    assert cache.get(of(4)) is None
    assert len(cache) == 3
    cache.keep_only([of(2), of(3), of(4)])
    assert cache.get(of(1)) is None
    assert len(cache) == 2


def test_never_more_than_three() -> None:
    cache = PictureCache()
    cache.keep_only([of(number) for number in range(5)])
    for number in range(5):
        cache.put(of(number), image())
    assert len(cache) == 3


def test_where_it_gets_too_much_the_least_important_goes_and_the_first_stays() -> None:
    cache = PictureCache(most_bytes=1000)
    cache.keep_only([of(1), of(2), of(3)])
    cache.put(of(3), image())
    cache.put(of(2), image())
    assert cache.has_room_for(200)
    cache.put(of(1), image(40))
    assert cache.get(of(1)) is not None
    assert len(cache) == 1
    assert not cache.has_room_for(1)
