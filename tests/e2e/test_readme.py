"""The lines that the documents give to people who write clients, run as they stand there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from gptimg_desktop.services.practice.http_server import PracticeServer

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = Path(__file__).parents[2] / "docs" / "practice-server.md"


def practice_lines() -> str:
    """The indented block that begins with the practice server's address, up to the next text."""
    text = PAGE.read_text(encoding="utf-8")
    block = text[text.index("    URL=") :]
    lines = [line.removeprefix("    ") for line in block.splitlines()]
    end = next(number for number, line in enumerate(lines) if line.startswith("A task costs"))
    return "\n".join(lines[:end])


@pytest.fixture
def server() -> Iterator[PracticeServer]:
    with PracticeServer(port=0, speed=0) as running:
        yield running


@pytest.mark.skipif(
    shutil.which("curl") is None and not os.environ.get("CI"), reason="there is no curl on this machine"
)
def test_every_curl_line_does_what_is_said_about_it(server: PracticeServer, tmp_path: Path) -> None:
    script, replaced = re.subn(r"^URL=\S+$", f"URL={server.url}", practice_lines(), flags=re.MULTILINE)
    assert replaced == 1
    script = script.replace("sleep 8", "")
    done = subprocess.run(
        ["sh", "-eu", "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True
    )
    told = done.stdout
    with Image.open(tmp_path / "lighthouse.png") as picture:
        assert picture.size == (2048, 1360)
    assert told.count('"status":"completed"') == 2  # singly, and in the batch
    assert told.count('"task_id":') == 2
    assert '"remain_balance":9.986' in told
    assert '"content_type":"image/png"' in told
    assert "invalid API key" in told
    assert re.findall(r'"code":(4\d\d)', told) == ["400", "402", "429", "400"]
    assert "retry-after: 2" in told.lower()
    assert "不存在" in told
