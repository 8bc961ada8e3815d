"""The only place with sentences for states, charges, gates and problems.

Each sentence says what happened, then whether it was charged where that is in doubt, then what comes next.
The first sentence of each stands alone, so that a tile has room for it (`brief`). All texts are in the
translation context "Messages".
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QDateTime, QLocale

from gptimg_desktop.core.connection import PRACTICE
from gptimg_desktop.core.errors import ProblemKind
from gptimg_desktop.core.gate import GateKind
from gptimg_desktop.core.job import Charge, JobState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gptimg_desktop.core.errors import Fact, Problem
    from gptimg_desktop.core.gate import Gate
    from gptimg_desktop.core.job import Job

_CONTEXT: Final = "Messages"
_MOST_QUOTED: Final = 400
"""Characters of a service's own words that are shown."""

_STATES: Final[Mapping[JobState, object]] = MappingProxyType(
    {
        JobState.QUEUED: QT_TRANSLATE_NOOP("Messages", "Waiting"),
        JobState.SENDING: QT_TRANSLATE_NOOP("Messages", "Sending"),
        JobState.UNCONFIRMED: QT_TRANSLATE_NOOP("Messages", "Unconfirmed"),
        JobState.ACCEPTED: QT_TRANSLATE_NOOP("Messages", "Being made"),
        JobState.READY: QT_TRANSLATE_NOOP("Messages", "Fetching…"),
        JobState.SAVED: QT_TRANSLATE_NOOP("Messages", "Saved"),
        JobState.FAILED: QT_TRANSLATE_NOOP("Messages", "Failed"),
        JobState.REJECTED: QT_TRANSLATE_NOOP("Messages", "Refused"),
        JobState.CANCELLED: QT_TRANSLATE_NOOP("Messages", "Cancelled"),
        JobState.CLOSED: QT_TRANSLATE_NOOP("Messages", "Closed"),
        JobState.LOST: QT_TRANSLATE_NOOP("Messages", "Lost"),
    }
)

_CHARGES: Final[Mapping[Charge, object]] = MappingProxyType(
    {
        Charge.NONE: QT_TRANSLATE_NOOP("Messages", "Not charged"),
        Charge.CHARGED: QT_TRANSLATE_NOOP("Messages", "Charged"),
        Charge.UNKNOWN: QT_TRANSLATE_NOOP("Messages", "May have been charged"),
        Charge.OPEN: QT_TRANSLATE_NOOP("Messages", "Charged if it succeeds"),
    }
)

_GATES: Final[Mapping[GateKind, object]] = MappingProxyType(
    {
        GateKind.OFFLINE: QT_TRANSLATE_NOOP(
            "Messages", "The service cannot be reached. Everything that waits is safe and goes on by itself."
        ),
        GateKind.RATE: QT_TRANSLATE_NOOP(
            "Messages",
            "The service asked for a pause. Everything that waits is safe and goes on by itself.",
        ),
        GateKind.TLS: QT_TRANSLATE_NOOP(
            "Messages", "The connection to the service is not secure. Nothing is sent until it is."
        ),
        GateKind.KEY: QT_TRANSLATE_NOOP(
            "Messages", "The service did not take the key. Nothing is sent until the key is changed."
        ),
        GateKind.BALANCE: QT_TRANSLATE_NOOP(
            "Messages", "The account has no money left. Nothing is sent until it is topped up."
        ),
        GateKind.DISK: QT_TRANSLATE_NOOP(
            "Messages", "Pictures cannot be saved. Nothing new is sent until there is a place for them."
        ),
        GateKind.DATABASE: QT_TRANSLATE_NOOP(
            "Messages", "The library cannot be written. Nothing is sent until every step can be recorded."
        ),
        GateKind.RESUMING: QT_TRANSLATE_NOOP("Messages", "What waited when the program ended goes on now."),
        GateKind.LIBRARY: QT_TRANSLATE_NOOP(
            "Messages", "The library may not know all that was sent. Nothing is sent until you say so."
        ),
        GateKind.USER_PAUSE: QT_TRANSLATE_NOOP(
            "Messages", "The queue is paused. What was sent already goes on; nothing new is sent."
        ),
    }
)

_LIMITED: Final[object] = QT_TRANSLATE_NOOP(
    "Messages",
    "The service has been limiting us since {when}. Everything that waits is safe and goes on by itself.",
)

_SENTENCES: Final[Mapping[ProblemKind, object]] = MappingProxyType(
    {
        ProblemKind.PROMPT_EMPTY: QT_TRANSLATE_NOOP("Messages", "Say what the picture shall show."),
        ProblemKind.PROMPT_TOO_LONG: QT_TRANSLATE_NOOP(
            "Messages", "The prompt is too long. It has {length} characters; {limit} can be sent."
        ),
        ProblemKind.PASTE_TOO_LONG: QT_TRANSLATE_NOOP(
            "Messages",
            "The text was not taken in: it has {length} characters, and {limit} fit. "
            "Your prompt is as it was.",
        ),
        ProblemKind.PROMPT_UNSENDABLE: QT_TRANSLATE_NOOP(
            "Messages",
            "The prompt holds a character that cannot be sent. It is number {position}; delete it "
            "and type it "
            "anew.",
        ),
        ProblemKind.SIZE_IMPOSSIBLE: QT_TRANSLATE_NOOP(
            "Messages",
            "{width} × {height} pixels cannot be made. Each side must have {least} to {most} pixels.",
        ),
        ProblemKind.TOO_MANY_REFERENCES: QT_TRANSLATE_NOOP(
            "Messages", "Up to {limit} references fit in one request. Take one out to make room."
        ),
        ProblemKind.REFERENCE_URL_INVALID: QT_TRANSLATE_NOOP(
            "Messages",
            "This address cannot be used as a reference. It must begin with https:// or http:// and "
            "lead to a "
            "picture: {url}",
        ),
        ProblemKind.REFERENCE_MISSING: QT_TRANSLATE_NOOP(
            "Messages", "The reference “{name}” is not there any more. Add it again or take it out."
        ),
        ProblemKind.REFERENCE_NOT_A_FILE: QT_TRANSLATE_NOOP(
            "Messages", "“{name}” is not a file. Drop a picture file, such as a PNG, JPEG or WebP."
        ),
        ProblemKind.REFERENCE_UNREADABLE: QT_TRANSLATE_NOOP(
            "Messages", "“{name}” cannot be read. Check that you may open it, then add it again."
        ),
        ProblemKind.REFERENCE_NOT_A_PICTURE: QT_TRANSLATE_NOOP(
            "Messages",
            "“{name}” is not a picture that can be read. PNG, JPEG, WebP, TIFF, BMP, GIF and AVIF can.",
        ),
        ProblemKind.REFERENCE_DAMAGED: QT_TRANSLATE_NOOP(
            "Messages", "“{name}” is damaged. Save it anew from the program it came from, then add it again."
        ),
        ProblemKind.REFERENCE_NEEDS_DECODER: QT_TRANSLATE_NOOP(
            "Messages",
            "“{name}” cannot be read: {format} needs a decoder that is not installed here. Save it as JPEG "
            "or PNG, then add that.",
        ),
        ProblemKind.REFERENCE_KIND_UNKNOWN: QT_TRANSLATE_NOOP(
            "Messages",
            "“{name}” is a kind of {format} that cannot be read here. Save it as a PNG or JPEG in RGB with 8 "
            "bits a channel, then add that.",
        ),
        ProblemKind.REFERENCE_NOT_READ: QT_TRANSLATE_NOOP(
            "Messages",
            "“{name}” takes too much time or memory to be read here. Save it as a smaller PNG or JPEG, then "
            "add that.",
        ),
        ProblemKind.ASKED_FIRST: QT_TRANSLATE_NOOP(
            "Messages",
            "Nothing was sent yet: this press costs {price}, and above {limit} you are asked first. Press "
            "“Generate again” once more to make the image.",
        ),
        ProblemKind.RUN_TOO_LARGE: QT_TRANSLATE_NOOP(
            "Messages", "One press makes up to {limit} images. This would be {count}."
        ),
        ProblemKind.REFERENCE_ELSEWHERE: QT_TRANSLATE_NOOP(
            "Messages",
            "“{name}” lies on another computer, {host}. Nothing was read from there; copy it to this one, "
            "or choose it with the button for files.",
        ),
        ProblemKind.REFERENCE_UNPLACED: QT_TRANSLATE_NOOP(
            "Messages",
            "There is no room yet for “{name}”. Choose the reference that it replaces, or leave it out; "
            "nothing was sent.",
        ),
        ProblemKind.REFERENCE_GONE: QT_TRANSLATE_NOOP(
            "Messages",
            "“{name}” is not there any more, or cannot be read.",
        ),
        ProblemKind.REFERENCES_GONE: QT_TRANSLATE_NOOP(
            "Messages",
            "{count} files are not there any more, or cannot be read: {name}.",
        ),
        ProblemKind.REFERENCE_TOO_HEAVY: QT_TRANSLATE_NOOP(
            "Messages",
            "Reference {number}, “{name}”, weighs {size_bytes}; up to {limit_bytes} can be sent. "
            "Shrink what is sent, or take it out.",
        ),
        ProblemKind.REFERENCES_TOO_HEAVY: QT_TRANSLATE_NOOP(
            "Messages",
            "The references weigh {size_bytes} together; up to {limit_bytes} can be sent. "
            "Shrink what is sent, or take some out.",
        ),
        ProblemKind.REFERENCE_TOO_LARGE: QT_TRANSLATE_NOOP(
            "Messages",
            "“{name}” is too large. It has {size_bytes}; files of up to {limit_bytes} can be added.",
        ),
        ProblemKind.REFERENCE_TOO_MANY_PIXELS: QT_TRANSLATE_NOOP(
            "Messages",
            "“{name}” has too many pixels ({width} × {height}). Make it smaller, then add it again.",
        ),
        ProblemKind.REFERENCE_CHANGED: QT_TRANSLATE_NOOP(
            "Messages",
            "“{name}” has changed since it was added. What is sent is the file as it is now.",
        ),
        ProblemKind.REFERENCE_UNSEEN: QT_TRANSLATE_NOOP(
            "Messages",
            "“{name}” could not be looked at in time. What is sent is the copy that was taken when it was"
            " added.",
        ),
        ProblemKind.REFERENCE_SILENT: QT_TRANSLATE_NOOP(
            "Messages",
            "“{name}” could not be read. Its drive does not answer; add it again when it does.",
        ),
        ProblemKind.FOLDER_WITHOUT_PICTURES: QT_TRANSLATE_NOOP(
            "Messages",
            "“{name}” has no pictures that can be used. Pictures in the folders inside it are not looked "
            "for.",
        ),
        ProblemKind.IMPORT_NOT_A_PICTURE: QT_TRANSLATE_NOOP(
            "Messages", "“{name}” is not a picture that can be read here."
        ),
        ProblemKind.IMPORT_DAMAGED: QT_TRANSLATE_NOOP(
            "Messages", "“{name}” is damaged, or not all of it is there."
        ),
        ProblemKind.IMPORT_UNREADABLE: QT_TRANSLATE_NOOP("Messages", "“{name}” cannot be opened."),
        ProblemKind.IMPORT_KIND_UNKNOWN: QT_TRANSLATE_NOOP(
            "Messages", "“{name}” is a kind of {format} that cannot be read here."
        ),
        ProblemKind.IMPORT_TOO_LARGE: QT_TRANSLATE_NOOP(
            "Messages", "“{name}” is too large. It has {size_bytes}; up to {limit_bytes} can be imported."
        ),
        ProblemKind.IMPORT_TOO_MANY_PIXELS: QT_TRANSLATE_NOOP(
            "Messages", "“{name}” has too many pixels to be shown here ({width} × {height})."
        ),
        ProblemKind.IMPORT_NOT_READ: QT_TRANSLATE_NOOP(
            "Messages", "“{name}” takes too much time or memory to be read here."
        ),
        ProblemKind.IMPORT_SILENT: QT_TRANSLATE_NOOP(
            "Messages", "“{name}” lies on a drive that does not answer."
        ),
        ProblemKind.IMPORT_UNKEEPABLE_NAME: QT_TRANSLATE_NOOP(
            "Messages",
            "“{name}” has a name, or lies in a folder, that is no readable text. It can only be imported as a"
            " copy.",
        ),
        ProblemKind.KEY_MALFORMED: QT_TRANSLATE_NOOP(
            "Messages",
            "This does not look like a key. Copy the whole key from the service's site and paste it.",
        ),
        ProblemKind.KEY_MISSING: QT_TRANSLATE_NOOP(
            "Messages",
            "There is no key for {service} at the moment. Connect with its key to go on.",
        ),
        ProblemKind.KEY_OF_ANOTHER_ACCOUNT: QT_TRANSLATE_NOOP(
            "Messages",
            "This job was sent with another key, and {service} does not know its task under the present one."
            " Connect with the key that sent it to fetch the picture.",
        ),
        ProblemKind.TASK_ID_UNKNOWN: QT_TRANSLATE_NOOP(
            "Messages", "The service knows no task {task_id}. Compare it with the service's web page."
        ),
        ProblemKind.UNCONFIRMED_STAYS: QT_TRANSLATE_NOOP(
            "Messages",
            "What is unconfirmed stays until you decide about it. It may have been charged; select it for "
            "your choices.",
        ),
        ProblemKind.TASK_ID_IN_USE: QT_TRANSLATE_NOOP(
            "Messages", "Another job here is that task already: {task_id}."
        ),
        ProblemKind.UPLOAD_CUT_OFF: QT_TRANSLATE_NOOP(
            "Messages",
            "The upload was cut off {times} times. Nothing was sent whole, nothing was charged. "
            "It is tried again from time to time; smaller references may help.",
        ),
        ProblemKind.ANSWER_NOT_KEPT: QT_TRANSLATE_NOOP(
            "Messages",
            "The service took the job as {task_id}, but the library cannot keep that ({reason}). "
            "Write the task id down before you close the program, and make room on the disk.",
        ),
        ProblemKind.ANSWER_IN_JOURNAL: QT_TRANSLATE_NOOP(
            "Messages",
            "The service took the job as {task_id}. The library cannot keep that at the moment ({reason}), "
            "so it was put into the emergency journal and goes into the library as soon as there is room.",
        ),
        ProblemKind.JOURNAL_UNREADABLE: QT_TRANSLATE_NOOP(
            "Messages",
            "The emergency journal in the data folder cannot be read. It may know tasks of unconfirmed jobs; "
            "do not send these again before it is mended.",
        ),
        ProblemKind.TASK_WITHOUT_JOB: QT_TRANSLATE_NOOP(
            "Messages",
            "The emergency journal names a task that belongs to no job of this library: {task_id}. "
            "It may be a picture that you paid for; its id finds it on the service's web page.",
        ),
        ProblemKind.TASK_ID_MALFORMED: QT_TRANSLATE_NOOP(
            "Messages", "This is no task id. It consists of letters, digits, hyphens and underscores."
        ),
        ProblemKind.ADDRESS_UNUSABLE: QT_TRANSLATE_NOOP(
            "Messages", "This address cannot be used. It must begin with https:// and name the service alone."
        ),
        ProblemKind.COLLECTION_NAMELESS: QT_TRANSLATE_NOOP("Messages", "A collection needs a name."),
        ProblemKind.COLLECTION_NAME_TAKEN: QT_TRANSLATE_NOOP("Messages", "“{name}” is there already."),
        ProblemKind.COLLECTION_FILLED: QT_TRANSLATE_NOOP(
            "Messages",
            "“{name}” stays, since pictures have come into it since it was made. It can be removed from its "
            "own menu; its pictures stay in the gallery.",
        ),
        ProblemKind.PROXY_UNUSABLE: QT_TRANSLATE_NOOP(
            "Messages",
            "This is no proxy's address. It looks like http://proxy.example:8080 or socks5://127.0.0.1:1080.",
        ),
        ProblemKind.UNREACHABLE: QT_TRANSLATE_NOOP(
            "Messages", "{host} cannot be reached. Check the network; the program goes on by itself."
        ),
        ProblemKind.TLS_UNTRUSTED: QT_TRANSLATE_NOOP(
            "Messages",
            "The secure connection to {host} failed. Its certificate is not trusted, so nothing was sent.",
        ),
        ProblemKind.CUT_OFF: QT_TRANSLATE_NOOP("Messages", "The connection to {host} broke off."),
        ProblemKind.TIMED_OUT: QT_TRANSLATE_NOOP("Messages", "{host} did not answer in time."),
        ProblemKind.MOVED: QT_TRANSLATE_NOOP(
            "Messages",
            "The service says that it has moved. The key was not sent there. If you know the new "
            "address, set "
            "it in the settings: {location}",
        ),
        ProblemKind.REFUSED_ON_THE_WAY: QT_TRANSLATE_NOOP(
            "Messages",
            "Something between here and {host} turned the request away (status {status}). That cost "
            "nothing. "
            "A proxy or firewall may be the cause.",
        ),
        ProblemKind.KEY_REFUSED: QT_TRANSLATE_NOOP(
            "Messages", "The service did not take the key. That cost nothing. Check the key or use another."
        ),
        ProblemKind.BALANCE_EMPTY: QT_TRANSLATE_NOOP(
            "Messages", "The account has no money left. That cost nothing. Top it up, then go on."
        ),
        ProblemKind.RATE_LIMITED: QT_TRANSLATE_NOOP(
            "Messages", "The service asked for a pause. It goes on by itself, and waiting costs nothing."
        ),
        ProblemKind.SERVICE_BUSY: QT_TRANSLATE_NOOP(
            "Messages", "The service is busy. It goes on by itself, and waiting costs nothing."
        ),
        ProblemKind.REQUEST_REFUSED: QT_TRANSLATE_NOOP(
            "Messages", "The service refused the request. Nothing was charged."
        ),
        ProblemKind.MODERATED: QT_TRANSLATE_NOOP(
            "Messages",
            "The service's content rules stopped this. Nothing was charged. Change the prompt or the "
            "references.",
        ),
        ProblemKind.TASK_FAILED: QT_TRANSLATE_NOOP(
            "Messages", "The service could not make the picture. Nothing was charged."
        ),
        ProblemKind.TASK_UNKNOWN: QT_TRANSLATE_NOOP(
            "Messages",
            "The service does not know this task any more. It was accepted before, so it may have "
            "been charged.",
        ),
        ProblemKind.TASK_FORGOTTEN: QT_TRANSLATE_NOOP(
            "Messages",
            "The service does not know this task any more. It had said before that the picture was done, so "
            "it was charged; its support may find the picture by the task id.",
        ),
        ProblemKind.ODD_ANSWER: QT_TRANSLATE_NOOP(
            "Messages", "The service gave an answer that makes no sense (status {status})."
        ),
        ProblemKind.NO_IMAGES: QT_TRANSLATE_NOOP(
            "Messages",
            "The service says it is done but named no picture. The program goes on looking; the service's "
            "support can find the task as {task_id}.",
        ),
        ProblemKind.KEY_UNPROVED: QT_TRANSLATE_NOOP(
            "Messages",
            "The service answered, but did not say whether the key is right (status {status}). "
            "The first picture will tell.",
        ),
        ProblemKind.TASK_RECOVERED: QT_TRANSLATE_NOOP(
            "Messages", "The service's answer was broken, but it named a task, and that one is followed."
        ),
        ProblemKind.SEVERAL_TASKS: QT_TRANSLATE_NOOP(
            "Messages",
            "The service made {found} tasks of this one request. All of them are followed and each picture "
            "is kept; each may be charged.",
        ),
        ProblemKind.STILL_UNCONFIRMED: QT_TRANSLATE_NOOP(
            "Messages",
            "There is still no task to look up. If the service's web page lists this picture, "
            "enter its task id.",
        ),
        ProblemKind.ANSWER_LOST: QT_TRANSLATE_NOOP(
            "Messages",
            "The request went out, but no answer came back. The service may have taken it, and it "
            "may have been "
            "charged.",
        ),
        ProblemKind.ANSWER_UNCLEAR: QT_TRANSLATE_NOOP(
            "Messages",
            "The answer does not tell whether the service took the request. It may have been charged.",
        ),
        ProblemKind.ANSWER_WAS_WEB_PAGE: QT_TRANSLATE_NOOP(
            "Messages",
            "The answer was a web page instead of the service's own. The request may have arrived "
            "all the same, "
            "and it may have been charged.",
        ),
        ProblemKind.ANSWER_WITHOUT_TASK: QT_TRANSLATE_NOOP(
            "Messages",
            "The service answered without naming a task. It may have taken the request, and it may "
            "have been "
            "charged.",
        ),
        ProblemKind.LIBRARY_RESTORED: QT_TRANSLATE_NOOP(
            "Messages",
            "This waited in an older copy of the library. It may have been sent since that copy was made, "
            "and it may have been charged. Nothing is sent by itself.",
        ),
        ProblemKind.PROGRAM_ENDED: QT_TRANSLATE_NOOP(
            "Messages",
            "The program ended while this was being sent. The service may have taken it, and it may "
            "have been "
            "charged.",
        ),
        ProblemKind.LINK_DEAD: QT_TRANSLATE_NOOP(
            "Messages",
            "The link to the picture does not work at the moment. The program asks for a fresh one and goes "
            "on trying, free of charge.",
        ),
        ProblemKind.LINK_UNSAFE: QT_TRANSLATE_NOOP(
            "Messages", "The service pointed to an unsafe address. It was blocked: {host}"
        ),
        ProblemKind.LED_INSIDE: QT_TRANSLATE_NOOP(
            "Messages",
            "From here the name {host} leads into a private network, as behind a sign-in page or a filter of "
            "names. Nothing was fetched from there; the program goes on trying, free of charge.",
        ),
        ProblemKind.NOT_AN_IMAGE: QT_TRANSLATE_NOOP(
            "Messages",
            "{host} sent something that is no picture. The program fetches it anew, free of charge.",
        ),
        ProblemKind.IMAGE_INCOMPLETE: QT_TRANSLATE_NOOP(
            "Messages", "The picture did not arrive whole. The program fetches it anew, free of charge."
        ),
        ProblemKind.IMAGE_TOO_LARGE: QT_TRANSLATE_NOOP(
            "Messages", "The picture is larger than {limit_bytes}. It was not fetched."
        ),
        ProblemKind.LINK_EXPIRED: QT_TRANSLATE_NOOP(
            "Messages",
            "The link to the picture expired on {expired_at}. The service had called the job done, so it was "
            "charged; its support may still find the picture by the task id.",
        ),
        ProblemKind.PICTURE_MISSING: QT_TRANSLATE_NOOP(
            "Messages",
            "A picture is missing: of the {tasks} tasks that the service made of this request it named "
            "pictures for only {found}. Its support can find the others by their task ids.",
        ),
        ProblemKind.LINK_GIVES_NOTHING: QT_TRANSLATE_NOOP(
            "Messages",
            "The link gives the picture no more, so its file cannot be fetched again. Trying cost nothing.",
        ),
        ProblemKind.NOT_FETCHED_AGAIN: QT_TRANSLATE_NOOP(
            "Messages",
            "The file could not be fetched again this time. Trying cost nothing; as long as the link to the "
            "picture lives, it can be fetched later.",
        ),
        ProblemKind.LINK_NOT_FOLLOWED: QT_TRANSLATE_NOOP(
            "Messages",
            "The link to the picture leads to an unsafe address, so its file cannot be fetched again. It was "
            "blocked: {host}",
        ),
        ProblemKind.IMAGE_WITH_EXTRA_BYTES: QT_TRANSLATE_NOOP(
            "Messages",
            "The picture is whole, and {found} more bytes follow it in its file. They came from the service "
            "and are kept as they are.",
        ),
        ProblemKind.DELIVERED_DAMAGED: QT_TRANSLATE_NOOP(
            "Messages",
            "The service delivered a damaged file. It sent the same bytes every time, and they are kept as "
            "they came: {path}",
        ),
        ProblemKind.FOLDER_UNWRITABLE: QT_TRANSLATE_NOOP(
            "Messages", "Nothing can be saved in this folder: {folder}"
        ),
        ProblemKind.DISK_NEARLY_FULL: QT_TRANSLATE_NOOP(
            "Messages",
            "There is too little room for the pictures that are on their way: {free_bytes} are free, "
            "{needed_bytes} are wanted. Make room or choose another folder: {folder}",
        ),
        ProblemKind.NOT_QUEUED: QT_TRANSLATE_NOOP(
            "Messages",
            "Nothing was queued, since the library cannot be written. Nothing was sent and nothing costs "
            "anything. Make room on its disk, then press Generate again.",
        ),
        ProblemKind.PATH_TOO_LONG: QT_TRANSLATE_NOOP(
            "Messages",
            "This folder lies too deep for this system: the paths of its files are too long. Choose a folder "
            "with a shorter path; nothing is lost until then: {folder}",
        ),
        ProblemKind.DISK_FULL: QT_TRANSLATE_NOOP(
            "Messages", "The disk is full. Make room or choose another folder: {folder}"
        ),
        ProblemKind.LIBRARY_UNWRITABLE: QT_TRANSLATE_NOOP(
            "Messages", "The library cannot be written. Check the free space and the rights of its folder."
        ),
        ProblemKind.LIBRARY_NEWER: QT_TRANSLATE_NOOP(
            "Messages",
            "The library was made by a newer version of this program. Update the program to open it "
            "(library "
            "{found}, known up to {supported}).",
        ),
        ProblemKind.LIBRARY_DAMAGED: QT_TRANSLATE_NOOP(
            "Messages",
            "The library is damaged. Nothing is sent any more. Close the program and start it again: it then "
            "goes back to its newest good copy and tells what it brought back.",
        ),
        ProblemKind.LIBRARY_LOCKED: QT_TRANSLATE_NOOP(
            "Messages",
            "Another program holds the library. Close it there, a backup or a tool for databases perhaps; "
            "this window tries again by itself.",
        ),
        ProblemKind.LIBRARY_VIEW_ONLY: QT_TRANSLATE_NOOP(
            "Messages",
            "This library can be looked at only, since nothing can be written into its folder. Nothing can "
            "be made or changed until that is possible: {folder}",
        ),
        ProblemKind.LIBRARY_NEWER_SHOWN: QT_TRANSLATE_NOOP(
            "Messages",
            "This library can be looked at only, since a newer version of this program made it. Update the "
            "program to make and change pictures (library version {found}, this program knows {supported}).",
        ),
        ProblemKind.LIBRARY_IN_CLOUD: QT_TRANSLATE_NOOP(
            "Messages",
            "The library lies in a folder that another program synchronizes. That can damage it; choose a "
            "folder of this computer alone: {folder}",
        ),
        ProblemKind.BACKUP_DAMAGED: QT_TRANSLATE_NOOP(
            "Messages", "This backup is damaged and was left alone. Choose another one: {name}"
        ),
        ProblemKind.BACKUP_FAILED: QT_TRANSLATE_NOOP(
            "Messages", "The library was not backed up. Your pictures and the library are as they were."
        ),
        ProblemKind.LIBRARY_UNREADABLE: QT_TRANSLATE_NOOP(
            "Messages", "The library cannot be read. Your pictures are plain files and still there."
        ),
        ProblemKind.DATA_FOLDER_UNUSABLE: QT_TRANSLATE_NOOP(
            "Messages", "The data folder cannot be used: {folder}"
        ),
        ProblemKind.IMAGE_TOO_LARGE_TO_SHOW: QT_TRANSLATE_NOOP(
            "Messages", "The picture is too large to show here. Its file is whole: {path}"
        ),
        ProblemKind.IMAGE_NOT_SHOWN: QT_TRANSLATE_NOOP(
            "Messages", "The preview of this picture failed. Its file is as it came: {path}"
        ),
        ProblemKind.IMAGE_SET_ASIDE: QT_TRANSLATE_NOOP(
            "Messages",
            "The preview of this picture failed. The program ended twice while it read it, so it is left "
            "alone until the next update; its file is as it came: {path}",
        ),
        ProblemKind.IMAGE_NOT_CONVERTED: QT_TRANSLATE_NOOP(
            "Messages",
            "The picture cannot be saved in this format: it is too large for it, or of a rare kind. Saved "
            "unchanged, under its own ending, it keeps everything.",
        ),
        ProblemKind.IMAGE_FILE_DAMAGED: QT_TRANSLATE_NOOP(
            "Messages", "The picture's file cannot be read as a picture any more: {path}"
        ),
        ProblemKind.IMAGE_FILE_MISSING: QT_TRANSLATE_NOOP(
            "Messages", "The picture's file is not where it was saved: {path}"
        ),
        ProblemKind.IMAGE_FILE_CHANGED: QT_TRANSLATE_NOOP(
            "Messages", "The picture's file has been changed since it was saved: {path}"
        ),
        ProblemKind.TRASH_REFUSED: QT_TRANSLATE_NOOP(
            "Messages", "The trash of this computer does not take the files. Nothing was deleted."
        ),
        ProblemKind.KEY_STORE_FAILED: QT_TRANSLATE_NOOP(
            "Messages", "{place} did not take the key. It is kept for this session only."
        ),
        ProblemKind.KEY_NOT_READ: QT_TRANSLATE_NOOP(
            "Messages", "{place} did not hand out the key. Unlock it and start again, or type the key anew."
        ),
        ProblemKind.KEY_NOT_REMOVED: QT_TRANSLATE_NOOP(
            "Messages",
            "{place} did not let go of the key. This program does not use it any more in this session; "
            "try again, or remove it there.",
        ),
        ProblemKind.INTERNAL: QT_TRANSLATE_NOOP(
            "Messages", "Something in this program went wrong. The log has the details ({name})."
        ),
    }
)

_UNSEEN: Final[Mapping[ProblemKind, tuple[object, object]]] = MappingProxyType(
    {
        ProblemKind.IMAGE_NOT_SHOWN: (
            QT_TRANSLATE_NOOP("Messages", "Preview failed"),
            QT_TRANSLATE_NOOP("Messages", "The file is as it came"),
        ),
        ProblemKind.IMAGE_SET_ASIDE: (
            QT_TRANSLATE_NOOP("Messages", "Preview failed"),
            QT_TRANSLATE_NOOP("Messages", "The file is as it came"),
        ),
        ProblemKind.IMAGE_TOO_LARGE_TO_SHOW: (
            QT_TRANSLATE_NOOP("Messages", "Too large to show"),
            QT_TRANSLATE_NOOP("Messages", "The file is whole"),
        ),
        ProblemKind.IMAGE_FILE_DAMAGED: (
            QT_TRANSLATE_NOOP("Messages", "File damaged"),
            QT_TRANSLATE_NOOP("Messages", "It cannot be read as a picture any more"),
        ),
        ProblemKind.IMAGE_FILE_MISSING: (
            QT_TRANSLATE_NOOP("Messages", "File missing"),
            QT_TRANSLATE_NOOP("Messages", "It is not where it was saved"),
        ),
        ProblemKind.IMAGE_FILE_CHANGED: (
            QT_TRANSLATE_NOOP("Messages", "Changed since saved"),
            QT_TRANSLATE_NOOP("Messages", "Its file holds something else now"),
        ),
        ProblemKind.DELIVERED_DAMAGED: (
            QT_TRANSLATE_NOOP("Messages", "Came damaged"),
            QT_TRANSLATE_NOOP("Messages", "It came like this every time"),
        ),
    }
)
"""In the place of a picture: what is wrong with it in a few words, and a little more where there is room."""

_WITH_REASON: Final = frozenset(
    {
        ProblemKind.REFERENCE_UNREADABLE,
        ProblemKind.IMPORT_UNREADABLE,
        ProblemKind.UNREACHABLE,
        ProblemKind.TLS_UNTRUSTED,
        ProblemKind.FOLDER_UNWRITABLE,
        ProblemKind.NOT_QUEUED,
        ProblemKind.LIBRARY_UNWRITABLE,
        ProblemKind.LIBRARY_UNREADABLE,
        ProblemKind.LIBRARY_DAMAGED,
        ProblemKind.BACKUP_FAILED,
        ProblemKind.DATA_FOLDER_UNUSABLE,
        ProblemKind.TRASH_REFUSED,
        ProblemKind.KEY_STORE_FAILED,
        ProblemKind.KEY_NOT_READ,
        ProblemKind.KEY_NOT_REMOVED,
    }
)
"""Kinds whose `reason` helps: the system's own words about a file or a connection."""

_COUNTS: Final = frozenset({"length", "limit"})
"""Facts that can be large numbers, written as the language does: "32,000"."""

_UNDATED: Final[Mapping[ProblemKind, tuple[str, object]]] = MappingProxyType(
    {
        ProblemKind.LINK_EXPIRED: (
            "expired_at",
            QT_TRANSLATE_NOOP(
                "Messages",
                "The link to the picture has expired. The service had called the job done, so it was "
                "charged; its support may still find the picture by the task id.",
            ),
        ),
    }
)
"""What is said instead where one fact is not known: its name, and the sentence without it."""

_GATES_THAT_EXPLAIN: Final = frozenset(
    {GateKind.TLS, GateKind.DISK, GateKind.DATABASE, GateKind.KEY, GateKind.BALANCE, GateKind.OFFLINE}
)
"""Gates whose problem adds facts that the gate's own sentence does not have."""

_TOLD_INSTEAD: Final = frozenset({ProblemKind.KEY_MISSING, ProblemKind.MOVED, ProblemKind.DISK_NEARLY_FULL})
"""Problems that say all that their gate would."""


class _Facts(dict[str, str]):
    """Facts as texts; a fact that is not there reads as a plain word, so that no sentence can fail."""

    def __missing__(self, name: str) -> str:
        if name == "place":
            return _tr("The system's key store")
        return _tr("the service") if name in {"host", "service"} else _tr("unknown")


def sentence(problem: Problem) -> str:
    """What happened, in plain words: one to three sentences."""
    reason = _one_line(problem.facts.get("reason", "")) if problem.kind in _WITH_REASON else ""
    told = _with_aside(_template(problem), reason, _texts(problem.facts))
    message = _one_line(problem.facts.get("message", ""))
    if message:
        told += " " + _tr("The service's words: “{message}”").format(message=message)
    return told + _way(problem)


def brief(problem: Problem) -> str:
    """The first sentence alone, without its full stop: for a tile."""
    told = _template(problem).format_map(_texts(problem.facts))
    for stop in (". ", "。", ": "):
        told = told.partition(stop)[0]
    return told.rstrip(".。")


def unseen_picture(problem: Problem) -> tuple[str, str]:
    """Why there is no picture to see, for the place where it would be: a few words, and a little more."""
    words = _UNSEEN.get(problem.kind)
    return (brief(problem), "") if words is None else (_tr(words[0]), _tr(words[1]))


def state_label(state: JobState) -> str:
    """One or two words for a state."""
    return _tr(_STATES[state])


def charge_label(charge: Charge) -> str:
    """Whether it cost money, as far as anybody can know."""
    return _tr(_CHARGES[charge])


def job_charge_label(job: Job) -> str:
    """The same for one job; what the practice service makes is free."""
    return _tr("Free (practice)") if job.service == PRACTICE else charge_label(job.charge)


def gate_sentence(gate: Gate, *, long_since: str = "") -> str:
    """Why the queue waits and what that means for what is in it.

    `long_since`: since when, in words, where a service has been asking for pauses for long.
    """
    if gate.problem is not None and gate.problem.kind in _TOLD_INSTEAD:
        return sentence(gate.problem)
    if gate.kind is GateKind.RATE and long_since:
        return _tr(_LIMITED).format(when=long_since)
    told = _tr(_GATES[gate.kind])
    if gate.problem is None or gate.kind not in _GATES_THAT_EXPLAIN:
        return told
    return _with_aside(told, _particulars(gate.problem), _Facts()) + _way(gate.problem)


def gate_brief(gate: Gate) -> str:
    """Why the queue waits, without what that means: for a tile."""
    if gate.problem is not None and gate.problem.kind in _TOLD_INSTEAD:
        return brief(gate.problem)
    told = _tr(_GATES[gate.kind])
    for stop in (". ", "。"):
        told = told.partition(stop)[0]
    return told.rstrip(".。")


def file_size(count: int) -> str:
    """A number of bytes as people write it: "820 KB", "3.4 MB"."""
    if count < 1_000_000:
        return f"{max(1, round(count / 1000))} KB"
    return f"{count / 1_000_000:.1f} MB".replace(".0 MB", " MB")


def _template(problem: Problem) -> str:
    """The sentence for what is known of a problem."""
    fact, without = _UNDATED.get(problem.kind, ("", ""))
    is_known = not fact or problem.facts.get(fact) not in {None, ""}
    return _tr(_SENTENCES[problem.kind] if is_known else without)


def _particulars(problem: Problem) -> str:
    """The facts of a gate's problem that a person can use: a folder, or words of the service or system."""
    names = ("folder", "message", "reason") if problem.kind in _WITH_REASON else ("folder", "message")
    found = [_one_line(problem.facts.get(name, "")) for name in names]
    return " · ".join(text for text in found if text)


def _with_aside(template: str, aside: str, facts: _Facts) -> str:
    """A text with its facts, and `aside` in brackets at the end of its first sentence."""
    if not aside:
        return template.format_map(facts)
    facts["aside"] = aside.rstrip(".。")
    ends = [at for stop in (". ", "。") if (at := template.find(stop)) >= 0]
    end = min(ends) if ends else len(template.rstrip(".。"))
    return f"{template[:end]} ({{aside}}){template[end:]}".format_map(facts)


def _way(problem: Problem) -> str:
    """The proxy that leads to where nothing answers, which is often the one to look after."""
    proxy = _one_line(problem.facts.get("proxy", ""))
    return " " + _tr("The way there is the proxy {proxy}.").format(proxy=proxy) if proxy else ""


def _texts(facts: Mapping[str, Fact]) -> _Facts:
    told = _Facts()
    for name, value in facts.items():
        if name.endswith("_bytes") and isinstance(value, int | float):
            told[name] = file_size(int(value))
        elif name.endswith("_at") and isinstance(value, int | float):
            told[name] = _moment(value)
        elif name in _COUNTS and isinstance(value, int):
            told[name] = QLocale().toString(value)
        elif value != "":
            told[name] = _one_line(value)
    return told


def _moment(at: float) -> str:
    written = QDateTime.fromSecsSinceEpoch(int(at))
    return QLocale().toString(written, QLocale.FormatType.ShortFormat)


def _one_line(value: Fact) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= _MOST_QUOTED else text[: _MOST_QUOTED - 1] + "…"


def _tr(text: object) -> str:
    return QCoreApplication.translate(_CONTEXT, str(text))
