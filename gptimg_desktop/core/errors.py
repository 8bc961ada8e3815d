"""Everything that can go wrong in the world, as data.

    AppError                 the world's fault; carries a Problem, never prose
    ├── BadInputError        what the user gave cannot be used
    ├── NetworkError         the service or a file host could not be reached
    ├── ApiError             the service answered, and the answer is no
    │   ├── AuthError        the key was refused
    │   ├── BalanceError     the account is empty
    │   ├── RateError        asked too often; knows how long to wait
    │   ├── UnknownTaskError the service does not know the task (any more)
    │   └── NotOfferedError  the service has no such endpoint
    ├── DownloadError        a result file did not arrive whole
    └── StorageError         disk or library refused

A bug of ours is any other exception: it is logged with its traceback and never shown as one of these.
The sentence for each kind is in `ui/messages.py`, and only there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

Fact = str | int | float


class ProblemKind(StrEnum):
    """What happened. The comment names the facts that come with it."""

    # bad input
    PROMPT_EMPTY = "prompt_empty"
    PROMPT_TOO_LONG = "prompt_too_long"  # length, limit
    PASTE_TOO_LONG = "paste_too_long"  # length, limit (characters that still fit)
    PROMPT_UNSENDABLE = "prompt_unsendable"  # position (1-based)
    SIZE_IMPOSSIBLE = "size_impossible"  # width, height, least, most (pixels)
    TOO_MANY_REFERENCES = "too_many_references"  # limit
    REFERENCE_URL_INVALID = "reference_url_invalid"  # url
    REFERENCE_MISSING = "reference_missing"  # name
    REFERENCE_NOT_A_FILE = "reference_not_a_file"  # name
    REFERENCE_UNREADABLE = "reference_unreadable"  # name, reason
    REFERENCE_NOT_A_PICTURE = "reference_not_a_picture"  # name
    REFERENCE_DAMAGED = "reference_damaged"  # name
    REFERENCE_NEEDS_DECODER = "reference_needs_decoder"  # name, format ("HEIC")
    REFERENCE_KIND_UNKNOWN = "reference_kind_unknown"  # name, format ("TIFF")
    REFERENCE_NOT_READ = "reference_not_read"  # name
    RUN_TOO_LARGE = "run_too_large"  # count, limit (images of one press)
    ASKED_FIRST = "asked_first"  # price, limit, as money is written
    REFERENCE_TOO_HEAVY = "reference_too_heavy"  # number, name, size_bytes, limit_bytes
    REFERENCES_TOO_HEAVY = "references_too_heavy"  # size_bytes, limit_bytes
    REFERENCE_TOO_LARGE = "reference_too_large"  # name, size_bytes, limit_bytes
    REFERENCE_TOO_MANY_PIXELS = "reference_too_many_pixels"  # name, width, height
    REFERENCE_ELSEWHERE = "reference_elsewhere"  # name, host
    REFERENCE_UNPLACED = "reference_unplaced"  # name
    REFERENCE_GONE = "reference_gone"  # name
    REFERENCES_GONE = "references_gone"  # count, name (of each)
    REFERENCE_CHANGED = "reference_changed"  # name
    REFERENCE_UNSEEN = "reference_unseen"  # name
    REFERENCE_SILENT = "reference_silent"  # name
    FOLDER_WITHOUT_PICTURES = "folder_without_pictures"  # name
    IMPORT_NOT_A_PICTURE = "import_not_a_picture"  # name
    IMPORT_DAMAGED = "import_damaged"  # name
    IMPORT_UNREADABLE = "import_unreadable"  # name, reason
    IMPORT_KIND_UNKNOWN = "import_kind_unknown"  # name, format ("HEIC")
    IMPORT_TOO_LARGE = "import_too_large"  # name, size_bytes, limit_bytes
    IMPORT_TOO_MANY_PIXELS = "import_too_many_pixels"  # name, width, height
    IMPORT_NOT_READ = "import_not_read"  # name
    IMPORT_SILENT = "import_silent"  # name
    IMPORT_UNKEEPABLE_NAME = "import_unkeepable_name"  # name
    KEY_MALFORMED = "key_malformed"
    KEY_MISSING = "key_missing"  # service
    KEY_OF_ANOTHER_ACCOUNT = "key_of_another_account"  # service
    TASK_ID_MALFORMED = "task_id_malformed"
    TASK_ID_UNKNOWN = "task_id_unknown"  # task_id
    TASK_ID_IN_USE = "task_id_in_use"  # task_id
    ADDRESS_UNUSABLE = "address_unusable"  # address
    COLLECTION_NAMELESS = "collection_nameless"
    COLLECTION_NAME_TAKEN = "collection_name_taken"  # name
    COLLECTION_FILLED = "collection_filled"  # name
    PROXY_UNUSABLE = "proxy_unusable"

    # network
    UNREACHABLE = "unreachable"  # host, reason; proxy where one leads there
    TLS_UNTRUSTED = "tls_untrusted"  # host, reason
    CUT_OFF = "cut_off"  # host, reason
    TIMED_OUT = "timed_out"  # host
    UPLOAD_CUT_OFF = "upload_cut_off"  # times
    MOVED = "moved"  # host, location
    REFUSED_ON_THE_WAY = "refused_on_the_way"  # host, status

    # the service says no
    KEY_REFUSED = "key_refused"  # message
    BALANCE_EMPTY = "balance_empty"  # message
    RATE_LIMITED = "rate_limited"  # message
    SERVICE_BUSY = "service_busy"  # message
    REQUEST_REFUSED = "request_refused"  # message, status
    MODERATED = "moderated"  # message
    TASK_FAILED = "task_failed"  # message
    TASK_UNKNOWN = "task_unknown"  # message
    TASK_FORGOTTEN = "task_forgotten"  # message; it had been done
    ODD_ANSWER = "odd_answer"  # status
    NO_IMAGES = "no_images"  # task_id
    KEY_UNPROVED = "key_unproved"  # status

    # the outcome of a submit is unknown
    ANSWER_LOST = "answer_lost"  # reason
    ANSWER_UNCLEAR = "answer_unclear"  # status
    ANSWER_WAS_WEB_PAGE = "answer_was_web_page"  # status
    ANSWER_WITHOUT_TASK = "answer_without_task"  # status
    TASK_RECOVERED = "task_recovered"
    SEVERAL_TASKS = "several_tasks"  # found
    UNCONFIRMED_STAYS = "unconfirmed_stays"
    STILL_UNCONFIRMED = "still_unconfirmed"
    PROGRAM_ENDED = "program_ended"
    LIBRARY_RESTORED = "library_restored"  # backup_at (Unix seconds) where there was a copy

    # a result file
    LINK_DEAD = "link_dead"  # host, status
    LINK_UNSAFE = "link_unsafe"  # host
    LED_INSIDE = "led_inside"  # host
    NOT_AN_IMAGE = "not_an_image"  # host
    IMAGE_INCOMPLETE = "image_incomplete"  # host
    IMAGE_TOO_LARGE = "image_too_large"  # limit_bytes
    LINK_EXPIRED = "link_expired"  # host, expired_at (Unix seconds)
    IMAGE_WITH_EXTRA_BYTES = "image_with_extra_bytes"  # found (a number of bytes)
    DELIVERED_DAMAGED = "delivered_damaged"  # path
    PICTURE_MISSING = "picture_missing"  # tasks, found (numbers)
    LINK_GIVES_NOTHING = "link_gives_nothing"
    NOT_FETCHED_AGAIN = "not_fetched_again"
    LINK_NOT_FOLLOWED = "link_not_followed"  # host

    # storage
    FOLDER_UNWRITABLE = "folder_unwritable"  # folder, reason
    PATH_TOO_LONG = "path_too_long"  # folder
    DISK_FULL = "disk_full"  # folder
    DISK_NEARLY_FULL = "disk_nearly_full"  # folder, free_bytes, needed_bytes
    NOT_QUEUED = "not_queued"  # reason
    ANSWER_NOT_KEPT = "answer_not_kept"  # task_id, reason
    ANSWER_IN_JOURNAL = "answer_in_journal"  # task_id, reason
    JOURNAL_UNREADABLE = "journal_unreadable"
    TASK_WITHOUT_JOB = "task_without_job"  # task_id
    LIBRARY_UNWRITABLE = "library_unwritable"  # reason
    LIBRARY_NEWER = "library_newer"  # found, supported (schema versions)
    LIBRARY_UNREADABLE = "library_unreadable"  # reason
    LIBRARY_DAMAGED = "library_damaged"  # reason
    LIBRARY_LOCKED = "library_locked"
    LIBRARY_VIEW_ONLY = "library_view_only"  # folder
    LIBRARY_NEWER_SHOWN = "library_newer_shown"  # found, supported (schema versions)
    LIBRARY_IN_CLOUD = "library_in_cloud"  # folder
    BACKUP_DAMAGED = "backup_damaged"  # name
    BACKUP_FAILED = "backup_failed"  # reason
    DATA_FOLDER_UNUSABLE = "data_folder_unusable"  # folder, reason
    IMAGE_FILE_DAMAGED = "image_file_damaged"  # path
    IMAGE_FILE_MISSING = "image_file_missing"  # path
    IMAGE_FILE_CHANGED = "image_file_changed"  # path
    IMAGE_TOO_LARGE_TO_SHOW = "image_too_large_to_show"  # path
    IMAGE_NOT_SHOWN = "image_not_shown"  # path
    IMAGE_SET_ASIDE = "image_set_aside"  # path
    IMAGE_NOT_CONVERTED = "image_not_converted"  # path

    TRASH_REFUSED = "trash_refused"  # reason

    KEY_STORE_FAILED = "key_store_failed"  # place, reason: a key is not kept
    KEY_NOT_READ = "key_not_read"  # place, reason
    KEY_NOT_REMOVED = "key_not_removed"  # place, reason

    # our own bug, told without its traceback
    INTERNAL = "internal"  # name


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that went wrong: a kind and the facts that its sentence needs."""

    kind: ProblemKind
    facts: Mapping[str, Fact] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "facts", MappingProxyType(dict(self.facts)))

    @classmethod
    def of(cls, kind: ProblemKind, **facts: Fact) -> Problem:
        return cls(kind=kind, facts=facts)

    def __hash__(self) -> int:
        return hash((self.kind, tuple(sorted(self.facts.items()))))


VIEW_ONLY: Final = frozenset({ProblemKind.LIBRARY_VIEW_ONLY, ProblemKind.LIBRARY_NEWER_SHOWN})
"""Why a library can be looked at alone, for as long as the program runs."""


class AppError(Exception):
    """The world's fault. `problem` says what happened; there is no other text."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.kind} {dict(problem.facts)}")
        self.problem = problem


class BadInputError(AppError):
    """What the user gave cannot be used."""


class NetworkError(AppError):
    """The other side could not be reached, or the conversation broke off."""


class ApiError(AppError):
    """The service answered, and the answer is no."""


class AuthError(ApiError):
    """The key was refused."""


class BalanceError(ApiError):
    """The account is empty."""


class RateError(ApiError):
    """Asked too often. `retry_after_s` is the wait the service asked for, None where it named none."""

    def __init__(self, problem: Problem, *, retry_after_s: float | None) -> None:
        super().__init__(problem)
        self.retry_after_s = retry_after_s


class UnknownTaskError(ApiError):
    """The service does not know the task, or not any more."""


class NotOfferedError(ApiError):
    """The service has no such endpoint, or what answers there is none; another way has to do."""


class DownloadError(AppError):
    """A result file did not arrive whole. `dead_link`: only a fresh link can help."""

    def __init__(self, problem: Problem, *, dead_link: bool = False) -> None:
        super().__init__(problem)
        self.dead_link = dead_link


class StorageError(AppError):
    """The disk or the library refused to keep something."""
