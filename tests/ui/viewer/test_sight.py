"""What is seen of a picture: fitting, zooming at a point, moving to the edges and no farther."""

from __future__ import annotations

import random

import pytest

from gptimg_desktop.core.sizes import PixelSize
from gptimg_desktop.ui.viewer.sight import MOST_SCALE, Sight

ROOM = PixelSize(1440, 850)
LARGE = PixelSize(3840, 2160)


def spot_at(sight: Sight, across: float, down: float) -> tuple[float, float]:
    """The point of the picture at a point of the room."""
    return (
        sight.x + (across - sight.room.width / 2) / sight.scale,
        sight.y + (down - sight.room.height / 2) / sight.scale,
    )


def test_a_fitted_picture_is_whole_and_in_the_middle() -> None:
    place = Sight.fitted(LARGE, ROOM, 16).place
    assert (place.left(), place.width()) == (16, 1408)
    assert place.height() == 792
    assert abs(place.top() - (850 - 792) / 2) <= 1


def test_a_small_picture_is_not_blown_up() -> None:
    sight = Sight.fitted(PixelSize(400, 300), ROOM, 16)
    assert sight.scale == 1.0
    assert (sight.place.width(), sight.place.height()) == (400, 300)
    assert not sight.can_pan


@pytest.mark.parametrize("at", [(0, 0), (1440, 850), (700, 300), (1300, 40)])
def test_zooming_keeps_the_spot_under_the_pointer(at: tuple[float, float]) -> None:
    sight = Sight.fitted(LARGE, ROOM, 0).zoomed_to(1.0)
    spot = spot_at(sight, *at)
    for _ in range(8):
        sight = sight.zoomed_by(1.25, at)
        assert spot_at(sight, *at) == pytest.approx(spot)


def test_zooming_stops_at_100_percent_on_the_way_up_and_down() -> None:
    sight = Sight.fitted(LARGE, ROOM)
    scales = []
    for _ in range(7):
        sight = sight.zoomed_by(1.25)
        scales.append(sight.scale)
    assert 1.0 in scales
    assert sight.zoomed_to(1.1).zoomed_by(0.8).scale == 1.0


def test_zooming_ends_at_the_whole_picture_and_at_the_nearest_look() -> None:
    sight = Sight.fitted(LARGE, ROOM)
    assert sight.zoomed_by(0.01).is_fitted
    assert sight.zoomed_to(1000).scale == MOST_SCALE


def test_a_picture_is_moved_to_its_edges_and_no_farther() -> None:
    sight = Sight.fitted(LARGE, ROOM).zoomed_to(1.0)
    corner = sight.panned(100_000, 100_000).place
    assert (corner.left(), corner.top()) == (0, 0)
    corner = sight.panned(-100_000, -100_000).place
    assert (corner.left(), corner.top()) == (ROOM.width - LARGE.width, ROOM.height - LARGE.height)


def test_what_was_fitted_stays_fitted_in_another_room_and_a_zoomed_middle_stays() -> None:
    other = PixelSize(900, 500)
    assert Sight.fitted(LARGE, ROOM, 16).resized(other, 16) == Sight.fitted(LARGE, other, 16)
    zoomed = Sight.fitted(LARGE, ROOM).zoomed_to(2.0).panned(-300, 120)
    resized = zoomed.resized(other, 0)
    assert (resized.scale, resized.x, resized.y) == (2.0, zoomed.x, zoomed.y)


def test_at_100_percent_pixels_lie_on_pixels() -> None:
    chance = random.Random(3)
    for _ in range(200):
        room = PixelSize(chance.randrange(100, 2000), chance.randrange(100, 2000))
        sight = Sight.fitted(LARGE, room).zoomed_to(1.0).panned(chance.uniform(-999, 999), 77.3)
        source, target = sight.piece()
        assert (target.left(), target.top()) == (target.toRect().left(), target.toRect().top())
        assert (target.width(), target.height()) == (source.width(), source.height())


def test_the_piece_covers_what_is_seen_and_lies_in_the_picture() -> None:
    chance = random.Random(5)
    for _ in range(300):
        picture = PixelSize(chance.randrange(1, 5000), chance.randrange(1, 5000))
        sight = Sight.fitted(picture, ROOM, 16).zoomed_to(chance.uniform(0.01, 40))
        sight = sight.panned(chance.uniform(-4000, 4000), chance.uniform(-4000, 4000))
        source, target = sight.piece()
        assert source.left() >= 0
        assert source.top() >= 0
        assert source.right() < picture.width
        assert source.bottom() < picture.height
        place = sight.place
        assert target.left() <= max(0, place.left()) + 1
        assert target.right() >= min(ROOM.width, place.right()) - 1


@pytest.mark.parametrize("picture", [PixelSize(1, 1), PixelSize(20_000, 3), PixelSize(2, 9_000)])
def test_odd_shapes_and_tiny_rooms_are_survived(picture: PixelSize) -> None:
    for room in (PixelSize(1, 1), PixelSize(10, 2_000)):
        sight = Sight.fitted(picture, room, 16)
        assert sight.scale > 0
        assert sight.zoomed_by(3).piece()[0].isValid()
