"""Faults of a submit: from the click to the task's id."""

from __future__ import annotations

from typing import Final

from tests.faults.catalogue import Money, Row

NOTHING, ONCE, ASK = Money.NOTHING, Money.ONCE, Money.ASK


def _row(number: int, fault: str, user_gets: str, money: Money) -> Row:
    return Row(number=number, fault=fault, user_gets=user_gets, money=money)


ROWS: Final[tuple[Row, ...]] = (
    _row(1, "killed after the click, before a byte left", "waits at the next start, is sent once", ONCE),
    _row(2, "killed while references go out", "waits at the next start, is sent once", NOTHING),
    _row(3, "killed between the safety record and the last byte", "unconfirmed, with four choices", ASK),
    _row(4, "killed after acceptance, before the answer is kept", "unconfirmed, with four choices", ASK),
    _row(5, "accepted, and the line is closed without a word", "unconfirmed, never sent by itself", ASK),
    _row(
        6,
        "accepted, and no answer for minutes",
        "a late answer is taken; none at the limit: unconfirmed",
        ASK,
    ),
    _row(7, "connection refused", "waits, is told why and when it is tried again", NOTHING),
    _row(8, "the name of the service is not found", "waits, is told why and when it is tried again", NOTHING),
    _row(9, "connecting hangs", "waits after the limit for connecting", NOTHING),
    _row(
        10, "a certificate expired, of another host, of nobody known", "nothing sent, no way round", NOTHING
    ),
    _row(11, "the line breaks in the TLS handshake", "waits and goes on by itself", NOTHING),
    _row(12, "the upload stalls", "broken off before its last byte, sent again later", NOTHING),
    _row(13, "the upload is cut in the middle", "sent again later, others meanwhile", NOTHING),
    _row(14, "too large, said early", "heard: refused; unheard: three tries, then a note", NOTHING),
    _row(15, "429 with seconds to wait", "the whole service waits that long, with a countdown", NOTHING),
    _row(16, "429 with a date by a wrong clock", "measured by the service's own clock", NOTHING),
    _row(17, "429 with nonsense for a wait", "own pauses, an hour at most", NOTHING),
    _row(18, "429 on and on", "one try after each growing pause, one notice", NOTHING),
    _row(19, "500 that names a bad request", "refused in the service's words, back to the composer", NOTHING),
    _row(20, "500, 502, 504 or 524 with a web page", "unconfirmed", ASK),
    _row(21, "busy, told in words", "waits and goes on by itself", NOTHING),
    _row(22, "503 without words", "unconfirmed", ASK),
    _row(23, "the key is refused", "the queue waits once for a key, one notice", NOTHING),
    _row(24, "no money, also told behind a 403 or 503", "the queue waits for the user", NOTHING),
    _row(25, "403", "refused, or the key's or a firewall's fault, by its words", NOTHING),
    _row(26, "400, 404, 415, 422 and the like as JSON", "refused, the words shown as plain text", NOTHING),
    _row(27, "200 with a web page", "unconfirmed, said to be a web page", ASK),
    _row(28, "200 around an error", "what the inner error says", NOTHING),
    _row(29, "200 with neither task nor error", "unconfirmed, the answer kept as it came", ASK),
    _row(30, "an answer that is cut", "followed where it names one task, else unconfirmed", ONCE),
    _row(31, "other shapes and statuses of a good answer", "accepted", ONCE),
    _row(32, "two tasks in one answer", "both followed, both pictures kept, and said so", ONCE),
    _row(33, "a task id that fits in no path", "kept as it came, unconfirmed", ASK),
    _row(34, "a redirect to another host", "not followed: key and request stay here, one notice", NOTHING),
    _row(35, "an endless answer, or a compressed one", "read up to a cap, its beginning kept", ASK),
    _row(36, "the submit is cancelled at any of its waits", "unsent and sent later, or asked about", ONCE),
    _row(37, "twenty quick clicks, a held key, a second window", "one job for each deliberate press", ONCE),
    _row(38, "half a character, a zero or a megabyte as prompt", "refused in the composer", NOTHING),
    _row(39, "the safety record cannot be written", "the last byte stays here, the queue says why", NOTHING),
    _row(
        40, "the answer cannot be written", "its task goes to the journal, is shown, and is held on to", ONCE
    ),
    _row(
        41,
        "409, with or without a word on an earlier request",
        "followed where it names a task, else asked",
        ONCE,
    ),
)
