"""What a process is to do, as its arguments tell it; read by the engine's worker and by the window's."""

from __future__ import annotations

import argparse
import os
import random
import sys
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Self

from gptimg_desktop.options import Options

BEGUN = "begun"
UP = "up"
AT_REST = "at rest"
KEY_NAME = "TORTURE_KEY"


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """Press Generate once for each of the pictures `first` to `last` of a round that the diary does not name
    yet, and go on until no job runs any more; SIGTERM ends the engine sooner.

    `at_once` submits go at the same time, `gap_s` is the longest pause between two presses, `linger_s` how
    long it stays once all is at rest. `full_s` is the longest time for which the library takes nothing, now
    and then; never where it is 0. `clicks` is the share of jobs that the user takes back while they wait, and
    of those sent again that nobody can tell about. `life` counts the lives of a round, each of which has its
    own chances. `plant` names a bug to be planted.
    """

    folder: Path
    url: str
    label: str
    first: int = 1
    last: int = 0
    at_once: int = 3
    gap_s: float = 0.25
    linger_s: float = 0.0
    full_s: float = 0.0
    clicks: float = 0.0
    life: int = 0
    plant: str = ""

    def arguments(self) -> list[str]:
        """What `read` makes this errand of."""
        return [f"--{field.name}={getattr(self, field.name)}" for field in fields(self)]

    @classmethod
    def read(cls, arguments: list[str]) -> Self:
        """The errand in a command line."""
        numbers = dict.fromkeys(("first", "last", "at_once", "life"), int)
        kinds = {**numbers, **dict.fromkeys(("gap_s", "linger_s", "full_s", "clicks"), float), "folder": Path}
        parser = argparse.ArgumentParser()
        for field in fields(cls):
            parser.add_argument(f"--{field.name}", type=kinds.get(field.name, str), required=True)
        return cls(**vars(parser.parse_args(arguments)))

    @property
    def prompts(self) -> list[str]:
        return [prompt_of(self.label, number) for number in range(self.first, self.last + 1)]

    @property
    def data_dir(self) -> Path:
        return self.folder / "data"

    def options(self) -> Options:
        """Against the round's service, with the key of the environment, every pause next to nothing."""
        return Options(
            data_dir=self.data_dir,
            base_url=self.url,
            api_key=os.environ[KEY_NAME],
            poll_first_s=0.0,
            poll_every_s=0.03,
            pace=0.002,
            notice_s=0.0,
        )

    def seed(self) -> str:
        """What chance begins with."""
        return f"{self.label} {self.life}"

    def gap(self) -> float:
        """A pause before the next press."""
        return random.uniform(0.0, self.gap_s)


def prompt_of(label: str, number: int) -> str:
    return f"picture {number} of {label}"


def say(word: str) -> None:
    """Tell the process that started us."""
    sys.stdout.write(word + "\n")
    sys.stdout.flush()
