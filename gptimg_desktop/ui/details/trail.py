"""What the account's balance tells about an unconfirmed job, in words and figures."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from gptimg_desktop.core.findings import Leaning, Unclear
from gptimg_desktop.ui.details.facts import Fact, FactGroup, clock_time, moment

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gptimg_desktop.core.findings import KnownBalance, MoneyTrail

_FINE: Final = Decimal("0.0001")
_HALF_A_DAY_S: Final = 43_200

_HEADLINES: Final = {
    Leaning.PROBABLY_CHARGED: QT_TRANSLATE_NOOP("Trail", "Probably charged"),
    Leaning.PROBABLY_NOT: QT_TRANSLATE_NOOP("Trail", "Probably not charged"),
    Leaning.CANNOT_TELL: QT_TRANSLATE_NOOP("Trail", "The balance does not tell"),
}
_REASONS: Final = {
    Leaning.PROBABLY_CHARGED: QT_TRANSLATE_NOOP(
        "Trail",
        "The balance fell by {lost} more than your other jobs explain. The service's web page may list this "
        "picture; its task id brings it home.",
    ),
    Leaning.PROBABLY_NOT: QT_TRANSLATE_NOOP("Trail", "Nothing is missing from the balance."),
    Unclear.NOT_TOLD: QT_TRANSLATE_NOOP(
        "Trail", "It is not known what the account had before this was sent."
    ),
    Unclear.NOT_SINCE: QT_TRANSLATE_NOOP(
        "Trail", "The service has not said since then what the account has left. Looking asks it."
    ),
    Unclear.IN_FLIGHT: QT_TRANSLATE_NOOP(
        "Trail", "Other jobs were under way when it was asked. Look again when they are done."
    ),
    Unclear.BUSY_BEFORE: QT_TRANSLATE_NOOP(
        "Trail",
        "Other jobs were under way when the first balance was asked. Looking again does not change that.",
    ),
    Unclear.IN_DOUBT: QT_TRANSLATE_NOOP(
        "Trail",
        "Another unconfirmed job was sent just before the first balance was asked. Whether it was charged "
        "before that or after, looking again does not tell.",
    ),
    Unclear.SHARED: QT_TRANSLATE_NOOP(
        "Trail", "Some of your unconfirmed jobs were probably charged, but not which ones."
    ),
    Unclear.TOO_SOON: QT_TRANSLATE_NOOP(
        "Trail",
        "Nothing is missing so far, but a picture may be charged only once it is made. "
        "Look again after {time}.",
    ),
    Unclear.ESTIMATED: QT_TRANSLATE_NOOP(
        "Trail", "What the other jobs cost is only estimated, so a charge may hide in it."
    ),
    Unclear.NO_MATCH: QT_TRANSLATE_NOOP(
        "Trail", "It moved by another sum: other programs may use this key, or money was paid in."
    ),
}

_REASONS_OF_OWN_TRIES: Final = {
    Unclear.IN_DOUBT: QT_TRANSLATE_NOOP(
        "Trail",
        "An earlier try of this job was sent just before the first balance was asked. Whether it was charged "
        "before that or after, looking again does not tell.",
    ),
    Unclear.SHARED: QT_TRANSLATE_NOOP(
        "Trail",
        "At least one try of this job was probably charged; it cannot be told which. The service's web page "
        "may list its picture; the task id brings it home.",
    ),
}
"""Instead, where all that is in doubt besides is earlier tries of the same job."""


def headline(trail: MoneyTrail) -> str:
    """The leaning in two or three words."""
    return _tr(_HEADLINES[trail.leaning])


def reason(trail: MoneyTrail) -> str:
    """Why the balance suggests it, or why it suggests nothing."""
    of_own = trail.earlier_tries and trail.earlier_tries == trail.unconfirmed
    own = _REASONS_OF_OWN_TRIES.get(trail.why_not) if of_own and trail.why_not is not None else None
    told = _tr(own or _REASONS[trail.leaning if trail.why_not is None else trail.why_not])
    return told.format(lost=amount(trail.unexplained), time=clock_time(trail.tells_from)[:5])


def figures(trail: MoneyTrail) -> tuple[FactGroup, ...]:
    """The sums side by side, as far as they are known."""
    told = tuple(_figures(trail))
    return (FactGroup(heading=_tr("Balance of the account"), facts=told),) if told else ()


def amount(value: Decimal) -> str:
    """Money to the hundredth of a cent, with its sign: "$0.0085", "−$0.1200"."""
    told = f"${abs(value).quantize(_FINE)}"
    return f"−{told}" if value < 0 else told


def _figures(trail: MoneyTrail) -> Iterable[Fact]:
    if trail.before is not None:
        yield _balance(_tr("Before"), trail.before, trail)
    if trail.after is not None:
        yield _balance(_tr("After"), trail.after, trail)
    if trail.before is None or trail.after is None:
        return
    yield Fact(label=_tr("Fell by"), text=amount(trail.fall))
    yield Fact(label=_tr("Other jobs"), text=_joined(amount(trail.explained), _counted(trail.explained_by)))
    yield Fact(label=_tr("Unexplained"), text=amount(trail.unexplained))
    yield Fact(label=_tr("This picture"), text=_tr("about {price}").format(price=amount(trail.price)))
    yield Fact(label=_tr("Under way then"), text=_counted(trail.in_flight) or _tr("no other job"))
    if trail.unconfirmed:
        others = _counted(trail.unconfirmed - trail.earlier_tries)
        yield Fact(label=_tr("Unconfirmed too"), text=_joined(others, _tries(trail.earlier_tries)))


def _balance(label: str, balance: KnownBalance, trail: MoneyTrail) -> Fact:
    is_near = abs(balance.at - trail.tells_from) < _HALF_A_DAY_S
    when = clock_time(balance.at) if is_near else moment(balance.at)
    return Fact(label=label, text=_joined(amount(balance.remaining), when))


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _counted(count: int) -> str:
    if count == 1:
        return _tr("1 other job")
    return _tr("{count} other jobs").format(count=count) if count else ""


def _tries(count: int) -> str:
    if count == 1:
        return _tr("an earlier try of this job")
    return _tr("{count} earlier tries of this job").format(count=count) if count else ""


def _tr(text: object) -> str:
    return QCoreApplication.translate("Trail", str(text))
