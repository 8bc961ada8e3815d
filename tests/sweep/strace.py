"""strace as a tool: whether it can be used here, and what its log says, call by call.

Logs are written with `-f -yy -xx`: every name and byte is hexadecimal, so that nothing in them looks like
strace's own punctuation.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT: Final = Path(__file__).parents[2]
_NOTHING: Final = ["strace", "-f", "-o", "/dev/null", "-e", "trace=none"]
TOLD: Final = ("-f", "-yy", "-xx")
"""How a log has to be asked for."""
_LINE: Final = re.compile(r"(\d+) +(.*)")
_CALL: Final = re.compile(r"(\w+)\((.*)\) += (-?\d+|0x[0-9a-f]+|\?)(.*)")
_BEGUN: Final = re.compile(r"(\w+)\((.*) <unfinished \.\.\.>")
_RESUMED: Final = re.compile(r"<\.\.\. (\w+) resumed>(.*)")
_TEXT: Final = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_DESCRIPTOR: Final = re.compile(r"-?\d+<((?:\\x[0-9a-f]{2})+|[A-Z][^>]*(?:->[^>]*)?)>")
_FOLDER: Final = re.compile(r"(?:AT_FDCWD|\d+)<((?:\\x[0-9a-f]{2})+)>")
SERVER: Final = "the service"


def why_not() -> str:
    """Why strace cannot be used here; empty where it can."""
    if sys.platform != "linux":
        return "strace is for Linux"
    if shutil.which("strace") is None:
        return "strace is not installed"
    trying = f"from tests.sweep.watching import be_watched; be_watched({_NOTHING})"
    tried = subprocess.run([sys.executable, "-c", trying], cwd=ROOT, capture_output=True, check=False)
    said = tried.stderr.decode(errors="replace").strip().splitlines()
    reason = next((line for line in said if line.startswith("strace:")), " ".join(said[-1:]))
    return f"strace may not look into programs here: {reason}" if tried.returncode else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One system call. It took effect between two lines of the log, `entered` and `left`.

    `result` is None where it never came back. `texts` are its names and bytes, `about` is the file that it is
    about (where it has two names: the old one), "the service" for words with it, or "".
    """

    thread: int
    name: str
    entered: int
    left: int
    arguments: str
    result: int | None

    @property
    def texts(self) -> tuple[bytes, ...]:
        return tuple(map(_bytes, _TEXT.findall(self.arguments)))

    @property
    def about(self) -> str:
        if self.name == "connect" and "AF_INET" in self.arguments:
            return SERVER
        descriptor = _DESCRIPTOR.match(self.arguments)
        if descriptor is not None:
            where = descriptor[1]
            return SERVER if where.startswith("TCP") else _name(where) if where.startswith("\\") else ""
        return next(iter(self.names), "")

    @property
    def names(self) -> tuple[str, ...]:
        """The paths that the call names, absolute."""
        folders = [_name(folder) for folder in _FOLDER.findall(self.arguments)]
        names = [text.decode(errors="surrogateescape") for text in self.texts]
        folders += [""] * (len(names) - len(folders))
        return tuple(
            name if name.startswith("/") else f"{folder}/{name}"
            for folder, name in zip(folders, names, strict=False)
        )

    @property
    def numbers(self) -> tuple[int, ...]:
        """The plain numbers after the descriptor and the bytes: lengths, offsets."""
        plain = _TEXT.sub("", _DESCRIPTOR.sub("", self.arguments))
        return tuple(int(word) for word in re.findall(r"(?<![\w<])-?\d+(?!\w)", plain))


def calls(log: Path) -> tuple[Call, ...]:
    """The calls of a log in the order in which they took effect."""
    with log.open(errors="replace") as lines:
        return tuple(sorted(_read(lines), key=lambda call: call.left))


def _read(lines: Iterable[str]) -> Iterator[Call]:
    begun: dict[int, tuple[int, str]] = {}
    for position, line in enumerate(lines):
        parts = _LINE.match(line.rstrip("\n"))
        if parts is None:
            continue
        thread, text = int(parts[1]), parts[2]
        entered = position
        if resumed := _RESUMED.fullmatch(text):
            entered, head = begun.pop(thread, (position, f"{resumed[1]}("))
            text = head + resumed[2]
        elif _BEGUN.fullmatch(text):
            begun[thread] = (position, text.removesuffix(" <unfinished ...>"))
            continue
        if call := _CALL.fullmatch(text):
            result = None if call[3] == "?" else int(call[3], 0)
            yield Call(
                thread=thread, name=call[1], entered=entered, left=position, arguments=call[2], result=result
            )
    for thread, (position, text) in begun.items():
        name, _, arguments = text.partition("(")
        yield Call(
            thread=thread, name=name, entered=position, left=position, arguments=arguments, result=None
        )


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


def _name(text: str) -> str:
    return _bytes(text).decode(errors="surrogateescape")
