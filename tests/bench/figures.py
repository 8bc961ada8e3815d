"""What a bench found: figures with their reference and bound, as a table and as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """How large a figure may be: at most `limit`, or with `strict` only less than it."""

    limit: float
    strict: bool = False

    @property
    def label(self) -> str:
        return f"{'under' if self.strict else 'at most'} {self.limit:g}"

    def allows(self, value: float) -> bool:
        return value < self.limit if self.strict else value <= self.limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One thing that was measured, as often as there are samples (one at least).

    `beside` are the samples of the reference, `reference` says what that is. A bound is judged by the worst
    sample, everything else shows medians. `note` is printed below the figure.
    """

    what: str
    unit: str
    samples: Sequence[float]
    reference: str = ""
    beside: Sequence[float] = ()
    bound: Bound | None = None
    note: str = ""

    @property
    def value(self) -> float:
        return median(self.samples)

    @property
    def beside_value(self) -> float | None:
        return median(self.beside) if self.beside else None

    @property
    def ratio(self) -> float | None:
        """How many times the reference; None without one, or where it is zero."""
        return self.value / self.beside_value if self.beside_value else None

    @property
    def is_kept(self) -> bool:
        return self.bound is None or all(self.bound.allows(sample) for sample in self.samples)

    def as_json(self) -> dict[str, Any]:
        return {
            "what": self.what,
            "unit": self.unit,
            "value": self.value,
            "samples": list(self.samples),
            "reference": self.reference,
            "reference_value": self.beside_value,
            "reference_samples": list(self.beside),
            "ratio": self.ratio,
            "bound": self.bound.label if self.bound else None,
            "kept": self.is_kept if self.bound else None,
            "note": self.note,
        }


def all_kept(figures: Iterable[Figure]) -> bool:
    return all(figure.is_kept for figure in figures)


def table(figures: Sequence[Figure]) -> str:
    """The figures as aligned lines, each note in a line of its own below its figure."""
    rows = [_row(figure) for figure in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines: list[str] = []
    for figure, (what, value, beside, ratio, bound) in zip(figures, rows, strict=True):
        cells = (
            what.ljust(widths[0]),
            value.rjust(widths[1]),
            beside.ljust(widths[2]),
            ratio.rjust(widths[3]),
            bound,
        )
        lines.append("  " + "   ".join(cells).rstrip())
        if figure.note:
            lines.append(f"      {figure.note}")
    return "\n".join(lines)


def _row(figure: Figure) -> tuple[str, str, str, str, str]:
    beside = ratio = bound = ""
    if figure.beside_value is not None:
        beside = f"{figure.reference} {shown(figure.beside_value, figure.unit)}"
    if figure.ratio is not None:
        ratio = f"× {figure.ratio:.1f}"
    if figure.bound is not None:
        bound = f"bound {figure.bound.label}: {'kept' if figure.is_kept else 'NOT kept'}"
    return figure.what, shown(figure.value, figure.unit), beside, ratio, bound


def shown(value: float, unit: str) -> str:
    """A number with three telling digits and its unit."""
    digits = 3 if value < 1 else 2 if value < 10 else 1 if value < 100 else 0
    return f"{value:.{digits}f} {unit}".rstrip()
