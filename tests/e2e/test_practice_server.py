"""`gptimg-desktop practice-server` as people use it who write other clients: a command, urllib, Ctrl-C."""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Iterator

DEADLINE_S = 60.0
POLL_S = 0.05


class Command:
    """The running command. `url` is the one line that it printed."""

    def __init__(self, *arguments: str, **environment: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gptimg_desktop", "practice-server", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | environment,
        )
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().rstrip("\n")

    def end(self, number: signal.Signals) -> tuple[int, str, str]:
        """What the command leaves behind when it is told to end: exit code, further output, hints."""
        self.process.send_signal(number)
        output, hints = self.process.communicate(timeout=DEADLINE_S)
        return self.process.returncode, output, hints


@contextlib.contextmanager
def running(*arguments: str, **environment: str) -> Iterator[Command]:
    command = Command(*arguments, **environment)
    try:
        yield command
    finally:
        command.process.kill()
        command.process.communicate()


@pytest.fixture
def command() -> Iterator[Command]:
    """A server without waiting, on a free port."""
    with running("--port", "0", "--speed", "0") as started:
        yield started


def call(url: str, content: Any = None, key: str = "my-own-key") -> Any:
    """The JSON behind an address; HTTPError as urllib raises it."""
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    body = None if content is None else json.dumps(content).encode()
    with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=DEADLINE_S) as answer:  # noqa: S310
        return json.load(answer)


def submit(url: str, **fields: Any) -> str:
    content = {"model": "gpt-image-2", "prompt": "a lighthouse at dusk", "size": "3:2"} | fields
    return str(call(f"{url}/v1/images/generations", content)["data"][0]["task_id"])


def finished(url: str, task_id: str) -> dict[str, Any]:
    """The task once it is over, looked at again and again."""
    end = time.monotonic() + DEADLINE_S
    while time.monotonic() < end:
        task: dict[str, Any] = call(f"{url}/v1/tasks/{task_id}")["data"]
        if task["status"] in {"completed", "failed"}:
            return task
        time.sleep(POLL_S)
    raise AssertionError(f"{task_id} is not over")


def picture(task: dict[str, Any]) -> Image.Image:
    with urllib.request.urlopen(task["result"]["images"][0]["url"][0], timeout=DEADLINE_S) as answer:  # noqa: S310
        return Image.open(io.BytesIO(answer.read()))


def refusal(url: str, content: Any = None, key: str = "my-own-key") -> tuple[int, dict[str, Any]]:
    """Status and `error` of an answer that says no."""
    with pytest.raises(urllib.error.HTTPError) as caught:
        call(url, content, key)
    with caught.value as answer:
        return answer.code, json.load(answer)["error"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_prints_its_address_serves_and_ends_when_told(number: signal.Signals) -> None:
    with running("--port", "0", "--speed", "40") as command:
        task_id = submit(command.url)
        assert call(f"{command.url}/v1/tasks/{task_id}")["data"]["status"] == "pending"
        task = finished(command.url, task_id)
        assert task["status"] == "completed"
        assert 0 <= task["actual_time"] <= 2
        assert picture(task).size == (1536, 1024)
        assert task["result"]["images"][0]["url"][0].startswith(f"{command.url}/f/image/")
        code, output, hints = command.end(number)
    assert (code, output) == (0, "")
    assert "Ctrl-C" in hints
    assert "Traceback" not in hints
    assert len(hints.splitlines()) == 1


def test_it_ends_in_the_middle_of_everything(command: Command) -> None:
    address = command.url.removeprefix("http://").split(":")
    task = finished(command.url, submit(command.url, resolution="4k"))
    link = task["result"]["images"][0]["url"][0]
    with contextlib.ExitStack() as lines:
        for sent in (b"", b"GET / HT", f"GET {link} HTTP/1.1\r\n\r\n".encode()):
            line = lines.enter_context(socket.create_connection((address[0], int(address[1]))))
            line.sendall(sent)
        code, output, hints = command.end(signal.SIGINT)
    assert (code, output) == (0, "")
    assert "Traceback" not in hints


def test_several_tasks_are_told_at_once_and_the_balance_falls(command: Command) -> None:
    assert call(f"{command.url}/v1/balance")["remain_balance"] == 10
    ids = [submit(command.url, resolution=tier) for tier in ("1k", "2k", "4k")]
    told = call(f"{command.url}/v1/tasks/batch", {"task_ids": [*ids, "task_unknown"]})
    tasks = {task["id"]: task for task in told["data"]}
    assert [tasks[task_id]["cost"] for task_id in ids] == [0.0085, 0.014, 0.021]
    assert len(tasks) == 3
    balance = call(f"{command.url}/v1/user/balance")
    assert (balance["remain_balance"], balance["used_balance"]) == (9.9565, 0.0435)


def test_an_upload_is_what_is_drawn(command: Command) -> None:
    file = io.BytesIO()
    Image.new("RGB", (64, 64), "#ff00ff").save(file, "PNG")
    form = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n%s\r\n--x--\r\n'
    request = urllib.request.Request(  # noqa: S310
        f"{command.url}/v1/uploads/images",
        form % file.getvalue(),
        {"Authorization": "Bearer k", "Content-Type": "multipart/form-data; boundary=x"},
    )
    with urllib.request.urlopen(request, timeout=DEADLINE_S) as answer:  # noqa: S310
        link = json.load(answer)["url"]
    drawn = picture(finished(command.url, submit(command.url, image_urls=[link]))).convert("RGB")
    colours = drawn.getcolors(drawn.width * drawn.height) or []
    near = sum(count for count, (r, g, b) in colours if r > 250 and g < 5 and b > 250)  # type: ignore[misc]
    assert near > drawn.width * drawn.height / 20


def test_errors_are_told_as_the_service_tells_them(command: Command) -> None:
    submits = f"{command.url}/v1/images/generations"
    content = {"model": "gpt-image-2", "prompt": "a lighthouse"}
    assert refusal(submits, content | {"prompt": ""})[1]["type"] == "invalid_request_error"
    assert refusal(submits, content, key="sk-wrong")[0] == 401
    assert refusal(submits, content, key="sk-empty")[1]["type"] == "payment_required"
    assert refusal(submits, content | {"prompt": "throttle"})[0] == 429
    assert refusal(submits, content | {"prompt": "overloaded"})[1]["code"] == "get_channel_failed"
    assert refusal(submits, content | {"prompt": "forbidden"})[0] == 500
    unknown = refusal(f"{command.url}/v1/tasks/task_01KT48E134GCG3W870HKHPVMNA")
    assert unknown == (
        400,
        {"code": 400, "message": "task does not exist or has expired", "type": "invalid_request_error"},
    )
    failed = finished(command.url, submit(command.url, prompt="let it fail"))
    assert (failed["status"], failed["cost"]) == ("failed", 0)
    assert call(f"{command.url}/v1/balance")["used_balance"] == 0


def test_a_port_that_is_taken_is_told(command: Command) -> None:
    port = command.url.rpartition(":")[2]
    done = subprocess.run(
        [sys.executable, "-m", "gptimg_desktop", "practice-server", "--port", port],
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"gptimg-desktop: port {port} is taken; choose another with --port, or 0 for any that is free\n"
    )


def test_the_port_is_free_again_at_once(command: Command) -> None:
    port = command.url.rpartition(":")[2]
    submit(command.url)
    command.end(signal.SIGTERM)
    with running("--port", port, "--speed", "0") as again:
        assert again.url == command.url
        assert call(f"{again.url}/v1/balance")["used_balance"] == 0


def test_it_needs_no_qt() -> None:
    code = (
        "import sys; sys.modules['PySide6'] = None; "
        "from gptimg_desktop.cli import main; main(['practice-server', '--port', '0'])"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline().startswith("http://127.0.0.1:")
    process.send_signal(signal.SIGTERM)
    assert process.communicate(timeout=DEADLINE_S)[0] == ""


def test_the_pace_comes_from_the_environment() -> None:
    with running("--port", "0", GPTIMG_PRACTICE_SPEED="2") as command:
        task = call(f"{command.url}/v1/tasks/{submit(command.url)}")["data"]
        assert task["estimated_time"] == 30
