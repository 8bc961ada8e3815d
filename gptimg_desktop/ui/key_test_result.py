"""What trying a key proved, in words."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication

from gptimg_desktop.core.account import KeyStanding
from gptimg_desktop.core.errors import ProblemKind
from gptimg_desktop.core.prices import money
from gptimg_desktop.ui.messages import sentence
from gptimg_desktop.ui.result_line import Result

if TYPE_CHECKING:
    from gptimg_desktop.core.account import Balance, KeyTest

_LOOKS: Final = {
    KeyStanding.WORKS: ("success", "circle-check"),
    KeyStanding.REFUSED: ("danger", "circle-x"),
    KeyStanding.NO_BALANCE: ("warning", "wallet"),
    KeyStanding.NO_NETWORK: ("warning", "wifi-off"),
    KeyStanding.UNPROVED: ("warning", "circle-help"),
}
_COUNTABLE: Final = 10**15
_SELF_CONTAINED: Final = frozenset({ProblemKind.KEY_REFUSED, ProblemKind.KEY_UNPROVED})
"""Problems whose sentences say by themselves what became of the key."""


def key_test_result(test: KeyTest) -> Result:
    """One or a few sentences; only a refused key is told in the tone of danger."""
    tone, sign = _LOOKS[test.standing]
    return Result(text=_text(test), tone=tone, sign=sign)


def _text(test: KeyTest) -> str:
    if test.standing is KeyStanding.WORKS:
        return " ".join(filter(None, (_tr("Works."), _balance(test.balance))))
    if test.standing is KeyStanding.NO_BALANCE:
        return _tr("The key is right, but the account is empty. Top it up to make real images.")
    if test.problem is not None and test.problem.kind in _SELF_CONTAINED:
        return sentence(test.problem)
    opening = _tr("The key was not tested.")
    if test.standing is KeyStanding.REFUSED:
        opening = _tr("The service did not take the key.")
    return opening if test.problem is None else f"{opening} {sentence(test.problem)}"


def _balance(balance: Balance | None) -> str:
    if balance is None:
        return ""
    if balance.unlimited:
        return _tr("The account has no limit.")
    if balance.remaining is None:
        return ""
    return _tr("Balance {amount}.").format(amount=held(balance.remaining))


def held(amount: Decimal) -> str:
    """An account's money, never more than there is: cents, and parts of them below a dollar, where they
    decide on the next picture: "$8.10", "$0.0085", "−$0.12"."""
    step = Decimal("0.01") if abs(amount) >= 1 else Decimal("0.0001")
    down = amount.quantize(step, ROUND_FLOOR) if abs(amount) < _COUNTABLE else amount
    return f"−{money(-down)}" if down < 0 else money(down)


def _tr(text: str) -> str:
    return QCoreApplication.translate("KeyTest", text)
