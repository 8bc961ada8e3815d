"""Every shape of a task report that was ever seen."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from gptimg_desktop.core.foreign_text import parse_json
from gptimg_desktop.core.task import TaskReport, TaskState
from gptimg_desktop.services.api.wire import error_message, read_money, read_task

LINK = "https://files.example.org/a.png"


def read(data: Any) -> TaskReport:
    report = read_task({"code": 200, "data": data}, "task_1", b"raw")
    assert report is not None
    return report


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("submitted", TaskState.PENDING),
        ("pending", TaskState.PENDING),
        ("in_progress", TaskState.PENDING),
        ("queued", TaskState.PENDING),
        ("PROCESSING", TaskState.PENDING),
        ("banana", TaskState.PENDING),
        (None, TaskState.PENDING),
        (7, TaskState.PENDING),
        (" completed ", TaskState.COMPLETED),
        ("Succeeded", TaskState.COMPLETED),
        ("failed", TaskState.FAILED),
        ("cancelled", TaskState.FAILED),
    ],
)
@pytest.mark.row(43)
def test_only_known_words_end_a_task(word: Any, state: TaskState) -> None:
    assert read({"status": word}).state is state


@pytest.mark.parametrize(
    ("images", "links"),
    [
        ([{"url": [LINK]}], (LINK,)),
        ([{"url": LINK}], (LINK,)),
        ([{"url": [[LINK]]}], (LINK,)),
        ([{"url": {"url": LINK}}], (LINK,)),
        ([LINK], (LINK,)),
        ({"url": LINK}, (LINK,)),
        ([{"url": [LINK, LINK + "2"]}, {"url": LINK + "3"}], (LINK, LINK + "2", LINK + "3")),
        ([{"url": [LINK]}, {"url": [LINK]}], (LINK,)),
        ([{"url": ""}], ()),
        ([{"url": None}], ()),
        ([], ()),
        (None, ()),
        ("", ()),
        (7, ()),
    ],
)
@pytest.mark.row(47)
def test_links_are_found_in_every_shape(images: Any, links: tuple[str, ...]) -> None:
    assert read({"status": "completed", "result": {"images": images}}).links == links


@pytest.mark.parametrize("result", [None, [], "x", 7])
def test_a_result_that_is_none_has_no_links(result: Any) -> None:
    assert read({"status": "completed", "result": result}).links == ()


@pytest.mark.parametrize(
    ("told", "time"),
    [
        (1_780_493_458, 1_780_493_458),
        (1_780_493_458_000, 1_780_493_458),
        ("1780493458", 1_780_493_458),
        (0, None),
        (-5, None),
        (None, None),
        ("soon", None),
        (True, None),
        (10**400, None),
        ([], None),
    ],
)
@pytest.mark.row(48)
def test_the_expiry_is_a_time_or_nothing(told: Any, time: float | None) -> None:
    images = [{"url": LINK, "expires_at": told}]
    assert read({"status": "completed", "result": {"images": images}}).expires_at == time


@pytest.mark.parametrize(
    ("told", "money"),
    [
        (0.006, Decimal("0.006")),
        ("0.0085", Decimal("0.0085")),
        (0, Decimal(0)),
        (-1, None),
        ("free", None),
        (None, None),
        (True, None),
        (float("nan"), None),
        (float("inf"), None),
    ],
)
def test_money_is_an_amount_or_nothing(told: Any, money: Decimal | None) -> None:
    assert read_money(told) == money


@pytest.mark.parametrize(
    ("error", "message"),
    [
        ({"code": 500, "message": "no luck", "type": "server_error"}, "no luck"),
        ({"code": "no_luck"}, "no_luck"),
        ("no luck", "no luck"),
        (None, ""),
    ],
)
def test_the_reason_of_a_failure_is_read(error: Any, message: str) -> None:
    assert read({"status": "failed", "error": error}).message == message


@pytest.mark.parametrize("parsed", [None, [], {}, {"data": None}, {"data": []}, {"data": 7}, "x", 7])
def test_what_tells_of_no_task_is_no_report(parsed: Any) -> None:
    assert read_task(parsed, "task_1", b"") is None


@pytest.mark.parametrize(
    "parsed",
    [
        {"status": "failed", "message": "upstream"},
        {"status": "completed", "id": "task_2"},
        {"status": "failed", "id": None, "task_id": ["task_1"]},
        [{"status": "failed"}],
        {"status": "failed", "data": None},
    ],
)
def test_a_status_that_names_no_task_is_not_the_tasks(parsed: Any) -> None:
    assert read_task(parsed, "task_1", b"") is None


@pytest.mark.parametrize("name", ["id", "task_id"])
def test_a_report_without_an_envelope_counts_where_it_names_the_task(name: str) -> None:
    for parsed in ({"status": "failed", name: "task_1"}, [{"status": "failed", name: "task_1"}]):
        report = read_task(parsed, "task_1", b"")
        assert report is not None
        assert report.state is TaskState.FAILED


def test_every_text_can_be_stored() -> None:
    images = [{"url": [LINK + "\ud800", LINK]}, "\udfff"]
    report = read({"status": "odd \ud800", "error": "half \udc00", "result": {"images": images}})
    assert (report.status_word, report.message, report.links) == ("odd ?", "half ?", (LINK,))


@pytest.mark.parametrize("error", ["\ud800", {"message": "\ud800"}, {"code": "\ud800"}])
def test_every_error_can_be_told(error: Any) -> None:
    assert error_message({"error": error}) == "?"


@pytest.mark.parametrize("body", [b"", b"<html>", b"[" * 100_000, b"1" * 10_000, b"\xff"])
def test_what_is_no_json_is_nothing(body: bytes) -> None:
    assert parse_json(body) is None
