"""How looking after the files of the library ended, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLocale

from gptimg_desktop.ui.messages import sentence

if TYPE_CHECKING:
    from gptimg_desktop.core.importing import Imported
    from gptimg_desktop.core.lookout import Relinked, Seen


def imported_text(outcome: Imported) -> str:
    """What an import brought, what it left out, and why it ended where it ended early."""
    parts = [_end_of_import(outcome), *_found_there(outcome)]
    if outcome.problems:
        one, many = _tr("1 could not be imported."), _tr("{count} could not be imported.")
        parts.append(_counted(len(outcome.problems), one, many))
    if outcome.ended_by is not None:
        parts.append(sentence(outcome.ended_by))
    return " ".join(parts)


def _end_of_import(outcome: Imported) -> str:
    is_whole = outcome.ended_by is None and not outcome.was_cancelled
    if is_whole and not (outcome.added or outcome.known or outcome.found_again or outcome.problems):
        return _tr("No pictures were found there.")
    if is_whole:
        one, many = _tr("1 image was imported."), _tr("{count} images were imported.")
        return _counted(outcome.added, one, many) if outcome.added else _tr("Nothing new was imported.")
    began = _tr("Cancelled.") if outcome.was_cancelled else _tr("The import ended early.")
    one, many = _tr("1 image was imported and stays."), _tr("{count} images were imported and stay.")
    added = _counted(outcome.added, one, many) if outcome.added else _tr("Nothing was imported.")
    return f"{began} {added}"


def _found_there(outcome: Imported) -> list[str]:
    parts = []
    if outcome.found_again:
        one = _tr("1 file that was missing is there again.")
        parts.append(
            _counted(outcome.found_again, one, _tr("{count} files that were missing are there again."))
        )
    if outcome.known:
        one, many = _tr("1 was in the library already."), _tr("{count} were in the library already.")
        parts.append(_counted(outcome.known, one, many))
    if outcome.in_bin:
        one, many = _tr("1 of them lies in the bin."), _tr("{count} of them lie in the bin.")
        parts.append(_counted(outcome.in_bin, one, many))
    return parts


def seen_text(outcome: Seen) -> str:
    """What a round through all files found."""
    parts = [_tr("Cancelled.")] if outcome.was_cancelled else []
    if outcome.missing:
        one, many = _tr("1 file is missing."), _tr("{count} files are missing.")
        parts += [_counted(outcome.missing, one, many), *_in_bin(outcome)]
    elif not outcome.was_cancelled and not outcome.unseen:
        parts.append(_tr("No file is missing."))
    if outcome.came_back:
        one, many = _tr("1 is there again."), _tr("{count} are there again.")
        parts.append(_counted(outcome.came_back, one, many))
    if outcome.changed:
        one = _tr("1 has been changed since it was saved.")
        parts.append(_counted(outcome.changed, one, _tr("{count} have been changed since they were saved.")))
    if outcome.unseen:
        one = _tr("1 could not be looked at: its drive does not answer.")
        many = _tr("{count} could not be looked at: their drive does not answer.")
        parts.append(_counted(outcome.unseen, one, many))
    return " ".join(parts)


def _in_bin(outcome: Seen) -> list[str]:
    """Which of the missing files nobody looks for among the tiles."""
    if not outcome.in_bin:
        return []
    if outcome.in_bin == outcome.missing:
        return [_tr("It lies in the bin.") if outcome.missing == 1 else _tr("All of them lie in the bin.")]
    return [
        _counted(outcome.in_bin, _tr("1 of them lies in the bin."), _tr("{count} of them lie in the bin."))
    ]


def relinked_text(outcome: Relinked) -> str:
    """What a search for moved files found."""
    if not outcome.missing:
        return _tr("No file is missing.")
    parts = [_tr("Cancelled.")] if outcome.was_cancelled else []
    told = _tr("{found} of {missing} missing files were found there.")
    if not outcome.found:
        told = _tr("None of the {missing} missing files was found there.")
    if outcome.missing == 1:
        told = _tr("The missing file was found.") if outcome.found else _tr("The missing file is not there.")
    parts.append(told.format(found=_number(outcome.found), missing=_number(outcome.missing)))
    if outcome.unkeepable:
        one = _tr("1 has a name that is no readable text, so it was left alone.")
        many = _tr("{count} have names that are no readable text, so they were left alone.")
        parts.append(_counted(outcome.unkeepable, one, many))
    return " ".join(parts)


def _counted(count: int, one: str, many: str) -> str:
    return one if count == 1 else many.format(count=_number(count))


def _number(count: int) -> str:
    return QLocale().toString(count)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Outcomes", text)
