"""The log tells what happened to anybody, and nothing that would let them act as the user."""

from __future__ import annotations

import logging
import stat
from typing import TYPE_CHECKING, NoReturn

import pytest

from gptimg_desktop.core.errors import ProblemKind, StorageError
from gptimg_desktop.services import logs
from gptimg_desktop.services.logs import log_to, redacted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEY = "sk-canary-0123456789-ABCDEF"
LINK = "https://files.example/2026/chair.png?X-Signature=canary&Expires=1"

logger = logging.getLogger("tests.logs")


@pytest.fixture(autouse=True)
def levels() -> Iterator[None]:
    """The loggers of the libraries as every test found them."""
    before = {name: logging.getLogger(name).level for name in ("httpx", "httpcore", "")}
    yield
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


def cannot_reach(link: str) -> NoReturn:
    raise OSError(f"cannot reach {link} with {KEY}")


def written(folder: Path) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.iterdir()))


@pytest.mark.parametrize(
    "text",
    [
        f"Authorization: Bearer {KEY}",
        "authorization: bearer canary.without.prefix",
        "{'Authorization': 'Bearer canary'}",
        "[(b'authorization', b'Bearer canary')]",
        f"key={KEY}",
        f'"{KEY}"',
        f"GET {LINK} failed",
        f"<a href='{LINK}'>",
        f'url="{LINK}"',
        "http://127.0.0.1:8000/x?token=canary",
        "proxy http://canary:canary@proxy.example:3128/",
        f"two {LINK} and {LINK}\nand {KEY}",
    ],
)
def test_no_secret_gets_through(text: str) -> None:
    assert "canary" not in redacted(text)


@pytest.mark.parametrize(
    "text",
    [
        "job 1f2e: accepted as task_01J0000000000000000000000",
        "GET https://files.example/2026/chair.png took 0.2 s",
        "Is it a risk-free task? sk-short",
        "the bearer",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert redacted(text) == text


def test_what_stays_of_an_address_tells_where(tmp_path: Path) -> None:
    assert redacted(f"GET {LINK} failed") == "GET https://files.example/2026/chair.png?… failed"


@pytest.mark.expects_log("failed with")
def test_no_secret_reaches_the_file(tmp_path: Path) -> None:
    with log_to(tmp_path / "logs"):
        logger.info("sent with %s to %s", {"Authorization": f"Bearer {KEY}"}, LINK)
        try:
            cannot_reach(LINK)
        except OSError:
            logger.exception("failed with %r", KEY)
    text = written(tmp_path / "logs")
    assert "Traceback" in text
    assert "cannot reach https://files.example/2026/chair.png?…" in text
    assert "canary" not in text


def test_info_is_written_with_its_place(tmp_path: Path) -> None:
    with log_to(tmp_path / "logs"):
        logger.info("job 1: saved – 橡木")
        logger.debug("too small to tell")
    text = written(tmp_path / "logs")
    assert "INFO tests.logs: job 1: saved – 橡木" in text
    assert "too small" not in text


def test_a_lone_surrogate_does_not_stop_the_log(tmp_path: Path) -> None:
    with log_to(tmp_path / "logs"):
        logger.info("file %s", "bad\udcff.png")
        logger.info("next line")
    text = written(tmp_path / "logs")
    assert "bad\\udcff.png" in text
    assert "next line" in text


def test_the_http_librarys_own_lines_are_not_written(tmp_path: Path) -> None:
    with log_to(tmp_path / "logs"):
        logging.getLogger("httpx").info("HTTP Request: GET https://files.example/secret-path")
        logging.getLogger("httpcore.connection").info("connect_tcp.started secret-path")
        logger.info("ours")
    text = written(tmp_path / "logs")
    assert "ours" in text
    assert "secret-path" not in text


def test_nobody_else_can_read_the_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "_MOST_BYTES", 500)
    folder = tmp_path / "logs"
    with log_to(folder):
        for number in range(40):
            logger.info("line %d of a log that has to be turned over", number)
    files = list(folder.iterdir())
    assert 1 < len(files) <= 6
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert "line 39" in (folder / "gptimg-desktop.log").read_text()


def test_a_log_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    path = tmp_path / "gptimg-desktop.log"
    path.write_text("before\n")
    path.chmod(0o644)
    with log_to(tmp_path):
        logger.info("after")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text().startswith("before\n")


def test_logging_ends_with_its_context(tmp_path: Path) -> None:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    with log_to(tmp_path / "logs"):
        assert root.handlers != before
    assert (root.handlers, root.level) == (before, level)
    with pytest.raises(ZeroDivisionError), log_to(tmp_path / "logs"):
        raise ZeroDivisionError
    assert (root.handlers, root.level) == (before, level)


@pytest.mark.parametrize("taken", ["", "gptimg-desktop.log"])
def test_a_folder_that_takes_no_log_is_told(tmp_path: Path, taken: str) -> None:
    folder = tmp_path / "logs"
    if taken:
        (folder / taken).mkdir(parents=True)
    else:
        folder.touch()
    with pytest.raises(StorageError) as refused, log_to(folder):
        pass
    assert refused.value.problem.kind is ProblemKind.DATA_FOLDER_UNUSABLE
    assert refused.value.problem.facts["folder"] == str(folder)
