"""What a filter of the gallery asks of the library, as SQL.

Every list is told by one pass over an index, mostly `job_in_list`, which holds all that is asked of a row of
`job`; what stands in other tables is gathered first, as sets of numbers. So the slowest search takes the time
of one pass over the searched texts and one over that index.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from gptimg_desktop.core.connection import IMPORTED, PRACTICE
from gptimg_desktop.core.filter import Sort, View
from gptimg_desktop.core.job import NEEDS_USER, RUNNING
from gptimg_desktop.core.lookout import FileState
from gptimg_desktop.core.query import parse
from gptimg_desktop.core.query_terms import (
    AskedBetween,
    AtService,
    CostsBetween,
    Fact,
    HasShape,
    InCollection,
    InState,
    Is,
    ReferenceNamed,
    Shape,
    SizeBegins,
    Term,
    TierBegins,
    Words,
)
from gptimg_desktop.services.library.search.names import spellings
from gptimg_desktop.services.library.search.sizes import pixel_phrases, pixel_ranges
from gptimg_desktop.services.library.search.words import Reading, WordSearch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from gptimg_desktop.core.filter import JobFilter
    from gptimg_desktop.core.job import JobState


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A whole WHERE clause over `table`, with named parameters.

    It tells all of a filter: what was removed, the view, the collection and the text. `table` is `job` with
    the index that answers it without reading wide rows: left to itself SQLite chooses others, and takes four
    times as long.
    """

    table: str
    sql: str
    parameters: dict[str, Any]


def condition(filter: JobFilter, now: float, *, among: Sequence[int] | None = None) -> Condition:  # noqa: A002
    """What the jobs of a filter have in common; `now` (Unix seconds) is what "today" counts from.

    `among`: only these numbers are asked about, at no cost for whatever else the library holds.
    """
    words = _Wording(reading=Reading.GATHERED if among is None else Reading.BESIDE)
    terms = parse(filter.text, now).terms
    parts = ["removed_at IS NULL", _IN_VIEW[filter.view]]
    if filter.collection:
        parts.append(_MEMBERS.format(f"= {words.put(filter.collection)}"))
    parts.extend(_told(term, words) for term in terms if _word_alone(term) is None)
    is_plain = len(parts) == 2 and filter.view in _WHOLE
    if is_plain and filter.sort is Sort.TIME and among is None:
        words.reading = Reading.IN_ORDER
    parts.extend(_of_words(terms, words))
    if among is not None:
        parts.append(_NUMBERED.format(words.put(json.dumps(list(among)))))
    index = f"INDEXED BY {_BY_SORT[filter.sort] if is_plain else 'job_in_list'}"
    table = f"job {index if among is None else 'NOT INDEXED'}"
    return Condition(table=table, sql=" AND ".join(parts), parameters=words.parameters)


_WHOLE: Final = frozenset({View.ALL, View.BIN})
_BY_SORT: Final = {Sort.TIME: "job_by_time", Sort.SIZE: "job_by_area", Sort.COST: "job_by_price"}
_NUMBERED: Final = "seq IN (SELECT value FROM json_each({}))"
_MEMBERS: Final = "+seq IN (SELECT seq FROM member WHERE collection {})"


def _listed(states: Iterable[JobState]) -> str:
    return ", ".join(f"'{state.value}'" for state in sorted(states))


_IN_VIEW: Final = {
    View.ALL: "binned_at IS NULL",
    View.PICKS: "binned_at IS NULL AND picked",
    View.RUNNING: f"binned_at IS NULL AND state IN ({_listed(RUNNING)})",
    View.NEEDS_YOU: f"binned_at IS NULL AND state IN ({_listed(NEEDS_USER)})",
    View.BIN: "binned_at IS NOT NULL",
}


@dataclass(slots=True)
class _Wording:
    """The parameters of a condition that is being put into words."""

    reading: Reading
    parameters: dict[str, Any] = field(default_factory=dict)

    def put(self, value: Any) -> str:
        """The name of a new parameter with this value."""
        name = f"p{len(self.parameters)}"
        self.parameters[name] = value
        return f":{name}"


def _word_alone(term: Term) -> Words | None:
    """The words of a term that asks for nothing else."""
    first, *others = term.any_of
    return first if isinstance(first, Words) and not others else None


def _of_words(terms: Iterable[Term], words: _Wording) -> Iterable[str]:
    """One question of the searched texts for all words that stand alone; two would cost twice as much."""
    search = WordSearch()
    for term in terms:
        alone = _word_alone(term)
        if alone is not None:
            search.add(alone.text, is_negated=term.is_negated)
    return search.conditions(words.put, words.reading)


def _told(term: Term, words: _Wording) -> str:
    told = " OR ".join(_TELLERS[type(asked)](asked, words) for asked in term.any_of)
    return f"({told}) IS NOT TRUE" if term.is_negated else f"({told})"


def _words(asked: Words, words: _Wording) -> str:
    return _has(asked.text, words)


def _has(text: str, words: _Wording) -> str:
    search = WordSearch()
    search.add(text)
    return " AND ".join(search.conditions(words.put, words.reading))


def _begins(column: str, text: str, words: _Wording) -> str:
    return f"substr({column}, 1, {len(text)}) = {words.put(text)}"


def _size(asked: SizeBegins, words: _Wording) -> str:
    parts = [_begins("size", asked.text, words)]
    if phrases := pixel_phrases(asked.text):
        came = " OR ".join(_has(text, words) for text in phrases)
        ranges = (f"area BETWEEN {least} AND {most}" for least, most in pixel_ranges(asked.text))
        fits = " OR ".join(ranges)
        parts.append(f"(({came}) AND ({fits}))" if fits else came)
    return f"({' OR '.join(parts)})"


_WIDTH: Final = "CAST(size AS INTEGER)"
_HEIGHT: Final = "CAST(substr(size, 1 + max(instr(size, ':'), instr(size, 'x'))) AS INTEGER)"
_SHAPES: Final = {
    Shape.LANDSCAPE: f"({_WIDTH} > {_HEIGHT})",
    Shape.PORTRAIT: f"({_WIDTH} < {_HEIGHT})",
    Shape.SQUARE: f"({_WIDTH} = {_HEIGHT} AND {_WIDTH} > 0)",
}


def _shape(asked: HasShape, words: _Wording) -> str:  # noqa: ARG001
    return _SHAPES[asked.shape]


def _tier(asked: TierBegins, words: _Wording) -> str:
    return _begins("tier", asked.text, words)


def _state(asked: InState, words: _Wording) -> str:  # noqa: ARG001
    return f"state IN ({_listed(asked.states)})"


_WITH_FILE: Final = (
    "+seq IN (SELECT away.seq FROM image INDEXED BY image_missing"
    " JOIN job AS away ON away.id = image.job_id WHERE image.missing AND image.missing = {state:d})"
)
_FACTS: Final = {
    Fact.PICKED: "picked",
    Fact.REJECTED: "rejected",
    Fact.UNRATED: "NOT (picked OR rejected)",
    Fact.IMPORTED: f"service = '{IMPORTED}'",
    Fact.PRACTICE: f"service = '{PRACTICE}'",
    Fact.MISSING: _WITH_FILE.format(state=FileState.MISSING),
    Fact.CHANGED: _WITH_FILE.format(state=FileState.CHANGED),
}


def _fact(asked: Is, words: _Wording) -> str:  # noqa: ARG001
    return _FACTS[asked.fact]


def _time(asked: AskedBetween, words: _Wording) -> str:
    parts = []
    if asked.since is not None:
        parts.append(f"created_at >= {words.put(asked.since)}")
    if asked.before is not None:
        parts.append(f"created_at < {words.put(asked.before)}")
    return f"({' AND '.join(parts) or 'TRUE'})"


def _reference(asked: ReferenceNamed, words: _Wording) -> str:
    if not asked.text:
        return "+seq IN (SELECT DISTINCT seq FROM reference)"
    names = " OR ".join(
        f"replace(name, '×', 'x') LIKE {words.put(_anywhere(text))} ESCAPE '\\'"
        for text in spellings(asked.text)
    )
    return f"+seq IN (SELECT DISTINCT seq FROM reference WHERE {names})"  # noqa: S608


def _collection(asked: InCollection, words: _Wording) -> str:
    if not asked.text:
        return "+seq IN (SELECT DISTINCT seq FROM member)"
    fits = (
        f"name = {words.put(text)} COLLATE NOCASE"
        if asked.is_whole
        else f"name LIKE {words.put(_anywhere(text))} ESCAPE '\\'"
        for text in spellings(asked.text)
    )
    numbers = f"SELECT number FROM collection WHERE {' OR '.join(fits)}"  # noqa: S608
    return _MEMBERS.format(f"IN ({numbers})")


def _anywhere(text: str) -> str:
    """A pattern for LIKE that holds where a text is part of another."""
    plain = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{plain}%"


def _service(asked: AtService, words: _Wording) -> str:
    return f"instr(lower(service), {words.put(asked.text)})"


def _cost(asked: CostsBetween, words: _Wording) -> str:
    least = f"price >= {words.put(asked.least)}"
    return least if asked.most is None else f"({least} AND price <= {words.put(asked.most)})"


_TELLERS: Final[dict[type[Any], Callable[[Any, _Wording], str]]] = {
    Words: _words,
    SizeBegins: _size,
    HasShape: _shape,
    TierBegins: _tier,
    InState: _state,
    Is: _fact,
    AskedBetween: _time,
    ReferenceNamed: _reference,
    InCollection: _collection,
    AtService: _service,
    CostsBetween: _cost,
}
